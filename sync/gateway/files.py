"""What papers hold: files by their SHA-256, each kiosk's own, taken by pieces and kept as the pieces came.

A piece is one row, and a request is one transaction under the kiosk's row: it is here whole or not at all, and two
processes that are handed the same piece cannot both take it. With the last one the hash of the whole is counted; when
it is wrong nothing is kept, so that the next try begins at the start. A piece is as long as the kiosk sent it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, Table, delete, exists, insert, select, update

from sync.encoding import timestamp
from sync.gateway import kiosks
from sync.gateway.tables import documents, file_pieces, files
from sync.parcel import Piece

LARGEST = 32 << 20
"""Bytes of a file; kiosks take 10 MiB from a scanner."""
LARGEST_PIECE = 1 << 20
KEPT = timedelta(days=7)
"""So long a part waits for the rest, and a whole file for the paper that names it."""

Word = Literal["appended", "whole", "offset", "too-large", "hash"]


@dataclass(frozen=True)
class Name:
    """A file of a kiosk."""

    kiosk_id: str
    sha256: str


@dataclass(frozen=True)
class Taken:
    """What became of a piece; ``offset`` is where the next one begins."""

    word: Word
    offset: int


def find(db: Connection, name: Name) -> Row[Any] | None:
    """Find what is here of a file."""
    return db.execute(select(files).where(_named(files, name))).one_or_none()


def append(db: Connection, name: Name, piece: Piece, now: datetime) -> Taken:
    """Take a piece, if it begins where what is here ends, or at the start."""
    kiosks.hold(db, name.kiosk_id)
    held = find(db, name)
    here = held.held if held else 0
    if (held and held.is_whole) or piece.offset not in (0, here):
        return Taken("offset", here)
    if piece.end > LARGEST:
        return Taken("too-large", here)
    if piece.offset == 0:
        _forget(db, name)
        db.execute(insert(files).values(**vars(name), held=0, is_whole=False, touched_at=timestamp(now)))
    db.execute(insert(file_pieces).values(**vars(name), offset=piece.offset, content=piece.content))
    if piece.is_last and _hash(db, name) != name.sha256:
        _forget(db, name)
        return Taken("hash", 0)
    facts = {"held": piece.end, "is_whole": piece.is_last, "touched_at": timestamp(now)}
    db.execute(update(files).where(_named(files, name)).values(**facts))
    return Taken("whole" if piece.is_last else "appended", piece.end)


def content(db: Connection, name: Name) -> bytes | None:
    """Give what a file holds; None when it is not here whole."""
    held = find(db, name)
    return b"".join(_pieces(db, name)) if held and held.is_whole else None


def let_go(db: Connection, name: Name) -> None:
    """Forget a file that no paper names any more; the kiosk's row is held."""
    if not db.execute(select(_is_wanted(name.kiosk_id, name.sha256))).scalar():
        _forget(db, name)


def sweep(db: Connection, now: datetime) -> int:
    """Forget what was begun and given up, and what no paper names, a week after it was last touched; say how many."""
    is_old = files.c.touched_at < timestamp(now - KEPT)
    is_idle = files.c.is_whole.is_(False) | ~_is_wanted(files.c.kiosk_id, files.c.sha256)
    found = db.execute(select(files.c.kiosk_id, files.c.sha256).where(is_old & is_idle).limit(100)).all()
    for kiosk_id, sha256 in found:
        kiosks.hold(db, kiosk_id)
        _forget(db, Name(kiosk_id, sha256))
    return len(found)


def _hash(db: Connection, name: Name) -> str:
    counted = hashlib.sha256()
    for piece in _pieces(db, name):
        counted.update(piece)
    return counted.hexdigest()


def _pieces(db: Connection, name: Name) -> Iterator[bytes]:
    """Read a file piece by piece, so that no more than one stands in memory."""
    offsets = select(file_pieces.c.offset).where(_named(file_pieces, name)).order_by(file_pieces.c.offset)
    for offset in list(db.execute(offsets).scalars()):
        one = _named(file_pieces, name) & (file_pieces.c.offset == offset)
        yield db.execute(select(file_pieces.c.content).where(one)).scalar_one()


def _forget(db: Connection, name: Name) -> None:
    for table in (file_pieces, files):
        db.execute(delete(table).where(_named(table, name)))


def _is_wanted(kiosk_id: Any, sha256: Any) -> Any:
    mine = (documents.c.kiosk_id == kiosk_id) & (documents.c.sha256 == sha256) & documents.c.is_gone.is_(False)
    return exists().where(mine)


def _named(table: Table, name: Name) -> Any:
    return (table.c.kiosk_id == name.kiosk_id) & (table.c.sha256 == name.sha256)
