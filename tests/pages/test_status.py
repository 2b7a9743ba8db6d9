"""The look-up says what the desk did and when a result is promised, in both languages; nobody's words are in it."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from kiosk.acts import deciding
from kiosk.acts.deciding import Acceptance, HandingOut, Press, Request, Stopping
from kiosk.clock import Fixed
from kiosk.records import decisions, submissions
from kiosk.records.submissions import PortalWord
from kiosk.room import Room
from tests.journeys import filed
from tests.journeys.people import birth_until_check, hand_in
from tests.journeys.walker import Walker

SECRET = "Sửa tên Quạ Kềnh cho đúng giấy"


@pytest.fixture
def clock() -> Fixed:
    """A quarter to nine in the ward on Wednesday 25 November 2026."""
    return Fixed(datetime(2026, 11, 25, 1, 45, tzinfo=UTC))


@pytest.fixture
def room(walker: Walker) -> Room:
    hand_in(birth_until_check(walker))
    return walker.room


def _press(room: Room) -> Press:
    found = filed.only(room)
    with room.store.read() as db:
        return Press(found.id, decisions.last_seq(db, found.receipt_no), "CB01")


def _look(app: Flask, room: Room, lang: str = "vi") -> str:
    with room.store.read() as db:
        ((code,),) = db.execute("select receipt_no from submissions").fetchall()
    other = Walker(app).go("/")
    if lang == "en":
        other.post("/set", name="lang", value="en")
    return other.go("/status").fill(code=code, last4="0123").words


def _hear(room: Room, clock: Fixed, code: int) -> None:
    with room.store.write() as db:
        submissions.apply_receipt(db, filed.only(room).id, PortalWord(code, code, clock.now()), clock.now())


def test_an_accepted_case_says_until_when(app: Flask, room: Room, clock: Fixed) -> None:
    deciding.accept(room, _press(room), Acceptance(due_on=date(2026, 11, 30)))
    told = _look(app, room)
    assert "Cán bộ đã nhận hồ sơ" in told
    assert "Hẹn trả: 30/11/2026" in told
    assert "Theo quầy ghi lúc 8:45, 25/11/2026" in told
    clock.forward(9 * 24 * 3600)
    assert "Đã quá hẹn 4 ngày" in _look(app, room)


def test_papers_that_were_asked_for_are_named_and_nothing_that_was_written(app: Flask, room: Room) -> None:
    deciding.ask_more(room, _press(room), Request(("chung_sinh",), (SECRET,), SECRET))
    told = _look(app, room)
    assert "Cần nộp thêm giấy" in told
    assert "Giấy chứng sinh" in told
    assert "Điều cán bộ ghi trên phiếu bổ sung" in told
    assert "Quạ" not in told
    english = _look(app, room, "en")
    assert "More papers needed" in english
    assert "What the officer wrote on the request slip" in english
    assert "As recorded at the counter at 8:45" in english
    assert "Quạ" not in english


def test_a_case_that_ended_says_how(app: Flask, room: Room) -> None:
    deciding.accept(room, _press(room), Acceptance(term=0))
    deciding.hand_out(room, _press(room), HandingOut("Giấy khai sinh", "Nguyễn Thị Diệu Hiền", "self"))
    told = _look(app, room)
    assert "Đã nhận kết quả" in told
    assert "Hẹn trả" not in told
    assert "Diệu Hiền" not in told


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda room, press: deciding.refuse(room, press, SECRET), "Chưa nhận được hồ sơ"),
        (lambda room, press: deciding.stop(room, press, Stopping(date(2026, 11, 25), SECRET)), "Đã dừng giải quyết"),
    ],
)
def test_a_refusal_and_a_stop_send_to_the_paper_with_the_reason(app: Flask, room: Room, act, words: str) -> None:  # type: ignore[no-untyped-def]
    if "dừng" in words:
        deciding.accept(room, _press(room), Acceptance(term=0))
    assert act(room, _press(room)) is not None
    told = _look(app, room)
    assert words in told
    assert "lý do" in told
    assert "Quạ" not in told


@pytest.mark.parametrize(
    ("asks_more", "code", "words"),
    [
        (False, 1, "Cán bộ đã nhận hồ sơ"),
        (False, 4, "Đang giải quyết"),
        (False, 9, "Đã xong, mời đến nhận"),
        (True, 2, "Cần nộp thêm giấy"),
        (True, 9, "Đã xong, mời đến nhận"),
    ],
)
def test_the_further_of_desk_and_city_is_told(
    app: Flask, room: Room, clock: Fixed, *, asks_more: bool, code: int, words: str
) -> None:
    deciding.accept(room, _press(room), Acceptance(term=0))
    if asks_more:
        deciding.ask_more(room, _press(room), Request(("chung_sinh",), (), "thiếu"))
    _hear(room, clock, code)
    told = _look(app, room)
    assert told.index(words) < told.index("Đã nộp tờ khai"), "it is the title"
