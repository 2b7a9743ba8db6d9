"""The submissions table: submitted forms, their delivery, and the states of desk and portal.

`delivery`, `desk` and `portal_code` are three columns that are never mixed. The frozen body and its digest never
change: a correction is a row of its own with the same receipt number, the next revision, and `supersedes`. Lists carry
no body, so that a page which may not show one cannot.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.store.expired_rows import ExpiredRows

Delivery = Literal["held", "queued", "sent", "confirmed", "quarantined", "withdrawn"]
DeskState = Literal["waiting", "accepted", "supplement", "refused", "stopped", "handed_out"]

BODY = "submission"
"""Vault purpose of a sealed body."""

_CLOSING = ("refused", "stopped", "handed_out")
_DATES = (
    "completed_at",
    "portal_at",
    "due_at",
    "desk_due_at",
    "touched_at",
    "closed_at",
    "system_at",
    "system_former_at",
)
_COLUMNS = """id, receipt_no, revision, supersedes, procedure, version, unit, day, seq, completed_at, clock_trusted,
  digest, applicant_hash, lookup_hash, delivery, desk, portal_code, portal_revision, portal_at, official_no, due_at,
  desk_official_no, desk_due_at, touched_at, closed_at, system_code, system_at, system_former_code, system_former_at"""


@dataclass(frozen=True)
class Submission:
    """A submission without its body; `delivery` None goes to no portal.

    `official_no` and `due_at` come from the portal, `desk_official_no` and `desk_due_at` from the desk. `system_code`
    is the state at the system behind the gateway, which may differ from `portal_code`; `system_former_code` is the one
    before.
    """

    id: str
    receipt_no: str
    procedure: str
    version: str
    unit: str
    day: date
    seq: int
    completed_at: datetime
    digest: str
    revision: int = 1
    supersedes: str | None = None
    clock_trusted: bool = True
    applicant_hash: str | None = None
    lookup_hash: str | None = None
    delivery: Delivery | None = "queued"
    desk: DeskState = "waiting"
    portal_code: int | None = None
    portal_revision: int = 0
    portal_at: datetime | None = None
    official_no: str | None = None
    due_at: datetime | None = None
    desk_official_no: str | None = None
    desk_due_at: datetime | None = None
    touched_at: datetime | None = None
    closed_at: datetime | None = None
    system_code: int | None = None
    system_at: datetime | None = None
    system_former_code: int | None = None
    system_former_at: datetime | None = None

    @property
    def number(self) -> str:
        """The official number: the desk's, else the portal's; empty while there is none."""
        return self.desk_official_no or self.official_no or ""

    @property
    def due(self) -> datetime | None:
        """The due date of the result: the desk's, else the portal's."""
        return self.desk_due_at or self.due_at


@dataclass(frozen=True)
class DeskBefore:
    """The desk's part of a case before a decision; the times are texts of the store."""

    desk: DeskState
    official_no: str | None = None
    due: str | None = None
    closed: str | None = None


@dataclass(frozen=True)
class SystemState:
    """The state at the system behind the gateway, and the one before it."""

    code: int | None = None
    at: datetime | None = None
    former_code: int | None = None
    former_at: datetime | None = None


@dataclass(frozen=True)
class PortalReceipt:
    """The portal's receipt for a submission; `revision` counts its changes, `note` is sealed."""

    code: int
    revision: int
    at: datetime
    official_no: str | None = None
    due_at: datetime | None = None
    note: bytes | None = None
    system: SystemState = SystemState()


def insert(db: Database, submission: Submission, body: bytes) -> None:
    """Insert a submission with its sealed, frozen body, and close the submission that it supersedes.

    A correction inherits the desk's state and dates. Its `completed_at` is that of the first revision.
    """
    sql = """insert into submissions (id, receipt_no, revision, supersedes, procedure, version, unit, day, seq,
               completed_at, clock_trusted, digest, applicant_hash, lookup_hash, delivery, desk, portal_code, portal_at,
               official_no, due_at, system_code, system_at, system_former_code, system_former_at, body, touched_at)
             values (:id, :receipt_no, :revision, :supersedes, :procedure, :version, :unit, :day, :seq, :completed_at,
               :clock_trusted, :digest, :applicant_hash, :lookup_hash, :delivery, :desk, :portal_code, :portal_at,
               :official_no, :due_at, :system_code, :system_at, :system_former_code, :system_former_at, :body,
               :touched_at)"""
    touched_at = clock.timestamp(submission.touched_at or submission.completed_at)
    times = {name: clock.timestamp(time) for name in _DATES if (time := getattr(submission, name))}
    texts = {"day": submission.day.isoformat(), "body": body, "touched_at": touched_at}
    db.execute(sql, vars(submission) | times | texts)
    if submission.supersedes:
        sql = "update submissions set closed_at = coalesce(closed_at, ?) where id = ?"
        db.execute(sql, [touched_at, submission.supersedes])
        sql = """update submissions set (desk, desk_official_no, desk_due_at) =
                   (select desk, desk_official_no, desk_due_at from submissions where id = ?) where id = ?"""
        db.execute(sql, [submission.supersedes, submission.id])


def find(db: Database, submission_id: str) -> Submission | None:
    """Return a submission by its id."""
    return _first(db, "where id = ?", [submission_id])


def procedures_of(db: Database, ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return procedure and version of some submissions by their ids, by one statement."""
    sql = "select id, procedure, version from submissions where id in (select value from json_each(?))"
    rows = db.execute(sql, [json.dumps(list(ids))]).fetchall() if ids else []
    return {submission_id: (procedure, version) for submission_id, procedure, version in rows}


def by_receipt(db: Database, receipt_no: str) -> Submission | None:
    """Return the last revision under a receipt number."""
    return _first(db, "where receipt_no = ? order by revision desc limit 1", [receipt_no])


def correction_of(db: Database, submission_id: str) -> Submission | None:
    """Return the correction that supersedes a submission."""
    return _first(db, "where supersedes = ?", [submission_id])


def by_lookup(db: Database, lookup_hash: str) -> Submission | None:
    """Return the last revision by the keyed hash of receipt number and four digits; superseded digits fail."""
    return _first(db, f"where lookup_hash = ? and {_LAST}", [lookup_hash])


def by_applicant(db: Database, applicant_hash: str) -> list[Submission]:
    """Return the last revisions of a person's submissions, newest first."""
    return _all(db, f"where applicant_hash = ? and {_LAST} order by id desc", [applicant_hash])


def by_official(db: Database, official_no: str) -> list[Submission]:
    """Return the submissions with an official number, from the desk or the portal, last revision first."""
    where = "where official_no = ? or desk_official_no = ? order by revision desc, id desc"
    return _all(db, where, [official_no, official_no])


def ending_in(db: Database, digits: str, since: date, limit: int) -> list[Submission]:
    """Return the last revisions since a day whose receipt or official number ends in some digits, newest first."""
    where = f"""where day >= :since and {_LAST} and (receipt_no like '%' || :digits || '-_'
                  or desk_official_no like '%' || :digits or official_no like '%' || :digits)
                order by id desc limit :limit"""
    args = {"since": since.isoformat(), "digits": digits, "limit": limit}
    return [_submission(row) for row in db.query(f"select {_COLUMNS} from submissions {where}", args)]  # noqa: S608  # nosec B608 # constants of this module


def last_revisions(db: Database, ids: Collection[str]) -> list[Submission]:
    """Return the last revisions of these submissions, each case once, in the order of the ids."""
    where = "where receipt_no = (select receipt_no from submissions where id = ?) order by revision desc limit 1"
    by_receipt_no: dict[str, Submission] = {}
    for submission_id in ids:
        submission = _first(db, where, [submission_id])
        if submission:
            by_receipt_no.setdefault(submission.receipt_no, submission)
    return list(by_receipt_no.values())


def of_day(db: Database, day: date) -> list[Submission]:
    """Return the last revisions of a day's submissions, by number."""
    return _all(db, f"where day = ? and {_LAST} order by seq", [day.isoformat()])


def counts_by_procedure(db: Database, since: date, until: date) -> dict[str, int]:
    """Return how many forms were filed by procedure since a day, before `until`; a correction is no further form."""
    sql = """select procedure, count(*) from submissions
             where day >= ? and day < ? and revision = 1 group by procedure"""
    return dict(db.execute(sql, [since.isoformat(), until.isoformat()]).fetchall())


def seqs_by_day(db: Database, since: date) -> dict[date, set[int]]:
    """Return the receipt numbers of each day from a first one, without their kiosk and day."""
    seqs: dict[date, set[int]] = {}
    rows = db.execute("select distinct day, seq from submissions where day >= ?", [since.isoformat()])
    for day, seq in rows.fetchall():
        seqs.setdefault(date.fromisoformat(day), set()).add(seq)
    return seqs


def revisions(db: Database, receipt_no: str) -> list[Submission]:
    """Return all revisions under a receipt number, oldest first."""
    return _all(db, "where receipt_no = ? order by revision", [receipt_no])


def body(db: Database, submission_id: str) -> bytes | None:
    """Return the sealed body; None after it was wiped."""
    for row in db.query("select body from submissions where id = ?", [submission_id]):
        return row["body"]  # type: ignore[no-any-return]
    return None


def count(db: Database) -> int:
    """Count all submissions."""
    return int(db.execute("select count(*) from submissions").fetchone()[0])


def count_bodies(db: Database) -> int:
    """Count the submissions whose body is not wiped."""
    return int(db.execute("select count(*) from submissions where body is not null").fetchone()[0])


def iter_bodies(db: Database) -> Iterator[tuple[str, str, bytes]]:
    """Yield id, digest and sealed body of each submission whose body is not wiped."""
    yield from db.execute("select id, digest, body from submissions where body is not null")


def portal_note(db: Database, submission_id: str) -> bytes | None:
    """Return the portal's sealed note."""
    for row in db.query("select portal_note from submissions where id = ?", [submission_id]):
        return row["portal_note"]  # type: ignore[no-any-return]
    return None


def last_completed_at(db: Database) -> str | None:
    """Return the timestamp of the newest submission."""
    # The last day has the newest time; the index `submissions_by_time` has both, so no row of the day is read.
    sql = "select max(completed_at) from submissions where day = (select max(day) from submissions)"
    last: str | None = db.execute(sql).fetchone()[0]
    return last


def count_queued(db: Database) -> int:
    """Count the submissions that are queued for the portal."""
    return int(db.execute("select count(*) from submissions where delivery = 'queued'").fetchone()[0])


def exist(db: Database) -> bool:
    """Return whether there is any submission."""
    return db.execute("select 1 from submissions limit 1").fetchone() is not None


def list_held(db: Database, after: str, limit: int) -> list[Submission]:
    """Return submissions with a body that are not queued for a portal, by id, from the one after an id on."""
    return _all(db, "where delivery is null and body is not null and id > ? order by id limit ?", [after, limit])


def queue_held(db: Database, submission_id: str) -> None:
    """Mark a submission as queued for the portal; its retention goes on from when it was last touched."""
    db.execute("update submissions set delivery = 'queued' where id = ? and delivery is null", [submission_id])


def find_unsent(db: Database, closed_before: datetime, untouched_since: datetime, limit: int) -> list[str]:
    """Return the ids of the queued cases closed, or last touched, before these times."""
    sql = """select id from submissions where delivery = 'queued' and body is not null
             and (closed_at < ? or touched_at < ?) limit ?"""
    times = [clock.timestamp(closed_before), clock.timestamp(untouched_since)]
    return [row[0] for row in db.execute(sql, [*times, limit]).fetchall()]


def forget_unsent(db: Database, submission_id: str) -> bool:
    """Wipe the body of a queued submission that is not sent any more; return False when it is not queued."""
    sql = """update submissions set body = null, portal_note = null, delivery = null
             where id = ? and delivery = 'queued'"""
    return db.execute(sql, [submission_id]).rowcount > 0


def count_returned(db: Database) -> int:
    """Count the submissions that the portal refused and nobody has corrected."""
    return int(db.execute(f"select count(*) from submissions where {_RETURNED}").fetchone()[0])  # noqa: S608  # nosec B608 # constants of this module


def all_returned(db: Database, limit: int) -> list[Submission]:
    """Return the submissions that the portal refused and nobody has corrected, oldest first."""
    return _all(db, f"where {_RETURNED} order by touched_at limit ?", [limit])


def set_delivery(db: Database, submission_id: str, delivery: Delivery, now: datetime) -> bool:
    """Set the delivery state; return False when the submission is unknown or withdrawn, which is final."""
    closed_at = clock.timestamp(now) if delivery == "withdrawn" else None
    sql = """update submissions set delivery = ?, touched_at = ?, closed_at = coalesce(closed_at, ?)
             where id = ? and delivery is not 'withdrawn'"""
    return db.execute(sql, [delivery, clock.timestamp(now), closed_at, submission_id]).rowcount > 0


def set_desk(db: Database, submission_id: str, desk: DeskState, now: datetime) -> bool:
    """Set the desk's state and close or reopen the case with it; return False when it is unknown."""
    closed_at = clock.timestamp(now) if desk in _CLOSING else None
    sql = """update submissions set desk = ?, touched_at = ?,
               closed_at = case when delivery is 'withdrawn' then closed_at else ? end where id = ?"""
    return db.execute(sql, [desk, clock.timestamp(now), closed_at, submission_id]).rowcount > 0


def restore_desk(db: Database, submission_id: str, before: DeskBefore, now: datetime) -> None:
    """Put the desk's part of a case back as it was before a decision."""
    sql = """update submissions set desk = ?, desk_official_no = ?, desk_due_at = ?, touched_at = ?,
               closed_at = case when delivery is 'withdrawn' then closed_at else ? end where id = ?"""
    db.execute(sql, [before.desk, before.official_no, before.due, clock.timestamp(now), before.closed, submission_id])


def set_official(db: Database, submission_id: str, official_no: str | None, due_at: datetime | None) -> None:
    """Set the desk's official number and due date; None keeps the stored value."""
    sql = """update submissions set desk_official_no = coalesce(?, desk_official_no),
               desk_due_at = coalesce(?, desk_due_at) where id = ?"""
    db.execute(sql, [official_no, clock.timestamp(due_at) if due_at else None, submission_id])


def apply_receipt(db: Database, submission_id: str, receipt: PortalReceipt, now: datetime) -> bool:
    """Store the portal's receipt; return False when the submission is unknown.

    sync, which knows the portal's epoch, drops outdated receipts: after the portal was restored, a valid receipt may
    have a smaller revision than the stored one.
    """
    sql = """update submissions set portal_code = ?, portal_revision = ?, portal_at = ?, official_no = ?, due_at = ?,
               portal_note = ?, system_code = ?, system_at = ?, system_former_code = ?, system_former_at = ?,
               touched_at = ? where id = ?"""
    system = receipt.system
    args = [
        receipt.code,
        receipt.revision,
        clock.timestamp(receipt.at),
        receipt.official_no,
        clock.timestamp(receipt.due_at) if receipt.due_at else None,
        receipt.note,
        system.code,
        clock.timestamp(system.at) if system.at else None,
        system.former_code,
        clock.timestamp(system.former_at) if system.former_at else None,
        clock.timestamp(now),
        submission_id,
    ]
    return db.execute(sql, args).rowcount > 0


def expired_bodies(closed_before: datetime, untouched_since: datetime) -> ExpiredRows:
    """Return the cases closed, or last touched, before these times, whose bodies and notes are wiped.

    The other columns stay. A submission that waits for the connection, itself or with a file, keeps its body until it
    is delivered, however long that takes; without a portal see `find_unsent`.
    """
    return ExpiredRows(
        table="submissions",
        change="update submissions set body = null, portal_note = null",
        where="""(body is not null or portal_note is not null) and coalesce(delivery, '') not in ('queued', 'sent')
                 and (closed_at < :closed or touched_at < :touched)""",
        args={"closed": clock.timestamp(closed_before), "touched": clock.timestamp(untouched_since)},
    )


def of_ended_classes(first_session_day: date, added_before: datetime, now: datetime) -> ExpiredRows:
    """Return the open forms of classes that are over or that nobody will be called to; they are closed.

    Their bodies are wiped as those of other closed cases.

    Args:
        first_session_day: sessions before this day are over.
        added_before: requests to be called that are older have left the list.
    """
    return ExpiredRows(
        table="submissions",
        change="update submissions set closed_at = :now",
        where="""closed_at is null and id in (
                   select submission_id from class_seats where session < :day
                   union all select submission_id from class_call_backs where outcome = 'declined'
                   union all select submission_id from class_call_backs where outcome is null and added_at < :added)""",
        args={
            "now": clock.timestamp(now),
            "day": first_session_day.isoformat(),
            "added": clock.timestamp(added_before),
        },
    )


_LAST = "not exists (select 1 from submissions later where later.supersedes = submissions.id)"
_RETURNED = f"delivery = 'quarantined' and {_LAST}"


def _first(db: Database, where: str, args: list[Any]) -> Submission | None:
    return next(iter(_all(db, where, args)), None)


def _all(db: Database, where: str, args: list[Any]) -> list[Submission]:
    return [_submission(row) for row in db.query(f"select {_COLUMNS} from submissions {where}", args)]  # noqa: S608  # nosec B608 # constants of this module


def _submission(row: dict[str, Any]) -> Submission:
    times = {name: clock.parse_timestamp(row[name]) if row[name] else None for name in _DATES}
    is_trusted = bool(row["clock_trusted"])
    return Submission(**{**row, **times, "day": date.fromisoformat(row["day"]), "clock_trusted": is_trusted})
