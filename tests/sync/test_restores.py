"""Kiosk-Restores tells two machines with one key apart; a kiosk signs it for a gateway that announces this."""

from dataclasses import replace
from typing import Any

import pytest

from sync.portals.http_client import HttpResponse
from sync.portals.kiosk_sync import PROTOCOL
from tests.sync.practice_gateway import Kiosk, PracticeGateway

HEADER = "Kiosk-Restores"


def problem(answer: HttpResponse) -> str:
    return answer.body.decode().partition('"/problems/')[2].partition('"')[0]


def stored(practice: PracticeGateway) -> tuple[int, bool]:
    """Return the restores of the kiosk that the gateway knows, and whether it has signed them."""
    [(restores, is_signed)] = practice.sql("select restores, signs_restores from kiosks")
    return restores, bool(is_signed)


def set_restores(kiosk: Kiosk, restores: int) -> None:
    """Let the kiosk be one whose store was restored so often."""
    kiosk.portal._identity = replace(kiosk.portal._identity, restores=restores)


def act_as_older_release(kiosk: Kiosk) -> None:
    """Let the kiosk sign as a release before the announcement did: without the header."""
    kiosk.portal._signs_restores = False


def forge(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    """Replace the header of each request on its way to the gateway, or take it away."""
    exchange = kiosk.http.exchange

    def exchange_forged(request: Any) -> HttpResponse:
        request.headers.pop(HEADER, None)
        if value is not None:
            request.headers[HEADER] = value
        return exchange(request)

    monkeypatch.setattr(kiosk.http, "exchange", exchange_forged)


@pytest.mark.parametrize("value", ["9", "0", None])
def test_a_header_that_was_changed_on_its_way_is_refused(
    practice: PracticeGateway, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    kiosk = practice.enrolled_kiosk()
    set_restores(kiosk, 2)
    assert kiosk.send_request("GET", "/changes").status == 200
    forge(kiosk, monkeypatch, value)
    answer = kiosk.send_request("GET", "/changes")
    assert (answer.status, problem(answer)) == (401, "signature")
    assert stored(practice) == (2, True)


def test_a_header_that_was_added_on_its_way_locks_nobody_out(
    practice: PracticeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = practice.enrolled_kiosk()
    with monkeypatch.context() as on_the_way:
        forge(kiosk, on_the_way, "7")
        assert kiosk.send_request("GET", "/changes").status == 401
    assert kiosk.send_request("GET", "/changes").status == 200
    assert stored(practice) == (0, True)


def test_an_unsigned_number_raises_nothing_at_a_kiosk_that_has_signed_it(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    act_as_older_release(kiosk)
    set_restores(kiosk, 7)
    answer = kiosk.send_request("GET", "/changes")
    assert (answer.status, problem(answer)) == (401, "signature")
    assert stored(practice) == (0, True)
    set_restores(kiosk, 0)
    assert kiosk.send_request("GET", "/changes").status == 200, "a kiosk that went back to an older release is served"


def test_a_kiosk_of_an_older_release_is_served_and_counted_as_before(practice: PracticeGateway) -> None:
    kiosk = practice.new_kiosk()
    kiosk.portal.hello()
    act_as_older_release(kiosk)
    kiosk.portal.enrol("ABCDE-FGHJK-MNPQR", "H57.99.01")
    set_restores(kiosk, 3)
    assert kiosk.send_request("GET", "/changes").status == 200
    assert stored(practice) == (3, False)
    set_restores(kiosk, 2)
    answer = kiosk.send_request("GET", "/changes")
    assert (answer.status, problem(answer)) == (403, "replaced")


def test_an_older_gateway_announces_nothing_and_gets_the_signature_that_it_knows(
    practice: PracticeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = practice.enrolled_kiosk()
    set_restores(kiosk, 1)
    exchange = kiosk.http.exchange
    sent: list[Any] = []

    def exchange_with_older(request: Any) -> HttpResponse:
        sent.append(request)
        answer = exchange(request)
        return replace(answer, body=answer.body.replace(b'"signedRestores": true', b'"signedRestores": false'))

    monkeypatch.setattr(kiosk.http, "exchange", exchange_with_older)
    kiosk.portal.hello()
    kiosk.send_request("GET", "/changes")
    assert sent[-1].headers[HEADER] == "1"
    assert "kiosk-restores" not in sent[-1].headers["Signature-Input"]
    monkeypatch.undo()
    assert kiosk.portal.hello().signs_restores
    answer = kiosk.send_request("GET", "/changes")
    assert (answer.status, answer.headers["Sync-Protocol"]) == (200, PROTOCOL)
