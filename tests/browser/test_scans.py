"""Papers in a browser: many files at once, dropped, turned, cropped, shrunk, with progress, over a line that breaks."""

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from kiosk import uploads
from kiosk.context import Context
from kiosk.records import scans
from kiosk.store import files
from kiosk.uploads.limits import MAX_BYTES, MAX_EDGE, MAX_POST_FILES
from tests.browser.laptop import (
    PASSWORD,
    add_officer,
    assert_accessible,
    open_desk,
    wait_for_page,
)
from tests.browser.network import hold_requests
from tests.uploads.files import catalogue_pdf, pdf, photo
from tests.uploads.signed_files import Authority, signed_pdf, with_line_added

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ACTIVE = catalogue_pdf(b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>")
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500)
SIZES = [{"width": 1366, "height": 768}, {"width": 1093, "height": 614}]
PATIENCE = 60_000
PASS_FILES = """([contents, selector, kind]) => {
    const carried = new DataTransfer();
    for (const [name, type, bytes] of contents)
        carried.items.add(new File([Uint8Array.from(bytes)], name, { type }));
    const at = document.querySelector(selector);
    const options = { bubbles: true, cancelable: true };
    const event = kind === "paste"
        ? new ClipboardEvent(kind, { ...options, clipboardData: carried })
        : new DragEvent(kind, { ...options, dataTransfer: carried });
    return !at.dispatchEvent(event);
}"""


@pytest.fixture
def context(birth_filed: Context) -> Context:
    context = birth_filed
    add_officer(context)
    return context


@pytest.fixture
def case(app: Flask, context: Context, chromium: Browser) -> Iterator[Page]:
    """Open a birth registration at counter 1."""
    with open_desk(chromium, app) as page:
        yield page


@pytest.fixture
def page(case: Page) -> Page:
    """Open the page of the first paper of that case."""
    case.locator('a[href*="/scans/"]').first.click()
    case.wait_for_url("**/scans/**")
    wait_for_page(case)
    return case


def _quarters(size: tuple[int, int]) -> bytes:
    """Return a photo with a colour in each quarter: red and green above, blue and white below."""
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    wide, high = size[0] // 2, size[1] // 2
    pen.rectangle((0, 0, wide - 1, high - 1), fill="red")
    pen.rectangle((wide, 0, size[0], high - 1), fill="lime")
    pen.rectangle((0, high, wide - 1, size[1]), fill="blue")
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def _choose(page: Page, *contents: bytes) -> None:
    chosen = [
        FilePayload(name=f"giay{number}.jpg", mimeType="image/jpeg", buffer=content)
        for number, content in enumerate(contents, 1)
    ]
    page.set_input_files("#file", chosen)
    expect(page.locator('.tray-item[data-is="opening"]')).to_have_count(0, timeout=PATIENCE)


def _pass_files(page: Page, kind: str, selector: str, *contents: bytes) -> bool:
    """Drag, drop or paste files on an element; return whether the page took the event."""
    carried = [(f"giay{number}.jpg", "image/jpeg", list(content)) for number, content in enumerate(contents, 1)]
    return bool(page.evaluate(PASS_FILES, [carried, selector, kind]))


def _send(page: Page) -> None:
    page.locator("[data-tray-send]").click()


def _items(page: Page) -> Locator:
    return page.locator(".tray-item")


def _kept(context: Context) -> list[tuple[str, Image.Image]]:
    """Return the stored scans: paper and picture."""
    with context.store.read() as db:
        (receipt_no,) = next(iter(db.execute("select distinct receipt_no from scans")), ("",))
        stored = scans.of_receipt(db, receipt_no)
    pictures = []
    for scan in stored:
        sealed = files.read(context.config.scans_folder, scan.name)
        assert sealed is not None
        content = context.vault.open(scans.FILE, scan.id, scan.key + sealed)
        pictures.append(
            (scan.paper, Image.open(io.BytesIO(content)) if scan.media == "image/jpeg" else Image.new("1", (1, 1)))
        )
    return pictures


def _colour(picture: Image.Image, across: float, down: float) -> str:
    """Return the name of the colour at a place, given in shares of the picture."""
    pixel = picture.convert("RGB").getpixel((int(across * picture.width), int(down * picture.height)))
    assert isinstance(pixel, tuple)
    named = {"red": (255, 0, 0), "lime": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}
    return min(named, key=lambda name: sum(abs(a - b) for a, b in zip(named[name], pixel, strict=True)))


def _corners(picture: Image.Image) -> list[str]:
    return [_colour(picture, across, down) for down in (0.1, 0.9) for across in (0.1, 0.9)]


@pytest.mark.parametrize("size", SIZES, ids=["1366x768", "1093x614"])
def test_many_chosen_files_are_shown_at_once_and_kept_in_the_order_that_the_officer_gives_them(
    page: Page, context: Context, size: dict[str, int]
) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    _choose(page, _quarters((300, 200)), pdf(2), _quarters((200, 300)))
    expect(_items(page)).to_have_count(3)
    expect(page.locator(".tray-item canvas")).to_have_count(2)
    assert_accessible(page)
    page.get_by_role("button", name="Đưa lên trước tệp 3").click()
    page.get_by_role("button", name="Bỏ tệp 3").click()
    _send(page)
    expect(page.locator(".scan-list li")).to_have_count(2, timeout=PATIENCE)
    expect(page.locator("[data-tray-said]")).to_have_text("Đã giữ 2 tệp.")
    expect(_items(page)).to_have_count(0)
    assert [picture.size for _paper, picture in _kept(context)] == [(300, 200), (200, 300)]
    assert_accessible(page)


@pytest.mark.parametrize("size", SIZES, ids=["1366x768", "1093x614"])
def test_a_file_dropped_on_the_row_of_a_paper_goes_to_that_paper_and_pasted_ones_to_a_chosen_one(
    case: Page, context: Context, size: dict[str, int]
) -> None:
    case.set_viewport_size(size)  # type: ignore[arg-type]
    row = "#ticks fieldset:nth-of-type(2)"
    assert _pass_files(case, "dragover", f"{row} legend", photo())
    expect(case.locator(row)).to_have_class("is-over")
    assert _pass_files(case, "drop", f"{row} legend", _quarters((300, 200)), _quarters((300, 210)))
    expect(_items(case)).to_have_count(2)
    assert _pass_files(case, "paste", ".tray-box", _quarters((300, 220)))
    expect(_items(case)).to_have_count(3)
    names = [box.evaluate("(box) => box.selectedOptions[0].text") for box in case.locator("[data-paper]").all()]
    assert names == [case.locator(f"{row} legend b").inner_text()] * 2 + ["Giấy khác"]
    assert_accessible(case)
    _send(case)
    expect(case.locator("[data-tray-done]")).to_have_text("Đã giữ 3 tệp.", timeout=PATIENCE)
    expect(case.locator(f"{row} a")).to_have_text("2 bản chụp")
    expect(case.locator(".tray-box")).to_be_hidden()
    paper = case.locator(row).get_attribute("data-drop").rpartition("/")[2]  # type: ignore[union-attr]
    assert [kept for kept, _picture in _kept(context)] == [paper, paper, "khac"]


def test_a_file_dropped_on_a_page_without_papers_does_not_leave_the_page(case: Page) -> None:
    case.goto("/officer/lookup")
    case.wait_for_load_state()
    assert _pass_files(case, "dragover", "main", photo())
    assert _pass_files(case, "drop", "main", photo())
    assert case.url.endswith("/officer/lookup")


def test_a_picture_is_turned_and_cropped_by_keys_and_pointer(page: Page, context: Context) -> None:
    _choose(page, _quarters((400, 300)), _quarters((400, 300)), _quarters((400, 300)))
    page.get_by_role("button", name="Xoay phải tệp 1").click()
    page.get_by_role("button", name="Xoay trái tệp 2").press("Enter")
    page.get_by_role("button", name="Cắt tệp 2").press("Enter")
    assert_accessible(page)
    corner = page.get_by_role("button", name="Góc dưới, phải")
    corner.focus()
    for _ in range(10):
        page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator("[data-crop-said]")).to_have_text("Giữ 50% chiều rộng, 100% chiều cao.")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Cắt tệp 3").click()
    box = page.locator(".crop canvas").bounding_box()
    assert box
    page.mouse.move(box["x"], box["y"])
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    expect(page.locator("[data-crop-said]")).to_have_text("Giữ 50% chiều rộng, 50% chiều cao.")
    page.get_by_role("button", name="Xong").click()
    _send(page)
    expect(page.locator(".scan-list li")).to_have_count(3, timeout=PATIENCE)
    right, left, corner_only = (picture for _paper, picture in _kept(context))
    assert (right.size, _corners(right)) == ((300, 400), ["blue", "red", "white", "lime"])
    assert (left.size, _corners(left)) == ((150, 400), ["lime", "lime", "red", "red"])
    assert (corner_only.size, _corners(corner_only)) == ((200, 150), ["white"] * 4)


def test_escape_leaves_the_crop_as_it_was_and_a_turn_keeps_the_same_part(page: Page, context: Context) -> None:
    _choose(page, _quarters((400, 300)))
    page.get_by_role("button", name="Cắt tệp 1").click()
    page.get_by_role("button", name="Góc dưới, phải").focus()
    for key in ["Shift+ArrowLeft"] * 10 + ["Shift+ArrowUp"] * 10 + ["Enter"]:
        page.keyboard.press(key)
    page.get_by_role("button", name="Xoay phải tệp 1").click()
    page.get_by_role("button", name="Cắt tệp 1").click()
    page.get_by_role("button", name="Lấy cả ảnh").click()
    page.keyboard.press("Escape")
    _send(page)
    expect(page.locator(".scan-list li")).to_have_count(1, timeout=PATIENCE)
    ((_paper, picture),) = _kept(context)
    assert (picture.size, _corners(picture)) == ((150, 200), ["red"] * 4)


@pytest.mark.smoke
def test_a_large_picture_is_shrunk_and_upright_before_it_is_sent_and_a_small_one_is_sent_as_it_is(
    page: Page, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A photo of 12 million pixels lies on its side, as phones store it: EXIF orientation 6."""
    arrived: list[bytes] = []
    check = uploads.check_upload
    monkeypatch.setattr(
        uploads, "check_upload", lambda content, trust: arrived.append(content) or check(content, trust)
    )
    exif = Image.Exif()
    exif[0x0112] = 6
    noise = Image.effect_noise((4000, 3000), 60).convert("RGB")
    noise.paste("red", (0, 0, 2000, 1500))
    buffer = io.BytesIO()
    noise.save(buffer, "JPEG", quality=95, exif=exif)
    small = photo((900, 600))
    _choose(page, buffer.getvalue(), small)
    _send(page)
    expect(page.locator(".scan-list li")).to_have_count(2, timeout=PATIENCE)
    sent = Image.open(io.BytesIO(arrived[0]))
    assert sent.size == (MAX_EDGE * 3 // 4, MAX_EDGE)
    assert not sent.getexif()
    assert len(arrived[0]) < len(buffer.getvalue()) / 2, (len(arrived[0]), len(buffer.getvalue()))
    assert arrived[1] == small, "coding a small picture again only loses quality"
    large, _small = (picture for _paper, picture in _kept(context))
    assert large.size == (MAX_EDGE * 3 // 4, MAX_EDGE)
    assert _colour(large, 0.75, 0.25) == "red", "upright: the corner is turned to the right"


def test_progress_is_shown_on_a_slow_line(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 60_000}
    page.evaluate("""() => {
        window.shares = [];
        new MutationObserver(() => {
            const bar = document.querySelector(".tray-item progress:not([hidden])");
            if (bar) window.shares.push(bar.value);
        }).observe(document.querySelector("[data-tray-list]"), { subtree: true, attributes: true });
    }""")
    noise = io.BytesIO()
    Image.effect_noise((900, 700), 90).convert("RGB").save(noise, "JPEG", quality=95)
    _choose(page, noise.getvalue())
    session.send("Network.emulateNetworkConditions", slow)
    _send(page)
    expect(page.get_by_role("progressbar", name="Đã gửi của tệp 1")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".scan-list li")).to_have_count(1, timeout=PATIENCE)
    shares = page.evaluate("window.shares")
    assert shares == sorted(shares)
    assert [share for share in shares if 0 < share < 1], "it moves while the file is on its way"


def test_files_that_are_not_taken_say_why_in_their_place_and_the_others_go_on(page: Page) -> None:
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    too_large = b"%PDF-" + bytes(MAX_BYTES)
    _choose(page, too_large, HEIC, b"MZ a program", b"%PDF-1.7 no more than that", ACTIVE)
    state = page.locator("[data-state]")
    expect(state.nth(0)).to_contain_text("Tệp lớn quá 10 MB. Mời quét lại ở 200 dpi")
    expect(state.nth(1)).to_contain_text("loại HEIC của điện thoại")
    expect(state.nth(2)).to_contain_text("Máy nhận ảnh JPG, PNG và tệp PDF")
    assert_accessible(page)
    assert posts == []
    expect(page.locator("[data-tray-send]")).to_contain_text("Tải lên 2 tệp")
    _send(page)
    expect(page.locator("[data-tray-said]")).to_have_text("Đã giữ 1 tệp, 1 tệp chưa giữ.", timeout=PATIENCE)
    expect(page.locator(".scan-list")).to_contain_text("1 trang")
    expect(state.nth(3)).to_contain_text("không mở được")
    expect(page.get_by_role("button", name="Gửi lại tệp 4")).to_be_visible()
    assert_accessible(page)


def test_a_picture_above_the_limit_is_shrunk_and_kept(page: Page, context: Context) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (MAX_EDGE + 200, 1500), "white").save(buffer, "PNG", compress_level=0)
    content = buffer.getvalue()
    assert len(content) > MAX_BYTES
    _choose(page, content)
    _send(page)
    expect(page.locator(".scan-list li")).to_have_count(1, timeout=PATIENCE)
    ((_paper, picture),) = _kept(context)
    assert max(picture.size) == MAX_EDGE


def test_a_file_whose_answer_is_lost_is_sent_again_and_kept_once_and_the_others_go_on(
    page: Page, app: Flask, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server acts on both posts of the first file, and the browser hears of neither."""
    whole = app.wsgi_app
    lost: list[str] = []

    def lose(environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        key = environ.get("HTTP_IDEMPOTENCY_KEY", "")
        if not key or (lost and (key != lost[0] or len(lost) == 2)):
            return whole(environ, start_response)
        lost.append(key)
        list(whole(environ, lambda *_: lambda _: None))
        start_response("503 Service Unavailable", [("Content-Length", "0")])
        return [b""]

    monkeypatch.setattr(app, "wsgi_app", lose)
    _choose(page, _quarters((300, 200)), _quarters((300, 210)))
    _send(page)
    expect(page.locator("[data-tray-said]")).to_have_text("Đã giữ 1 tệp, 1 tệp chưa giữ.", timeout=PATIENCE)
    expect(page.locator("[data-state]")).to_contain_text("Mất kết nối nên chưa gửi xong")
    expect(page.get_by_role("button", name="Xoay phải tệp 1")).to_be_disabled()
    assert_accessible(page)
    assert len(_kept(context)) == 2, "the server has it, and the page does not know"
    page.get_by_role("button", name="Gửi lại tệp 1").click()
    expect(_items(page)).to_have_count(0, timeout=PATIENCE)
    expect(page.locator(".scan-list li")).to_have_count(2)
    assert len(_kept(context)) == 2
    assert len(set(lost)) == 1


@pytest.mark.smoke
def test_a_file_waits_for_a_broken_line_and_is_then_sent_by_itself(page: Page, context: Context) -> None:
    _choose(page, _quarters((300, 200)))
    page.context.set_offline(True)
    _send(page)
    expect(page.locator("[data-state]")).to_contain_text("Chờ kết nối. Tệp còn ở đây", timeout=PATIENCE)
    page.context.set_offline(False)
    expect(page.locator(".scan-list li")).to_have_count(1, timeout=PATIENCE)
    assert len(_kept(context)) == 1


def test_a_whole_memory_card_is_taken_in_parts(page: Page) -> None:
    _choose(page, *[_quarters((30 + number, 20)) for number in range(MAX_POST_FILES + 3)])
    expect(_items(page)).to_have_count(MAX_POST_FILES)
    expect(page.locator("[data-tray-said]")).to_have_text(
        "Mỗi lần nhận nhiều nhất 20 tệp: 3 tệp chưa nhận. Gửi xong rồi chọn tiếp."
    )


def test_a_picture_that_the_browser_cannot_write_fails_alone(page: Page, context: Context) -> None:
    page.evaluate("""() => {
        const write = HTMLCanvasElement.prototype.toBlob;
        HTMLCanvasElement.prototype.toBlob = function (done, ...more) {
            HTMLCanvasElement.prototype.toBlob = write;
            done(null);
        };
    }""")
    _choose(page, _quarters((300, 200)), _quarters((300, 210)))
    page.get_by_role("button", name="Xoay phải tệp 1").click()
    _send(page)
    expect(page.locator("[data-tray-said]")).to_have_text("Đã giữ 1 tệp, 1 tệp chưa giữ.", timeout=PATIENCE)
    expect(page.locator("[data-state]")).to_contain_text("không đủ bộ nhớ cho ảnh này")
    page.get_by_role("button", name="Gửi lại tệp 1").click()
    expect(page.locator(".scan-list li")).to_have_count(2, timeout=PATIENCE)
    assert len(_kept(context)) == 2


def test_a_file_that_fails_while_the_desk_is_locked_shows_its_box_after_the_pin(case: Page) -> None:
    held = hold_requests(case, "**/scans/**", "POST")
    assert _pass_files(case, "drop", "#ticks", _quarters((300, 200)))
    expect(case.locator('.tray-item[data-is="ready"]')).to_have_count(1, timeout=PATIENCE)
    with case.expect_request("**/scans/**"):
        _send(case)
    case.get_by_role("button", name="Bỏ hết, đóng").click()
    expect(case.locator(".tray-box")).to_be_hidden()
    case.keyboard.press("F1")
    pin = case.locator("dialog [name=pin]")
    expect(pin).to_be_focused()
    held[0].fulfill(status=500)
    expect(case.locator('.tray-item[data-is="failed"]')).to_have_count(1, timeout=PATIENCE)
    pin.click()
    case.keyboard.type(PASSWORD)
    case.keyboard.press("Enter")
    expect(pin).to_be_hidden()
    expect(case.locator(".tray-box")).to_be_visible()
    case.unroute("**/scans/**")
    case.get_by_role("button", name="Gửi lại tệp 1").click()
    expect(case.locator("[data-tray-done]")).to_have_text("Đã giữ 1 tệp.", timeout=PATIENCE)


def test_the_box_of_the_tray_does_not_close_over_files_that_need_the_officer(case: Page) -> None:
    assert _pass_files(case, "drop", "#ticks", _quarters((300, 200)))
    expect(case.locator('.tray-item[data-is="ready"]')).to_have_count(1, timeout=PATIENCE)
    for _ in range(3):
        case.keyboard.press("Escape")
    expect(case.locator(".tray-box")).to_be_visible()
    case.get_by_role("button", name="Bỏ hết, đóng").click()
    expect(case.locator(".tray-box")).to_be_hidden()


def test_a_page_with_unsent_files_asks_before_it_is_left(page: Page) -> None:
    asked: list[str] = []

    def on_dialog(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", on_dialog)
    _choose(page, photo())
    page.get_by_role("link", name="Tra cứu").click()
    expect(_items(page)).to_have_count(1)
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Bỏ tệp 1").click()
    page.get_by_role("link", name="Tra cứu").click()
    page.wait_for_url("**/lookup")
    assert asked == ["beforeunload"]


def test_without_scripts_many_files_are_sent_by_the_form(page: Page, context: Context, chromium: Browser) -> None:
    state = page.context.storage_state()
    plain = chromium.new_context(java_script_enabled=False, storage_state=state, locale="vi-VN")
    try:
        form = plain.new_page()
        form.goto(page.url)
        form.set_input_files(
            "#file",
            [
                FilePayload(name="mot.jpg", mimeType="image/jpeg", buffer=photo((300, 200))),
                FilePayload(name="hai.jpg", mimeType="image/jpeg", buffer=HEIC),
            ],
        )
        form.get_by_role("button", name="Tải lên").click()
        expect(form.locator("#file-e")).to_contain_text("Tệp 2 (hai.jpg): Ảnh này là loại HEIC")
        expect(form.locator(".scan-list li")).to_have_count(1)
    finally:
        plain.close()
    assert len(_kept(context)) == 1


@pytest.mark.machine_date
def test_a_signed_paper_is_read_beside_what_was_checked_of_it(page: Page) -> None:
    content = with_line_added(signed_pdf(Authority().signer()))
    page.locator("input[type=file]").set_input_files(
        FilePayload(name="giay.pdf", mimeType="application/pdf", buffer=content)
    )
    page.get_by_role("button", name="Tải lên").click()
    page.get_by_role("link", name="Chữ ký số không dùng được").click()
    wait_for_page(page)
    expect(page.get_by_role("heading", name="Không dùng được chữ ký này")).to_be_visible()
    for size in SIZES:
        page.set_viewport_size(size)
        assert_accessible(page)
        assert page.locator("main img").evaluate("(one) => one.complete && one.naturalWidth > 1000")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for row in page.locator(".rows > li").all():
            assert row.bounding_box()["width"] <= row.locator("xpath=..").bounding_box()["width"] + 1
