"""Prints on request, besides those that Submit enqueues."""

import json

from sqlite_utils import Database

import printers.spool
from kiosk.context import Context
from kiosk.errors import NotFound
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.records import audit, submissions


def print_missing_list(context: Context, draft_id: str, draft: Draft) -> None:
    """Print "CẦN MANG THÊM" for a draft; the spool stores the form's code and situations, and no name."""
    procedure = context.catalogue.version(draft.code, draft.version)
    situations = {}
    if procedure:
        answers = journey.answers_with_situations(procedure, draft, context.clock.today())
        situations = {situation.key: answers.get(situation.key) for situation in procedure.situations}
    facts = {
        "code": draft.code,
        "version": draft.version,
        "situations": json.dumps(situations, sort_keys=True),
    }
    with context.store.write() as db:
        printers.spool.enqueue(
            db, key=f"missing:{draft_id}", kind="missing", subject=draft_id, facts=facts, now=context.clock.now()
        )


def reprint_slip(context: Context, submission_id: str, actor: str) -> None:
    """Print a copy of a submission's slip; a repeated touch while it is being printed makes no second copy.

    A correction has no slip of its own: that of the first revision is printed again, and says what was corrected.

    Raises:
        NotFound: the submission has no slip.
    """
    now = context.clock.now()
    with context.store.write() as db:
        job = _find_slip(db, submission_id)
        if job is None:
            raise NotFound
        printers.spool.reprint(db, job_id=job.id, by=actor, why="asked at the counter", now=now)
        line = audit.AuditLine(act="reprint", actor=actor, subject=submission_id)
        audit.append(db, key=context.audit_key(), now=now, line=line)


def confirm_paper(context: Context, job_id: int, *, is_out: bool) -> None:
    """Record whether a paper of unknown state came out; if not, it is printed again."""
    with context.store.write() as db:
        printers.spool.resolve_unknown(db, job_id, context.clock.now(), is_printed=is_out, by="technician")
        _note(db, context, act="paper_seen", job_id=job_id)


def reprint(context: Context, job_id: int, why: str) -> None:
    """Print a copy of a paper."""
    with context.store.write() as db:
        printers.spool.reprint(db, job_id=job_id, by="technician", why=why, now=context.clock.now())
        _note(db, context, act="reprint", job_id=job_id)


def _note(db: Database, context: Context, act: str, job_id: int) -> None:
    line = audit.AuditLine(act=act, actor="technician", subject=str(job_id))
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def _find_slip(db: Database, submission_id: str) -> printers.spool.Job | None:
    submission = submissions.find(db, submission_id)
    revisions = submissions.revisions(db, submission.receipt_no) if submission else []
    for revision in revisions:
        for job in printers.spool.of_subject(db, revision.id):
            if job.kind == "slip":
                return job
    return None
