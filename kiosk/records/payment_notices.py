"""The payment_notices table: what the bank told of the ward's account, each movement once.

    recorded -> settled      its subject was looked for by the payment key; None: it leads nowhere
    settled -> chosen        a lead chose the subject of a notice that led nowhere, with a reason
    chosen -> settled        the lead took the choice back

A notice has no name, no account of the payer and no text of the transfer.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.store.expired_rows import ExpiredRows
from sync.parcel import PaymentNotice

MAX_REASON_LENGTH = 200
_LAST_NOTICE = "source = 'notice'"


@dataclass(frozen=True, kw_only=True)
class NoticeRow:
    """A notice at this kiosk; `account` and `reference` are its identity.

    Attributes:
        payment_key: the key in the text of the transfer; None where there was no single one.
        hint: the receipt number in the text of an older slip, for people alone.
        day: the ward's day on which this kiosk recorded it.
        subject: receipt number, or queue number and day; None where the key leads nowhere.
        chosen_by: the lead who chose the subject at `chosen_at`, with `reason`; versions before 0.3 wrote no time.
    """

    account: str
    reference: str
    direction: Literal["in", "out"]
    amount: int
    booked_at: datetime
    received_at: datetime
    source: Literal["notice", "statement"]
    payment_key: str | None
    hint: str | None
    day: date
    recorded_at: datetime
    settled_at: datetime | None
    subject: str | None
    chosen_by: str | None
    chosen_at: datetime | None
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class NoticeChoice:
    """A lead's choice of the subject of a notice that led nowhere."""

    subject: str
    reason: str
    actor: str
    at: datetime


def record(db: Database, notice: PaymentNotice, day: date, now: datetime) -> bool:
    """Insert a notice; return False for one that is here already, which changes nothing."""
    sql = """insert into payment_notices (account, reference, direction, amount, booked_at, received_at, source,
               payment_key, hint, day, recorded_at)
             values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (account, reference) do nothing"""
    times = [clock.timestamp(notice.booked_at), clock.timestamp(notice.received_at)]
    texts = [notice.source, notice.key or None, notice.hint or None, day.isoformat(), clock.timestamp(now)]
    args = [notice.account, notice.reference, notice.direction, notice.amount, *times, *texts]
    return db.execute(sql, args).rowcount > 0


def unsettled(db: Database, limit: int) -> list[NoticeRow]:
    """Return notices whose subject was not looked for yet, oldest first."""
    return _all(db, "where settled_at is null order by recorded_at, rowid limit ?", [limit])


def settle(db: Database, notice: NoticeRow, subject: str | None, now: datetime) -> None:
    """Write the subject of a notice; None where its key leads nowhere."""
    sql = """update payment_notices set settled_at = ?, subject = ?
             where account = ? and reference = ? and settled_at is null"""
    db.execute(sql, [clock.timestamp(now), subject, notice.account, notice.reference])


def choose(db: Database, notice: NoticeRow, choice: NoticeChoice) -> bool:
    """Write the subject that a lead chose; return False for a notice that has one."""
    sql = """update payment_notices set subject = ?, chosen_by = ?, chosen_at = ?, reason = ?
             where account = ? and reference = ? and settled_at is not null and subject is null"""
    args = [choice.subject, choice.actor, clock.timestamp(choice.at), choice.reason, notice.account, notice.reference]
    return db.execute(sql, args).rowcount > 0


def take_back_choice(db: Database, notice: NoticeRow) -> None:
    """Write that the subject of a notice is not known, as before a lead chose it."""
    sql = """update payment_notices set subject = null, chosen_by = null, chosen_at = null, reason = null
             where account = ? and reference = ? and chosen_by is not null"""
    db.execute(sql, [notice.account, notice.reference])


def find(db: Database, account: str, reference: str) -> NoticeRow | None:
    """Return a notice."""
    return next(iter(_all(db, "where account = ? and reference = ?", [account, reference])), None)


def of_subject(db: Database, subject: str) -> list[NoticeRow]:
    """Return the notices of a subject, in the order of the bank."""
    return _all(db, "where subject = ? order by booked_at, recorded_at, rowid", [subject])


def without_subject(db: Database) -> list[NoticeRow]:
    """Return the payments whose subject nobody knows, oldest first."""
    where = "where settled_at is not null and subject is null and direction = 'in' order by booked_at, rowid"
    return _all(db, where, [])


def subjects_of_day(db: Database, day: date) -> list[str]:
    """Return the subjects of the notices that were recorded on a day, in the order of the bank."""
    sql = """select subject from payment_notices where day = ? and subject is not null
             group by subject order by max(booked_at), subject"""
    return [str(row[0]) for row in db.execute(sql, [day.isoformat()])]


def open_subjects(db: Database) -> list[str]:
    """Return the subjects whose notices and refunds differ from the transfers that the desk has written down."""
    return [str(row[0]) for row in db.execute(_OPEN)]


def received_on(db: Database, day: date) -> int:
    """Return the sum of the payments that were recorded on a day, in dong."""
    sql = "select coalesce(sum(amount), 0) from payment_notices where day = ? and direction = 'in'"
    return int(db.execute(sql, [day.isoformat()]).fetchone()[0])


def last_noticed(db: Database) -> datetime | None:
    """Return when the gateway received the last notice of a bank's line; None where there is no line."""
    at = db.execute(f"select max(received_at) from payment_notices where {_LAST_NOTICE}").fetchone()[0]  # noqa: S608  # nosec B608 # a constant of this module
    return clock.parse_timestamp(at) if at else None


def before(day: date) -> ExpiredRows:
    """Return the notices that were recorded before a day."""
    args = {"day": day.isoformat()}
    return ExpiredRows(table="payment_notices", change="delete from payment_notices", where="day < :day", args=args)


_OPEN = """
  with told as (
    select subject, sum(amount) filter (where direction = 'in') as received,
      coalesce(sum(amount) filter (where direction = 'out'), 0) as returned,
      coalesce((select sum(amount) from payment_refunds where subject = notice.subject and undone_at is null), 0)
        as promised,
      coalesce((select sum(amount) from fees where receipt_no = notice.subject and state <> 'void'
        and method = 'transfer'), 0) as fees,
      coalesce((select sum(amount) from services where label = substr(notice.subject, 1, instr(notice.subject, ' ') - 1)
        and day = substr(notice.subject, instr(notice.subject, ' ') + 1) and method = 'transfer'
        and void_at is null), 0) as services
    from payment_notices as notice where subject is not null group by subject
  )
  select subject from told where coalesce(received, 0) - max(returned, promised) <> fees + services order by subject
"""
_COLUMNS = """account, reference, direction, amount, booked_at, received_at, source, payment_key, hint, day,
  recorded_at, settled_at, subject, chosen_by, chosen_at, reason"""
_TIMES = ("booked_at", "received_at", "recorded_at", "settled_at", "chosen_at")


def _all(db: Database, where: str, args: list[Any]) -> list[NoticeRow]:
    return [_notice(row) for row in db.query(f"select {_COLUMNS} from payment_notices {where}", args)]  # noqa: S608  # nosec B608 # constants of this module


def _notice(row: dict[str, Any]) -> NoticeRow:
    times = {name: clock.parse_timestamp(row[name]) if row[name] else None for name in _TIMES}
    return NoticeRow(**{**row, **times, "day": date.fromisoformat(row["day"])})
