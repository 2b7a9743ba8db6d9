"""Encodings that digests and text order depend on: canonical JSON, SHA-256, timestamps.

Stored digests and signatures are made over these bytes: a change here makes frozen submissions, events and audit lines
unreadable.
"""

import hashlib
import json
from datetime import UTC, datetime

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def canonical_json(value: object) -> bytes:
    """Return a value as JSON in UTF-8 without spaces; members keep their order."""
    return _encode(value).encode()


def sha256_hex(content: bytes) -> str:
    """Return the SHA-256 of bytes as 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def timestamp(at: datetime) -> str:
    """Return an aware time as UTC text of one width, so that text order is time order.

    Raises:
        ValueError: the time has no zone.
    """
    if at.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
