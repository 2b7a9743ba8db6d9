"""A form is kept at the screen and opened again at another one; what is scanned anywhere opens what it is."""

import html
import re

import pytest
from flask import Flask

from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.pages.access import COOKIE
from kiosk.records import tickets
from tests.journeys import submission_checks
from tests.journeys.people import begin_birth, birth_after_mother, child, father, mother_registers, submit
from tests.journeys.walker import Walker, card_line

CODE = re.compile(r"PK03-G-\w{4}-\w{4}-\w")


def keep(walker: Walker) -> str:
    """Touch "Kết thúc" and "Giữ lại, in phiếu"; return the code of the slip."""
    walker.go("/leave?back=/form/nguoi_cha").press("keep")
    return code_on(walker)


def code_on(walker: Walker) -> str:
    found = CODE.search(walker.words)
    assert found, walker.words
    return found[0]


def scan(walker: Walker, line: str) -> Walker:
    """Hold a code to the scanner at the start page."""
    return walker.go("/").fill(form="scan", line=line)


def other_screen(walker: Walker) -> Walker:
    return Walker(walker.app)


def test_the_sheet_says_form_steps_day_and_what_opens_it_again(walker: Walker) -> None:
    father(mother_registers(begin_birth(walker)))
    part = re.search(r'class="strip-words">.*?<b>(.+?)</b>', walker.page, re.DOTALL)
    walker.go("/leave?back=/form/ten_be")
    assert walker.heading == "Rời máy lúc này?"
    assert part
    assert f"Đăng ký khai sinh, đã khai tới phần “{html.unescape(part[1])}”." in walker.words
    assert "Giữ đến hết thứ Ba, 01/12/2026." in walker.words
    assert "Mở lại cần phiếu và thẻ căn cước đã quét." in walker.words
    assert walker.form("/leave").buttons == {"delete"}
    walker.follow("/form/ten_be")
    assert walker.heading == "Tên của bé là gì?"


def test_a_form_kept_at_one_screen_goes_on_at_another_and_is_submitted_there(walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    code = keep(walker)
    assert "Giữ đến hết thứ Ba, 01/12/2026" in walker.words
    assert walker.go("/form/nguoi_cha").answer.status_code == 410
    other = other_screen(walker)
    scan(other, code)
    assert other.heading == "Đăng ký khai sinh"
    assert "Diệu Hiền" not in html.unescape(other.page)
    other.fill(form="scan", line=card_line("me"))
    assert other.at == "/form/nguoi_cha"
    birth_after_mother(other)
    submit(other)
    submission = submission_checks.only_submission(walker.context)
    body = submission_checks.opened_body(walker.context, submission)
    assert body["form"]["answers"]["me_ho_ten"] == "Nguyễn Thị Diệu Hiền"
    scan(walker, code)
    assert "Tờ khai này đã gửi." in walker.words
    assert walker.form().sends["code"] == body["receiptNo"]


def test_another_person_sees_nothing_and_is_told_why(walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    other = other_screen(walker)
    scan(other, keep(walker))
    other.fill(form="scan", line=card_line("cha"))
    assert "Không phải thẻ đã quét trong tờ khai này." in other.words
    other.fill(form="scan", line="000201010212")
    assert "Mã này không phải thẻ căn cước." in other.words
    for _ in range(4):
        other.fill(form="scan", line=card_line("cha"))
    assert "chỉ mở được ở quầy" in other.words
    assert "Diệu Hiền" not in html.unescape(other.page)


def test_without_a_card_four_digits_are_chosen_twice(walker: Walker) -> None:
    begin_birth(walker)
    walker.go("/leave").press("keep")
    assert walker.heading == "Chọn 4 số để mở lại"
    walker.fill(first="1234", again="1234")
    assert "4 số này dễ đoán" in walker.words
    walker.fill(first="4071", again="4072")
    assert "Hai lần bấm chưa giống nhau" in walker.words
    walker.fill(first="4071", again="4071")
    code = code_on(walker)
    other = other_screen(walker)
    scan(other, code).fill(digits="1718")
    assert "4 số này chưa đúng" in other.words
    other.fill(digits="4071")
    assert other.at == "/form/nguoi_khai"


def answer_is_lost(walker: Walker, **values: str) -> None:
    """Post the form that keeps, from the same browser, without its answer: the kiosk was killed before it."""
    form = walker.form("/keep")
    lost = walker.app.test_client()
    cookie = walker.browser.get_cookie(f"{COOKIE}_tap")
    assert cookie is not None
    lost.set_cookie(cookie.key, cookie.value)
    assert "PK03-G-" in lost.post(form.action, data=form.sends | values).text


def kept_and_printed(walker: Walker) -> tuple[int, int]:
    """Return how often forms were kept, and how many slips were queued."""
    with walker.context.store.read() as db:
        (times,) = db.execute("select sum(times) from kept_drafts").fetchone()
        (slips,) = db.execute("select count(*) from jobs where kind = 'kept'").fetchone()
    return int(times), int(slips)


def test_a_touch_whose_answer_was_lost_shows_the_form_that_it_has_kept(walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    walker.go("/leave")
    answer_is_lost(walker)
    walker.press("keep")
    assert walker.answer.status_code == 200
    assert walker.heading == "Phiếu đang in"
    assert kept_and_printed(walker) == (1, 1)
    other = other_screen(walker)
    scan(other, code_on(walker)).fill(form="scan", line=card_line("me"))
    assert other.at == "/form/nguoi_cha"


def test_a_touch_with_chosen_digits_whose_answer_was_lost_needs_no_other_digits(walker: Walker) -> None:
    begin_birth(walker)
    walker.go("/leave").press("keep")
    answer_is_lost(walker, first="4071", again="4071")
    walker.fill(first="4071", again="4071")
    other = other_screen(walker)
    scan(other, code_on(walker)).fill(digits="4071")
    assert other.at == "/form/nguoi_khai"
    assert kept_and_printed(walker) == (1, 1)


def test_a_lost_answer_shows_nothing_once_its_form_is_deleted(walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    walker.go("/leave")
    answer_is_lost(walker)
    with walker.context.store.write() as db:
        db.execute("delete from drafts")
    assert walker.press("keep").answer.status_code == 410


@pytest.mark.parametrize("key", ["x" * 36, "0" * 35, "\0" * 36])
def test_a_key_that_no_page_has_made_keeps_the_form_without_it(walker: Walker, key: str) -> None:
    mother_registers(begin_birth(walker))
    walker.go("/leave").fill(form="keep", key=key)
    assert code_on(walker)
    with walker.context.store.read() as db:
        assert db.execute("select count(*) from answered_posts").fetchone() == (0,)


def test_text_that_is_typed_and_not_sent_is_kept_with_the_form(walker: Walker) -> None:
    father(mother_registers(begin_birth(walker)))
    assert "data-keeps" in walker.page
    walker.post("/form/ten_be", con_ho_ten="Trần Nguyễn Bảo", save="1")
    walker.go("/leave").press("keep")
    other = other_screen(walker)
    scan(other, code_on(walker)).fill(form="scan", line=card_line("me"))
    assert other.at == "/form/ten_be"
    assert other.form().sends["con_ho_ten"] == "Trần Nguyễn Bảo"


def test_delete_is_one_touch_and_leaves_nothing(walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    walker.go("/leave").fill(form="/leave", delete="1")
    assert walker.at == "/"
    assert "Đã xóa hết." in walker.words
    with walker.context.store.read() as db:
        for table in ("drafts", "kept_drafts", "jobs"):
            assert db.execute(f"select count(*) from {table}").fetchone() == (0,)


def test_a_resumed_form_is_deleted_with_its_slip_only_when_the_person_asks(walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    code = keep(walker)
    other = other_screen(walker)
    for _ in range(2):
        scan(other, code).fill(form="scan", line=card_line("me"))
        other.post("/leave")
    scan(other, code).fill(form="scan", line=card_line("me"))
    other.go("/leave").fill(form="/leave", delete="1")
    scan(other, code)
    assert "Không thấy tờ khai của phiếu này." in other.words


def test_a_slip_after_its_day_says_so_at_the_start_page(walker: Walker, clock: FixedClock) -> None:
    mother_registers(begin_birth(walker))
    code = keep(walker)
    clock.advance(8 * 86400)
    scan(other_screen(walker), code)
    other = other_screen(walker)
    scan(other, code)
    assert "Phiếu này hết hạn ngày 01/12/2026. Xin khai lại." in other.words


def test_a_number_that_was_drawn_first_stays_with_the_form_until_it_is_submitted(walker: Walker) -> None:
    walker.go("/ticket").fill(series="A-HOTICH")
    with walker.context.store.read() as db:
        ticket = tickets.by_label(db, walker.context.clock.today(), "A001")
    assert ticket is not None
    walker.follow("/choose").follow("/choose?event=co_con").follow("/need/1.001193")
    mother_registers(walker.fill(cha_me="da_ket_hon", noi_de="co_so_y_te"))
    walker.go("/leave")
    assert "Vẫn giữ số A001" in walker.words
    code = keep(walker)
    assert "Vẫn giữ số A001" in walker.words
    other = other_screen(walker)
    scan(other, code).fill(form="scan", line=card_line("me"))
    birth_after_mother(other)
    submit(other)
    with walker.context.store.read() as db:
        kept = tickets.find(db, ticket.id)
        assert db.execute("select count(*) from tickets").fetchone() == (1,)
    assert kept is not None
    assert kept.submission_id == submission_checks.only_submission(walker.context).id
    assert kept.turn == ticket.turn


def test_the_next_person_at_the_screen_does_not_inherit_the_number(walker: Walker) -> None:
    walker.go("/ticket").fill(series="A-HOTICH")
    walker.go("/")
    mother_registers(begin_birth(walker))
    walker.go("/leave")
    assert "A001" not in walker.words


# --- scan anywhere


def test_the_slip_of_a_form_opens_its_status(walker: Walker) -> None:
    number = codes.receipt_no("PK03", walker.context.clock.today(), 17)
    for page in ("/", "/status"):
        walker.go(page).fill(form="scan", line=number)
        assert walker.heading == "Hồ sơ đến đâu rồi?"
        assert walker.form().sends["code"] == number


def test_the_paper_of_a_number_opens_its_place_in_line(walker: Walker) -> None:
    walker.go("/ticket").fill(series="A-HOTICH")
    scan(walker, codes.ticket_code("PK03", "A001", walker.context.clock.today()))
    assert "A001" in walker.words
    assert walker.heading == "Mời ngồi chờ gọi số"
    assert "Phiếu đang in" not in walker.words
    scan(walker, codes.ticket_code("PK03", "A002", walker.context.clock.today()))
    assert "Số này không còn dùng." in walker.words


def test_a_card_begins_a_form_and_fills_its_first_card_step(walker: Walker) -> None:
    scan(walker, card_line("me"))
    assert walker.at == "/choose"
    assert "Máy đã đọc được thẻ." in walker.words
    assert "Nguyễn" not in walker.page
    walker.follow("/choose?event=co_con").follow("/need/1.001193")
    walker.fill(cha_me="da_ket_hon", noi_de="co_so_y_te")
    assert "Nguyễn Thị Diệu Hiền" in html.unescape(walker.page)
    walker.fill({"nyc_quan_he": "me", "nyc_dien_thoai": "", "nyc_noi_cu_tru.stay": "19753"})
    assert walker.at == "/form/nguoi_cha"
    assert "Nguyễn Thị Diệu Hiền" not in html.unescape(walker.page)


def test_a_held_card_is_not_there_for_the_next_person(walker: Walker) -> None:
    scan(walker, card_line("me"))
    walker.go("/")
    begin_birth(walker)
    assert "Nguyễn" not in html.unescape(walker.page)


@pytest.mark.parametrize("line", ["000201010212", "https://example.vn", "", "x" * 5000])
def test_any_other_code_gives_one_notice(walker: Walker, line: str) -> None:
    scan(walker, line)
    assert walker.words.count("Máy không đọc được mã này.") == 1
    assert walker.form_or_none("scan") is not None


def test_the_start_page_waits_for_a_code_only_where_no_page_waits_for_a_card(app: Flask, walker: Walker) -> None:
    inbox = walker.context.card_inbox
    begin_birth(walker)
    start = Walker(app).go("/")
    assert inbox.put(card_line("me"))
    assert start.browser.get("/scan/wait").json == {"version": 0, "down": False}
    walker.go(walker.at)
    assert "Nguyễn Thị Diệu Hiền" in html.unescape(walker.page)


def test_a_child_page_after_resuming_keeps_the_order_of_the_form(walker: Walker) -> None:
    father(mother_registers(begin_birth(walker)))
    code = keep(walker)
    other = other_screen(walker)
    scan(other, code).fill(form="scan", line=card_line("cha"))
    assert other.at == "/form/ten_be"
    child(other)


def test_a_page_with_an_error_is_reached_by_a_redirect_and_shows_what_was_typed(walker: Walker) -> None:
    father(mother_registers(begin_birth(walker)))
    token = walker.form().sends["csrf"]
    answer = walker.browser.post("/form/ten_be", data={"csrf": token, "con_ho_ten": "Nghuếch 7"})
    assert answer.status_code == 303
    walker.go(answer.headers["Location"])
    assert walker.form().sends["con_ho_ten"] == "Nghuếch 7"
    assert 'class="summary"' in walker.page
    assert 'class="summary"' not in walker.go("/form/ten_be").page
