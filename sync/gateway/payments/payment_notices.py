"""Payment notices: what a bank says of a ward's account, matched to a kiosk by the payment key in the text.

A notice is known by the bank's reference, so a web hook and a statement that both have it are one notice. It gets a
number of its kiosk's changes, and reaches the kiosk by the feed. The text of the transfer is dropped: it may name the
payer. A text without one single key of the ward's own kiosks leads nowhere; then the ward's first kiosk gets the
notice without a key, and the receipt number of an older slip as a hint.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, delete, select, update

from sync.encoding import timestamp
from sync.gateway import database, kiosks
from sync.gateway.payments.bank_accounts import BankAccount
from sync.gateway.payments.bank_line import BankLine
from sync.gateway.tables import kiosks as kiosk_table
from sync.gateway.tables import payment_notices
from sync.payment_key import find_keys, parse_key

Source = Literal["notice", "statement"]
KEPT = timedelta(days=400)
"""A year and the weeks in which its books are closed."""
_CHUNK = 500
_SEPARATORS = re.compile(r"[^A-Z0-9]", re.ASCII)


class NoKiosk(Exception):  # noqa: N818 - reads well in "raise NoKiosk"
    """No kiosk is enrolled for the ward of the account, so nobody would ever read its notices."""


@dataclass(frozen=True, kw_only=True)
class NoticeCounts:
    """Result of some lines of a bank.

    Attributes:
        new: notices that were not here, `unclear` of them without a payment key.
        known: lines that were here already.
        other: money that left the account without a payment key: no fee that is paid back.
        conflicts: references that are here with another amount, direction or key; nothing of them was changed.
    """

    new: int = 0
    unclear: int = 0
    known: int = 0
    other: int = 0
    conflicts: tuple[str, ...] = ()


@dataclass
class _Sorted:
    """Lines sorted by what is to be done with them."""

    new: dict[str, dict[str, Any]] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    other: int = 0


def record_lines(
    db: Connection, account: BankAccount, lines: Sequence[BankLine], source: Source, now: datetime
) -> NoticeCounts:
    """Store the lines of a bank that are new; each gets the next number of its kiosk's changes.

    Raises:
        NoKiosk: the ward has no kiosk.
    """
    kiosk_ids = _lock_kiosks(db, account.unit_code)
    stored = _find_stored(db, account, [line.reference for line in lines])
    lots = _sort(lines, kiosk_ids, stored)
    for row in lots.new.values():
        row |= {"account_id": account.account_id, "source": source, "received_at": timestamp(now)}
        row["stated_at"] = timestamp(now) if source == "statement" else None
    rows = list(lots.new.values())
    for kiosk_id in kiosk_ids:
        own = [row for row in rows if row["kiosk_id"] == kiosk_id]
        first = kiosks.reserve_seqs(db, kiosk_id, len(own)) + 1
        for seq, row in enumerate(own, first):
            row["seq"] = seq
    if rows:
        database.insert_rows(db, payment_notices, rows)
    if source == "statement":
        _mark_stated(db, account, lots.known, now)
    return NoticeCounts(
        new=len(rows),
        unclear=sum(1 for row in rows if row["payment_key"] is None),
        known=len(lots.known),
        other=lots.other,
        conflicts=tuple(lots.conflicts),
    )


def list_notices(db: Connection, kiosk_id: str, after: int, limit: int) -> list[dict[str, Any]]:
    """Return the notices of a kiosk after a number of its changes, as rows."""
    is_later = (payment_notices.c.kiosk_id == kiosk_id) & (payment_notices.c.seq > after)
    rows = db.execute(select(payment_notices).where(is_later).order_by(payment_notices.c.seq).limit(limit))
    return [dict(row) for row in rows.mappings()]


def notice_json(row: dict[str, Any]) -> dict[str, Any]:
    """Return a notice in the JSON form of the contract."""
    optional = {"key": row["payment_key"], "receiptNo": row["hint"]}
    return {
        "account": row["account_id"],
        "reference": row["reference"],
        "direction": row["direction"],
        "amount": row["amount"],
        "bookedAt": row["booked_at"],
        "receivedAt": row["received_at"],
        "source": row["source"],
    } | {name: value for name, value in optional.items() if value}


def delete_old_notices(db: Connection, now: datetime) -> None:
    """Delete notices whose term is over."""
    db.execute(delete(payment_notices).where(payment_notices.c.received_at < timestamp(now - KEPT)))


def _lock_kiosks(db: Connection, unit_code: str) -> list[str]:
    """Lock the kiosks of a ward, in one order for all transactions; return their ids."""
    is_own = (kiosk_table.c.unit_code == unit_code) & kiosk_table.c.revoked_at.is_(None)
    ids = list(db.execute(select(kiosk_table.c.kiosk_id).where(is_own).order_by(kiosk_table.c.kiosk_id)).scalars())
    if not ids:
        raise NoKiosk
    for kiosk_id in ids:
        kiosks.lock_kiosk(db, kiosk_id)
    return ids


def _find_stored(db: Connection, account: BankAccount, references: Sequence[str]) -> dict[str, dict[str, Any]]:
    columns = payment_notices.c
    selected = select(columns.reference, columns.direction, columns.amount, columns.payment_key)
    found: dict[str, dict[str, Any]] = {}
    for chunk in _chunks(references):
        is_line = (columns.account_id == account.account_id) & columns.reference.in_(chunk)
        found |= {row["reference"]: dict(row) for row in db.execute(selected.where(is_line)).mappings()}
    return found


def _sort(lines: Sequence[BankLine], kiosk_ids: Sequence[str], stored: dict[str, dict[str, Any]]) -> _Sorted:
    lots = _Sorted()
    for line in lines:
        row = _row(line, kiosk_ids)
        known = stored.get(line.reference) or lots.new.get(line.reference)
        if known is not None and _is_conflict(known, row):
            lots.conflicts.append(line.reference)
        elif known is not None:
            lots.known.append(line.reference)
        elif line.direction == "out" and row["payment_key"] is None:
            lots.other += 1
        else:
            lots.new[line.reference] = row
    return lots


def _is_conflict(known: dict[str, Any], row: dict[str, Any]) -> bool:
    """Return whether two lines of one reference differ; a statement may have cut the text with the key."""
    keys = {known["payment_key"], row["payment_key"]} - {None}
    return (known["direction"], known["amount"]) != (row["direction"], row["amount"]) or len(keys) > 1


def _row(line: BankLine, kiosk_ids: Sequence[str]) -> dict[str, Any]:
    keys = find_keys(line.text)
    key = keys[0] if len(keys) == 1 and parse_key(keys[0])[0] in kiosk_ids else None
    hint = None if key else _find_receipt_no(line.text, kiosk_ids)
    kiosk_id = parse_key(key)[0] if key else hint.partition("-")[0] if hint else kiosk_ids[0]
    return {
        "reference": line.reference,
        "kiosk_id": kiosk_id,
        "payment_key": key,
        "hint": hint,
        "direction": line.direction,
        "amount": line.amount,
        "booked_at": timestamp(line.booked_at),
    }


def _find_receipt_no(text: str, kiosk_ids: Sequence[str]) -> str | None:
    """Return the receipt number that slips of earlier releases have in their text; None without one single one."""
    joined = _SEPARATORS.sub("", text.upper())
    found = {
        "-".join((kiosk_id, *match))
        for kiosk_id in kiosk_ids
        for match in re.findall(rf"{kiosk_id}([0-9]{{6}})([0-9]{{4}})([0-9A-Z])", joined, re.ASCII)
    }
    return found.pop() if len(found) == 1 else None


def _mark_stated(db: Connection, account: BankAccount, references: Sequence[str], now: datetime) -> None:
    """Note that a statement has these notices too."""
    columns = payment_notices.c
    for chunk in _chunks(references):
        is_line = (columns.account_id == account.account_id) & columns.reference.in_(chunk)
        db.execute(update(payment_notices).where(is_line).values(stated_at=timestamp(now)))


def _chunks(references: Sequence[str]) -> Iterator[Sequence[str]]:
    """Return parts that are short enough for the variables of one statement."""
    return (references[start : start + _CHUNK] for start in range(0, len(references), _CHUNK))
