"""Submissions in the gateway: receiving them, their receipts, and comparing them with those of a kiosk.

A body is sealed byte for byte (`sealing`). Its answers are never read; only its schema is checked, and whether it
agrees with its envelope, the signing key and this gateway. The first submission with an id wins: the same bytes again
are `duplicate`, other bytes are `conflict`. The status of a submission and the feed are in `status_changes`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, bindparam, insert, select

from sync.encoding import sha256_hex, timestamp
from sync.gateway import (
    contract_schema,
    database,
    documents,
    epochs,
    kiosks,
    message_consents,
    receipt_numbers,
    sealing,
    status_changes,
    status_keys,
)
from sync.gateway.kiosks import Kiosk
from sync.gateway.problems import error_codes, errors_json
from sync.gateway.strict_json import parse_json
from sync.gateway.tables import changes, refusals, submissions
from sync.parcel import FieldError

JsonObject = dict[str, Any]
ReceiveBatch: TypeAlias = (
    "Callable[[Connection, BatchContext, list[JsonObject], Sequence[JsonObject]], list[JsonObject]]"
)

WAIT_SECONDS = 60
# Built once: SQLAlchemy takes longer to build a statement than the database to run it.
_SELECT_BY_IDS = select(*status_changes.COLUMNS_WITHOUT_BODY).where(
    submissions.c.submission_id.in_(bindparam("ids", expanding=True))
)
_SAME_ID = FieldError("", "conflict", "Mã hồ sơ này đã có ở cổng với nội dung khác.")
_REFUSED_IN_PRACTICE = FieldError("/applicant/fullName", "practice", "Tập huấn: cổng trả lại hồ sơ này theo yêu cầu.")


@dataclass(frozen=True)
class BatchContext:
    """Sender, time and mode (practice, live) of a batch; `refuses_all`: practice asks for refusals."""

    kiosk: Kiosk
    now: datetime
    mode: str
    refuses_all: bool = False


def receive_submissions(
    db: Connection, batch: BatchContext, envelopes: list[JsonObject], set_aside: Sequence[JsonObject] = ()
) -> list[JsonObject]:
    """Receive a batch of submissions in one transaction; return a result for each.

    The kiosk's row stays locked: when two processes receive the same batch, the second finds the rows of the first.

    Args:
        db: the store, inside a transaction.
        batch: the sender.
        envelopes: the submissions, valid by the contract.
        set_aside: submissions that may never arrive, so that corrections of them need not wait.
    """
    ids_set_aside = {item["submissionId"] for item in set_aside}
    store = _BatchStore(db, batch, envelopes, set_aside=ids_set_aside)
    contents = [_read_body(batch, envelope) for envelope in envelopes]
    store.load_dossiers(body["receiptNo"] for body, errors in contents if not errors)
    results = [
        _receive_submission(store, batch, envelope, content)
        for envelope, content in zip(envelopes, contents, strict=True)
    ]
    store.write()
    return _add_missing_files(db, kiosk=batch.kiosk, results=results, store=store)


def _add_missing_files(
    db: Connection, kiosk: Kiosk, results: list[JsonObject], store: "_BatchStore"
) -> list[JsonObject]:
    """Add to each receipt the files that are missing; a new submission without files has none."""
    receipt_numbers = {
        submission_id: row["receipt_no"]
        for submission_id, row in store.rows.items()
        if submission_id not in store.without_files
    }
    with_receipt = [result for result in results if "receipt" in result and result["submissionId"] in receipt_numbers]
    wanted = {receipt_numbers[result["submissionId"]] for result in with_receipt}
    missing = documents.missing_files(db, kiosk.kiosk_id, wanted)
    for result in with_receipt:
        result["receipt"]["missingFiles"] = missing.get(receipt_numbers[result["submissionId"]], [])
    return results


class _BatchStore:
    """Stored rows for the ids of one batch, and the new rows, which `write` stores together."""

    def __init__(self, db: Connection, batch: BatchContext, envelopes: list[JsonObject], set_aside: set[str]) -> None:
        self._db = db
        self._batch = batch
        self._set_aside = set_aside
        self._received_at = timestamp(batch.now)
        self._reserved = len(envelopes)
        self._last_seq = kiosks.reserve_seqs(db, batch.kiosk.kiosk_id, self._reserved)
        ids = [envelope["submissionId"] for envelope in envelopes]
        rows = db.execute(_SELECT_BY_IDS, {"ids": ids})
        self.rows: dict[str, JsonObject] = {row.submission_id: dict(row._mapping) for row in rows}
        self.without_files: set[str] = set()
        """New submissions that name no file and correct nothing."""
        self._dossiers: dict[str, str] = {}
        self._new_dossiers: dict[str, str] = {}
        self._new_rows: list[JsonObject] = []
        self._documents: list[tuple[str, list[JsonObject]]] = []
        self._status_keys: list[status_keys.NewKey] = []
        self._consents: list[JsonObject] = []
        self._refusals: dict[str, str] = {}

    def load_dossiers(self, numbers: Iterable[str]) -> None:
        """Load the dossiers that the receipt numbers of this batch belong to."""
        self._dossiers = receipt_numbers.find_dossiers(self._db, self._batch.kiosk.kiosk_id, numbers)

    def find_dossier(self, body: JsonObject) -> str | None:
        """Return the dossier of a new submission; None when its receipt number belongs to another dossier.

        A correction belongs to the dossier of its predecessor. A predecessor that never arrived was a revision of the
        number's dossier, unless it was refused because of its number.
        """
        dossier_id = self._dossiers.get(body["receiptNo"])
        predecessor = body.get("supersedes")
        if dossier_id is None:
            return str(body["submissionId"])
        if predecessor is None:
            return None
        row = self._find_row(predecessor)
        if row is not None:
            return dossier_id if row["dossier_id"] == dossier_id else None
        return None if self._was_number_taken(predecessor) else dossier_id

    def _was_number_taken(self, submission_id: str) -> bool:
        taken = error_codes([receipt_numbers.TAKEN])
        if submission_id in self._refusals:
            return self._refusals[submission_id] == taken
        return _refusal_reason(self._db, self._batch.kiosk, submission_id) == taken

    def _find_row(self, submission_id: str) -> JsonObject | None:
        """Return a submission of this kiosk, from this batch or stored before."""
        row = self.rows.get(submission_id)
        if row is None:
            stored = find_submission(self._db, self._batch.kiosk, submission_id)
            return None if stored is None else dict(stored._mapping)
        return row if row["kiosk_id"] == self._batch.kiosk.kiosk_id else None

    def add(self, envelope: JsonObject, body: JsonObject, dossier_id: str) -> JsonObject:
        """Add a new submission; return its row without the body."""
        row = {
            **_row_values(self._batch.kiosk, envelope, body, self._received_at),
            **self._inherited_status(body.get("supersedes")),
            "dossier_id": dossier_id,
        }
        if self._dossiers.setdefault(row["receipt_no"], dossier_id) == row["submission_id"]:
            self._new_dossiers[row["receipt_no"]] = dossier_id
        sealed = sealing.sealer(self._db).seal(sealing.BODY, row["submission_id"], envelope["body"].encode())
        self._new_rows.append({**row, "body": sealed})
        if items := documents.files_in_body(body):
            self._documents.append((row["receipt_no"], items))
        elif row["supersedes"] is None:
            self.without_files.add(row["submission_id"])
        if "messages" in body:
            self._consents.append(body)
        if key := status_keys.new_key(row["kiosk_id"], body):
            self._status_keys.append(key)
        self.rows[row["submission_id"]] = row
        return row

    def _inherited_status(self, predecessor: str | None) -> JsonObject:
        """Return the status that a correction inherits from its predecessor, so that it is not reset."""
        row = self._find_row(predecessor) if predecessor else None
        return (
            {name: row[name] for name in ("status_code", "official_no", "due_at", *status_changes.NOT_REPORTED)}
            if row
            else {}
        )

    def add_refusal(self, submission_id: str, errors: list[FieldError]) -> None:
        """Add a refusal."""
        self._refusals[submission_id] = error_codes(errors)

    def is_settled(self, predecessor: str) -> bool:
        """Return whether a predecessor was received, was refused for good, or was set aside at the kiosk."""
        kiosk = self._batch.kiosk
        if predecessor in self._set_aside or predecessor in self._refusals:
            return True
        if self.rows.get(predecessor, {}).get("kiosk_id") == kiosk.kiosk_id:
            return True
        return find_submission(self._db, kiosk, predecessor) is not None or _was_refused(self._db, kiosk, predecessor)

    def write(self) -> None:
        """Store all new rows, table by table."""
        kiosk_id = self._batch.kiosk.kiosk_id
        if len(self._new_rows) < self._reserved:
            kiosks.set_last_seq(self._db, kiosk_id, self._last_seq + len(self._new_rows))
        self._write_refusals()
        if not self._new_rows:
            return
        rows = []
        change_rows = []
        for seq, row in enumerate(self._new_rows, self._last_seq + 1):
            is_initial = status_changes.has_initial_status(row)
            rows.append({**row, "taken_seq": seq if is_initial else None})
            if not is_initial:
                change_rows.append(status_changes.change_row(row, seq, self._received_at))
        revised = {row["receipt_no"] for row in self._new_rows} - self._new_dossiers.keys()
        receipt_numbers.insert_numbers(self._db, kiosk_id, self._new_dossiers, self._batch.now)
        receipt_numbers.touch(self._db, kiosk_id, revised, self._batch.now)
        database.insert_rows(self._db, submissions, rows)
        if change_rows:
            self._db.execute(insert(changes), change_rows)
        for receipt_no, items in self._documents:
            documents.record_documents(self._db, kiosk_id=kiosk_id, receipt_no=receipt_no, items=items)
        status_keys.insert_keys(self._db, self._status_keys)
        for body in self._consents:
            message_consents.record_consent(self._db, kiosk_id, body)

    def _write_refusals(self) -> None:
        """Store the refusals, and notify the operator of a number that two dossiers claim."""
        taken = error_codes([receipt_numbers.TAKEN])
        for submission_id, why in self._refusals.items():
            is_new = record_refusal(self._db, batch=self._batch, subject=submission_id, why=why)
            if is_new and why == taken:
                epochs.notify(self._db, _number_notice(self._batch.kiosk), self._batch.now)


def _number_notice(kiosk: Kiosk) -> str:
    return (
        f"Máy {kiosk.kiosk_id} ({kiosk.unit_code}) gửi hồ sơ mới dưới số phiếu đã thuộc hồ sơ khác; cổng không nhận. "
        "Hỏi phường: máy vừa thay hay khôi phục? Trang “Đã trả lại” có từng hồ sơ."
    )


def _receive_submission(
    store: _BatchStore, batch: BatchContext, envelope: JsonObject, content: tuple[JsonObject, list[FieldError]]
) -> JsonObject:
    submission_id = envelope["submissionId"]
    stored = store.rows.get(submission_id)
    if stored is not None:
        return _repeated_result(batch.kiosk, stored, envelope)
    body, errors = content
    if errors:
        store.add_refusal(submission_id, errors)
        return {"submissionId": submission_id, "outcome": "invalid", "errors": errors_json(errors)}
    predecessor = body.get("supersedes")
    if predecessor is not None and not store.is_settled(predecessor):
        return {"submissionId": submission_id, "outcome": "wait", "retryAfter": WAIT_SECONDS}
    dossier_id = store.find_dossier(body)
    if dossier_id is None:
        store.add_refusal(submission_id, [receipt_numbers.TAKEN])
        return {
            "submissionId": submission_id,
            "outcome": "conflict",
            "errors": errors_json([receipt_numbers.TAKEN]),
        }
    row = store.add(envelope, body, dossier_id)
    return {"submissionId": submission_id, "outcome": "created", "receipt": status_changes.receipt_json(row)}


def record_refusal(db: Connection, batch: BatchContext, subject: str, why: str) -> bool:
    """Record that a submission or event was refused for good, so that its successors need not wait.

    Returns:
        False when it was refused before.
    """
    if _was_refused(db, batch.kiosk, subject):
        return False
    db.execute(
        insert(refusals).values(
            kiosk_id=batch.kiosk.kiosk_id, subject=subject, why=why, refused_at=timestamp(batch.now)
        )
    )
    return True


def find_submission(db: Connection, kiosk: Kiosk, submission_id: str) -> Row[Any] | None:
    """Return a submission of this kiosk, or None; those of other kiosks are not found."""
    is_own = (submissions.c.submission_id == submission_id) & (submissions.c.kiosk_id == kiosk.kiosk_id)
    return db.execute(select(submissions).where(is_own)).one_or_none()


def find_receipt(db: Connection, kiosk: Kiosk, submission_id: str) -> JsonObject | None:
    """Return the receipt of a submission of this kiosk; None when there is none."""
    row = find_submission(db, kiosk, submission_id)
    if row is None:
        return None
    missing = documents.missing_files(db, kiosk.kiosk_id, [row.receipt_no])
    return status_changes.receipt_json(row._mapping) | {"missingFiles": missing.get(row.receipt_no, [])}


def compare_digests(db: Connection, kiosk: Kiosk, digests: dict[str, str]) -> tuple[list[str], list[str]]:
    """Return the ids that are missing here, and those whose digest differs; `digests` is by id."""
    columns = select(submissions.c.submission_id, submissions.c.digest)
    is_own = (submissions.c.kiosk_id == kiosk.kiosk_id) & submissions.c.submission_id.in_(digests)
    stored = {row.submission_id: row.digest for row in db.execute(columns.where(is_own))}
    missing = [submission_id for submission_id in digests if submission_id not in stored]
    different = [submission_id for submission_id, digest in stored.items() if digest != digests[submission_id]]
    return missing, different


def find_latest(db: Connection, submission_id: str) -> Row[Any] | None:
    """Return the latest revision of the dossier that a submission belongs to."""
    columns = submissions.c
    row = db.execute(select(submissions).where(columns.submission_id == submission_id)).one_or_none()
    if row is None:
        return None
    # The receipt number finds the rows by its index; the dossier decides.
    of_dossier = (
        (columns.kiosk_id == row.kiosk_id)
        & (columns.receipt_no == row.receipt_no)
        & (columns.dossier_id == row.dossier_id)
    )
    revisions = select(submissions).where(of_dossier)
    latest_first = revisions.order_by(
        columns.form_revision.desc(), columns.received_at.desc(), columns.submission_id.desc()
    )
    return db.execute(latest_first.limit(1)).one_or_none()


def _repeated_result(kiosk: Kiosk, row: JsonObject, envelope: JsonObject) -> JsonObject:
    submission_id = envelope["submissionId"]
    if row["kiosk_id"] == kiosk.kiosk_id and row["digest"] == envelope["digest"]:
        return {"submissionId": submission_id, "outcome": "duplicate", "receipt": status_changes.receipt_json(row)}
    return {"submissionId": submission_id, "outcome": "conflict", "errors": errors_json([_SAME_ID])}


def _read_body(batch: BatchContext, envelope: JsonObject) -> tuple[JsonObject, list[FieldError]]:
    """Return the body of an envelope, and the errors that make it invalid."""
    text = envelope["body"]
    try:
        body = parse_json(text)
        digest = sha256_hex(text.encode())
    except (ValueError, RecursionError):
        return {}, [FieldError("", "json", "Nội dung hồ sơ không đọc được.")]
    if digest != envelope["digest"]:
        return {}, [FieldError("", "digest", "Nội dung hồ sơ khác với mã băm đi kèm.")]
    errors = contract_schema.validate("Submission", body) or _disagreements(batch, envelope, body)
    if batch.refuses_all and not errors:
        errors = [_REFUSED_IN_PRACTICE]
    return body, errors


def _disagreements(batch: BatchContext, envelope: JsonObject, body: JsonObject) -> list[FieldError]:
    expected = {
        "submissionId": envelope["submissionId"],
        "kioskId": batch.kiosk.kiosk_id,
        "unitCode": batch.kiosk.unit_code,
        "mode": batch.mode,
    }
    message = "Mục này khác với phong bì, khóa ký hoặc chế độ của cổng."
    errors = [FieldError(f"/{name}", "disagrees", message) for name, value in expected.items() if body[name] != value]
    if not receipt_numbers.is_of_kiosk(body["receiptNo"], batch.kiosk.kiosk_id):
        errors.append(receipt_numbers.FOREIGN)
    return errors


def _was_refused(db: Connection, kiosk: Kiosk, subject: str) -> bool:
    return _refusal_reason(db, kiosk, subject) is not None


def _refusal_reason(db: Connection, kiosk: Kiosk, subject: str) -> str | None:
    """Return the places and codes for which a submission or event was refused; None when it was not."""
    is_subject = (refusals.c.kiosk_id == kiosk.kiosk_id) & (refusals.c.subject == subject)
    why: str | None = db.execute(select(refusals.c.why).where(is_subject)).scalar()
    return why


def _row_values(kiosk: Kiosk, envelope: JsonObject, body: JsonObject, received_at: str) -> JsonObject:
    return {
        "submission_id": envelope["submissionId"],
        "kiosk_id": kiosk.kiosk_id,
        "digest": envelope["digest"],
        "receipt_no": body["receiptNo"],
        "unit_code": body["unitCode"],
        "procedure_code": body["procedureCode"],
        "form_revision": int(body["revision"]),  # the contract allows 1.0
        "supersedes": body.get("supersedes"),
        "received_at": received_at,
        **status_changes.INITIAL_STATUS,
    }
