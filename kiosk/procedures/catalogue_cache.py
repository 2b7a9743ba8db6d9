"""A shelf that was read and found right once, kept beside the store so that the next start need not read it again.

It is sealed with this kiosk's key, under a digest of every byte that it came from: the files of the forms, the code
that read them, the Python that runs it. Whatever else is found there is never opened: the files are read, and all their
mistakes named. To delete it costs the next start a tenth of a second and nothing else.
"""

import hashlib
import os
import pickle
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from kiosk import codes
from kiosk.errors import SealBroken
from kiosk.procedures.loader import CATALOGUE, FOLDER, Catalogue

PURPOSE = "shelf"


class Sealer(Protocol):
    """What seals with the kiosk's key."""

    def seal(self, kind: str, record_id: str, plain: bytes) -> bytes:
        """Seal bytes so that they open only under the same kind and id."""

    def open(self, kind: str, record_id: str, sealed: bytes) -> bytes:
        """Open what ``seal`` made; SealBroken when it was changed or sealed under another id."""


def load_or_read(
    path: Path, safe: Sealer, folders: Iterable[Path], others: Iterable[Path], read: Callable[[], Catalogue]
) -> Catalogue:
    """Return the shelf kept at a path, or read it from its folders (and the other files) and keep it there."""
    digest = _digest([*folders, CATALOGUE], others)
    found = _open(path, safe, digest)
    if found is None:
        found = read()
        _keep(path, safe.seal(PURPOSE, digest, pickle.dumps(found, pickle.HIGHEST_PROTOCOL)))
    return found


def _digest(folders: Iterable[Path], others: Iterable[Path]) -> str:
    """Return what changes with any byte that a shelf hangs on."""
    code = [*FOLDER.rglob("*.py"), *FOLDER.glob("*.toml"), *FOLDER.parent.glob("*.py")]
    forms = [path for folder in folders for path in folder.glob("*.toml")]
    found = hashlib.sha256(sys.version.encode())
    for path in sorted({*code, *forms, *others}):
        held = path.read_bytes() if path.is_file() else b""
        found.update(f"{path} {len(held)} ".encode())
        found.update(held)
    return found.hexdigest()


def _open(path: Path, safe: Sealer, digest: str) -> Catalogue | None:
    try:
        body = safe.open(PURPOSE, digest, path.read_bytes())
    except (OSError, SealBroken):
        return None
    catalogue: Catalogue = pickle.loads(body)  # noqa: S301 - sealed by this kiosk: nothing else comes so far
    return catalogue


def _keep(path: Path, sealed: bytes) -> None:
    """Write it whole or not at all; a full disk only means that the files are read again."""
    draft = path.with_name(f".{path.name}.{codes.nonce()}")
    with suppress(OSError):
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(sealed)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
