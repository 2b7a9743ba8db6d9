"""Undo a decision before its event leaves, and reopen one after that.

For some seconds after a decision (`[desk] undo_seconds`, on the monotonic clock) its event is held back, and an officer
can undo it: the case is as before, and the portal never learns of it. Later only the lead takes a decision back, with a
reason: the reopening is an event of its own, and the decision stays in the history.
"""

from sqlite_utils import Database

import sync.outbox
from kiosk.context import Context
from kiosk.dossiers import decision_messages as messages
from kiosk.dossiers.decision_filing import (
    CaseRequest,
    DecisionContent,
    InvalidDecision,
    current_submission,
    note_decision,
    seconds_to_undo,
    state_before,
    store_decision,
    to_reopen,
)
from kiosk.records import audit, decisions, submissions
from kiosk.records.decisions import Decision
from kiosk.records.submissions import DeskBefore

MAX_REASON_LENGTH = 1000


def undo(context: Context, decision_id: str, actor: str) -> Decision | None:
    """Undo the last decision on a case; None where its time is over, its event has left, or it was undone before.

    A handing out that accepted the case in the same press takes the acceptance back too. The number at the counter, the
    register numbers and the fee stay.
    """
    with context.store.write() as db:
        decision = decisions.find(db, decision_id)
        if decision is None or not seconds_to_undo(db, context, decision):
            return None
        submission = submissions.by_receipt(db, decision.receipt_no)
        if submission is None:
            return None
        _take_back(db, context, decision, submission_id=submission.id, actor=actor)
        accepted = _accepted_with(db, context, decision)
        if accepted is not None:
            _take_back(db, context, accepted, submission_id=submission.id, actor=actor)
        return decision


def _accepted_with(db: Database, context: Context, decision: Decision) -> Decision | None:
    """Return the acceptance of the press that handed out, where its event has not left either."""
    made = decisions.of_case(db, decision.receipt_no)
    accepted = next((each for each in made if each.seq == decision.facts.get("with")), None)
    return accepted if accepted is not None and seconds_to_undo(db, context, accepted) else None


def _take_back(db: Database, context: Context, decision: Decision, *, submission_id: str, actor: str) -> None:
    """Withdraw the event of a decision, mark it as undone, and restore the case before it."""
    now = context.clock.now()
    sync.outbox.withdraw_unsent(db, decision.id, now)
    decisions.mark_undone(db, decision.id, now, actor)
    submissions.restore_desk(db, submission_id, state_before(decision), now)
    facts: dict[str, audit.AuditFact] = {"receipt": decision.receipt_no, "seq": decision.seq, "kind": decision.kind}
    line = audit.AuditLine(act="undone", actor=actor, subject=submission_id, facts=facts)
    audit.append(db, key=context.audit_key(), now=now, line=line)


def reopen(context: Context, request: CaseRequest, reason: str) -> Decision | None:
    """Take the last decision on a case back with a reason; None when the page was out of date or nothing is decided.

    The official number stays: the city has given it.

    Raises:
        InvalidDecision: the reason is missing or too long.
    """
    reason = "\n".join(line.strip() for line in reason.strip().splitlines() if line.strip())
    if not reason:
        raise InvalidDecision({"reason": messages.REOPENING_REASON_MISSING})
    if len(reason) > MAX_REASON_LENGTH:
        raise InvalidDecision({"reason": messages.REASON_TOO_LONG.format(most=MAX_REASON_LENGTH, length=len(reason))})
    with context.store.write() as db:
        submission = current_submission(db, request)
        last = to_reopen(decisions.of_case(db, submission.receipt_no)) if submission else None
        if submission is None or last is None:
            return None
        before = state_before(last)
        content = DecisionContent(
            kind="reopened",
            detail={"reason": reason},
            facts={"of": last.seq, "kind": last.kind},
            event={"reopenedTo": before.desk, "reason": reason},
        )
        decision = store_decision(db, context, submission, content=content, actor=request.actor)
        number = submission.desk_official_no or before.official_no
        submissions.restore_desk(
            db, submission.id, DeskBefore(desk=before.desk, official_no=number, due=before.due), context.clock.now()
        )
        note_decision(db, context, decision, act="reopened")
        return decision
