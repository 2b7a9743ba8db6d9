"""The fees table: one row for each fee of a case that was asked for, its state, and the day's sums.

    due -> paid | waived        due, paid, waived -> void (with a reason; nothing is deleted)

Amounts are whole dong. A day's sum is the money in the till at its end: payments of the day, without payments that were
voided on the same day, minus refunds on this day of payments of earlier days.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk.base import clock

FeeState = Literal["due", "paid", "waived", "void"]
PaymentMethod = Literal["cash", "transfer"]
FeeReason = Literal["city", "counted", "part", "other"]
"""Reason why the amount is not the listed one: city's level, counted again, part of it, or as the desk note says."""
VoidReason = Literal["mistaken", "returned", "not_wanted", "other"]
"""Reason why a row is void: pressed by mistake, money returned, case dropped, or as the desk note says."""

BANK = "bank"
"""Actor of a fee that the bank's notice settled without an officer."""
PART = "#2"
"""End of the fee's id in the row of its rest, where a part came by transfer and the rest in cash."""
METHODS: tuple[PaymentMethod, ...] = PaymentMethod.__args__  # type: ignore[attr-defined]
REASONS: tuple[FeeReason, ...] = FeeReason.__args__  # type: ignore[attr-defined]
VOID_REASONS: tuple[VoidReason, ...] = VoidReason.__args__  # type: ignore[attr-defined]
MAX_AMOUNT = 100_000_000


@dataclass(frozen=True)
class FeeRow:
    """A fee of a case.

    Attributes:
        fee: the fee's id in the procedure, and `PART` in the row of a rest.
        listed: the amount in the procedure; None when it is not known.
        amount: the amount that was asked for.
        day: the ward's day of the last change other than voiding; `actor` and `at` belong to that change too.
        bank_at: when the bank's notice of this transfer was received; None while an officer alone says so.
    """

    id: str
    submission_id: str
    receipt_no: str
    fee: str
    listed: int | None
    amount: int
    reason: FeeReason | None
    exemption: str | None
    method: PaymentMethod | None
    state: FeeState
    day: date
    actor: str
    at: datetime
    void_reason: VoidReason | None = None
    void_day: date | None = None
    void_actor: str | None = None
    void_at: datetime | None = None
    bank_at: datetime | None = None

    @property
    def listed_fee(self) -> str:
        """The fee's id in the procedure, also of a rest."""
        return self.fee.removesuffix(PART)


@dataclass(frozen=True)
class DayTotal:
    """A day's sums in dong, and its numbers of rows.

    Attributes:
        taken: sums by method, with `given_back` already subtracted.
        by_officer: sums by officer and method.
        given_back: refunds on this day of earlier days' payments, by method.
    """

    day: date
    taken: Mapping[str, int] = field(default_factory=dict)
    by_officer: Mapping[tuple[str, str], int] = field(default_factory=dict)
    given_back: Mapping[str, int] = field(default_factory=dict)
    paid: int = 0
    waived: int = 0
    voided: int = 0
    due: int = 0
    cases: int = 0

    @property
    def total(self) -> int:
        """The sum of all methods."""
        return sum(self.taken.values())


def insert(db: Database, fee: FeeRow) -> None:
    """Insert a fee that is asked for or waived; a second row of the same fee and case breaks a unique index."""
    sql = """insert into fees (id, submission_id, receipt_no, fee, listed, amount, reason, exemption, method, state,
               day, actor, at, bank_at)
             values (:id, :submission_id, :receipt_no, :fee, :listed, :amount, :reason, :exemption, :method, :state,
               :day, :actor, :at, :bank_at)"""
    db.execute(sql, _values(fee))


def update(db: Database, fee: FeeRow) -> bool:
    """Write the new state of a fee; return False when it is no longer due."""
    sql = """update fees set submission_id = :submission_id, listed = :listed, amount = :amount, reason = :reason,
               exemption = :exemption, method = :method, state = :state, day = :day, actor = :actor, at = :at,
               bank_at = :bank_at, changes = changes + 1 where id = :id and state = 'due'"""
    return db.execute(sql, _values(fee)).rowcount > 0


def confirm(db: Database, receipt_no: str, bank_at: datetime) -> None:
    """Note that the bank has told of the transfers of a case that an officer had confirmed alone."""
    sql = """update fees set bank_at = ?, changes = changes + 1
             where receipt_no = ? and state = 'paid' and method = 'transfer' and bank_at is null"""
    db.execute(sql, [clock.timestamp(bank_at), receipt_no])


def unconfirm(db: Database, receipt_no: str) -> None:
    """Take back what `confirm` has noted, because a notice turned out to be of another case."""
    sql = """update fees set bank_at = null, changes = changes + 1
             where receipt_no = ? and state = 'paid' and method = 'transfer' and bank_at is not null"""
    db.execute(sql, [receipt_no])


def void(db: Database, fee_id: str, reason: VoidReason, day: date, now: datetime, actor: str) -> bool:
    """Void a fee; return False when it is void already or unknown."""
    sql = """update fees set state = 'void', void_reason = ?, void_day = ?, void_actor = ?, void_at = ?,
               changes = changes + 1 where id = ? and state <> 'void'"""
    return db.execute(sql, [reason, day.isoformat(), actor, clock.timestamp(now), fee_id]).rowcount > 0


def find(db: Database, fee_id: str) -> FeeRow | None:
    """Return a fee by its id."""
    return next(iter(_all(db, "where id = ?", [fee_id])), None)


def of_case(db: Database, receipt_no: str) -> list[FeeRow]:
    """Return the fees of a case that are not void, in the order of asking."""
    return _all(db, "where receipt_no = ? and state <> 'void' order by rowid", [receipt_no])


def cases_due(db: Database, amount: int, limit: int) -> list[str]:
    """Return the receipt numbers of cases of which the desk has asked for exactly this sum, the newest first."""
    sql = """select receipt_no from fees where state = 'due'
             group by receipt_no having sum(amount) = ? order by max(at) desc, receipt_no limit ?"""
    return [row[0] for row in db.execute(sql, [amount, limit])]


def voided_with(db: Database, fee: FeeRow) -> list[FeeRow]:
    """Return the fees that the same press voided as a void one, in the order of asking."""
    at = clock.timestamp(fee.void_at) if fee.void_at else None
    where = "where receipt_no = ? and void_at = ? and void_actor = ? and void_reason = ? order by rowid"
    return _all(db, where, [fee.receipt_no, at, fee.void_actor, fee.void_reason])


def count_changes(db: Database, receipt_no: str) -> int:
    """Return the number of changes to a case's fees, by which a page notices that it is stale."""
    sql = "select coalesce(sum(changes), 0) from fees where receipt_no = ?"
    return int(db.execute(sql, [receipt_no]).fetchone()[0])


def slip_key(db: Database, submission_id: str, receipt_no: str) -> str:
    """Return the key of the fee slip in the print spool: another one after each change of the fees."""
    return f"fee:{submission_id}:{count_changes(db, receipt_no)}"


def of_day(db: Database, day: date) -> list[FeeRow]:
    """Return the fees that were changed or voided on a day, in the order of time."""
    where = "where day = ? or void_day = ? order by coalesce(void_at, at), rowid"
    return _all(db, where, [day.isoformat(), day.isoformat()])


def day_total(db: Database, day: date) -> DayTotal:
    """Return the sums of a day."""
    fees = of_day(db, day)
    taken: dict[str, int] = {}
    by_officer: dict[tuple[str, str], int] = {}
    given_back: dict[str, int] = {}
    for fee in fees:
        sign = _sign(fee, day)
        if sign and fee.method:
            taken[fee.method] = taken.get(fee.method, 0) + sign * fee.amount
            # A refund counts for the officer who made it.
            officer = fee.actor if sign > 0 else str(fee.void_actor)
            by_officer[officer, fee.method] = by_officer.get((officer, fee.method), 0) + sign * fee.amount
            if sign < 0:
                given_back[fee.method] = given_back.get(fee.method, 0) + fee.amount
    paid = [fee for fee in fees if _sign(fee, day) > 0]
    return DayTotal(
        day=day,
        taken=taken,
        by_officer=by_officer,
        given_back=given_back,
        paid=len(paid),
        waived=sum(1 for fee in fees if fee.state == "waived"),
        voided=sum(1 for fee in fees if fee.void_day == day),
        due=sum(1 for fee in fees if fee.state == "due"),
        cases=len({fee.receipt_no for fee in paid}),
    )


def _sign(fee: FeeRow, day: date) -> int:
    """Return 1 for a payment on a day, -1 for a refund, 0 for neither."""
    if fee.method is None:
        return 0
    return int(fee.day == day) - int(fee.void_day == day)


_TIMES = ("at", "void_at", "bank_at")
_COLUMNS = """id, submission_id, receipt_no, fee, listed, amount, reason, exemption, method, state, day, actor, at,
  void_reason, void_day, void_actor, void_at, bank_at"""


def _values(fee: FeeRow) -> dict[str, Any]:
    bank_at = clock.timestamp(fee.bank_at) if fee.bank_at else None
    return vars(fee) | {"day": fee.day.isoformat(), "at": clock.timestamp(fee.at), "bank_at": bank_at}


def _all(db: Database, where: str, args: list[Any]) -> list[FeeRow]:
    return [_fee(row) for row in db.query(f"select {_COLUMNS} from fees {where}", args)]  # noqa: S608  # nosec B608 # constants


def _fee(row: dict[str, Any]) -> FeeRow:
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("day", "void_day")}
    times = {name: clock.parse_timestamp(row[name]) if row[name] else None for name in _TIMES}
    return FeeRow(**{**row, **days, **times})
