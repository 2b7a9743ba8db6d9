"""Read and check a kiosk's request: size, signature, content.

The order is fixed: size, signature over the bytes **as received**, nonce, and only then inflating (which stops at the
limit), JSON and schema. An enrolment brings the key that signs it: the key is found by its shape, without parsing. A
failed check is a `Problem`, never a traceback.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Request

from sync import signature
from sync.gateway import contract_schema
from sync.gateway.context import public_address
from sync.gateway.kiosks import Restores
from sync.gateway.problems import Problem
from sync.gateway.settings import Enrolment
from sync.gateway.strict_json import parse_json
from sync.parcel import FieldError, FileChunk
from sync.portals import kiosk_sync_decode

BYTES_LIMIT = 8 << 20
ENROLMENT_BYTES_LIMIT = 4096
REPORT_BYTES_LIMIT = 32768
NEED_LIST_BYTES_LIMIT = 512 << 10
"""The shipped 28 procedures are 107 kB of JSON."""
QUEUE_BYTES_LIMIT = 32768
KNOWN_BYTES_LIMIT = 256 << 10
"""A question about 1,000 submissions and 1,000 events, the most that the contract has, is 175 kB."""
BATCH_LIMIT = 50

_PUBLIC_KEY = re.compile(rb'"publicKey"\s*:\s*"([A-Za-z0-9_-]{43})"')


@dataclass
class SignedRequest:
    """The parts of a request that a signature covers."""

    method: str
    url: str
    headers: Any


def read_bytes(request: Request, limit: int = BYTES_LIMIT) -> bytes:
    """Return the content as received.

    Raises:
        Problem: it is larger than `limit`.
    """
    if request.content_length is not None and request.content_length > limit:
        raise Problem("too-large")
    return request.get_data(cache=True)


def verify_signature(
    request: Request, find_key: Callable[[str], bytes | None], now: datetime
) -> signature.VerifiedRequest:
    """Verify the signature of a request.

    Args:
        request: the request as received.
        find_key: returns the public key of a key id, or None.
        now: the time, to check the age of the signature.

    Raises:
        Problem: the signature is missing, wrong, too old or of an unknown key.
    """
    target = request.environ.get("REQUEST_URI") or request.full_path.rstrip("?")
    signed = SignedRequest(
        method=request.method,
        url=f"{public_address().origin}{target}",
        headers=request.headers,
    )
    try:
        return signature.verify(message=signed, content=read_bytes(request), find=find_key, now=now)
    except signature.SignatureRefused as error:
        raise Problem(error.problem) from error


def read_json(request: Request, schema: str, limit: int = BYTES_LIMIT) -> Any:
    """Return the content, valid by a schema of the contract; `limit` is in bytes, also after inflating.

    Raises:
        Problem: the content is too large or no JSON, or the schema does not allow it.
    """
    try:
        content = parse_json(_inflate(request, limit).decode())
    except (ValueError, RecursionError) as error:
        raise Problem("not-json") from error
    errors = contract_schema.validate(schema, content)
    if errors:
        raise Problem("shape", errors)
    return content


def read_restores(request: Request, verified: signature.VerifiedRequest) -> Restores:
    """Return how often the sender's store was restored from a copy; 0 of a kiosk that says nothing.

    Raises:
        Problem: it is no number.
    """
    text = request.headers.get("Kiosk-Restores", "0")
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise Problem("shape", [FieldError("", "type", contract_schema.MESSAGES["type"])])
    return Restores(int(text), is_signed=verified.covers_restores)


def read_piece(request: Request, max_bytes: int) -> FileChunk:
    """Return the piece of a file that a request contains.

    Raises:
        Problem: its headers are wrong, or it is empty, compressed or too large.
    """
    offset = request.headers.get("Upload-Offset", "")
    complete = request.headers.get("Upload-Complete", "")
    if not (offset.isascii() and offset.isdigit() and len(offset) <= 12) or complete not in ("?0", "?1"):
        raise Problem("upload")
    if request.mimetype != "application/octet-stream" or "Content-Encoding" in request.headers:
        raise Problem("encoding")
    content = read_bytes(request)
    if not content:
        raise Problem("upload")
    if len(content) > max_bytes:
        raise Problem("too-large")
    return FileChunk(int(offset), content, is_last=complete == "?1")


def _inflate(request: Request, limit: int) -> bytes:
    content = read_bytes(request, limit)
    encoding = request.headers.get("Content-Encoding", "identity")
    if request.mimetype != "application/json" or encoding not in ("gzip", "identity"):
        raise Problem("encoding")
    if encoding == "identity":
        return content
    try:
        return kiosk_sync_decode.inflated(content, limit)
    except OverflowError as error:
        raise Problem("too-large") from error
    except ValueError as error:
        raise Problem("not-json") from error


def find_public_key(request: Request) -> bytes:
    """Return the public key in an enrolment, which has to sign this very request; nothing is parsed for it.

    Raises:
        Problem: the content is compressed or larger than `ENROLMENT_BYTES_LIMIT`, or names not exactly one key.
    """
    if request.mimetype != "application/json" or request.headers.get("Content-Encoding", "identity") != "identity":
        raise Problem("encoding")
    keys = _PUBLIC_KEY.findall(read_bytes(request, ENROLMENT_BYTES_LIMIT))
    if len(keys) != 1:
        raise Problem("shape", [_WRONG_PUBLIC_KEY])
    return signature.from_base64url(keys[0].decode())


def read_enrolment(request: Request, public_key: bytes) -> Enrolment:
    """Return the enrolment of a request whose signature was verified with `public_key`.

    Raises:
        Problem: its content has another shape, or names another key.
    """
    content = read_json(request, "Enrolment")
    if signature.from_base64url(content["publicKey"]) != public_key:
        raise Problem("shape", [_WRONG_PUBLIC_KEY])
    return Enrolment(code=content["code"], kiosk_id=content["kioskId"], unit_code=content["unitCode"])


_WRONG_PUBLIC_KEY = FieldError("/publicKey", "pattern", contract_schema.MESSAGES["pattern"])
