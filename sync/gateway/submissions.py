"""The submissions that the gateway holds, their receipts, and the feed of their changes.

A body is kept as it came; its answers are never looked at, only its shape and whether it agrees with its envelope,
the signing key and this gateway. The first with an id wins: the same bytes again are ``duplicate``, others
``conflict``. Every change, the taking included, is one row of ``changes`` numbered for its kiosk (``_change``).
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from sync.gateway import kiosks, shapes
from sync.gateway.kiosks import Kiosk
from sync.gateway.problems import in_words
from sync.gateway.tables import changes, refusals, submissions
from sync.parcel import FieldError, sha256, stamp

Result = dict[str, Any]

WAIT_SECONDS = 60
_SAME_ID = FieldError("", "conflict", "Mã hồ sơ này đã có ở cổng với nội dung khác.")
_ASKED_FOR = FieldError("/applicant/fullName", "practice", "Tập huấn: cổng trả lại hồ sơ này theo yêu cầu.")


@dataclass(frozen=True)
class Desk:
    """Who hands over, when, and in which mode; ``refuses``: practice wants to see a refusal."""

    kiosk: Kiosk
    now: datetime
    mode: str
    refuses: bool = False


def take(db: Connection, desk: Desk, envelope: Result) -> Result:
    """Take one envelope (of the right shape) and give its result."""
    subject, text = envelope["submissionId"], envelope["body"]
    held = db.execute(select(submissions).where(submissions.c.submission_id == subject)).one_or_none()
    if held is not None:
        return _again(desk.kiosk, held, envelope)
    body, errors = _read(desk, envelope, text)
    if errors:
        refuse(db, desk, subject)
        return {"submissionId": subject, "outcome": "invalid", "errors": in_words(errors)}
    if not _is_next(db, desk.kiosk, body.get("supersedes")):
        return {"submissionId": subject, "outcome": "wait", "retryAfter": WAIT_SECONDS}
    _keep(db, desk, envelope, body)
    return {"submissionId": subject, "outcome": "created", "receipt": receipt(_held(db, subject))}


def refuse(db: Connection, desk: Desk, subject: str, receipt_no: str | None = None, seq: int | None = None) -> None:
    """Remember that a subject was refused, so that what comes after it need not wait."""
    if not _was_refused(db, desk.kiosk, subject):
        facts = {"kiosk_id": desk.kiosk.kiosk_id, "subject": subject, "receipt_no": receipt_no, "seq": seq}
        db.execute(insert(refusals).values(**facts, refused_at=stamp(desk.now)))


def find(db: Connection, kiosk: Kiosk, subject: str) -> Row[Any] | None:
    """Find a submission of this kiosk; those of others do not exist."""
    mine = (submissions.c.submission_id == subject) & (submissions.c.kiosk_id == kiosk.kiosk_id)
    return db.execute(select(submissions).where(mine)).one_or_none()


def known(db: Connection, kiosk: Kiosk, asked: dict[str, str]) -> tuple[list[str], list[str]]:
    """Tell which of these (id: digest) are missing here and which differ."""
    columns = select(submissions.c.submission_id, submissions.c.digest)
    mine = (submissions.c.kiosk_id == kiosk.kiosk_id) & submissions.c.submission_id.in_(asked)
    held = {row.submission_id: row.digest for row in db.execute(columns.where(mine))}
    missing = [subject for subject in asked if subject not in held]
    return missing, [subject for subject, digest in held.items() if digest != asked[subject]]


def feed(db: Connection, kiosk: Kiosk, after: int, limit: int) -> tuple[list[Result], int, bool]:
    """Give the changes after a number: receipts as they were then, the last number, and whether there are more."""
    joined = select(changes, submissions.c.digest, submissions.c.received_at).join(
        submissions, submissions.c.submission_id == changes.c.submission_id
    )
    mine = (changes.c.kiosk_id == kiosk.kiosk_id) & (changes.c.seq > after)
    rows = db.execute(joined.where(mine).order_by(changes.c.seq).limit(limit + 1)).all()
    page = rows[:limit]
    return [receipt(row) for row in page], page[-1].seq if page else after, len(rows) > limit


def set_status(db: Connection, subject: str, now: datetime, **facts: object) -> None:
    """Change what is said about a submission (status_code, official_no, due_at, note); the kiosk will hear of it."""
    mine = submissions.c.submission_id == subject
    db.execute(update(submissions).where(mine).values(revision=submissions.c.revision + 1, **facts))
    _change(db, subject, now)


def receipt(row: Row[Any]) -> Result:
    """Write a receipt as the contract has it."""
    return {
        "submissionId": row.submission_id,
        "digest": row.digest,
        "receivedAt": row.received_at,
        "revision": row.revision,
        "officialNo": row.official_no,
        "dueAt": row.due_at,
        "statusCode": row.status_code,
        "note": row.note,
        "missingFiles": [],
    }


def load(text: str) -> Any:
    """Read JSON strictly: no NaN, no half a letter."""
    text.encode()
    return json.loads(text, parse_constant=_no_constant)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _again(kiosk: Kiosk, held: Row[Any], envelope: Result) -> Result:
    subject = envelope["submissionId"]
    if held.kiosk_id == kiosk.kiosk_id and held.digest == envelope["digest"]:
        return {"submissionId": subject, "outcome": "duplicate", "receipt": receipt(held)}
    return {"submissionId": subject, "outcome": "conflict", "errors": in_words([_SAME_ID])}


def _read(desk: Desk, envelope: Result, text: str) -> tuple[Result, list[FieldError]]:
    """Read a body, or say what keeps it from being taken."""
    try:
        body = load(text)
        digest = sha256(text.encode())
    except (ValueError, RecursionError):
        return {}, [FieldError("", "json", "Nội dung hồ sơ không đọc được.")]
    if digest != envelope["digest"]:
        return {}, [FieldError("", "digest", "Nội dung hồ sơ khác với mã băm đi kèm.")]
    errors = shapes.faults("Submission", body) or _disagreements(desk, envelope, body)
    if desk.refuses and not errors:
        errors = [_ASKED_FOR]
    return body, errors


def _disagreements(desk: Desk, envelope: Result, body: Result) -> list[FieldError]:
    wanted = {
        "submissionId": envelope["submissionId"],
        "kioskId": desk.kiosk.kiosk_id,
        "unitCode": desk.kiosk.unit_code,
        "mode": desk.mode,
    }
    said = "Mục này khác với phong bì, khóa ký hoặc chế độ của cổng."
    return [FieldError(f"/{name}", "disagrees", said) for name, value in wanted.items() if body[name] != value]


def _is_next(db: Connection, kiosk: Kiosk, before: str | None) -> bool:
    return before is None or find(db, kiosk, before) is not None or _was_refused(db, kiosk, before)


def _was_refused(db: Connection, kiosk: Kiosk, subject: str) -> bool:
    mine = (refusals.c.kiosk_id == kiosk.kiosk_id) & (refusals.c.subject == subject)
    return db.execute(select(refusals.c.subject).where(mine)).first() is not None


def _keep(db: Connection, desk: Desk, envelope: Result, body: Result) -> None:
    before = find(db, desk.kiosk, body["supersedes"]) if body.get("supersedes") else None
    # A correction does not undo what was said of its case.
    stands = {
        "status_code": before.status_code if before else 1,
        "official_no": before.official_no if before else None,
        "due_at": before.due_at if before else None,
    }
    db.execute(
        insert(submissions).values(
            submission_id=envelope["submissionId"],
            kiosk_id=desk.kiosk.kiosk_id,
            digest=envelope["digest"],
            body=envelope["body"].encode(),
            receipt_no=body["receiptNo"],
            unit_code=body["unitCode"],
            procedure_code=body["procedureCode"],
            form_revision=body["revision"],
            supersedes=body.get("supersedes"),
            received_at=stamp(desk.now),
            revision=1,
            note="",
            **stands,
        )
    )
    _change(db, envelope["submissionId"], desk.now)


def _held(db: Connection, subject: str) -> Row[Any]:
    return db.execute(select(submissions).where(submissions.c.submission_id == subject)).one()


def _change(db: Connection, subject: str, now: datetime) -> None:
    row = _held(db, subject)
    db.execute(
        insert(changes).values(
            kiosk_id=row.kiosk_id,
            seq=kiosks.next_seq(db, row.kiosk_id),
            submission_id=subject,
            revision=row.revision,
            status_code=row.status_code,
            official_no=row.official_no,
            due_at=row.due_at,
            note=row.note,
            changed_at=stamp(now),
        )
    )
