"""A request as it comes in: its bytes, whose it is, and what it says.

The order is fixed: size, signature over the bytes **as received**, mark used up, and only then inflating (which stops
at the limit), JSON and shape. What fails is a ``Problem``, never a trace.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Request

from sync import signature
from sync.gateway import contract_schema
from sync.gateway.problems import Problem
from sync.gateway.submissions import load
from sync.parcel import Piece
from sync.portals import kiosk_sync_decode

BYTES_LIMIT = 8 << 20
BATCH_LIMIT = 50


@dataclass
class Seen:
    """A request as a signature sees it."""

    method: str
    url: str
    headers: Any


def content_of(request: Request) -> bytes:
    """Give the bytes as received; Problem when there are too many."""
    if request.content_length is not None and request.content_length > BYTES_LIMIT:
        raise Problem("too-large")
    return request.get_data(cache=True)


def signed_by(request: Request, find: Callable[[str], bytes | None], now: Any) -> signature.VerifiedRequest:
    """Tell who signed; Problem when that cannot be told."""
    target = request.environ.get("REQUEST_URI") or request.full_path.rstrip("?")
    seen = Seen(request.method, f"{request.scheme}://{request.environ.get('HTTP_HOST', '')}{target}", request.headers)
    try:
        return signature.verify(seen, content_of(request), find, now)
    except signature.SignatureRefused as error:
        raise Problem(error.problem) from error


def read(request: Request, shape: str) -> Any:
    """Read the content as JSON of a shape of the contract."""
    try:
        found = load(_inflated(request).decode())
    except (ValueError, RecursionError) as error:
        raise Problem("not-json") from error
    faults = contract_schema.faults(shape, found)
    if faults:
        raise Problem("shape", faults)
    return found


def piece_in(request: Request, largest: int) -> Piece:
    """Read a piece of a file, with where it begins and whether it is the last."""
    offset = request.headers.get("Upload-Offset", "")
    complete = request.headers.get("Upload-Complete", "")
    if not (offset.isascii() and offset.isdigit() and len(offset) <= 12) or complete not in ("?0", "?1"):
        raise Problem("upload")
    if request.mimetype != "application/octet-stream" or "Content-Encoding" in request.headers:
        raise Problem("encoding")
    content = content_of(request)
    if not content:
        raise Problem("upload")
    if len(content) > largest:
        raise Problem("too-large")
    return Piece(int(offset), content, is_last=complete == "?1")


def _inflated(request: Request) -> bytes:
    content = content_of(request)
    encoding = request.headers.get("Content-Encoding", "identity")
    if request.mimetype != "application/json" or encoding not in ("gzip", "identity"):
        raise Problem("encoding")
    if encoding == "identity":
        return content
    try:
        return kiosk_sync_decode.inflated(content, BYTES_LIMIT)
    except OverflowError as error:
        raise Problem("too-large") from error
    except ValueError as error:
        raise Problem("not-json") from error


def public_key_in(request: Request) -> bytes:
    """Give the key that an enrolment brings along; the request has to be signed with this very key."""
    said = read(request, "Enrolment")
    return signature.from_base64url(said["publicKey"])
