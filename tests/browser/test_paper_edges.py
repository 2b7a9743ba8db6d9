"""Edges of papers in made pictures, by the script of the camera's page; the true corners are known."""

import math
from base64 import b64encode
from typing import Any

import pytest
from flask import Flask, url_for
from PIL import Image, ImageDraw
from playwright.sync_api import Browser

from tests.serving import served
from tests.uploads.paper_pictures import TABLES, card_on_a_tray, jpeg, scene
from tests.uploads.paper_pictures import page as flat_page

LARGEST_ERROR = 0.02
"""Of a corner, as a share of the paper's width."""
FIND = """async ([modules, picture64]) => {
    const [{ findPaper }, { greyOf }] = await Promise.all(modules.map((module) => import(module)));
    const bytes = Uint8Array.from(atob(picture64), (one) => one.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes]));
    const greyAt = (width) => {
        const height = (width * picture.height) / picture.width;
        const pen = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
        pen.imageSmoothingQuality = "high";
        pen.drawImage(picture, 0, 0, width, height);
        return greyOf({ data: pen.getImageData(0, 0, width, height).data, width, height });
    };
    const found = findPaper(greyAt(320), greyAt(640));
    const scale = picture.width / 640;
    return { ...found, corners: found.corners?.map(({ x, y }) => [x * scale, y * scale]) };
}"""


def _find(app: Flask, chromium: Browser, picture: Image.Image) -> dict[str, Any]:
    with served(app) as address:
        page = chromium.new_page()
        page.goto(f"{address}/privacy")
        with app.test_request_context():
            paths = [url_for("static", filename=f"paper_camera/{name}.js") for name in ("edges", "quality")]
        modules = [address + path for path in paths]
        found: dict[str, Any] = page.evaluate(FIND, [modules, b64encode(jpeg(picture, 95)).decode()])
        page.close()
    return found


@pytest.mark.parametrize(
    ("seed", "is_card"), [*((seed, False) for seed in range(10)), *((seed, True) for seed in range(4))]
)
def test_the_corners_of_a_paper_are_found_within_two_percent_of_its_width(
    app: Flask, chromium: Browser, seed: int, is_card: bool
) -> None:
    made = card_on_a_tray(seed) if is_card else scene(seed)
    found = _find(app, chromium, made.picture)
    width = math.dist(*made.corners[:2])
    errors = [math.dist(*pair) / width for pair in zip(found["corners"], made.corners, strict=True)]
    assert max(errors) < LARGEST_ERROR
    assert not found["isTwo"]


@pytest.mark.parametrize("lower", [0, 20])
def test_two_papers_in_one_row_are_no_wide_paper(app: Flask, chromium: Browser, lower: int) -> None:
    laid = Image.new("RGB", (1280, 960), TABLES[0])
    for seed, left, top in ((1, 60, 58), (10, 640, 58 + lower)):
        laid.paste(flat_page(seed, (540, 764)), (left, top))
    assert _find(app, chromium, laid.rotate(5, fillcolor=TABLES[0]))["isTwo"]


def test_the_halves_of_a_folded_paper_are_one(app: Flask, chromium: Browser) -> None:
    sheet = flat_page(2, (1100, 780))
    ImageDraw.Draw(sheet).line((550, 0, 550, 780), fill=(150, 150, 150), width=5)
    laid = Image.new("RGB", (1280, 960), TABLES[2])
    laid.paste(sheet, (90, 90))
    found = _find(app, chromium, laid)
    assert found["corners"]
    assert not found["isTwo"]
