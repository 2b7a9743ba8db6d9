"""Connection test over real sockets: each failure in its own words; a machine that was never enrolled says so."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.health import connection
from kiosk.portal import connection_test
from kiosk.portal.connection_test import NAMES, ConnectionStep
from kiosk.portal.signing_key import portal_key
from kiosk.startup import wiring
from sync.gateway import Enrolment, Gateway, GatewaySettings, serve_in_thread
from tests.pages.technician.sitting import Bench
from tests.sync.portal_responses import HELLO, answer_with, json_response
from tests.sync.scripted_server import ScriptedServer
from tests.sync.test_http_client import certificate

UNIT = "H57.99.01"
CODE = "AAAA-AAAA-AAAA"


@pytest.fixture
def context(app: Flask) -> Context:
    context: Context = app.extensions["context"]
    return context


@pytest.fixture
def gateway(tmp_path: Path, clock: FixedClock) -> Iterator[Gateway]:
    settings = GatewaySettings(
        database=str(tmp_path / "gateway.db"),
        operator_password="mat-khau-cua-nguoi-truc",
        now=clock.now,
        token=lambda: "token",
        practice=True,
        enrolment=(Enrolment(CODE, "PK03", UNIT),),
    )
    gateway, thread = serve_in_thread(settings)
    yield gateway
    gateway.close()
    thread.join(5)


def _at(context: Context, url: str, ca: Path | None = None) -> Context:
    """Return the context of the same kiosk with another portal."""
    portal = replace(context.config.portal, url=url, ca=str(ca) if ca else "")
    return replace(context, config=replace(context.config, portal=portal))


def _states(steps: list[ConnectionStep]) -> list[str]:
    assert tuple(step.name for step in steps) == NAMES
    assert all(step.do for step in steps if step.state == "fault")
    return [step.state for step in steps]


def _failed(steps: list[ConnectionStep], at: int) -> ConnectionStep:
    assert _states(steps) == ["ok"] * at + ["fault"] + ["waits"] * (len(NAMES) - at - 1)
    return steps[at]


def _enrol(context: Context) -> None:
    portal = wiring.open_enrolling_portal(context.config, portal_key(context.config.portal_key_path))
    assert portal is not None
    portal.enrol(CODE, UNIT)
    portal.close()


def test_a_machine_that_is_not_enrolled_is_told_to_get_a_code_and_one_that_is_passes(
    context: Context, gateway: Gateway
) -> None:
    here = _at(context, gateway.url)
    assert "mã ghi danh" in _failed(wiring.test_connection(here), 3).do
    _enrol(here)
    assert _states(wiring.test_connection(here)) == ["ok"] * 5


def test_a_clock_that_is_wrong_is_the_last_step(context: Context, gateway: Gateway, clock: FixedClock) -> None:
    here = _at(context, gateway.url)
    _enrol(here)
    late = FixedClock(clock.now())
    late.advance(-3600)
    assert "60 phút" in _failed(wiring.test_connection(replace(here, clock=late)), 4).words


def test_a_name_that_nobody_knows(context: Context) -> None:
    assert "cong.invalid" in _failed(wiring.test_connection(_at(context, "https://cong.invalid")), 0).words


def test_a_port_where_nobody_listens(context: Context) -> None:
    with ScriptedServer(answer_with(None)) as server:
        url = server.url
    assert "Không nối được" in _failed(wiring.test_connection(_at(context, url)), 1).words


@pytest.mark.machine_date
@pytest.mark.parametrize(
    ("name", "days", "is_pinned", "words"),
    [
        ("elsewhere.example", 1, True, "của tên khác"),
        ("127.0.0.1", -1, True, "hết hạn"),
        ("127.0.0.1", 1, False, "do nơi khác cấp"),
    ],
)
def test_a_certificate_that_cannot_be_used_says_why(
    context: Context, tmp_path: Path, name: str, days: int, is_pinned: bool, words: str
) -> None:
    ca, tls = certificate(tmp_path, name, days=days)
    with ScriptedServer(answer_with(None), tls=tls) as server:
        step = _failed(wiring.test_connection(_at(context, server.url, ca if is_pinned else None)), 1)
    assert words in step.words


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("421 Misdirected Request", "không nhận địa chỉ này"),
        ("502 Bad Gateway", "đang nâng cấp"),
        ("200 OK", "máy khác trả lời thay cổng"),
    ],
)
def test_a_gateway_that_is_down_and_a_sign_in_page_are_told_apart(context: Context, status: str, words: str) -> None:
    page = json_response(status, {}, protocol_headers=False)
    with ScriptedServer(lambda _request: page) as server:
        assert words in _failed(wiring.test_connection(_at(context, server.url)), 2).words


def test_a_key_that_may_not_send_has_words_of_its_own(context: Context) -> None:
    refusal = json_response("403 Forbidden", {"type": "/problems/foreign-unit"})
    with ScriptedServer(answer_with(refusal)) as server:
        assert "không cho gửi" in _failed(wiring.test_connection(_at(context, server.url)), 3).words
    assert HELLO["protocol"] == "kiosk-sync/1"


def test_without_a_portal_there_is_nothing_to_test(context: Context) -> None:
    portal = replace(context.config.portal, kind="none")
    assert wiring.test_connection(replace(context, config=replace(context.config, portal=portal))) == []


def _live(context: Context) -> Context:
    return replace(context, config=replace(context.config, kiosk=replace(context.config.kiosk, practice=False)))


def test_a_machine_that_was_never_enrolled_says_so_before_the_first_form(context: Context) -> None:
    assert connection.link(context).state == "note", "practice enrols itself"
    result = connection.link(_live(context))
    assert (result.state, result.code) == ("warning", "LINK-14")
    with context.store.write() as db:
        db.execute("update link set paused = 'auth', last_success = '2026-11-24T01:30:00.000Z' where id = 1")
    assert connection.link(_live(context)).code == "LINK-14", "a greeting needs no key"
    with context.store.write() as db:
        db.execute("update link set cursor = 'c1' where id = 1")
    assert connection.link(_live(context)).code == "LINK-02", "a key that the portal knew and knows no more"


def test_the_page_runs_the_test_at_a_press(app: Flask, context: Context, gateway: Gateway) -> None:
    app.extensions["test_connection"] = lambda: wiring.test_connection(_at(context, gateway.url))
    bench = Bench(app)
    page = bench.go("/technician/connection")
    assert "Thử kết nối" in page.words
    page = page.post("/technician/connection")
    assert "Cổng chưa biết khóa của máy" in page.words
    assert "Chưa thử: Khóa của máy phải tốt đã" in page.words


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (92, "chứng thư thiếu mục mà máy đòi (CA cert does not include key usage extension)"),
        (10, "chứng thư của cổng hết hạn"),
        (62, "chứng thư là của tên khác"),
        (19, "chứng thư do nơi khác cấp"),
    ],
)
def test_a_certificate_is_refused_for_its_own_reason(code: int, words: str) -> None:
    said, do = connection_test.certificate_fault(code, "CA cert does not include key usage extension")
    assert said == words
    assert ("docs/gateway.md" in do) == (code == 92), "the wire is not blamed for a certificate"
