"""The kept_drafts table: drafts that wait for their person, and how each is opened again; and visit_tickets.

The draft itself stays in `drafts`, sealed as before. A row here outlives it for `REMEMBERED`, so that its slip gets an
answer. Nothing in it names a person: the code of the slip is a keyed hash, and what opens the draft is sealed.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.store.expired_rows import ExpiredRows

REMEMBERED = timedelta(days=30)
"""The time after its last day for which the slip of a kept draft still gets an answer."""
_COLUMNS = """draft_id, code_hash, sealed, procedure, version, steps_done, steps, screen, kept_at, kept_until, times,
              misses, ticket_id"""


@dataclass(frozen=True)
class KeptDraft:
    """A draft that is kept until the end of a day.

    Attributes:
        sealed: the code of the slip and what opens the draft besides it; None once the draft is gone.
        screen: the touchscreen's name, as the slip says it.
        times: how often it was kept; each time a slip is printed.
        misses: wrong cards or digits in a row.
        ticket_id: the queue number that the person had drawn.
    """

    draft_id: str
    code_hash: str
    sealed: bytes | None
    procedure: str
    version: str
    steps_done: int
    steps: int
    screen: str
    kept_at: datetime
    kept_until: date
    times: int = 1
    misses: int = 0
    ticket_id: str | None = None


def save(db: Database, kept: KeptDraft) -> None:
    """Insert a kept draft, or replace its row when it is kept once more."""
    values = vars(kept) | {"kept_at": clock.timestamp(kept.kept_at), "kept_until": kept.kept_until.isoformat()}
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    db.execute(f"insert or replace into kept_drafts ({names}) values ({marks})", values)  # noqa: S608  # nosec B608 # fields of the dataclass


def find(db: Database, draft_id: str) -> KeptDraft | None:
    """Return the row of a draft; None for one that was never kept."""
    return _first(db, "draft_id = ?", draft_id)


def by_code(db: Database, code_hash: str) -> KeptDraft | None:
    """Return the row of a slip's code."""
    return _first(db, "code_hash = ?", code_hash)


def count_miss(db: Database, draft_id: str) -> None:
    """Count a try that is not known to be right."""
    db.execute("update kept_drafts set misses = misses + 1 where draft_id = ?", [draft_id])


def clear_misses(db: Database, draft_id: str) -> None:
    """Delete the count of wrong tries, after a right one."""
    db.execute("update kept_drafts set misses = 0 where draft_id = ?", [draft_id])


def delete(db: Database, draft_id: str) -> bool:
    """Delete the row of a draft; return False when there is none."""
    return db.execute("delete from kept_drafts where draft_id = ?", [draft_id]).rowcount > 0


def without_draft() -> ExpiredRows:
    """Return the rows whose draft is gone: what opened it is wiped."""
    where = "sealed is not null and not exists (select 1 from drafts where id = draft_id)"
    return ExpiredRows(table="kept_drafts", change="update kept_drafts set sealed = null", where=where)


def ended_before(day: date) -> ExpiredRows:
    """Return the rows whose last day is before a day."""
    where = "kept_until < :day"
    return ExpiredRows(table="kept_drafts", change="delete from kept_drafts", where=where, args={"day": str(day)})


def save_ticket(db: Database, session: str, ticket_id: str) -> None:
    """Store the queue number that a visit has drawn."""
    db.execute("insert or replace into visit_tickets (session, ticket_id) values (?, ?)", [session, ticket_id])


def ticket_of_visit(db: Database, session: str) -> str | None:
    """Return the id of the queue number that a visit has drawn; None for none."""
    row = db.execute("select ticket_id from visit_tickets where session = ?", [session]).fetchone()
    return str(row[0]) if row else None


def draft_of_ticket(db: Database, ticket_id: str) -> str | None:
    """Return the draft of the person who drew a number: open at a screen, or kept; None for none."""
    sql = """select sessions.draft_id from visit_tickets join sessions on sessions.id = visit_tickets.session
             where visit_tickets.ticket_id = :ticket and sessions.draft_id is not null
             union all select draft_id from kept_drafts join drafts on drafts.id = draft_id
             where ticket_id = :ticket limit 1"""
    row = db.execute(sql, {"ticket": ticket_id}).fetchone()
    return str(row[0]) if row else None


def _first(db: Database, where: str, value: str) -> KeptDraft | None:
    sql = f"select {_COLUMNS} from kept_drafts where {where}"  # noqa: S608  # nosec B608 # constants of this module
    row: dict[str, Any] | None = next(db.query(sql, [value]), None)
    if row is None:
        return None
    times = {
        "kept_at": clock.parse_timestamp(row["kept_at"]),
        "kept_until": date.fromisoformat(row["kept_until"]),
    }
    return KeptDraft(**{**row, **times})
