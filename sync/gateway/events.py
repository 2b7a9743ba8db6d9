"""What the desk did with a submission, taken in its order, and what that says about the submission's status.

``seq`` counts from 1 for each receipt number: an event that comes too early is told to ``wait``, unless all that it
would wait for was set aside at the kiosk. The gateway has the desk's word only as long as no provincial system has
spoken; here it moves the status as the national list has it.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from sync.encoding import sha256_hex, timestamp
from sync.gateway import documents, files, forwarding, kiosks, submissions
from sync.gateway.problems import in_codes, in_words
from sync.gateway.submissions import WAIT_SECONDS, Desk, Result
from sync.gateway.tables import events
from sync.gateway.tables import submissions as held_submissions
from sync.parcel import FieldError

# 2 accepted, 3 not accepted, 5 supplement asked, 7 withdrawn, 8 stopped, 10 handed out.
_STATUS = {"accepted": 2, "refused": 3, "supplement": 5, "withdrawn": 7, "stopped": 8, "handed_out": 10}
_OTHER_CONTENT = FieldError("", "conflict", "Mã này hoặc số thứ tự này đã có với nội dung khác.")


def receive_events(db: Connection, desk: Desk, said: list[Result], aside: Sequence[Result] = ()) -> list[Result]:
    """Take a batch of events (of the right shape) and give a result for each, holding the kiosk's row throughout.

    ``aside``: the acts on the same receipts, by submission and ``seq``, that may never come.
    """
    kiosks.hold(db, desk.kiosk.kiosk_id)
    gone = defaultdict[str, set[int]](set)
    for one in aside:
        gone[one["submissionId"]].add(one.get("seq", 0))
    return [_receive_event(db, desk, event, gone[event["submissionId"]]) for event in said]


def _receive_event(db: Connection, desk: Desk, event: Result, gone: set[int]) -> Result:
    body = json.dumps(event, sort_keys=True).encode()
    held = db.execute(select(events).where(events.c.event_id == event["eventId"])).one_or_none()
    if held is not None:
        is_same = held.kiosk_id == desk.kiosk.kiosk_id and held.digest == sha256_hex(body)
        return _result(event, "duplicate") if is_same else _refused(event, "conflict", _OTHER_CONTENT)
    submission = submissions.find(db, desk.kiosk, event["submissionId"])
    there = _received_seqs(db, desk, submission.receipt_no) if submission is not None else set()
    if submission is None or _is_early(event["seq"], there | gone):
        return {**_result(event, "wait"), "retryAfter": WAIT_SECONDS}
    if event["seq"] in there:
        submissions.refuse(db, desk, event["eventId"], in_codes([_OTHER_CONTENT]))
        return _refused(event, "conflict", _OTHER_CONTENT)
    _insert_event(db, desk, submission, event, body)
    if event["seq"] > max(there, default=0):  # one that comes after all: later acts have spoken since
        _apply_status(db, desk, submission, event)
    if event["kind"] == "document" and "document" in event:
        _take_paper(db, submission, event["document"], desk.now)
    forwarding.heard(db, submission, event["kind"], desk.now)
    return _result(event, "created")


def _received_seqs(db: Connection, desk: Desk, receipt_no: str) -> set[int]:
    """Give the numbers of the acts on a receipt that are here."""
    mine = (events.c.kiosk_id == desk.kiosk.kiosk_id) & (events.c.receipt_no == receipt_no)
    return {row.seq for row in db.execute(select(events.c.seq).where(mine))}


def _is_early(seq: int, known: set[int]) -> bool:
    """Tell whether a number before this one is neither here nor said to be gone; counted, for a number may be huge."""
    return sum(0 < one < seq for one in known) < seq - 1


def _insert_event(db: Connection, desk: Desk, submission: Row[Any], event: Result, body: bytes) -> None:
    db.execute(
        insert(events).values(
            event_id=event["eventId"],
            kiosk_id=desk.kiosk.kiosk_id,
            submission_id=event["submissionId"],
            receipt_no=submission.receipt_no,
            seq=event["seq"],
            kind=event["kind"],
            digest=sha256_hex(body),
            body=body,
            received_at=timestamp(desk.now),
        )
    )


def _apply_status(db: Connection, desk: Desk, submission: Row[Any], event: Result) -> None:
    facts: dict[str, object] = {}
    if event["kind"] in _STATUS:
        facts["status_code"] = _STATUS[event["kind"]]
    if "officialNo" in event:
        facts["official_no"] = event["officialNo"]
    if "dueAt" in event:
        facts["due_at"] = event["dueAt"]
    if facts:
        submissions.set_status(db, submission, desk.now, **facts)


def _take_paper(db: Connection, submission: Row[Any], paper: Result, now: datetime) -> None:
    """Take note of a paper that the desk put to a dossier or took away; then its file may go."""
    kiosk_id = submission.kiosk_id
    receipt_no = submission.receipt_no
    before = documents.find_document(db, kiosk_id, paper["itemId"])
    documents.record_documents(db, kiosk_id, receipt_no, [paper])
    if before is not None and before.sha256 and not paper.get("file"):
        files.let_go(db, files.Name(kiosk_id, before.sha256))
    forwarding.has_come(db, kiosk_id, [receipt_no], now)


def of(db: Connection, kiosk_id: str, receipt_no: str) -> list[Row[Any]]:
    """List the acts of the desk on a receipt number, in their order."""
    mine = (events.c.kiosk_id == kiosk_id) & (events.c.receipt_no == receipt_no)
    columns = select(events.c.seq, events.c.kind, events.c.received_at, held_submissions.c.form_revision)
    joined = columns.join(held_submissions, held_submissions.c.submission_id == events.c.submission_id)
    return list(db.execute(joined.where(mine).order_by(events.c.seq)))


def _result(event: Result, outcome: str) -> Result:
    return {"eventId": event["eventId"], "outcome": outcome}


def _refused(event: Result, outcome: str, error: FieldError) -> Result:
    return {**_result(event, outcome), "errors": in_words([error])}
