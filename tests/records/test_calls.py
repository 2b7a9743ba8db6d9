from datetime import timedelta

from kiosk.clock import FixedClock
from kiosk.records import calls
from kiosk.store.db import Store


def test_help_is_requested_once_however_often_it_is_touched(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        calls.insert(db, "screen-1", "/form/3", clock.now())
        clock.advance(5)
        calls.insert(db, "screen-1", "/form/3", clock.now())
        calls.insert(db, "screen-2", "/", clock.now())
        raised = calls.all_open(db)
    assert [(call.session, call.place) for call in raised] == [("screen-1", "/form/3"), ("screen-2", "/")]
    assert raised[0].since == clock.now() - timedelta(seconds=5)


def test_a_help_request_ends_by_itself_or_by_an_answer(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        calls.insert(db, "screen-1", "/", clock.now())
        assert calls.withdraw(db, "screen-1")
        assert not calls.withdraw(db, "screen-1")
        calls.insert(db, "screen-1", "/", clock.now())
        (call,) = calls.all_open(db)
        assert calls.answer(db, call.id, clock.now())
        assert not calls.answer(db, call.id, clock.now())
        assert not calls.is_open(db, "screen-1")
        calls.insert(db, "screen-1", "/", clock.now())
        assert calls.is_open(db, "screen-1")


def test_old_calls_are_forgotten(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        calls.insert(db, "screen-1", "/", clock.now())
        assert calls.made_before(clock.now()).wipe_all(db) == 0
        clock.advance(1)
        assert calls.made_before(clock.now()).wipe_all(db) == 1
        assert calls.all_open(db) == []
