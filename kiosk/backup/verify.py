"""Looking a copy through, apart from the store: does it open, is it sound, is each body as it was frozen."""

import errno
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlite_utils import Database

from kiosk.backup import sealed_file
from kiosk.backup.create import STORE
from kiosk.backup.rotation import Copy
from kiosk.context import AUDIT
from kiosk.errors import BackupAway, SealBroken, StoreDamaged, StoreFull
from kiosk.records import audit, submissions
from kiosk.store.db import Store, is_sound
from kiosk.store.schema import grow
from kiosk.store.vault import Vault


@dataclass(frozen=True)
class Looked:
    """What was found: forms, bodies that still are there, how many of these are not as they were frozen.

    ``trail`` is the first line of the audit trail that is not as it was written, None when all are.
    """

    copy: Copy
    forms: int
    bodies: int
    broken: int
    trail: int | None


def look(copy: Copy, vault: Vault, place: Path) -> Looked:
    """Open a copy into an empty folder and look it through; its store lies there, grown to this release.

    SealBroken: it does not open under this key, or was changed or cut. StoreDamaged: it opens, and is no sound store.
    """
    _unpack(copy, vault, place)
    if not is_sound(place / STORE):
        raise StoreDamaged
    with Store(place / STORE) as store:
        grow(store)
        with store.read() as db:
            broken = [_is_broken(vault, *row) for row in _bodies(db)]
            forms = int(db.execute("select count(*) from submissions").fetchone()[0])
            return Looked(copy, forms, len(broken), sum(broken), audit.verify(db, vault.key_for(AUDIT)))


def _bodies(db: Database) -> Iterator[tuple[str, str, bytes]]:
    yield from db.execute("select id, digest, body from submissions where body is not null")


def _is_broken(vault: Vault, submission_id: str, digest: str, sealed: bytes) -> bool:
    try:
        return sha256(vault.open(submissions.BODY, submission_id, sealed)).hexdigest() != digest
    except SealBroken:
        return True


def _unpack(copy: Copy, vault: Vault, place: Path) -> None:
    """Write the parts of a copy as files of their names below a folder."""
    try:
        with copy.path.open("rb") as file:
            head = sealed_file.read_head(file)
            told = json.loads(head)
            content = sealed_file.read(file, vault.key_for(f"copy {told['salt']}"), head)
            _part(content, [(str(name), int(size)) for name, size in told["parts"]], place)
    except (KeyError, ValueError, TypeError) as error:
        raise SealBroken from error
    except OSError as error:
        raise (StoreFull if error.errno == errno.ENOSPC else BackupAway) from error


def _part(content: Iterator[bytes], parts: list[tuple[str, int]], place: Path) -> None:
    held = b""
    for name, size in parts:
        path = place / name
        if ".." in path.parts or not path.is_relative_to(place):
            raise SealBroken
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            left = size
            while left:
                held = held or next(content, b"")
                if not held:
                    raise SealBroken
                some, held = held[:left], held[left:]
                left -= file.write(some)
            file.flush()
            os.fsync(file.fileno())
    if held or next(content, b""):
        raise SealBroken
