"""A gateway behind nginx, as docs/gateway.md installs it: kiosks and operators reach it, strangers are limited."""

import ssl
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from sync.portals.kiosk_sync import BASE
from tests.sync.contract_checks import conforms, envelope
from tests.sync.nginx import HOST, ProvinceGateway
from tests.sync.practice_gateway import PASSWORD

SEED = b"k" * 32
KEY = "abcdefghijklmnop"
FORM = "application/x-www-form-urlencoded"


pytestmark = [pytest.mark.nginx, pytest.mark.machine_date]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProvinceGateway]:
    province = ProvinceGateway(tmp_path_factory.mktemp("province"))
    yield province
    province.close()


@pytest.fixture
def own_province(tmp_path: Path) -> Iterator[ProvinceGateway]:
    """Return a province for one test alone, which uses up its limits."""
    province = ProvinceGateway(tmp_path)
    yield province
    province.close()


class Answer:
    """Status, headers and content of an answer."""

    def __init__(self, connection: HTTPSConnection) -> None:
        response = connection.getresponse()
        self.status = response.status
        self.headers = response.headers
        self.text = response.read().decode()


def post(province: ProvinceGateway, path: str, content: str | bytes, headers: dict[str, str]) -> Answer:
    """Send a POST request to nginx."""
    context = ssl.create_default_context(cafile=province.ca)
    connection = HTTPSConnection(HOST, province.nginx.port, context=context, timeout=60)
    connection.request("POST", path, content, headers)
    answer = Answer(connection)
    connection.close()
    return answer


def sign_in(province: ProvinceGateway, password: str, **headers: str) -> Answer:
    form = urlencode({"login": "operator", "password": password})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return post(province, "/sign-in", form, {"Content-Type": FORM, **named})


def test_the_file_in_deploy_is_accepted_without_a_warning(province: ProvinceGateway) -> None:
    assert province.nginx.warnings == []


def test_a_kiosk_enrols_and_sends_through_nginx_at_a_port_of_its_own(province: ProvinceGateway) -> None:
    kiosk = province.enrolled_kiosk(seed=SEED)
    form = kiosk.submit(mode="live")
    kiosk.drain()
    assert kiosk.outbox_state(form) == "done"
    assert form in province.submission_ids()


def test_a_phone_opens_a_status_page_and_its_address_is_in_no_log(province: ProvinceGateway) -> None:
    answer = post(province, f"/h/{KEY}", "digits=4719", {"Content-Type": FORM})
    assert (answer.status, "Cứ giữ phiếu này" in answer.text) == (404, True)
    assert post(province, f"/h/{KEY}", "x" * 2000, {"Content-Type": FORM}).status == 413
    assert KEY not in province.nginx.log()
    address = "/can-mang-gi/H57.99.01/1.001193?cha_me=me_don_than"
    assert post(province, address, "", {"Content-Type": FORM}).status == 405
    assert "me_don_than" not in province.nginx.log()


def test_the_form_of_a_browser_is_accepted_at_the_public_address_only(province: ProvinceGateway) -> None:
    own = province.nginx.url
    accepted = sign_in(province, PASSWORD, Origin=own)
    assert (accepted.status, "Secure" in accepted.headers["Set-Cookie"]) == (302, True)
    for origin in (own.replace("https", "http"), f"https://{HOST}", "https://gateway.example", "null"):
        assert sign_in(province, PASSWORD, Origin=origin).status == 403


def test_a_request_for_another_host_is_refused(province: ProvinceGateway) -> None:
    page = sign_in(province, PASSWORD, Host="gateway.attacker.example")
    assert (page.status, province.nginx.url in page.text) == (421, True)
    answer = post(province, f"{BASE}/known", "{}", {"Host": "127.0.0.1", "Content-Type": "application/json"})
    assert (answer.status, "/problems/host" in answer.text, answer.headers["Sync-Protocol"]) == (
        421,
        True,
        "kiosk-sync/1",
    )


def test_failed_sign_ins_count_for_the_caller_whatever_address_it_claims(province: ProvinceGateway) -> None:
    assert sign_in(province, "sai", X_Forwarded_For="203.0.113.9").status == 403
    assert province.sql("select address from tries") == [("127.0.0.1",)]
    assert sign_in(province, PASSWORD).status == 302


def test_the_largest_batch_passes_and_never_lies_in_a_file_of_nginx(province: ProvinceGateway) -> None:
    kiosk = province.enrolled_kiosk(seconds=60.0, seed=SEED)
    kiosk.portal._gzip_from = 64 << 20
    numbers = [f"PK03-261124-{n:04d}-F" for n in range(201, 208)]
    sent = [envelope(kiosk, mode="live", receiptNo=number, note="a" * 1_000_000) for number in numbers]
    answer = kiosk.send_request("POST", "/submissions", {"submissions": sent})
    results = conforms(answer, "post", "/submissions")["results"]
    assert Counter(result["outcome"] for result in results) == {"created": len(sent)}
    assert "temporary file" not in province.nginx.log()


@pytest.mark.parametrize(("path", "size"), [(f"{BASE}/kiosks", 8193), ("/sign-in", 8193), ("/stick", (9 << 20) + 1)])
def test_nginx_refuses_what_no_page_accepts(province: ProvinceGateway, path: str, size: int) -> None:
    answer = post(province, path, "", {"Content-Type": FORM, "Content-Length": str(size)})
    assert (answer.status, "Sync-Protocol" in answer.headers) == (413, False)


def test_nginx_limits_how_often_an_address_enrols_or_signs_in(own_province: ProvinceGateway) -> None:
    for path in (f"{BASE}/kiosks", "/sign-in"):
        statuses = [post(own_province, path, "", {"Content-Type": "text/plain"}).status for _ in range(60)]
        assert statuses[0] != 429
        assert statuses[-1] == 429
