"""The page_counts table: how long a page of a form takes, which check stops it, where forms are left, officers called.

Counts only, by day, procedure, version and step: no person, no answer and no time of day.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlite_utils import Database

from kiosk.store.expired_rows import ExpiredRows

TurnBackKind = Literal["left", "called"]
PageCountKind = Literal["left", "called", "time", "check"]
BUCKETS = (15, 30, 60, 120, 300)
"""Longest times of the buckets in seconds; a longer time is `LONGER`."""
LONGER = "more"
CARD = ":card"
"""End of the name of a step whose page waits for a card: the wait has a time of its own."""


@dataclass(frozen=True)
class PagePlace:
    """A step of a version of a procedure; an empty step is the check page, an empty version an older release's."""

    procedure: str
    version: str
    step: str


@dataclass(frozen=True)
class PageEvent:
    """What happened on a page, and its detail: a bucket of a time, or the question and the check that stopped it."""

    kind: PageCountKind
    detail: str = ""


@dataclass(frozen=True)
class PageCount:
    """How often the same happened at a place."""

    place: PagePlace
    event: PageEvent
    count: int


def bucket(seconds: float) -> str:
    """Return the bucket of a time."""
    return next((str(longest) for longest in BUCKETS if seconds <= longest), LONGER)


def note(db: Database, day: date, place: PagePlace, event: PageEvent) -> None:
    """Count one more event at a place."""
    sql = """insert into page_counts (day, procedure, version, step, kind, detail, count) values (?, ?, ?, ?, ?, ?, 1)
             on conflict do update set count = count + 1"""
    at = [day.isoformat(), place.procedure, place.version, place.step]
    db.execute(sql, [*at, event.kind, event.detail])


def between(db: Database, first: date, last: date) -> list[PageCount]:
    """Return the counts of some days, both included, by place."""
    sql = """select procedure, version, step, kind, detail, sum(count) from page_counts where day >= ? and day <= ?
             group by procedure, version, step, kind, detail order by procedure, version, step, kind, detail"""
    rows = db.execute(sql, [first.isoformat(), last.isoformat()]).fetchall()
    return [
        PageCount(
            place=PagePlace(procedure=procedure, version=version, step=step),
            event=PageEvent(kind=kind, detail=detail),
            count=count,
        )
        for procedure, version, step, kind, detail, count in rows
    ]


def before(day: date) -> ExpiredRows:
    """Return the counts of earlier days."""
    args = {"day": day.isoformat()}
    return ExpiredRows(table="page_counts", change="delete from page_counts", where="day < :day", args=args, key="day")
