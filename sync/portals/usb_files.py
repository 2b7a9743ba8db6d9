"""Files on a USB stick, for a ward without a connection for days: parcels to the gateway, answers back.

A parcel is sealed to the gateway's stick key (HPKE, RFC 9180) and signed with the kiosk's own (Ed25519): a finder of
the stick reads only which kiosk wrote it when. It contains batches of kiosk-sync/1, and a key of this parcel alone,
with which the gateway seals its answer: only the one who opened the parcel can have written it. Both files begin with
one line of JSON that is covered by seal and signature. A file counts only when it is whole.
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
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from sync.encoding import canonical_json, timestamp
from sync.errors import BadFile
from sync.portals import kiosk_sync_decode

FORMAT = "ward-kiosk-stick/1"
PARCEL = "parcel"
ANSWER = "answer"
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_KEY = re.compile(r"stick1-([A-Za-z0-9_-]{43})-([0-9a-f]{6})", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9-]{8,48}", re.ASCII)
_SIGNATURE_BYTES = 64
_NONCE_BYTES = 12
_MAX_HEAD_BYTES = 1000
_MAX_PLAIN_BYTES = 64 << 20

Batch = dict[str, Any]


@dataclass(frozen=True)
class FileHead:
    """The first line of a file: its kind, its parcel, the kiosk, the id of the kiosk's signing key, and its time."""

    kind: str
    parcel_id: str
    kiosk_id: str
    key_id: str
    made_at: str


@dataclass(frozen=True)
class ParcelSender:
    """A kiosk that writes parcels.

    Attributes:
        kiosk_id: id of the kiosk.
        seed: seed of its signing key.
        gateway_key: the gateway's stick key.
        answer_key: returns the 32-byte key of the answer to a parcel.
    """

    kiosk_id: str
    seed: bytes
    gateway_key: bytes
    answer_key: Callable[[str], bytes]


def format_key(public: bytes) -> str:
    """Return a stick key as text with a checksum: nobody could open a parcel that is sealed to a mistyped key."""
    text = base64.urlsafe_b64encode(public).decode().rstrip("=")
    return f"stick1-{text}-{hashlib.sha256(public).hexdigest()[:6]}"


def parse_key(text: str) -> bytes:
    """Return the stick key of a text.

    Raises:
        ValueError: the text is mistyped.
    """
    match = _KEY.fullmatch(text.strip())
    public = base64.urlsafe_b64decode(match[1] + "=") if match else b""
    if not match or not hmac.compare_digest(hashlib.sha256(public).hexdigest()[:6], match[2]):
        raise ValueError("stick key")
    return public


def seal_parcel(sender: ParcelSender, parcel_id: str, made_at: datetime, batches: Sequence[Batch]) -> bytes:
    """Return the file of a parcel: batches, sealed to the gateway and signed."""
    from sync import signature  # its libraries take 15 ms of a start, and 2 MB

    key_id = signature.key_id(signature.public_key(sender.seed))
    head = _encode_head(
        FileHead(kind=PARCEL, parcel_id=parcel_id, kiosk_id=sender.kiosk_id, key_id=key_id, made_at=timestamp(made_at))
    )
    answer_key = base64.b64encode(sender.answer_key(parcel_id)).decode()
    plain = gzip.compress(canonical_json({"answerKey": answer_key, "batches": list(batches)}), compresslevel=6, mtime=0)
    sealed = _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(sender.gateway_key), info=head)
    return head + Ed25519PrivateKey.from_private_bytes(sender.seed).sign(head + sealed) + sealed


def open_parcel(
    content: bytes, find: Callable[[str], bytes | None], private: X25519PrivateKey
) -> tuple[FileHead, list[Batch], bytes]:
    """Open a parcel.

    Args:
        content: the file.
        find: returns the public key of a kiosk by its key id, or None.
        private: the gateway's private stick key.

    Returns:
        The head, the batches, and the key of the answer.

    Raises:
        BadFile: it cannot be opened.
    """
    line, rest = _split_head(content)
    head = read_head(content, PARCEL)
    public = find(head.key_id)
    if public is None:
        raise BadFile("unknown-key")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(rest[:_SIGNATURE_BYTES], line + rest[_SIGNATURE_BYTES:])
    except InvalidSignature as error:
        raise BadFile("changed") from error
    try:
        plain = _SUITE.decrypt(rest[_SIGNATURE_BYTES:], private, info=line)
    except InvalidTag as error:
        raise BadFile("not-for-us") from error
    body = _object(_inflate(plain))
    try:
        answer_key = base64.b64decode(body["answerKey"], validate=True)
        batches = [batch for batch in body["batches"] if isinstance(batch, dict)]
    except (KeyError, TypeError, ValueError) as error:
        raise BadFile("not-json") from error
    if len(answer_key) != 32:
        raise BadFile("not-json")
    return head, batches, answer_key


def seal_answer(parcel: FileHead, answer_key: bytes, made_at: datetime, answer: Batch, nonce: bytes) -> bytes:
    """Return the file of the gateway's answer to a parcel; `nonce`: 12 bytes that were never used with this key."""
    head = _encode_head(replace(parcel, kind=ANSWER, made_at=timestamp(made_at)))
    return head + nonce + AESGCM(answer_key).encrypt(nonce, canonical_json(answer), head)


def open_answer(content: bytes, answer_key: Callable[[str], bytes]) -> tuple[FileHead, Batch]:
    """Open an answer to one of this kiosk's parcels.

    Raises:
        BadFile: it cannot be opened.
    """
    line, rest = _split_head(content)
    head = read_head(content, ANSWER)
    try:
        plain = AESGCM(answer_key(head.parcel_id)).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], line)
    except (InvalidTag, ValueError) as error:
        raise BadFile("changed") from error
    return head, _object(plain)


def read_head(content: bytes, kind: str) -> FileHead:
    """Return the first line of a file, which is not verified yet.

    Raises:
        BadFile: the file is not of this kind.
    """
    members = _object(_split_head(content)[0])
    try:
        head = FileHead(
            kind=members["kind"],
            parcel_id=members["parcelId"],
            kiosk_id=members["kioskId"],
            key_id=members["keyId"],
            made_at=members["madeAt"],
        )
    except KeyError as error:
        raise BadFile("foreign") from error
    if members.get("format") != FORMAT or head.kind != kind or not _is_plain(head):
        raise BadFile("foreign")
    return head


def file_name(head: FileHead) -> str:
    """Return the name of a file; a parcel and its answer sort next to each other."""
    return f"{head.kiosk_id}-{head.parcel_id}.{head.kind}"


def write_file(folder: Path, name: str, content: bytes) -> Path:
    """Write a file whole or not at all, and read it back from the stick.

    Raises:
        OSError: it cannot be written, or it reads back differently.
    """
    path = folder / name
    draft = folder / f".{name}.part"
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
    """Return the files of a kind in a folder, in the order in which a kiosk wrote them."""
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


def _encode_head(head: FileHead) -> bytes:
    members = {
        "format": FORMAT,
        "kind": head.kind,
        "parcelId": head.parcel_id,
        "kioskId": head.kiosk_id,
        "keyId": head.key_id,
        "madeAt": head.made_at,
    }
    return canonical_json(members) + b"\n"


def _split_head(content: bytes) -> tuple[bytes, bytes]:
    line, newline, rest = content[:_MAX_HEAD_BYTES].partition(b"\n")
    if not newline or len(rest) < _NONCE_BYTES:
        raise BadFile("foreign")
    return content[: len(line) + 1], content[len(line) + 1 :]


def _inflate(plain: bytes) -> bytes:
    try:
        return kiosk_sync_decode.inflated(plain, _MAX_PLAIN_BYTES)
    except OverflowError as error:
        raise BadFile("too-large") from error
    except ValueError as error:
        raise BadFile("not-json") from error


def _object(text: bytes) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadFile("foreign") from error
    if not isinstance(body, dict):
        raise BadFile("foreign")
    return body
