"""The adapter of kiosk-sync/1 against a scripted server."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sync import errors
from sync.encoding import sha256_hex
from sync.parcel import Event, Hello, Parcel
from sync.portals.kiosk_sync import KioskSync
from tests.sync.portal_responses import (
    BODY,
    CREATED,
    HELLO,
    ID,
    PARCEL,
    RECEIPT,
    TIME,
    answer_with,
    json_response,
    open_kiosk_sync,
)
from tests.sync.scripted_server import ScriptedServer, http_response


def test_the_results_are_read_by_id(open_portal: Callable[..., KioskSync]) -> None:
    sent = open_portal(json_response("200 OK", CREATED)).send([PARCEL])
    assert sent.epoch == "e1"
    assert sent.outcomes[ID].kind == "created"
    assert sent.outcomes[ID].receipt.digest == PARCEL.digest


PAUSES = [
    ("401 Unauthorized", {"type": "/problems/unknown-key"}, (), errors.NotKnown, None),
    ("401 Unauthorized", {"type": "/problems/signature"}, (), errors.NotKnown, None),
    ("401 Unauthorized", {"type": "/problems/clock", "serverTime": TIME}, (), errors.WrongClock, None),
    ("401 Unauthorized", {"type": "/problems/replay"}, (), errors.NotKnown, None),
    ("403 Forbidden", {"type": "/problems/revoked"}, (), errors.NotAllowed, None),
    ("426 Upgrade Required", {}, (), errors.WrongVersion, None),
    ("429 Too Many Requests", {}, (), errors.TooFast, None),
    ("429 Too Many Requests", {}, ("Retry-After: 120",), errors.TooFast, 120),
    ("503 Service Unavailable", {}, ("Retry-After: Tue, 24 Nov 2026 01:40:00 GMT",), errors.TooFast, 600),
    ("503 Service Unavailable", {}, ("Retry-After: Tue, 24 Nov 2026 01:20:00 GMT",), errors.TooFast, 0),
    ("429 Too Many Requests", {}, ("Retry-After: soon",), errors.TooFast, None),
]


@pytest.mark.parametrize(("status", "body", "headers", "kind", "seconds"), PAUSES)
def test_an_answer_that_pauses(
    open_portal: Callable[..., KioskSync],
    status: str,
    body: object,
    headers: tuple[str, ...],
    kind: type[errors.Pause],
    seconds: float | None,
) -> None:
    with pytest.raises(kind) as caught:
        open_portal(json_response(status, body, *headers)).send([PARCEL])
    assert type(caught.value) is kind
    assert caught.value.seconds == seconds


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
@pytest.mark.parametrize("kind", ["/problems/Nguyễn Văn A, 046199001234", "/problems/" + "a" * 33, "/problems/", 7])
def test_a_problem_type_becomes_a_code_only_when_it_is_a_word(
    open_portal: Callable[..., KioskSync], status: str, kind: object
) -> None:
    with pytest.raises(errors.Pause) as caught:
        open_portal(json_response(status, {"type": kind})).send([PARCEL])
    assert caught.value.code == status[:3], "codes are shown on the technician's page and in the log"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("400 Bad Request", errors.BadRequestBody),
        ("422 Unprocessable", errors.BadRequestBody),
        ("413 Too Large", errors.TooLarge),
        ("410 Gone", errors.Restored),
        ("500 Oops", errors.Unsure),
        ("502 Oops", errors.Unsure),
        ("503 Oops", errors.Unsure),
        ("302 Found", errors.Unsure),
        ("204 Nothing", errors.Unsure),
        ("404 Not Found", errors.Unsure),
    ],
)
def test_an_answer_that_does_not_pause(open_portal: Callable[..., KioskSync], status: str, kind: type) -> None:
    with pytest.raises(kind) as caught:
        open_portal(json_response(status, {}, "Location: https://elsewhere.example/")).send([PARCEL])
    assert type(caught.value) is kind


FOREIGN_RESPONSES = [
    http_response("200 OK", b"<html>Wi-Fi</html>", "Content-Type: text/html", protocol_headers=False),
    json_response("200 OK", {}, protocol_headers=False),
    json_response("200 OK", CREATED, protocol_headers=False),
    json_response("401 Unauthorized", {}, protocol_headers=False),
    json_response("403 Forbidden", {}, protocol_headers=False),
    json_response("422 Unprocessable", {}, protocol_headers=False),
    json_response("200 OK", CREATED, "Sync-Protocol: kiosk-sync/1", protocol_headers=False),
    json_response("200 OK", CREATED, "Sync-Epoch: e1", protocol_headers=False),
    json_response("200 OK", CREATED, "Sync-Protocol: http/1", "Sync-Epoch: e1", protocol_headers=False),
    json_response("200 OK", CREATED, "Sync-Protocol: kiosk-sync/1", f"Sync-Epoch: {'e' * 65}", protocol_headers=False),
    http_response("200 OK", b'{"results": ['),
    http_response("200 OK", b"[" * 50_000),
    http_response("200 OK", b"[]"),
    http_response("200 OK", b"{}"),
    http_response("200 OK", b'{"results": {}}'),
    json_response("200 OK", CREATED, "Sync-Key-Id: of-another-kiosk"),
    json_response("200 OK", CREATED).replace(b"Content-Length: ", b"Content-Length: 9"),
    b"not http at all\r\n\r\n",
    http_response("200 OK", b"not gzip", "Content-Encoding: gzip"),
    http_response("200 OK", gzip.compress(b" " * 200_000), "Content-Encoding: gzip"),
    http_response("200 OK", b" " * 200_000),
    None,
]


@pytest.mark.parametrize("answer", FOREIGN_RESPONSES)
def test_a_foreign_answer_leaves_it_open_whether_the_form_arrived(
    open_portal: Callable[..., KioskSync], answer: bytes | None
) -> None:
    with pytest.raises(errors.Unsure) as caught:
        open_portal(answer, seconds=1.0).send([PARCEL])
    assert type(caught.value) is errors.Unsure


@pytest.mark.parametrize(
    ("status", "code"),
    [("421 Misdirected Request", "421"), ("502 Bad Gateway", "502"),
     ("503 Service Unavailable", "503"), ("504 Gateway Time-out", "504"),
     ("200 OK", "foreign answer"), ("511 Network Authentication Required", "foreign answer")],
)  # fmt: skip
def test_a_gateway_that_is_down_behind_its_web_server_is_told_from_a_captive_portal(
    open_portal: Callable[..., KioskSync], status: str, code: str
) -> None:
    page = json_response(status, {}, protocol_headers=False)
    with pytest.raises(errors.Unsure) as caught:
        open_portal(page, seconds=5.0).send([PARCEL])
    assert caught.value.code == code


def test_a_gateway_that_serves_another_address_has_taken_nothing(open_portal: Callable[..., KioskSync]) -> None:
    with pytest.raises(errors.NotSent) as caught:
        open_portal(json_response("421 Misdirected Request", {"type": "/problems/host"})).send([PARCEL])
    assert (caught.value.reason, caught.value.code) == ("link", "421")


def test_a_feed_that_another_kiosk_asked_for_moves_no_cursor(open_portal: Callable[..., KioskSync]) -> None:
    answers = (
        json_response("200 OK", {"items": [], "cursor": "e1.9.abc", "more": False}, "Sync-Key-Id: of-another-kiosk"),
        json_response("410 Gone", {"type": "/problems/restored"}, "Sync-Key-Id: of-another-kiosk"),
    )
    for answer in answers:
        with pytest.raises(errors.Unsure) as caught:
            open_portal(answer).changes(None)
        assert (type(caught.value), caught.value.code) == (errors.Unsure, "foreign answer")


def test_another_protocol_version_is_refused(open_portal: Callable[..., KioskSync]) -> None:
    other = json_response("200 OK", CREATED, "Sync-Protocol: kiosk-sync/2", "Sync-Epoch: e1", protocol_headers=False)
    with pytest.raises(errors.WrongVersion):
        open_portal(other).send([PARCEL])


MALFORMED_RESULTS = [
    [],
    [None, 1, "x", [], {}],
    [{"submissionId": ID}],
    [{"submissionId": ID, "outcome": "taken"}],
    [{"submissionId": ID, "outcome": "created", "receipt": {}}],
    [{"submissionId": ID, "outcome": "created", "receipt": {**RECEIPT, "statusCode": 11}}],
    [{"submissionId": ID, "outcome": "created", "receipt": {**RECEIPT, "revision": "1"}}],
    [{"submissionId": ID, "outcome": "created", "receipt": {**RECEIPT, "digest": "x"}}],
    [{"submissionId": ID, "outcome": "created", "receipt": {**RECEIPT, "receivedAt": "2026-11-24"}}],
    [{"submissionId": ID, "outcome": "retry", "retryAfter": 86400}],
    [{"submissionId": ID, "outcome": "invalid"}, {"submissionId": ID, "outcome": "conflict"}],
]


@pytest.mark.parametrize("results", MALFORMED_RESULTS)
def test_a_malformed_result_is_ignored(open_portal: Callable[..., KioskSync], results: list[Any]) -> None:
    assert open_portal(json_response("200 OK", {"results": results})).send([PARCEL]).outcomes == {}


def test_errors_of_a_form_are_cut_to_a_maximum_length(open_portal: Callable[..., KioskSync]) -> None:
    problems = [{"pointer": "/a", "code": "c", "message": "x" * 9999}, {"pointer": 1}, "x"] * 100
    refused = {"results": [{"submissionId": ID, "outcome": "invalid", "errors": problems}]}
    outcome = open_portal(json_response("200 OK", refused), max_bytes=9_000_000).send([PARCEL]).outcomes[ID]
    assert (len(outcome.errors[0].message), outcome.errors[1].pointer) == (2000, "")
    assert len(outcome.errors) <= 100


def test_the_body_is_sent_as_it_was_frozen_signed_and_gzipped_when_it_is_long() -> None:
    with ScriptedServer(answer_with(json_response("200 OK", CREATED))) as server:
        long = Parcel(submission_id=ID, digest=sha256_hex(BODY * 100), body=BODY * 100, receipt_no="PK03-261124-0001-X")
        portal = open_kiosk_sync(server.url)
        portal.send([PARCEL])
        portal.send([long])
        portal.close()
    short_head, short_body = server.requests[1].split(b"\r\n\r\n", 1)
    assert json.loads(short_body)["submissions"][0]["body"].encode() == BODY
    assert b"Content-Encoding" not in short_head
    head, body = server.requests[2].split(b"\r\n\r\n", 1)
    assert json.loads(gzip.decompress(body))["submissions"][0]["body"].encode() == BODY * 100
    assert b"POST /kiosk-sync/v1/submissions HTTP/1.1" in head
    assert b"Content-Encoding: gzip" in head
    assert b'kiosk=("@method" "@authority" "@path" "@query" "content-digest" "content-type" "content-encoding")' in head
    assert b"Cookie" not in head
    assert server.connections == 1


def test_events_have_a_url_of_their_own() -> None:
    taken = {"results": [{"eventId": ID, "outcome": "created"}]}
    with ScriptedServer(answer_with(json_response("200 OK", taken))) as server:
        portal = open_kiosk_sync(server.url)
        body = json.dumps({"eventId": ID}).encode()
        sent = portal.send([Event(event_id=ID, submission_id="x", seq=1, digest=sha256_hex(body), body=body)])
        portal.close()
    assert sent.outcomes[ID].kind == "created"
    assert server.requests[1].startswith(b"POST /kiosk-sync/v1/events ")


@pytest.mark.parametrize("kind", ["clock", "replay"])
def test_after_a_wrong_clock_or_a_replay_it_signs_again_once_with_the_portals_time(kind: str) -> None:
    problem = {"type": f"/problems/{kind}", "serverTime": "2031-01-01T00:00:00Z"}
    requests: list[bytes] = []

    def respond(request: bytes) -> bytes:
        if b"/hello" in request.split(b"\r\n")[0]:
            return json_response("200 OK", HELLO)
        requests.append(request)
        return json_response("401 Unauthorized", problem) if len(requests) == 1 else json_response("200 OK", CREATED)

    with ScriptedServer(respond) as server:
        portal = open_kiosk_sync(server.url)
        portal.send([PARCEL])
        portal.close()
    created = [int(request.partition(b";created=")[2].partition(b";")[0]) for request in requests]
    nonces = [request.partition(b';nonce="')[2].partition(b'"')[0] for request in requests]
    moved = created[1] - created[0]
    assert moved > 86400 * 365 if kind == "clock" else moved <= 3
    assert len(set(nonces)) == 2


def test_the_machines_own_wall_clock_is_never_read() -> None:
    seconds = [100.0]
    with ScriptedServer(answer_with(json_response("200 OK", CREATED))) as server:
        portal = open_kiosk_sync(server.url, clock=lambda: seconds[0])
        portal.hello()
        seconds[0] += 90
        portal.send([PARCEL])
        portal.close()
    created = int(server.requests[1].partition(b";created=")[2].partition(b";")[0])
    assert created == (datetime.fromisoformat(TIME) + timedelta(seconds=90)).timestamp()


def test_hello_is_parsed(open_portal: Callable[..., KioskSync]) -> None:
    assert open_portal(None).hello() == Hello(
        epoch="e1",
        server_time=datetime(2026, 11, 24, 1, 30, tzinfo=UTC),
        is_maintenance=False,
        batch_limit=50,
        bytes_limit=65536,
    )


def test_a_form_can_be_verified(open_portal: Callable[..., KioskSync]) -> None:
    assert open_portal(json_response("200 OK", {"receipt": RECEIPT})).verify(PARCEL) == "present"
    assert (
        open_portal(json_response("200 OK", {"receipt": {**RECEIPT, "digest": "0" * 64}})).verify(PARCEL) == "different"
    )
    assert open_portal(json_response("404 Not Found", {})).verify(PARCEL) == "absent"
    assert (
        open_portal(None).verify(Event(event_id=ID, submission_id=ID, seq=1, digest="x", body=b"{}")) == "cannot_tell"
    )
    with pytest.raises(errors.NotAllowed):
        open_portal(json_response("403 Forbidden", {})).verify(PARCEL)


def test_a_page_with_a_malformed_receipt_is_refused(open_portal: Callable[..., KioskSync]) -> None:
    page = {"items": [RECEIPT, {}], "cursor": "e1:2", "more": False}
    with pytest.raises(errors.Unsure):
        open_portal(json_response("200 OK", page)).changes("e1:0&limit=1")
    good = open_portal(
        json_response("200 OK", {**page, "items": [{**RECEIPT, "note": "x", "officialNo": None}]})
    ).changes(None)
    assert (good.cursor, good.has_more, good.receipts[0].note) == ("e1:2", False, "x")


def test_a_cursor_is_escaped_in_the_url() -> None:
    with ScriptedServer(answer_with(json_response("200 OK", {"items": [], "cursor": "c", "more": False}))) as server:
        portal = open_kiosk_sync(server.url)
        portal.changes("a&limit=1#?/ %")
        portal.close()
    path = b"/kiosk-sync/v1/changes?cursor=a%26limit%3D1%23%3F%2F%20%25&payments=true"
    assert server.requests[1].startswith(b"GET " + path + b" HTTP/1.1")
