"""A kept form at the desk: a slip that is scanned on any page opens it, after a look at the card."""

import pytest
from flask import Flask

from kiosk import codes
from kiosk.acts import queueing
from kiosk.clock import FixedClock
from kiosk.records import audit, desk_drafts
from tests.journeys.people import begin_birth, mother_registers
from tests.journeys.test_keeping import keep, scan
from tests.journeys.walker import Walker, card_line
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def code(walker: Walker) -> str:
    """Keep a birth registration with the mother's card; return the code of its slip."""
    mother_registers(begin_birth(walker))
    return keep(walker)


def test_a_slip_scanned_at_the_desk_says_form_and_day_and_shows_no_answer(desk: Desk, code: str) -> None:
    for line in (code, code.lower(), code.replace("-", "")):
        desk.go("/officer/").post("/officer/lookup", line=line)
        assert "Đăng ký khai sinh , đã khai 2 trên 8 bước" in desk.words, desk.words
        assert "giữ đến hết thứ Ba, 01/12/2026" in desk.words
        assert "Diệu Hiền" not in desk.words


def test_it_opens_only_after_a_look_at_the_card_and_the_record_names_the_officer(desk: Desk, code: str) -> None:
    desk.go("/officer/").post("/officer/lookup", line=code)
    desk.post("/officer/lookup/kept/open", code=code)
    assert "Mời xem thẻ căn cước" in desk.words
    desk.post("/officer/lookup/kept/open", code=code, seen="1")
    with desk.context.store.read() as db:
        (unfinished,) = desk_drafts.of_officer(db, "CB01")
        lines = audit.latest(db, ["resume_form"], 5)
    assert unfinished.desk.begun == "kept"
    assert [entry.line.actor for entry in lines] == ["CB01"]
    assert "Nguyễn Thị Diệu Hiền" in desk.go(f"/officer/assist/{unfinished.desk.draft_id}/page/nguoi_khai").page


def test_the_form_belongs_to_the_number_at_the_counter(desk: Desk, code: str) -> None:
    queueing.draw_ticket(desk.context, desk.context.config.series[0])
    _tap(desk.go("/officer/"), "next")
    desk.post("/officer/lookup/kept/open", code=code, seen="1")
    with desk.context.store.read() as db:
        (unfinished,) = desk_drafts.of_officer(db, "CB01")
        at_counter = db.execute("select id from tickets where counter = 1").fetchall()
    assert [(unfinished.desk.ticket_id,)] == at_counter


def test_a_screen_gives_the_form_up_and_then_says_that_a_desk_has_it(desk: Desk, walker: Walker, code: str) -> None:
    scan(walker, code).fill(form="scan", line=card_line("me"))
    desk.go("/officer/").post("/officer/lookup/kept/open", code=code, seen="1")
    assert walker.go("/form/nguoi_cha").answer.status_code == 410
    scan(walker, code).fill(form="scan", line=card_line("me"))
    assert "Tờ khai này đang mở ở quầy." in walker.words


def test_a_slip_past_its_day_or_of_no_form_says_so(desk: Desk, code: str, clock: FixedClock) -> None:
    desk.go("/officer/").post("/officer/lookup", line=codes.kept_code("PK03"))
    assert "Không thấy tờ khai của phiếu này" in desk.words
    clock.advance(8 * 86400)
    desk = Desk(desk.browser.application, login="minhtam", counter=2)
    desk.post("/officer/lookup", line=code)
    assert "Phiếu này hết hạn ngày 01/12/2026. Xin khai lại." in desk.words


def test_the_slip_is_printed_again_at_the_desk(desk: Desk, code: str) -> None:
    with desk.context.store.write() as db:
        db.execute("update jobs set state = 'printed'")
    desk.go("/officer/").post("/officer/lookup/kept/slip", code=code)
    assert "Phiếu đang in lại" in desk.words
    with desk.context.store.read() as db:
        assert db.execute("select kind, copy from jobs order by id").fetchall() == [("kept", 1), ("kept", 2)]


def test_every_page_of_the_desk_takes_a_scan_but_one_that_asks_for_a_card(desk: Desk, code: str) -> None:
    for page in ("/officer/", "/officer/lookup", "/officer/day"):
        assert 'id="scan"' in desk.go(page).page
    desk.post("/officer/lookup/kept/open", code=code, seen="1")
    assert 'id="scan"' not in desk.page


def test_the_paper_of_a_number_and_a_card_are_looked_up(desk: Desk) -> None:
    drawn = queueing.draw_ticket(desk.context, desk.context.config.series[0])
    desk.go("/officer/").post("/officer/lookup", line=codes.ticket_code("PK03", drawn.label, drawn.day))
    assert f"Số {drawn.label} lấy lúc" in desk.words
    desk.post("/officer/lookup", line=card_line("me"))
    assert "theo số định danh của người đi khai" in desk.words
