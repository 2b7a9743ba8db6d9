"""Counts of what happens on the pages of a form, so that an author of procedures sees which question is bad."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlite_utils import Database

from kiosk.context import Context
from kiosk.records import page_counts
from kiosk.records.page_counts import PageEvent, PagePlace

LONGEST_STAY = 1800.0
"""Seconds; a longer stay, or one that began before the machine started again, is not counted."""
MAX_CHECKS = 20
"""Checks of one sent page that are counted."""


@contextmanager
def counting(context: Context, place: PagePlace, seconds: float | None, checks: Sequence[str]) -> Iterator[None]:
    """Count a page that is sent, in the write that stores it: a disk is waited for once.

    Args:
        seconds: since the page was shown; None where it is not known.
        checks: question and check of each error, read when the write ends; none where the page is finished.
    """
    context.store.before_next_commit(lambda db: _count(db, context, place, seconds=seconds, checks=checks))
    try:
        yield
    finally:
        context.store.before_next_commit(None)


def _count(db: Database, context: Context, place: PagePlace, *, seconds: float | None, checks: Sequence[str]) -> None:
    events = [PageEvent(kind="check", detail=check) for check in checks[:MAX_CHECKS]]
    if not events and seconds is not None and 0 <= seconds <= LONGEST_STAY:
        events = [PageEvent(kind="time", detail=page_counts.bucket(seconds))]
    for event in events:
        page_counts.note(db, context.clock.today(), place, event)
