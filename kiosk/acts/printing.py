"""What a person asks to be printed, beside what Submit prints by itself."""

import json

from sqlite_utils import Database

import printers.spool
from kiosk.context import Context
from kiosk.errors import NotFound
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.records import audit, submissions


def print_missing_list(context: Context, draft_id: str, draft: Draft) -> None:
    """Print "CẦN MANG THÊM" for a form in hand; the spool keeps the form's code and situations, nobody's name."""
    procedure = context.catalogue.version(draft.code, draft.version)
    told = journey.answers_with_situations(procedure, draft, context.clock.today()) if procedure else {}
    situations = {one.key: told.get(one.key) for one in procedure.situations} if procedure else {}
    known = json.dumps(situations, sort_keys=True)
    facts = {"code": draft.code, "version": draft.version, "situations": known}
    now = context.clock.now()
    with context.store.write() as db:
        printers.spool.put(db, f"missing:{draft_id}", "missing", draft_id, facts, now)


def reprint_slip(context: Context, submission_id: str, actor: str) -> None:
    """Print the slip of a submission once more, as a copy; a touch repeated while it is on its way is one copy.

    A correction has no slip of its own: that of its first revision is printed anew, and says what was corrected.
    """
    now = context.clock.now()
    with context.store.write() as db:
        slip = _slip(db, submission_id)
        if slip is None:
            raise NotFound
        printers.spool.reprint(db, slip.id, actor, "asked at the counter", now)
        audit.append(db, context.audit_key(), now, audit.AuditLine("reprint", actor, submission_id))


def confirm_paper(context: Context, job_id: int, *, is_out: bool) -> None:
    """Write down what a person saw: an unknown paper came out, or it is printed again."""
    with context.store.write() as db:
        printers.spool.answer(db, job_id, context.clock.now(), printed=is_out, by="technician")
        _note(db, context, "paper_seen", job_id)


def reprint(context: Context, job_id: int, why: str) -> None:
    """Print a paper once more; it says that it is a copy."""
    with context.store.write() as db:
        printers.spool.reprint(db, job_id, "technician", why, context.clock.now())
        _note(db, context, "reprint", job_id)


def _note(db: Database, context: Context, act: str, job_id: int) -> None:
    audit.append(db, context.audit_key(), context.clock.now(), audit.AuditLine(act, "technician", str(job_id)))


def _slip(db: Database, submission_id: str) -> printers.spool.Job | None:
    found = submissions.find(db, submission_id)
    ids = [one.id for one in submissions.revisions(db, found.receipt_no)] if found else []
    jobs = (job for one in ids for job in printers.spool.of_subject(db, one))
    return next((job for job in jobs if job.kind == "slip"), None)
