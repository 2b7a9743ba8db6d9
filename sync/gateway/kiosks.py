"""Kiosks of the gateway: keys, one-time codes, nonces, and the counter of changes.

A code is stored only as a hash; it has 50 bits or more, so a plain hash is enough. A code is bound to one kiosk and
unit, and is valid for 24 hours. A wrong try does not use it up; `enrolment_tries` limits those. A kiosk's changes are
numbered inside the transaction that makes them, with the kiosk's row locked (`lock_kiosk`): with a plain sequence a
reader could skip a change that commits late. Every transaction about a kiosk locks that row first and everything else
after it, so that no two can deadlock.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from sync import signature
from sync.encoding import timestamp
from sync.gateway.epochs import notify
from sync.gateway.problems import Problem
from sync.gateway.settings import Enrolment
from sync.gateway.tables import audit_heads, codes, epochs, kiosks, nonces

CODE_LIFETIME = timedelta(hours=24)
# The letters of the kiosks' own codes: no 0 O 1 I L 5 S 8 B 2 Z U V.
_LETTERS = "34679ACDEFGHJKMNPQRTWXY"
SEEN_INTERVAL = timedelta(seconds=30)

# Statements of every request, built once: SQLAlchemy takes longer to build a statement than the database to run it.
_EPOCH = select(epochs.c.epoch).scalar_subquery().label("epoch")
_SELECT_BY_KEY = select(kiosks, _EPOCH).where(kiosks.c.key_id == bindparam("key"))
_INSERT_NONCE = insert(nonces)
_LOCK = select(kiosks.c.last_seq).where(kiosks.c.kiosk_id == bindparam("kiosk")).with_for_update()
_RESERVE_SEQS = (
    update(kiosks)
    .where(kiosks.c.kiosk_id == bindparam("kiosk"))
    .values(last_seq=kiosks.c.last_seq + bindparam("count"))
    .returning(kiosks.c.last_seq - bindparam("count"))
)
_SET_LAST_SEQ = update(kiosks).where(kiosks.c.kiosk_id == bindparam("kiosk")).values(last_seq=bindparam("last"))


@dataclass(frozen=True)
class Kiosk:
    """The authenticated kiosk of a request or parcel."""

    kiosk_id: str
    unit_code: str


@dataclass(frozen=True)
class Restores:
    """How often a kiosk's store was restored from a copy, and whether its signature covers the number."""

    count: int
    is_signed: bool


_NO_RESTORES = Restores(0, is_signed=False)


def find_by_key(db: Connection, key_id: str) -> Row[Any] | None:
    """Return the kiosk with this key, and the epoch of the store; None for an unknown key."""
    return db.execute(_SELECT_BY_KEY, {"key": key_id}).one_or_none()


def admit(db: Connection, row: Row[Any], restores: Restores, now: datetime) -> Kiosk:
    """Return the kiosk of a row, and update when it was last seen (at most every 30 seconds).

    Args:
        db: the store, inside a transaction.
        row: the kiosk with the key of the request.
        restores: how often the sender's store was restored from a copy. A machine that took over has its key from the
            copy: of two machines with one key, the one with fewer restores was replaced.
        now: the time.

    Raises:
        Problem: its key was revoked, another machine has replaced it, or the number is higher and unsigned although
            this kiosk has signed it before.
    """
    if row.revoked_at is not None:
        raise Problem("revoked")
    if restores.count < row.restores:
        raise Problem("replaced")
    if restores.is_signed and not row.signs_restores:
        db.execute(update(kiosks).where(kiosks.c.key_id == row.key_id).values(signs_restores=True))
    if restores.count > row.restores:
        if row.signs_restores and not restores.is_signed:
            raise Problem("signature")
        _record_restore(db, row, restores.count, now)
    if row.seen_at is None or abs(now - datetime.fromisoformat(row.seen_at)) > SEEN_INTERVAL:
        db.execute(update(kiosks).where(kiosks.c.key_id == row.key_id).values(seen_at=timestamp(now)))
    return Kiosk(row.kiosk_id, row.unit_code)


def _record_restore(db: Connection, row: Row[Any], restores: int, now: datetime) -> None:
    """Store that a kiosk's store was restored once more, and tell the operator."""
    db.execute(update(kiosks).where(kiosks.c.key_id == row.key_id).values(restores=restores))
    text = (
        f"Kho của máy {row.kiosk_id} ({row.unit_code}) được khôi phục từ bản sao, lần thứ {restores}. Máy cũ cùng tên, "
        "nếu còn chạy, từ nay bị từ chối."
    )
    notify(db, text, now)


def record_nonce(db: Connection, key_id: str, nonce: str, now: datetime) -> None:
    """Record a nonce.

    Raises:
        Problem: this key has used it before.
    """
    try:
        db.execute(_INSERT_NONCE, {"key_id": key_id, "nonce": nonce, "seen_at": timestamp(now)})
    except IntegrityError as error:
        raise Problem("replay") from error


def delete_old_nonces(db: Connection, now: datetime) -> None:
    """Delete nonces that no valid signature can have any more, after four times the signature's time window."""
    db.execute(delete(nonces).where(nonces.c.seen_at < timestamp(now - 4 * signature.WINDOW)))


def lock_kiosk(db: Connection, kiosk_id: str) -> int:
    """Lock a kiosk's row until the end of the transaction; return the number of its latest change."""
    return int(db.execute(_LOCK, {"kiosk": kiosk_id}).scalar_one())


def reserve_seqs(db: Connection, kiosk_id: str, count: int) -> int:
    """Lock a kiosk's row and reserve numbers for `count` changes; return the number before them.

    A caller that uses fewer numbers corrects the counter with `set_last_seq`.
    """
    return int(db.execute(_RESERVE_SEQS, {"kiosk": kiosk_id, "count": count}).scalar_one())


def set_last_seq(db: Connection, kiosk_id: str, last: int) -> None:
    """Set the number of a kiosk's latest change; its row is locked."""
    db.execute(_SET_LAST_SEQ, {"kiosk": kiosk_id, "last": last})


def last_seq(db: Connection, kiosk_id: str) -> int:
    """Return the number of a kiosk's latest change."""
    return int(db.execute(select(kiosks.c.last_seq).where(kiosks.c.kiosk_id == kiosk_id)).scalar_one())


def set_read_seq(db: Connection, kiosk_id: str, seq: int) -> None:
    """Set the number of the last change that a kiosk has read."""
    is_changed = (kiosks.c.kiosk_id == kiosk_id) & (kiosks.c.read_seq != seq)
    db.execute(update(kiosks).where(is_changed).values(read_seq=seq))


def list_kiosks(db: Connection) -> list[Row[Any]]:
    """Return all kiosks by their codes."""
    return list(db.execute(select(kiosks).order_by(kiosks.c.kiosk_id)))


def revoke(db: Connection, kiosk_id: str, now: datetime) -> bool:
    """Revoke a kiosk's key; return False when no kiosk of that code has a valid key."""
    is_valid = (kiosks.c.kiosk_id == kiosk_id) & kiosks.c.revoked_at.is_(None)
    return db.execute(update(kiosks).where(is_valid).values(revoked_at=timestamp(now))).rowcount == 1


def set_label(db: Connection, kiosk_id: str, label: str) -> bool:
    """Set the operators' name of a kiosk; return False when there is no such kiosk."""
    return db.execute(update(kiosks).where(kiosks.c.kiosk_id == kiosk_id).values(label=label)).rowcount == 1


def make_code(token: str) -> str:
    """Return a one-time code of 54 bits made from a token, in letters that are hard to mishear."""
    number = int.from_bytes(hashlib.sha256(token.encode()).digest(), "big")
    letters = [_LETTERS[number // len(_LETTERS) ** place % len(_LETTERS)] for place in range(12)]
    return "-".join("".join(letters[start : start + 4]) for start in (0, 4, 8))


def add_code(db: Connection, enrolment: Enrolment, now: datetime, *, may_replace: bool) -> None:
    """Add a one-time code, if it is new; `may_replace`: it may replace the key of an enrolled kiosk."""
    code_hash = _hash_code(enrolment.code)
    if db.execute(select(codes.c.used_by).where(codes.c.code_hash == code_hash)).first() is not None:
        return
    db.execute(
        insert(codes).values(
            code_hash=code_hash,
            kiosk_id=enrolment.kiosk_id,
            unit_code=enrolment.unit_code,
            expires_at=timestamp(now + CODE_LIFETIME),
            used_by=None,
            may_replace=may_replace,
        )
    )


def enrol(
    db: Connection, enrolment: Enrolment, public_key: bytes, now: datetime, *, restores: Restores = _NO_RESTORES
) -> Literal["created", "known"]:
    """Enrol a key with a one-time code; `restores` of its sender hold from now on, whatever another machine had.

    Returns:
        "created", or "known" for the key that has used this code.

    Raises:
        Problem: the code is not valid for this kiosk and unit, or the kiosk has another key.
    """
    key_id = signature.key_id(public_key)
    is_code = codes.c.code_hash == _hash_code(enrolment.code)
    code = db.execute(select(codes).where(is_code).with_for_update()).one_or_none()
    if code is None or not _is_valid(code, enrolment, now):
        raise Problem("code")
    if code.used_by is not None:
        if not hmac.compare_digest(code.used_by, key_id):
            raise Problem("code")
        return "known"
    if not _may_enrol(db, enrolment.kiosk_id, key_id, may_replace=code.may_replace):
        raise Problem("live-kiosk")
    _save(db, enrolment=enrolment, public_key=public_key, restores=restores, now=now)
    db.execute(update(codes).where(codes.c.code_hash == code.code_hash).values(used_by=key_id))
    return "created"


def _is_valid(code: Row[tuple[object, ...]], enrolment: Enrolment, now: datetime) -> bool:
    is_bound = (code.kiosk_id, code.unit_code) == (enrolment.kiosk_id, enrolment.unit_code)
    return is_bound and bool(code.used_by is not None or code.expires_at > timestamp(now))


def _may_enrol(db: Connection, kiosk_id: str, key_id: str, *, may_replace: bool) -> bool:
    """Return whether the key belongs to no other kiosk, and may replace the kiosk's key if that differs."""
    kiosk = db.execute(select(kiosks).where(kiosks.c.kiosk_id == kiosk_id)).one_or_none()
    if kiosk is None or kiosk.key_id == key_id:
        return db.execute(select(kiosks.c.kiosk_id).where(kiosks.c.key_id == key_id)).scalar() in (None, kiosk_id)
    return may_replace or kiosk.revoked_at is not None


def _save(db: Connection, enrolment: Enrolment, *, public_key: bytes, restores: Restores, now: datetime) -> None:
    values = {
        "unit_code": enrolment.unit_code,
        "key_id": signature.key_id(public_key),
        "public_key": public_key,
        "enrolled_at": timestamp(now),
        "revoked_at": None,
        "restores": restores.count,
        "signs_restores": restores.is_signed,
    }
    is_kiosk = kiosks.c.kiosk_id == enrolment.kiosk_id
    if db.execute(select(kiosks.c.revoked_at).where(is_kiosk)).scalar() is not None:
        # Another machine replaces a revoked one: its audit trail begins again.
        db.execute(delete(audit_heads).where(audit_heads.c.kiosk_id == enrolment.kiosk_id))
    if db.execute(update(kiosks).where(is_kiosk).values(**values)).rowcount == 0:
        db.execute(insert(kiosks).values(kiosk_id=enrolment.kiosk_id, last_seq=0, **values))


def _hash_code(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
