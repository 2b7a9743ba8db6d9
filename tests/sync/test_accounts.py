"""Pages of the gateway's accounts: roles, kiosks and codes, forwarding, and the trail."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from sync.errors import EnrolmentRefused
from sync.gateway import accounts, forwarding
from sync.gateway.forward_targets import ForwardAnswer
from sync.gateway.pages import access
from sync.gateway.roles import ROLES, Role
from tests.sync.practice_gateway import UNIT, PracticeGateway
from tests.sync.test_operator import add_account, csrf, send_submission, sign_in


@pytest.fixture
def operator(practice: PracticeGateway) -> FlaskClient:
    """Return the operator's browser, signed in."""
    client = practice.gateway.app.test_client()
    sign_in(client)
    return client


@pytest.fixture
def auditor(practice: PracticeGateway) -> FlaskClient:
    """Return the browser of an account that reads lists and the trail."""
    return browser_of(practice, "viewer")


def browser_of(practice: PracticeGateway, role: Role) -> FlaskClient:
    """Return the browser of a new account of a role, signed in."""
    add_account(practice, f"{role}.1", role)
    client = practice.gateway.app.test_client()
    sign_in(client, login=f"{role}.1")
    return client


def test_every_page_is_open_to_its_roles_only(practice: PracticeGateway) -> None:
    browsers = {role: browser_of(practice, role) for role in ROLES}
    rules = [rule for rule in practice.gateway.app.url_map.iter_rules() if rule.endpoint.startswith("pages.")]
    assert {rule.endpoint for rule in rules} == set(access.ALLOWED_ROLES) | {"pages.sign_in"}
    for rule in rules:
        address = re.sub(r"<\w+>", "x", re.sub(r"<int:\w+>", "1", rule.rule))
        for role, client in browsers.items():
            for method in rule.methods & {"GET", "POST"} if rule.methods else ():
                answer = client.open(address, method=method)
                is_theirs = rule.endpoint == "pages.sign_in" or role in access.ALLOWED_ROLES[rule.endpoint]
                is_refused = answer.status_code == 403 and "dành cho người khác" in answer.text
                assert is_refused != is_theirs, (rule.rule, method, role)
                if rule.endpoint == "pages.sign_out":
                    sign_in(client, login=f"{role}.1")


def test_a_page_shows_the_acts_of_the_own_role_only(practice: PracticeGateway) -> None:
    _, form = send_submission(practice)
    acts = {
        "/fleet": ("Ghi danh máy", "Bắt đầu với một phường", "Đề nghị duyệt"),
        "/kiosks/PK03": ("Thu hồi", "Cấp mã đổi khóa"),
        f"/submissions/{form}": ("Báo về phường", "Mở tờ khai"),
    }
    shown = {}
    for role in ROLES:
        browser = browser_of(practice, role)
        shown[role] = [word for page, words in acts.items() for word in words if f">{word}<" in one_line(browser, page)]
    assert shown == {
        "viewer": [],
        "operator": ["Báo về phường", "Mở tờ khai"],
        "editor": ["Đề nghị duyệt"],
        "approver": [],
        "administrator": [word for words in acts.values() for word in words],
    }


def one_line(browser: FlaskClient, address: str) -> str:
    """Return a page without the spaces between its tags."""
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", browser.get(address).text)


def test_an_auditor_reads_who_looked_and_why_and_never_a_body(
    practice: PracticeGateway, operator: FlaskClient, auditor: FlaskClient
) -> None:
    _, form = send_submission(practice)
    page = operator.get(f"/submissions/{form}")
    operator.post(f"/submissions/{form}", data={"csrf": csrf(page), "reason": "Đối chiếu số 17"})
    trail = auditor.get("/trail").text
    assert "Đối chiếu số 17" in trail
    assert form in trail
    assert "Mở tờ khai" in trail
    assert "Lê Văn Thử" not in re.sub(r'<a class="who".*?</a>', "", trail, flags=re.DOTALL)
    assert auditor.post(f"/submissions/{form}", data={"csrf": csrf(page), "reason": "Đọc"}).status_code == 403


def test_a_disabled_account_is_signed_out_at_once(practice: PracticeGateway, operator: FlaskClient) -> None:
    with practice.engine.begin() as db:
        assert accounts.disable_account(db, "operator")
        assert not accounts.disable_account(db, "nobody")
    assert operator.get("/").status_code == 302
    assert sign_in(operator).status_code == 403


def test_an_unknown_account_is_refused_in_the_same_words(operator: FlaskClient) -> None:
    assert "Tên, mật khẩu hoặc mã 6 số chưa đúng." in sign_in(operator, login="khong.co").text


def test_a_form_is_found_by_its_receipt_number(practice: PracticeGateway, operator: FlaskClient) -> None:
    kiosk, _ = send_submission(practice)
    kiosk.submit()
    kiosk.drain()
    page = operator.get("/?q=pk03-261124-0002-f").text
    assert "PK03-261124-0002-F" in page
    assert "PK03-261124-0001-F" not in page
    assert "Có 2 hồ sơ" not in page
    assert "Chưa thấy “PK09%”" in operator.get("/?q=PK09%25").text


def test_a_kiosk_is_seen_with_what_it_has_not_read_yet(practice: PracticeGateway, operator: FlaskClient) -> None:
    kiosk, _ = send_submission(practice)
    page = re.sub(r"\s+", " ", operator.get("/kiosks/PK03").text)
    assert "<dt>Tin chưa đọc</dt> <dd>1</dd>" in page
    assert "Xem 1 hồ sơ" in page
    kiosk.pull_feed()
    kiosk.pull_feed()
    assert practice.sql("select last_seq - read_seq from kiosks") == [(0,)]
    assert "vừa xong" in operator.get("/kiosks/PK03").text
    practice.clock.offset += timedelta(minutes=25)
    assert "25 phút trước" in operator.get("/kiosks/PK03").text


def test_a_code_is_shown_once_and_enrols_a_kiosk(practice: PracticeGateway, operator: FlaskClient) -> None:
    mark = csrf(operator.get("/kiosks/new"))
    wrong = operator.post("/kiosks/codes", data={"csrf": mark, "kiosk_id": "kiosk 3", "unit_code": UNIT})
    assert (wrong.status_code, "Chưa đúng khuôn" in wrong.text, "KIOSK 3" in wrong.text) == (422, True, True)
    shown = operator.post("/kiosks/codes", data={"csrf": mark, "kiosk_id": "pk03", "unit_code": UNIT}).text
    code = re.search(r'<p class="code">([^<]+)</p>', shown)
    assert code
    assert code[1] not in operator.get("/kiosks/new").text
    practice.new_kiosk().portal.enrol(code[1], UNIT)
    assert practice.sql("select act, subject, reason from trail where act = 'gave_code'") == [
        ("gave_code", "PK03", UNIT)
    ]


def test_a_code_for_a_renewal_replaces_the_key_of_a_live_kiosk_and_a_plain_one_does_not(
    practice: PracticeGateway, operator: FlaskClient
) -> None:
    kiosk = practice.enrolled_kiosk()
    other = practice.new_kiosk()
    mark = csrf(operator.get("/kiosks/PK03"))
    form = {"csrf": mark, "kiosk_id": "PK03", "unit_code": UNIT}
    codes = [operator.post("/kiosks/codes", data=form | renewal_flag).text for renewal_flag in ({}, {"renewal": "1"})]
    assert "Khóa cũ dùng được đến khi máy gõ mã này" in codes[1]
    plain, renewal = (re.findall(r'<p class="code">([^<]+)</p>', page)[0] for page in codes)
    with pytest.raises(EnrolmentRefused):
        other.portal.enrol(plain, UNIT)
    assert kiosk.send_request("GET", "/changes").status == 200
    other.portal.enrol(renewal, UNIT)
    assert (kiosk.send_request("GET", "/changes").status, other.send_request("GET", "/changes").status) == (401, 200)
    assert practice.sql("select act from trail where act in ('gave_code', 'gave_renewal') order by no") == [
        ("gave_code",),
        ("gave_renewal",),
    ]


def test_a_renewal_for_a_unit_that_is_none_is_explained_on_the_page_of_the_machine(
    practice: PracticeGateway, operator: FlaskClient
) -> None:
    practice.enrolled_kiosk()
    mark = csrf(operator.get("/kiosks/PK03"))
    wrong = operator.post("/kiosks/codes", data={"csrf": mark, "kiosk_id": "PK03", "unit_code": "", "renewal": "1"})
    assert (wrong.status_code, "Mã đơn vị chưa đúng khuôn" in wrong.text) == (422, True)
    assert operator.get("/kiosks/PK09").status_code == 404


def test_a_machine_has_a_name_that_is_shown_found_and_in_the_trail(
    practice: PracticeGateway, operator: FlaskClient
) -> None:
    practice.enrolled_kiosk()
    mark = csrf(operator.get("/kiosks/PK03"))
    assert operator.post("/kiosks/PK09/label", data={"csrf": mark, "label": "Sảnh"}).status_code == 404
    answer = operator.post("/kiosks/PK03/label", data={"csrf": mark, "label": "  Sảnh   <tầng> 1 " + "x" * 60})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/kiosks/PK03")
    assert "Máy PK03, Sảnh &lt;tầng&gt; 1 x" in operator.get("/kiosks/PK03").text
    assert practice.sql("select length(label) from kiosks") == [(40,)]
    assert "PK03" in operator.get("/fleet?q=sảnh").text
    assert "PK03" not in operator.get("/fleet?q=kho").text
    [(act, reason)] = practice.sql("select act, reason from trail where subject = 'PK03'")
    assert (act, reason[:6]) == ("renamed", "Sảnh <")


def test_a_kiosk_is_revoked_for_a_reason_and_refused_afterwards(
    practice: PracticeGateway, operator: FlaskClient
) -> None:
    kiosk, _ = send_submission(practice)
    mark = csrf(operator.get("/kiosks/PK03"))
    assert operator.post("/kiosks/PK03/revoke", data={"csrf": mark, "reason": " "}).status_code == 400
    assert operator.post("/kiosks/PK09/revoke", data={"csrf": mark, "reason": "Mất máy"}).status_code == 404
    assert operator.post("/kiosks/PK03/revoke", data={"csrf": mark, "reason": "Mất máy"}).status_code == 302
    assert kiosk.send_request("GET", "/changes").status == 403
    assert "Đã thu hồi khóa" in operator.get("/kiosks/PK03").text
    assert "PK03" not in operator.get("/fleet").text
    assert "PK03" in operator.get("/fleet?show=withdrawn").text
    assert "PK03" in operator.get("/fleet.csv?show=withdrawn").text
    assert practice.sql("select subject, reason from trail where act = 'revoked'") == [("PK03", "Mất máy")]


def test_what_was_refused_is_listed_by_place_and_never_by_content(
    practice: PracticeGateway, operator: FlaskClient
) -> None:
    kiosk = practice.enrolled_kiosk()
    form = kiosk.submit(channel="bồ câu")
    kiosk.drain()
    page = operator.get("/refused").text
    assert form in page
    assert "/channel enum" in page
    assert "bồ câu" not in page


def test_the_forwarding_queue_is_shown_and_a_dossier_is_sent_again(
    practice: PracticeGateway, operator: FlaskClient
) -> None:
    kiosk, form = send_submission(practice)
    assert "quầy chưa tiếp nhận" in operator.get(f"/submissions/{form}").text
    kiosk.add_event(form, 1)
    kiosk.drain()
    page = operator.get("/forwarding").text
    assert "Cổng chưa nối với hệ thống của tỉnh" in page
    assert "PK03-261124-0001-F" in page
    with practice.engine.begin() as db:
        dossier = forwarding.claim_due(db, practice.clock(), forwarding.ForwardPace())
        assert dossier is not None
        attempt = forwarding.ForwardAttempt(
            dossier=dossier,
            answer=ForwardAnswer("refused", "wrong-form"),
            began=practice.clock(),
            ended=practice.clock(),
        )
        forwarding.record_attempt(db, attempt, forwarding.ForwardPace())
    shown = operator.get(f"/submissions/{form}")
    assert "Hệ thống tỉnh trả lại" in shown.text
    assert "wrong-form" in shown.text
    answer = operator.post(f"/submissions/{form}/redeliver", data={"csrf": csrf(shown)})
    assert answer.status_code == 302
    assert practice.sql("select state, tries from forwards") == [("due", 0)]
    assert practice.sql("select subject from trail where act = 'redelivered'") == [("PK03-261124-0001-F",)]


def test_the_trail_is_shown_page_by_page(practice: PracticeGateway, auditor: FlaskClient) -> None:
    with practice.engine.begin() as db:
        for n in range(105):
            accounts.record(db, "operator", "looked", f"id-{n}", practice.clock(), "Đối chiếu")
    first = auditor.get("/trail").text
    assert first.count("Mở tờ khai") == 100
    older = re.search(r"before=(\d+)", first)
    assert older
    assert auditor.get(f"/trail?before={older[1]}").text.count("Mở tờ khai") == 5
