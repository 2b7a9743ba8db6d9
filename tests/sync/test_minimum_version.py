"""The gateway takes submissions only of kiosks that are new enough; an older one keeps them and is told why."""

import json
from dataclasses import replace

import pytest

from sync import errors, link
from sync.gateway import GatewaySettings
from tests.sync.portal_responses import HELLO, json_response, open_kiosk_sync
from tests.sync.practice_gateway import Kiosk, PracticeGateway
from tests.sync.scripted_server import ScriptedServer


def _demand(practice: PracticeGateway, version: str) -> None:
    context = practice.gateway.app.extensions["gateway"]
    context.settings = replace(context.settings, minimum_version=version)


def _paused(kiosk: Kiosk) -> tuple[str | None, str | None]:
    with kiosk.store.read() as db:
        state = link.state(db)
    return state.paused, state.last_code


def test_an_older_kiosk_keeps_its_forms_and_sends_them_after_its_update(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    kiosk.portal.release = "0.9.0"
    _demand(practice, "0.10.0")
    subject = kiosk.submit()
    kiosk.boot()
    kiosk.run_rounds()
    assert _paused(kiosk) == ("version", "release 0.10.0")
    assert kiosk.outbox_state(subject) == "todo"
    assert practice.submission_ids() == []
    kiosk.portal.release = "0.10.0"
    kiosk.drain()
    assert practice.submission_ids() == [subject]
    assert _paused(kiosk)[0] is None


@pytest.mark.parametrize("path", ["/submissions", "/events"])
def test_a_kiosk_that_reads_no_minimum_is_refused_with_426_and_nothing_is_taken(
    practice: PracticeGateway, path: str
) -> None:
    kiosk = practice.enrolled_kiosk()
    _demand(practice, "0.10.0")
    for release in ("", "0.9.0"):
        kiosk.portal.release = release
        answer = kiosk.send_request("POST", path, {"whatever": []})
        assert answer.status == 426
        assert json.loads(answer.body)["type"] == "/problems/old-release"
    assert kiosk.send_request("GET", "/changes").status == 200, "an old kiosk still reads what the province decided"


def test_the_release_of_before_numbers_goes_on_where_no_minimum_is_set(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    subject = kiosk.submit()
    kiosk.drain()
    assert practice.submission_ids() == [subject]
    assert "minimumVersion" not in json.loads(kiosk.send_request("GET", "/hello").body)


@pytest.mark.parametrize("minimum", ["newest", "", 7, None, "1.0", "9.9.9.9"])
def test_a_minimum_that_is_no_release_stops_nothing(minimum: object) -> None:
    server = ScriptedServer(lambda _request: json_response("200 OK", HELLO | {"minimumVersion": minimum}))
    portal = open_kiosk_sync(server.url)
    portal.release = "0.1.0"
    try:
        assert portal.hello().minimum_version == ""
    finally:
        portal.close()
        server.close()


def test_a_kiosk_names_its_release_in_each_request() -> None:
    seen: list[bytes] = []

    def answer(request: bytes) -> bytes:
        seen.append(request)
        return json_response("200 OK", HELLO)

    server = ScriptedServer(answer)
    portal = open_kiosk_sync(server.url)
    portal.release = "0.12.0"
    try:
        portal.hello()
    finally:
        portal.close()
        server.close()
    assert b"\r\nUser-Agent: ward-kiosk/0.12.0\r\n" in seen[0]


def test_a_minimum_that_is_no_release_stops_the_gateway_in_words(practice: PracticeGateway) -> None:
    with pytest.raises(ValueError, match="such as"):
        replace(practice.settings, minimum_version="newest")
    assert GatewaySettings.minimum_version == ""


def test_no_release_is_an_error_of_the_connection() -> None:
    assert errors.WrongVersion(errors.MINIMUM + "0.10.0").fact == "release-0.10.0"
