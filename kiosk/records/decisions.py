"""The decisions table: one row a desk event of a case, numbered for each receipt number.

A row is a decision or another desk event (`SILENT`: a scan was attached or removed, an official number was
recorded, somebody agreed to messages or ended them).
Rows are never deleted. A decision is undone (`undone_at`) only before its event has left; after that it is reopened by
another row. `before` is the state of the case before it. The detail (a reason, the recipient of the result) and the
frozen body of the event are sealed, and are wiped with the case's bodies. `facts` are codes, numbers and times, and
stay. `delivery` is the state of the event; None where the case goes to no portal, or the decision is undone.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.store.expired_rows import ExpiredRows

DecisionKind = Literal[
    "accepted",
    "supplement",
    "refused",
    "extended",
    "stopped",
    "handed_out",
    "document",
    "fee",
    "withdrawn",
    "reopened",
    "numbered",
    "messages",
]
"""The kinds that the table allows; `fee` and `withdrawn` are kept for the contract, and no module writes them."""
DecidedState = Literal["accepted", "supplement", "refused", "stopped", "handed_out"]
EventDelivery = Literal["queued", "confirmed", "quarantined"]
DecisionFact = str | int | bool | None

EVENT = "desk event"
"""Vault purpose of a sealed event body."""
DETAIL = "desk decision"
"""Vault purpose of a sealed detail."""

SILENT: tuple[DecisionKind, ...] = ("document", "numbered", "messages")
"""Desk events that are no decisions: they change no state, and no page counts them. The SQL below repeats them."""
LONGEST_UNDO = 60
"""Seconds. A time to undo that would last longer was written before a restart of the machine, and has ended."""

MAY_FOLLOW: Mapping[DecisionKind, tuple[str, ...]] = {
    "accepted": ("waiting", "supplement"),
    "supplement": ("waiting", "supplement", "accepted"),
    "refused": ("waiting", "supplement"),
    "extended": ("accepted",),
    "stopped": ("accepted", "supplement"),
    "handed_out": ("accepted",),
}
"""The desk states in which a decision is allowed; a closed case stays closed."""
STATE_AFTER: Mapping[DecisionKind, DecidedState] = {
    "accepted": "accepted",
    "supplement": "supplement",
    "refused": "refused",
    "extended": "accepted",
    "stopped": "stopped",
    "handed_out": "handed_out",
}
"""The desk state after a decision."""


@dataclass(frozen=True)
class Decision:
    """A decision or other desk event, without its detail."""

    id: str
    submission_id: str
    receipt_no: str
    seq: int
    kind: DecisionKind
    actor: str
    at: datetime
    facts: Mapping[str, DecisionFact] = field(default_factory=dict)
    digest: str | None = None
    delivery: EventDelivery | None = None
    before: Mapping[str, DecisionFact] = field(default_factory=dict)
    """The case before it: `desk`, `official_no`, `due`, `closed`; empty for a row of an older release."""
    undo_until: float | None = None
    """The end of the time to undo it, on the monotonic clock of the machine."""
    undone_at: datetime | None = None
    undone_by: str | None = None

    def seconds_left(self, monotonic_now: float) -> float:
        """Return the seconds in which it can still be undone; 0 after them."""
        left = (self.undo_until or 0.0) - monotonic_now
        return left if self.undone_at is None and 0 < left <= LONGEST_UNDO else 0.0


def insert(db: Database, decision: Decision, detail: bytes, event: bytes | None = None) -> None:
    """Insert a decision with its sealed detail and, if it goes to a portal, the sealed body of its event."""
    sql = """insert into decisions (id, submission_id, receipt_no, seq, kind, actor, at, facts, detail, event, digest,
               delivery, before, undo_until)
             values (:id, :submission_id, :receipt_no, :seq, :kind, :actor, :at, :facts, :detail, :event, :digest,
               :delivery, :before, :undo_until)"""
    texts = {
        "at": clock.timestamp(decision.at),
        "facts": json.dumps(dict(decision.facts), sort_keys=True),
        "before": json.dumps(dict(decision.before), sort_keys=True),
    }
    db.execute(sql, vars(decision) | texts | {"detail": detail, "event": event})


def find(db: Database, decision_id: str) -> Decision | None:
    """Return a decision by its id."""
    return next(iter(_all(db, "where id = ?", [decision_id])), None)


def of_case(db: Database, receipt_no: str) -> list[Decision]:
    """Return the decisions under a receipt number that were not undone, oldest first."""
    return _all(db, f"where receipt_no = ? and {_IS_DECISION} and undone_at is null order by seq", [receipt_no])


def in_force(made: Sequence[Decision]) -> list[Decision]:
    """Return the decisions of a case that still hold: without those that were reopened, and without the reopenings."""
    reopened = {row.facts.get("of") for row in made if row.kind == "reopened"}
    return [row for row in made if row.kind != "reopened" and row.seq not in reopened]


def last_to_undo(db: Database, actor: str, monotonic_now: float) -> Decision | None:
    """Return the newest decision of an officer whose time to undo has not ended."""
    where = """where undo_until > ? and undo_until <= ? and undone_at is null and actor = ?
               order by undo_until desc, seq desc limit 1"""
    return next(iter(_all(db, where, [monotonic_now, monotonic_now + LONGEST_UNDO, actor])), None)


def is_last(db: Database, decision: Decision) -> bool:
    """Return whether nothing was decided, and no official number recorded, after a decision."""
    sql = """select 1 from decisions where receipt_no = ? and seq > ? and kind not in ('document', 'messages')
               and undone_at is null"""
    return not db.execute(sql, [decision.receipt_no, decision.seq]).fetchall()


def mark_undone(db: Database, decision_id: str, now: datetime, actor: str) -> bool:
    """Mark a decision as undone and remove its event; return False when it was undone before."""
    sql = """update decisions set undone_at = ?, undone_by = ?, delivery = null, digest = null, event = null
             where id = ? and undone_at is null"""
    return db.execute(sql, [clock.timestamp(now), actor, decision_id]).rowcount > 0


def first_acceptance(db: Database, receipt_no: str) -> datetime | None:
    """Return when a case was accepted for the first time; None before that."""
    return next((row.at for row in in_force(of_case(db, receipt_no)) if row.kind == "accepted"), None)


def accepted_between(db: Database, start: datetime, end: datetime) -> list[str]:
    """Return the receipt numbers of the cases first accepted from `start` until before `end`, in that order.

    Acceptances that were undone or reopened do not count.
    """
    sql = f"""select receipt_no from decisions d where kind = 'accepted' and at >= ? and at < ? and {_holds("d")}
               and not exists (select 1 from decisions e where e.receipt_no = d.receipt_no and e.kind = 'accepted'
                                 and e.seq < d.seq and {_holds("e")})
             order by at, receipt_no"""  # noqa: S608  # nosec B608 # constants of this module
    return [receipt_no for (receipt_no,) in db.execute(sql, [clock.timestamp(start), clock.timestamp(end)]).fetchall()]


def handed_out_since(db: Database, actor: str, since: datetime) -> list[Decision]:
    """Return the results that an officer has handed out since a time, oldest first; undone ones are left out."""
    where = "where kind = 'handed_out' and at >= ? and actor = ? and undone_at is null order by at, seq"
    return _all(db, where, [clock.timestamp(since), actor])


def last_of_messages(db: Database, receipt_no: str) -> Decision | None:
    """Return the last event about messages to phones under a receipt number; None without one."""
    where = "where receipt_no = ? and kind = 'messages' order by seq desc limit 1"
    return next(iter(_all(db, where, [receipt_no])), None)


def count(db: Database, receipt_no: str) -> int:
    """Count the changes to the decisions under a receipt number: one for each decision, one more when it is undone."""
    sql = f"select count(*) + count(undone_at) from decisions where receipt_no = ? and {_IS_DECISION}"  # noqa: S608  # nosec B608 # constants of this module
    return int(db.execute(sql, [receipt_no]).fetchone()[0])


def last_seq(db: Database, receipt_no: str) -> int:
    """Return the number of the last row under a receipt number, of any kind; 0 before the first."""
    row = db.execute("select max(seq) from decisions where receipt_no = ?", [receipt_no]).fetchone()
    return int(row[0] or 0)


def detail(db: Database, decision_id: str) -> bytes | None:
    """Return the sealed detail of a decision; None after it was wiped."""
    return _blob(db, "detail", decision_id)


def event(db: Database, decision_id: str) -> bytes | None:
    """Return the sealed, frozen body of a row's event; None where there is none, or after it was wiped."""
    return _blob(db, "event", decision_id)


def set_delivery(db: Database, decision_id: str, delivery: EventDelivery) -> bool:
    """Set the delivery state of an event; return False when the row is unknown or has no event."""
    sql = "update decisions set delivery = ? where id = ? and delivery is not null"
    return db.execute(sql, [delivery, decision_id]).rowcount > 0


def remove_event(db: Database, decision_id: str) -> bool:
    """Remove an unconfirmed event from its row, so that no portal gets it; return False when there is none."""
    sql = """update decisions set delivery = null, digest = null, event = null
             where id = ? and delivery in ('queued', 'quarantined')"""
    return db.execute(sql, [decision_id]).rowcount > 0


def all_quarantined(db: Database, limit: int) -> list[Decision]:
    """Return the rows whose event the portal refused, oldest first."""
    return _all(db, "where delivery = 'quarantined' order by at limit ?", [limit])


def quarantined_of(db: Database, receipt_no: str) -> list[Decision]:
    """Return the rows of a case whose event the portal refused, oldest first, of any kind."""
    return _all(db, "where receipt_no = ? and delivery = 'quarantined' order by seq", [receipt_no])


def count_quarantined(db: Database) -> int:
    """Count the events that the portal refused."""
    return int(db.execute("select count(*) from decisions where delivery = 'quarantined'").fetchone()[0])


def without_body() -> ExpiredRows:
    """Return the decisions of cases without a body, whose details and events are wiped. Queued events are kept."""
    where = """(detail is not null or event is not null) and delivery is not 'queued' and not exists
               (select 1 from submissions s where s.receipt_no = decisions.receipt_no and s.body is not null)"""
    return ExpiredRows(table="decisions", change="update decisions set detail = null, event = null", where=where)


_COLUMNS = """id, submission_id, receipt_no, seq, kind, actor, at, facts, digest, delivery, before, undo_until,
  undone_at, undone_by"""
_IS_DECISION = "kind not in ('document', 'numbered', 'messages')"


def _holds(row: str) -> str:
    """Return the condition that a row was neither undone nor reopened."""
    return f"""{row}.undone_at is null and not exists (select 1 from decisions r where r.receipt_no = {row}.receipt_no
      and r.kind = 'reopened' and r.undone_at is null and r.facts ->> 'of' = {row}.seq)"""  # noqa: S608  # nosec B608 # names of this module


def _blob(db: Database, column: str, decision_id: str) -> bytes | None:
    for row in db.query(f"select {column} as blob from decisions where id = ?", [decision_id]):  # noqa: S608  # nosec B608 # constants of this module
        return row["blob"]  # type: ignore[no-any-return]
    return None


def _all(db: Database, where: str, args: list[Any]) -> list[Decision]:
    sql = f"select {_COLUMNS} from decisions {where}"  # noqa: S608  # nosec B608 # constants of this module
    return [_decision(row) for row in db.query(sql, args)]


def _decision(row: dict[str, Any]) -> Decision:
    times = {
        "at": clock.parse_timestamp(row["at"]),
        "undone_at": clock.parse_timestamp(row["undone_at"]) if row["undone_at"] else None,
    }
    return Decision(**{**row, **times, "facts": json.loads(row["facts"]), "before": json.loads(row["before"])})
