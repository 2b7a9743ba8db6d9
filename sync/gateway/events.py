"""Events of the desk: received in order, and applied to the submission's status.

`seq` counts from 1 for each receipt number: an event that is early is answered with `wait`, unless all events before it
were set aside at the kiosk. An event sets the status code of the national list; it counts until a provincial system
reports a status. Every event is a change of its submission, also one that sets no status: only a counted change lets
the cursor of the feed show that a restored store has lost it.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from sync.encoding import sha256_hex, timestamp
from sync.gateway import (
    desk_decisions,
    documents,
    files,
    forwarding,
    kiosks,
    messages,
    sealing,
    status_changes,
    submissions,
)
from sync.gateway.problems import error_codes, errors_json
from sync.gateway.submissions import WAIT_SECONDS, BatchContext, JsonObject
from sync.gateway.tables import events
from sync.gateway.tables import submissions as submissions_table
from sync.parcel import FieldError

SUPPLEMENT_CODE = desk_decisions.STATUS_CODES["supplement"]
_CONFLICT = FieldError("", "conflict", "Mã này hoặc số thứ tự này đã có với nội dung khác.")


def receive_events(
    db: Connection, batch: BatchContext, items: list[JsonObject], set_aside: Sequence[JsonObject] = ()
) -> list[JsonObject]:
    """Receive a batch of events with the kiosk's row locked; return a result for each.

    Args:
        db: the store, inside a transaction.
        batch: the sender.
        items: the events, valid by the contract.
        set_aside: events of the same receipts (submission and `seq`) that may never arrive.
    """
    kiosks.lock_kiosk(db, batch.kiosk.kiosk_id)
    seqs_set_aside = defaultdict[str, set[int]](set)
    for item in set_aside:
        seqs_set_aside[item["submissionId"]].add(item.get("seq", 0))
    return [
        _receive_event(db, batch=batch, event=event, seqs_set_aside=seqs_set_aside[event["submissionId"]])
        for event in items
    ]


def _receive_event(db: Connection, batch: BatchContext, event: JsonObject, seqs_set_aside: set[int]) -> JsonObject:
    body = json.dumps(event, sort_keys=True).encode()
    stored = db.execute(select(events).where(events.c.event_id == event["eventId"])).one_or_none()
    if stored is not None:
        is_same = stored.kiosk_id == batch.kiosk.kiosk_id and stored.digest == sha256_hex(body)
        return _result(event, "duplicate") if is_same else _conflict(event)
    submission = submissions.find_submission(db, batch.kiosk, event["submissionId"])
    received = _received_seqs(db, batch, submission.receipt_no) if submission is not None else set()
    if submission is None or _is_early(event["seq"], received | seqs_set_aside):
        return {**_result(event, "wait"), "retryAfter": WAIT_SECONDS}
    if event["seq"] in received:
        submissions.record_refusal(db, batch=batch, subject=event["eventId"], why=error_codes([_CONFLICT]))
        return _conflict(event)
    _insert_event(db, batch=batch, submission=submission, event=event, body=body)
    is_late = event["seq"] < max(received, default=0)  # it was set aside before, so it changes no status
    values = {} if is_late else _status_values(event)
    status_changes.set_status(db, submission, batch.now, **values)
    latest = submissions.find_latest(db, submission.submission_id) if values else None
    if latest is not None and latest.submission_id != submission.submission_id:
        # A correction was written while the decision waited for the line: it came first, and has the state of before.
        status_changes.set_status(db, latest, batch.now, **values)
    if event["kind"] == "document" and "document" in event:
        _apply_document(db, submission=submission, item=event["document"], now=batch.now)
    forwarding.on_desk_event(db, submission=submission, kind=_kind_for_forwarding(event), now=batch.now)
    if not is_late:
        messages.on_desk_event(db, submission, event, batch.now)
    return _result(event, "created")


def _received_seqs(db: Connection, batch: BatchContext, receipt_no: str) -> set[int]:
    of_receipt = (events.c.kiosk_id == batch.kiosk.kiosk_id) & (events.c.receipt_no == receipt_no)
    return {row.seq for row in db.execute(select(events.c.seq).where(of_receipt))}


def _is_early(seq: int, known: set[int]) -> bool:
    """Return whether an earlier number is unknown; known numbers are counted, because `seq` may be huge."""
    return sum(0 < number < seq for number in known) < seq - 1


def _insert_event(db: Connection, batch: BatchContext, submission: Row[Any], event: JsonObject, body: bytes) -> None:
    db.execute(
        insert(events).values(
            event_id=event["eventId"],
            kiosk_id=batch.kiosk.kiosk_id,
            submission_id=event["submissionId"],
            receipt_no=submission.receipt_no,
            seq=event["seq"],
            kind=event["kind"],
            digest=sha256_hex(body),
            body=sealing.sealer(db).seal(sealing.EVENT, event["eventId"], body),
            received_at=timestamp(batch.now),
        )
    )


def _status_values(event: JsonObject) -> dict[str, object]:
    values: dict[str, object] = {}
    code = desk_decisions.status_code(event)
    if code is not None:
        values["status_code"] = code
    if "officialNo" in event:
        values["official_no"] = event["officialNo"]
    if "dueAt" in event:
        values["due_at"] = event["dueAt"]
    return values


def _kind_for_forwarding(event: JsonObject) -> str:
    """Return the kind of an event as forwarding sees it: a case that is accepted again goes on, another one stops."""
    if event["kind"] != "reopened":
        return str(event["kind"])
    return "accepted" if event.get("reopenedTo") == "accepted" else "withdrawn"


def _apply_document(db: Connection, submission: Row[Any], item: JsonObject, now: datetime) -> None:
    """Record a document that the desk attached or removed, and delete the file of a removed one."""
    kiosk_id = submission.kiosk_id
    receipt_no = submission.receipt_no
    before = documents.find_document(db, kiosk_id, item["itemId"])
    documents.record_documents(db, kiosk_id=kiosk_id, receipt_no=receipt_no, items=[item])
    if before is not None and before.sha256 and not item.get("file"):
        files.delete_if_unnamed(db, files.FileKey(kiosk_id, before.sha256))
    forwarding.on_files_complete(db, kiosk_id=kiosk_id, receipts=[receipt_no], now=now)


def find_missing(db: Connection, kiosk_id: str, event_ids: list[str]) -> list[str]:
    """Return the events that this store does not have of a kiosk."""
    is_own = (events.c.kiosk_id == kiosk_id) & events.c.event_id.in_(event_ids)
    stored = set(db.execute(select(events.c.event_id).where(is_own)).scalars())
    return [event_id for event_id in event_ids if event_id not in stored]


def find_missing_papers(db: Connection, kiosk_id: str, receipt_no: str) -> JsonObject | None:
    """Return the contract's `missing` of a supplement request that is the last decision of a receipt number.

    None where another decision is the last one, its term is over, or the kiosk is of an older release.
    """
    of_receipt = (events.c.kiosk_id == kiosk_id) & (events.c.receipt_no == receipt_no)
    is_decision = of_receipt & events.c.kind.in_((*desk_decisions.STATUS_CODES, "reopened"))
    columns = select(events.c.event_id, events.c.kind, events.c.body)
    row = db.execute(columns.where(is_decision).order_by(events.c.seq.desc()).limit(1)).one_or_none()
    if row is None or row.kind != "supplement" or row.body == sealing.DELETED:
        return None
    event = json.loads(sealing.sealer(db).open(sealing.EVENT, row.event_id, row.body))
    missing: JsonObject | None = event.get("missing")
    return missing


def list_events(db: Connection, kiosk_id: str, receipt_no: str) -> list[Row[Any]]:
    """Return the events of a receipt number in their order."""
    of_receipt = (events.c.kiosk_id == kiosk_id) & (events.c.receipt_no == receipt_no)
    columns = select(events.c.seq, events.c.kind, events.c.received_at, submissions_table.c.form_revision)
    joined = columns.join(submissions_table, submissions_table.c.submission_id == events.c.submission_id)
    return list(db.execute(joined.where(of_receipt).order_by(events.c.seq)))


def _result(event: JsonObject, outcome: str) -> JsonObject:
    return {"eventId": event["eventId"], "outcome": outcome}


def _conflict(event: JsonObject) -> JsonObject:
    return {**_result(event, "conflict"), "errors": errors_json([_CONFLICT])}
