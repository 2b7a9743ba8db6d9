"""The calls table: citizens' calls for an officer to their screen, each until it has ended.

A call holds the screen's name, the page, the procedure and the step, never an answer. A session has at most one call
that has not ended, however often the button is touched. The state is in the times:

    called --seen_at--> seen --answered_at--> coming --opened_at--> opened at a desk --ended_at--> ended

The first officer who answers gets the call; each step from `called` on may be left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.store.expired_rows import ExpiredRows

CallState = Literal["called", "seen", "coming", "opened", "ended"]
MAX_CODE_MISSES = 5
_TIMES = ("since", "seen_at", "answered_at", "opened_at", "arrived_at", "code_at", "ended_at")


@dataclass(frozen=True)
class CallPlace:
    """Place of a call: the screen's name, the page, and in a form the draft, procedure and step."""

    screen: str
    page: str
    draft_id: str | None = None
    procedure: str | None = None
    version: str | None = None
    step: int | None = None
    steps: int | None = None


@dataclass(frozen=True)
class OfficerCall:
    """A call of a session; `officer` is the code of who answered, `place` the page that the citizen sees."""

    id: int
    session: str
    screen: str
    place: str
    since: datetime
    draft_id: str | None
    procedure: str | None
    version: str | None
    step: int | None
    steps: int | None
    seen_at: datetime | None
    answered_at: datetime | None
    officer: str | None
    counter: int | None
    opened_at: datetime | None
    arrived_at: datetime | None
    code_at: datetime | None
    code_misses: int
    ended_at: datetime | None
    ended_by: str | None

    @property
    def state(self) -> CallState:
        """State of the call."""
        if self.ended_at:
            return "ended"
        if self.opened_at:
            return "opened"
        if self.answered_at:
            return "coming"
        return "seen" if self.seen_at else "called"


_COLUMNS = ", ".join(field.name for field in fields(OfficerCall))


def insert(db: Database, session: str, place: CallPlace, now: datetime) -> bool:
    """Insert a call; while the session has one that has not ended, nothing changes and False is returned."""
    sql = """insert into calls (session, screen, place, draft_id, procedure, version, step, steps, since)
             values (:session, :screen, :page, :draft_id, :procedure, :version, :step, :steps, :since)
             on conflict do nothing"""
    values = {"session": session, "since": clock.timestamp(now)}
    return db.execute(sql, vars(place) | values).rowcount > 0


def find(db: Database, call_id: int) -> OfficerCall | None:
    """Return a call."""
    return next(iter(_calls(db, "id = ?", [call_id])), None)


def find_open(db: Database, session: str) -> OfficerCall | None:
    """Return the call of a session that has not ended."""
    return next(iter(_calls(db, "session = ? and ended_at is null", [session])), None)


def find_of_draft(db: Database, draft_id: str) -> OfficerCall | None:
    """Return the call about a draft that has not ended."""
    return next(iter(_calls(db, "draft_id = ? and ended_at is null", [draft_id])), None)


def is_open(db: Database, session: str) -> bool:
    """Return whether a session has a call that has not ended."""
    return bool(db.execute("select 1 from calls where session = ? and ended_at is null", [session]).fetchall())


def open_calls(db: Database) -> list[OfficerCall]:
    """Return the calls that have not ended, oldest first."""
    return _calls(db, "ended_at is null", [])


def put_away(db: Database, since: datetime) -> list[OfficerCall]:
    """Return the calls after which a form was put away since a time, and whose draft still exists; oldest first."""
    where = "ended_by = 'timeout' and ended_at >= ? and draft_id in (select id from drafts)"
    return _calls(db, where, [clock.timestamp(since)])


def last_answered(db: Database, since: datetime) -> OfficerCall | None:
    """Return the last call that was answered and has ended since a time."""
    where = "answered_at is not null and ended_at >= ?"
    return next(reversed(_calls(db, where, [clock.timestamp(since)])), None)


def move_page(db: Database, call_id: int, place: CallPlace) -> None:
    """Store where the citizen of a call is now."""
    sql = """update calls set place = :page, draft_id = :draft_id, procedure = :procedure, version = :version,
             step = :step, steps = :steps where id = :id"""
    db.execute(sql, vars(place) | {"id": call_id})


def move_session(db: Database, old: str, new: str) -> None:
    """Give the open call of a session to the session that follows it at the same screen, without its form."""
    sql = """update calls set session = ?, place = '/', draft_id = null, procedure = null, version = null, step = null,
             steps = null where session = ? and ended_at is null"""
    db.execute(sql, [new, old])


def mark_seen(db: Database, call_id: int, now: datetime) -> bool:
    """Record that an officer has seen a call; return False when that was recorded, or it was answered or ended."""
    sql = "update calls set seen_at = ? where id = ? and seen_at is null and answered_at is null and ended_at is null"
    return db.execute(sql, [clock.timestamp(now), call_id]).rowcount > 0


def answer(db: Database, call_id: int, officer: str, counter: int | None, now: datetime) -> bool:
    """Record the officer who comes, with a code for the screen; return False when another one answered, or it ended."""
    sql = """update calls set answered_at = :now, officer = :officer, counter = :counter, code_at = :now
             where id = :id and answered_at is null and ended_at is null"""
    values = {"now": clock.timestamp(now), "officer": officer, "counter": counter, "id": call_id}
    return db.execute(sql, values).rowcount > 0


def open_at_desk(db: Database, call_id: int, officer: str, counter: int | None, now: datetime) -> bool:
    """Record that an officer has opened the form of a call at a desk; return False when it is another one's or ended.

    A call that nobody has answered is answered by this.
    """
    answer(db, call_id, officer=officer, counter=counter, now=now)
    sql = "update calls set opened_at = ? where id = ? and officer = ? and opened_at is null and ended_at is null"
    return db.execute(sql, [clock.timestamp(now), call_id, officer]).rowcount > 0


def renew_code(db: Database, call_id: int, officer: str, now: datetime) -> bool:
    """Begin a new code for the screen; return False when the call is not this officer's or has ended."""
    sql = "update calls set code_at = ?, code_misses = 0 where id = ? and officer = ? and ended_at is null"
    return db.execute(sql, [clock.timestamp(now), call_id, officer]).rowcount > 0


def count_code_miss(db: Database, call_id: int) -> None:
    """Count a wrong code; after `MAX_CODE_MISSES` the code is invalid."""
    sql = "update calls set code_misses = min(code_misses + 1, ?) where id = ?"
    db.execute(sql, [MAX_CODE_MISSES, call_id])


def mark_arrived(db: Database, call_id: int, now: datetime) -> None:
    """Record that the officer is at the screen; the code is used up."""
    sql = "update calls set arrived_at = ?, code_at = null where id = ?"
    db.execute(sql, [clock.timestamp(now), call_id])


def end(db: Database, call_id: int, by: Literal["citizen", "officer", "timeout"], now: datetime) -> bool:
    """End a call; return False when it had ended."""
    sql = "update calls set ended_at = ?, ended_by = ?, code_at = null where id = ? and ended_at is null"
    return db.execute(sql, [clock.timestamp(now), by, call_id]).rowcount > 0


def made_before(since: datetime) -> ExpiredRows:
    """Return the calls made before a time."""
    args = {"since": clock.timestamp(since)}
    return ExpiredRows(table="calls", change="delete from calls", where="since < :since", args=args)


def _calls(db: Database, where: str, args: Sequence[Any]) -> list[OfficerCall]:
    sql = f"select {_COLUMNS} from calls where {where} order by id"  # noqa: S608  # nosec B608 # texts of this module
    return [_call(row) for row in db.query(sql, args)]


def _call(row: dict[str, Any]) -> OfficerCall:
    times = {name: clock.parse_timestamp(row[name]) if row[name] else None for name in _TIMES}
    return OfficerCall(**{**row, **times})
