"""Counts of what happens on the pages of a form, so that an author of procedures sees which question is bad."""

from collections.abc import Sequence
from contextlib import suppress

from kiosk.context import Context
from kiosk.errors import StoreUnavailable
from kiosk.records import page_counts
from kiosk.records.page_counts import PageEvent, PagePlace

LONGEST_STAY = 1800.0
"""Seconds; a longer stay, or one that began before the machine started again, is not counted."""
MAX_CHECKS = 20
"""Checks of one sent page that are counted."""


def count_page(context: Context, place: PagePlace, seconds: float | None, checks: Sequence[str]) -> None:
    """Count a page that was sent: how long it took, or the checks that stopped it.

    The page itself is stored before; a store that is busy now loses only the count.

    Args:
        seconds: since the page was shown; None where it is not known.
        checks: question and check of each error; none where the page is finished.
    """
    events = [PageEvent(kind="check", detail=check) for check in checks[:MAX_CHECKS]]
    if not events and seconds is not None and 0 <= seconds <= LONGEST_STAY:
        events = [PageEvent(kind="time", detail=page_counts.bucket(seconds))]
    if not events:
        return
    with suppress(StoreUnavailable), context.store.write() as db:
        for event in events:
            page_counts.note(db, context.clock.today(), place, event)
