"""Files on a stick, for a ward whose line is down for days: a parcel goes to the gateway, an answer is carried back.

A parcel is sealed to the gateway's stick key (HPKE, RFC 9180) and signed with the kiosk's own (Ed25519): whoever finds
the stick reads nothing but which kiosk wrote it when. Inside are batches as kiosk-sync/1 has them, and a key of this
parcel alone, with which the gateway seals its answer: only who opened the parcel can have written it. Both files begin
with one line of JSON that is covered by seal and signature. A file counts only when it is whole.
"""

import base64
import gzip
import hashlib
import hmac
import json
import os
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from sync import signature
from sync.encoding import timestamp
from sync.errors import BadFile
from sync.portals import kiosk_sync_decode

FORMAT = "ward-kiosk-stick/1"
PARCEL, ANSWER = "parcel", "answer"
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_KEY = re.compile(r"stick1-([A-Za-z0-9_-]{43})-([0-9a-f]{6})", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9-]{8,48}", re.ASCII)
_SIGNED, _NONCE = 64, 12
_MOST_HEAD, _MOST_PLAIN = 1000, 64 << 20

Batch = dict[str, Any]


@dataclass(frozen=True)
class FileHead:
    """The first line of a file: what it is, of which parcel, which kiosk's, with which key signed, and since when."""

    kind: str
    parcel_id: str
    kiosk_id: str
    key_id: str
    made_at: str


@dataclass(frozen=True)
class ParcelSender:
    """A kiosk: ``seed`` of its signing key, ``to`` the gateway's stick key, ``answer_key`` of a parcel (32 bytes)."""

    kiosk_id: str
    seed: bytes
    gateway_key: bytes
    answer_key: Callable[[str], bytes]


def format_key(public: bytes) -> str:
    """Write a stick key so that a slip of the pen is noticed: nobody could open what is sealed to another."""
    text = base64.urlsafe_b64encode(public).decode().rstrip("=")
    return f"stick1-{text}-{hashlib.sha256(public).hexdigest()[:6]}"


def parse_key(text: str) -> bytes:
    """Read a stick key; ValueError when it is not written as the gateway gave it."""
    found = _KEY.fullmatch(text.strip())
    public = base64.urlsafe_b64decode(found[1] + "=") if found else b""
    if not found or not hmac.compare_digest(hashlib.sha256(public).hexdigest()[:6], found[2]):
        raise ValueError("stick key")
    return public


def seal_parcel(sender: ParcelSender, parcel_id: str, made_at: datetime, batches: Sequence[Batch]) -> bytes:
    """Seal and sign batches for the gateway."""
    key_id = signature.key_id(signature.public_key(sender.seed))
    head = _head(FileHead(PARCEL, parcel_id, sender.kiosk_id, key_id, timestamp(made_at)))
    answer_key = base64.b64encode(sender.answer_key(parcel_id)).decode()
    plain = gzip.compress(_json({"answerKey": answer_key, "batches": list(batches)}), compresslevel=6, mtime=0)
    sealed = _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(sender.gateway_key), info=head)
    return head + Ed25519PrivateKey.from_private_bytes(sender.seed).sign(head + sealed) + sealed


def open_parcel(
    content: bytes, find: Callable[[str], bytes | None], private: X25519PrivateKey
) -> tuple[FileHead, list[Batch], bytes]:
    """Open a parcel whose kiosk ``find`` knows by its key id: head, batches, key of the answer. Raises BadFile."""
    line, rest = _parted(content)
    head = read_head(content, PARCEL)
    public = find(head.key_id)
    if public is None:
        raise BadFile("unknown-key")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(rest[:_SIGNED], line + rest[_SIGNED:])
    except InvalidSignature as error:
        raise BadFile("changed") from error
    try:
        plain = _SUITE.decrypt(rest[_SIGNED:], private, info=line)
    except InvalidTag as error:
        raise BadFile("not-for-us") from error
    found = _object(_inflated(plain))
    try:
        answer_key = base64.b64decode(found["answerKey"], validate=True)
        batches = [one for one in found["batches"] if isinstance(one, dict)]
    except (KeyError, TypeError, ValueError) as error:
        raise BadFile("not-json") from error
    if len(answer_key) != 32:
        raise BadFile("not-json")
    return head, batches, answer_key


def seal_answer(of: FileHead, answer_key: bytes, made_at: datetime, said: Batch, nonce: bytes) -> bytes:
    """Seal what the gateway says to a parcel; ``nonce`` is 12 bytes that were never used with this key."""
    head = _head(FileHead(ANSWER, of.parcel_id, of.kiosk_id, of.key_id, timestamp(made_at)))
    return head + nonce + AESGCM(answer_key).encrypt(nonce, _json(said), head)


def open_answer(content: bytes, answer_key: Callable[[str], bytes]) -> tuple[FileHead, Batch]:
    """Open an answer to one of this kiosk's parcels. Raises BadFile."""
    line, rest = _parted(content)
    head = read_head(content, ANSWER)
    try:
        plain = AESGCM(answer_key(head.parcel_id)).decrypt(rest[:_NONCE], rest[_NONCE:], line)
    except (InvalidTag, ValueError) as error:
        raise BadFile("changed") from error
    return head, _object(plain)


def read_head(content: bytes, kind: str) -> FileHead:
    """Read the first line of a file, which proves nothing by itself; BadFile when it is not of this kind."""
    said = _object(_parted(content)[0])
    try:
        head = FileHead(said["kind"], said["parcelId"], said["kioskId"], said["keyId"], said["madeAt"])
    except KeyError as error:
        raise BadFile("foreign") from error
    if said.get("format") != FORMAT or head.kind != kind or not _is_plain(head):
        raise BadFile("foreign")
    return head


def file_name(head: FileHead) -> str:
    """Name the file of a parcel or an answer; both of one parcel stand side by side."""
    return f"{head.kiosk_id}-{head.parcel_id}.{head.kind}"


def write_file(folder: Path, name: str, content: bytes) -> Path:
    """Write a file whole or not at all, and read it back from the stick; OSError when that fails."""
    path, draft = folder / name, folder / f".{name}.part"
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _compare(draft, content)
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    _fsync(folder)
    return path


def list_files(folder: Path, kind: str) -> list[Path]:
    """List the files of a kind in a folder, in the order in which a kiosk wrote them."""
    return sorted(path for path in folder.glob(f"*.{kind}") if path.is_file() and not path.name.startswith("."))


def _compare(path: Path, content: bytes) -> None:
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        if file.read() != content:
            raise OSError("what was written does not read back")


def _fsync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_plain(head: FileHead) -> bool:
    is_text = all(isinstance(value, str) and len(value) <= 64 for value in vars(head).values())
    return is_text and bool(_ID.fullmatch(head.parcel_id)) and head.kiosk_id.isalnum()


def _head(head: FileHead) -> bytes:
    said = {"format": FORMAT, "kind": head.kind, "parcelId": head.parcel_id, "kioskId": head.kiosk_id,
            "keyId": head.key_id, "madeAt": head.made_at}  # fmt: skip
    return _json(said) + b"\n"


def _parted(content: bytes) -> tuple[bytes, bytes]:
    line, newline, rest = content[:_MOST_HEAD].partition(b"\n")
    if not newline or len(rest) < _NONCE:
        raise BadFile("foreign")
    return content[: len(line) + 1], content[len(line) + 1 :]


def _inflated(plain: bytes) -> bytes:
    try:
        return kiosk_sync_decode.inflated(plain, _MOST_PLAIN)
    except OverflowError as error:
        raise BadFile("too-large") from error
    except ValueError as error:
        raise BadFile("not-json") from error


def _object(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadFile("foreign") from error
    if not isinstance(found, dict):
        raise BadFile("foreign")
    return found


def _json(said: object) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
