"""Opens and verifies a copy in a folder of its own: SQLite finds no damage, each body matches its digest.

The head of a copy is bound to each piece of its content, so a copy that opens proves its number, kiosk and store id.
"""

import errno
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from kiosk.backup import sealed_file
from kiosk.backup.recovery import RecoveryPaper
from kiosk.backup.rotation import BackupCopy
from kiosk.context import AUDIT
from kiosk.errors import BackupMissing, SealBroken, StoreDamaged, StoreFull
from kiosk.long_work import Report, ignore
from kiosk.records import audit, submissions
from kiosk.store.db import Store, is_sound
from kiosk.store.schema import grow
from kiosk.store.vault import Vault, parse_vault

STORE = "kiosk.db"
"""Name of the store in a copy."""
PORTAL_KEY = "portal.key"
"""Name of the portal's key in a copy."""
KEY = "kiosk.key"
"""Name of the key file in a copy: it is there when the store has a recovery paper, and is never unpacked to a disk."""
_MAX_KEY_FILE = 1000


@dataclass(frozen=True)
class CopyReport:
    """The result of a verification.

    Attributes:
        forms: the number of submissions.
        bodies: how many of them still have a body.
        broken: how many bodies do not match their digest.
        trail: the first changed or missing line of the audit trail, None when it verifies.
        vault: the vault that opens the store of the copy.
        key_file: the key file in the copy, empty when it has none.
    """

    copy: BackupCopy
    forms: int
    bodies: int
    broken: int
    trail: int | None
    vault: Vault = field(repr=False)
    key_file: bytes = field(repr=False)


@dataclass(frozen=True)
class CopyKeys:
    """Keys that open a copy: the machine's, or the recovery paper, which opens the key file in the copy."""

    vault: Vault | None = None
    paper: RecoveryPaper | None = None

    def content_key(self, head: Mapping[str, Any]) -> bytes:
        """Return the key of a copy's content.

        Raises:
            RecoveryPaperWrong: the copy is not sealed to this paper.
            SealBroken: there is neither key nor paper.
        """
        if self.paper is not None:
            return self.paper.open(head)
        if self.vault is None:
            raise SealBroken
        return content_key(self.vault, head["salt"])


def verify(copy: BackupCopy, keys: CopyKeys, folder: Path, report: Report = ignore) -> CopyReport:
    """Unpack a copy into an empty folder and verify it; its store stays there, migrated to this release.

    Args:
        report: is told how far it is.

    Raises:
        SealBroken: it does not open under this key, or was changed or cut.
        RecoveryPaperWrong: it is not sealed to this paper.
        StoreDamaged: its store is damaged.
    """
    report("Đang mở bản sao", 0, 0)
    key_file = _unpack(copy, keys, folder)
    vault = keys.vault or parse_vault(key_file)
    report("Đang soát kho trong bản sao", 0, 0)
    if not is_sound(folder / STORE):
        raise StoreDamaged
    with Store(folder / STORE) as store:
        grow(store)
        with store.read() as db:
            broken = list(_broken_bodies(db, vault, report))
            report("Đang soát nhật ký trong bản sao", 0, 0)
            forms = int(db.execute("select count(*) from submissions").fetchone()[0])
            return CopyReport(
                copy=copy,
                forms=forms,
                bodies=len(broken),
                broken=sum(broken),
                trail=audit.verify(db, vault.key_for(AUDIT), copy.audit_head),
                vault=vault,
                key_file=key_file,
            )


def content_key(vault: Vault, salt: str) -> bytes:
    """Return the key that seals the content of the copy with this salt."""
    return vault.key_for(f"copy {salt}")


def is_of_store(copy: BackupCopy, vault: Vault) -> bool:
    """Return whether a copy is of the store of this key; one without a store id is when the key opens it."""
    return copy.store_id == vault.store_id if copy.store_id else _opens(copy, vault)


def _opens(copy: BackupCopy, vault: Vault) -> bool:
    with suppress(SealBroken, OSError, KeyError, ValueError, TypeError), copy.path.open("rb") as file:
        head = sealed_file.read_head(file)
        next(sealed_file.read(file, content_key(vault, json.loads(head)["salt"]), head))
        return True
    return False


def _broken_bodies(db: Database, vault: Vault, report: Report) -> Iterator[bool]:
    """Yield for each body whether it is broken."""
    total = int(db.execute("select count(*) from submissions where body is not null").fetchone()[0])
    for done, row in enumerate(_bodies(db)):
        report("Đang mở từng tờ khai", done, total)
        yield _is_broken(vault, *row)


def _bodies(db: Database) -> Iterator[tuple[str, str, bytes]]:
    yield from db.execute("select id, digest, body from submissions where body is not null")


def _is_broken(vault: Vault, submission_id: str, digest: str, sealed: bytes) -> bool:
    try:
        return sha256(vault.open(submissions.BODY, submission_id, sealed)).hexdigest() != digest
    except SealBroken:
        return True


def _unpack(copy: BackupCopy, keys: CopyKeys, folder: Path) -> bytes:
    """Write the parts of a copy as files into a folder; return the key file, which is not written."""
    try:
        with copy.path.open("rb") as file:
            head = sealed_file.read_head(file)
            fields = json.loads(head)
            if fields["number"] != copy.number:
                raise SealBroken
            content = sealed_file.read(file, keys.content_key(fields), head)
            return _write_parts(content, [(str(name), int(size)) for name, size in fields["parts"]], folder)
    except (KeyError, ValueError, TypeError) as error:
        raise SealBroken from error
    except OSError as error:
        raise (StoreFull if error.errno == errno.ENOSPC else BackupMissing) from error


def _write_parts(content: Iterator[bytes], parts: list[tuple[str, int]], folder: Path) -> bytes:
    stream = _Stream(content)
    key_file = b""
    for name, size in parts:
        if name == KEY and size <= _MAX_KEY_FILE:
            key_file = b"".join(stream.read(size))
            continue
        path = folder / name
        if ".." in path.parts or not path.is_relative_to(folder):
            raise SealBroken
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in stream.read(size):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    if not stream.is_at_end():
        raise SealBroken
    return key_file


class _Stream:
    """The opened pieces of a copy as one stream of bytes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._buffer = b""

    def read(self, size: int) -> Iterator[bytes]:
        """Yield the next `size` bytes.

        Raises:
            SealBroken: there are fewer.
        """
        while size:
            self._buffer = self._buffer or next(self._pieces, b"")
            if not self._buffer:
                raise SealBroken
            chunk = self._buffer[:size]
            self._buffer = self._buffer[len(chunk) :]
            size -= len(chunk)
            yield chunk

    def is_at_end(self) -> bool:
        """Return whether nothing is left."""
        return not self._buffer and not next(self._pieces, b"")
