"""The services table: how a number ended without a decision, and the services done for it, with their lines.

    waits | held    the citizen comes back with the same number
    asked           a question was answered, nothing else
    done            services were done: their lines, the sum, how it was paid, the number in the year's register

A row is never changed; one that was written by mistake becomes void, with a reason, and its payment leaves the sums of
the day on which it was voided. The note is sealed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.store.expired_rows import ExpiredRows

Outcome = Literal["waits", "held", "asked", "done"]
OUTCOMES: tuple[Outcome, ...] = Outcome.__args__  # type: ignore[attr-defined]
NOTE = "service note"
"""Vault purpose of a sealed note."""
MAX_COPIES = 999
MAX_PAGES = 9999


@dataclass(frozen=True)
class ServiceLine:
    """A service that was done: its procedure and fee, copies, pages of a copy where the fee counts them, dong."""

    procedure: str
    fee: str
    name: str
    copies: int
    pages: int | None
    amount: int


@dataclass(frozen=True)
class ServiceRecord:
    """The end of a number; `register_no` counts the done services of a year."""

    id: str
    ticket_id: str
    label: str
    submission_id: str | None
    day: date
    counter: int
    outcome: Outcome
    register_no: int | None
    amount: int
    method: Literal["cash", "transfer"] | None
    exemption: str | None
    actor: str
    at: datetime
    void_reason: str | None = None
    void_day: date | None = None
    void_actor: str | None = None
    void_at: datetime | None = None
    bank_at: datetime | None = None
    """When the bank's notice of this transfer was received; None while an officer alone says so."""


@dataclass(frozen=True)
class ServicePayments:
    """Money taken for services on a day, in dong by method and by officer, refunds subtracted; and counts."""

    taken: Mapping[str, int]
    by_officer: Mapping[tuple[str, str], int]
    done: int


@dataclass(frozen=True)
class ServiceCount:
    """Services of one name: how many, their copies, their amounts in dong, and the part of these that was waived."""

    name: str
    services: int
    copies: int
    amount: int
    waived: int


def insert(db: Database, service: ServiceRecord, lines: tuple[ServiceLine, ...], note: bytes | None) -> None:
    """Insert the end of a number with its lines."""
    sql = """insert into services (id, ticket_id, label, submission_id, day, counter, outcome, register_no, note,
               amount, method, exemption, actor, at)
             values (:id, :ticket_id, :label, :submission_id, :day, :counter, :outcome, :register_no, :note, :amount,
               :method, :exemption, :actor, :at)"""
    texts = {"day": service.day.isoformat(), "at": clock.timestamp(service.at), "note": note}
    db.execute(sql, vars(service) | texts)
    sql = """insert into service_lines (service_id, place, procedure, fee, name, copies, pages, amount)
             values (:service_id, :place, :procedure, :fee, :name, :copies, :pages, :amount)"""
    for place, line in enumerate(lines, 1):
        db.execute(sql, vars(line) | {"service_id": service.id, "place": place})


def next_register_no(db: Database, day: date) -> int:
    """Return the next number in the register of a day's year."""
    sql = """select coalesce(max(register_no), 0) + 1 from services
             where register_no is not null and substr(day, 1, 4) = ?"""
    return int(db.execute(sql, [f"{day:%Y}"]).fetchone()[0])


def find(db: Database, service_id: str) -> ServiceRecord | None:
    """Return a service by its id."""
    return next(iter(_all(db, "where id = ?", [service_id])), None)


def of_ticket(db: Database, ticket_id: str) -> list[ServiceRecord]:
    """Return how a number ended, oldest first; voided rows are left out."""
    return _all(db, "where ticket_id = ? and void_at is null order by at, rowid", [ticket_id])


def of_day(db: Database, day: date) -> list[ServiceRecord]:
    """Return the ends of a day's numbers, and those that were voided on that day, in the order of time."""
    return _all(db, "where day = ? or void_day = ? order by at, rowid", [day.isoformat(), day.isoformat()])


def lines_of(db: Database, service_id: str) -> list[ServiceLine]:
    """Return the lines of a service."""
    sql = """select procedure, fee, name, copies, pages, amount from service_lines where service_id = ?
             order by place"""
    return [ServiceLine(**row) for row in db.query(sql, [service_id])]


def note(db: Database, service_id: str) -> bytes | None:
    """Return the sealed note of a service."""
    row = db.execute("select note from services where id = ?", [service_id]).fetchone()
    return row[0] if row else None


def void(db: Database, service_id: str, reason: str, day: date, now: datetime, actor: str) -> bool:
    """Void a service; return False when it is void already or unknown."""
    sql = """update services set void_reason = ?, void_day = ?, void_actor = ?, void_at = ?
             where id = ? and void_at is null"""
    return db.execute(sql, [reason, day.isoformat(), actor, clock.timestamp(now), service_id]).rowcount > 0


def confirm(db: Database, ticket_id: str, bank_at: datetime) -> None:
    """Note that the bank has told of the transfers of a number that an officer had confirmed alone."""
    sql = """update services set bank_at = ?
             where ticket_id = ? and void_at is null and method = 'transfer' and bank_at is null"""
    db.execute(sql, [clock.timestamp(bank_at), ticket_id])


def payments(db: Database, day: date) -> ServicePayments:
    """Return what was taken for services on a day; a refund counts for the officer who made it."""
    taken: dict[str, int] = {}
    by_officer: dict[tuple[str, str], int] = {}
    done = 0
    for service in of_day(db, day):
        done += service.outcome == "done" and service.day == day and service.void_at is None
        sign = int(service.day == day) - int(service.void_day == day)
        if service.method is None or not sign:
            continue
        officer = service.actor if sign > 0 else str(service.void_actor)
        taken[service.method] = taken.get(service.method, 0) + sign * service.amount
        key = (officer, service.method)
        by_officer[key] = by_officer.get(key, 0) + sign * service.amount
    return ServicePayments(taken=taken, by_officer=by_officer, done=done)


def counts(db: Database, day: date) -> list[ServiceCount]:
    """Count the services of a day that were done and are not void, by name, the most frequent first."""
    sql = """select line.name, count(*) as services, sum(line.copies) as copies, sum(line.amount) as amount,
               sum(line.amount) filter (where done.method is null) as waived
             from services done join service_lines line on line.service_id = done.id
             where done.day = ? and done.outcome = 'done' and done.void_at is null
             group by line.name order by services desc, line.name"""
    rows = db.query(sql, [day.isoformat()])
    return [ServiceCount(**{**row, "waived": row["waived"] or 0}) for row in rows]


def most_used(db: Database, since: date, limit: int) -> list[tuple[str, str]]:
    """Return procedure and fee of the services that were done most often since a day, the most frequent first."""
    sql = """select line.procedure, line.fee
             from services done join service_lines line on line.service_id = done.id
             where done.day >= ? and done.outcome = 'done' and done.void_at is null
             group by line.procedure, line.fee order by count(*) desc, line.procedure, line.fee limit ?"""
    return [(row[0], row[1]) for row in db.execute(sql, [since.isoformat(), limit])]


def counts_by_procedure(db: Database, since: date, until: date) -> dict[str, int]:
    """Return how many services were done by procedure since a day, before `until`, without those that are void."""
    sql = """select line.procedure, count(*) from services done join service_lines line on line.service_id = done.id
             where done.day >= ? and done.day < ? and done.outcome = 'done' and done.void_at is null
             group by line.procedure"""
    return dict(db.execute(sql, [since.isoformat(), until.isoformat()]).fetchall())


def notes_before(day: date) -> ExpiredRows:
    """Return the services of earlier days whose notes are wiped; the rows stay for the books."""
    args = {"day": day.isoformat()}
    change = "update services set note = null"
    return ExpiredRows(table="services", change=change, where="note is not null and day < :day", args=args)


_TIMES = ("at", "void_at", "bank_at")
_COLUMNS = """id, ticket_id, label, submission_id, day, counter, outcome, register_no, amount, method, exemption, actor,
  at, void_reason, void_day, void_actor, void_at, bank_at"""


def _all(db: Database, where: str, args: list[Any]) -> list[ServiceRecord]:
    return [_service(row) for row in db.query(f"select {_COLUMNS} from services {where}", args)]  # noqa: S608  # nosec B608 # constants of this module


def _service(row: dict[str, Any]) -> ServiceRecord:
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("day", "void_day")}
    times = {name: clock.parse_timestamp(row[name]) if row[name] else None for name in _TIMES}
    return ServiceRecord(**{**row, **days, **times})
