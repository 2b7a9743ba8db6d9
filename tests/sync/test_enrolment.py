"""Enrolment of a kiosk with a one-time code, and the limits of those who have none."""

import gzip
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from sync import errors, signature
from sync.gateway import enrolment_tries
from sync.portals.http_client import HttpResponse
from sync.portals.kiosk_sync import BASE, KioskSync
from tests.sync.contract_checks import conforms
from tests.sync.practice_gateway import CODE, UNIT, Kiosk, PracticeGateway

WRONG = "WRONG-WRONG-1"
STRANGER = "203.0.113.9"


def enrolment_of(kiosk: Kiosk, code: str = CODE) -> dict[str, str]:
    """Return the content of an enrolment."""
    public_key = signature.to_base64url(signature.public_key(kiosk.identity.seed))
    return {"code": code, "kioskId": "PK03", "unitCode": UNIT, "publicKey": public_key}


def prepare(practice: PracticeGateway, kiosk: Kiosk, content: bytes, **headers: str) -> Any:
    """Return a signed request with the content of an enrolment; `address` is the caller's, as the proxy names it."""
    all_headers = {"Content-Type": "application/json"}
    all_headers |= {name.replace("_", "-"): value for name, value in headers.items()}
    url = f"http://127.0.0.1:{practice.gateway.inner_port}{BASE}/kiosks"
    request = kiosk.http.prepare("POST", url, all_headers, content)
    nonce = kiosk.identity.nonce()
    signature.sign(request, kiosk.identity.seed, content=content, created=practice.clock(), nonce=nonce)
    return request


def post(practice: PracticeGateway, kiosk: Kiosk, content: bytes, **headers: str) -> HttpResponse:
    return kiosk.http.exchange(prepare(practice, kiosk, content, **headers))


def enrol(practice: PracticeGateway, kiosk: Kiosk, code: str, address: str) -> HttpResponse:
    return post(practice, kiosk, json.dumps(enrolment_of(kiosk, code)).encode(), X_Forwarded_For=address)


def problem(answer: HttpResponse) -> tuple[int, str]:
    return answer.status, conforms(answer, "post", "/kiosks")["type"].removeprefix("/problems/")


@pytest.mark.parametrize(
    ("code", "kiosk_id", "unit"), [("WRONG-WRONG-1", "PK03", UNIT), (CODE, "PK04", UNIT), (CODE, "PK03", "H57.99.02")]
)
def test_a_code_is_bound_to_kiosk_and_unit(practice: PracticeGateway, code: str, kiosk_id: str, unit: str) -> None:
    kiosk = practice.new_kiosk()
    identity = type(kiosk.identity)(kiosk_id, kiosk.identity.seed, kiosk.identity.nonce)
    portal = KioskSync(practice.url, identity, kiosk.http)
    with pytest.raises(errors.EnrolmentRefused):
        portal.enrol(code, unit)
    assert practice.sql("select count(*) from kiosks") == [(0,)]


def test_a_code_lasts_a_day(practice: PracticeGateway) -> None:
    kiosk = practice.new_kiosk()
    practice.clock.offset += timedelta(hours=24, seconds=1)
    with pytest.raises(errors.EnrolmentRefused):
        kiosk.portal.enrol(CODE, UNIT)


def test_a_code_enrols_one_key(practice: PracticeGateway) -> None:
    practice.enrolled_kiosk()
    with pytest.raises(errors.EnrolmentRefused):
        practice.new_kiosk().portal.enrol(CODE, UNIT)


def test_an_enrolment_must_be_signed_with_the_key_it_enrols(practice: PracticeGateway) -> None:
    kiosk = practice.new_kiosk()
    other = practice.new_kiosk()
    content = {"code": CODE, "kioskId": "PK03", "unitCode": UNIT,
            "publicKey": signature.to_base64url(signature.public_key(other.identity.seed))}  # fmt: skip
    answer = kiosk.send_request("POST", "/kiosks", content)
    assert (answer.status, conforms(answer, "post", "/kiosks")["type"]) == (401, "/problems/unknown-key")


def test_wrong_tries_of_a_stranger_use_up_no_code(practice: PracticeGateway) -> None:
    kiosk = practice.new_kiosk()
    stranger = practice.new_kiosk()
    for _ in range(4 * enrolment_tries.FREE_TRIES):
        assert enrol(practice, stranger, WRONG, STRANGER).status in (403, 429)
    assert enrol(practice, kiosk, CODE, "10.0.0.1").status == 201


def test_wrong_tries_lock_their_own_address_for_a_minute_at_most(practice: PracticeGateway) -> None:
    kiosk = practice.new_kiosk()
    for _ in range(enrolment_tries.FREE_TRIES):
        assert problem(enrol(practice, kiosk, WRONG, STRANGER)) == (403, "code")
    seconds = []
    for _ in range(5):
        locked = enrol(practice, kiosk, CODE, STRANGER)
        assert problem(locked) == (429, "rate")
        seconds.append(int(locked.headers["Retry-After"]))
        practice.clock.offset += timedelta(seconds=seconds[-1])
        assert problem(enrol(practice, kiosk, WRONG, STRANGER)) == (403, "code")
    assert seconds == [15, 30, 60, 60, 60]
    assert enrol(practice, kiosk, CODE, "10.0.0.1").status == 201


def test_an_enrolment_forgets_the_tries_of_its_address(practice: PracticeGateway) -> None:
    kiosk = practice.new_kiosk()
    for _ in range(3):
        for _ in range(enrolment_tries.FREE_TRIES - 1):
            assert enrol(practice, kiosk, WRONG, STRANGER).status == 403
        assert enrol(practice, kiosk, CODE, STRANGER).status in (200, 201)


def test_a_locked_address_is_refused_before_its_signature_is_looked_at(practice: PracticeGateway) -> None:
    kiosk = practice.new_kiosk()
    content = json.dumps(enrolment_of(kiosk)).encode()
    for _ in range(enrolment_tries.FREE_TRIES):
        request = prepare(practice, kiosk, content)
        del request.headers["Signature"]
        assert problem(kiosk.http.exchange(request)) == (401, "signature")
    assert problem(post(practice, kiosk, content)) == (429, "rate")


def test_tries_are_forgotten_after_a_day(practice: PracticeGateway) -> None:
    def count(address: str, at: datetime) -> float:
        with practice.engine.begin() as db:
            return enrolment_tries.count_try(db, address, at)

    began = practice.clock()
    for _ in range(2 * enrolment_tries.FREE_TRIES):
        count(STRANGER, began)
    assert count(STRANGER, began) > 0
    assert count("10.0.0.1", began + timedelta(days=1, seconds=1)) == 0
    assert practice.sql("select address, wrong from enrolment_tries") == [("10.0.0.1", 1)]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", ""),
    ],
)
def test_the_addresses_of_one_subscriber_count_as_one(address: str, network: str) -> None:
    assert enrolment_tries.network_of(address) == network


def test_an_enrolment_is_never_inflated(practice: PracticeGateway) -> None:
    kiosk = practice.new_kiosk()
    content = gzip.compress(json.dumps(enrolment_of(kiosk)).encode(), mtime=0)
    assert problem(post(practice, kiosk, content, Content_Encoding="gzip")) == (400, "encoding")


@pytest.mark.parametrize(("size", "outcome"), [(4096, (403, "code")), (4097, (413, "too-large"))])
def test_an_enrolment_has_a_limit_of_its_own(practice: PracticeGateway, size: int, outcome: tuple[int, str]) -> None:
    kiosk = practice.new_kiosk()
    content = json.dumps(enrolment_of(kiosk, WRONG)).encode()
    assert problem(post(practice, kiosk, content.ljust(size))) == outcome


def test_an_enrolment_is_parsed_only_after_its_signature_and_its_nonce(practice: PracticeGateway) -> None:
    kiosk = practice.new_kiosk()
    other = practice.new_kiosk()
    content = json.dumps(enrolment_of(kiosk)).encode() + b"]"
    assert problem(post(practice, other, content)) == (401, "unknown-key")
    request = prepare(practice, kiosk, content)
    assert problem(kiosk.http.exchange(request)) == (400, "not-json")
    assert problem(kiosk.http.exchange(request)) == (401, "replay")


@pytest.mark.parametrize("name", ["publicKey", "public\\u004bey"])
def test_an_enrolment_names_one_key(practice: PracticeGateway, name: str) -> None:
    kiosk = practice.new_kiosk()
    other = enrolment_of(practice.new_kiosk())["publicKey"]
    content = json.dumps(enrolment_of(kiosk)).rstrip("}") + f', "{name}": "{other}"}}'
    assert problem(post(practice, kiosk, content.encode())) == (422, "shape")
    assert practice.sql("select count(*) from kiosks") == [(0,)]


def test_an_enrolment_without_a_key_is_refused(practice: PracticeGateway) -> None:
    kiosk = practice.new_kiosk()
    content = {**enrolment_of(kiosk), "publicKey": "x" * 42}
    assert problem(post(practice, kiosk, json.dumps(content).encode())) == (422, "shape")
