"""The kiosks that the gateway knows: keys, one-time codes, marks already used, and the counter of changes.

A code is kept only as a hash; it has 50 bits or more, so a plain hash is enough. A code is bound to one kiosk and
unit, lasts 24 hours and 5 tries. A kiosk's changes are numbered inside the transaction that makes them, under the
kiosk's row (``hold``): a plain sequence would let a reader run past a change that commits late. Whoever writes about
a kiosk takes that row first and everything else after it, so that no two can wait for each other.
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
from sync.gateway.problems import Problem
from sync.gateway.settings import Enrolment
from sync.gateway.tables import codes, epochs, kiosks, nonces

TRIES = 5
LASTS = timedelta(hours=24)
# The letters of the kiosks' own codes: no 0 O 1 I L 5 S 8 B 2 Z U V.
_LETTERS = "34679ACDEFGHJKMNPQRTWXY"
SEEN_EVERY = timedelta(seconds=30)

# What every request says, put together once: SQLAlchemy takes longer to build a statement than the database to answer.
_EPOCH = select(epochs.c.epoch).scalar_subquery().label("epoch")
_WITH_KEY = select(kiosks, _EPOCH).where(kiosks.c.key_id == bindparam("key"))
_MARK = insert(nonces)
_HOLD = select(kiosks.c.last_seq).where(kiosks.c.kiosk_id == bindparam("kiosk")).with_for_update()
_HOLD_AHEAD = (
    update(kiosks)
    .where(kiosks.c.kiosk_id == bindparam("kiosk"))
    .values(last_seq=kiosks.c.last_seq + bindparam("more"))
    .returning(kiosks.c.last_seq - bindparam("more"))
)
_COUNT = update(kiosks).where(kiosks.c.kiosk_id == bindparam("kiosk")).values(last_seq=bindparam("last"))


@dataclass(frozen=True)
class Kiosk:
    """Who is asking."""

    kiosk_id: str
    unit_code: str


def find(db: Connection, key_id: str) -> Row[Any] | None:
    """Find the kiosk with a key of this name, and the epoch of the store."""
    return db.execute(_WITH_KEY, {"key": key_id}).one_or_none()


def greet(db: Connection, row: Row[Any], now: datetime) -> Kiosk:
    """Note that a kiosk was here, to half a minute; Problem when its key was taken away."""
    if row.revoked_at is not None:
        raise Problem("revoked")
    if row.seen_at is None or abs(now - datetime.fromisoformat(row.seen_at)) > SEEN_EVERY:
        db.execute(update(kiosks).where(kiosks.c.key_id == row.key_id).values(seen_at=timestamp(now)))
    return Kiosk(row.kiosk_id, row.unit_code)


def use_nonce(db: Connection, key_id: str, nonce: str, now: datetime) -> None:
    """Use a mark up; Problem when this key has used it before."""
    try:
        db.execute(_MARK, {"key_id": key_id, "nonce": nonce, "seen_at": timestamp(now)})
    except IntegrityError as error:
        raise Problem("replay") from error


def sweep(db: Connection, now: datetime) -> None:
    """Remove the marks that no signature can come with any more; they outlive its window twice."""
    db.execute(delete(nonces).where(nonces.c.seen_at < timestamp(now - 4 * signature.WINDOW)))


def hold(db: Connection, kiosk_id: str) -> int:
    """Hold a kiosk's row until the end of the transaction; tell the number of its latest change."""
    return int(db.execute(_HOLD, {"kiosk": kiosk_id}).scalar_one())


def hold_ahead(db: Connection, kiosk_id: str, more: int) -> int:
    """Hold a kiosk's row, and count so many changes ahead; tell the number before them.

    Who makes fewer says so with ``count``.
    """
    return int(db.execute(_HOLD_AHEAD, {"kiosk": kiosk_id, "more": more}).scalar_one())


def count(db: Connection, kiosk_id: str, last: int) -> None:
    """Note the number of a kiosk's latest change; its row is held."""
    db.execute(_COUNT, {"kiosk": kiosk_id, "last": last})


def last_seq(db: Connection, kiosk_id: str) -> int:
    """Tell the number of a kiosk's latest change."""
    return int(db.execute(select(kiosks.c.last_seq).where(kiosks.c.kiosk_id == kiosk_id)).scalar_one())


def note_read(db: Connection, kiosk_id: str, seq: int) -> None:
    """Note how far a kiosk's reader says it has come."""
    mine = (kiosks.c.kiosk_id == kiosk_id) & (kiosks.c.read_seq != seq)
    db.execute(update(kiosks).where(mine).values(read_seq=seq))


def listed(db: Connection) -> list[Row[Any]]:
    """List all kiosks by their codes."""
    return list(db.execute(select(kiosks).order_by(kiosks.c.kiosk_id)))


def revoke(db: Connection, kiosk_id: str, now: datetime) -> bool:
    """Take a kiosk's key away; False when there is no live kiosk of that name."""
    mine = (kiosks.c.kiosk_id == kiosk_id) & kiosks.c.revoked_at.is_(None)
    return db.execute(update(kiosks).where(mine).values(revoked_at=timestamp(now))).rowcount == 1


def code_from(token: str) -> str:
    """Make a one-time code of 54 bits out of a token, in letters that an ear does not take for others."""
    number = int.from_bytes(hashlib.sha256(token.encode()).digest(), "big")
    letters = [_LETTERS[number // len(_LETTERS) ** place % len(_LETTERS)] for place in range(12)]
    return "-".join("".join(letters[place : place + 4]) for place in (0, 4, 8))


def add_code(db: Connection, enrolment: Enrolment, now: datetime, *, may_replace: bool) -> None:
    """Let a one-time code be used; ``may_replace``: even when the kiosk is live with another key."""
    code_hash = _hashed(enrolment.code)
    if db.execute(select(codes.c.used_by).where(codes.c.code_hash == code_hash)).first() is not None:
        return
    db.execute(
        insert(codes).values(
            code_hash=code_hash,
            kiosk_id=enrolment.kiosk_id,
            unit_code=enrolment.unit_code,
            expires_at=timestamp(now + LASTS),
            tries_left=TRIES,
            used_by=None,
            may_replace=may_replace,
        )
    )


def enrol(db: Connection, asked: Enrolment, public: bytes, now: datetime) -> Literal["created", "known"] | Problem:
    """Make a key known; the Problem is given back, not raised, because a wrong try must stay counted."""
    key_id = signature.key_id(public)
    named = select(codes).where(codes.c.code_hash == _hashed(asked.code))
    code = db.execute(named.with_for_update()).one_or_none()
    if code is None or not _fits(code, asked, now):
        _count_try(db, asked.kiosk_id)
        return Problem("code")
    if code.used_by is not None:
        return "known" if hmac.compare_digest(code.used_by, key_id) else Problem("code")
    if not _make_room(db, asked.kiosk_id, key_id, may_replace=code.may_replace):
        return Problem("live-kiosk")
    _keep(db, asked, public, now)
    db.execute(update(codes).where(codes.c.code_hash == code.code_hash).values(used_by=key_id))
    return "created"


def _fits(code: Row[tuple[object, ...]], asked: Enrolment, now: datetime) -> bool:
    is_bound = (code.kiosk_id, code.unit_code) == (asked.kiosk_id, asked.unit_code)
    is_open = code.used_by is not None or (code.tries_left > 0 and code.expires_at > timestamp(now))
    return is_bound and bool(is_open)


def _count_try(db: Connection, kiosk_id: str) -> None:
    left = codes.c.tries_left
    mine = (codes.c.kiosk_id == kiosk_id) & (left > 0) & codes.c.used_by.is_(None)
    db.execute(update(codes).where(mine).values(tries_left=left - 1))


def _make_room(db: Connection, kiosk_id: str, key_id: str, *, may_replace: bool) -> bool:
    held = db.execute(select(kiosks).where(kiosks.c.kiosk_id == kiosk_id)).one_or_none()
    if held is None or held.key_id == key_id:
        return db.execute(select(kiosks.c.kiosk_id).where(kiosks.c.key_id == key_id)).scalar() in (None, kiosk_id)
    return may_replace or held.revoked_at is not None


def _keep(db: Connection, asked: Enrolment, public: bytes, now: datetime) -> None:
    facts = {
        "unit_code": asked.unit_code,
        "key_id": signature.key_id(public),
        "public_key": public,
        "enrolled_at": timestamp(now),
        "revoked_at": None,
    }
    mine = kiosks.c.kiosk_id == asked.kiosk_id
    if db.execute(update(kiosks).where(mine).values(**facts)).rowcount == 0:
        db.execute(insert(kiosks).values(kiosk_id=asked.kiosk_id, last_seq=0, **facts))


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
