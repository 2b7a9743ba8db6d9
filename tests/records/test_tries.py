from datetime import timedelta

from kiosk.clock import Fixed
from kiosk.records import tries
from kiosk.store.db import Store


def test_a_receipt_allows_five_tries_in_a_day(store: Store, clock: Fixed) -> None:
    with store.write() as db:
        for _ in range(5):
            assert tries.wait(db, "lookup", "receipt", "screen", clock.now()) == 0
            tries.note(db, "lookup", "receipt", "screen", clock.now())
            clock.forward(60)
        assert tries.wait(db, "lookup", "receipt", "another screen", clock.now()) == 24 * 3600 - 300
        assert tries.wait(db, "lookup", "another receipt", "screen", clock.now()) == 0
        clock.forward(24 * 3600 - 300)
        assert tries.wait(db, "lookup", "receipt", "screen", clock.now()) == 0


def test_a_screen_allows_twenty_tries_an_hour(store: Store, clock: Fixed) -> None:
    with store.write() as db:
        for count in range(20):
            assert tries.wait(db, "lookup", f"receipt {count}", "screen", clock.now()) == 0
            tries.note(db, "lookup", f"receipt {count}", "screen", clock.now())
        assert tries.wait(db, "lookup", "receipt", "screen", clock.now()) == 3600
        assert tries.wait(db, "lookup", "receipt", "another screen", clock.now()) == 0
        assert tries.wait(db, "claim", "receipt", "screen", clock.now()) == 0
        clock.forward(3600)
        assert tries.wait(db, "lookup", "receipt", "screen", clock.now()) == 0


def test_claim_codes_allow_five_tries_an_hour_a_screen(store: Store, clock: Fixed) -> None:
    with store.write() as db:
        for count in range(5):
            assert tries.wait(db, "claim", f"code {count}", "screen", clock.now()) == 0
            tries.note(db, "claim", f"code {count}", "screen", clock.now())
        assert tries.wait(db, "claim", "code", "screen", clock.now()) == 3600


def test_a_right_answer_clears_its_receipt(store: Store, clock: Fixed) -> None:
    with store.write() as db:
        for _ in range(5):
            tries.note(db, "lookup", "receipt", "screen", clock.now())
        tries.clear(db, "lookup", "receipt")
        assert tries.wait(db, "lookup", "receipt", "screen", clock.now()) == 0


def test_old_tries_are_forgotten(store: Store, clock: Fixed) -> None:
    with store.write() as db:
        tries.note(db, "lookup", "receipt", "screen", clock.now())
        assert tries.forget_before(db, clock.now()) == 0
        assert tries.forget_before(db, clock.now() + timedelta(seconds=1)) == 1
