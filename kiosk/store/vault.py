"""Personal data at rest: each record sealed with a key of its own, which the key file's key wraps.

AES-256-GCM twice: the data key is sealed by the wrapping key, the record by the data key, and both are bound to the
record's kind, id and seal version, so that a row can be neither changed nor moved. Deleting a row destroys its data
key. The key file lies outside the store and is made only for a store that was never sealed; otherwise a lost key is
KeyMissing, a foreign one KeyWrong, and nothing is made anew. A change of the format gets a new SEAL number and keeps
reading the old ones.
"""

import base64
import hmac
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlite_utils import Database

from kiosk import codes
from kiosk.errors import KeyMissing, KeyWrong, SealBroken, StoreUnavailable

SEAL = 1
_HEADER = "ward-kiosk key 1"
_MARK = "key-check"
_NONCE, _KEY, _TAG = 12, 32, 16
_WRAPPED = _NONCE + _KEY + _TAG
_HEAD = 1 + _WRAPPED


class Marked(Protocol):
    """A store that keeps the key's check value among its marks."""

    def read(self) -> AbstractContextManager[Database]:
        """Give a view."""

    def write(self) -> AbstractContextManager[Database]:
        """Open a transaction."""


class Vault:
    """What the key file's key can do: seal, open, and hash with a key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._derived = lru_cache(maxsize=32)(self._derive)
        self._wrapping = AESGCM(self.key_for("wrap"))

    def seal(self, kind: str, record_id: str, plain: bytes) -> bytes:
        """Seal a record's bytes so that they open only under the same kind and id."""
        bound = _bound(SEAL, kind, record_id)
        data_key, wrap_nonce, nonce = codes.key_bytes(_KEY), codes.key_bytes(_NONCE), codes.key_bytes(_NONCE)
        wrapped = wrap_nonce + self._wrapping.encrypt(wrap_nonce, data_key, bound)
        return bytes([SEAL]) + wrapped + nonce + AESGCM(data_key).encrypt(nonce, plain, bound)

    def seal_apart(self, kind: str, record_id: str, plain: bytes) -> tuple[bytes, bytes]:
        """Seal into a wrapped data key, for the store, and the rest, for a file: wiping the row shuts the file.

        ``open`` opens the two put together.
        """
        sealed = self.seal(kind, record_id, plain)
        return sealed[:_HEAD], sealed[_HEAD:]

    def open(self, kind: str, record_id: str, sealed: bytes) -> bytes:
        """Open what ``seal`` made; SealBroken when it was changed, moved or cut."""
        try:
            bound = _bound(sealed[0], kind, record_id)
            wrapped, body = sealed[1:_HEAD], sealed[_HEAD:]
            data_key = self._wrapping.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], bound)
            return AESGCM(data_key).decrypt(body[:_NONCE], body[_NONCE:], bound)
        except (InvalidTag, ValueError, IndexError) as error:
            raise SealBroken from error

    def keyed_hash(self, purpose: str, text: str) -> str:
        """Hash a text so that only this key can repeat it (HMAC-SHA256, hex); one purpose tells nothing of another."""
        return hmac.digest(self.key_for(f"hash {purpose}"), text.encode(), "sha256").hex()

    def key_for(self, purpose: str) -> bytes:
        """Derive 32 bytes for one purpose, such as the audit chain; a vault's key never changes, so once is enough."""
        return self._derived(purpose)

    def _derive(self, purpose: str) -> bytes:
        return HKDF(algorithm=SHA256(), length=_KEY, salt=None, info=f"ward-kiosk {purpose}".encode()).derive(self._key)


def open_vault(key_path: Path, store: Marked) -> Vault:
    """Open the vault of a grown store; the first start makes the key file. KeyMissing, KeyWrong, StoreUnavailable."""
    with store.read() as db:
        known = _check_of(db)
    if known is None:
        return _first_start(key_path, store)
    vault = Vault(_read_key(key_path))
    if not hmac.compare_digest(known, _check(vault)):
        raise KeyWrong
    return vault


def read_vault(key_path: Path) -> Vault:
    """Open the vault of a key file alone, for what was sealed outside the store. KeyMissing, KeyWrong."""
    return Vault(_read_key(key_path))


def _first_start(key_path: Path, store: Marked) -> Vault:
    """Make the key durable before the store is marked: a power cut between the two leaves a key without a mark."""
    with _file_faults(key_path):
        if not key_path.exists():
            _write_key(key_path, codes.key_bytes(_KEY))
    vault = Vault(_read_key(key_path))
    with store.write() as db:
        db.execute("insert into marks (key, value) values (?, ?) on conflict do nothing", [_MARK, _check(vault)])
        if _check_of(db) != _check(vault):
            raise KeyWrong
    return vault


def _check(vault: Vault) -> str:
    return vault.keyed_hash(_MARK, "")


def _check_of(db: Database) -> str | None:
    row = db.execute("select value from marks where key = ?", [_MARK]).fetchone()
    return str(row[0]) if row else None


def _bound(seal: int, kind: str, record_id: str) -> bytes:
    """Write what a seal is bound to; the length keeps ("ab", "c") apart from ("a", "bc")."""
    return f"{seal} {len(kind.encode())} {kind} {record_id}".encode()


def _read_key(path: Path) -> bytes:
    try:
        header, text = path.read_text(encoding="ascii").splitlines()
        key = base64.b64decode(text, validate=True)
    except OSError as error:
        raise KeyMissing from error
    except ValueError as error:  # not ASCII, not two lines, not base64
        raise KeyWrong from error
    if header != _HEADER or len(key) != _KEY:
        raise KeyWrong
    return key


def _write_key(path: Path, key: bytes) -> None:
    """Write the key file whole or not at all; when two start at once, the first one's key stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{codes.nonce()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(f"{_HEADER}\n{base64.b64encode(key).decode()}\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    _fsync_folder(path.parent)


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _file_faults(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(
            f"Máy không ghi được tệp khóa {path}.", f"The key file {path} cannot be written."
        ) from error
