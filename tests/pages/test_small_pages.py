"""Tests of the small pages of the touchscreen: status, tickets, display settings, help."""

import re
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.base.screen_size import ScreenSize
from kiosk.config import Config
from kiosk.dossiers import status_page
from kiosk.pages.qr_code import qr_svg
from kiosk.records import help_calls
from kiosk.web.app import create_app
from tests.journeys import submission_checks
from tests.journeys.people import begin_birth, birth_until_check, mother_registers, submit
from tests.journeys.typical import Case
from tests.journeys.walker import Walker


def test_a_case_is_followed_by_its_code_and_tells_its_state_only(app: Flask, walker: Walker) -> None:
    submit(birth_until_check(walker))
    code = submission_checks.only_submission(walker.context).receipt_no
    other = Walker(app).go("/").follow("/status")
    other.fill(code=code.lower(), last4="0123")
    assert "Đã gửi tờ khai" in other.words
    assert "Đăng ký khai sinh" in other.words
    for word in ("Bảo Ngọc", "Diệu Hiền", "046196"):
        assert word not in other.page


def test_a_scanner_that_types_the_address_of_a_slip_into_the_box_opens_the_case(app: Flask, walker: Walker) -> None:
    submit(birth_until_check(walker))
    number = submission_checks.only_submission(walker.context).receipt_no
    typed = f"https://cong.example/h/abcdefghijklmnop#{number}"
    other = Walker(app).go("/").follow("/status")
    other.fill(code=typed, last4="0124")
    assert "Chưa thấy hồ sơ này" in other.words
    assert other.form().sends["code"] == number
    other.fill(code=typed, last4="0123")
    assert "Đã gửi tờ khai" in other.words


@pytest.mark.parametrize(
    ("code", "last4", "words"),
    [
        ("", "", "chưa đúng"),
        ("PK03-261124-0001-A", "0123", "chưa đúng"),
        ("PK03-261124-0017-F", "12", "đủ 4 số"),
        ("<script>", "٠١٢٣", "chưa đúng"),
    ],
)
def test_a_code_that_cannot_be_is_said_and_kept_in_its_box(walker: Walker, code: str, last4: str, words: str) -> None:
    walker.follow("/status").fill(code=code, last4=last4)
    assert words in walker.words
    assert walker.form().sends["code"] == code
    assert "<script>" not in walker.page.replace('<script type="module"', "")


def test_a_case_of_somebody_else_is_not_found(walker: Walker) -> None:
    submit(birth_until_check(walker))
    code = submission_checks.only_submission(walker.context).receipt_no
    walker.go("/status").fill(code=code, last4="9999")
    assert "Chưa thấy hồ sơ này" in walker.words


def test_a_sixth_guess_waits_a_minute_in_a_new_visit_too_and_keeps_what_was_typed(
    app: Flask, walker: Walker, clock: FixedClock
) -> None:
    submit(birth_until_check(walker))
    code = submission_checks.only_submission(walker.context).receipt_no
    for guess in range(5):
        Walker(app).go("/status").fill(code=code, last4=f"999{guess}")
    owner = Walker(app).go("/status").fill(code=code, last4="0123")
    assert owner.answer.status_code == 429
    assert "Mời thử lại sau 1 phút, hoặc hỏi cán bộ." in owner.words
    assert (owner.form().sends["code"], owner.form().sends["last4"]) == (code, "0123")
    clock.advance(60)
    assert "Đã gửi tờ khai" in owner.fill().words


def test_a_hundred_visits_at_one_touchscreen_share_its_look_ups(app: Flask) -> None:
    visitors = [Walker(app).go("/status") for _ in range(100)]
    for number, visitor in enumerate(visitors):
        visitor.fill(code=codes.receipt_no("PK03", date(2026, 11, 24), number + 1), last4="0000")
    assert [visitor.answer.status_code for visitor in visitors] == [200] * 10 + [429] * 90


def test_a_touch_draws_a_number_and_a_reload_draws_no_second_one(walker: Walker) -> None:
    walker.follow("/ticket").fill(series="B-CHUNGTHUC")
    assert "B001" in walker.words
    with walker.context.store.read() as db:
        ticket = next(iter(db.query("select id from tickets")))["id"]
    walker.go(f"/ticket?drawn={ticket}")
    assert "B001" in walker.words
    with walker.context.store.read() as db:
        assert [row["n"] for row in db.query("select count(*) as n from tickets")] == [1]
    walker.go("/ticket?drawn=nothing")
    assert walker.answer.status_code == 200


def test_a_series_that_is_none_draws_nothing(walker: Walker) -> None:
    walker.go("/ticket").post("/ticket", series="Z-KHAC")
    assert walker.at == "/ticket"
    with walker.context.store.read() as db:
        assert [row["n"] for row in db.query("select count(*) as n from tickets")] == [0]


def test_settings_are_applied_and_what_is_none_is_ignored(walker: Walker) -> None:
    walker.post("/easier", size="xl", theme="dark", lang="en", back="/choose")
    assert walker.at == "/choose"
    assert 'data-size="xl"' in walker.page
    assert 'data-theme="dark"' in walker.page
    walker.post("/easier", size='"><script>', lang="xx")
    assert 'data-size="xl"' in walker.page
    assert 'lang="en"' in walker.page


def test_the_notice_of_privacy_has_the_times_and_the_telephone_of_the_ward(practice: Config, clock: FixedClock) -> None:
    keep = replace(practice.keep, draft_hours=12, kept_days=5, body_days=45)
    ward = replace(practice.ward, hotline="19001234")
    app = create_app(replace(practice, keep=keep, ward=ward), clock=clock)
    with app.extensions["context"].store:
        words = Walker(app).go("/").follow("/privacy?back=/").words
    for part in ("sau 12 giờ", "phiếu: 5 ngày", "được 45 ngày", "1900 1234", "2 ngày làm việc", "91/2025/QH15"):
        assert part in words


def test_the_page_that_waits_for_a_card_opens_the_notice_and_the_form_goes_on(walker: Walker) -> None:
    begin_birth(walker)
    waits = walker.at
    walker.follow(f"/privacy?back={waits}").follow(waits)
    assert "data-poll" in walker.page


def test_help_is_called_without_leaving_the_page_and_taken_back(walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    page = walker.at
    walker.fill(form="/help", want="1")
    assert walker.at == page
    assert "Đã gọi, xin chờ" in walker.words
    walker.post("/help", want="1", back=page)
    with walker.context.store.read() as db:
        assert len(help_calls.open_calls(db)) == 1, "a second touch calls nobody twice"
    walker.post("/help", want="0", back=page)
    with walker.context.store.read() as db:
        assert help_calls.open_calls(db) == []


def test_a_call_keeps_the_address_of_a_page_without_what_was_searched_there(walker: Walker) -> None:
    for back, place in (
        ("/choose?q=Kh%E1%BB%A5u", "/choose"),
        ("/" + "a" * 60_000, "/"),
        ("/form/Khuỵu Nghuếch", "/"),
    ):
        walker.post("/help", want="1", back=back)
        with walker.context.store.read() as db:
            assert [call.place for call in help_calls.open_calls(db)] == [place]
        walker.post("/help", want="0", back=back)


def test_leaving_asks_first_where_something_would_be_lost(walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    walker.follow(f"/leave?back={walker.at}")
    assert "xóa hết" in walker.words
    walker.go("/form/nguoi_cha")
    assert walker.at == "/form/nguoi_cha", "asking wipes nothing"
    walker.go("/leave?back=/form/nguoi_cha").fill(form="/leave")
    assert walker.at == "/"
    assert walker.go("/form/nguoi_cha").answer.status_code == 410


def test_the_search_finds_without_marks_and_says_when_it_finds_nothing(walker: Walker) -> None:
    assert "/need/1.001193" in walker.go("/choose?q=khai sinh").page
    assert "/need/1.001193" in walker.go("/choose/results?q=khai sinh").page
    walker.go("/choose?q=zzzzzz")
    assert "Không tìm thấy" in walker.words


def test_the_page_before_the_form_asks_for_what_was_not_chosen(walker: Walker) -> None:
    walker.go("/need/1.001193").fill()
    assert "Chưa chọn" in walker.words
    walker.fill(cha_me="da_ket_hon")
    assert walker.form().sends["cha_me"] == "da_ket_hon"


def test_a_situation_for_an_officer_leads_to_a_number(walker: Walker) -> None:
    walker.go("/need/1.001193").fill(cha_me="bo_roi", noi_de="co_so_y_te")
    assert walker.at == "/ticket"
    assert walker.go("/need/1.001193?cha_me=bo_roi").page.count("/ticket") >= 1


def test_the_practice_page_opens_the_papers_of_the_office_printer(walker: Walker) -> None:
    folder = walker.context.config.paper_folder
    folder.mkdir(parents=True)
    (folder / "office-000001.pdf").write_bytes(b"%PDF-1.4 first")
    (folder / "office-000002.pdf").write_bytes(b"%PDF-1.4 second")
    walker.go("/practice/paper")
    assert "Giấy từ máy in A4 của quầy" in walker.words
    newest = re.findall(r'href="(/practice/paper/[^"]+)"', walker.page)[0]
    with walker.browser.get(newest) as answer:
        assert answer.mimetype == "application/pdf"
        assert answer.data == b"%PDF-1.4 second"
    assert walker.browser.get("/practice/paper/office-000001.txt").status_code == 404


@pytest.mark.parametrize(
    ("width", "height", "diagonal", "millimetre"),
    [(1080, 1920, 396, 5.563), (1366, 768, 396, 3.957), (1280, 800, 257, 5.873), (1920, 1080, 546, 4.035)],
)
def test_a_millimetre_is_as_long_as_the_glass_says(
    practice: Config, clock: FixedClock, width: int, height: int, diagonal: int, millimetre: float
) -> None:
    screen = replace(practice.screen, width=width, height=height, mm=diagonal)
    app = create_app(replace(practice, screen=screen), clock)
    with app.extensions["context"].store:
        css = Walker(app).go("/").browser.get("/kiosk.css").get_data(as_text=True)
    assert f"--mm: {millimetre}px;" in css


@pytest.mark.parametrize(("diagonal", "growth"), [(396, 1), (467, 1.17), (546, 1.25), (813, 1.25)])
def test_a_page_grows_with_a_wider_portrait_glass_up_to_a_quarter(diagonal: int, growth: float) -> None:
    size = ScreenSize(1080, 1920, diagonal)
    assert size.page_millimetre / size.pixels_per_mm == pytest.approx(growth, abs=0.01)


def test_very_large_letters_do_not_grow_with_the_glass(practice: Config, clock: FixedClock) -> None:
    screen = replace(practice.screen, width=1080, height=1920, mm=546)
    app = create_app(replace(practice, screen=screen), clock)
    with app.extensions["context"].store:
        walker = Walker(app).go("/")
        assert "mm=5.043" in walker.html
        walker.post("/set", name="size", value="xl")
        assert "mm=4.035" in walker.go("/").html


def test_the_practice_papers_name_only_forms_that_can_be_opened(walker: Walker) -> None:
    for code in ("2.000815", "1.000894"):
        Case(walker, code, cards=True).walk()
    walker.go("/practice/paper")
    forms = re.findall(r'href="(/practice/declaration/[^"]+)"', walker.page)
    assert len(forms) == 1
    assert walker.browser.get(forms[0]).status_code == 200


def test_practice_shows_the_status_page_of_a_form_on_a_phone(walker: Walker) -> None:
    need = status_page.need_address(walker.context.config)
    assert f'src="{need}"' in walker.go("/practice/phone").page, "nothing was filed today"
    submit(birth_until_check(walker.go("/")))
    submission = submission_checks.only_submission(walker.context)
    key = status_page.status_key(walker.context, submission.receipt_no, submission.id)
    answer = walker.browser.get("/practice/phone")
    page = answer.get_data(as_text=True)
    address = status_page.address(walker.context.config, key, submission.receipt_no)
    assert f'src="{address}"' in page
    assert key.digits in page
    assert f"frame-src {walker.context.config.portal.public_url};" in answer.headers["Content-Security-Policy"]
    assert f"Hồ sơ {submission.receipt_no}" in walker.go(f"/practice/phone?no={submission.receipt_no}").words
    walker.follow("/practice/phone?no=need")
    assert f'src="{need}"' in walker.page
    assert need.endswith("/can-mang-gi/H57.99.01")


@pytest.mark.parametrize("is_offered", [True, False])
def test_the_code_of_the_done_page_is_the_one_of_the_slip(walker: Walker, is_offered: bool) -> None:
    context = walker.context
    if not is_offered:
        context.config = replace(context.config, portal=replace(context.config.portal, public_url=""))
    submit(birth_until_check(walker.go("/")))
    submission = submission_checks.only_submission(context)
    key = status_page.status_key(context, submission.receipt_no, submission.id)
    address = status_page.address(context.config, key, submission.receipt_no)
    assert qr_svg(address if is_offered else submission.receipt_no) in walker.go("/done").page
