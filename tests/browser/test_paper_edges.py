"""Edges of papers in made pictures, by the script of the camera's page; the true corners are known."""

import math
from base64 import b64encode

import pytest
from flask import Flask, url_for
from playwright.sync_api import Browser

from tests.serving import served
from tests.uploads.paper_pictures import card_on_a_tray, jpeg, scene

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


@pytest.mark.parametrize(
    ("seed", "is_card"), [*((seed, False) for seed in range(10)), *((seed, True) for seed in range(4))]
)
def test_the_corners_of_a_paper_are_found_within_two_percent_of_its_width(
    app: Flask, chromium: Browser, seed: int, is_card: bool
) -> None:
    made = card_on_a_tray(seed) if is_card else scene(seed)
    with served(app) as address:
        page = chromium.new_page()
        page.goto(f"{address}/privacy")
        with app.test_request_context():
            paths = [url_for("static", filename=f"paper_camera/{name}.js") for name in ("edges", "quality")]
        modules = [address + path for path in paths]
        found = page.evaluate(FIND, [modules, b64encode(jpeg(made.picture, 95)).decode()])
        page.close()
    width = math.dist(*made.corners[:2])
    errors = [math.dist(*pair) / width for pair in zip(found["corners"], made.corners, strict=True)]
    assert max(errors) < LARGEST_ERROR
    assert not found["isTwo"]
