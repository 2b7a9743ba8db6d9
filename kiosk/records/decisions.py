"""The decisions table: what the desk did with a case, one row an act, numbered for each receipt number.

A decision is a row and nothing is ever taken back: what follows it is another row. Its words (a reason, who took the
result) and the frozen body of its event are sealed and go when the case's bodies go; ``facts`` are codes, numbers and
times, and stay. ``delivery`` is the way of its event: None where the case goes to no portal.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk import clock

DecisionKind = Literal[
    "accepted", "supplement", "refused", "extended", "stopped", "handed_out", "document", "fee", "withdrawn"
]
Decided = Literal["accepted", "supplement", "refused", "stopped", "handed_out"]
EventDelivery = Literal["queued", "confirmed", "quarantined"]
Fact = str | int | bool | None

EVENT, DETAIL = "desk event", "desk decision"
"""The kinds of record that a sealed event and sealed words are, for the vault."""

MAY_FOLLOW: Mapping[DecisionKind, tuple[str, ...]] = {
    "accepted": ("waiting", "supplement"),
    "supplement": ("waiting", "supplement", "accepted"),
    "refused": ("waiting", "supplement"),
    "extended": ("accepted",),
    "stopped": ("accepted", "supplement"),
    "handed_out": ("accepted",),
}
"""In which states of the desk an act may be done; what is closed stays closed."""
LEAVES: Mapping[DecisionKind, Decided] = {
    "accepted": "accepted",
    "supplement": "supplement",
    "refused": "refused",
    "extended": "accepted",
    "stopped": "stopped",
    "handed_out": "handed_out",
}
"""The state of the desk that an act leaves."""


@dataclass(frozen=True)
class Decision:
    """An act of the desk without its words."""

    id: str
    submission_id: str
    receipt_no: str
    seq: int
    kind: DecisionKind
    actor: str
    at: datetime
    facts: Mapping[str, Fact] = field(default_factory=dict)
    digest: str | None = None
    delivery: EventDelivery | None = None


def keep(db: Database, decision: Decision, detail: bytes, event: bytes | None = None) -> None:
    """Write down an act with its sealed words and, where it goes out, the sealed body of its event."""
    sql = """insert into decisions (id, submission_id, receipt_no, seq, kind, actor, at, facts, detail, event, digest,
               delivery)
             values (:id, :submission_id, :receipt_no, :seq, :kind, :actor, :at, :facts, :detail, :event, :digest,
               :delivery)"""
    told = {"at": clock.stamp(decision.at), "facts": json.dumps(dict(decision.facts), sort_keys=True)}
    db.execute(sql, vars(decision) | told | {"detail": detail, "event": event})


def find(db: Database, decision_id: str) -> Decision | None:
    """Find an act by its id."""
    return next(iter(_all(db, "where id = ?", [decision_id])), None)


def of_case(db: Database, receipt_no: str) -> list[Decision]:
    """List what the desk decided under a receipt number, in order; papers that it put to it are no decisions."""
    return _all(db, "where receipt_no = ? and kind <> 'document' order by seq", [receipt_no])


def count(db: Database, receipt_no: str) -> int:
    """Count what the desk decided under a receipt number."""
    sql = "select count(*) from decisions where receipt_no = ? and kind <> 'document'"
    return int(db.execute(sql, [receipt_no]).fetchone()[0])


def last_seq(db: Database, receipt_no: str) -> int:
    """Return the number of the last act under a receipt number, a paper put to it included; 0 before the first."""
    found = db.execute("select max(seq) from decisions where receipt_no = ?", [receipt_no]).fetchone()
    return int(found[0] or 0)


def detail(db: Database, decision_id: str) -> bytes | None:
    """Fetch the sealed words of an act; None once they were wiped."""
    return _blob(db, "detail", decision_id)


def event(db: Database, decision_id: str) -> bytes | None:
    """Fetch the sealed, frozen body of its event; None where there is none, or it was wiped."""
    return _blob(db, "event", decision_id)


def set_delivery(db: Database, decision_id: str, delivery: EventDelivery) -> bool:
    """Move an event on its way to the portal; False when it is unknown or goes nowhere."""
    sql = "update decisions set delivery = ? where id = ? and delivery is not null"
    return db.execute(sql, [delivery, decision_id]).rowcount > 0


def withhold(db: Database, decision_id: str) -> bool:
    """Let an event go to no portal any more; False when it is unknown or went nowhere before."""
    sql = """update decisions set delivery = null, digest = null, event = null
             where id = ? and delivery in ('queued', 'quarantined')"""
    return db.execute(sql, [decision_id]).rowcount > 0


def all_quarantined(db: Database, limit: int) -> list[Decision]:
    """List the events that the portal refused, the oldest first."""
    return _all(db, "where delivery = 'quarantined' order by at limit ?", [limit])


def quarantined_of(db: Database, receipt_no: str) -> list[Decision]:
    """List the events of a case that the portal refused, in order; those of papers too."""
    return _all(db, "where receipt_no = ? and delivery = 'quarantined' order by seq", [receipt_no])


def quarantined(db: Database) -> int:
    """Count the events that the portal refused."""
    return int(db.execute("select count(*) from decisions where delivery = 'quarantined'").fetchone()[0])


def wipe(db: Database) -> int:
    """Wipe words and events of cases that have no body left; say how many. What waits for the line is kept."""
    sql = """update decisions set detail = null, event = null
             where (detail is not null or event is not null) and delivery is not 'queued'
               and receipt_no not in (select receipt_no from submissions where body is not null)"""
    return db.execute(sql).rowcount


_FACTS = "id, submission_id, receipt_no, seq, kind, actor, at, facts, digest, delivery"


def _blob(db: Database, column: str, decision_id: str) -> bytes | None:
    for row in db.query(f"select {column} as found from decisions where id = ?", [decision_id]):  # noqa: S608
        return row["found"]  # type: ignore[no-any-return]
    return None


def _all(db: Database, where: str, told: list[Any]) -> list[Decision]:
    rows = db.query(f"select {_FACTS} from decisions {where}", told)  # noqa: S608 - constants of this module
    return [Decision(**{**row, "at": clock.read(row["at"]), "facts": json.loads(row["facts"])}) for row in rows]
