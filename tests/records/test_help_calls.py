from datetime import timedelta

import pytest

from kiosk.base.clock import FixedClock
from kiosk.records import help_calls
from kiosk.records.help_calls import CallPlace, OfficerCall
from kiosk.store.db import Store

DOOR = CallPlace(screen="Máy 2, cạnh cửa", page="/form/nguoi_me", procedure="1.001193", version="1", step=2, steps=8)
START = CallPlace(screen="Máy 1", page="/")


@pytest.fixture
def call(store: Store, clock: FixedClock) -> OfficerCall:
    """Make a call at the door."""
    with store.write() as db:
        assert help_calls.insert(db, "screen-1", DOOR, clock.now())
        found = help_calls.find_open(db, "screen-1")
    assert found is not None
    return found


def test_a_screen_calls_once_however_often_it_is_touched(store: Store, clock: FixedClock, call: OfficerCall) -> None:
    with store.write() as db:
        clock.advance(5)
        assert not help_calls.insert(db, "screen-1", DOOR, clock.now())
        assert help_calls.insert(db, "screen-2", START, clock.now())
        found = help_calls.open_calls(db)
    assert [(other.session, other.screen, other.place) for other in found] == [
        ("screen-1", "Máy 2, cạnh cửa", "/form/nguoi_me"),
        ("screen-2", "Máy 1", "/"),
    ]
    assert found[0].since == clock.now() - timedelta(seconds=5)
    assert (found[0].step, found[0].steps) == (2, 8)


def test_a_call_is_called_seen_answered_opened_and_ended(store: Store, clock: FixedClock, call: OfficerCall) -> None:
    states = [call.state]
    with store.write() as db:
        for step in (
            lambda: help_calls.mark_seen(db, call.id, clock.now()),
            lambda: help_calls.answer(db, call.id, officer="CB01", counter=2, now=clock.now()),
            lambda: help_calls.open_at_desk(db, call.id, officer="CB01", counter=2, now=clock.now()),
            lambda: help_calls.end(db, call.id, "officer", clock.now()),
        ):
            assert step()
            assert not step(), "each step counts once"
            now = help_calls.find(db, call.id)
            assert now is not None
            states.append(now.state)
        assert help_calls.find_open(db, "screen-1") is None
        assert help_calls.insert(db, "screen-1", DOOR, clock.now()), "a screen can call again"
    assert states == ["called", "seen", "coming", "opened", "ended"]


def test_the_first_officer_who_answers_gets_the_call(store: Store, clock: FixedClock, call: OfficerCall) -> None:
    with store.write() as db:
        assert help_calls.answer(db, call.id, officer="CB01", counter=1, now=clock.now())
        assert not help_calls.answer(db, call.id, officer="CB02", counter=2, now=clock.now())
        assert not help_calls.open_at_desk(db, call.id, officer="CB02", counter=2, now=clock.now())
        assert not help_calls.renew_code(db, call.id, officer="CB02", now=clock.now())
        assert not help_calls.mark_seen(db, call.id, clock.now())
        found = help_calls.find(db, call.id)
    assert found is not None
    assert (found.officer, found.counter, found.state) == ("CB01", 1, "coming")


def test_opening_at_a_desk_answers_a_call_too(store: Store, clock: FixedClock, call: OfficerCall) -> None:
    with store.write() as db:
        assert help_calls.open_at_desk(db, call.id, officer="CB02", counter=2, now=clock.now())
        assert not help_calls.answer(db, call.id, officer="CB01", counter=1, now=clock.now())
        found = help_calls.find(db, call.id)
    assert found is not None
    assert (found.officer, found.state) == ("CB02", "opened")


def test_a_call_follows_the_screen_to_its_next_session(store: Store, clock: FixedClock, call: OfficerCall) -> None:
    with store.write() as db:
        help_calls.move_session(db, "screen-1", "screen-1b")
        assert help_calls.find_open(db, "screen-1") is None
        found = help_calls.find_open(db, "screen-1b")
    assert found is not None
    assert (found.id, found.place, found.procedure, found.draft_id) == (call.id, "/", None, None)


def test_old_calls_are_deleted(store: Store, clock: FixedClock, call: OfficerCall) -> None:
    with store.write() as db:
        assert help_calls.made_before(clock.now()).wipe_all(db) == 0
        clock.advance(1)
        assert help_calls.made_before(clock.now()).wipe_all(db) == 1
        assert help_calls.open_calls(db) == []
