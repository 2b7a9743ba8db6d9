"""Import of parcels that kiosks bring on a USB stick; each gets an answer file, which is carried back.

A parcel is received like a request. The stick key is in the database, beside the bodies that it protects on the way;
every process uses the same one. A parcel may be imported twice, late, or after its submissions have arrived over the
connection: what is known already is `duplicate`.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection, Engine, insert, select

from sync.encoding import timestamp
from sync.errors import BadFile
from sync.gateway import accounts, contract_schema, database, epochs, events, forwarding, kiosks, sealing, submissions
from sync.gateway.kiosks import Kiosk, Restores
from sync.gateway.problems import Problem, errors_json
from sync.gateway.submissions import BatchContext, JsonObject, ReceiveBatch
from sync.gateway.tables import stick_keys
from sync.parcel import FieldError
from sync.portals import usb_files
from sync.portals.usb_files import FileHead

_MAX_BATCH_ITEMS = 50


@dataclass(frozen=True)
class _BatchKind:
    """A kind of batch: the schema of a batch, the member that is an item's id, and the function that receives it."""

    schema: str
    id_member: str
    receive: ReceiveBatch


_KINDS = {
    "submissions": _BatchKind("Submissions", "submissionId", submissions.receive_submissions),
    "events": _BatchKind("Events", "eventId", events.receive_events),
}

ERROR_LABELS = {
    "changed": "tệp bị hỏng hoặc bị sửa; chép lại từ máy của phường",
    "foreign": "không phải tệp của máy nào",
    "unknown-key": "không quen khóa của máy này; máy chưa ghi danh, hoặc đã đổi khóa: chép lại sau khi ghi danh",
    "revoked": "khóa của máy này đã bị thu hồi",
    "not-for-us": "tệp viết cho cổng khác; đối chiếu [portal] stick_key của máy",
    "not-json": "máy viết tệp này bằng bản khác",
    "too-large": "tệp quá lớn",
}
"""The reasons for refusing a parcel, in an operator's words, by the code of `BadFile`."""


@dataclass(frozen=True)
class ImportContext:
    """Login and mode (practice, live) of an import; `token` returns a random text."""

    login: str
    mode: str
    token: Callable[[], str]


@dataclass(frozen=True)
class ImportedParcel:
    """Result of an import: the parcel's kiosk and time, name and content of the answer file, outcomes by kind."""

    kiosk_id: str
    made_at: str
    name: str
    answer: bytes
    counts: dict[str, Counter[str]] = field(default_factory=dict)


def prepare(engine: Engine) -> None:
    """Check the key that seals what is imported; the first start of a gateway creates it.

    Raises:
        BadKey: it is missing or another one.
    """
    with engine.begin() as db:
        database.lock_schema(db)
        sealing.prepare(db)


def stick_public_key(db: Connection, now: datetime) -> str:
    """Return the stick key as text for the settings of the kiosks; the first call creates it."""
    database.lock_schema(db)
    private_key = _load_private_key(db)
    if private_key is None:
        private_key = X25519PrivateKey.generate()
        raw = private_key.private_bytes_raw()
        db.execute(insert(stick_keys).values(id=1, private_key=raw, made_at=timestamp(now)))
    return usb_files.format_key(private_key.public_key().public_bytes_raw())


def import_parcel(engine: Engine, content: bytes, importer: ImportContext, now: datetime) -> ImportedParcel:
    """Receive a parcel, each batch in its own transaction.

    Raises:
        BadFile: the file is no parcel for this gateway, or its kiosk is unknown or revoked; nothing was received.
    """
    with engine.begin() as db:
        kiosk, head, batches, answer_key = _open_parcel(db, content, now)
        epochs.ensure_epoch(db, now, importer.token)
        forwarding.ensure_meter(db, now)
        epoch = epochs.current_epoch(db)
        accounts.record(db, login=importer.login, act="brought", subject=head.kiosk_id, now=now, reason=head.parcel_id)
    context = BatchContext(kiosk=kiosk, now=now, mode=importer.mode)
    results = [_receive_batch(engine, context, batch) for batch in batches]
    answer = usb_files.seal_answer(
        parcel=head,
        answer_key=answer_key,
        made_at=now,
        answer={"epoch": epoch, "batches": results},
        nonce=_make_nonce(importer.token),
    )
    return ImportedParcel(
        kiosk_id=head.kiosk_id,
        made_at=head.made_at,
        name=usb_files.file_name(usb_files.read_head(answer, usb_files.ANSWER)),
        answer=answer,
        counts=_count_outcomes(results),
    )


def _open_parcel(db: Connection, content: bytes, now: datetime) -> tuple[Kiosk, FileHead, list[dict[str, Any]], bytes]:
    """Open a parcel; return its kiosk, head and batches, and the key that seals the answer."""
    senders: list[Kiosk] = []

    def find_key(key_id: str) -> bytes | None:
        row = kiosks.find_by_key(db, key_id)
        if row is None:
            return None
        try:
            senders.append(kiosks.admit(db, row, Restores(row.restores, is_signed=False), now))
        except Problem as error:
            raise BadFile("revoked") from error
        return bytes(row.public_key)

    private_key = _load_private_key(db)
    if private_key is None:
        raise BadFile("not-for-us")
    head, batches, answer_key = usb_files.open_parcel(content, find_key, private_key)
    kiosk = senders[-1]
    if head.kiosk_id != kiosk.kiosk_id:
        raise BadFile("foreign")
    return kiosk, head, batches, answer_key


def _make_nonce(token: Callable[[], str]) -> bytes:
    return hashlib.sha256(token().encode()).digest()[:12]


def _load_private_key(db: Connection) -> X25519PrivateKey | None:
    raw = db.execute(select(stick_keys.c.private_key)).scalar()
    return None if raw is None else X25519PrivateKey.from_private_bytes(raw)


def _receive_batch(engine: Engine, context: BatchContext, batch: dict[str, Any]) -> dict[str, list[JsonObject]]:
    """Receive a batch of one kind; an item that its schema does not allow is refused alone."""
    for member, kind in _KINDS.items():
        items = batch.get(member)
        if not isinstance(items, list) or len(items) > _MAX_BATCH_ITEMS:
            continue
        valid = []
        refused = []
        for item in items:
            if errors := contract_schema.validate(kind.schema, {member: [item]}):
                refused.append(_invalid_result(item, kind.id_member, errors))
            else:
                valid.append(item)
        set_aside = batch.get("setAside", [])
        if contract_schema.validate(kind.schema, {member: valid, "setAside": set_aside}):
            set_aside = []
        return {
            member: _receive_items(
                engine=engine, context=context, receive=kind.receive, items=valid, set_aside=set_aside
            )
            + refused
        }
    return {}


def _receive_items(
    engine: Engine,
    context: BatchContext,
    receive: ReceiveBatch,
    items: list[JsonObject],
    set_aside: list[JsonObject],
) -> list[JsonObject]:
    if not items:
        return []
    return database.run_transaction(engine, lambda db: receive(db, context, items, set_aside))


def _invalid_result(item: Any, id_member: str, errors: Sequence[FieldError]) -> JsonObject:
    subject = item.get(id_member) if isinstance(item, dict) else None
    return {id_member: subject, "outcome": "invalid", "errors": errors_json(errors)}


def _count_outcomes(batches: Sequence[dict[str, list[JsonObject]]]) -> dict[str, Counter[str]]:
    counts = {member: Counter[str]() for member in _KINDS}
    for batch in batches:
        for member, results in batch.items():
            counts[member].update(result["outcome"] for result in results)
    return counts
