"""Encrypted cache of the validated procedure catalogue, beside the store; spares a start from parsing the files again.

It is sealed with the key of this kiosk, under a digest of every input byte: the procedure files, the code that reads
them, the version of Python. A cache with another digest or key is not opened: the files are read again, with all their
errors. It is JSON: even somebody who has the key cannot make a start run code with it. To delete the cache costs the
next start 0.4 s.
"""

import hashlib
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from kiosk.base.errors import SealBroken
from kiosk.procedures import catalogue_json
from kiosk.procedures.loader import CATALOGUE, FOLDER, Catalogue, unread_paths
from kiosk.store import files

PURPOSE = "shelf"


class Sealer(Protocol):
    """Encryption with the key of the kiosk (the vault)."""

    def seal(self, kind: str, record_id: str, plain: bytes) -> bytes:
        """Seal bytes so that only the same kind and id open them."""

    def open(self, kind: str, record_id: str, sealed: bytes) -> bytes:
        """Open sealed bytes.

        Raises:
            SealBroken: they were changed, or sealed under another kind or id.
        """


def load_or_read(
    path: Path, sealer: Sealer, folders: Iterable[Path], others: Iterable[Path], read: Callable[[], Catalogue]
) -> Catalogue:
    """Return the cached catalogue, or read it and write the cache, unless a file has errors.

    Args:
        path: the cache file.
        folders: the folders of procedure files, besides the shipped catalogue.
        others: other files that the catalogue depends on.
        read: reads the catalogue from its files.
    """
    digest = _digest([*folders, CATALOGUE], others)
    catalogue = _open(path, sealer, digest)
    if catalogue is None:
        catalogue = read()
        if catalogue.errors:
            return catalogue
        _write(path, sealer.seal(PURPOSE, digest, catalogue_json.dump(catalogue)))
    return catalogue


def _digest(folders: Sequence[Path], others: Iterable[Path]) -> str:
    """Return a digest of every file that the catalogue depends on."""
    code = [*FOLDER.rglob("*.py"), *FOLDER.rglob("*.toml"), *FOLDER.parent.glob("*.py")]
    forms = [path for folder in folders for path in (*folder.glob("*.toml"), *unread_paths(folder))]
    digest = hashlib.sha256(sys.version.encode())
    digest.update(f"{[(str(folder), folder.is_dir()) for folder in folders]}".encode())
    for path in sorted({*code, *forms, *others}):
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{path} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()


def _open(path: Path, sealer: Sealer, digest: str) -> Catalogue | None:
    try:
        return catalogue_json.load(sealer.open(PURPOSE, digest, path.read_bytes()))
    except (OSError, SealBroken, ValueError):
        return None


def _write(path: Path, sealed: bytes) -> None:
    """Write the cache atomically; if the disk is full, the next start reads the files again."""
    with suppress(OSError):
        files.write_atomic(path, sealed)
