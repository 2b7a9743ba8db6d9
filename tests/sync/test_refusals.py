"""Requests that the gateway refuses: wrong bytes, signatures and codes."""

import gzip
import json
from datetime import timedelta

import pytest
import requests

from sync import errors, signature
from sync.portals.http_client import HttpResponse
from sync.portals.kiosk_sync import BASE, KioskSync
from tests.sync.town import CODE, UNIT, Kiosk, Town
from tests.sync.yamlcheck import conforms, envelope


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/submissions", {"submissions": []}),
        ("/submissions", {"submissions": [{}] * 51}),
        ("/submissions", {"submissions": [{"submissionId": "x", "digest": "y", "body": "z"}]}),
        ("/submissions", []),
        ("/events", {"events": [{"eventId": "x"}]}),
        ("/known", {"ids": []}),
    ],
)
def test_a_request_of_another_shape_is_422(town: Town, path: str, said: object) -> None:
    answer = town.enrolled().ask("POST", path, said)
    assert conforms(answer, "post", path)["type"] == "/problems/shape"
    assert answer.status == 422


def raw(kiosk: Kiosk, town: Town, content: bytes, *, path: str = "/submissions", **headers: str) -> HttpResponse:
    named = {"Content-Type": "application/json"} | {k.replace("_", "-"): v for k, v in headers.items()}
    request = kiosk.wire.prepare("POST", f"{town.url}{BASE}{path}", named, content)
    nonce = kiosk.identity.nonce()
    signature.sign(request, kiosk.identity.seed, content=content, created=town.clock(), nonce=nonce)
    return kiosk.wire.exchange(request)


def test_a_bomb_is_not_inflated(town: Town) -> None:
    answer = raw(town.enrolled(), town, gzip.compress(b" " * (200 << 20)), Content_Encoding="gzip")
    assert (answer.status, conforms(answer, "post", "/submissions")["type"]) == (413, "/problems/too-large")


def test_too_many_bytes_are_refused_with_the_marks_of_the_protocol(town: Town) -> None:
    answer = raw(town.enrolled(seconds=20), town, b" " * ((8 << 20) + 1))
    assert (answer.status, conforms(answer, "post", "/submissions")["type"]) == (413, "/problems/too-large")


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"\xff\xfe", {}, 400),
        (b"[" * 100000, {}, 400),
        (b"no gzip", {"Content_Encoding": "gzip"}, 400),
        (gzip.compress(b"{}")[:-4], {"Content_Encoding": "gzip"}, 400),
        (gzip.compress(b"{}") + b"x", {"Content_Encoding": "gzip"}, 400),
        (b"{}", {"Content_Encoding": "br"}, 400),
        (b"{}", {"Content_Type": "text/plain"}, 400),
        (b"{}", {}, 422),
    ],
)
def test_content_that_cannot_be_read_is_refused(town: Town, content: bytes, headers: dict, status: int) -> None:
    answer = raw(town.enrolled(), town, content, **headers)
    conforms(answer, "post", "/submissions")
    assert answer.status == status


def test_a_request_that_is_delivered_twice_counts_once(town: Town) -> None:
    kiosk = town.enrolled()
    said = json.dumps({"submissions": [envelope(kiosk)]}).encode()
    request = kiosk.wire.prepare("POST", f"{town.url}{BASE}/submissions", {"Content-Type": "application/json"}, said)
    signature.sign(request, kiosk.identity.seed, content=said, created=town.clock(), nonce="abcdefghijkl")
    assert kiosk.wire.exchange(request).status == 200
    again = kiosk.wire.exchange(request)
    assert (again.status, conforms(again, "post", "/submissions")["type"]) == (401, "/problems/replay")
    assert len(town.held()) == 1


def test_an_unsigned_request_is_not_heard(town: Town) -> None:
    kiosk = town.enrolled()
    answer, _ = kiosk.portal._exchange("POST", "/submissions", b"{}")
    assert (answer.status, conforms(answer, "post", "/submissions")["type"]) == (401, "/problems/signature")


def test_a_swapped_body_is_not_heard(town: Town) -> None:
    kiosk = town.enrolled()
    request = kiosk.wire.prepare(
        "POST", f"{town.url}{BASE}/submissions", {"Content-Type": "application/json"}, b'{"submissions": []}'
    )
    signature.sign(request, kiosk.identity.seed, content=b'{"submissions": [1]}', created=town.clock(), nonce="a" * 12)
    assert kiosk.wire.exchange(request).status == 401


@pytest.mark.parametrize("seconds", [-301, 330])  # a busy machine answers some seconds later
def test_an_old_clock_is_told_the_time(town: Town, seconds: int) -> None:
    kiosk = town.enrolled()
    request = kiosk.wire.prepare("GET", f"{town.url}{BASE}/changes", {}, None)
    created = town.clock() + timedelta(seconds=seconds)
    signature.sign(request, kiosk.identity.seed, content=None, created=created, nonce="a" * 12)
    answer = kiosk.wire.exchange(request)
    body = conforms(answer, "get", "/changes")
    assert (answer.status, body["type"]) == (401, "/problems/clock")
    assert body["serverTime"]


def test_a_kiosk_that_was_never_enrolled_is_not_known(town: Town) -> None:
    answer = town.kiosk().ask("GET", "/changes")
    assert (answer.status, conforms(answer, "get", "/changes")["type"]) == (401, "/problems/unknown-key")


def test_a_revoked_kiosk_is_known_and_may_not(town: Town) -> None:
    kiosk = town.enrolled()
    town.sql("update kiosks set revoked_at = '2026-11-24T01:00:00.000Z'")
    answer = kiosk.ask("GET", "/changes")
    assert (answer.status, conforms(answer, "get", "/changes")["type"]) == (403, "/problems/revoked")
    with pytest.raises(errors.NotAllowed):
        kiosk.portal.changes(None)


# --- enrolment


@pytest.mark.parametrize(
    ("code", "kiosk_id", "unit"), [("WRONG-WRONG-1", "PK03", UNIT), (CODE, "PK04", UNIT), (CODE, "PK03", "H57.99.02")]
)
def test_a_code_is_bound_to_kiosk_and_unit(town: Town, code: str, kiosk_id: str, unit: str) -> None:
    kiosk = town.kiosk()
    identity = type(kiosk.identity)(kiosk_id, kiosk.identity.seed, kiosk.identity.nonce)
    portal = KioskSync(town.url, identity, kiosk.wire)
    with pytest.raises(errors.EnrolmentRefused):
        portal.enrol(code, unit)
    assert town.sql("select count(*) from kiosks") == [(0,)]


def test_a_code_is_used_up_after_five_wrong_tries(town: Town) -> None:
    kiosk = town.kiosk()
    for _ in range(5):
        with pytest.raises(errors.EnrolmentRefused):
            kiosk.portal.enrol("WRONG-WRONG-1", UNIT)
    with pytest.raises(errors.EnrolmentRefused):
        kiosk.portal.enrol(CODE, UNIT)


def test_a_code_lasts_a_day(town: Town) -> None:
    kiosk = town.kiosk()
    town.clock.ahead += timedelta(hours=24, seconds=1)
    with pytest.raises(errors.EnrolmentRefused):
        kiosk.portal.enrol(CODE, UNIT)


def test_a_code_enrols_one_key(town: Town) -> None:
    town.enrolled()
    with pytest.raises(errors.EnrolmentRefused):
        town.kiosk().portal.enrol(CODE, UNIT)


def test_an_enrolment_must_be_signed_with_the_key_it_enrols(town: Town) -> None:
    kiosk = town.kiosk()
    other = town.kiosk()
    said = {"code": CODE, "kioskId": "PK03", "unitCode": UNIT,
            "publicKey": signature.to_base64url(signature.public_key(other.identity.seed))}  # fmt: skip
    answer = kiosk.ask("POST", "/kiosks", said)
    assert (answer.status, conforms(answer, "post", "/kiosks")["type"]) == (401, "/problems/unknown-key")


def test_a_redirect_is_not_followed(town: Town) -> None:
    answer = requests.get(town.url + "/", allow_redirects=False, timeout=5)
    assert answer.status_code == 302
    kiosk = town.kiosk()
    with pytest.raises(errors.Unsure, match="foreign"):
        kiosk.portal._exchange("GET", "/../../")
