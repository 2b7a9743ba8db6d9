from datetime import timedelta

from kiosk.clock import FixedClock
from kiosk.records import tries
from kiosk.store.db import Store


def test_a_receipt_allows_five_tries_in_a_day(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        for _ in range(5):
            assert tries.seconds_to_wait(db, "receipt", "screen", clock.now()) == 0
            tries.insert(db, "receipt", "screen", clock.now())
            clock.advance(60)
        assert tries.seconds_to_wait(db, "receipt", "another screen", clock.now()) == 24 * 3600 - 300
        assert tries.seconds_to_wait(db, "another receipt", "screen", clock.now()) == 0
        clock.advance(24 * 3600 - 300)
        assert tries.seconds_to_wait(db, "receipt", "screen", clock.now()) == 0


def test_a_screen_allows_twenty_tries_an_hour(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        for count in range(20):
            assert tries.seconds_to_wait(db, f"receipt {count}", "screen", clock.now()) == 0
            tries.insert(db, f"receipt {count}", "screen", clock.now())
        assert tries.seconds_to_wait(db, "receipt", "screen", clock.now()) == 3600
        assert tries.seconds_to_wait(db, "receipt", "another screen", clock.now()) == 0
        clock.advance(3600)
        assert tries.seconds_to_wait(db, "receipt", "screen", clock.now()) == 0


def test_a_right_answer_clears_its_receipt(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        for _ in range(5):
            tries.insert(db, "receipt", "screen", clock.now())
        tries.delete(db, "receipt")
        assert tries.seconds_to_wait(db, "receipt", "screen", clock.now()) == 0


def test_old_tries_are_forgotten(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        tries.insert(db, "receipt", "screen", clock.now())
        assert tries.delete_before(db, clock.now()) == 0
        assert tries.delete_before(db, clock.now() + timedelta(seconds=1)) == 1
