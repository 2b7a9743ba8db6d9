"""Signed requests of kiosk-sync/1 (RFC 9421 with Ed25519), for the kiosk and for the gateway.

http-message-signatures makes the base string and the signature. It leaves coverage, body, age and replay to its caller,
and its own clock check refuses a difference of 6 seconds. So the coverage is compared **exactly** here (a signature
that covers more or less is refused), the digest with the bytes as received, and the age with the caller's `now`. The
caller checks for replay (keyid, nonce), because it has a store. The label is not signed; the tag is.
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
RESTORES = "kiosk-restores"
"""Header that a signature may cover: a gateway that reads it so announces it, and kiosks of older releases never do."""
WINDOW = timedelta(seconds=300)

_PARAMETERS = {"created", "keyid", "nonce", "tag"}
_NONCE = re.compile(r"[A-Za-z0-9_-]{12,64}", re.ASCII)

SignatureProblem = Literal["signature", "unknown-key", "clock"]


class SignableRequest(Protocol):
    """A request: encoded absolute `url`, upper-case `method`, case-insensitive `headers`."""

    method: str
    url: str
    headers: MutableMapping[str, str]


class SignatureRefused(Exception):  # noqa: N818 - reads well in "raise SignatureRefused"
    """A request without a valid signature; `problem` is the contract's word for it."""

    def __init__(self, problem: SignatureProblem, why: str) -> None:
        super().__init__(why)
        self.problem = problem


@dataclass(frozen=True)
class VerifiedRequest:
    """The verified parameters of a signature; the caller checks that `nonce` is new for this key."""

    key_id: str
    nonce: str
    created: int
    covers_restores: bool
    """Whether the signature covers the header `Kiosk-Restores`."""


def public_key(seed: bytes) -> bytes:
    """Return the 32 bytes of the public key of a private seed of 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def key_id(public: bytes) -> str:
    """Return the RFC 7638 thumbprint of an Ed25519 public key (members as in RFC 8037)."""
    jwk = '{"crv":"Ed25519","kty":"OKP","x":"' + to_base64url(public) + '"}'
    return to_base64url(hashlib.sha256(jwk.encode()).digest())


def to_base64url(data: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Return the bytes of base64url without padding.

    Raises:
        ValueError: it is not base64url.
    """
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def content_digest(content: bytes) -> str:
    """Return the Content-Digest (RFC 9530) of bytes as they are sent, that is after gzip."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


def coverage(
    method: str, headers: Mapping[str, str], *, has_content: bool, covers_restores: bool = False
) -> tuple[str, ...]:
    """Return the components that a signature must cover, exactly."""
    covered = ["@method", "@authority", "@path", "@query"]
    if has_content:
        covered += ["content-digest", "content-type"]
        covered += ["content-encoding"] if headers.get("Content-Encoding") is not None else []
    if method == "PATCH":
        covered += ["upload-offset", "upload-complete"]
    if covers_restores:
        covered.append(RESTORES)
    return tuple(covered)


def sign(
    message: SignableRequest,
    seed: bytes,
    *,
    content: bytes | None,
    created: datetime,
    nonce: str,
    covers_restores: bool = False,
) -> None:
    """Sign a request in place with the seed of an Ed25519 key.

    Args:
        message: the request.
        seed: the 32 bytes of the key.
        content: the bytes as sent, None without a body.
        created: the time of the signature.
        nonce: a text that no other request of this key has.
        covers_restores: also cover the header `Kiosk-Restores`, which the request has.
    """
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
        covered_component_ids=coverage(
            message.method, message.headers, has_content=content is not None, covers_restores=covers_restores
        ),
    )


def verify(
    message: SignableRequest, content: bytes, find: Callable[[str], bytes | None], now: datetime
) -> VerifiedRequest:
    """Return the signature of a request.

    Args:
        message: the request.
        content: its body as received.
        find: returns the public key of a keyid, or None.
        now: the time, to check the age.

    Raises:
        SignatureRefused: the request has no valid signature.
    """
    keys = _Keys(find)
    verifier = _Verifier(signature_algorithm=ED25519, key_resolver=keys)
    try:
        result = verifier.verify(message, max_age=None, expect_tag=TAG, expect_label=LABEL)[0]
    except HTTPMessageSignaturesException as error:
        raise SignatureRefused("unknown-key" if keys.is_unknown else "signature", str(error)) from error
    covered = set(result.covered_components)
    covers_restores = f'"{RESTORES}"' in covered
    wanted = coverage(
        message.method,
        message.headers,
        has_content=_has_content(message, content),
        covers_restores=covers_restores,
    )
    _check_coverage(covered, result.parameters, wanted)
    if "content-digest" in wanted:
        _check_digest(message, content)
    verified = VerifiedRequest(
        key_id=str(result.parameters["keyid"]),
        nonce=str(result.parameters["nonce"]),
        created=int(result.parameters["created"]),
        covers_restores=covers_restores,
    )
    if abs(now.timestamp() - verified.created) > WINDOW.total_seconds():
        raise SignatureRefused("clock", "created is too far from the time here")
    return verified


class _Keys(HTTPSignatureKeyResolver):
    """Key resolver over the caller's `find`; remembers that a key was not found."""

    def __init__(self, find: Callable[[str], bytes | None]) -> None:
        self._find = find
        self.is_unknown = False

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        public = self._find(key_id)
        self.is_unknown = public is None
        return None if public is None else Ed25519PublicKey.from_public_bytes(public)


class _Verifier(HTTPMessageVerifier):
    """The library's verifier without its clock check: `verify` compares the age with the caller's `now` afterwards."""

    def validate_created_and_expires(self, sig_input: object, max_age: timedelta | None = None) -> None:
        """Accept any time; `verify` checks it."""


def _has_content(message: SignableRequest, content: bytes) -> bool:
    return bool(content) or message.method in ("POST", "PATCH", "PUT")


def _check_coverage(covered: set[str], parameters: Mapping[str, object], wanted: tuple[str, ...]) -> None:
    if covered - {'"@signature-params"'} != {f'"{name}"' for name in wanted}:
        raise SignatureRefused("signature", "the signature does not cover exactly what it has to")
    if set(parameters) != _PARAMETERS:
        raise SignatureRefused("signature", "the signature does not have exactly created, keyid, nonce and tag")
    if not _NONCE.fullmatch(str(parameters["nonce"])):
        raise SignatureRefused("signature", "the nonce is not 12 to 64 letters of base64url")


def _check_digest(message: SignableRequest, content: bytes) -> None:
    received = message.headers.get("Content-Digest", "")
    if not hmac.compare_digest(received.encode(), content_digest(content).encode()):
        raise SignatureRefused("signature", "the content is not what the digest says")
