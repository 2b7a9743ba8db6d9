"""The operator's pages: sign-in, lists without names, a body only for a reason, and the fault switch."""

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
from sqlalchemy import select
from werkzeug.test import TestResponse

from sync.encoding import sha256_hex
from sync.gateway import accounts, create_app
from sync.gateway.message_tables import messages
from sync.gateway.pages import KINDS, STATUSES
from sync.parcel import FileChunk
from tests.sync.practice_gateway import PASSWORD, Kiosk, PracticeGateway


@pytest.fixture
def operator(practice: PracticeGateway) -> Iterator[FlaskClient]:
    """Return the operator's browser before signing in."""
    with practice.gateway.app.test_client() as client:
        yield client


def sign_in(operator: FlaskClient, password: str = PASSWORD, login: str = "operator") -> TestResponse:
    return operator.post("/sign-in", data={"login": login, "password": password})


def csrf(page: TestResponse) -> str:
    match = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert match
    return match[1]


def add_account(practice: PracticeGateway, login: str, role: accounts.Role) -> None:
    with practice.engine.begin() as db:
        accounts.save_account(
            db,
            login=login,
            name="Lê Văn Thử",
            role=role,
            password_hash=accounts.hash_password(PASSWORD),
            now=practice.clock(),
        )


def send_submission(practice: PracticeGateway, **changes: object) -> tuple[Kiosk, str]:
    kiosk = practice.enrolled_kiosk()
    form = kiosk.submit(**changes)
    kiosk.drain()
    assert kiosk.outbox_state(form) == "done"
    return kiosk, form


ADDRESSES = [
    ("GET", "/"), ("GET", "/submissions/x"), ("POST", "/submissions/x"), ("POST", "/submissions/x/status"),
    ("GET", "/faults"), ("POST", "/faults"), ("POST", "/sign-out"), ("POST", "/submissions/x/redeliver"),
    ("POST", "/submissions/x/by-hand"),
    ("GET", "/kiosks/PK03"), ("GET", "/kiosks/new"), ("POST", "/kiosks/codes"), ("POST", "/kiosks/PK03/label"),
    ("POST", "/kiosks/PK03/revoke"), ("GET", "/refused"),
    ("GET", "/forwarding"), ("GET", "/trail"), ("GET", "/stick"), ("POST", "/stick"), ("GET", "/opinions"),
    ("GET", "/servers"), ("GET", "/connection"), ("POST", "/connection"),
    ("GET", "/fleet"), ("GET", "/fleet.csv"), ("POST", "/rollouts"), ("POST", "/rollouts/1/retry"),
    ("POST", "/rollouts/1/pause"), ("POST", "/content/approval"), ("POST", "/content/withdrawal"),
    ("GET", "/payments"), ("POST", "/payments"), ("GET", "/messages"),
    ("GET", "/second-factor"), ("POST", "/second-factor"), ("POST", "/second-factor/off"),
]  # fmt: skip


def test_nobody_sees_a_page_without_signing_in(operator: FlaskClient) -> None:
    shown = []
    for method, address in ADDRESSES:
        answer = operator.open(address, method=method)
        if (answer.status_code, answer.headers.get("Location")) != (302, "/sign-in"):
            shown.append(f"{method} {address}: {answer.status_code}")
    assert shown == []


def test_every_page_of_the_operator_is_in_that_list(practice: PracticeGateway) -> None:
    rules = {rule.rule for rule in practice.gateway.app.url_map.iter_rules() if rule.endpoint.startswith("pages.")}
    listed = {address.replace("/x", "/<submission_id>").replace("PK03", "<kiosk_id>") for _, address in ADDRESSES}
    listed = {address.replace("/1/", "/<int:no>/").replace("pause", "<act>") for address in listed}
    assert rules == listed | {"/sign-in"}


def test_a_wrong_password_is_refused_and_the_fifth_locks_the_account(operator: FlaskClient) -> None:
    for _ in range(4):
        assert sign_in(operator, "sai").status_code == 403
    # 15 s, less what a busy machine took to answer.
    assert re.search(r"Xin chờ (1?\d) giây", sign_in(operator, "sai").text)
    assert sign_in(operator).status_code == 403


def test_the_lock_ends_after_its_time_and_not_before(practice: PracticeGateway) -> None:
    began = practice.clock()

    def is_accepted(password: str, after: float) -> bool:
        return accounts.check_password(
            practice.engine, "operator", password, "10.0.0.1", began + timedelta(seconds=after)
        )

    for _ in range(6):
        assert not is_accepted("sai", 0)
    assert not is_accepted(PASSWORD, 14.9)
    assert not is_accepted("sai", 15.1)
    assert not is_accepted(PASSWORD, 44.9)
    assert is_accepted(PASSWORD, 45.2)


def test_failed_sign_ins_lock_the_account_only_for_their_address(practice: PracticeGateway) -> None:
    def is_accepted(password: str, address: str) -> bool:
        return accounts.check_password(practice.engine, "operator", password, address, practice.clock())

    for _ in range(9):
        assert not is_accepted("sai", "203.0.113.9")
    assert not is_accepted(PASSWORD, "203.0.113.9")
    assert is_accepted(PASSWORD, "10.0.0.1")
    assert not is_accepted(PASSWORD, "203.0.113.9"), "the operator's success opens nothing there"
    practice.clock.offset += timedelta(days=1, seconds=1)
    assert is_accepted(PASSWORD, "203.0.113.9")
    assert practice.sql("select count(*), 0 from tries") == [(0, 0)]


def test_a_lock_after_failed_sign_ins_is_in_the_trail(practice: PracticeGateway) -> None:
    now = practice.clock()
    for _ in range(4):
        accounts.check_password(practice.engine, "operator", "sai", "203.0.113.9", now)
    assert practice.sql("select count(*), 0 from trail") == [(0, 0)]
    for _ in range(3):
        accounts.check_password(practice.engine, "operator", "sai", "203.0.113.9", now)
        accounts.check_password(practice.engine, "nobody", "sai", "203.0.113.9", now)
    lines = practice.sql("select act, subject, reason from trail")
    assert lines == [("locked", "operator", "203.0.113.9")]


@pytest.mark.parametrize("path", ["/sign-in", "/faults", "/kiosks/codes"])
def test_no_page_parses_a_form_that_is_larger_than_any_of_its_own(operator: FlaskClient, path: str) -> None:
    if path != "/sign-in":
        sign_in(operator)
    answer = operator.post(path, data={"csrf": "x" * (65_537 if path != "/sign-in" else 4097)})
    assert answer.status_code == 413


def test_the_client_address_is_that_of_the_trusted_proxy(practice: PracticeGateway) -> None:
    def status(caller: str, password: str) -> int:
        connection = HTTPConnection("127.0.0.1", practice.gateway.inner_port)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": caller}
        connection.request("POST", "/sign-in", urlencode({"login": "operator", "password": password}), headers)
        status_code = connection.getresponse().status
        connection.close()
        return status_code

    assert [status("203.0.113.9", "sai") for _ in range(6)] == [403] * 6
    assert (status("203.0.113.9", PASSWORD), status("10.0.0.1", PASSWORD)) == (403, 302)


def test_a_lock_is_for_one_account_only(practice: PracticeGateway, operator: FlaskClient) -> None:
    add_account(practice, "kiem.tra", "viewer")
    for _ in range(5):
        sign_in(operator, "sai")
    assert sign_in(operator, login="kiem.tra").status_code == 302


def test_a_password_may_be_given_as_its_hash(practice: PracticeGateway, operator: FlaskClient) -> None:
    assert sign_in(operator, PasswordHasher().hash(PASSWORD)).status_code == 403
    with practice.engine.begin() as db:
        password_hash = accounts.hash_password(PasswordHasher(time_cost=1, memory_cost=64).hash("đúng"))
        accounts.save_account(
            db,
            login="operator",
            name="Tôn Nữ Hạ Chi",
            role="operator",
            password_hash=password_hash,
            now=practice.clock(),
        )
    assert sign_in(operator, "đúng").status_code == 302


def test_the_list_shows_what_arrived_and_no_name(practice: PracticeGateway, operator: FlaskClient) -> None:
    send_submission(practice)
    sign_in(operator)
    page = operator.get("/").text
    assert "PK03-261124-0001-F" in page
    assert "1.001193" in page
    assert "Mới đăng ký" in page
    assert "Lê Văn Thử" not in page


def test_a_body_is_shown_only_for_a_reason_which_is_kept(practice: PracticeGateway, operator: FlaskClient) -> None:
    _, form = send_submission(practice)
    sign_in(operator)
    page = operator.get(f"/submissions/{form}")
    assert "Lê Văn Thử" not in page.text
    empty = operator.post(f"/submissions/{form}", data={"csrf": csrf(page), "reason": "  "})
    assert "Chưa ghi lý do" in empty.text
    assert "Lê Văn Thử" not in empty.text
    shown = operator.post(f"/submissions/{form}", data={"csrf": csrf(page), "reason": "Đối chiếu số 17"})
    assert "Lê Văn Thử" in shown.text
    assert practice.sql("select subject, reason from trail where act = 'looked'") == [(form, "Đối chiếu số 17")]
    assert "Đối chiếu số 17" in operator.get(f"/submissions/{form}").text


def test_what_a_form_says_stays_text(practice: PracticeGateway, operator: FlaskClient) -> None:
    script = "<script>alert(1)</script>"
    _, form = send_submission(practice, applicant={"fullName": script})
    sign_in(operator)
    page = operator.get(f"/submissions/{form}")
    shown = operator.post(f"/submissions/{form}", data={"csrf": csrf(page), "reason": script})
    assert script not in shown.text
    assert shown.text.count(html.escape(script)) == 2


def test_a_status_set_here_reaches_the_kiosk(practice: PracticeGateway, operator: FlaskClient) -> None:
    kiosk, form = send_submission(practice)
    sign_in(operator)
    page = operator.get(f"/submissions/{form}")
    posted = {
        "csrf": csrf(page),
        "status": "5",
        "note": "Thiếu giấy chứng sinh",
        "official_no": "H57.99.01-261124-0001",
    }
    assert operator.post(f"/submissions/{form}/status", data=posted).status_code == 302
    kiosk.pull_feed()
    assert kiosk.desk_row(form) == {"subject": form, "delivery": "sent", "code": 5, "note": "Thiếu giấy chứng sinh"}
    assert "H57.99.01-261124-0001" in operator.get("/").text


def test_a_result_that_is_set_here_becomes_a_message(practice: PracticeGateway, operator: FlaskClient) -> None:
    consent = {
        "phone": "0912345678",
        "occasions": ["result-ready"],
        "agreedAt": "2026-11-24T08:30:00+07:00",
        "words": "Có",
    }
    _, form = send_submission(practice, messages=consent)
    sign_in(operator)
    page = operator.get(f"/submissions/{form}")
    operator.post(f"/submissions/{form}/status", data={"csrf": csrf(page), "status": "9"})
    with practice.engine.begin() as db:
        (row,) = db.execute(select(messages.c.occasion, messages.c.state))
    assert tuple(row) == ("result-ready", "due")


@pytest.mark.parametrize("status", ["1", "11", "0", "", "x"])
def test_a_status_outside_the_list_is_refused(practice: PracticeGateway, operator: FlaskClient, status: str) -> None:
    _, form = send_submission(practice)
    sign_in(operator)
    page = operator.get(f"/submissions/{form}")
    answer = operator.post(f"/submissions/{form}/status", data={"csrf": csrf(page), "status": status})
    assert answer.status_code == 400
    assert practice.sql("select count(*) from changes") == [(0,)]


def test_a_form_without_the_csrf_token_or_from_another_site_does_nothing(
    practice: PracticeGateway, operator: FlaskClient
) -> None:
    sign_in(operator)
    mark = csrf(operator.get("/faults"))
    assert operator.post("/faults", data={"fault": "down"}).status_code == 403
    assert operator.post("/faults", data={"fault": "down", "csrf": "x" + mark}).status_code == 403
    foreign = {"Origin": "https://elsewhere.example"}
    assert operator.post("/faults", data={"fault": "down", "csrf": mark}, headers=foreign).status_code == 403
    assert practice.gateway.faults.current == "off"
    own = {"Origin": "http://localhost"}
    assert operator.post("/faults", data={"fault": "down", "csrf": mark}, headers=own).status_code == 302
    assert practice.gateway.faults.current == "down"


def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(
    practice: PracticeGateway, operator: FlaskClient
) -> None:
    sign_in(operator)
    cookie = operator.get_cookie("gateway_session")
    assert cookie is not None
    operator.post("/sign-out", data={"csrf": csrf(operator.get("/"))})
    operator.set_cookie("gateway_session", cookie.value)
    assert operator.get("/").status_code == 302


def test_a_session_ends_after_half_an_hour(practice: PracticeGateway, operator: FlaskClient) -> None:
    sign_in(operator)
    practice.clock.offset += timedelta(minutes=29)
    assert operator.get("/").status_code == 200
    practice.clock.offset += timedelta(minutes=31)
    assert operator.get("/").status_code == 302


def test_the_session_cookie_is_for_the_browser_alone(operator: FlaskClient) -> None:
    cookie = sign_in(operator).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_pages_allow_no_script_and_no_frame(operator: FlaskClient) -> None:
    answer = operator.get("/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<script" not in answer.text


def test_a_fault_can_be_switched_on_with_the_operators_password(
    practice: PracticeGateway, operator: FlaskClient
) -> None:
    switched = operator.post("/faults", data={"fault": "captive"}, auth=("operator", PASSWORD))
    assert (switched.status_code, practice.gateway.faults.current) == (204, "captive")
    assert operator.post("/faults", data={"fault": "down"}, auth=("operator", "sai")).status_code == 302
    assert operator.post("/faults", data={"fault": "earthquake"}, auth=("operator", PASSWORD)).status_code == 400
    assert practice.gateway.faults.current == "captive"
    assert operator.get("/", auth=("operator", PASSWORD)).status_code == 302


def test_there_are_no_faults_outside_practice(practice: PracticeGateway, tmp_path: Path) -> None:
    live = replace(
        practice.settings, practice=False, public_urls=("https://localhost",), database=str(tmp_path / "live.db")
    )
    app = create_app(live)
    with app.test_client() as operator:
        assert operator.post("/faults", data={"fault": "down"}, auth=("operator", PASSWORD)).status_code == 302
        signed_in = operator.post(
            "/sign-in", data={"login": "operator", "password": PASSWORD}, base_url="https://localhost"
        )
        assert "Secure" in signed_in.headers["Set-Cookie"]
        page = operator.get("/", base_url="https://localhost")
        assert page.status_code == 200
        assert "Sự cố" not in page.text
        assert operator.get("/faults", base_url="https://localhost").status_code == 404
        switched = operator.post("/faults", base_url="https://localhost", data={"fault": "down", "csrf": csrf(page)})
        assert switched.status_code == 404
    app.extensions["gateway"].close()


def test_older_arrivals_are_on_the_next_page(practice: PracticeGateway, operator: FlaskClient) -> None:
    kiosk = practice.enrolled_kiosk()
    for _ in range(53):
        kiosk.submit()
    kiosk.drain()
    sign_in(operator)
    first = operator.get("/").text
    assert "Có 53 hồ sơ" in first
    assert first.count("/submissions/") == 50
    assert operator.get("/?from=50").text.count("/submissions/") == 3


def test_an_unknown_url_shows_a_page(operator: FlaskClient) -> None:
    answer = operator.get("/nowhere")
    assert (answer.status_code, "Không có trang này" in answer.text) == (404, True)
    sign_in(operator)
    assert operator.get("/submissions/nowhere").status_code == 404


def test_every_code_of_the_contract_has_a_label() -> None:
    assert sorted(STATUSES) == list(range(1, 11))
    expected = {
        "accepted",
        "supplement",
        "refused",
        "extended",
        "stopped",
        "handed_out",
        "document",
        "fee",
        "withdrawn",
        "reopened",
        "numbered",
        "messages",
    }
    assert set(KINDS) == expected


def test_pages_avoid_the_words_that_the_project_avoids(practice: PracticeGateway, operator: FlaskClient) -> None:
    _, form = send_submission(practice)
    sign_in(operator)
    text = "".join(
        operator.get(address).text for address in ("/", "/faults", f"/submissions/{form}", "/sign-in", "/no")
    )
    for word in ("bạn", "quý khách", "không hợp lệ", "lỗi hệ thống", "vui lòng", "!<", "! "):
        assert word not in text.lower().replace("<!doctype html>", ""), word


def test_nothing_personal_is_written_to_the_log(practice: PracticeGateway, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    mark = "Dấu Vết " + secrets.token_hex(4)
    kiosk = practice.enrolled_kiosk()
    kiosk.submit(applicant={"fullName": mark})
    kiosk.submit(applicant={"fullName": mark}, mode="live")
    kiosk.drain()
    kiosk.pull_feed()
    assert caplog.records
    for record in caplog.records:
        assert mark not in record.getMessage() + str(vars(record))


def test_the_documents_of_a_dossier_are_listed_with_their_progress(
    practice: PracticeGateway, operator: FlaskClient
) -> None:
    file = {"sha256": sha256_hex(b"paper" * 40), "size": 200, "mediaType": "image/jpeg"}
    item = {"documentCode": "giay_chung_sinh", "name": "Giấy chứng sinh", "file": file}
    kiosk, form = send_submission(practice, documents=[{"itemId": "01990000-0000-7000-8000-000000000002", **item}])
    sign_in(operator)
    kiosk.portal.append(file["sha256"], FileChunk(0, b"paper" * 20, is_last=False))
    assert "mới có 50 %" in operator.get(f"/submissions/{form}").text
    kiosk.portal.append(file["sha256"], FileChunk(100, b"paper" * 20, is_last=True))
    assert "đủ, đúng mã băm" in operator.get(f"/submissions/{form}").text
