"""One's own data at the desk: shown after a scan of the card, and deleted on request."""

import pytest
from flask import Flask

from kiosk.records import audit
from tests.journeys.people import begin_birth, birth_until_check, mother_registers
from tests.journeys.test_keeping import keep, scan
from tests.journeys.walker import Walker, card_line
from tests.pages.officer.sitting import Desk

SHOW = "/officer/lookup/own-data"
DELETE = "/officer/lookup/own-data/delete"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def ask(desk: Desk, card: str = "me", requester: str = "self") -> Desk:
    """Scan a card on a page of the desk, and ask for the data of its person."""
    desk.go("/officer/lookup").post("/officer/lookup", line=card_line(card))
    return desk.post(SHOW, card_line=desk.field("card_line"), requester=requester)


def count(desk: Desk, table: str) -> int:
    with desk.context.store.read() as db:
        return int(db.execute(f"select count(*) from {table}").fetchone()[0])


def test_a_person_sees_their_unsubmitted_form_with_its_answers(desk: Desk, walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    keep(walker)
    ask(desk)
    assert "Dữ liệu máy giữ của Nguyễn Thị Diệu Hiền" in desk.words
    assert "Đăng ký khai sinh: giữ lại, chưa nộp" in desk.words
    assert "046196000123" in desk.words
    assert ask(desk, "cha").words.count("Máy không giữ gì của người có thẻ này.") == 1


def test_the_data_is_deleted_after_a_look_at_the_card_and_the_slip_opens_nothing(desk: Desk, walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    code = keep(walker)
    ask(desk)
    fields = {"card_line": desk.field("card_line"), "requester": "self"}
    assert "Mời xem thẻ" in desk.post(DELETE, **fields).words
    assert count(desk, "drafts") == 1
    assert "Đã xóa 1 tờ khai chưa nộp." in desk.post(DELETE, **fields, seen="1").words
    assert (count(desk, "drafts"), count(desk, "kept_drafts")) == (0, 0)
    assert "Không thấy tờ khai của phiếu này" in scan(walker, code).words
    with desk.context.store.read() as db:
        lines = audit.latest(db, ["own_data_shown", "own_data_deleted"], 9)
    assert {(entry.line.act, entry.line.actor, entry.line.facts["reason"]) for entry in lines} == {
        ("own_data_shown", "CB01", "self"),
        ("own_data_deleted", "CB01", "self"),
    }


def test_a_form_at_a_screen_is_taken_from_the_screen(desk: Desk, walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    ask(desk)
    assert "Đăng ký khai sinh: đang khai, chưa nộp" in desk.words
    desk.post(DELETE, card_line=desk.field("card_line"), requester="self", seen="1")
    assert count(desk, "drafts") == 0
    assert walker.go("/form/nguoi_cha").answer.status_code == 410


def test_kept_details_are_shown_and_deleted_and_a_submitted_form_stays(desk: Desk, walker: Walker) -> None:
    birth_until_check(walker).fill(oath="1", reuse="1")
    assert walker.at == "/done"
    ask(desk)
    assert "Giữ cho lần sau, người này đã đồng ý" in desk.words
    assert "1 tờ khai đã gửi Không xóa theo yêu cầu" in desk.words
    assert count(desk, "reuse") == 1
    desk.post(DELETE, card_line=desk.field("card_line"), requester="proxy", seen="1")
    assert "Đã xóa phần giữ cho lần sau." in desk.words
    assert (count(desk, "reuse"), count(desk, "submissions")) == (0, 1)
    assert "Không xóa theo yêu cầu" in ask(desk).words
    assert "Xóa theo yêu cầu" not in desk.words.replace("Không xóa theo yêu cầu", "")


def test_nothing_is_shown_before_it_is_said_who_asks_or_without_a_card(desk: Desk, walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    keep(walker)
    assert "Mời chọn ai yêu cầu." in ask(desk, requester="").words
    assert "chưa nộp" not in desk.words
    assert desk.post(SHOW, card_line="046196000123", requester="self").answer.status_code == 403
    assert desk.go("/officer/").post(DELETE, card_line=card_line("me"), seen="1").answer.status_code == 403
    assert count(desk, "drafts") == 1


def test_an_officer_without_a_counter_shows_and_deletes_it(app: Flask) -> None:
    desk = Desk(app, counter=0)
    assert "Dữ liệu máy giữ của" in ask(desk).words
    desk.post(DELETE, card_line=card_line("me"), requester="self", seen="1")
    assert "Không còn gì để xóa." in desk.words
