"""Encryption at rest: bodies and files are sealed with a key that is in a file, not in the database.

AES-256-GCM, bound to the kind and the id of the record, so that a value can be neither changed nor moved. All processes
of a gateway use one key file. The first start creates it; later starts refuse a key that is missing or another one,
because every body would be lost.
"""

import base64
import hmac
import os
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, insert, select

from sync.gateway.tables import seal_checks

BODY = "body"
EVENT = "event"
PIECE = "piece"
DELETED = b""
"""Body after its term: the row stays, so that a repeated request is still answered with `duplicate`."""
_NONCE_BYTES = 12
_CHECK = b"kiosk gateway"


class BadKey(Exception):  # noqa: N818 - reads well in "raise BadKey"
    """The key file is missing, damaged, or belongs to another database."""


class Sealer:
    """Seals and opens records; `path` is the key file, None for a database in memory, which dies with its key."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    @cached_property
    def _key(self) -> bytes:
        return AESGCM.generate_key(256) if self.path is None else _read_key(self.path)

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self._key)

    @cached_property
    def trail_key(self) -> bytes:
        """Return the key of the trail's chain."""
        return hmac.digest(self._key, b"kiosk gateway trail", "sha256")

    def seal(self, kind: str, record_id: str, plain: bytes) -> bytes:
        """Seal a record, so that it opens only under the same kind and id."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, _bound(kind, record_id))

    def open(self, kind: str, record_id: str, sealed: bytes) -> bytes:
        """Return the plain bytes of a sealed record.

        Raises:
            BadKey: the record was changed or moved, or sealed with another key.
        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound(kind, record_id))
        except (InvalidTag, ValueError) as error:
            raise BadKey("a record does not open") from error


def sealer(db: Connection) -> Sealer:
    """Return the sealer of a connection's database (`database.open_engine`)."""
    found: Sealer = db.get_execution_options()["sealer"]
    return found


def piece_id(kiosk_id: str, sha256: str, offset: int) -> str:
    """Return the id under which a piece of a file is sealed."""
    return f"{kiosk_id} {sha256} {offset}"


def prepare(db: Connection) -> None:
    """Check the key of the database; the first start creates the key file.

    Args:
        db: the store, inside a transaction that has locked the schema.

    Raises:
        BadKey: the key file is missing, damaged or another one.
    """
    cipher = sealer(db)
    if cipher.path is None and db.dialect.name == "postgresql":
        raise BadKey("no key file is named")
    check = db.execute(select(seal_checks.c.sealed)).scalar()
    if check is not None:
        cipher.open("check", "1", check)
        return
    if cipher.path is not None and not cipher.path.exists():
        _create_key(cipher.path)
    db.execute(insert(seal_checks).values(id=1, sealed=cipher.seal("check", "1", _CHECK)))


def _create_key(path: Path) -> None:
    """Create the key file with mode 600; of two processes one creates it, and the other reads it."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    except OSError as error:
        raise BadKey(f"the key file {path} cannot be written") from error
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(AESGCM.generate_key(256)) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _read_key(path: Path) -> bytes:
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except (OSError, ValueError) as error:
        raise BadKey(f"the key file {path} is missing or damaged") from error
    if len(key) != 32:
        raise BadKey(f"the key file {path} is missing or damaged")
    return key


def _bound(kind: str, record_id: str) -> bytes:
    return f"{kind} {record_id}".encode()
