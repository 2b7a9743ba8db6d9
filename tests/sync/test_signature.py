"""Signatures of kiosk-sync/1: exact coverage, bytes, time and key."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from requests.structures import CaseInsensitiveDict

from sync import signature
from sync.signature import SignatureRefused

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
SEED = bytes(range(32))
NONCE = "abcdefghijkl"


@dataclass
class Request:
    method: str = "POST"
    url: str = "https://gateway.example/kiosk-sync/v1/submissions"
    headers: CaseInsensitiveDict = field(default_factory=CaseInsensitiveDict)


def find_key(key_id: str) -> bytes | None:
    public = signature.public_key(SEED)
    return public if key_id == signature.key_id(public) else None


def signed_request(content: bytes | None = b"{}", method: str = "POST", **headers: str) -> Request:
    request = Request(method)
    if content is not None:
        request.headers["Content-Type"] = "application/json"
    request.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    signature.sign(request, SEED, content=content, created=NOW, nonce=NONCE)
    return request


def problem_of(request: Request, content: bytes, now: datetime = NOW) -> str:
    with pytest.raises(SignatureRefused) as caught:
        signature.verify(request, content, find_key, now)
    return caught.value.problem


def test_the_thumbprint_is_that_of_rfc_8037() -> None:
    public = signature.from_base64url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
    assert signature.key_id(public) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.mark.parametrize("content", [None, b"{}"])
def test_a_signed_request_is_known_by_its_key_and_nonce(content: bytes | None) -> None:
    request = signed_request(content, "GET" if content is None else "POST")
    verified = signature.verify(request, content or b"", find_key, NOW + timedelta(seconds=299))
    assert (verified.key_id, verified.nonce) == (signature.key_id(signature.public_key(SEED)), NONCE)


def test_the_signature_names_label_tag_and_parameters_of_the_contract() -> None:
    signature_input = signed_request(Content_Encoding="gzip").headers["Signature-Input"]
    assert signature_input == (
        'kiosk=("@method" "@authority" "@path" "@query" "content-digest" "content-type" "content-encoding")'
        f';created={int(NOW.timestamp())};keyid="{signature.key_id(signature.public_key(SEED))}"'
        f';nonce="{NONCE}";tag="kiosk-sync/1"'
    )


def test_a_patch_covers_its_upload_offset() -> None:
    request = signed_request(method="PATCH", Upload_Offset="0", Upload_Complete="?0")
    signature.verify(request, b"{}", find_key, NOW)
    request.headers["Upload-Offset"] = "5"
    assert problem_of(request, b"{}") == "signature"


@pytest.mark.parametrize("seconds", [-301, 301, 86400 * 3650, -86400 * 3650])
def test_an_old_or_early_clock_has_its_own_problem(seconds: int) -> None:
    assert problem_of(signed_request(), b"{}", NOW + timedelta(seconds=seconds)) == "clock"


def test_an_unknown_key_has_its_own_problem() -> None:
    request = signed_request()
    with pytest.raises(SignatureRefused) as caught:
        signature.verify(request, b"{}", lambda key_id: None, NOW)
    assert caught.value.problem == "unknown-key"


def test_a_body_that_was_swapped_is_refused() -> None:
    assert problem_of(signed_request(b"{}"), b"[]") == "signature"


def test_a_swapped_body_with_its_own_digest_is_refused() -> None:
    request = signed_request(b"{}")
    request.headers["Content-Digest"] = signature.content_digest(b"[]")
    assert problem_of(request, b"[]") == "signature"


def test_a_digest_by_another_algorithm_is_refused() -> None:
    request = Request(headers=CaseInsensitiveDict({"Content-Type": "application/json"}))
    request.headers["Content-Digest"] = "sha-512=:" + "A" * 86 + "==:"
    sign_with_library(request, signature.coverage("POST", request.headers, has_content=True))
    assert problem_of(request, b"{}") == "signature"


def set_attribute(name: str, value: str) -> Callable[[Request], None]:
    return lambda request: setattr(request, name, value)


CHANGES: list[Callable[[Request], None]] = [
    set_attribute("method", "PUT"),
    set_attribute("url", "https://other.example/kiosk-sync/v1/submissions"),
    set_attribute("url", "https://gateway.example/kiosk-sync/v1/events"),
    set_attribute("url", "https://gateway.example/kiosk-sync/v1/submissions?limit=1"),
    lambda request: request.headers.update({"Content-Type": "text/plain"}),
    lambda request: request.headers.update({"Content-Encoding": "gzip"}),
    lambda request: request.headers.pop("Signature"),
    lambda request: request.headers.update({"Signature": request.headers["Signature"].replace("kiosk", "other")}),
    lambda request: request.headers.update({"Signature": "kiosk=:AAAA:"}),
    lambda request: request.headers.update({"Signature-Input": "kiosk=%%"}),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_request_that_was_changed_in_transit_is_refused(change: Callable[[Request], None]) -> None:
    request = signed_request()
    signature.verify(request, b"{}", find_key, NOW)
    change(request)
    assert problem_of(request, b"{}") == "signature"


def sign_with_library(request: Request, covered: Sequence[str], **overrides: object) -> None:
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    name = signature.key_id(signature.public_key(SEED))
    resolver = MappingKeyResolver(public_keys={}, private_keys={name: key})
    options = {
        "created": NOW,
        "nonce": NONCE,
        "label": "kiosk",
        "tag": "kiosk-sync/1",
        "include_alg": False,
        **overrides,
    }
    options["use_existing_digest"] = "content-digest" in covered or "Content-Digest" in request.headers
    signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=resolver)
    signer.sign(request, key_id=name, covered_component_ids=covered, **options)


CONTRACT_COVERAGE = ("@method", "@authority", "@path", "@query", "content-digest", "content-type")


@pytest.mark.parametrize(
    "covered",
    [
        *(tuple(name for name in CONTRACT_COVERAGE if name != left_out) for left_out in CONTRACT_COVERAGE),
        (*CONTRACT_COVERAGE, "date"),
        (*CONTRACT_COVERAGE, "@target-uri"),
        (*CONTRACT_COVERAGE[:-1], '"content-type";bs'),
    ],
)
def test_a_coverage_that_is_not_exactly_the_contracts_is_refused(covered: Sequence[str]) -> None:
    request = Request(headers=CaseInsensitiveDict({"Content-Type": "application/json", "Date": "x"}))
    request.headers["Content-Digest"] = signature.content_digest(b"{}")
    sign_with_library(request, CONTRACT_COVERAGE)
    signature.verify(request, b"{}", find_key, NOW)
    sign_with_library(request, covered)
    assert problem_of(request, b"{}") == "signature"


@pytest.mark.parametrize(
    "overrides",
    [
        {"nonce": None},
        {"nonce": "short"},
        {"nonce": "x" * 65},
        {"tag": "kiosk-sync/2"},
        {"label": "pyhms"},
        {"include_alg": True},
        {"expires": NOW + timedelta(days=1)},
    ],
)
def test_other_parameters_than_the_contracts_are_refused(overrides: dict[str, object]) -> None:
    request = Request(headers=CaseInsensitiveDict({"Content-Type": "application/json"}))
    request.headers["Content-Digest"] = signature.content_digest(b"{}")
    sign_with_library(request, CONTRACT_COVERAGE, **overrides)
    assert problem_of(request, b"{}") == "signature"


def test_a_post_without_content_must_still_cover_a_digest() -> None:
    request = Request(headers=CaseInsensitiveDict())
    sign_with_library(request, CONTRACT_COVERAGE[:4])
    assert problem_of(request, b"") == "signature"
