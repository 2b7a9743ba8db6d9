"""The turn_backs table: how often forms were left, and officers called, after which step. Counts only, no person."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlite_utils import Database

from kiosk.expired_rows import ExpiredRows

TurnBackKind = Literal["left", "called"]


@dataclass(frozen=True)
class TurnBack:
    """A procedure and its last finished step ("" before the first), and how often citizens left or called there."""

    procedure: str
    step: str
    left: int
    called: int


def note(db: Database, day: date, procedure: str, step: str, kind: TurnBackKind) -> None:
    """Count one more form that was left, or one more call, after a step."""
    sql = """insert into turn_backs (day, procedure, step, kind, count) values (?, ?, ?, ?, 1)
             on conflict do update set count = count + 1"""
    db.execute(sql, [day.isoformat(), procedure, step, kind])


def between(db: Database, first: date, last: date) -> list[TurnBack]:
    """Return the counts of some days, both included; the place with the most first."""
    sql = """select procedure, step, sum(count) filter (where kind = 'left'), sum(count) filter (where kind = 'called')
             from turn_backs where day >= ? and day <= ? group by procedure, step
             order by sum(count) desc, procedure, step"""
    rows = db.execute(sql, [first.isoformat(), last.isoformat()]).fetchall()
    return [
        TurnBack(procedure=procedure, step=step, left=left or 0, called=called or 0)
        for procedure, step, left, called in rows
    ]


def before(day: date) -> ExpiredRows:
    """Return the counts of earlier days."""
    args = {"day": day.isoformat()}
    return ExpiredRows(table="turn_backs", change="delete from turn_backs", where="day < :day", args=args)
