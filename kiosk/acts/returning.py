"""What the portal did not take, at the desk: send it again because the cause is gone, or withdraw it for good.

Both are an officer's, who may read the form and the portal's words; what is withdrawn takes its acts along, for the
portal has nothing that they could hang on.
"""

from typing import Literal, get_args

from sqlite_utils import Database

import sync.file_outbox
import sync.outbox
from kiosk.context import Context
from kiosk.dossiers.scan_events import update_delivery
from kiosk.errors import NotAllowed
from kiosk.records import audit, decisions, submissions
from sync.parcel import Subject

Why = Literal["paper", "other_system", "twice", "asked"]
REASONS: tuple[Why, ...] = get_args(Why)


def send_again(context: Context, subject_id: str, actor: str) -> bool:
    """Put a form or an act that the portal did not take back in line; return whether it was set aside."""
    now = context.clock.now()
    with context.store.write() as db:
        was = not _is_over(db, subject_id) and sync.outbox.release(db, subject_id, now)
        if was:
            if not decisions.set_delivery(db, subject_id, "queued"):
                submissions.set_delivery(db, subject_id, "queued", now)
            audit.note(db, context.audit_key(), now, audit.AuditLine("release", actor, subject_id))
    return was


def withdraw(context: Context, subject_id: str, reason: str, actor: str) -> bool:
    """Take a form or an act that the portal did not take out of the line for good; return whether it was set aside.

    NotAllowed without a reason of the list.
    """
    why, now = _reason(reason), context.clock.now()
    with context.store.write() as db:
        standing = sync.outbox.standing(db, subject_id)
        was = standing is not None and standing.state == "refused" and not _is_over(db, subject_id)
        if was:
            if not decisions.withhold(db, subject_id):
                submissions.set_delivery(db, subject_id, "withdrawn", now)
            for subject in (subject_id, *_acts_behind(db, subject_id)):
                sync.outbox.refuse(db, Subject(subject, "submission"), "record", "withdrawn", now)
                decisions.withhold(db, subject)
                sync.file_outbox.drop_behind(db, subject, now)
            _update_delivery(db, context, subject_id)
            audit.note(db, context.audit_key(), now, audit.AuditLine("withdraw", actor, subject_id, {"reason": why}))
    return was


def _update_delivery(db: Database, context: Context, subject_id: str) -> None:
    """Let the dossier wait no longer for a scan that will not go."""
    found = decisions.find(db, subject_id) or submissions.find(db, subject_id)
    if found is not None:
        update_delivery(context, db, found.receipt_no)


def _acts_behind(db: Database, submission_id: str) -> list[str]:
    return [one.subject.id for one in sync.outbox.behind(db, submission_id) if one.subject.kind == "event"]


def _is_over(db: Database, subject_id: str) -> bool:
    """Tell whether it was withdrawn, or corrected while a page still showed it: the correction takes its place."""
    standing = sync.outbox.standing(db, subject_id)
    is_withdrawn = standing is not None and standing.last_code == "withdrawn"
    return is_withdrawn or submissions.heir(db, subject_id) is not None


def _reason(reason: str) -> Why:
    for why in REASONS:
        if why == reason:
            return why
    raise NotAllowed("Mời chọn vì sao rút.", "Please say why it is withdrawn.")
