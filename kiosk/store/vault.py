"""Encryption at rest: each record is sealed with a data key of its own, which the key file's key wraps.

AES-256-GCM twice: the data key is sealed by the wrapping key, the record by the data key. Both are bound to the
record's kind, id and seal version, so a row can be neither changed nor moved. Deleting a row destroys its data key. The
key file lies outside the store and is created only for a store that was never sealed; a lost key is `KeyMissing`, a
wrong one `KeyWrong`, and neither is replaced. A new format gets a new `SEAL` number and still opens the old ones.
"""

import hmac
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlite_utils import Database

from kiosk.base import codes
from kiosk.base.errors import KeyWrong, SealBroken, StoreUnavailable
from kiosk.store import key_file

SEAL = 1
STORE_ID_LENGTH = 16
_MARK = "key-check"
_NONCE = 12
_KEY = key_file.KEY_BYTES
_TAG = 16
_WRAPPED = _NONCE + _KEY + _TAG
_PREFIX = 1 + _WRAPPED


class MarkStore(Protocol):
    """A store with the key's check value in its marks table."""

    def read(self) -> AbstractContextManager[Database]:
        """Open a read transaction."""

    def write(self) -> AbstractContextManager[Database]:
        """Open a write transaction."""


class Vault:
    """Seals and opens records, and computes keyed hashes, with the key file's key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._derived = lru_cache(maxsize=32)(self._derive)
        self._wrapping = AESGCM(self.key_for("wrap"))

    def seal(self, kind: str, record_id: str, plain: bytes) -> bytes:
        """Seal a record so that it opens only under the same kind and id."""
        bound = _bound(SEAL, kind, record_id)
        data_key = codes.random_bytes(_KEY)
        wrap_nonce = codes.random_bytes(_NONCE)
        nonce = codes.random_bytes(_NONCE)
        wrapped = wrap_nonce + self._wrapping.encrypt(wrap_nonce, data_key, bound)
        return bytes([SEAL]) + wrapped + nonce + AESGCM(data_key).encrypt(nonce, plain, bound)

    def seal_detached(self, kind: str, record_id: str, plain: bytes) -> tuple[bytes, bytes]:
        """Return the wrapped data key, for a row, and the rest, for a file: without the row the file cannot be opened.

        `open` takes both concatenated.
        """
        sealed = self.seal(kind, record_id, plain)
        return sealed[:_PREFIX], sealed[_PREFIX:]

    def open(self, kind: str, record_id: str, sealed: bytes) -> bytes:
        """Return the plain bytes of a sealed record.

        Raises:
            SealBroken: the record was changed, moved or cut.
        """
        try:
            bound = _bound(sealed[0], kind, record_id)
            wrapped = sealed[1:_PREFIX]
            body = sealed[_PREFIX:]
            data_key = self._wrapping.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], bound)
            return AESGCM(data_key).decrypt(body[:_NONCE], body[_NONCE:], bound)
        except (InvalidTag, ValueError, IndexError) as error:
            raise SealBroken from error

    def keyed_hash(self, purpose: str, text: str) -> str:
        """Return the HMAC-SHA256 of a text as hex; hashes of different purposes cannot be linked."""
        return hmac.digest(self.key_for(f"hash {purpose}"), text.encode(), "sha256").hex()

    def key_for(self, purpose: str) -> bytes:
        """Return the 32-byte key of a purpose, such as the audit chain; it is derived once and cached."""
        return self._derived(purpose)

    @property
    def store_id(self) -> str:
        """The id of the store that this key belongs to: each store has a key of its own.

        It is the beginning of the check value in the store's marks, and reveals nothing of the key.
        """
        return _check(self)[:STORE_ID_LENGTH]

    @property
    def key_file(self) -> bytes:
        """The content of the key file, for a copy that is sealed to the recovery paper."""
        return key_file.content_of(self._key)

    def _derive(self, purpose: str) -> bytes:
        return HKDF(algorithm=SHA256(), length=_KEY, salt=None, info=f"ward-kiosk {purpose}".encode()).derive(self._key)


def open_vault(key_path: Path, store: MarkStore) -> Vault:
    """Open the vault of a migrated store; the first start creates the key file.

    Raises:
        KeyMissing: the store is sealed and the key file is gone, or belongs to another user.
        KeyWrong: the key file is damaged or belongs to another store.
        StoreUnavailable: the key file cannot be written.
    """
    with store.read() as db:
        stored = _stored_check(db)
    if stored is None:
        return _first_start(key_path, store)
    vault = Vault(key_file.read(key_path))
    if not hmac.compare_digest(stored, _check(vault)):
        raise KeyWrong
    return vault


def read_vault(key_path: Path) -> Vault:
    """Open the vault of a key file without a store, for data that was sealed outside it.

    Raises:
        KeyMissing: the key file is gone.
        KeyWrong: the key file is damaged.
    """
    return Vault(key_file.read(key_path))


def parse_vault(content: bytes) -> Vault:
    """Open the vault of the content of a key file.

    Raises:
        KeyWrong: it is damaged.
    """
    return Vault(key_file.parse(content))


def read_store_id(db: Database) -> str:
    """Return the id of a store, without its key; an empty string for one that was never sealed."""
    return (_stored_check(db) or "")[:STORE_ID_LENGTH]


def _first_start(key_path: Path, store: MarkStore) -> Vault:
    """Create the key file before the mark: a power cut between them leaves a key without a mark, never the reverse."""
    with _translated(key_path):
        if not key_path.exists():
            key_file.write(key_path, codes.random_bytes(_KEY))
    vault = Vault(key_file.read(key_path))
    with store.write() as db:
        db.execute("insert into marks (key, value) values (?, ?) on conflict do nothing", [_MARK, _check(vault)])
        if _stored_check(db) != _check(vault):
            raise KeyWrong
    return vault


def _check(vault: Vault) -> str:
    return vault.keyed_hash(_MARK, "")


def _stored_check(db: Database) -> str | None:
    row = db.execute("select value from marks where key = ?", [_MARK]).fetchone()
    return str(row[0]) if row else None


def _bound(seal: int, kind: str, record_id: str) -> bytes:
    """Return the associated data of a seal; the length distinguishes ("ab", "c") from ("a", "bc")."""
    return f"{seal} {len(kind.encode())} {kind} {record_id}".encode()


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(
            f"Máy không ghi được tệp khóa {path}.", f"The key file {path} cannot be written."
        ) from error
