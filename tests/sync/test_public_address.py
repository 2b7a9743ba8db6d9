"""The public address of a gateway: Origin, cookie and signatures depend on it, whatever a proxy passes on."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from sync import link, signature
from sync.gateway import Enrolment, kiosks
from sync.gateway.public_address import find_address, parse_address, practice_address
from sync.portals.kiosk_sync import BASE
from tests.sync.contract_checks import conforms
from tests.sync.practice_gateway import CODE, PASSWORD, UNIT, PracticeGateway

URL = "https://gateway.example:9443"


@pytest.fixture
def live(tmp_path: Path) -> Iterator[PracticeGateway]:
    """Return a gateway outside practice; its kiosk calls the plain port, as a proxy does."""
    live = PracticeGateway(tmp_path, practice=False, public_urls=(URL, "https://old.example"))
    yield live
    live.close()


@pytest.fixture
def operator(live: PracticeGateway) -> Iterator[FlaskClient]:
    with live.gateway.app.test_client() as client:
        yield client


def test_a_kiosk_that_calls_another_address_keeps_its_form_and_knows_why(live: PracticeGateway) -> None:
    kiosk = live.new_kiosk()
    form = kiosk.submit(mode="live")
    kiosk.run_until_failed(1)
    with kiosk.store.read() as db:
        state = link.state(db)
    assert (state.is_up, state.last_class, state.last_code) == (False, "link", "421")
    assert kiosk.outbox_state(form) == "todo", "the gateway has taken nothing"


@pytest.mark.parametrize(
    ("url", "origin", "hosts"),
    [
        ("https://gateway.example", "https://gateway.example", {"gateway.example", "gateway.example:443"}),
        ("https://Gateway.Example:443/", "https://gateway.example", {"gateway.example", "gateway.example:443"}),
        (URL, URL, {"gateway.example", "gateway.example:9443"}),
        ("https://[2001:db8::7]:9443", "https://[2001:db8::7]:9443", {"[2001:db8::7]", "[2001:db8::7]:9443"}),
        ("http://127.0.0.1:8101", "http://127.0.0.1:8101", {"127.0.0.1", "127.0.0.1:8101"}),
    ],
)
def test_an_address_has_one_origin_and_the_hosts_that_mean_it(url: str, origin: str, hosts: set[str]) -> None:
    address = parse_address(url)
    assert (address.origin, set(address.hosts)) == (origin, hosts)


@pytest.mark.parametrize(
    "url",
    [
        "gateway.example",
        "http://gateway.example",
        "https://",
        "https://gateway.example/kiosks",
        "https://u@gateway.example",
        "https://gateway.example?x",
        "https://gateway.example:port",
    ],
)
def test_another_url_is_no_public_address(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_address(url)


def test_only_a_host_of_the_gateway_is_found() -> None:
    addresses = [parse_address(URL), parse_address("https://old.example")]
    assert find_address(addresses, "GATEWAY.example") == addresses[0]
    assert find_address(addresses, "old.example:443") == addresses[1]
    for host in ("", "gateway.example:443", "gateway.example.attacker.example", "127.0.0.1:8101"):
        assert find_address(addresses, host) is None


def test_practice_answers_on_this_machine_only() -> None:
    assert practice_address("127.0.0.1:8001") == parse_address("http://127.0.0.1:8001")
    for host in ("", "gateway.example", "192.168.1.7:8001", "127.0.0.1:port"):
        assert practice_address(host) is None


def test_a_gateway_outside_practice_does_not_start_without_a_public_address(live: PracticeGateway) -> None:
    with pytest.raises(ValueError, match="public address"):
        replace(live.settings, public_urls=())


@pytest.mark.parametrize("host", ["gateway.example:9443", "gateway.example", "old.example"])
def test_a_signature_is_checked_for_the_public_address_even_if_the_proxy_drops_the_port(
    live: PracticeGateway, host: str
) -> None:
    kiosk = live.new_kiosk()
    public_url = "https://old.example" if host == "old.example" else URL
    request = kiosk.http.prepare("GET", f"{public_url}{BASE}/changes", {}, None)
    signature.sign(request, kiosk.identity.seed, content=None, created=live.clock(), nonce=kiosk.identity.nonce())
    request.url = f"{live.url}{BASE}/changes"
    request.headers["Host"] = host
    answer = kiosk.http.exchange(request)
    assert conforms(answer, "get", "/changes")["type"] == "/problems/unknown-key", "the signature itself is valid"


def test_a_signature_for_another_address_is_refused(live: PracticeGateway) -> None:
    kiosk = live.new_kiosk()
    with live.engine.begin() as db:
        kiosks.enrol(db, Enrolment(CODE, "PK03", UNIT), signature.public_key(kiosk.identity.seed), live.clock())
    request = kiosk.http.prepare("GET", f"https://old.example{BASE}/changes", {}, None)
    signature.sign(request, kiosk.identity.seed, content=None, created=live.clock(), nonce=kiosk.identity.nonce())
    request.url = f"{live.url}{BASE}/changes"
    request.headers["Host"] = "gateway.example:9443"
    answer = kiosk.http.exchange(request)
    assert conforms(answer, "get", "/changes")["type"] == "/problems/signature"


def test_an_operator_signs_in_although_the_proxy_speaks_plain_http(operator: FlaskClient) -> None:
    answer = operator.post(
        "/sign-in",
        data={"login": "operator", "password": PASSWORD},
        headers={"Host": "gateway.example:9443", "Origin": URL},
    )
    assert answer.status_code == 302
    assert "Secure" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("origin", ["http://gateway.example:9443", "https://gateway.example", "https://old.example"])
def test_a_form_of_another_origin_is_refused(operator: FlaskClient, origin: str) -> None:
    headers = {"Host": "gateway.example:9443", "Origin": origin}
    answer = operator.post("/sign-in", data={"login": "operator", "password": PASSWORD}, headers=headers)
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (403, False)


@pytest.mark.parametrize("path", ["/sign-in", "/static/gateway.css", "/nowhere", f"{BASE}/hello"])
def test_nothing_is_answered_for_another_host(operator: FlaskClient, path: str) -> None:
    answer = operator.get(path, headers={"Host": "gateway.attacker.example"})
    assert answer.status_code == 421
    assert ("Sync-Epoch" in answer.headers) is path.startswith(BASE)
