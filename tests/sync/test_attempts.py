"""The log of attempts: what a form and the line went through, in order, and never a word of what was said."""

from datetime import timedelta

import pytest

from sync import attempts, outbox
from sync.parcel import stamp
from tests.sync.room import PowerCut, Room


def _told(room: Room, subject: str) -> list[tuple[str, str | None, str | None]]:
    return [(one.became, one.reason, one.code) for one in attempts.of(room.store.db, subject)]


def _line(room: Room) -> list[tuple[str, str | None, str | None]]:
    return [(one.became, one.reason, one.code) for one in attempts.of_line(room.store.db)]


def test_a_form_that_went_at_once_was_tried_once(room: Room) -> None:
    form = room.submit()
    room.drain()
    assert _told(room, form) == [("done", None, "created")]
    assert _line(room) == []


def test_a_lost_answer_and_the_duplicate_behind_it_are_two_attempts(room: Room) -> None:
    form = room.submit()
    room.portal.fault = "answer lost"
    room.rest()
    room.portal.heal()
    room.drain()
    assert _told(room, form) == [("unknown", "unknown", "answer lost"), ("done", None, "duplicate")]


@pytest.mark.parametrize(
    ("fault", "became", "reason", "code"),
    [
        ("down", "down", "link", "refused"),
        ("captive", "down", "link", "foreign"),
        ("401", "paused", "auth", "401"),
        ("403", "paused", "auth", "403"),
        ("429", "paused", "rate", "429"),
        ("clock", "paused", "clock", "clock"),
        ("426", "paused", "version", "426"),
        ("maintenance", "paused", "maintenance", "hello"),
    ],
)
def test_what_the_line_went_through_is_noted_without_a_subject(
    room: Room, fault: str, became: str, reason: str, code: str
) -> None:
    room.submit()
    room.portal.fault = fault
    room.rest()
    assert _line(room) == [(became, reason, code)]


def test_a_line_that_comes_up_again_is_noted_once(room: Room) -> None:
    room.submit()
    room.portal.fault = "down"
    room.rest()
    room.portal.heal()
    room.time.forward(700)
    room.drain()
    room.pull()
    assert [became for became, _, _ in _line(room)] == ["down", "up"]


def test_a_refused_form_is_noted_by_class_and_code_and_again_when_released(room: Room) -> None:
    form = room.submit("invalid")
    room.rest()
    with room.store.write() as db:
        assert outbox.release(db, form, room.time.now)
        assert not outbox.release(db, form, room.time.now)
    room.rest()
    refused = ("refused", "record", "invalid")
    assert _told(room, form) == [refused, ("todo", None, "released"), refused]


def test_a_batch_that_is_cut_says_so_of_each_and_ends_at_the_one(room: Room) -> None:
    forms = [room.submit("poison" if n == 2 else "") for n in range(4)]
    room.drain()
    assert _told(room, forms[2])[-1] == ("refused", "poison", "not-read")
    assert {_told(room, form)[-1] for n, form in enumerate(forms) if n != 2} == {("done", None, "created")}
    assert _told(room, forms[0])[0] == ("todo", "poison", "422")


def test_what_a_power_cut_left_behind_is_noted_at_the_start(room: Room) -> None:
    form = room.submit()
    room.portal.fault = "cut before"
    with pytest.raises(PowerCut):
        room.rest()
    room.portal.heal()
    room.boot()
    room.drain()
    assert _told(room, form) == [("unknown", "unknown", "interrupted"), ("done", None, "created")]


def test_a_form_that_the_portal_lost_says_so(room: Room) -> None:
    form = room.submit()
    room.drain()
    room.portal.restore(0, "e2")
    room.time.forward(3600)
    room.submit()
    room.drain()
    assert [code for _, _, code in _told(room, form)] == ["created", "lost", "created"]


def test_tries_of_the_line_count_for_a_form_that_waits(room: Room) -> None:
    since = stamp(room.time.now)
    form = room.submit()
    room.portal.fault = "down"
    for _ in range(3):
        room.rest()
        room.time.forward(700)
    assert attempts.count(room.store.db, form, since) == 3
    assert attempts.count(room.store.db, form, stamp(room.time.now)) == 0


def test_the_log_is_in_order_although_the_clock_went_back(room: Room) -> None:
    form = room.submit("invalid")
    room.rest()
    room.time.now -= timedelta(days=400)
    with room.store.write() as db:
        outbox.release(db, form, room.time.now)
    assert [became for became, _, _ in _told(room, form)] == ["refused", "todo"]
    assert attempts.last(room.store.db, form) == attempts.of(room.store.db, form)[-1].no


def test_what_is_old_is_forgotten_and_nothing_else(room: Room) -> None:
    form = room.submit()
    room.drain()
    room.time.forward(10)
    late = room.submit()
    room.drain()
    with room.store.write() as db:
        assert attempts.forget(db, room.time.now) == 1
    assert _told(room, form) == []
    assert len(_told(room, late)) == 1
    assert room.state(form) == "done"
