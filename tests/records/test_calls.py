from datetime import timedelta

from kiosk.clock import Fixed
from kiosk.records import calls
from kiosk.store.db import Store


def test_a_hand_is_up_once_however_often_it_is_touched(store: Store, clock: Fixed) -> None:
    with store.write() as db:
        calls.raise_(db, "screen-1", "/form/3", clock.now())
        clock.forward(5)
        calls.raise_(db, "screen-1", "/form/3", clock.now())
        calls.raise_(db, "screen-2", "/", clock.now())
        raised = calls.open(db)
    assert [(call.session, call.place) for call in raised] == [("screen-1", "/form/3"), ("screen-2", "/")]
    assert raised[0].since == clock.now() - timedelta(seconds=5)


def test_a_hand_comes_down_by_itself_or_by_an_answer(store: Store, clock: Fixed) -> None:
    with store.write() as db:
        calls.raise_(db, "screen-1", "/", clock.now())
        assert calls.withdraw(db, "screen-1")
        assert not calls.withdraw(db, "screen-1")
        calls.raise_(db, "screen-1", "/", clock.now())
        (call,) = calls.open(db)
        assert calls.answer(db, call.id, clock.now())
        assert not calls.answer(db, call.id, clock.now())
        assert not calls.is_raised(db, "screen-1")
        calls.raise_(db, "screen-1", "/", clock.now())
        assert calls.is_raised(db, "screen-1")


def test_old_calls_are_forgotten(store: Store, clock: Fixed) -> None:
    with store.write() as db:
        calls.raise_(db, "screen-1", "/", clock.now())
        assert calls.forget_before(db, clock.now()) == 0
        clock.forward(1)
        assert calls.forget_before(db, clock.now()) == 1
        assert calls.open(db) == []
