"""Forwarding pages of the operator: who needs a look, the steps with the other side's words, and done by hand."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from sync.gateway.forward_targets import StepResult
from sync.gateway.forward_worker import ForwardWorker
from sync.gateway.forwarding import ForwardPace
from tests.sync.practice_gateway import PracticeGateway
from tests.sync.test_forwarding import ScriptedTarget
from tests.sync.test_operator import csrf, send_submission, sign_in

PACE = ForwardPace(interval=0.0)


@pytest.fixture
def operator(practice: PracticeGateway) -> Iterator[FlaskClient]:
    with practice.gateway.app.test_client() as client:
        sign_in(client)
        yield client


def _forward(practice: PracticeGateway, *answers: StepResult, waits_for: str = "") -> ScriptedTarget:
    """Forward what is due, once."""
    target = ScriptedTarget(answers=list(answers), waits_for=waits_for)
    assert ForwardWorker(practice.gateway.app.extensions["gateway"], target, PACE).step()
    return target


def _accepted(practice: PracticeGateway, **changes: object) -> str:
    kiosk, form = send_submission(practice, **changes)
    kiosk.add_event(form, 1)
    kiosk.drain()
    return form


def test_a_refused_dossier_is_listed_with_its_step_and_masked_words(
    practice: PracticeGateway, operator: FlaskClient
) -> None:
    form = _accepted(practice)
    assert "Không có hồ sơ nào cần xem" not in operator.get("/forwarding").text
    words = "Trùng với LÊ VĂN THỬ, số 046000000001, hồ sơ H57.99.01-261124-0001"
    _forward(practice, StepResult("refused", "error5", words=words))
    listed = operator.get("/forwarding").text
    assert "Chuyển hồ sơ: 0 đang chờ, 1 cần người xem" in listed
    assert "“Trùng với •••, số •••, hồ sơ H57.99.01-261124-0001”" in listed
    shown = operator.get(f"/submissions/{form}").text
    assert "Bị trả lại" in shown
    assert "Thử lại bước này" in shown
    assert "Lê Văn" not in shown


def test_a_dossier_that_waits_says_for_what(practice: PracticeGateway, operator: FlaskClient) -> None:
    form = _accepted(practice)
    _forward(practice, waits_for="official-number")
    assert "Chờ quầy ghi số hồ sơ" in operator.get("/forwarding").text
    assert "Chờ quầy ghi số hồ sơ" in operator.get(f"/submissions/{form}").text


def test_a_step_that_may_be_there_is_counted(practice: PracticeGateway, operator: FlaskClient) -> None:
    _accepted(practice)
    _forward(practice, StepResult("unknown", "deadline"))
    assert "chưa rõ đã tới" not in operator.get("/forwarding").text
    with practice.engine.begin() as db:
        db.exec_driver_sql("update forward_steps set state = 'doubtful'")
    assert "1 bước chưa rõ đã tới hay chưa" in operator.get("/forwarding").text


def test_a_dossier_done_by_hand_is_never_forwarded_again(practice: PracticeGateway, operator: FlaskClient) -> None:
    form = _accepted(practice)
    _forward(practice, StepResult("refused", "error5"))
    page = operator.get(f"/submissions/{form}")

    def post(number: str) -> str:
        data = {"csrf": csrf(page), "official_no": number}
        return operator.post(f"/submissions/{form}/by-hand", data=data, follow_redirects=True).text

    assert "không có khoảng trống" in post("H57 99")
    assert "không có khoảng trống" in post("H" * 61)
    with practice.engine.begin() as db:
        db.exec_driver_sql("update forwards set state = 'sending'")
    assert "Máy đang gửi hồ sơ này" in post("H57.99.01-261124-0007")
    with practice.engine.begin() as db:
        db.exec_driver_sql("update forwards set state = 'refused'")
    assert "Đã làm tay." in post("H57.99.01-261124-0007")
    assert practice.sql("select state, waits_for from forwards") == [("dropped", "by-hand")]
    operator.post(f"/submissions/{form}/redeliver", data={"csrf": csrf(page)})
    assert practice.sql("select state, waits_for from forwards") == [("dropped", "by-hand")]
    assert "Chuyển lại ngay" not in operator.get(f"/submissions/{form}").text
    assert practice.sql("select official_no from submissions") == [("H57.99.01-261124-0007",)]
    assert practice.sql("select reason from trail where act = 'filed_by_hand'") == [("H57.99.01-261124-0007",)]
    assert "Không có hồ sơ nào cần xem" in operator.get("/forwarding").text


def test_a_correction_of_a_dossier_done_by_hand_stays_with_the_person(
    practice: PracticeGateway, operator: FlaskClient
) -> None:
    kiosk, form = send_submission(practice)
    kiosk.add_event(form, 1)
    kiosk.drain()
    page = operator.get(f"/submissions/{form}")
    data = {"csrf": csrf(page), "official_no": "H57.99.01-261124-0007"}
    operator.post(f"/submissions/{form}/by-hand", data=data)
    kiosk.add_event(form, 2)
    kiosk.drain()
    assert practice.sql("select state from forwards") == [("dropped",)]


def test_the_number_of_another_dossier_is_not_taken(practice: PracticeGateway, operator: FlaskClient) -> None:
    kiosk, other = send_submission(practice)
    form = kiosk.submit()
    kiosk.drain()
    for subject in (other, form):
        kiosk.add_event(subject, 1)
    kiosk.drain()
    with practice.engine.begin() as db:
        db.exec_driver_sql(f"update submissions set official_no = 'H57-1' where submission_id = '{other}'")
    data = {"csrf": csrf(operator.get(f"/submissions/{form}")), "official_no": "H57-1"}
    answer = operator.post(f"/submissions/{form}/by-hand", data=data, follow_redirects=True)
    assert "Số này đã thuộc hồ sơ khác" in answer.text
