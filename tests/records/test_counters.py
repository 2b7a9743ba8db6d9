from datetime import date, timedelta

from kiosk.base.clock import FixedClock
from kiosk.records import counters
from kiosk.store.db import Store

DAY = date(2026, 11, 24)


def test_a_counter_is_open_after_an_open_event_of_the_day(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        assert counters.open(db, DAY, 2, clock.now(), "CB02")
        assert counters.open(db, DAY, 1, clock.now(), "CB01")
        assert counters.open_counters(db, DAY) == {1: "CB01", 2: "CB02"}
        assert counters.close(db, DAY, 2, clock.now(), "CB02")
        assert counters.open_counters(db, DAY) == {1: "CB01"}
        assert counters.open_counters(db, DAY + timedelta(days=1)) == {}


def test_a_second_opening_or_closing_changes_nothing(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        assert not counters.close(db, DAY, 1, clock.now(), "CB01")
        counters.open(db, DAY, 1, clock.now(), "CB01")
        assert not counters.open(db, DAY, 1, clock.now(), "CB01")
        assert counters.open(db, DAY, 1, clock.now(), "CB02")
        assert [(event.event, event.actor) for event in counters.events(db, DAY)] == [
            ("opened", "CB01"),
            ("opened", "CB02"),
        ]
        assert counters.open_counters(db, DAY) == {1: "CB02"}


def test_old_days_are_forgotten(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        counters.open(db, DAY, 1, clock.now(), "CB01")
        assert counters.before(DAY).wipe_all(db) == 0
        assert counters.before(DAY + timedelta(days=1)).wipe_all(db) == 1
