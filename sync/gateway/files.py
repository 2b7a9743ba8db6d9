"""Files of documents by their SHA-256, for each kiosk, received and stored in pieces.

A piece is one sealed row, and a request is one transaction with the kiosk's row locked: a piece is stored completely or
not at all, and two processes cannot both store the same one. After the last piece the SHA-256 of the file is checked;
when it is wrong all pieces are deleted, so that the next upload starts from the beginning. The kiosk chooses the size
of a piece.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, Table, delete, exists, insert, select, update

from sync.encoding import timestamp
from sync.gateway import kiosks, sealing
from sync.gateway.tables import documents, file_pieces, files
from sync.parcel import FileChunk

MAX_FILE_BYTES = 32 << 20
"""Kiosks accept 10 MiB from a scanner."""
MAX_PIECE_BYTES = 1 << 20
RETENTION = timedelta(days=7)
"""Retention of an incomplete file, or of one that no document names, after its last change."""

AppendOutcome = Literal["appended", "whole", "offset", "too-large", "hash"]


@dataclass(frozen=True)
class FileKey:
    """Key of a file: the kiosk, and the SHA-256 in hex."""

    kiosk_id: str
    sha256: str


@dataclass(frozen=True)
class AppendResult:
    """Result of appending a piece; `offset` is the start of the next one."""

    outcome: AppendOutcome
    offset: int


def find_file(db: Connection, key: FileKey) -> Row[Any] | None:
    """Return a file, complete or not; None when nothing of it is stored."""
    return db.execute(select(files).where(_has_key(files, key))).one_or_none()


def append_piece(db: Connection, key: FileKey, piece: FileChunk, now: datetime) -> AppendResult:
    """Append a piece that begins at the end of the stored ones; a piece at offset 0 restarts the file."""
    kiosks.lock_kiosk(db, key.kiosk_id)
    file = find_file(db, key)
    stored_bytes = file.held if file else 0
    if (file and file.is_whole) or piece.offset not in (0, stored_bytes):
        return AppendResult("offset", stored_bytes)
    if piece.end > MAX_FILE_BYTES:
        return AppendResult("too-large", stored_bytes)
    if piece.offset == 0:
        _delete(db, key)
        db.execute(insert(files).values(**vars(key), held=0, is_whole=False, touched_at=timestamp(now)))
    piece_id = sealing.piece_id(key.kiosk_id, key.sha256, piece.offset)
    sealed = sealing.sealer(db).seal(sealing.PIECE, piece_id, piece.content)
    db.execute(insert(file_pieces).values(**vars(key), offset=piece.offset, content=sealed))
    if piece.is_last and _sha256(db, key) != key.sha256:
        _delete(db, key)
        return AppendResult("hash", 0)
    changed = update(files).where(_has_key(files, key))
    db.execute(changed.values(held=piece.end, is_whole=piece.is_last, touched_at=timestamp(now)))
    return AppendResult("whole" if piece.is_last else "appended", piece.end)


def read_content(db: Connection, key: FileKey) -> bytes | None:
    """Return the content of a file; None when it is not complete."""
    file = find_file(db, key)
    return b"".join(_pieces(db, key)) if file and file.is_whole else None


def delete_if_unnamed(db: Connection, key: FileKey) -> None:
    """Delete a file that no document names any more; the kiosk's row is locked."""
    if not db.execute(select(_is_named(key.kiosk_id, key.sha256))).scalar():
        _delete(db, key)


def delete_expired(db: Connection, now: datetime) -> int:
    """Delete up to 100 files after `RETENTION` that are incomplete or that no document names; return how many."""
    is_old = files.c.touched_at < timestamp(now - RETENTION)
    is_unused = files.c.is_whole.is_(False) | ~_is_named(files.c.kiosk_id, files.c.sha256)
    rows = db.execute(select(files.c.kiosk_id, files.c.sha256).where(is_old & is_unused).limit(100)).all()
    for kiosk_id, sha256 in rows:
        kiosks.lock_kiosk(db, kiosk_id)
        _delete(db, FileKey(kiosk_id, sha256))
    return len(rows)


def _sha256(db: Connection, key: FileKey) -> str:
    digest = hashlib.sha256()
    for piece in _pieces(db, key):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(db: Connection, key: FileKey) -> Iterator[bytes]:
    """Read a file piece by piece, so that only one piece is in memory."""
    offsets = select(file_pieces.c.offset).where(_has_key(file_pieces, key)).order_by(file_pieces.c.offset)
    for offset in list(db.execute(offsets).scalars()):
        is_piece = _has_key(file_pieces, key) & (file_pieces.c.offset == offset)
        sealed = db.execute(select(file_pieces.c.content).where(is_piece)).scalar_one()
        yield sealing.sealer(db).open(sealing.PIECE, sealing.piece_id(key.kiosk_id, key.sha256, offset), sealed)


def _delete(db: Connection, key: FileKey) -> None:
    for table in (file_pieces, files):
        db.execute(delete(table).where(_has_key(table, key)))


def _is_named(kiosk_id: Any, sha256: Any) -> Any:
    names_file = (documents.c.kiosk_id == kiosk_id) & (documents.c.sha256 == sha256) & documents.c.is_gone.is_(False)
    return exists().where(names_file)


def _has_key(table: Table, key: FileKey) -> Any:
    return (table.c.kiosk_id == key.kiosk_id) & (table.c.sha256 == key.sha256)
