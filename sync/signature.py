"""Signed requests: RFC 9421 with Ed25519, as kiosk-sync/1 wants them, for both sides of the line.

http-message-signatures does the base string and the mathematics; coverage, body, age and replay it leaves to its
caller, and its own clock check refuses 6 seconds. So the coverage is compared **exactly** here (a signature that
covers more or less is refused), the digest is compared with the bytes as received, and the age with the caller's
``now``. Replay (keyid, nonce) is the caller's, who has a store. The label is not signed; the tag is.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    MappingKeyResolver,
)
from http_message_signatures.algorithms import ED25519

LABEL = "kiosk"
TAG = "kiosk-sync/1"
WINDOW = timedelta(seconds=300)

_PARAMETERS = {"created", "keyid", "nonce", "tag"}
_NONCE = re.compile(r"[A-Za-z0-9_-]{12,64}", re.ASCII)

Problem = Literal["signature", "unknown-key", "clock"]


class Message(Protocol):
    """A request: encoded absolute ``url``, upper-case ``method``, headers without regard to case."""

    method: str
    url: str
    headers: MutableMapping[str, str]


class Refused(Exception):  # noqa: N818 - read as "raise Refused"
    """A request that cannot be taken as anybody's; ``problem`` is the contract's word for it."""

    def __init__(self, problem: Problem, why: str) -> None:
        super().__init__(why)
        self.problem = problem


@dataclass(frozen=True)
class Signed:
    """Whose request it is; ``nonce`` has to be new for this key."""

    key_id: str
    nonce: str
    created: int


def public_key(seed: bytes) -> bytes:
    """Give the 32 bytes of the public key to a private seed of 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def key_id(public: bytes) -> str:
    """Give the RFC 7638 thumbprint of an Ed25519 public key (members as in RFC 8037)."""
    jwk = '{"crv":"Ed25519","kty":"OKP","x":"' + in_base64url(public) + '"}'
    return in_base64url(hashlib.sha256(jwk.encode()).digest())


def in_base64url(data: bytes) -> str:
    """Write bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Read base64url without padding; ValueError when it is not."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def content_digest(content: bytes) -> str:
    """Write the Content-Digest (RFC 9530) of bytes as they are sent, that is after gzip."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


def coverage(method: str, headers: Mapping[str, str], *, has_content: bool) -> tuple[str, ...]:
    """Tell what a signature has to cover: exactly this."""
    covered = ["@method", "@authority", "@path", "@query"]
    if has_content:
        covered += ["content-digest", "content-type"]
        covered += ["content-encoding"] if headers.get("Content-Encoding") is not None else []
    if method == "PATCH":
        covered += ["upload-offset", "upload-complete"]
    return tuple(covered)


def sign(message: Message, seed: bytes, *, content: bytes | None, created: datetime, nonce: str) -> None:
    """Sign a request in place with the seed of an Ed25519 key; ``content`` are the bytes as sent, None without."""
    if content is not None:
        message.headers["Content-Digest"] = content_digest(content)
    key = Ed25519PrivateKey.from_private_bytes(seed)
    name = key_id(key.public_key().public_bytes_raw())
    signer = HTTPMessageSigner(
        signature_algorithm=ED25519,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={name: key}),
    )
    signer.sign(
        message,
        key_id=name,
        created=created,
        nonce=nonce,
        label=LABEL,
        tag=TAG,
        include_alg=False,
        use_existing_digest=content is not None,
        covered_component_ids=coverage(message.method, message.headers, has_content=content is not None),
    )


def check(message: Message, content: bytes, find: Callable[[str], bytes | None], now: datetime) -> Signed:
    """Tell who signed a request; ``find`` gives the public key to a keyid. Raises Refused."""
    keys = _Keys(find)
    verifier = _Verifier(signature_algorithm=ED25519, key_resolver=keys)
    try:
        found = verifier.verify(message, max_age=None, expect_tag=TAG, expect_label=LABEL)[0]
    except HTTPMessageSignaturesException as error:
        raise Refused("unknown-key" if keys.is_unknown else "signature", str(error)) from error
    wanted = coverage(message.method, message.headers, has_content=_has_content(message, content))
    _check_coverage(set(found.covered_components), found.parameters, wanted)
    if "content-digest" in wanted:
        _check_digest(message, content)
    signed = Signed(str(found.parameters["keyid"]), str(found.parameters["nonce"]), int(found.parameters["created"]))
    if abs(now.timestamp() - signed.created) > WINDOW.total_seconds():
        raise Refused("clock", "created is too far from the time here")
    return signed


class _Keys(HTTPSignatureKeyResolver):
    """Keys as the caller finds them, remembering that one was not found."""

    def __init__(self, find: Callable[[str], bytes | None]) -> None:
        self._find = find
        self.is_unknown = False

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        public = self._find(key_id)
        self.is_unknown = public is None
        return None if public is None else Ed25519PublicKey.from_public_bytes(public)


class _Verifier(HTTPMessageVerifier):
    """The library's verifier without its clock: the age is compared with the caller's ``now``, after the signature."""

    def validate_created_and_expires(self, sig_input: object, max_age: timedelta | None = None) -> None:
        """Leave the time to ``check``."""


def _has_content(message: Message, content: bytes) -> bool:
    return bool(content) or message.method in ("POST", "PATCH", "PUT")


def _check_coverage(covered: set[str], parameters: Mapping[str, object], wanted: tuple[str, ...]) -> None:
    if covered - {'"@signature-params"'} != {f'"{name}"' for name in wanted}:
        raise Refused("signature", "the signature does not cover exactly what it has to")
    if set(parameters) != _PARAMETERS:
        raise Refused("signature", "the signature does not have exactly created, keyid, nonce and tag")
    if not _NONCE.fullmatch(str(parameters["nonce"])):
        raise Refused("signature", "the nonce is not 12 to 64 letters of base64url")


def _check_digest(message: Message, content: bytes) -> None:
    given = message.headers.get("Content-Digest", "")
    if not hmac.compare_digest(given.encode(), content_digest(content).encode()):
        raise Refused("signature", "the content is not what the digest says")
