"""The gateway's people: a role for every page, kiosks and codes, forwarding seen, the trail kept."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from sync.errors import EnrolmentRefused
from sync.gateway import accounts, forwarding
from sync.gateway.forward_targets import Answer
from sync.gateway.pages import access
from tests.sync.test_operator import arrived, csrf, employ, sign_in
from tests.sync.town import UNIT, Town


@pytest.fixture
def office(town: Town) -> FlaskClient:
    """The operator's browser, signed in."""
    client = town.gateway.app.test_client()
    sign_in(client)
    return client


@pytest.fixture
def auditor(town: Town) -> FlaskClient:
    employ(town, "kiem.tra", "auditor")
    client = town.gateway.app.test_client()
    sign_in(client, login="kiem.tra")
    return client


def test_every_page_is_for_somebody_and_for_nobody_else(town: Town, office: FlaskClient, auditor: FlaskClient) -> None:
    rules = [rule for rule in town.gateway.app.url_map.iter_rules() if rule.endpoint.startswith("pages.")]
    assert {rule.endpoint for rule in rules} == set(access.MAY) | {"pages.sign_in"}
    for rule in rules:
        address = re.sub(r"<\w+>", "x", rule.rule)
        for client, role in ((office, "operator"), (auditor, "auditor")):
            for method in rule.methods & {"GET", "POST"} if rule.methods else ():
                answer = client.open(address, method=method)
                is_theirs = rule.endpoint == "pages.sign_in" or role in access.MAY[rule.endpoint]
                is_turned = answer.status_code == 302 and rule.endpoint == "pages.arrivals"
                is_refused = answer.status_code == 403 and "dành cho người khác" in answer.text
                assert (is_refused or is_turned) != is_theirs, (rule.rule, method, role)


def test_an_auditor_reads_who_looked_and_why_and_never_a_body(
    town: Town, office: FlaskClient, auditor: FlaskClient
) -> None:
    _, form = arrived(town)
    page = office.get(f"/submissions/{form}")
    office.post(f"/submissions/{form}", data={"csrf": csrf(page), "reason": "Đối chiếu số 17"})
    trail = auditor.get("/trail").text
    assert "Đối chiếu số 17" in trail
    assert form in trail
    assert "Mở tờ khai" in trail
    assert "Lê Văn Thử" not in re.sub(r'<span class="who">.*?</span>', "", trail)
    assert auditor.get("/").headers["Location"] == "/trail"


def test_somebody_disabled_is_out_at_once(town: Town, office: FlaskClient) -> None:
    with town.engine.begin() as db:
        assert accounts.disable_account(db, "operator")
        assert not accounts.disable_account(db, "nobody")
    assert office.get("/").status_code == 302
    assert sign_in(office).status_code == 403


def test_an_unknown_account_is_refused_in_the_same_words(office: FlaskClient) -> None:
    assert "Tên hoặc mật khẩu chưa đúng" in sign_in(office, login="khong.co").text


def test_a_form_is_found_by_its_receipt_number(town: Town, office: FlaskClient) -> None:
    kiosk, _ = arrived(town)
    kiosk.submit()
    kiosk.drain()
    found = office.get("/?q=pk03-261124-0002-f").text
    assert "PK03-261124-0002-F" in found
    assert "PK03-261124-0001-F" not in found
    assert "Có 2 hồ sơ" not in found
    assert "Chưa thấy “PK09%”" in office.get("/?q=PK09%25").text


def test_a_kiosk_is_seen_with_what_it_has_not_read_yet(town: Town, office: FlaskClient) -> None:
    kiosk, _ = arrived(town)
    row = re.sub(r"\s+", " ", office.get("/kiosks").text)
    assert '<td class="number">1</td>' in row
    kiosk.pull()
    kiosk.pull()
    assert town.sql("select last_seq - read_seq from kiosks") == [(0,)]
    assert "vừa xong" in office.get("/kiosks").text
    town.clock.ahead += timedelta(minutes=25)
    assert "25 phút trước" in office.get("/kiosks").text


def test_a_code_is_shown_once_and_enrols_a_kiosk(town: Town, office: FlaskClient) -> None:
    mark = csrf(office.get("/kiosks"))
    wrong = office.post("/kiosks/codes", data={"csrf": mark, "kiosk_id": "kiosk 3", "unit_code": UNIT})
    assert (wrong.status_code, "Chưa đúng khuôn" in wrong.text, "KIOSK 3" in wrong.text) == (422, True, True)
    shown = office.post("/kiosks/codes", data={"csrf": mark, "kiosk_id": "pk03", "unit_code": UNIT}).text
    code = re.search(r'<p class="code">([^<]+)</p>', shown)
    assert code
    assert code[1] not in office.get("/kiosks").text
    town.kiosk().portal.enrol(code[1], UNIT)
    assert town.sql("select act, subject, reason from trail where act = 'gave_code'") == [("gave_code", "PK03", UNIT)]


def test_a_code_for_a_renewal_replaces_the_key_of_a_live_kiosk_and_a_plain_one_does_not(
    town: Town, office: FlaskClient
) -> None:
    kiosk = town.enrolled()
    other = town.kiosk()
    mark = csrf(office.get("/kiosks"))
    told = {"csrf": mark, "kiosk_id": "PK03", "unit_code": UNIT}
    codes = [office.post("/kiosks/codes", data=told | more).text for more in ({}, {"renewal": "1"})]
    assert "Khóa cũ dùng được đến khi máy gõ mã này" in codes[1]
    plain, renewal = (re.findall(r'<p class="code">([^<]+)</p>', page)[0] for page in codes)
    with pytest.raises(EnrolmentRefused):
        other.portal.enrol(plain, UNIT)
    assert kiosk.ask("GET", "/changes").status == 200
    other.portal.enrol(renewal, UNIT)
    assert (kiosk.ask("GET", "/changes").status, other.ask("GET", "/changes").status) == (401, 200)
    assert town.sql("select act from trail where act in ('gave_code', 'gave_renewal') order by no") == [
        ("gave_code",),
        ("gave_renewal",),
    ]


def test_a_kiosk_is_revoked_for_a_reason_and_speaks_no_more(town: Town, office: FlaskClient) -> None:
    kiosk, _ = arrived(town)
    mark = csrf(office.get("/kiosks"))
    assert office.post("/kiosks/PK03/revoke", data={"csrf": mark, "reason": " "}).status_code == 400
    assert office.post("/kiosks/PK09/revoke", data={"csrf": mark, "reason": "Mất máy"}).status_code == 404
    assert office.post("/kiosks/PK03/revoke", data={"csrf": mark, "reason": "Mất máy"}).status_code == 302
    assert kiosk.ask("GET", "/changes").status == 403
    assert "đã thu hồi" in office.get("/kiosks").text
    assert town.sql("select subject, reason from trail where act = 'revoked'") == [("PK03", "Mất máy")]


def test_what_was_refused_is_listed_by_place_and_never_by_content(town: Town, office: FlaskClient) -> None:
    kiosk = town.enrolled()
    form = kiosk.submit(channel="bồ câu")
    kiosk.drain()
    page = office.get("/refused").text
    assert form in page
    assert "/channel enum" in page
    assert "bồ câu" not in page


def test_the_queue_towards_the_province_is_seen_and_pushed(town: Town, office: FlaskClient) -> None:
    kiosk, form = arrived(town)
    assert "quầy chưa tiếp nhận" in office.get(f"/submissions/{form}").text
    kiosk.act(form, 1)
    kiosk.drain()
    page = office.get("/forwarding").text
    assert "Cổng chưa nối với hệ thống của tỉnh" in page
    assert "PK03-261124-0001-F" in page
    with town.engine.begin() as db:
        dossier = forwarding.claim(db, town.clock(), forwarding.ForwardPace())
        assert dossier is not None
        answer = Answer("refused", "wrong-form")
        forwarding.settle(db, dossier, answer, town.clock(), town.clock(), forwarding.ForwardPace())
    shown = office.get(f"/submissions/{form}")
    assert "Hệ thống tỉnh trả lại" in shown.text
    assert "wrong-form" in shown.text
    pushed = office.post(f"/submissions/{form}/redeliver", data={"csrf": csrf(shown)})
    assert pushed.status_code == 302
    assert town.sql("select state, tries from forwards") == [("due", 0)]
    assert town.sql("select subject from trail where act = 'redelivered'") == [("PK03-261124-0001-F",)]


def test_the_trail_is_turned_page_by_page(town: Town, auditor: FlaskClient) -> None:
    with town.engine.begin() as db:
        for n in range(105):
            accounts.record(db, "operator", "looked", f"id-{n}", town.clock(), "Đối chiếu")
    first = auditor.get("/trail").text
    assert first.count("Mở tờ khai") == 100
    older = re.search(r"before=(\d+)", first)
    assert older
    assert auditor.get(f"/trail?before={older[1]}").text.count("Mở tờ khai") == 5
