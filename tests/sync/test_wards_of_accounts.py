"""An account of some wards: no page, list, figure or act of it reaches another ward."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from sync.gateway import Enrolment, accounts, kiosks
from sync.gateway.pages.access import ALLOWED_ROLES, OF_PROVINCE
from sync.gateway.tables import submissions
from sync.gateway.wards import Wards, is_unit
from tests.sync.contract_checks import envelope, event, send
from tests.sync.practice_gateway import UNIT, Kiosk, PracticeGateway
from tests.sync.test_kiosk_reports import REPORT
from tests.sync.test_messages import CONSENT
from tests.sync.test_operator import add_account, csrf, sign_in

OTHER_UNIT = "H57.99.02"
OPINIONS = {"month": "2026-10", "groups": [{"faces": [0, 0, 0, 5, 0], "unanswered": 0}], "words": {}}


def other_kiosk(practice: PracticeGateway) -> Kiosk:
    """Return a kiosk of another ward, enrolled."""
    with practice.engine.begin() as db:
        kiosks.add_code(db, Enrolment("OTHER-KIOSK-CODE", "PK04", OTHER_UNIT), practice.clock(), may_replace=False)
    other = practice.new_kiosk()
    other.identity = other.portal._identity = replace(other.identity, kiosk_id="PK04")
    other.portal.enrol("OTHER-KIOSK-CODE", OTHER_UNIT)
    return other


def fill(kiosk: Kiosk, kiosk_id: str, unit: str, ward: str) -> str:
    """Send what a kiosk sends: a form that its desk accepted, one that is refused here, opinions, a report."""
    own: dict[str, Any] = {"kioskId": kiosk_id, "unitCode": unit, "receiptNo": f"{kiosk_id}-261124-0001-F"}
    own |= {"messages": CONSENT}
    sent = envelope(kiosk, **own)
    answer = kiosk.send_request("POST", "/submissions", {"submissions": [sent], "opinions": OPINIONS})
    assert b'"created"' in answer.body
    kiosk.send_request("POST", "/events", {"events": [event(sent["submissionId"], 1)]})
    (refused,) = send(kiosk, envelope(kiosk, **own | {"receiptNo": "x"}))
    assert refused["outcome"] == "invalid"
    assert kiosk.send_request("POST", "/report", REPORT | {"wardName": ward}).status == 200
    return sent["submissionId"]


@pytest.fixture
def forms(practice: PracticeGateway) -> dict[str, str]:
    """Return the forms of two wards, by kiosk."""
    return {
        "PK03": fill(practice.enrolled_kiosk(), "PK03", UNIT, "Phường Một"),
        "PK04": fill(other_kiosk(practice), "PK04", OTHER_UNIT, "Phường Hai"),
    }


@pytest.fixture
def browser(practice: PracticeGateway, forms: dict[str, str]) -> Iterator[FlaskClient]:
    """Return the browser of an account that sees the ward of PK03."""
    assert set(forms) == {"PK03", "PK04"}
    add_account(practice, "cua.mot", "administrator")
    with practice.engine.begin() as db:
        assert accounts.set_units(db, "cua.mot", [UNIT])
    with practice.gateway.app.test_client() as browser:
        assert sign_in(browser, login="cua.mot").status_code == 302
        yield browser


LISTS = ("/", "/?q=PK04", "/fleet", "/fleet?q=PK04", "/fleet.csv", "/forwarding", "/refused", "/opinions", "/messages")


@pytest.mark.parametrize("address", LISTS)
def test_no_list_names_another_ward(browser: FlaskClient, address: str) -> None:
    page = browser.get(address)
    assert page.status_code == 200
    for foreign in ("PK04-", OTHER_UNIT, "Phường Hai", ">PK04<"):
        assert foreign not in page.text, foreign


@pytest.mark.parametrize(
    ("address", "own"),
    [("/", "PK03-261124"), ("/fleet", "Phường Một"), ("/fleet.csv", UNIT), ("/forwarding", "PK03-261124"),
     ("/refused", "PK03"), ("/opinions", UNIT), ("/messages", UNIT)],
)  # fmt: skip
def test_the_own_ward_is_there_and_an_account_without_units_sees_both(
    practice: PracticeGateway, browser: FlaskClient, address: str, own: str
) -> None:
    assert own in browser.get(address).text
    with practice.gateway.app.test_client() as operator:
        sign_in(operator)
        page = operator.get(address).text
    assert own in page
    assert own.replace("PK03", "PK04").replace(UNIT, OTHER_UNIT).replace("Một", "Hai") in page


def test_figures_count_the_own_ward_alone(browser: FlaskClient, practice: PracticeGateway) -> None:
    with practice.gateway.app.test_client() as operator:
        sign_in(operator)
        both = operator.get("/refused").text
    assert both.count("PK0") > browser.get("/refused").text.count("PK0")


def acts(forms: dict[str, str]) -> list[tuple[str, str, dict[str, str]]]:
    """Return every page and act that names a machine, a form or a unit, for the other ward."""
    form = f"/submissions/{forms['PK04']}"
    return [
        ("GET", form, {}),
        ("POST", form, {"reason": "Đối chiếu"}),
        ("POST", f"{form}/status", {"status": "9"}),
        ("POST", f"{form}/redeliver", {}),
        ("POST", f"{form}/by-hand", {"official_no": "H57.99.02-1"}),
        ("GET", "/kiosks/PK04", {}),
        ("POST", "/kiosks/PK04/label", {"label": "Của tôi"}),
        ("POST", "/kiosks/PK04/revoke", {"reason": "thử"}),
        ("POST", "/kiosks/codes", {"kiosk_id": "PK05", "unit_code": OTHER_UNIT}),
        ("POST", "/kiosks/codes", {"kiosk_id": "PK04", "unit_code": UNIT}),
        ("POST", "/kiosks/codes", {"kiosk_id": "PK04", "unit_code": UNIT, "renewal": "1"}),
    ]


def test_no_act_reaches_another_ward_and_the_answer_is_that_of_nothing(
    practice: PracticeGateway, browser: FlaskClient, forms: dict[str, str]
) -> None:
    token = csrf(browser.get(f"/submissions/{forms['PK03']}"))
    before = {name: rows for name, rows in practice.back_up().items() if name not in ("sessions", "nonces")}
    for method, address, values in acts(forms):
        answer = browser.open(address, method=method, data={**values, "csrf": token} if method == "POST" else None)
        assert answer.status_code == 404, address
        assert "PK04-261124" not in answer.text, address
    after = {name: rows for name, rows in practice.back_up().items() if name not in ("sessions", "nonces")}
    assert after == before


@pytest.mark.parametrize("address", ["/stick", "/faults"])
def test_what_has_no_ward_is_for_accounts_of_the_province(browser: FlaskClient, address: str) -> None:
    assert browser.get(address).status_code == 403
    page = browser.get("/").text
    assert f'href="{address}"' not in page
    assert UNIT in page


def test_no_roll_out_is_started_for_the_province(browser: FlaskClient, practice: PracticeGateway) -> None:
    token = csrf(browser.get("/"))
    for address in ("/rollouts", "/rollouts/1/retry", "/rollouts/1/pause"):
        assert browser.post(address, data={"csrf": token, "kind": "program"}).status_code == 403
    assert practice.sql("select count(*) from rollouts") == [(0,)]
    assert "/rollouts" not in browser.get("/fleet").text


def test_the_own_ward_can_be_worked_with(
    practice: PracticeGateway, browser: FlaskClient, forms: dict[str, str]
) -> None:
    page = browser.get(f"/submissions/{forms['PK03']}")
    shown = browser.post(f"/submissions/{forms['PK03']}", data={"csrf": csrf(page), "reason": "Đối chiếu số 17"})
    assert shown.status_code == 200
    assert practice.sql("select subject from trail where act = 'looked'") == [(forms["PK03"],)]
    named = browser.post("/kiosks/PK03/label", data={"csrf": csrf(page), "label": "Sảnh trước"})
    assert named.status_code == 302
    code = browser.post("/kiosks/codes", data={"csrf": csrf(page), "kiosk_id": "PK09", "unit_code": UNIT})
    assert code.status_code == 200


def test_units_that_change_count_for_the_session_that_is_open(practice: PracticeGateway, browser: FlaskClient) -> None:
    with practice.engine.begin() as db:
        accounts.set_units(db, "cua.mot", [OTHER_UNIT])
    page = browser.get("/").text
    assert "PK04-261124-0001" in page
    assert "PK03-261124-0001" not in page


def test_a_form_stays_with_the_ward_that_filed_it_when_its_kiosk_moves(
    practice: PracticeGateway, browser: FlaskClient
) -> None:
    practice.sql(f"update kiosks set unit_code = '{UNIT}' where kiosk_id = 'PK04'")
    for address in ("/", "/forwarding"):
        assert "PK04-261124" not in browser.get(address).text, address


@pytest.mark.parametrize(
    ("units", "unit_code", "is_seen"),
    [
        ((), "H57.99.01", True),
        (("H57.99.01",), "H57.99.01", True),
        (("H57.99.01",), "H57.99.011", False),
        (("H57.99.01",), "H57.99", False),
        (("H57.99",), "H57.99.01", True),
        (("H57.9",), "H57.99.01", False),
        (("H58", "H57.99.02"), "H57.99.01", False),
        (("H58", "H57"), "H57.99.01", True),
        (("H57.99.%",), "H57.99.01", False),
        (("H57_99",), "H57.99.01", False),
    ],
)
def test_a_unit_is_seen_by_its_code_or_a_beginning_up_to_a_dot(
    practice: PracticeGateway, forms: dict[str, str], units: tuple[str, ...], unit_code: str, *, is_seen: bool
) -> None:
    wards = Wards(units)
    assert wards.has(unit_code) is is_seen
    practice.sql(f"update submissions set unit_code = '{unit_code}' where submission_id = '{forms['PK03']}'")
    with practice.engine.begin() as db:
        found = db.execute(select(submissions.c.submission_id).where(wards.of_units(submissions.c.unit_code)))
        assert (forms["PK03"] in found.scalars().all()) is is_seen


@pytest.mark.parametrize(
    ("text", "expected"),
    [("H57.99.01", True), ("H57", True), ("", False), ("H57.", False), ("h57", False), ("H57.99.%", False),
     ("H57 99", False), ("H" * 36, False)],
)  # fmt: skip
def test_a_unit_has_the_shape_of_a_code(text: str, *, expected: bool) -> None:
    assert is_unit(text) is expected


def test_every_page_of_the_province_is_a_page() -> None:
    assert ALLOWED_ROLES.keys() >= OF_PROVINCE
