"""Field for everything: numbers, slips and persons by one text; a person is looked up only with an audit row."""

import pytest
from flask import Flask

from kiosk.acts import queueing
from kiosk.context import Context
from kiosk.dossiers import lookup_hashes, payment_keys
from kiosk.records import audit, lookups
from tests.pages.officer.sitting import Desk


@pytest.fixture
def desk(app: Flask, birth_filed: Context) -> Desk:
    desk = Desk(app)
    for _ in range(2):
        queueing.draw_ticket(desk.context, desk.context.config.series[1])
    return desk


def _ask(desk: Desk, text: str, **more: str) -> str:
    answer = desk.browser.post("/officer/command", data={"csrf": desk.go("/officer/").token, "text": text, **more})
    assert answer.status_code == 200
    desk.answer = answer
    return desk.words


def _look_ups(desk: Desk) -> list[audit.AuditLine]:
    with desk.context.store.read() as db:
        return [entry.line for entry in audit.latest(db, ["look_up"], 50)]


def test_digits_find_numbers_and_slips_of_every_series(desk: Desk) -> None:
    words = _ask(desk, "001")
    assert "Số A 001" in words
    assert "Số B 001" in words
    assert "Số A" not in _ask(desk, "b001")
    slip = _ask(desk, "0001")
    assert "Phiếu và hồ sơ" in slip
    assert "- 0001 -" in slip
    assert _look_ups(desk) == []


def test_a_person_is_offered_and_looked_up_only_on_request(desk: Desk) -> None:
    assert "Tìm nguyen thi dieu hien" in _ask(desk, "nguyen thi dieu hien")
    assert _look_ups(desk) == []
    assert "Đăng ký khai sinh" in _ask(desk, "nguyen thi dieu hien", person="1")
    (line,) = _look_ups(desk)
    assert line.facts["found"] == 1
    assert "hien" not in str(line.facts)


def test_an_id_number_stays_masked(desk: Desk) -> None:
    words = _ask(desk, "046196000123", person="1")
    assert "046196000123" not in words
    assert "•••• •••• 0123" in words


def test_a_telephone_number_of_a_form_finds_its_case(desk: Desk) -> None:
    with desk.context.store.write() as db:
        lookups.insert(db, db.execute("select id from submissions").fetchone()[0], [_phone(desk)])
    assert "điện thoại •••• ••• 123" in _ask(desk, "0905 000 123")
    assert "Đăng ký khai sinh" in _ask(desk, "0905 000 123", person="1")


def _phone(desk: Desk) -> str:
    return lookup_hashes.phone_hash(desk.context, "0905000123")


def test_a_scanned_slip_leads_to_its_case_at_once(desk: Desk) -> None:
    with desk.context.store.read() as db:
        ((receipt, submission_id),) = db.execute("select receipt_no, id from submissions").fetchall()
    data = {"csrf": desk.token, "text": receipt, "scan": "1"}
    answer = desk.browser.post("/officer/command", data=data)
    assert (answer.status_code, answer.headers["Location"]) == (204, f"/officer/case/{submission_id}")
    transfer = f"PHI {payment_keys.receipt_key(desk.context, receipt)} GD 1234"
    answer = desk.browser.post("/officer/command", data={**data, "text": transfer})
    assert (answer.status_code, answer.headers["Location"]) == (204, f"/officer/case/{submission_id}")
    desk.post("/officer/queue/next", nonce="n1")
    answer = desk.browser.post("/officer/command", data={**data, "csrf": desk.token})
    assert answer.headers["Location"] == "/officer/"


def test_a_number_that_was_closed_by_absences_can_be_called_from_the_field(desk: Desk) -> None:
    with desk.context.store.write() as db:
        db.execute("update tickets set state = 'closed' where series = 'A'")
    words = _ask(desk, "A001")
    assert "đã đóng" in words
    assert "Ctrl ↵" in words
    ticket_id = desk.page.split('data-call="')[1].split('"')[0]
    desk.go("/officer/").post("/officer/queue/this", nonce="n2", ticket="", this=ticket_id)
    assert "A001" in desk.words
    with desk.context.store.read() as db:
        assert db.execute("select state from tickets where series = 'A'").fetchall() == [("called",)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bang thu tien", 'data-url="/officer/fees/cash"'),
        ("lấy số", 'data-url="/officer/reception"'),
        ("ket hon", "Khai giúp thủ tục này"),
    ],
)
def test_the_name_of_a_page_or_of_a_procedure_leads_there(desk: Desk, text: str, found: str) -> None:
    _ask(desk, text)
    assert found in desk.page
    assert _look_ups(desk) == []


def test_a_case_of_a_person_names_its_number(desk: Desk) -> None:
    assert "Đăng ký khai sinh, số A001, PK03-" in _ask(desk, "nguyen thi dieu hien", person="1")
