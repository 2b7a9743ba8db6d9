"""Keys of status pages: what the code on a slip opens for the person who holds it.

The kiosk makes a key of 80 bits and four digits for each dossier and prints them on the slip. Here are only two hashes:
that of the key, and that of key and digits together, so that nobody finds the four digits in a stolen database. The
row is deleted with the dossier's content; from then on its key is as unknown as any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, bindparam, delete, insert, select, update

from sync.encoding import sha256_hex, timestamp
from sync.gateway import database, need_lists
from sync.gateway.message_tables import message_consents
from sync.gateway.tables import (
    kiosk_reports,
    kiosks,
    queues,
    receipt_numbers,
    status_keys,
    status_tries,
    submissions,
)

MAX_WRONG_DIGITS = 5
"""Wrong digits until they open nothing any more: one chance in two thousand."""
MAX_UNKNOWN_KEYS = 300
"""Unknown keys of one address in `SPAN`. Nobody guesses 80 bits: the limit bounds the work that strangers cause.

It is high because the phones of a whole carrier share addresses, and a ward without a line has many keys that are
not here yet.
"""
SPAN = timedelta(minutes=10)
MAX_KEY_LENGTH = 64
"""Characters of an address that are looked at; a key has 16."""


def _is_same_form(table: Table) -> ColumnElement[bool]:
    return (table.c.kiosk_id == status_keys.c.kiosk_id) & (table.c.receipt_no == status_keys.c.receipt_no)


# One query, built once: the phones of a waiting room load the page again and again.
_SELECT_DOSSIER: Select[Any] = (
    select(
        *status_keys.c,
        *(submissions.c.status_code, submissions.c.due_at, submissions.c.received_at),
        *(kiosks.c.unit_code, kiosks.c.seen_at),
        *(kiosk_reports.c.content.label("report"), kiosk_reports.c.received_at.label("reported_at")),
        *(queues.c.content.label("queue"), queues.c.posted_at),
        *(message_consents.c.phone, message_consents.c.ended_at),
        need_lists.has_list(kiosks.c.unit_code).label("has_need_list"),
    )
    .join(receipt_numbers, _is_same_form(receipt_numbers))
    # The receipt number finds the rows by its index; the dossier decides.
    .join(submissions, _is_same_form(submissions) & (submissions.c.dossier_id == receipt_numbers.c.dossier_id))
    .join(kiosks, kiosks.c.kiosk_id == status_keys.c.kiosk_id)
    .outerjoin(kiosk_reports, kiosk_reports.c.kiosk_id == status_keys.c.kiosk_id)
    .outerjoin(queues, queues.c.kiosk_id == status_keys.c.kiosk_id)
    .outerjoin(message_consents, _is_same_form(message_consents))
    .where(status_keys.c.key_hash == bindparam("key_hash"))
    .order_by(submissions.c.form_revision.desc(), submissions.c.received_at.desc(), submissions.c.submission_id.desc())
    .limit(1)
)
_KNOWN_HASHES = select(status_keys.c.key_hash).where(status_keys.c.key_hash.in_(bindparam("hashes", expanding=True)))


@dataclass(frozen=True)
class NewKey:
    """The hashes of a dossier's key, as a kiosk sends them."""

    kiosk_id: str
    receipt_no: str
    key_hash: str
    digits_hash: str


@dataclass(frozen=True, kw_only=True)
class DigitsCheck:
    """What became of typed digits, and how many tries are left."""

    outcome: Literal["none", "incomplete", "right", "wrong", "locked"]
    left: int


def new_key(kiosk_id: str, body: Mapping[str, Any]) -> NewKey | None:
    """Return the key of a submission's body; None for a kiosk that prints none."""
    member = body.get("statusPage")
    if member is None:
        return None
    return NewKey(
        kiosk_id=kiosk_id,
        receipt_no=body["receiptNo"],
        key_hash=member["keyHash"],
        digits_hash=member["digitsHash"],
    )


def insert_keys(db: Connection, keys: Sequence[NewKey]) -> None:
    """Insert the keys that are new: a correction has the key of the form before it."""
    by_hash = {key.key_hash: key for key in reversed(keys)}
    if not by_hash:
        return
    known = set(db.execute(_KNOWN_HASHES, {"hashes": list(by_hash)}).scalars())
    rows = [_row_values(key) for key_hash, key in by_hash.items() if key_hash not in known]
    if rows:
        database.insert_rows(db, status_keys, rows)


def _row_values(key: NewKey) -> dict[str, Any]:
    return {
        "key_hash": key.key_hash,
        "kiosk_id": key.kiosk_id,
        "receipt_no": key.receipt_no,
        "digits_hash": key.digits_hash,
        "wrong_digits": 0,
    }


def find_dossier(db: Connection, key: str) -> Row[Any] | None:
    """Return the key with the latest revision of its dossier, its kiosk, and that kiosk's last report and queue.

    Any other text, of any length, costs the same one question.
    """
    return db.execute(_SELECT_DOSSIER, {"key_hash": sha256_hex(key[:MAX_KEY_LENGTH].encode())}).one_or_none()


def check_digits(db: Connection, row: Row[Any], key: str, digits: str) -> DigitsCheck:
    """Check four digits.

    A try is counted before it is checked, in one statement, so that two processes count both. The right digits give
    theirs back.
    """
    is_key = status_keys.c.key_hash == row.key_hash
    count = update(status_keys).where(is_key & (status_keys.c.wrong_digits < MAX_WRONG_DIGITS))
    counted = count.values(wrong_digits=status_keys.c.wrong_digits + 1).returning(status_keys.c.wrong_digits)
    wrong = db.execute(counted).scalar()
    if wrong is None:
        return DigitsCheck(outcome="locked", left=0)
    if sha256_hex(f"{key} {digits}".encode()) == row.digits_hash:
        db.execute(update(status_keys).where(is_key).values(wrong_digits=status_keys.c.wrong_digits - 1))
        return DigitsCheck(outcome="right", left=MAX_WRONG_DIGITS - wrong + 1)
    return DigitsCheck(outcome="wrong" if wrong < MAX_WRONG_DIGITS else "locked", left=MAX_WRONG_DIGITS - wrong)


def delete_keys(db: Connection, kiosk_id: str, receipt_no: str) -> None:
    """Delete the keys of a receipt number."""
    is_number = (status_keys.c.kiosk_id == kiosk_id) & (status_keys.c.receipt_no == receipt_no)
    db.execute(delete(status_keys).where(is_number))


def seconds_locked(db: Connection, address: str, now: datetime) -> float:
    """Return how many seconds an address has to wait after too many unknown keys; 0 when it may go on."""
    row = db.execute(select(status_tries).where(status_tries.c.address == address)).one_or_none()
    if row is None or row.unknown < MAX_UNKNOWN_KEYS:
        return 0.0
    return max(0.0, (datetime.fromisoformat(row.began_at) + SPAN - now).total_seconds())


def count_unknown(db: Connection, address: str, now: datetime) -> None:
    """Count an unknown key of an address, and forget the counts of spans that are over."""
    delete_old_tries(db, now)
    is_address = status_tries.c.address == address
    counted = update(status_tries).where(is_address).values(unknown=status_tries.c.unknown + 1)
    if db.execute(counted).rowcount == 0:
        db.execute(insert(status_tries).values(address=address, unknown=1, began_at=timestamp(now)))


def delete_old_tries(db: Connection, now: datetime) -> None:
    """Delete the addresses of spans that are over."""
    db.execute(delete(status_tries).where(status_tries.c.began_at <= timestamp(now - SPAN)))
