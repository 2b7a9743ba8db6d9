"""Store a decision of the desk: the state of the case, the sealed words, the event for the portal.

Shared by the acts that decide, undo and reopen. All functions run inside the caller's write. The event of a decision is
held back for some seconds (`[desk] undo_seconds`), in which the decision can be undone.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

import sync.outbox
from kiosk.base import clock, codes
from kiosk.context import Context
from kiosk.dossiers import scan_events
from kiosk.records import audit, decisions, submissions
from kiosk.records.decisions import SILENT, Decision, DecisionFact, DecisionKind
from kiosk.records.submissions import DeskBefore, DeskState, Submission
from sync.encoding import canonical_json, sha256_hex

_USUAL_STATE_BEFORE: dict[DecisionKind, DeskState] = {
    "accepted": "waiting",
    "supplement": "waiting",
    "refused": "waiting",
    "extended": "accepted",
    "stopped": "accepted",
    "handed_out": "accepted",
}
"""The state before a decision of an older release, whose row does not say it. Only these kinds can be reopened."""


@dataclass(frozen=True)
class CaseRequest:
    """Post of a decision form: the submission, how many acts on it the page had seen, and the officer."""

    submission_id: str
    seen_count: int
    actor: str


class InvalidDecision(Exception):  # noqa: N818 - read in a sentence
    """A decision form with errors; `errors` are messages by the name of the form's field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = dict(errors)


@dataclass(frozen=True)
class DecisionContent:
    """Stored parts of a decision: facts, a detail that is sealed, members of its event, and the case after it.

    `desk` None keeps the state of the case, `official_no` and `due_at` None keep the number and the due time.
    """

    kind: DecisionKind
    detail: Mapping[str, Any]
    desk: DeskState | None = None
    facts: Mapping[str, DecisionFact] = field(default_factory=dict)
    event: Mapping[str, Any] = field(default_factory=dict)
    official_no: str | None = None
    due_at: datetime | None = None


def current_submission(db: Database, request: CaseRequest) -> Submission | None:
    """Return the submission of a request; None where the page had not seen the last act or the last revision."""
    submission = submissions.find(db, request.submission_id)
    if submission is None or decisions.count(db, submission.receipt_no) != request.seen_count:
        return None
    return None if submissions.correction_of(db, submission.id) else submission


def decide(db: Database, context: Context, request: CaseRequest, content: DecisionContent) -> Decision | None:
    """Store a decision and note it; None where the page was out of date, or the decision may not follow."""
    submission = current_submission(db, request)
    if submission is None or submission.desk not in decisions.MAY_FOLLOW[content.kind]:
        return None
    after = replace(content, desk=decisions.STATE_AFTER[content.kind])
    decision = store_decision(db, context, submission, content=after, actor=request.actor)
    note_decision(db, context, decision, act=content.kind)
    return decision


def store_decision(
    db: Database, context: Context, submission: Submission, *, content: DecisionContent, actor: str
) -> Decision:
    """Store a decision, update the case, and enqueue the event where the submission goes to a portal."""
    now = context.clock.now()
    decision_id = codes.new_id()
    seq = decisions.last_seq(db, submission.receipt_no) + 1
    event = _event(content, submission_id=submission.id, decision_id=decision_id, seq=seq, now=now, actor=actor)
    is_sent = scan_events.sends_events(context, submission)
    undo_until = None if content.kind in SILENT else _undo_until(context)
    decision = Decision(
        id=decision_id,
        submission_id=submission.id,
        receipt_no=submission.receipt_no,
        seq=seq,
        kind=content.kind,
        actor=actor,
        at=now,
        facts=content.facts,
        digest=sha256_hex(event) if is_sent else None,
        delivery="queued" if is_sent else None,
        before=_state_of(submission),
        undo_until=undo_until,
    )
    plain_detail = json.dumps(dict(content.detail), ensure_ascii=False).encode()
    detail = context.vault.seal(decisions.DETAIL, decision_id, plain_detail)
    sealed_event = context.vault.seal(decisions.EVENT, decision_id, event) if is_sent else None
    decisions.insert(db, decision, detail=detail, event=sealed_event)
    if content.desk is not None:
        submissions.set_desk(db, submission.id, desk=content.desk, now=now)
    submissions.set_official(db, submission.id, official_no=content.official_no, due_at=content.due_at)
    if is_sent:
        sync.outbox.enqueue(db, decision_id, now, kind="event", parent=submission.id, seq=seq, hold_until=undo_until)
    return decision


def note_decision(db: Database, context: Context, decision: Decision, act: str) -> None:
    """Append a decision to the audit trail, with its facts."""
    facts = {"receipt": decision.receipt_no, "seq": decision.seq, **decision.facts}
    line = audit.AuditLine(act=act, actor=decision.actor, subject=decision.submission_id, facts=facts)
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def state_before(decision: Decision) -> DeskBefore:
    """Return the state of the case before a decision; the usual one for a row of an older release."""
    if not decision.before:
        return DeskBefore(_USUAL_STATE_BEFORE[decision.kind])
    return DeskBefore(**decision.before)  # type: ignore[arg-type]  # written by _state_of


def to_reopen(made: Sequence[Decision]) -> Decision | None:
    """Return the decision that can be reopened: the last one of a case, unless that is a reopening itself."""
    last = made[-1] if made else None
    return last if last is not None and last.kind in _USUAL_STATE_BEFORE else None


def seconds_to_undo(db: Database, context: Context, decision: Decision) -> float:
    """Return the seconds in which a decision can still be undone; 0 where it cannot.

    It must be the last act on its case, and its event must not have left this machine.
    """
    left = decision.seconds_left(context.clock.monotonic())
    if not left or not decisions.is_last(db, decision):
        return 0.0
    status = sync.outbox.status_of(db, decision.id)
    return left if status is None or status.state == "todo" else 0.0


def _undo_until(context: Context) -> float | None:
    seconds = context.config.desk.undo_seconds
    return context.clock.monotonic() + seconds if seconds else None


def _state_of(submission: Submission) -> dict[str, DecisionFact]:
    due = submission.desk_due_at
    closed = submission.closed_at
    return {
        "desk": submission.desk,
        "official_no": submission.desk_official_no,
        "due": clock.timestamp(due) if due else None,
        "closed": clock.timestamp(closed) if closed else None,
    }


def _event(
    content: DecisionContent, *, submission_id: str, decision_id: str, seq: int, now: datetime, actor: str
) -> bytes:
    """Return the contract's event of a decision. Its bytes are stored and hashed, and never made again."""
    return canonical_json(
        {
            "eventId": decision_id,
            "submissionId": submission_id,
            "seq": seq,
            "kind": content.kind,
            "at": clock.timestamp(now),
            "officer": actor,
            **content.event,
        }
    )
