"""The camera for papers in Chromium: its own fake camera plays films of papers on tables.

The film is made here, so the true corners are known.
"""

import io
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from PIL import Image, ImageFilter
from playwright.sync_api import Page, Route, expect

from kiosk.context import Context
from kiosk.pages.access import hash_token
from kiosk.records import scans, sessions
from kiosk.store import files
from tests.chromium import ARGS, CHROMIUM
from tests.faults.submitting import fill_in_form
from tests.serving import served
from tests.uploads.paper_pictures import Corners, card_on_a_tray, jpeg, scene
from tests.uploads.paper_pictures import page as flat_page

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

SIZE = (1280, 960)
PATIENCE = 60_000


def _film(path: Path, pictures: Sequence[Image.Image]) -> Path:
    """Write a film that Chromium's fake camera plays in a loop, 20 pictures a second."""
    path.write_bytes(b"".join(jpeg(picture) for picture in pictures))
    return path


@contextmanager
def _camera(play: "Playwright", app: Flask, film: Path | None, *, is_allowed: bool = True) -> Iterator[Page]:
    """Open the page of the camera for the first paper of a filled-in birth form; without a film no camera is there."""
    context: Context = app.extensions["context"]
    config = context.config
    context.config = replace(config, screen=replace(config.screen, cameras=(config.screen.name,)))
    args = [arg for arg in ARGS if film or "fake-device" not in arg]
    if is_allowed:
        args.append("--use-fake-ui-for-media-stream")
    if film:
        args.append(f"--use-file-for-fake-video-capture={film}")
    browser = play.chromium.launch(executable_path=CHROMIUM, args=args)
    with served(app) as address:
        page = browser.new_page(viewport={"width": 1080, "height": 1920}, has_touch=True)
        page.goto(address)
        token = next(str(cookie["value"]) for cookie in page.context.cookies() if cookie["name"] == "kiosk_tap")
        draft_id = fill_in_form(context).draft_id
        with context.store.write() as db:
            sessions.set_current(db, hash_token(token), draft_id=draft_id)
        page.route("**/form/papers/*", _without_practice)
        page.goto(f"{address}/form/check")
        page.get_by_text("Chụp giấy tờ ngay tại đây").tap()
        page.get_by_role("link", name="Chụp:").first.tap()
        page.wait_for_url("**/form/papers/*")
        yield page
        browser.close()


def _without_practice(route: Route) -> None:
    """Let the page of a practice kiosk use the camera, as that of a live kiosk does."""
    answer = route.fetch()
    if route.request.method == "GET":
        route.fulfill(response=answer, body=answer.text().replace("data-practice=", "data-no-practice="))
    else:
        route.fulfill(response=answer)


def _paper_on_white() -> Image.Image:
    """Return a sheet on a table of its own colour: no edge is seen."""
    laid = Image.new("RGB", SIZE, (232, 232, 232))
    laid.paste(flat_page(1, (600, 849)), (340, 55))
    return laid


def _two_papers() -> Image.Image:
    laid = Image.new("RGB", SIZE, (70, 58, 82))
    for seed, left in ((1, 60), (5, 680)):
        laid.paste(flat_page(seed, (540, 764)), (left, 98))
    return laid


def _telephone() -> Image.Image:
    """Return a telephone, 72 by 150 mm, which shows a page, on the tray of a sheet."""
    laid = Image.new("RGB", SIZE, (120, 100, 90))
    laid.paste((10, 10, 12), (470, 230, 470 + 245, 230 + 510))
    laid.paste(flat_page(1, (225, 486)), (480, 242))
    return laid


def _share(corners: Corners) -> float:
    """Return the share of the picture that a paper covers."""
    pairs = zip(corners, [*corners[1:], corners[0]], strict=True)
    return sum(x * v - u * y for (x, y), (u, v) in pairs) / 2 / (SIZE[0] * SIZE[1])


def _taken(app: Flask) -> list[Image.Image]:
    context: Context = app.extensions["context"]
    with context.store.read() as db:
        draft_id = db.execute("select id from drafts").fetchone()[0]
        pages = scans.pages_of_draft(db, draft_id)
    pictures = []
    for page in pages:
        sealed = files.read(context.config.scans_folder, page.name)
        assert sealed is not None
        pictures.append(Image.open(io.BytesIO(context.vault.open(scans.FILE, page.id, page.key + sealed))))
    return pictures


def test_a_paper_that_lies_still_is_taken_by_itself_and_only_its_inside_is_kept(
    play: "Playwright", app: Flask, tmp_path: Path
) -> None:
    laid = scene(3, SIZE)
    with _camera(play, app, _film(tmp_path / "film.mjpeg", [laid.picture] * 2)) as page:
        expect(page.get_by_role("heading", name="Trang này đọc rõ không?")).to_be_visible(timeout=PATIENCE)
        page.get_by_role("link", name="Dùng trang này").tap()
    (taken,) = _taken(app)
    top_left, top_right, bottom_right, bottom_left = laid.corners
    wide = max(math.dist(top_left, top_right), math.dist(bottom_left, bottom_right))
    high = max(math.dist(top_left, bottom_left), math.dist(top_right, bottom_right))
    assert abs(taken.width - wide) < 0.02 * wide
    assert abs(taken.height - high) < 0.02 * wide
    edge = round(0.02 * taken.width)
    within = taken.convert("L").crop((edge, edge, taken.width - edge, taken.height - edge))
    corners = [(0, 0), (within.width - 9, 0), (0, within.height - 9), (within.width - 9, within.height - 9)]
    for x, y in corners:
        levels = sorted(within.crop((x, y, x + 9, y + 9)).tobytes())
        assert levels[len(levels) // 2] > 140  # paper, not table


def test_a_card_is_taken_at_the_distance_at_which_a_sheet_fills_the_picture(
    play: "Playwright", app: Flask, tmp_path: Path
) -> None:
    card = card_on_a_tray(4)
    assert _share(card.corners) < 0.05
    with _camera(play, app, _film(tmp_path / "card.mjpeg", [card.picture] * 2)) as page:
        expect(page.get_by_role("heading", name="Trang này đọc rõ không?")).to_be_visible(timeout=PATIENCE)
    assert len(_taken(app)) == 1


def test_a_sheet_that_is_too_far_is_not_taken(play: "Playwright", app: Flask, tmp_path: Path) -> None:
    sheet = scene(4, SIZE, paper_size=(1000, 1414), part=0.5)
    with _camera(play, app, _film(tmp_path / "sheet.mjpeg", [sheet.picture] * 2)) as page:
        expect(page.locator("[data-say]:visible")).to_contain_text("Giấy ở xa quá.", timeout=PATIENCE)
        assert _taken(app) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("glare", "Tờ giấy bị lóa."),
        ("blurred", "Mờ quá."),
        ("dark", "Tối quá."),
        ("cut", "Thiếu góc."),
        ("empty", "Chưa thấy giấy trên khay."),
        ("white on white", "Chưa thấy giấy trên khay."),
        ("two papers", "Có hai tờ. Xin đặt từng tờ."),
        ("telephone", "Giấy ở xa quá."),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_and_nothing_is_taken(
    play: "Playwright", app: Flask, tmp_path: Path, change: str, sentence: str
) -> None:
    picture = scene(3, SIZE, glare=change == "glare").picture
    changed = {
        "glare": picture,
        "blurred": picture.filter(ImageFilter.GaussianBlur(4)),
        "dark": picture.point(lambda value: value // 4),
        "cut": picture.crop((500, 350, 1280, 935)).resize(SIZE),
        "empty": Image.new("RGB", SIZE, (60, 50, 70)),
        "white on white": _paper_on_white(),
        "two papers": _two_papers(),
        "telephone": _telephone(),
    }[change]
    with _camera(play, app, _film(tmp_path / "film.mjpeg", [changed] * 2)) as page:
        expect(page.locator("[data-say]:visible")).to_contain_text(sentence, timeout=PATIENCE)
        expect(page.locator("[data-say]:visible")).to_have_count(1)
        assert _taken(app) == []
        skip = page.get_by_role("link", name="Bỏ qua, cán bộ sẽ quét")
        expect(skip).to_be_visible()


def test_a_paper_that_stays_blurred_is_tried_three_times_and_keeps_no_visit_alive(
    play: "Playwright", app: Flask, tmp_path: Path
) -> None:
    """Only the large picture shows that its letters are blurred: each look finds it right."""
    picture = scene(3, SIZE).picture.filter(ImageFilter.GaussianBlur(1.6))
    with _camera(play, app, _film(tmp_path / "film.mjpeg", [picture] * 2)) as page:
        page.evaluate("addEventListener('kiosk:activity', () => { window.touched = true; })")
        blurred = page.locator("[data-say=blurred]")
        expect(blurred).to_be_visible(timeout=PATIENCE)
        page.wait_for_timeout(6000)
        expect(blurred).to_be_visible()
        assert page.evaluate("window.touched") is None
    assert _taken(app) == []


def test_without_a_camera_a_sentence_leads_on(play: "Playwright", app: Flask) -> None:
    with _camera(play, app, None) as page:
        expect(page.get_by_text("Máy chụp chưa mở được.")).to_be_visible(timeout=PATIENCE)
        page.get_by_role("link", name="Bỏ qua, cán bộ sẽ quét").tap()
        expect(page.get_by_role("heading", name="Chụp giấy tờ ngay tại đây")).to_be_visible()


IN_USE = """navigator.mediaDevices.getUserMedia = () =>
  Promise.reject(new DOMException("", "NotReadableError"));"""
"""What a browser answers while another program has the camera."""
KEPT_TRACK = """{
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    [window.track] = stream.getVideoTracks();
    return stream;
  };
}"""


def test_a_camera_that_another_program_has_leads_on(play: "Playwright", app: Flask) -> None:
    with _camera(play, app, None) as page:
        page.add_init_script(IN_USE)
        page.reload()
        expect(page.get_by_text("Máy chụp chưa mở được.")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("link", name="Bỏ qua, cán bộ sẽ quét")).to_be_visible()


def test_a_camera_that_is_pulled_out_in_the_middle_keeps_the_pages_that_were_taken(
    play: "Playwright", app: Flask, tmp_path: Path
) -> None:
    laid = scene(3, SIZE)
    with _camera(play, app, _film(tmp_path / "film.mjpeg", [laid.picture] * 2)) as page:
        camera = "/".join(page.url.split("/")[:6])
        page.get_by_role("link", name="Dùng trang này").tap(timeout=PATIENCE)
        page.wait_for_url("**/form/papers")
        page.add_init_script(KEPT_TRACK)
        page.goto(camera)
        expect(page.locator("[data-shoot]")).to_be_enabled(timeout=PATIENCE)
        page.evaluate("() => { track.stop(); track.dispatchEvent(new Event('ended')); }")
        expect(page.get_by_text("Mất hình. Cán bộ sẽ quét tại quầy.")).to_be_visible(timeout=PATIENCE)
        expect(page.locator("[data-shoot]")).to_be_disabled()
        page.get_by_role("link", name="Bỏ qua, cán bộ sẽ quét").tap()
    assert _taken(app)


@pytest.mark.smoke
def test_practice_takes_a_made_up_paper_without_a_camera(play: "Playwright", app: Flask) -> None:
    with _camera(play, app, None) as page:
        page.unroute("**/form/papers/*")
        page.reload()
        expect(page.get_by_role("heading", name="Trang này đọc rõ không?")).to_be_visible(timeout=PATIENCE)
    assert len(_taken(app)) == 1
