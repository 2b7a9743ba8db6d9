"""What kiosks bring on a stick: taken as if it had come by line, and answered by a file that is carried back.

The stick key lies in the database, beside the bodies that it protects on the way; every process has the same one. A
parcel may be brought twice, late, or after the line has brought its forms: what is known already is ``duplicate``.
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
from sync.gateway import accounts, contract_schema, database, epochs, events, forwarding, kiosks, submissions
from sync.gateway.kiosks import Kiosk
from sync.gateway.problems import Problem, in_words
from sync.gateway.submissions import Desk, Result, Take
from sync.gateway.tables import stick_keys
from sync.portals import usb_files

_MOST = 50
# Of each kind: how a batch names its items, the shape of a batch, the id of an item, and who takes it.
_KINDS: dict[str, tuple[str, str, Take]] = {
    "submissions": ("Submissions", "submissionId", submissions.take),
    "events": ("Events", "eventId", events.receive_events),
}


BAD = {
    "changed": "tệp bị hỏng hoặc bị sửa; chép lại từ máy của phường",
    "foreign": "không phải tệp của máy nào",
    "unknown-key": "không quen khóa của máy này; máy chưa ghi danh, hoặc đã đổi khóa: chép lại sau khi ghi danh",
    "revoked": "khóa của máy này đã bị thu hồi",
    "not-for-us": "tệp viết cho cổng khác; đối chiếu [portal] stick_key của máy",
    "not-json": "máy viết tệp này bằng bản khác",
    "too-large": "tệp quá lớn",
}
"""Why a parcel is not taken, in an operator's words."""


@dataclass(frozen=True)
class Clerk:
    """Who takes parcels in, of which mode (practice, live), with dice: ``token`` as in Settings."""

    login: str
    mode: str
    token: Callable[[], str]


@dataclass(frozen=True)
class Brought:
    """What became of a parcel: whose it was, the answer's file name and content, and results counted by kind."""

    kiosk_id: str
    made_at: str
    name: str
    answer: bytes
    counts: dict[str, Counter[str]] = field(default_factory=dict)


def public_key(db: Connection, now: datetime) -> str:
    """Give the stick key for kiosks to write into their settings; the first to ask has it made."""
    database.lock_schema(db)
    private = _private(db)
    if private is None:
        private = X25519PrivateKey.generate()
        db.execute(insert(stick_keys).values(id=1, private_key=private.private_bytes_raw(), made_at=timestamp(now)))
    return usb_files.format_key(private.public_key().public_bytes_raw())


def take(engine: Engine, content: bytes, clerk: Clerk, now: datetime) -> Brought:
    """Take a parcel: batch by batch, each as one transaction, as by line. Raises BadFile."""
    found: list[Kiosk] = []

    def find(db: Connection, key_id: str) -> bytes | None:
        row = kiosks.find(db, key_id)
        if row is None:
            return None
        try:
            found.append(kiosks.greet(db, row, now))
        except Problem as error:
            raise BadFile("revoked") from error
        return bytes(row.public_key)

    with engine.begin() as db:
        private = _private(db)
        if private is None:
            raise BadFile("not-for-us")
        head, batches, answer_key = usb_files.open_parcel(content, lambda name: find(db, name), private)
        epochs.ensure_epoch(db, now, clerk.token)
        forwarding.begin(db, now)
        epoch = epochs.current_epoch(db)
        if head.kiosk_id != found[-1].kiosk_id:
            raise BadFile("foreign")
        accounts.record(db, clerk.login, "brought", head.kiosk_id, now, head.parcel_id)
    desk = Desk(found[-1], now, clerk.mode)
    results = [_taken(engine, desk, batch) for batch in batches]
    answer = usb_files.seal_answer(head, answer_key, now, {"epoch": epoch, "batches": results}, _nonce(clerk.token))
    name = usb_files.file_name(usb_files.read_head(answer, usb_files.ANSWER))
    return Brought(kiosk_id=head.kiosk_id, made_at=head.made_at, name=name, answer=answer, counts=_counted(results))


def _nonce(token: Callable[[], str]) -> bytes:
    return hashlib.sha256(token().encode()).digest()[:12]


def _private(db: Connection) -> X25519PrivateKey | None:
    raw = db.execute(select(stick_keys.c.private_key)).scalar()
    return None if raw is None else X25519PrivateKey.from_private_bytes(raw)


def _taken(engine: Engine, desk: Desk, batch: dict[str, Any]) -> dict[str, list[Result]]:
    """Take a batch of one kind; an item without the right shape is refused alone."""
    for group, (shape, name, taking) in _KINDS.items():
        items = batch.get(group)
        if not isinstance(items, list) or len(items) > _MOST:
            continue
        faults = {place: contract_schema.faults(shape, {group: [item]}) for place, item in enumerate(items)}
        good = [item for place, item in enumerate(items) if not faults[place]]
        aside = batch.get("setAside", [])
        if contract_schema.faults(shape, {group: good, "setAside": aside}):
            aside = []
        results = database.run_transaction(engine, lambda db: taking(db, desk, good, aside)) if good else []  # noqa: B023
        return {group: results + [_misshapen(items[place], name, said) for place, said in faults.items() if said]}
    return {}


def _misshapen(item: Any, name: str, said: Sequence[Any]) -> Result:
    subject = item.get(name) if isinstance(item, dict) else None
    return {name: subject, "outcome": "invalid", "errors": in_words(said)}


def _counted(results: Sequence[dict[str, list[Result]]]) -> dict[str, Counter[str]]:
    counts = {group: Counter[str]() for group in _KINDS}
    for batch in results:
        for group, told in batch.items():
            counts[group].update(one["outcome"] for one in told)
    return counts
