"""First page of the technician: refused forms and tasks, never an answer or a name."""

import json
import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

import sync.outbox
from kiosk.acts import signing
from kiosk.backup import receipt_gaps
from kiosk.base import clock
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.health import heartbeat
from kiosk.portal import delivery
from kiosk.procedures.loader import Catalogue
from kiosk.records import marks
from printers import spool
from sync.parcel import FieldError, Outcome, Subject
from tests.faults.submitting import submit_form
from tests.heartbeats import beat
from tests.journeys import submission_checks
from tests.journeys.walker import Walker
from tests.markup import compact

PASSWORD = "mật khẩu dài"
PAGES = ["", "deliveries", "deliveries/{subject}", "devices", "journal", "key", "screens", "stick"]
PAGES = [f"/technician/{page}" for page in PAGES]


@pytest.fixture
def context(app: Flask) -> Context:
    context: Context = app.extensions["context"]
    signing.set_technician_password(context, PASSWORD)
    return context


@pytest.fixture
def desk(app: Flask, context: Context) -> FlaskClient:
    return _sign_in(app)


def _sign_in(app: Flask) -> FlaskClient:
    browser = app.test_client()
    answer = browser.post("/technician/signin", data={"password": PASSWORD})
    assert answer.headers["Location"] == "/technician/"
    return browser


def _page(desk: FlaskClient, address: str = "/technician/") -> str:
    answer = desk.get(address)
    assert answer.status_code == 200
    return compact(answer.get_data(as_text=True))


def _touch(desk: FlaskClient, address: str) -> None:
    token = re.search(r'name="csrf" value="([^"]+)"', _page(desk))
    assert token
    assert desk.post(address, data={"csrf": token[1]}).status_code == 303


def _refused(walker: Walker) -> str:
    """Return the id of a form that the portal refused."""
    submit_form(walker.context)
    submission = submission_checks.only_submission(walker.context)
    with walker.context.store.write() as db:
        now = walker.context.clock.now()
        sync.outbox.mark_refused(db, Subject(submission.id, "submission"), "record", "422", now)
        outcome = Outcome("invalid", errors=(FieldError("/form", "pattern", "Trần Nguyễn Bảo Ngọc"),))
        delivery.apply_outcome(walker.context, db, Subject(submission.id, "submission"), outcome)
    return submission.id


def test_a_wrong_password_is_said_on_the_page(app: Flask, context: Context) -> None:
    answer = app.test_client().post("/technician/signin", data={"password": "sai"})
    assert answer.status_code == 200
    assert "chưa đúng" in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers


def test_a_quiet_kiosk_has_nothing_to_do(desk: FlaskClient, context: Context) -> None:
    beat(context)
    assert "Kiosk vẫn phục vụ" in _page(desk)


def test_pages_without_a_worker_say_so_and_promise_nothing(desk: FlaskClient, context: Context) -> None:
    with context.store.write() as db:
        marks.put(db, heartbeat.PRINTER + context.config.printers[0].name, "ok")
        db.execute("update link set is_down = 1, until = '2026-11-24T01:42:00.000Z' where id = 1")
    page = _page(desk)
    assert "Máy đang có lỗi" in page
    assert "WORK-01" in page
    assert "Sẵn sàng" not in page
    assert "Máy tự thử" not in page
    beat(context)
    page = _page(desk)
    assert "Sẵn sàng" in page
    assert "Máy tự thử" in page


def test_a_clock_that_stops_citizens_is_the_first_task(app: Flask, context: Context, clock: FixedClock) -> None:
    clock.jump(-10 * 365 * 86400)
    headings = re.findall(r'<article class="card.*?<span>([^:]+):', _page(_sign_in(app)), re.DOTALL)
    assert headings[0] == "Đồng hồ"
    assert len(headings) > 1


def test_a_form_that_is_stuck_is_named_by_its_number_class_code_and_field(desk: FlaskClient, walker: Walker) -> None:
    submission_id = _refused(walker)
    assert "1 tờ khai cần xem lại" in _page(desk)
    page = _page(desk, "/technician/deliveries")
    assert submission_checks.only_submission(walker.context).receipt_no in page
    assert "record: 422" in page
    assert "tờ khai (pattern)" in page
    assert f"/technician/deliveries/{submission_id}" in page
    assert "/retry" not in page, "what was refused is released at the desk"


@pytest.mark.parametrize("address", PAGES)
def test_no_body_no_name_and_no_number_is_ever_shown(desk: FlaskClient, walker: Walker, address: str) -> None:
    page = re.sub(r'value="[0-9a-f]{64}"', "", _page(desk, address.format(subject=_refused(walker))))
    for word in ("Bảo Ngọc", "Diệu Hiền", "Phước", "046196000123", "0905", "Nguyễn"):
        assert word not in page


def test_a_paper_that_nobody_knows_of_is_asked_about(desk: FlaskClient, walker: Walker) -> None:
    submit_form(walker.context)
    submission = submission_checks.only_submission(walker.context)
    with walker.context.store.write() as db:
        job = spool.of_subject(db, submission.id)[0]
        spool.mark_sending(db, job.id, walker.context.clock.now())
        result = spool.SendResult("unknown", "broken_off", "Máy in phiếu")
        spool.record_result(db, job.id, result, walker.context.clock.now())
    assert "chưa rõ đã ra chưa" in _page(desk)
    assert "Phiếu đã ra chưa?" in _page(desk, "/technician/devices")
    _touch(desk, f"/technician/paper/{job.id}/not-out")
    with walker.context.store.read() as db:
        assert "queued" in {job.state for job in spool.of_subject(db, submission.id)}


def test_a_form_of_another_session_is_refused(app: Flask, desk: FlaskClient) -> None:
    assert desk.post("/technician/send-now", data={"csrf": "0" * 64}).status_code == 403
    assert desk.post("/technician/send-now").status_code == 403
    assert app.test_client().post("/technician/send-now").headers["Location"] == "/technician/signin"


def test_after_signing_out_the_cookie_opens_nothing(app: Flask, desk: FlaskClient) -> None:
    cookie = desk.get_cookie("kiosk_technician", path="/technician/")
    assert cookie is not None
    _touch(desk, "/technician/signout")
    thief = app.test_client()
    thief.set_cookie("kiosk_technician", cookie.value, path="/technician/")
    assert thief.get("/technician/").headers["Location"] == "/technician/signin"


def test_send_now_ends_every_pause(desk: FlaskClient, walker: Walker) -> None:
    with walker.context.store.write() as db:
        db.execute("update link set paused = 'auth', is_down = 1 where id = 1")
    assert "Tạm dừng" in _page(desk)
    _touch(desk, "/technician/send-now")
    assert "Tạm dừng" not in _page(desk)


def test_nobody_is_told_that_nothing_is_lost_while_numbers_are_missing(
    app: Flask, desk: FlaskClient, context: Context
) -> None:
    assert "Không tờ khai nào bị mất" in _page(desk)
    gaps = [{"day": "2026-11-24", "after": 3, "known": 5}]
    gap = {"at": clock.timestamp(context.clock.now()), "copy": 7, "gaps": gaps}
    with context.store.write() as db:
        marks.put(db, receipt_gaps.MARK, json.dumps([gap]))
    backup = replace(context.config.backup, path="copies")
    app.extensions["context"] = replace(context, config=replace(context.config, backup=backup))
    page = _page(desk)
    assert "COPY-02" in page
    assert "từ 0004 đến 0005" in page
    assert "Không tờ khai nào bị mất" not in page


def test_a_procedure_on_a_repealed_document_is_an_alarm_on_the_page(
    app: Flask, context: Context, desk: FlaskClient
) -> None:
    procedure = context.catalogue.in_force("1.004194", context.clock.today())
    assert procedure is not None
    repealed = replace(procedure, law=("tt_cu_tru_cu",))
    app.extensions["context"] = replace(context, catalogue=Catalogue([repealed]))
    page = _page(desk)
    assert "LEGAL-01" in page
    assert "hết hiệu lực từ 01/07/2026, thay bằng Thông tư 116/2026/TT-BCA: thủ tục 1.004194." in page
