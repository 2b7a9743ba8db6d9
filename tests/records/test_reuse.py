from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.clock import Fixed
from kiosk.records import reuse
from kiosk.records.reuse import Kept
from kiosk.store.db import Store


@pytest.fixture
def kept(store: Store, clock: Fixed) -> Kept:
    """Answers that a person let be kept for a year."""
    kept = Kept("owner", b"sealed", clock.now(), clock.now() + timedelta(days=365))
    with store.write() as db:
        reuse.keep(db, kept)
    return kept


def test_what_was_kept_is_found_by_its_owner_only(store: Store, clock: Fixed, kept: Kept) -> None:
    with store.read() as db:
        assert reuse.find(db, "owner", clock.now()) == kept
        assert reuse.find(db, "other", clock.now()) is None


def test_later_answers_take_the_place_of_earlier_ones(store: Store, clock: Fixed, kept: Kept) -> None:
    later = replace(kept, body=b"sealed later", consented_at=clock.now() + timedelta(days=1))
    with store.write() as db:
        reuse.keep(db, later)
        assert reuse.find(db, "owner", clock.now()) == later
        assert reuse.forget(db, "owner")
        assert not reuse.forget(db, "owner")


def test_what_is_out_of_time_is_neither_shown_nor_kept(store: Store, clock: Fixed, kept: Kept) -> None:
    with store.write() as db:
        clock.forward(365 * 86400 - 1)
        assert reuse.find(db, "owner", clock.now()) == kept
        assert reuse.forget_expired(db, clock.now()) == 0
        clock.forward(1)
        assert reuse.find(db, "owner", clock.now()) is None
        assert reuse.forget_expired(db, clock.now()) == 1
