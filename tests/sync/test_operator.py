"""The operator's pages: behind a sign-in, without names, a body only for a reason; and the practice switch."""

import html
import re
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sync.encoding import sha256_hex
from sync.gateway import accounts, create_app
from sync.gateway.pages import KINDS, STATUSES
from sync.parcel import Piece
from tests.sync.town import PASSWORD, Kiosk, Town


@pytest.fixture
def office(town: Town) -> Iterator[FlaskClient]:
    """The operator's browser, before signing in."""
    with town.gateway.app.test_client() as client:
        yield client


def sign_in(office: FlaskClient, password: str = PASSWORD, login: str = "operator") -> TestResponse:
    return office.post("/sign-in", data={"login": login, "password": password})


def csrf(page: TestResponse) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found
    return found[1]


def employ(town: Town, login: str, role: accounts.Role) -> None:
    with town.engine.begin() as db:
        accounts.save_account(db, login, "Lê Văn Thử", role, accounts.hash_password(PASSWORD), town.clock())


def arrived(town: Town, **changes: object) -> tuple[Kiosk, str]:
    kiosk = town.enrolled()
    form = kiosk.submit(**changes)
    kiosk.drain()
    assert kiosk.state(form) == "done"
    return kiosk, form


ADDRESSES = [
    ("GET", "/"), ("GET", "/submissions/x"), ("POST", "/submissions/x"), ("POST", "/submissions/x/status"),
    ("GET", "/faults"), ("POST", "/faults"), ("POST", "/sign-out"), ("POST", "/submissions/x/redeliver"),
    ("GET", "/kiosks"), ("POST", "/kiosks/codes"), ("POST", "/kiosks/PK03/revoke"), ("GET", "/refused"),
    ("GET", "/forwarding"), ("GET", "/trail"), ("GET", "/stick"), ("POST", "/stick"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_nobody_sees_a_page_without_signing_in(office: FlaskClient, method: str, address: str) -> None:
    answer = office.open(address, method=method)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in")


def test_every_page_of_the_operator_is_in_that_list(town: Town) -> None:
    rules = {rule.rule for rule in town.gateway.app.url_map.iter_rules() if rule.endpoint.startswith("pages.")}
    listed = {address.replace("/x", "/<submission_id>").replace("PK03", "<kiosk_id>") for _, address in ADDRESSES}
    assert rules == listed | {"/sign-in"}


def test_a_wrong_password_is_refused_and_the_fifth_closes_the_door(office: FlaskClient) -> None:
    for _ in range(4):
        assert sign_in(office, "sai").status_code == 403
    assert "Xin chờ 15 giây" in sign_in(office, "sai").text
    assert sign_in(office).status_code == 403


def test_the_door_opens_again_after_its_time_and_not_before(town: Town) -> None:
    began = town.clock()

    def opens(password: str, after: float) -> bool:
        return accounts.check_password(town.engine, "operator", password, "10.0.0.1", began + timedelta(seconds=after))

    for _ in range(6):
        assert not opens("sai", 0)
    assert not opens(PASSWORD, 14.9)
    assert not opens("sai", 15.1)
    assert not opens(PASSWORD, 44.9)
    assert opens(PASSWORD, 45.2)


def test_a_stranger_closes_the_door_to_himself_alone(town: Town) -> None:
    def opens(password: str, address: str) -> bool:
        return accounts.check_password(town.engine, "operator", password, address, town.clock())

    for _ in range(9):
        assert not opens("sai", "203.0.113.9")
    assert not opens(PASSWORD, "203.0.113.9")
    assert opens(PASSWORD, "10.0.0.1")
    assert not opens(PASSWORD, "203.0.113.9"), "the operator's success opens nothing there"
    town.clock.ahead += timedelta(days=1, seconds=1)
    assert opens(PASSWORD, "203.0.113.9")
    assert town.sql("select count(*), 0 from tries") == [(0, 0)]


def test_who_calls_is_what_the_proxy_before_the_port_says(town: Town) -> None:
    def status(caller: str, password: str) -> int:
        line = HTTPConnection("127.0.0.1", town.gateway.inner_port)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": caller}
        line.request("POST", "/sign-in", urlencode({"login": "operator", "password": password}), headers)
        found = line.getresponse().status
        line.close()
        return found

    assert [status("203.0.113.9", "sai") for _ in range(6)] == [403] * 6
    assert (status("203.0.113.9", PASSWORD), status("10.0.0.1", PASSWORD)) == (403, 302)


def test_a_closed_door_is_closed_for_one_account_alone(town: Town, office: FlaskClient) -> None:
    employ(town, "kiem.tra", "auditor")
    for _ in range(5):
        sign_in(office, "sai")
    assert sign_in(office, login="kiem.tra").status_code == 302


def test_a_password_may_be_given_as_its_hash(town: Town, office: FlaskClient) -> None:
    assert sign_in(office, PasswordHasher().hash(PASSWORD)).status_code == 403
    with town.engine.begin() as db:
        kept = accounts.hash_password(PasswordHasher(time_cost=1, memory_cost=64).hash("đúng"))
        accounts.save_account(db, "operator", "Tôn Nữ Hạ Chi", "operator", kept, town.clock())
    assert sign_in(office, "đúng").status_code == 302


def test_the_list_shows_what_arrived_and_no_name(town: Town, office: FlaskClient) -> None:
    arrived(town)
    sign_in(office)
    page = office.get("/").text
    assert "PK03-261124-0001-F" in page
    assert "1.001193" in page
    assert "Mới đăng ký" in page
    assert "Lê Văn Thử" not in page


def test_a_body_is_shown_only_for_a_reason_which_is_kept(town: Town, office: FlaskClient) -> None:
    _, form = arrived(town)
    sign_in(office)
    page = office.get(f"/submissions/{form}")
    assert "Lê Văn Thử" not in page.text
    empty = office.post(f"/submissions/{form}", data={"csrf": csrf(page), "reason": "  "})
    assert "Chưa ghi lý do" in empty.text
    assert "Lê Văn Thử" not in empty.text
    shown = office.post(f"/submissions/{form}", data={"csrf": csrf(page), "reason": "Đối chiếu số 17"})
    assert "Lê Văn Thử" in shown.text
    assert town.sql("select subject, reason from trail where act = 'looked'") == [(form, "Đối chiếu số 17")]
    assert "Đối chiếu số 17" in office.get(f"/submissions/{form}").text


def test_what_a_form_says_stays_text(town: Town, office: FlaskClient) -> None:
    evil = "<script>alert(1)</script>"
    _, form = arrived(town, applicant={"fullName": evil})
    sign_in(office)
    page = office.get(f"/submissions/{form}")
    shown = office.post(f"/submissions/{form}", data={"csrf": csrf(page), "reason": evil})
    assert evil not in shown.text
    assert shown.text.count(html.escape(evil)) == 2


def test_a_status_set_here_reaches_the_kiosk(town: Town, office: FlaskClient) -> None:
    kiosk, form = arrived(town)
    sign_in(office)
    page = office.get(f"/submissions/{form}")
    said = {"csrf": csrf(page), "status": "5", "note": "Thiếu giấy chứng sinh", "official_no": "H57.99.01-261124-0001"}
    assert office.post(f"/submissions/{form}/status", data=said).status_code == 302
    kiosk.pull()
    assert kiosk.desk(form) == {"subject": form, "delivery": "sent", "code": 5, "note": "Thiếu giấy chứng sinh"}
    assert "H57.99.01-261124-0001" in office.get("/").text


@pytest.mark.parametrize("status", ["1", "11", "0", "", "x"])
def test_a_status_outside_the_list_is_refused(town: Town, office: FlaskClient, status: str) -> None:
    _, form = arrived(town)
    sign_in(office)
    page = office.get(f"/submissions/{form}")
    answer = office.post(f"/submissions/{form}/status", data={"csrf": csrf(page), "status": status})
    assert answer.status_code == 400
    assert town.sql("select count(*) from changes") == [(0,)]


def test_a_form_without_the_sessions_mark_or_from_elsewhere_does_nothing(town: Town, office: FlaskClient) -> None:
    sign_in(office)
    mark = csrf(office.get("/faults"))
    assert office.post("/faults", data={"fault": "down"}).status_code == 403
    assert office.post("/faults", data={"fault": "down", "csrf": "x" + mark}).status_code == 403
    foreign = {"Origin": "https://elsewhere.example"}
    assert office.post("/faults", data={"fault": "down", "csrf": mark}, headers=foreign).status_code == 403
    assert town.gateway.faults.current == "off"
    own = {"Origin": "http://localhost"}
    assert office.post("/faults", data={"fault": "down", "csrf": mark}, headers=own).status_code == 302
    assert town.gateway.faults.current == "down"


def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(town: Town, office: FlaskClient) -> None:
    sign_in(office)
    cookie = office.get_cookie("gateway_session")
    assert cookie is not None
    office.post("/sign-out", data={"csrf": csrf(office.get("/"))})
    office.set_cookie("gateway_session", cookie.value)
    assert office.get("/").status_code == 302


def test_a_session_sleeps_after_half_an_hour(town: Town, office: FlaskClient) -> None:
    sign_in(office)
    town.clock.ahead += timedelta(minutes=29)
    assert office.get("/").status_code == 200
    town.clock.ahead += timedelta(minutes=31)
    assert office.get("/").status_code == 302


def test_the_session_cookie_is_for_the_browser_alone(office: FlaskClient) -> None:
    said = sign_in(office).headers["Set-Cookie"]
    assert "HttpOnly" in said
    assert "SameSite=Strict" in said


def test_pages_allow_no_script_and_no_frame(office: FlaskClient) -> None:
    answer = office.get("/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<script" not in answer.text


def test_the_switch_can_be_turned_with_the_operators_password(town: Town, office: FlaskClient) -> None:
    turned = office.post("/faults", data={"fault": "captive"}, auth=("operator", PASSWORD))
    assert (turned.status_code, town.gateway.faults.current) == (204, "captive")
    assert office.post("/faults", data={"fault": "down"}, auth=("operator", "sai")).status_code == 302
    assert office.post("/faults", data={"fault": "earthquake"}, auth=("operator", PASSWORD)).status_code == 400
    assert town.gateway.faults.current == "captive"
    assert office.get("/", auth=("operator", PASSWORD)).status_code == 302


def test_there_are_no_faults_outside_practice(town: Town, tmp_path: Path) -> None:
    live = replace(town.settings, practice=False, database=str(tmp_path / "live.db"))
    app = create_app(live)
    with app.test_client() as office:
        assert office.post("/faults", data={"fault": "down"}, auth=("operator", PASSWORD)).status_code == 302
        said = office.post("/sign-in", data={"login": "operator", "password": PASSWORD}, base_url="https://localhost")
        assert "Secure" in said.headers["Set-Cookie"]
        page = office.get("/", base_url="https://localhost")
        assert page.status_code == 200
        assert "Sự cố" not in page.text
        assert office.get("/faults", base_url="https://localhost").status_code == 404
        turned = office.post("/faults", base_url="https://localhost", data={"fault": "down", "csrf": csrf(page)})
        assert turned.status_code == 404
    app.extensions["gateway"].close()


def test_older_arrivals_are_a_page_further(town: Town, office: FlaskClient) -> None:
    kiosk = town.enrolled()
    for _ in range(53):
        kiosk.submit()
    kiosk.drain()
    sign_in(office)
    first = office.get("/").text
    assert "Có 53 hồ sơ" in first
    assert first.count("/submissions/") == 50
    assert office.get("/?from=50").text.count("/submissions/") == 3


def test_an_address_that_is_not_there_is_a_page(office: FlaskClient) -> None:
    answer = office.get("/nowhere")
    assert (answer.status_code, "Không có trang này" in answer.text) == (404, True)
    sign_in(office)
    assert office.get("/submissions/nowhere").status_code == 404


def test_every_word_of_the_contract_has_one_here() -> None:
    assert sorted(STATUSES) == list(range(1, 11))
    wanted = {"accepted", "supplement", "refused", "extended", "stopped", "handed_out", "document", "fee", "withdrawn"}
    assert set(KINDS) == wanted


def test_pages_speak_as_the_house_does(town: Town, office: FlaskClient) -> None:
    _, form = arrived(town)
    sign_in(office)
    text = "".join(office.get(address).text for address in ("/", "/faults", f"/submissions/{form}", "/sign-in", "/no"))
    for word in ("bạn", "quý khách", "không hợp lệ", "lỗi hệ thống", "vui lòng", "!<", "! "):
        assert word not in text.lower().replace("<!doctype html>", ""), word


def test_nothing_personal_is_written_to_the_log(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    mark = "Dấu Vết " + secrets.token_hex(4)
    kiosk = town.enrolled()
    kiosk.submit(applicant={"fullName": mark})
    kiosk.submit(applicant={"fullName": mark}, mode="live")
    kiosk.drain()
    kiosk.pull()
    assert caplog.records
    for record in caplog.records:
        assert mark not in record.getMessage() + str(vars(record))


def test_the_papers_of_a_dossier_are_listed_with_what_is_here_of_them(town: Town, office: FlaskClient) -> None:
    file = {"sha256": sha256_hex(b"paper" * 40), "size": 200, "mediaType": "image/jpeg"}
    named = {"documentCode": "giay_chung_sinh", "name": "Giấy chứng sinh", "file": file}
    kiosk, form = arrived(town, documents=[{"itemId": "01990000-0000-7000-8000-000000000002", **named}])
    sign_in(office)
    kiosk.portal.append(file["sha256"], Piece(0, b"paper" * 20, is_last=False))
    assert "mới có 50 %" in office.get(f"/submissions/{form}").text
    kiosk.portal.append(file["sha256"], Piece(100, b"paper" * 20, is_last=True))
    assert "đủ, đúng mã băm" in office.get(f"/submissions/{form}").text
