"""Changes of submissions: the receipt as the contract has it, the status, and the feed of a kiosk's changes.

Every change of a kiosk has a number, assigned with the kiosk's row locked. Receiving a submission is a change too: its
number is in the submission's row (`taken_seq`), later changes are rows of `changes`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from sync.encoding import timestamp
from sync.gateway import documents, kiosks, receipt_numbers
from sync.gateway.kiosks import Kiosk
from sync.gateway.tables import changes, submissions

JsonObject = dict[str, Any]
COLUMNS_WITHOUT_BODY = [column for column in submissions.c if column.name != "body"]
NOT_REPORTED: JsonObject = {"reported_code": None, "reported_at": None, "former_code": None, "former_at": None}
"""Columns of what the system behind the gateway reports, before it has reported anything."""
INITIAL_STATUS: JsonObject = {
    "revision": 1,
    "status_code": 1,
    "official_no": None,
    "due_at": None,
    "note": "",
    **NOT_REPORTED,
}
_CHANGE_COLUMNS = ("kiosk_id", "submission_id", *INITIAL_STATUS)


def list_changes(db: Connection, kiosk: Kiosk, after: int, limit: int) -> list[JsonObject]:
    """Return the first changes after a number, as rows."""
    rows = [
        *_later_changes(db, kiosk=kiosk, after=after, limit=limit),
        *_receivings(db, kiosk=kiosk, after=after, limit=limit),
    ]
    return sorted(rows, key=itemgetter("seq"))[:limit]


def receipts_json(db: Connection, kiosk: Kiosk, rows: Sequence[JsonObject]) -> list[JsonObject]:
    """Return the receipts of changes as they were then, with the files that are missing now."""
    missing = documents.missing_files(db, kiosk.kiosk_id, {row["receipt_no"] for row in rows})
    return [receipt_json(row) | {"missingFiles": missing.get(row["receipt_no"], [])} for row in rows]


def _later_changes(db: Connection, kiosk: Kiosk, after: int, limit: int) -> list[JsonObject]:
    columns = select(changes, submissions.c.digest, submissions.c.received_at, submissions.c.receipt_no)
    joined = columns.join(submissions, submissions.c.submission_id == changes.c.submission_id)
    is_later = (changes.c.kiosk_id == kiosk.kiosk_id) & (changes.c.seq > after)
    rows = db.execute(joined.where(is_later).order_by(changes.c.seq).limit(limit))
    return [dict(row) for row in rows.mappings()]


def _receivings(db: Connection, kiosk: Kiosk, after: int, limit: int) -> list[JsonObject]:
    columns = select(
        submissions.c.submission_id,
        submissions.c.taken_seq.label("seq"),
        submissions.c.digest,
        submissions.c.received_at,
        submissions.c.receipt_no,
    )
    is_later = (submissions.c.kiosk_id == kiosk.kiosk_id) & (submissions.c.taken_seq > after)
    rows = db.execute(columns.where(is_later).order_by(submissions.c.taken_seq).limit(limit))
    return [{**row, **INITIAL_STATUS} for row in rows.mappings()]


def set_status(db: Connection, row: Row[Any], now: datetime, **values: object) -> None:
    """Change columns of `INITIAL_STATUS` of a submission, and add the change to the kiosk's feed."""
    seq = kiosks.lock_kiosk(db, row.kiosk_id) + 1
    is_submission = submissions.c.submission_id == row.submission_id
    changed = update(submissions).where(is_submission).values(revision=submissions.c.revision + 1, **values)
    after = db.execute(changed.returning(*COLUMNS_WITHOUT_BODY)).one()
    db.execute(insert(changes).values(change_row(dict(after._mapping), seq, timestamp(now))))
    receipt_numbers.touch(db, row.kiosk_id, [row.receipt_no], now)
    kiosks.set_last_seq(db, row.kiosk_id, seq)


def receipt_json(row: Mapping[Any, Any]) -> JsonObject:
    """Return a receipt in the JSON form of the contract."""
    reported = {"reported": _reported_json(row)} if row["reported_code"] is not None else {}
    return {
        "submissionId": row["submission_id"],
        "digest": row["digest"],
        "receivedAt": row["received_at"],
        "revision": row["revision"],
        "officialNo": row["official_no"],
        "dueAt": row["due_at"],
        "statusCode": row["status_code"],
        "note": row["note"],
        "missingFiles": [],
        **reported,
    }


def _reported_json(row: Mapping[Any, Any]) -> JsonObject:
    """Return the contract's `reported`: the state at the system behind the gateway, and the one before it."""
    reported = {"statusCode": row["reported_code"], "at": row["reported_at"]}
    if row["former_code"] is not None:
        reported["former"] = {"statusCode": row["former_code"], "at": row["former_at"]}
    return reported


def has_initial_status(row: JsonObject) -> bool:
    """Return whether a new submission has the initial status; a correction inherits the status of its predecessor."""
    return all(row[name] == value for name, value in INITIAL_STATUS.items())


def change_row(row: JsonObject, seq: int, changed_at: str) -> JsonObject:
    """Return the row of `changes` for a submission as it is after a change."""
    values = {name: row[name] for name in _CHANGE_COLUMNS}
    return {**values, "seq": seq, "changed_at": changed_at}
