from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.base.clock import FixedClock
from kiosk.records import reuse
from kiosk.records.reuse import ReuseRow
from kiosk.store.db import Store


@pytest.fixture
def row(store: Store, clock: FixedClock) -> ReuseRow:
    """Save a person's answers for a year."""
    expires_at = clock.now() + timedelta(days=365)
    row = ReuseRow(owner="owner", body=b"sealed", consented_at=clock.now(), expires_at=expires_at)
    with store.write() as db:
        reuse.save(db, row)
    return row


def test_what_was_kept_is_found_by_its_owner_only(store: Store, clock: FixedClock, row: ReuseRow) -> None:
    with store.read() as db:
        assert reuse.find(db, "owner", clock.now()) == row
        assert reuse.find(db, "other", clock.now()) is None


def test_later_answers_replace_earlier_ones(store: Store, clock: FixedClock, row: ReuseRow) -> None:
    later = replace(row, body=b"sealed later", consented_at=clock.now() + timedelta(days=1))
    with store.write() as db:
        reuse.save(db, later)
        assert reuse.find(db, "owner", clock.now()) == later
        assert reuse.delete(db, "owner")
        assert not reuse.delete(db, "owner")


def test_what_is_out_of_time_is_neither_shown_nor_kept(store: Store, clock: FixedClock, row: ReuseRow) -> None:
    with store.write() as db:
        clock.advance(365 * 86400 - 1)
        assert reuse.find(db, "owner", clock.now()) == row
        assert reuse.expired(clock.now()).wipe_all(db) == 0
        clock.advance(1)
        assert reuse.find(db, "owner", clock.now()) is None
        assert reuse.expired(clock.now()).wipe_all(db) == 1
