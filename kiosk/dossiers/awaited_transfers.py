"""Pages that wait for a transfer: while one was shown lately, the feed is read every two seconds.

The page and the worker are two processes, so the time is a mark of the store.
"""

from datetime import timedelta

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.context import Context
from kiosk.records import marks

AWAITED = "transfer.awaited"
"""Mark of the last time that a page with a transfer code was shown."""
AWAITED_FOR = timedelta(minutes=10)


def note(context: Context, db: Database) -> None:
    """Note, inside a write, that a page waits for a transfer."""
    marks.put(db, AWAITED, clock.timestamp(context.clock.now()))


def is_awaited(context: Context) -> bool:
    """Return whether a page that waits for a transfer was shown lately; a clock that was set back ends it."""
    with context.store.read() as db:
        since = marks.get(db, AWAITED)
    return since is not None and abs(context.clock.now() - clock.parse_timestamp(since)) < AWAITED_FOR
