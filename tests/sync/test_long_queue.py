"""A round reads as much of a queue of a thousand forms as of a hundred, so that months without a line drain evenly."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlite_utils import Database

from sync import outbox
from tests.sync.harness import Harness

AT = datetime(2026, 11, 24, 1, tzinfo=UTC)
STEP = 100
"""Instructions of SQLite between two counts."""


def _next_batch(db: Database) -> object:
    batch = outbox.next_batch(db, run=1, monotonic_now=0.0, limit=50)
    assert len(batch) == 50
    return batch


def _work(harness: Harness, read: Callable[[Database], object]) -> int:
    """Return how many hundreds of instructions SQLite executes for a read."""
    counted = list[int]()
    with harness.store.read() as db:
        read(db)  # the statements are compiled
        db.conn.set_progress_handler(lambda: counted.append(1), STEP)
        read(db)
        db.conn.set_progress_handler(None, STEP)
    return len(counted)


def _queue(harness: Harness, count: int) -> None:
    with harness.store.write() as db:
        for number in range(count):
            outbox.enqueue(db, f"{count}-{number}", AT, legal_deadline="2027-01-20")


def test_a_full_batch_and_the_oldest_form_are_found_without_reading_the_queue(harness: Harness) -> None:
    _queue(harness, 100)
    few = [_work(harness, read) for read in (_next_batch, outbox.oldest_open)]
    _queue(harness, 1000)
    many = [_work(harness, read) for read in (_next_batch, outbox.oldest_open)]
    assert all(long <= short + 1 for long, short in zip(many, few, strict=True)), (few, many)


def test_a_queue_tells_since_when_it_waits_and_an_empty_one_nothing(harness: Harness) -> None:
    first = harness.submit()
    act = harness.add_event(first, 1)
    with harness.store.read() as db:
        since = outbox.oldest_open(db)
    assert since is not None
    harness.run_until_idle()
    assert harness.portal.accepted == [first, act]
    with harness.store.read() as db:
        assert outbox.oldest_open(db) is None
