"""Requests that the gateway refuses: wrong bytes, signatures and codes."""

import gzip
import json
from datetime import timedelta

import pytest
import requests

from sync import errors, signature
from sync.portals.http_client import HttpResponse
from sync.portals.kiosk_sync import BASE
from tests.sync.contract_checks import conforms, envelope
from tests.sync.practice_gateway import Kiosk, PracticeGateway


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/submissions", {"submissions": []}),
        ("/submissions", {"submissions": [{}] * 51}),
        ("/submissions", {"submissions": [{"submissionId": "x", "digest": "y", "body": "z"}]}),
        ("/submissions", []),
        ("/events", {"events": [{"eventId": "x"}]}),
        ("/known", {"ids": []}),
    ],
)
def test_a_request_of_another_shape_is_422(practice: PracticeGateway, path: str, content: object) -> None:
    answer = practice.enrolled_kiosk().send_request("POST", path, content)
    assert conforms(answer, "post", path)["type"] == "/problems/shape"
    assert answer.status == 422


def send_signed(
    kiosk: Kiosk, practice: PracticeGateway, content: bytes, *, path: str = "/submissions", **headers: str
) -> HttpResponse:
    all_headers = {"Content-Type": "application/json"}
    all_headers |= {name.replace("_", "-"): value for name, value in headers.items()}
    request = kiosk.http.prepare("POST", f"{practice.url}{BASE}{path}", all_headers, content)
    nonce = kiosk.identity.nonce()
    signature.sign(request, kiosk.identity.seed, content=content, created=practice.clock(), nonce=nonce)
    return kiosk.http.exchange(request)


def test_a_gzip_bomb_is_not_inflated(practice: PracticeGateway) -> None:
    answer = send_signed(
        practice.enrolled_kiosk(), practice, gzip.compress(b" " * (200 << 20)), Content_Encoding="gzip"
    )
    assert (answer.status, conforms(answer, "post", "/submissions")["type"]) == (413, "/problems/too-large")


def test_a_batch_of_millions_of_numbers_is_refused_before_they_are_parsed(practice: PracticeGateway) -> None:
    content = gzip.compress(b'{"submissions":[' + b"1," * 4_000_000 + b"1]}", mtime=0)
    assert len(content) < 16_384
    answer = send_signed(practice.enrolled_kiosk(), practice, content, Content_Encoding="gzip")
    assert (answer.status, conforms(answer, "post", "/submissions")["type"]) == (400, "/problems/not-json")


@pytest.mark.parametrize(("count", "status"), [(1000, 200), (1001, 422), (60_000, 413)])
def test_a_question_about_too_many_submissions_is_refused_before_it_is_read(
    practice: PracticeGateway, count: int, status: int
) -> None:
    ids = [{"submissionId": f"01a22ee4-d8ab-70a3-9f5e-{number:012x}", "digest": "0" * 64} for number in range(count)]
    content = gzip.compress(json.dumps({"ids": ids}).encode(), mtime=0)
    answer = send_signed(practice.enrolled_kiosk(seconds=60), practice, content, path="/known", Content_Encoding="gzip")
    conforms(answer, "post", "/known")
    assert answer.status == status


def test_too_many_bytes_are_refused_with_the_headers_of_the_protocol(practice: PracticeGateway) -> None:
    answer = send_signed(practice.enrolled_kiosk(seconds=20), practice, b" " * ((8 << 20) + 1))
    assert (answer.status, conforms(answer, "post", "/submissions")["type"]) == (413, "/problems/too-large")


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"\xff\xfe", {}, 400),
        (b"[" * 100000, {}, 400),
        (b"no gzip", {"Content_Encoding": "gzip"}, 400),
        (gzip.compress(b"{}", mtime=0)[:-4], {"Content_Encoding": "gzip"}, 400),
        (gzip.compress(b"{}", mtime=0) + b"x", {"Content_Encoding": "gzip"}, 400),
        (b"{}", {"Content_Encoding": "br"}, 400),
        (b"{}", {"Content_Type": "text/plain"}, 400),
        (b"{}", {}, 422),
    ],
)
def test_content_that_cannot_be_read_is_refused(
    practice: PracticeGateway, content: bytes, headers: dict, status: int
) -> None:
    answer = send_signed(practice.enrolled_kiosk(), practice, content, **headers)
    conforms(answer, "post", "/submissions")
    assert answer.status == status


def test_a_request_that_is_delivered_twice_counts_once(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    content = json.dumps({"submissions": [envelope(kiosk)]}).encode()
    request = kiosk.http.prepare(
        "POST", f"{practice.url}{BASE}/submissions", {"Content-Type": "application/json"}, content
    )
    signature.sign(request, kiosk.identity.seed, content=content, created=practice.clock(), nonce="abcdefghijkl")
    assert kiosk.http.exchange(request).status == 200
    again = kiosk.http.exchange(request)
    assert (again.status, conforms(again, "post", "/submissions")["type"]) == (401, "/problems/replay")
    assert len(practice.submission_ids()) == 1


def test_an_unsigned_request_is_refused(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    answer, _ = kiosk.portal._exchange("POST", "/submissions", b"{}")
    assert (answer.status, conforms(answer, "post", "/submissions")["type"]) == (401, "/problems/signature")


def test_a_swapped_body_is_refused(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    request = kiosk.http.prepare(
        "POST", f"{practice.url}{BASE}/submissions", {"Content-Type": "application/json"}, b'{"submissions": []}'
    )
    signature.sign(
        request, kiosk.identity.seed, content=b'{"submissions": [1]}', created=practice.clock(), nonce="a" * 12
    )
    assert kiosk.http.exchange(request).status == 401


@pytest.mark.parametrize("seconds", [-301, 330])  # a busy machine answers some seconds later
def test_a_wrong_clock_gets_the_servers_time(practice: PracticeGateway, seconds: int) -> None:
    kiosk = practice.enrolled_kiosk()
    request = kiosk.http.prepare("GET", f"{practice.url}{BASE}/changes", {}, None)
    created = practice.clock() + timedelta(seconds=seconds)
    signature.sign(request, kiosk.identity.seed, content=None, created=created, nonce="a" * 12)
    answer = kiosk.http.exchange(request)
    body = conforms(answer, "get", "/changes")
    assert (answer.status, body["type"]) == (401, "/problems/clock")
    assert body["serverTime"]


def test_a_kiosk_that_was_never_enrolled_is_unknown(practice: PracticeGateway) -> None:
    answer = practice.new_kiosk().send_request("GET", "/changes")
    assert (answer.status, conforms(answer, "get", "/changes")["type"]) == (401, "/problems/unknown-key")


def test_a_revoked_kiosk_is_refused(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    practice.sql("update kiosks set revoked_at = '2026-11-24T01:00:00.000Z'")
    answer = kiosk.send_request("GET", "/changes")
    assert (answer.status, conforms(answer, "get", "/changes")["type"]) == (403, "/problems/revoked")
    with pytest.raises(errors.NotAllowed):
        kiosk.portal.changes(None)


def test_a_redirect_is_not_followed(practice: PracticeGateway) -> None:
    answer = requests.get(practice.url + "/", allow_redirects=False, timeout=60)
    assert answer.status_code == 302
    kiosk = practice.new_kiosk()
    with pytest.raises(errors.Unsure, match="foreign"):
        kiosk.portal._exchange("GET", "/../../")
