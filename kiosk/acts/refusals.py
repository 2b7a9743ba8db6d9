"""Forms and desk events that the portal refused: send them again, or withdraw them for good.

An officer does both, because they may read the form and the portal's message. The events of a withdrawn form are
withdrawn too: the portal has no submission that they could refer to.
"""

from typing import Literal, get_args

from sqlite_utils import Database

import sync.file_outbox
import sync.outbox
from kiosk.base.errors import NotAllowed
from kiosk.context import Context
from kiosk.dossiers.scan_events import update_dossier_delivery
from kiosk.records import audit, decisions, submissions
from sync.parcel import Subject

WithdrawalReason = Literal["paper", "other_system", "twice", "asked"]
"""Handled on paper, entered in another system, a duplicate, at the citizen's request."""
REASONS: tuple[WithdrawalReason, ...] = get_args(WithdrawalReason)


def send_again(context: Context, subject_id: str, actor: str) -> bool:
    """Re-queue a refused form or event; return whether it was set aside (outbox state `refused`) until now."""
    now = context.clock.now()
    with context.store.write() as db:
        was_set_aside = not _is_superseded(db, subject_id) and sync.outbox.release(db, subject_id, now)
        if was_set_aside:
            if not decisions.set_delivery(db, subject_id, "queued"):
                submissions.set_delivery(db, subject_id, delivery="queued", now=now)
            line = audit.AuditLine(act="release", actor=actor, subject=subject_id)
            audit.append(db, key=context.audit_key(), now=now, line=line)
    return was_set_aside


def withdraw(context: Context, subject_id: str, reason: str, actor: str) -> bool:
    """Withdraw a refused form or event for good; return whether it was set aside until now.

    Raises:
        NotAllowed: the reason is not in `REASONS`.
    """
    valid_reason = _valid_reason(reason)
    now = context.clock.now()
    with context.store.write() as db:
        status = sync.outbox.status_of(db, subject_id)
        if status is None or status.state != "refused" or _is_superseded(db, subject_id):
            return False
        is_event = decisions.remove_event(db, subject_id)
        if not is_event:
            submissions.set_delivery(db, subject_id, delivery="withdrawn", now=now)
        for subject in (status.subject, *_events_of(db, subject_id)):
            sync.outbox.mark_refused(db, subject=subject, reason="record", code="withdrawn", now=now)
            decisions.remove_event(db, subject.id)  # without effect for `subject_id`: see above
            sync.file_outbox.drop_of_parent(db, subject.id, now)
        _update_delivery(db, context, subject_id)
        line = audit.AuditLine(act="withdraw", actor=actor, subject=subject_id, facts={"reason": valid_reason})
        audit.append(db, key=context.audit_key(), now=now, line=line)
    return True


def _update_delivery(db: Database, context: Context, subject_id: str) -> None:
    """Update the dossier's delivery: it may have been waiting for a scan that is withdrawn now."""
    row = decisions.find(db, subject_id) or submissions.find(db, subject_id)
    if row is not None:
        update_dossier_delivery(context, db, row.receipt_no)


def _events_of(db: Database, submission_id: str) -> list[Subject]:
    """Return the desk events that wait behind a submission in the outbox."""
    children = sync.outbox.list_children(db, submission_id)
    return [child.subject for child in children if child.subject.kind == "event"]


def _is_superseded(db: Database, subject_id: str) -> bool:
    """Return whether a subject was withdrawn, or has a correction, while a page still showed it."""
    status = sync.outbox.status_of(db, subject_id)
    is_withdrawn = status is not None and status.last_code == "withdrawn"
    return is_withdrawn or submissions.correction_of(db, subject_id) is not None


def _valid_reason(text: str) -> WithdrawalReason:
    for reason in REASONS:
        if reason == text:
            return reason
    raise NotAllowed("Mời chọn vì sao rút.", "Please say why it is withdrawn.")
