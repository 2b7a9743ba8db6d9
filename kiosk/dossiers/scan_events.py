"""A scan goes along with its dossier: an event of the desk names it, and its file goes behind that event.

The form was frozen before the desk saw a paper, so papers are told by events, as the contract has it. Nothing is told
where the dossier goes to no portal, or to one that takes no files. Inside the caller's write, as filing is.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

import sync.file_outbox
import sync.outbox
from kiosk import clock, codes
from kiosk.context import Context
from kiosk.records import decisions, scans, submissions
from kiosk.records.decisions import Decision
from kiosk.records.scans import Scan
from kiosk.records.submissions import Delivery, Submission


@dataclass(frozen=True)
class Paper:
    """A paper by its id on the form's list and its name."""

    id: str
    name: str


def enclose(db: Database, context: Context, scan: Scan, paper: Paper) -> None:
    """Send a scan after its form; the dossier stands as sent, and is confirmed again when the portal has the scan."""
    found = _going_out(db, context, scan)
    if found is None:
        return
    file = {"sha256": scan.sha256, "size": scan.bytes, "mediaType": scan.media}
    event_id = _tell(db, context, found, scan, _named(scan, paper, file), scan.actor)
    sync.file_outbox.put(db, scan.id, event_id, scan.sha256, scan.bytes, context.clock.now())
    update_delivery(context, db, scan.receipt_no)


def take_back(db: Database, context: Context, scan: Scan, paper: Paper, actor: str) -> None:
    """Send a scan no more, and tell the portal that it is gone. The scan's row is gone already."""
    sync.file_outbox.drop(db, scan.id, context.clock.now())
    found = _going_out(db, context, scan)
    if found is not None:
        _tell(db, context, found, scan, _named(scan, paper, None), actor)
    update_delivery(context, db, scan.receipt_no)


def _going_out(db: Database, context: Context, scan: Scan) -> Submission | None:
    found = submissions.by_receipt(db, scan.receipt_no)
    goes_out = found is not None and found.delivery not in (None, "withdrawn") and context.config.portal.takes_acts
    return found if goes_out else None


def _named(scan: Scan, paper: Paper, file: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"itemId": scan.id, "documentCode": paper.id, "name": paper.name, "file": file}


def _tell(
    db: Database, context: Context, found: Submission, scan: Scan, document: Mapping[str, Any], actor: str
) -> str:
    """Put the event of a paper in line behind its form; return its id."""
    now, event_id, seq = context.clock.now(), codes.new_id(), decisions.last_seq(db, found.receipt_no) + 1
    table = {
        "eventId": event_id,
        "submissionId": found.id,
        "seq": seq,
        "kind": "document",
        "at": clock.stamp(now),
        "officer": actor,
        "document": document,
    }
    event = json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()
    facts: dict[str, decisions.Fact] = {"paper": scan.paper, "scan": scan.id, "is_gone": document["file"] is None}
    digest = hashlib.sha256(event).hexdigest()
    act = Decision(event_id, found.id, found.receipt_no, seq, "document", actor, now, facts, digest, "queued")
    detail = context.vault.seal(decisions.DETAIL, event_id, b"{}")
    decisions.keep(db, act, detail, context.vault.seal(decisions.EVENT, event_id, event))
    sync.outbox.put(db, event_id, now, kind="event", parent=found.id, seq=seq)
    return event_id


def update_delivery(context: Context, db: Database, receipt_no: str) -> None:
    """Set the delivery of a dossier at the portal: `sent` while a scan of it is missing there, else `confirmed`."""
    has_open = sync.file_outbox.are_open(db, [scan.id for scan in scans.of_receipt(db, receipt_no)])
    delivery: Delivery = "sent" if has_open else "confirmed"
    for revision in submissions.revisions(db, receipt_no):
        if revision.delivery in ("sent", "confirmed") and revision.delivery != delivery:
            submissions.set_delivery(db, revision.id, delivery, context.clock.now())
