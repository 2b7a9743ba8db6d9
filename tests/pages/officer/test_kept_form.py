"""A kept form at the desk: a slip that is scanned on any page opens it, after a look at the card."""

import pytest
from flask import Flask

from kiosk.acts import covering, queueing, wiping
from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.records import audit, desk_drafts, help_calls
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


def test_a_slip_scanned_at_the_desk_says_form_day_and_person_and_shows_no_other_answer(desk: Desk, code: str) -> None:
    for line in (code, code.lower(), code.replace("-", "")):
        desk.go("/officer/").post("/officer/lookup", line=line)
        assert "Đăng ký khai sinh , đã khai 3 trên 10 phần" in desk.words, desk.words
        assert "giữ đến hết thứ Ba, 01/12/2026" in desk.words
        assert "Người khai: Nguyễn Thị Diệu Hiền, sinh 1996" in desk.words
        assert '<section class="panel stack reason"' in desk.page, "it looks like the page that asks for a reason"
        assert [answer for answer in ("046196000123", "Phú Hậu", "0905") if answer in desk.page] == []


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


def put_away(walker: Walker, clock: FixedClock, **chosen: str) -> str:
    """Cover the screen for longer than the longest cover; return the id of the form at the desk."""
    begun = clock.now()
    walker.post("/cover", cover_place=walker.at, **chosen)
    if walker.at.startswith("/cover/digits"):
        walker.fill(digits="2580")
    assert walker.at == "/covered"
    clock.jump(1201)
    assert covering.put_away_overdue(walker.context) == 1
    with walker.context.store.read() as db:
        (call,) = help_calls.put_away(db, begun)
    return str(call.draft_id)


def test_a_form_that_was_covered_for_too_long_is_printed_and_opened_by_its_slip(
    app: Flask, walker: Walker, clock: FixedClock
) -> None:
    mother_registers(begin_birth(walker))
    draft = put_away(walker, clock)
    desk = Desk(app).go("/officer/calls")
    assert "Máy 1 đã cất một tờ khai" in desk.words
    desk.post("/officer/lookup/kept/form", draft=draft)
    assert "đã khai 3 trên 10 phần. Giữ lúc 08:50, 24/11/2026, Máy 1; giữ đến hết thứ Ba, 01/12/2026" in desk.words
    assert "In phiếu" in desk.words
    assert "046196000123" not in desk.page
    code = str(codes.parse_kept_code(desk.field("code")))
    desk.post("/officer/lookup/kept/slip", code=code)
    assert "Phiếu đang in." in desk.words
    assert "In lại phiếu" in desk.words
    with desk.context.store.read() as db:
        assert db.execute("select kind, copy from jobs").fetchall() == [("kept", 1)]
        kept, printed = reversed(audit.latest(db, ["keep_form", "print_slip"], 5))
    assert [(entry.line.act, entry.line.actor) for entry in (kept, printed)] == [
        ("keep_form", "worker"),
        ("print_slip", "CB01"),
    ]
    scan(walker, code).fill(form="scan", line=card_line("me"))
    assert "Diệu Hiền" in walker.go("/form/nguoi_khai").page
    desk.post("/officer/lookup/kept/open", code=code, seen="1")
    with desk.context.store.read() as db:
        (unfinished,) = desk_drafts.of_officer(db, "CB01")
    assert "Nguyễn Thị Diệu Hiền" in desk.go(f"/officer/assist/{unfinished.desk.draft_id}/page/nguoi_khai").page


def test_a_form_without_a_card_that_was_covered_for_too_long_opens_at_the_desk_only(
    app: Flask, walker: Walker, clock: FixedClock
) -> None:
    begin_birth(walker).press("by-hand").fill(nyc_ho_ten="Hồ Thị Gõ Tay")
    draft = put_away(walker, clock, cover_now="1")
    desk = Desk(app).post("/officer/lookup/kept/form", draft=draft)
    code = str(codes.parse_kept_code(desk.field("code")))
    scan(walker, code)
    assert "Tờ khai này nay chỉ mở được ở quầy" in walker.words
    assert "Đã thử sai" not in walker.words
    desk.post("/officer/lookup/kept/open", code=code, seen="1")
    with desk.context.store.read() as db:
        (unfinished,) = desk_drafts.of_officer(db, "CB01")
    assert "Hồ Thị Gõ Tay" in desk.go(f"/officer/assist/{unfinished.desk.draft_id}/page/nguoi_khai").page


def test_a_form_that_was_put_away_is_found_by_name_after_its_call_is_forgotten(
    app: Flask, walker: Walker, clock: FixedClock
) -> None:
    mother_registers(begin_birth(walker))
    put_away(walker, clock)
    clock.jump(6 * 86400)
    wiping.wipe_expired(walker.context)
    desk = Desk(app).post("/officer/assist/find", name="nguyen thi dieu hien")
    assert "giữ lại, không mở ở máy nào" in desk.words
    desk.post("/officer/lookup/kept/form", draft=desk.field("draft"))
    assert "giữ đến hết thứ Ba, 01/12/2026" in desk.words
    fields = {"code": desk.field("code"), "by_name": desk.field("by_name"), "seen": "1"}
    desk.post("/officer/lookup/kept/open", **fields)
    assert "Mời chọn vì sao mở tờ khai không có phiếu" in desk.words
    desk.post("/officer/lookup/kept/open", **fields, reason="here")
    with desk.context.store.read() as db:
        (line,) = [entry.line for entry in audit.latest(db, ["resume_form"], 5)]
        (unfinished,) = desk_drafts.of_officer(db, "CB01")
    assert (line.subject, line.facts["reason"]) == (unfinished.desk.draft_id, "here")
    desk.go("/officer/").post(f"/officer/assist/{unfinished.desk.draft_id}/drop")
    clock.jump(2 * 86400)
    wiping.wipe_expired(walker.context)
    with walker.context.store.read() as db:
        assert db.execute("select count(*) from drafts").fetchone() == (0,)


def test_a_form_that_is_not_kept_any_more_is_told_so(desk: Desk, walker: Walker, code: str) -> None:
    with desk.context.store.read() as db:
        (draft_id,) = db.execute("select id from drafts").fetchone()
    scan(walker, code).fill(form="scan", line=card_line("me"))
    walker.post("/leave", idle="0", delete="1")
    desk.post("/officer/lookup/kept/form", draft=draft_id)
    assert desk.answer.status_code == 404
    assert "Tờ khai này không còn" in desk.words
