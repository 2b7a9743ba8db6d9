"""Announce scans to the portal: a `document` event names a scan, and its file is queued behind that event.

A `document` event is stored as a `Decision` with `kind="document"`, because one `seq` counts all events of a receipt
number. A submission's body is frozen before the desk sees a paper, so the contract announces papers by events. Nothing
is announced where the dossier goes to no portal, or to one that takes no files; and no original that is certified,
which is not handed in. All functions run inside the caller's write.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

import sync.file_outbox
import sync.outbox
from kiosk.base import clock, codes
from kiosk.context import Context
from kiosk.records import audit, decisions, scans, submissions
from kiosk.records.decisions import Decision
from kiosk.records.scans import Scan
from kiosk.records.submissions import Delivery, Submission
from sync.encoding import canonical_json, sha256_hex


@dataclass(frozen=True)
class ScannedPaper:
    """A paper of the form's list: its id and name."""

    id: str
    name: str


def append_line(db: Database, context: Context, *, scan: Scan, subject: str) -> None:
    """Append the audit line of a new scan; `subject` is its submission."""
    facts: dict[str, audit.AuditFact] = {"paper": scan.paper, "pages": scan.pages, "bytes": scan.bytes}
    if scan.signed:
        facts["signed"] = scan.signed
    line = audit.AuditLine(act="attach", actor=scan.actor, subject=subject, facts=facts)
    audit.append(db, key=context.audit_key(), now=scan.at, line=line)


def announce_scan(db: Database, context: Context, scan: Scan, paper: ScannedPaper) -> None:
    """Enqueue the event of a new scan and its file.

    The dossier's delivery is `sent` until the portal has the file.
    """
    submission = _sent_submission(db, context, scan)
    if submission is None:
        return
    file = {"sha256": scan.sha256, "size": scan.bytes, "mediaType": scan.media}
    document = _document(scan, paper, file)
    event_id = _enqueue_event(db, context, submission=submission, scan=scan, document=document, actor=scan.actor)
    sync.file_outbox.enqueue(
        db, file=scan.id, parent=event_id, sha256=scan.sha256, size=scan.bytes, now=context.clock.now()
    )
    update_dossier_delivery(context, db, scan.receipt_no)


def announce_removal(db: Database, context: Context, scan: Scan, paper: ScannedPaper, actor: str) -> None:
    """Remove a deleted scan's file from the queue and enqueue the event that says so."""
    sync.file_outbox.drop(db, scan.id, context.clock.now())
    submission = _sent_submission(db, context, scan)
    if submission is not None:
        document = _document(scan, paper, None)
        _enqueue_event(db, context, submission=submission, scan=scan, document=document, actor=actor)
    update_dossier_delivery(context, db, scan.receipt_no)


def sends_events(context: Context, submission: Submission) -> bool:
    """Return whether events of a dossier go to the portal."""
    return submission.delivery not in (None, "withdrawn") and context.config.portal.capabilities.takes_events


def update_dossier_delivery(context: Context, db: Database, receipt_no: str) -> None:
    """Set the delivery of a dossier at the portal: `sent` while a scan of it is missing there, else `confirmed`."""
    has_open = sync.file_outbox.any_open(db, [scan.id for scan in scans.of_receipt(db, receipt_no)])
    delivery: Delivery = "sent" if has_open else "confirmed"
    for revision in submissions.revisions(db, receipt_no):
        if revision.delivery in ("sent", "confirmed") and revision.delivery != delivery:
            submissions.set_delivery(db, revision.id, delivery=delivery, now=context.clock.now())


def _sent_submission(db: Database, context: Context, scan: Scan) -> Submission | None:
    """Return the latest submission of a scan's dossier, if its events and files go to the portal."""
    submission = submissions.by_receipt(db, scan.receipt_no)
    if submission is None or scans.is_original(scan.paper) or not context.config.portal.capabilities.takes_files:
        return None
    return submission if sends_events(context, submission) else None


def _document(scan: Scan, paper: ScannedPaper, file: Mapping[str, Any] | None) -> dict[str, Any]:
    by = {"by": scans.CITIZEN} if scan.actor == scans.CITIZEN else {}
    return {"itemId": scan.id, "documentCode": paper.id, "name": paper.name, "file": file, **by}


def _enqueue_event(
    db: Database,
    context: Context,
    *,
    submission: Submission,
    scan: Scan,
    document: Mapping[str, Any],
    actor: str,
) -> str:
    """Store and enqueue the event of a scan behind its submission; return the event's id."""
    now = context.clock.now()
    event_id = codes.new_id()
    seq = decisions.last_seq(db, submission.receipt_no) + 1
    event = canonical_json(
        {
            "eventId": event_id,
            "submissionId": submission.id,
            "seq": seq,
            "kind": "document",
            "at": clock.timestamp(now),
            "officer": actor,
            "document": document,
        }
    )
    decision = Decision(
        id=event_id,
        submission_id=submission.id,
        receipt_no=submission.receipt_no,
        seq=seq,
        kind="document",
        actor=actor,
        at=now,
        facts={"paper": scan.paper, "scan": scan.id, "is_gone": document["file"] is None},
        digest=sha256_hex(event),
        delivery="queued",
    )
    detail = context.vault.seal(decisions.DETAIL, event_id, b"{}")
    decisions.insert(db, decision, detail=detail, event=context.vault.seal(decisions.EVENT, event_id, event))
    sync.outbox.enqueue(db, event_id, now, kind="event", parent=submission.id, seq=seq)
    return event_id
