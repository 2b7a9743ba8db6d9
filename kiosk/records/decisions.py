"""The decisions table: one row a desk event of a case, numbered for each receipt number.

A row is a decision or another desk event (kind `document`: a scan was attached or removed). Rows are never deleted or
changed back: a later decision is another row. The detail (a reason, the recipient of the result)
and the frozen body of the event are sealed, and are wiped with the case's bodies. `facts` are codes, numbers and times,
and stay. `delivery` is the state of the event; None where the case goes to no portal.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk import clock
from kiosk.expired_rows import ExpiredRows

DecisionKind = Literal[
    "accepted", "supplement", "refused", "extended", "stopped", "handed_out", "document", "fee", "withdrawn"
]
"""The kinds that the table allows; `fee` and `withdrawn` are kept for the contract, and no module writes them."""
DecidedState = Literal["accepted", "supplement", "refused", "stopped", "handed_out"]
EventDelivery = Literal["queued", "confirmed", "quarantined"]
DecisionFact = str | int | bool | None

EVENT = "desk event"
"""Vault purpose of a sealed event body."""
DETAIL = "desk decision"
"""Vault purpose of a sealed detail."""

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


def insert(db: Database, decision: Decision, detail: bytes, event: bytes | None = None) -> None:
    """Insert a decision with its sealed detail and, if it goes to a portal, the sealed body of its event."""
    sql = """insert into decisions (id, submission_id, receipt_no, seq, kind, actor, at, facts, detail, event, digest,
               delivery)
             values (:id, :submission_id, :receipt_no, :seq, :kind, :actor, :at, :facts, :detail, :event, :digest,
               :delivery)"""
    texts = {"at": clock.timestamp(decision.at), "facts": json.dumps(dict(decision.facts), sort_keys=True)}
    db.execute(sql, vars(decision) | texts | {"detail": detail, "event": event})


def find(db: Database, decision_id: str) -> Decision | None:
    """Return a decision by its id."""
    return next(iter(_all(db, "where id = ?", [decision_id])), None)


def of_case(db: Database, receipt_no: str) -> list[Decision]:
    """Return the decisions under a receipt number, oldest first; `document` events are no decisions."""
    return _all(db, "where receipt_no = ? and kind <> 'document' order by seq", [receipt_no])


def first_acceptance(db: Database, receipt_no: str) -> datetime | None:
    """Return when a case was accepted for the first time; None before that."""
    return next((row.at for row in of_case(db, receipt_no) if row.kind == "accepted"), None)


def accepted_between(db: Database, start: datetime, end: datetime) -> list[str]:
    """Return the receipt numbers of the cases first accepted from `start` until before `end`, in that order."""
    sql = """select receipt_no from decisions d where kind = 'accepted' and at >= ? and at < ? and not exists
               (select 1 from decisions e where e.receipt_no = d.receipt_no and e.kind = 'accepted' and e.seq < d.seq)
             order by at, receipt_no"""
    return [receipt_no for (receipt_no,) in db.execute(sql, [clock.timestamp(start), clock.timestamp(end)]).fetchall()]


def count(db: Database, receipt_no: str) -> int:
    """Count the decisions under a receipt number, without `document` events."""
    sql = "select count(*) from decisions where receipt_no = ? and kind <> 'document'"
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


_COLUMNS = "id, submission_id, receipt_no, seq, kind, actor, at, facts, digest, delivery"


def _blob(db: Database, column: str, decision_id: str) -> bytes | None:
    for row in db.query(f"select {column} as blob from decisions where id = ?", [decision_id]):  # noqa: S608  # nosec B608 # constants of this module
        return row["blob"]  # type: ignore[no-any-return]
    return None


def _all(db: Database, where: str, args: list[Any]) -> list[Decision]:
    sql = f"select {_COLUMNS} from decisions {where}"  # noqa: S608  # nosec B608 # constants of this module
    return [_decision(row) for row in db.query(sql, args)]


def _decision(row: dict[str, Any]) -> Decision:
    return Decision(**{**row, "at": clock.parse_timestamp(row["at"]), "facts": json.loads(row["facts"])})
