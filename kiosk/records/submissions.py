"""The submissions table: what was handed in, where it is on its way, and what desk and portal said of it.

``delivery``, ``desk`` and ``portal_code`` are three columns that never mix. The frozen body and its digest are never
changed: a correction is a row of its own with the same receipt number, the next revision, and ``supersedes``. Lists
carry no body, so that a page which may not show one cannot.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk import clock

Delivery = Literal["held", "queued", "sent", "confirmed", "quarantined", "withdrawn"]
Desk = Literal["waiting", "accepted", "supplement", "refused", "stopped", "handed_out"]

BODY = "submission"
"""The kind of record that a sealed body is, for the vault."""

_CLOSING = ("refused", "stopped", "handed_out")
_DATES = ("completed_at", "portal_at", "due_at", "desk_due_at", "touched_at", "closed_at")
_FACTS = """id, receipt_no, revision, supersedes, procedure, version, unit, day, seq, completed_at, clock_trusted,
  digest, applicant_hash, lookup_hash, delivery, desk, portal_code, portal_revision, portal_at, official_no, due_at,
  desk_official_no, desk_due_at, touched_at, closed_at"""


@dataclass(frozen=True)
class Submission:
    """What is known of a submission without opening it; ``delivery`` None goes to no portal.

    ``official_no`` and ``due_at`` are the portal's word, ``desk_official_no`` and ``desk_due_at`` the desk's own.
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
    desk: Desk = "waiting"
    portal_code: int | None = None
    portal_revision: int = 0
    portal_at: datetime | None = None
    official_no: str | None = None
    due_at: datetime | None = None
    desk_official_no: str | None = None
    desk_due_at: datetime | None = None
    touched_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def number(self) -> str:
        """The official number: the desk's own, else the portal's; empty while there is none."""
        return self.desk_official_no or self.official_no or ""

    @property
    def due(self) -> datetime | None:
        """When the result is due, by the desk's own word, else by the portal's."""
        return self.desk_due_at or self.due_at


@dataclass(frozen=True)
class PortalWord:
    """What the portal says of a submission; ``revision`` counts its changes, ``note`` is sealed."""

    code: int
    revision: int
    at: datetime
    official_no: str | None = None
    due_at: datetime | None = None
    note: bytes | None = None


def submit(db: Database, submission: Submission, body: bytes) -> None:
    """Write down a submission with its sealed, frozen body; what it supersedes is closed.

    A correction takes over how its case stands, and was handed in when its first revision was.
    """
    sql = """insert into submissions (id, receipt_no, revision, supersedes, procedure, version, unit, day, seq,
               completed_at, clock_trusted, digest, applicant_hash, lookup_hash, delivery, desk, portal_code, portal_at,
               official_no, due_at, body, touched_at)
             values (:id, :receipt_no, :revision, :supersedes, :procedure, :version, :unit, :day, :seq, :completed_at,
               :clock_trusted, :digest, :applicant_hash, :lookup_hash, :delivery, :desk, :portal_code, :portal_at,
               :official_no, :due_at, :body, :touched_at)"""
    at = clock.stamp(submission.touched_at or submission.completed_at)
    times = {name: clock.stamp(found) for name in _DATES if (found := getattr(submission, name))}
    told = {"day": submission.day.isoformat(), "body": body, "touched_at": at}
    db.execute(sql, vars(submission) | times | told)
    if submission.supersedes:
        sql = "update submissions set closed_at = coalesce(closed_at, ?) where id = ?"
        db.execute(sql, [at, submission.supersedes])
        sql = """update submissions set (desk, desk_official_no, desk_due_at) =
                   (select desk, desk_official_no, desk_due_at from submissions where id = ?) where id = ?"""
        db.execute(sql, [submission.supersedes, submission.id])


def find(db: Database, submission_id: str) -> Submission | None:
    """Find a submission by its id."""
    return _first(db, "where id = ?", [submission_id])


def by_receipt(db: Database, receipt_no: str) -> Submission | None:
    """Find the last revision under a receipt number."""
    return _first(db, "where receipt_no = ? order by revision desc limit 1", [receipt_no])


def heir(db: Database, submission_id: str) -> Submission | None:
    """Find the correction that supersedes a submission."""
    return _first(db, "where supersedes = ?", [submission_id])


def by_lookup(db: Database, lookup_hash: str) -> Submission | None:
    """Find the last revision by the keyed hash of receipt number and last 4 digits; corrected digits open nothing."""
    return _first(db, f"where lookup_hash = ? and {_LAST}", [lookup_hash])


def by_applicant(db: Database, applicant_hash: str) -> list[Submission]:
    """List what one person handed in, each in its last revision, the newest first."""
    return _all(db, f"where applicant_hash = ? and {_LAST} order by id desc", [applicant_hash])


def by_official(db: Database, official_no: str) -> list[Submission]:
    """List what has an official number, by the desk or by the portal, the last revision first."""
    where = "where official_no = ? or desk_official_no = ? order by revision desc, id desc"
    return _all(db, where, [official_no, official_no])


def last_of(db: Database, ids: Collection[str]) -> list[Submission]:
    """Return the last revisions of these submissions, each case once, in the order in which they are named."""
    found: dict[str, Submission] = {}
    for submission_id in ids:
        one = _first(
            db,
            "where receipt_no = (select receipt_no from submissions where id = ?) order by revision desc limit 1",
            [submission_id],
        )
        if one:
            found.setdefault(one.receipt_no, one)
    return list(found.values())


def of_day(db: Database, day: date) -> list[Submission]:
    """List a day's submissions, each in its last revision, in the order of their numbers."""
    return _all(db, f"where day = ? and {_LAST} order by seq", [day.isoformat()])


def revisions(db: Database, receipt_no: str) -> list[Submission]:
    """List all that was ever frozen under a receipt number, the first first."""
    return _all(db, "where receipt_no = ? order by revision", [receipt_no])


def body(db: Database, submission_id: str) -> bytes | None:
    """Fetch the sealed body; None once it was wiped."""
    for row in db.query("select body from submissions where id = ?", [submission_id]):
        return row["body"]  # type: ignore[no-any-return]
    return None


def portal_note(db: Database, submission_id: str) -> bytes | None:
    """Fetch the sealed note of the portal."""
    for row in db.query("select portal_note from submissions where id = ?", [submission_id]):
        return row["portal_note"]  # type: ignore[no-any-return]
    return None


def latest(db: Database) -> str | None:
    """Tell when the last of all was handed in, as the store writes a time."""
    found: str | None = db.execute(_LATEST).fetchone()[0]
    return found


def queued(db: Database) -> int:
    """Count the submissions that wait to leave for the portal."""
    return int(db.execute("select count(*) from submissions where delivery = 'queued'").fetchone()[0])


def returned(db: Database) -> int:
    """Count what the portal did not take and nobody has corrected yet."""
    return int(db.execute(f"select count(*) from submissions where {_RETURNED}").fetchone()[0])  # noqa: S608


def all_returned(db: Database, limit: int) -> list[Submission]:
    """List what the portal did not take and nobody has corrected yet, the oldest first."""
    return _all(db, f"where {_RETURNED} order by touched_at limit ?", [limit])


def set_delivery(db: Database, submission_id: str, delivery: Delivery, now: datetime) -> bool:
    """Move a submission on its way to the portal; False when it was withdrawn, which is the end, or is unknown."""
    closed = clock.stamp(now) if delivery == "withdrawn" else None
    sql = """update submissions set delivery = ?, touched_at = ?, closed_at = coalesce(closed_at, ?)
             where id = ? and delivery is not 'withdrawn'"""
    return db.execute(sql, [delivery, clock.stamp(now), closed, submission_id]).rowcount > 0


def set_desk(db: Database, submission_id: str, desk: Desk, now: datetime) -> bool:
    """Write what the desk decided; the case is closed, or open again, with it. False when it is unknown."""
    closed = clock.stamp(now) if desk in _CLOSING else None
    sql = """update submissions set desk = ?, touched_at = ?,
               closed_at = case when delivery is 'withdrawn' then closed_at else ? end where id = ?"""
    return db.execute(sql, [desk, clock.stamp(now), closed, submission_id]).rowcount > 0


def keep_desk(db: Database, submission_id: str, official_no: str | None, due_at: datetime | None) -> None:
    """Write the official number and the due date as the desk has them; None leaves what stands."""
    sql = """update submissions set desk_official_no = coalesce(?, desk_official_no),
               desk_due_at = coalesce(?, desk_due_at) where id = ?"""
    db.execute(sql, [official_no, clock.stamp(due_at) if due_at else None, submission_id])


def apply_receipt(db: Database, submission_id: str, word: PortalWord, now: datetime) -> bool:
    """Write the portal's word; False when the submission is unknown.

    What is old news was held back by sync, which knows the portal's epoch: after a restore a true word may carry a
    smaller revision than the one held here.
    """
    sql = """update submissions set portal_code = ?, portal_revision = ?, portal_at = ?, official_no = ?, due_at = ?,
               portal_note = ?, touched_at = ? where id = ?"""
    due = clock.stamp(word.due_at) if word.due_at else None
    told = [word.code, word.revision, clock.stamp(word.at), word.official_no, due, word.note, clock.stamp(now)]
    return db.execute(sql, [*told, submission_id]).rowcount > 0


def wipe(db: Database, closed_before: datetime, untouched_since: datetime) -> int:
    """Wipe bodies and notes of cases closed, or last touched, before these times; the facts stay. Say how many.

    What still waits for the line, itself or with a file, keeps its body until it has left, however long that takes.
    """
    sql = """update submissions set body = null, portal_note = null
             where (body is not null or portal_note is not null)
               and coalesce(delivery, '') not in ('queued', 'sent') and (closed_at < ? or touched_at < ?)"""
    return db.execute(sql, [clock.stamp(closed_before), clock.stamp(untouched_since)]).rowcount


_LAST = "not exists (select 1 from submissions later where later.supersedes = submissions.id)"
_RETURNED = f"delivery = 'quarantined' and {_LAST}"
# The last day has the last time; a day is found by an index.
_LATEST = "select max(completed_at) from submissions where day = (select max(day) from submissions)"


def _first(db: Database, where: str, told: list[Any]) -> Submission | None:
    return next(iter(_all(db, where, told)), None)


def _all(db: Database, where: str, told: list[Any]) -> list[Submission]:
    return [_submission(row) for row in db.query(f"select {_FACTS} from submissions {where}", told)]  # noqa: S608


def _submission(row: dict[str, Any]) -> Submission:
    times = {name: clock.read(row[name]) if row[name] else None for name in _DATES}
    is_trusted = bool(row["clock_trusted"])
    return Submission(**{**row, **times, "day": date.fromisoformat(row["day"]), "clock_trusted": is_trusted})
