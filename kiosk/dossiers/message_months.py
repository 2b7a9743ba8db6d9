"""Counts of this month's messages to phones, as the portal's last answer to a report had them; a mark of the store."""

import json

from sqlite_utils import Database

from kiosk.records import marks
from sync.portals.base import MessageMonth

_MARK = "messages_month"


def record(db: Database, month: MessageMonth | None) -> None:
    """Store the counts; None of a portal that sends none."""
    value = json.dumps(vars(month)) if month else ""
    if (marks.get(db, _MARK) or "") != value:
        marks.put(db, _MARK, value)


def load(db: Database) -> MessageMonth | None:
    """Return the counts; None where the portal sends no messages, or has not told."""
    value = marks.get(db, _MARK)
    return MessageMonth(**json.loads(value)) if value else None
