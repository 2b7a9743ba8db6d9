"""The fees table: one row a fee of a case that was asked for; what became of it, by whom, when, and the day's sums.

    due -> paid | waived        due, paid, waived -> void (with a reason; nothing is deleted)

Money is whole dong. A day's sum is what the till holds at its end: what was taken on that day, without what was taken
back on it, less what was taken back on it of days before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk import clock

State = Literal["due", "paid", "waived", "void"]
Method = Literal["cash", "transfer"]
Reason = Literal["city", "counted", "part", "other"]
"""Why the sum is not the listed one: the city's level, counted again, a part of it, as the counter's note says."""
VoidReason = Literal["mistaken", "returned", "not_wanted", "other"]
"""Why a row counts no more: pressed by mistake, money given back, the matter dropped, as the counter's note says."""

REASONS: tuple[Reason, ...] = Reason.__args__  # type: ignore[attr-defined]
VOID_REASONS: tuple[VoidReason, ...] = VoidReason.__args__  # type: ignore[attr-defined]
MOST = 100_000_000


@dataclass(frozen=True)
class Fee:
    """A row: the fee's id on the shelf, what the data list (None: not known), what is asked; `day` is when that was.

    `actor` and `at` tell of the last change but the voiding, which has its own.
    """

    id: str
    submission_id: str
    receipt_no: str
    fee: str
    listed: int | None
    amount: int
    reason: Reason | None
    exemption: str | None
    method: Method | None
    state: State
    day: date
    actor: str
    at: datetime
    void_reason: VoidReason | None = None
    void_day: date | None = None
    void_actor: str | None = None
    void_at: datetime | None = None


@dataclass(frozen=True)
class DayTotal:
    """A day's sums in dong: by method, and by officer and method; how many rows, waived, voided, still due."""

    day: date
    taken: Mapping[str, int] = field(default_factory=dict)
    by_officer: Mapping[tuple[str, str], int] = field(default_factory=dict)
    given_back: Mapping[str, int] = field(default_factory=dict)
    """By method: of days before, taken back on this one; already off `taken`'s sums."""
    paid: int = 0
    waived: int = 0
    voided: int = 0
    due: int = 0
    cases: int = 0

    @property
    def total(self) -> int:
        """All methods together."""
        return sum(self.taken.values())


def put(db: Database, one: Fee) -> None:
    """Write down a fee that is asked for, or waived; the store refuses a second one of a case."""
    sql = """insert into fees (id, submission_id, receipt_no, fee, listed, amount, reason, exemption, method, state,
               day, actor, at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
    told = [one.id, one.submission_id, one.receipt_no, one.fee, one.listed, one.amount, one.reason, one.exemption]
    db.execute(sql, [*told, one.method, one.state, one.day.isoformat(), one.actor, clock.stamp(one.at)])


def change(db: Database, one: Fee) -> bool:
    """Write how a fee that is still due now stands; False when it is due no more."""
    sql = """update fees set submission_id = ?, listed = ?, amount = ?, reason = ?, exemption = ?, method = ?,
               state = ?, day = ?, actor = ?, at = ?, changes = changes + 1 where id = ? and state = 'due'"""
    told = [one.submission_id, one.listed, one.amount, one.reason, one.exemption, one.method, one.state]
    return db.execute(sql, [*told, one.day.isoformat(), one.actor, clock.stamp(one.at), one.id]).rowcount > 0


def void(db: Database, fee_id: str, reason: VoidReason, day: date, now: datetime, actor: str) -> bool:
    """Let a row count no more; False when it does not already, or is unknown."""
    sql = """update fees set state = 'void', void_reason = ?, void_day = ?, void_actor = ?, void_at = ?,
               changes = changes + 1 where id = ? and state <> 'void'"""
    return db.execute(sql, [reason, day.isoformat(), actor, clock.stamp(now), fee_id]).rowcount > 0


def find(db: Database, fee_id: str) -> Fee | None:
    """Find a row."""
    return next(iter(_all(db, "where id = ?", [fee_id])), None)


def of_case(db: Database, receipt_no: str) -> list[Fee]:
    """List the rows of a case that count, in the order in which they were asked."""
    return _all(db, "where receipt_no = ? and state <> 'void' order by rowid", [receipt_no])


def changes(db: Database, receipt_no: str) -> int:
    """Return a number that grows with every change of a case's rows: what a page showed is stale when it has."""
    sql = "select coalesce(sum(changes), 0) from fees where receipt_no = ?"
    return int(db.execute(sql, [receipt_no]).fetchone()[0])


def of_day(db: Database, day: date) -> list[Fee]:
    """List the rows that a day has to do with, those voided on it among them, in the order of time."""
    told = [day.isoformat()] * 2
    return _all(db, "where day = ? or void_day = ? order by coalesce(void_at, at), rowid", told)


def total(db: Database, day: date) -> DayTotal:
    """Return the sums of a day."""
    rows = of_day(db, day)
    taken, by_officer, given_back = dict[str, int](), dict[tuple[str, str], int](), dict[str, int]()
    for one in rows:
        sign = _sign(one, day)
        if sign and one.method:
            taken[one.method] = taken.get(one.method, 0) + sign * one.amount
            # Who gave money back answers for it.
            who = one.actor if sign > 0 else str(one.void_actor)
            by_officer[who, one.method] = by_officer.get((who, one.method), 0) + sign * one.amount
            if sign < 0:
                given_back[one.method] = given_back.get(one.method, 0) + one.amount
    paid = [one for one in rows if _sign(one, day) > 0]
    return DayTotal(
        day,
        taken,
        by_officer,
        given_back,
        paid=len(paid),
        waived=sum(1 for one in rows if one.state == "waived"),
        voided=sum(1 for one in rows if one.void_day == day),
        due=sum(1 for one in rows if one.state == "due"),
        cases=len({one.receipt_no for one in paid}),
    )


def _sign(one: Fee, day: date) -> int:
    """How a row counts on a day: 1 taken, -1 given back, 0 neither."""
    if one.method is None:
        return 0
    return int(one.day == day) - int(one.void_day == day)


_COLUMNS = """id, submission_id, receipt_no, fee, listed, amount, reason, exemption, method, state, day, actor, at,
  void_reason, void_day, void_actor, void_at"""


def _all(db: Database, where: str, told: list[Any]) -> list[Fee]:
    return [_fee(row) for row in db.query(f"select {_COLUMNS} from fees {where}", told)]  # noqa: S608 - words of here


def _fee(row: dict[str, Any]) -> Fee:
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("day", "void_day")}
    times = {name: clock.read(row[name]) if row[name] else None for name in ("at", "void_at")}
    return Fee(**{**row, **days, **times})
