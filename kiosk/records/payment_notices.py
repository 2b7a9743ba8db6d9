"""The payment_notices table: what the bank told of the ward's account, each movement once.

    recorded -> settled      its subject was looked for by the payment key; None: it leads nowhere

A notice has no name, no account of the payer and no text of the transfer.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.store.expired_rows import ExpiredRows
from sync.parcel import PaymentNotice

_LAST_NOTICE = "source = 'notice'"


@dataclass(frozen=True, kw_only=True)
class NoticeRow:
    """A notice at this kiosk; `account` and `reference` are its identity.

    Attributes:
        payment_key: the key in the text of the transfer; None where there was no single one.
        hint: the receipt number in the text of an older slip, for people alone.
        day: the ward's day on which this kiosk recorded it.
        subject: receipt number, or queue number and day; None where the key leads nowhere.
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


def of_subject(db: Database, subject: str) -> list[NoticeRow]:
    """Return the notices of a subject, in the order of the bank."""
    return _all(db, "where subject = ? order by booked_at, recorded_at, rowid", [subject])


def last_noticed(db: Database) -> datetime | None:
    """Return when the gateway received the last notice of a bank's line; None where there is no line."""
    at = db.execute(f"select max(received_at) from payment_notices where {_LAST_NOTICE}").fetchone()[0]  # noqa: S608  # nosec B608 # a constant of this module
    return clock.parse_timestamp(at) if at else None


def before(day: date) -> ExpiredRows:
    """Return the notices that were recorded before a day."""
    args = {"day": day.isoformat()}
    return ExpiredRows(table="payment_notices", change="delete from payment_notices", where="day < :day", args=args)


_COLUMNS = """account, reference, direction, amount, booked_at, received_at, source, payment_key, hint, day,
  recorded_at, settled_at, subject"""
_TIMES = ("booked_at", "received_at", "recorded_at", "settled_at")


def _all(db: Database, where: str, args: list[Any]) -> list[NoticeRow]:
    return [_notice(row) for row in db.query(f"select {_COLUMNS} from payment_notices {where}", args)]  # noqa: S608  # nosec B608 # constants of this module


def _notice(row: dict[str, Any]) -> NoticeRow:
    times = {name: clock.parse_timestamp(row[name]) if row[name] else None for name in _TIMES}
    return NoticeRow(**{**row, **times, "day": date.fromisoformat(row["day"])})
