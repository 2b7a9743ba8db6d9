"""Record of the last restore drill: when, which copy, and what it showed; a mark of the store."""

import json
from dataclasses import asdict, dataclass

from sqlite_utils import Database

from kiosk.records import marks

MARK = "drill"


@dataclass(frozen=True)
class DrillRecord:
    """The last drill.

    Attributes:
        at: its time, a text of `clock.timestamp`.
        copy: the number of the copy, 0 for a minute copy.
        forms: the submissions in it.
        broken: the bodies that did not match their digest.
        by_paper: it was opened with the recovery paper.
    """

    at: str
    copy: int
    forms: int
    broken: int
    by_paper: bool


def save(db: Database, record: DrillRecord) -> None:
    """Save the record of a drill."""
    marks.put(db, MARK, json.dumps(asdict(record)))


def last(db: Database) -> DrillRecord | None:
    """Return the record of the last drill; None when there was none."""
    stored = marks.get(db, MARK)
    return DrillRecord(**json.loads(stored)) if stored else None
