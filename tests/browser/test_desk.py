"""The desk in a browser of 1366x768: keys, copying, a queue that refreshes itself, accessibility."""

import io
import re
from collections.abc import Iterator

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from vietnam_qr_pay import QRPay

from kiosk.acts import queueing, signing
from kiosk.acts.charging import FeeRequest
from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.dossiers import filing
from kiosk.papers import qr_sequence
from kiosk.procedures.answers import complete
from kiosk.records import submissions
from tests.acts.test_crediting import notice_of, tell
from tests.browser.kiosks import until
from tests.browser.laptop import (
    PASSWORD,
    add_officer,
    assert_accessible,
    axe_violations,
    call_next,
    open_laptop,
    seat_officer,
    sign_in_officer,
    wait_for_page,
)
from tests.papers.forms import BIRTH, made_up_answers


@pytest.fixture
def context(birth_filed: Context) -> Context:
    """Submit a mother's form, and draw three more tickets."""
    context = birth_filed
    add_officer(context)
    for _ in range(3):
        queueing.draw_ticket(context, context.config.series[0])
    return context


@pytest.fixture
def desk(app: Flask, context: Context, chromium: Browser) -> Iterator[Page]:
    """Open an officer's browser."""
    with open_laptop(chromium, app) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield page


@pytest.fixture
def ward_desk(app: Flask, context: Context, ward_chromium: Browser) -> Iterator[Page]:
    """Open the ward's program: it has a camera and shows PDF files."""
    with open_laptop(ward_chromium, app) as page:
        yield page


def take_seat(desk: Page) -> None:
    """Open the desk at counter 1."""
    seat_officer(desk, "hoaian", counter=1)
    expect(desk.locator(".plaque")).to_contain_text("Quầy trống")


@pytest.mark.smoke
def test_keys_move_the_queue_and_a_double_press_calls_one(desk: Page, context: Context) -> None:
    take_seat(desk)
    desk.evaluate(
        """() => { for (let n = 0; n < 2; n++) dispatchEvent(new KeyboardEvent("keydown", { key: "F2" })); }"""
    )
    expect(desk.locator(".plaque b")).to_have_text("A001")
    expect(desk.locator(".waiting h2").first).to_contain_text("3 người")
    wait_for_page(desk)
    desk.keyboard.press("F7")
    expect(desk.locator(".plaque")).to_contain_text("ở quầy")
    wait_for_page(desk)
    desk.keyboard.press("F8")
    expect(desk.locator("main h1")).to_contain_text("A001 chưa có quyết định nào. Lượt này là gì?")
    wait_for_page(desk)
    desk.keyboard.press("3")
    expect(desk.locator(".plaque")).to_contain_text("Quầy trống")


def _ask_about_the_end(desk: Page) -> None:
    """Call A002, a number without a form, and ask to end it."""
    take_seat(desk)
    desk.get_by_role("button", name="Gọi A002", exact=True).click()
    expect(desk.locator(".plaque b")).to_have_text("A002")
    wait_for_page(desk)
    desk.keyboard.press("F2")
    expect(desk.locator("main h1")).to_contain_text("Lượt này là gì?")
    wait_for_page(desk)


def test_a_second_f2_asks_again_and_the_digits_still_answer(desk: Page) -> None:
    _ask_about_the_end(desk)
    desk.keyboard.press("F2")
    expect(desk.locator("main .note")).to_contain_text("Bấm phím 1 đến 4")
    wait_for_page(desk)
    for key in ("F3", "F4", "F6", "F7"):
        desk.keyboard.press(key)
    assert [key for key in desk.locator(".queue kbd").all() if key.is_visible() and "Alt" not in key.inner_text()] == []
    desk.locator("#service-0").focus()
    desk.keyboard.press("3")
    expect(desk.locator(".plaque b")).to_have_text("A001")


def test_a_service_is_found_without_marks(desk: Page) -> None:
    _ask_about_the_end(desk)
    desk.locator("#find-service").click()
    desk.keyboard.type("ban sao chung")
    expect(desk.locator("[data-found] button").first).to_contain_text("Chứng thực bản sao")
    desk.keyboard.press("Enter")
    expect(desk.locator("#service-0 option:checked")).to_contain_text("Chứng thực bản sao")
    expect(desk.locator("#pages-0")).to_be_focused()


@pytest.mark.smoke
def test_an_answer_and_the_whole_form_are_copied(desk: Page) -> None:
    take_seat(desk)
    call_next(desk)
    desk.get_by_role("button", name="Chép Họ, chữ đệm, tên người được khai sinh").click()
    expect(desk.locator("[data-copied]")).to_be_visible()
    assert "BẢO NGỌC" in desk.evaluate("navigator.clipboard.readText()").upper()
    desk.get_by_role("button", name="Chép cả tờ").click()
    whole = re.compile(r'"procedureCode":\s*"1.001193"')
    until(lambda: whole.search(desk.evaluate("navigator.clipboard.readText()")))


def test_an_answer_that_cannot_be_copied_is_not_called_copied(desk: Page) -> None:
    take_seat(desk)
    call_next(desk)
    desk.get_by_role("button", name="Chép Họ, chữ đệm, tên người được khai sinh").click()
    expect(desk.locator("[data-copied]")).to_be_visible()
    desk.route("**/answers.json", lambda route: route.fulfill(status=403, body="hết giờ mở"))
    desk.get_by_role("button", name="Chép cả tờ").click()
    expect(desk.get_by_text("Chưa chép được.")).to_be_visible()
    expect(desk.locator("[data-copied]")).to_be_hidden()
    assert "BẢO NGỌC" in desk.evaluate("navigator.clipboard.readText()").upper()


def test_the_side_tells_of_who_has_come_without_a_reload(desk: Page, context: Context) -> None:
    take_seat(desk)
    desk.evaluate("document.body.dataset.same = 'yes'")
    queueing.draw_ticket(context, context.config.series[0])
    expect(desk.locator(".waiting h2").first).to_contain_text("5 người", timeout=60_000)
    assert desk.evaluate("document.body.dataset.same") == "yes"


def test_a_queue_that_has_the_focus_is_refreshed_and_keeps_focus_and_open_parts(desk: Page, context: Context) -> None:
    take_seat(desk)
    desk.click(".rule summary")
    desk.locator(".waiting li button").nth(1).focus()
    focused = desk.evaluate("document.activeElement.value")
    queueing.draw_ticket(context, context.config.series[0])
    expect(desk.locator(".waiting h2").first).to_contain_text("5 người", timeout=60_000)
    assert desk.evaluate("document.activeElement.value") == focused
    expect(desk.locator(".rule p")).to_be_visible()


@pytest.mark.smoke
def test_axe_finds_nothing_and_nothing_is_cut(desk: Page) -> None:
    desk.goto("/officer/")
    assert_accessible(desk)
    sign_in_officer(desk, "hoaian", PASSWORD, counter=1)
    expect(desk.locator(".plaque")).to_contain_text("Quầy trống")
    wait_for_page(desk)  # a key pressed before its script runs is lost
    assert_accessible(desk)
    call_next(desk)
    assert_accessible(desk)
    desk.click("summary")
    assert_accessible(desk)
    desk.goto("/officer/counter")
    assert_accessible(desk)


def test_a_document_camera_keeps_what_lies_under_it(ward_desk: Page, context: Context) -> None:
    desk = ward_desk
    desk.context.grant_permissions(["camera"])
    take_seat(desk)
    call_next(desk)
    desk.locator(".folder a", has_text="Chụp").first.click()
    desk.wait_for_url("**/scans/**")
    wait_for_page(desk)
    desk.get_by_role("button", name="Mở máy chụp").click()
    expect(desk.locator("[data-shoot]")).to_be_visible()
    seen = "(eye) => new Promise((done) => eye.readyState > 1 ? done() : eye.addEventListener('loadeddata', done))"
    desk.locator("[data-eye]").evaluate(seen)
    desk.keyboard.press("F9")
    expect(desk.locator(".thumb")).to_have_count(1)
    assert desk.locator("[data-eye]").is_visible(), "the next page is taken at once"
    size = desk.locator(".thumb img").evaluate("async (one) => { await one.decode(); return one.naturalWidth; }")
    assert size > 300
    desk.get_by_role("button", name="Tắt máy chụp").click()
    expect(desk.locator("[data-eye]"), "the camera is released").to_be_hidden()
    wait_for_page(desk)
    assert axe_violations(desk) == []


def _assert_fits(desk: Page) -> None:
    """Check that a page is accessible and that all of it is visible without scrolling."""
    assert_accessible(desk)
    parts = desk.locator("main, .open > *")
    assert parts.evaluate_all("parts => parts.filter(one => one.scrollHeight > one.clientHeight).length") == 0


def _look_at_decision(desk: Page, words: str) -> None:
    """Open the page of a decision, check it, and return to the form."""
    desk.get_by_role("button", name=words).click()
    expect(desk.locator("#decide")).to_be_visible()
    wait_for_page(desk)
    _assert_fits(desk)
    desk.get_by_role("link", name="Thôi, về tờ khai").click()
    expect(desk.locator("#decide")).to_have_count(0)
    wait_for_page(desk)


@pytest.mark.smoke
def test_a_case_is_accepted_with_two_keys_and_every_decision_is_in_sight(ward_desk: Page, clock: FixedClock) -> None:
    desk = ward_desk
    take_seat(desk)
    call_next(desk)
    expect(desk.locator(".bar .main")).to_contain_text("Tiếp nhận")
    for words in ("Yêu cầu bổ sung", "Từ chối"):
        _look_at_decision(desk, words)
    desk.get_by_role("button", name="Từ chối").click()
    expect(desk.locator("#reason")).to_be_focused()
    wait_for_page(desk)
    desk.keyboard.type("Chưa đủ điều kiện")
    desk.keyboard.press("F2")
    desk.keyboard.press("Escape")
    expect(desk.locator("#reason")).to_have_value("Chưa đủ điều kiện")
    expect(desk.locator("#reason")).not_to_be_focused()
    desk.keyboard.press("Escape")
    expect(desk.locator(".case-head h1")).to_be_visible()
    wait_for_page(desk)
    desk.keyboard.press("F9")
    expect(desk.locator("#official_no")).to_be_focused()
    wait_for_page(desk)
    _assert_fits(desk)
    desk.keyboard.type("PK03")
    desk.keyboard.press("F9")
    expect(desk.locator(".wrong")).to_contain_text("Mã hồ sơ viết như")
    wait_for_page(desk)
    _assert_fits(desk)
    desk.fill("#due_on", "30/11")
    expect(desk.locator("[name=term][value=day]")).to_be_checked()
    desk.check("[name=term][value='0']")
    expect(desk.locator("#due_on")).to_have_value("")
    desk.fill("#official_no", "H57.132-261124-0042")
    desk.keyboard.press("F9")
    expect(desk.locator("main .note")).to_contain_text("Đã tiếp nhận hồ sơ")
    wait_for_page(desk)
    assert_accessible(desk)
    with desk.context.expect_page() as paper:
        desk.keyboard.press("F10")
    expect(paper.value).to_have_url(re.compile(r"/case/[^/]+/papers\.pdf$"))
    paper.value.close()
    expect(desk.locator("[data-undo]")).to_contain_text("Đã tiếp nhận lúc")
    assert axe_violations(desk) == []
    desk.keyboard.press("F9")
    expect(desk.locator("body > .bar")).to_have_count(0)
    clock.advance(60)
    expect(desk.locator("body > .bar")).to_contain_text("Trả kết quả", timeout=60_000)
    assert desk.locator("[data-key=F9]").count() == 0, "F9 accepts, and never hands out"
    for words in ("Xin lỗi, hẹn lại", "Dừng giải quyết", "Trả kết quả"):
        _look_at_decision(desk, words)


def test_a_note_is_not_lost_when_the_server_is_away_at_the_end_of_an_undo(desk: Page, clock: FixedClock) -> None:
    take_seat(desk)
    call_next(desk)
    desk.keyboard.press("F9")
    expect(desk.locator("#official_no")).to_be_focused()
    wait_for_page(desk)
    desk.fill("#official_no", "H57.132-261124-0042")
    desk.keyboard.press("F9")
    expect(desk.locator("[data-undo]")).to_contain_text("Đã tiếp nhận lúc")
    wait_for_page(desk)
    desk.fill("#note", "mẹ bé quên giấy chứng sinh")
    address = desk.url
    desk.route(lambda url: url == address, lambda route: route.abort())
    with desk.expect_event("requestfailed", lambda request: request.url == address):
        pass
    desk.unroute_all()
    clock.advance(60)
    expect(desk.locator("body > .bar")).to_contain_text("Trả kết quả", timeout=60_000)
    expect(desk.locator("#note")).to_have_value("mẹ bé quên giấy chứng sinh")


@pytest.mark.smoke
def test_a_note_is_never_lost_and_says_so_when_the_server_is_away(desk: Page) -> None:
    take_seat(desk)
    call_next(desk)
    desk.fill("#note", "mẹ bé quên giấy chứng sinh")
    desk.route("**/notes", lambda route: route.abort())
    desk.get_by_role("button", name="Từ chối").click()
    expect(desk.locator("[data-unsent]")).to_be_visible()
    expect(desk.locator("#note")).to_have_value("mẹ bé quên giấy chứng sinh")
    desk.unroute("**/notes")
    # The desk sends once more by itself: it may be on the next page already, where another button has these words too.
    refuse = desk.get_by_role("button", name=re.compile("^Từ chối"))
    refuse.or_(desk.locator("#decide")).first.click()
    expect(desk.locator("#decide")).to_be_visible()
    desk.get_by_role("link", name="Thôi, về tờ khai").click()
    expect(desk.locator(".noted")).to_contain_text("mẹ bé quên giấy chứng sinh")


@pytest.mark.smoke
def test_a_locked_desk_is_covered_and_what_was_typed_is_still_there(desk: Page, context: Context) -> None:
    take_seat(desk)
    call_next(desk)
    desk.fill("#note", "mẹ bé quên giấy chứng sinh")
    desk.keyboard.press("F1")
    expect(desk.locator("dialog h1")).to_be_visible()
    expect(desk.locator("#note")).to_be_hidden()
    expect(desk.locator(".plaque")).to_be_hidden()
    for _ in range(3):
        desk.keyboard.press("Escape")
    expect(desk.locator("dialog h1")).to_be_visible()
    desk.fill("dialog [name=pin]", "sai rồi nhé")
    desk.keyboard.press("Enter")
    expect(desk.locator("dialog .bad")).to_contain_text("Còn 4 lần")
    desk.fill("dialog [name=pin]", PASSWORD)
    desk.keyboard.press("Enter")
    expect(desk.locator("#note")).to_have_value("mẹ bé quên giấy chứng sinh")


def test_the_pages_of_lead_lock_and_priority_are_sound(desk: Page, context: Context) -> None:
    signing.add_person(context, "minhtam", name="Phan Minh Tâm", role="lead", password=PASSWORD)
    seat_officer(desk, "minhtam", counter=2)
    assert_accessible(desk)
    for address in ("/officer/people", "/officer/me", "/officer/counter", "/signin/certificate"):
        desk.goto(address)
        assert_accessible(desk)
    desk.goto("/officer/")
    desk.click(".star >> nth=0")
    expect(desk.locator("main h1")).to_contain_text("Ưu tiên của số")
    wait_for_page(desk)
    assert_accessible(desk)
    desk.keyboard.press("F1")
    expect(desk.locator("dialog h1")).to_be_visible()
    assert_accessible(desk)
    desk.reload()
    expect(desk.locator("main h1")).to_contain_text("Máy đang khóa")
    assert_accessible(desk)


def _call_case_with_fees(desk: Page, context: Context, born: str = "2026-06-01") -> None:
    """Sign in and call a mother who registers, late by default, and wants two copies."""
    procedure = context.catalogue.in_force(BIRTH, context.clock.today())
    assert procedure is not None
    given = made_up_answers(procedure) | {"con_ngay_sinh": born}
    answers = complete(procedure, given, office=context.office, today=context.clock.today())
    with context.store.write() as db:
        filed = filing.file_submission(db, context, submission_id=codes.new_id(), procedure=procedure, answers=answers)
    assert filed.ticket
    take_seat(desk)
    desk.get_by_role("button", name=f"Gọi {filed.ticket.label}").click()
    expect(desk.locator(".plaque b")).to_have_text(filed.ticket.label)
    wait_for_page(desk)


def test_a_transfer_that_the_bank_tells_of_is_shown_beside_the_code(desk: Page, context: Context) -> None:
    _call_case_with_fees(desk, context)
    with context.store.read() as db:
        submission = submissions.of_day(db, context.clock.today())[-1]
    case = FeeRequest(submission.id, submission.receipt_no, 0)
    tell(context, notice_of(context, case, 5_000, key=""))
    desk.get_by_label("Mức của thành phố, đồng").fill("5.000")
    desk.get_by_role("button", name="VietQR").click()
    arrival = desk.locator("[data-live-part] .note")
    expect(arrival).to_contain_text("Chưa thấy tiền về")
    wait_for_page(desk)
    assert_accessible(desk)
    tell(context, notice_of(context, case, 21_000))
    expect(arrival).to_contain_text("Đã nhận 21.000 đồng")
    wait_for_page(desk)
    assert_accessible(desk)
    desk.set_viewport_size({"width": 1093, "height": 614})
    assert desk.evaluate("document.documentElement.scrollHeight") <= 614, "the whole code is in sight of a phone"
    desk.reload()
    wait_for_page(desk)
    expect(desk.locator(".fee h2")).to_contain_text("đã thu 21.000 đồng")


@pytest.mark.smoke
def test_a_fee_is_taken_by_a_code_on_the_screen(desk: Page, context: Context) -> None:
    _call_case_with_fees(desk, context)
    assert_accessible(desk)
    desk.get_by_role("button", name="VietQR").click()
    expect(desk.locator(".fee .bad")).to_contain_text("ghi số tiền theo mức của thành phố")
    wait_for_page(desk)
    assert_accessible(desk)
    desk.get_by_label("Mức của thành phố, đồng").fill("5.000")
    desk.get_by_role("button", name="VietQR").click()
    expect(desk.locator(".sum")).to_have_text("21.000 đồng")
    wait_for_page(desk)
    assert_accessible(desk)
    (code,) = _read_barcodes(desk)
    assert QRPay(code).amount == "21000"
    desk.get_by_role("button", name="Đã nhận chuyển khoản").click()
    expect(desk.locator(".fee h2")).to_contain_text("đã thu 21.000 đồng")
    wait_for_page(desk)
    assert_accessible(desk)
    desk.get_by_role("link", name="Thu trong ngày").click()
    expect(desk.locator(".sums")).to_contain_text("21.000 đồng")
    wait_for_page(desk)
    assert_accessible(desk)


def test_the_letter_of_money_leads_to_the_amount_that_must_be_typed(desk: Page, context: Context) -> None:
    _call_case_with_fees(desk, context)
    desk.keyboard.press("p")
    expect(desk.get_by_label("Mức của thành phố, đồng")).to_be_focused()


def test_money_is_taken_by_the_letter_and_enter(desk: Page, context: Context) -> None:
    _call_case_with_fees(desk, context, born="2026-11-10")
    desk.keyboard.press("p")
    expect(desk.get_by_role("button", name="Đã thu tiền mặt")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator(".fee h2")).to_contain_text("đã thu 16.000 đồng")


def test_a_scanner_reads_the_whole_form_off_the_screen(desk: Page, context: Context) -> None:
    _call_case_with_fees(desk, context)
    desk.get_by_label("Hiện tên ô của cổng quốc gia").check()
    expect(desk.get_by_title("HoTenKS:")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_role("link", name="Mã QR").click()
    texts: list[str] = []
    while True:
        expect(desk.locator(".sum")).to_contain_text(f"{len(texts) + 1} / ")
        wait_for_page(desk)
        texts += _read_barcodes(desk)
        assert_accessible(desk)
        if desk.locator(".last").count():
            break
        desk.keyboard.press("ArrowRight")
    assert '"HoTenKS":"TRẦN NGUYỄN BẢO NGỌC"' in qr_sequence.join_parts(texts)
    desk.keyboard.press("Escape")
    expect(desk.get_by_title("HoTenKS:")).to_be_visible()


def _read_barcodes(desk: Page) -> list[str]:
    with Image.open(io.BytesIO(desk.screenshot())) as picture:
        return [barcode.text for barcode in zxingcpp.read_barcodes(picture.convert("L"))]
