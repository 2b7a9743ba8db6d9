"""From ticket to hand-out, over real sockets: the gateway gets each decision of the desk once, in order."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from kiosk.acts import delivering
from kiosk.context import Context
from kiosk.records import audit, decisions, submissions
from kiosk.worker import Worker
from sync.encoding import sha256_hex
from sync.gateway import Gateway
from tests.journeys import submission_checks
from tests.journeys.test_line import Technician, fault, gateway, practice, printer, work, worker
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_decide import ACCEPT, _decide
from tests.pages.officer.test_queue import _plaque, _tap

__all__ = ["gateway", "practice", "printer", "worker"]
OFFICIAL = "H57.132-261124-0042"


@pytest.fixture
def desk(app: Flask, birth_filed: Context) -> Desk:
    """Return an officer who serves a mother with her form."""
    return _tap(Desk(app), "next")


def _ask(tmp_path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(tmp_path / "gateway.db")) as db:
        return db.execute(query).fetchall()


STATUS = "select status_code, official_no, due_at from submissions"
EVENTS = "select seq, kind from events order by received_at, seq"


def test_a_birth_from_ticket_to_hand_out_is_at_the_gateway(desk: Desk, worker: Worker, tmp_path: Path) -> None:
    _decide(desk, "accepted", **ACCEPT, official_no=OFFICIAL)
    work(worker)
    ((code, official_no, due_at),) = _ask(tmp_path, STATUS)
    assert (code, official_no) == (2, OFFICIAL)
    assert str(due_at).startswith("2026-11-25T10:00:00")
    _decide(desk, "supplement", lines="Ký lại tờ khai", reason="Còn thiếu chữ ký")
    work(worker)
    assert _ask(tmp_path, STATUS)[0][0] == 5
    _decide(desk, "accepted", **ACCEPT)
    _decide(desk, "handed_out", what="Giấy khai sinh", taken_by="Nguyễn Thị Diệu Hiền", relation="self")
    work(worker)
    assert _ask(tmp_path, STATUS)[0][0] == 10
    assert _ask(tmp_path, EVENTS) == [(1, "accepted"), (2, "supplement"), (3, "accepted"), (4, "handed_out")]
    with desk.context.store.read() as db:
        submission = submissions.by_receipt(db, submission_checks.only_submission(desk.context).receipt_no)
        assert submission is not None
        assert {decision.delivery for decision in decisions.of_case(db, submission.receipt_no)} == {"confirmed"}
        assert audit.verify(db, desk.context.audit_key()) is None
    assert (submission.desk, submission.desk_official_no, submission.delivery) == ("handed_out", OFFICIAL, "confirmed")


def test_events_wait_for_their_form_and_are_sent_in_order_when_the_connection_is_back(
    desk: Desk, worker: Worker, gateway: Gateway, tmp_path: Path
) -> None:
    fault(gateway, "down")
    _decide(desk, "supplement", lines="Ký lại tờ khai", reason="Còn thiếu chữ ký")
    _decide(desk, "accepted", **ACCEPT, official_no=OFFICIAL)
    work(worker)
    assert _ask(tmp_path, EVENTS) == []
    fault(gateway, "off")
    delivering.send_now(desk.context)
    work(worker)
    assert _ask(tmp_path, EVENTS) == [(1, "supplement"), (2, "accepted")]
    assert _ask(tmp_path, STATUS)[0][0] == 2


def test_an_answer_that_is_lost_leaves_one_event_at_the_gateway(
    desk: Desk, worker: Worker, gateway: Gateway, tmp_path: Path
) -> None:
    work(worker)
    fault(gateway, "answer_lost")
    _decide(desk, "accepted", **ACCEPT)
    work(worker, 4)
    fault(gateway, "off")
    work(worker)
    assert _ask(tmp_path, EVENTS) == [(1, "accepted")]
    with desk.context.store.read() as db:
        (made,) = decisions.of_case(db, submission_checks.only_submission(desk.context).receipt_no)
    assert made.delivery == "confirmed"


def test_an_event_that_the_portal_refuses_is_shown_by_class_and_code_alone(
    app: Flask, desk: Desk, worker: Worker, tmp_path: Path
) -> None:
    work(worker)
    _decide(desk, "refused", reason="Thiếu giấy của bà Quạ Kềnh")
    with desk.context.store.write() as db:
        (made,) = decisions.of_case(db, submission_checks.only_submission(desk.context).receipt_no)
        table = {"eventId": made.id, "seq": "một", "reason": "bà Quạ Kềnh"}
        body = json.dumps(table).encode()
        sealed = desk.context.vault.seal(decisions.EVENT, made.id, body)
        db.execute("update decisions set event = ?, digest = ?", [sealed, sha256_hex(body)])
    work(worker)
    assert _ask(tmp_path, EVENTS) == []
    assert "Cổng không nhận việc “Từ chối”" in desk.go("/officer/").words
    technician = Technician(app)
    page = technician.page()
    assert "1 việc của quầy mà cổng không nhận" in page
    assert "Quạ" not in page
    listed = technician.client.get("/technician/deliveries").get_data(as_text=True)
    assert f"{made.receipt_no}, việc thứ 1 của quầy" in listed
    assert "Quạ" not in listed
    with desk.context.store.read() as db:
        acts = [line for _at, line in audit.of_subject(db, made.submission_id)]
    assert acts[-1].act == "quarantine"
    assert acts[-1].facts == {"event": "refused", "seq": 1}
    desk.post(f"/officer/case/{made.submission_id}/returned/again", subject=made.id)
    assert "Máy gửi lại lên cổng" in desk.words
    with desk.context.store.read() as db:
        again = decisions.find(db, made.id)
    assert again is not None
    assert again.delivery == "queued"


def test_who_is_sent_for_a_paper_comes_back_with_the_slip_and_is_called_first(
    app: Flask, desk: Desk, walker: Walker
) -> None:
    submission = submission_checks.only_submission(desk.context)
    label = _plaque(desk)
    _decide(desk, "supplement", paper="chung_sinh", reason="Còn thiếu giấy")
    assert "không lấy số mới" in desk.words
    other = Walker(app).go("/ticket").fill(series="A-HOTICH")
    assert "A002" in other.words
    _tap(desk, "finish")
    home = Walker(app).go("/status").fill(code=submission.receipt_no, last4="0123")
    assert "Cần nộp thêm giấy" in home.words
    home.post("/back", code=submission.receipt_no, last4="0123")
    assert "Quay lại, mang thêm giấy" in desk.go("/officer/").words
    assert _plaque(_tap(desk, "next")) == label
    assert "Đang chờ bổ sung" in desk.words
    assert "Yêu cầu bổ sung 1 điều" in desk.words
    _decide(desk, "accepted", **ACCEPT, official_no=OFFICIAL)
    _decide(desk, "handed_out", what="Giấy khai sinh", taken_by="Nguyễn Thị Diệu Hiền", relation="self")
    assert "Đã trả kết quả. Hồ sơ đã kết thúc." in desk.words
    assert submission_checks.only_submission(desk.context).desk == "handed_out"
