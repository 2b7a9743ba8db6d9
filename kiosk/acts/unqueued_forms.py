"""Forms of earlier releases that were filed before there was a portal: those releases did not queue them."""

from sqlite_utils import Database

import sync.outbox
from kiosk.context import Context
from kiosk.records import audit, marks, submissions
from kiosk.records.submissions import Submission

QUEUED = "portal.held_queued"
"""Mark: how many forms were queued, once in each store."""
SLICE = 100


def queue_all(context: Context) -> int:
    """Queue what the store holds and the portal takes, once; return how many forms.

    A form of a procedure that the portal did not take was typed by an officer; it is not queued when the portal takes
    such forms later.
    Decisions on these forms have no events: the portal learns the later ones.
    """
    with context.store.read() as db:
        if marks.get(db, QUEUED) is not None:
            return 0
    count = 0
    last = ""
    while True:
        with context.store.write() as db:
            held = submissions.list_held(db, last, SLICE)
            count += sum(_queue(db, context, submission) for submission in held)
            if len(held) < SLICE:
                marks.put(db, QUEUED, str(count))
                if count:
                    line = audit.AuditLine(act="held_queued", actor="worker", subject="portal", facts={"forms": count})
                    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
                return count
        last = held[-1].id


def _queue(db: Database, context: Context, submission: Submission) -> bool:
    procedure = context.catalogue.version(submission.procedure, submission.version)
    if procedure is None or procedure.portal == "none" or not context.config.queues(procedure.code):
        return False
    submissions.queue_held(db, submission.id)
    sync.outbox.enqueue(db, submission.id, context.clock.now(), parent=submission.supersedes)
    return True
