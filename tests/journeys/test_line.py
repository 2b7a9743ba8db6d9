"""A form from start to end, over real sockets: printed, delivered, confirmed, and shown to a technician."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
import zxingcpp
from flask import Flask

from kiosk.acts import printing, signing
from kiosk.acts import refusals as refusal_acts
from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.context import Context
from kiosk.records import refusals, submissions
from kiosk.startup.wiring import open_enrolling_portal, open_printers
from kiosk.worker import Worker
from printers.virtual.server import VirtualPrinter
from sync.backoff import BackoffSettings
from sync.gateway import Enrolment, Gateway, GatewaySettings, serve_in_thread
from tests.journeys import submission_checks
from tests.journeys.people import begin_birth, birth_until_check, mother_registers, submit
from tests.journeys.test_keeping import keep
from tests.journeys.walker import Walker

OPERATOR = "operator-of-a-test"
CODE = codes.token()
AT_ONCE = BackoffSettings(first=0.0, longest=0.0, spread=0.0, pause=0.0, greeting=60.0)


@pytest.fixture
def gateway(tmp_path: Path, clock: FixedClock) -> Iterator[Gateway]:
    enrolment = Enrolment(CODE, "PK03", "H57.99.01")
    made, thread = serve_in_thread(
        GatewaySettings(
            database=str(tmp_path / "gateway.db"),
            operator_password=OPERATOR,
            now=clock.now,
            token=codes.token,
            practice=True,
            enrolment=(enrolment,),
        )
    )
    yield made
    made.close()
    thread.join(5)


@pytest.fixture
def printer() -> Iterator[VirtualPrinter]:
    with VirtualPrinter(speed=0) as made:
        yield made


@pytest.fixture
def practice(practice: Config, gateway: Gateway, printer: VirtualPrinter) -> Config:
    """Run the practice kiosk with a gateway and a printer of the test."""
    device = replace(practice.printers[0], address=printer.address)
    return replace(practice, portal=replace(practice.portal, url=gateway.url), printers=(device,))


@pytest.fixture
def worker(app: Flask, practice: Config) -> Iterator[Worker]:
    context: Context = app.extensions["context"]
    portal = open_enrolling_portal(practice)
    assert portal is not None
    portal.enrol(CODE, "H57.99.01")
    worker = Worker(context, portal, open_printers(practice), AT_ONCE)
    yield worker
    worker.close()


def work(worker: Worker, rounds: int = 12) -> None:
    for _ in range(rounds):
        worker.context.clock.advance(30)  # type: ignore[attr-defined]
        worker.step()


def fault(gateway: Gateway, name: str) -> None:
    answer = requests.post(f"{gateway.url}/faults", data={"fault": name}, auth=("operator", OPERATOR), timeout=60)
    assert answer.status_code == 204


def delivery(context: Context) -> str | None:
    with context.store.read() as db:
        return submissions.of_day(db, context.clock.today())[0].delivery


class Technician:
    """A technician at the maintenance page, in process."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        password = signing.reset_demo_technician(app.extensions["context"])
        assert self.client.post("/technician/signin", data={"password": "not this one"}).status_code == 200
        assert self.client.post("/technician/signin", data={"password": password}).status_code == 303

    def page(self) -> str:
        return self.client.get("/technician/").get_data(as_text=True)

    def press(self, address: str) -> None:
        token = self.page().split('name="csrf" value="')[1].split('"')[0]
        assert self.client.post(address, data={"csrf": token}).status_code == 303


def test_a_form_is_printed_delivered_and_confirmed(
    app: Flask, walker: Walker, worker: Worker, printer: VirtualPrinter
) -> None:
    submit(birth_until_check(walker))
    work(worker)
    assert delivery(app.extensions["context"]) == "confirmed"
    assert len(printer.papers) == 1
    technician = Technician(app)
    assert "Không có việc gì phải làm" in technician.page()
    assert "Phiếu tờ khai" in technician.client.get("/technician/devices").get_data(as_text=True)


def test_a_lost_connection_delays_no_citizen_and_the_outbox_drains_when_it_is_back(
    app: Flask, walker: Walker, worker: Worker, gateway: Gateway
) -> None:
    fault(gateway, "down")
    submit(birth_until_check(walker))
    work(worker)
    assert delivery(app.extensions["context"]) == "queued"
    technician = Technician(app)
    assert "Đường truyền: Đang mất" in technician.page()
    fault(gateway, "off")
    technician.press("/technician/send-now")
    work(worker)
    assert delivery(app.extensions["context"]) == "confirmed"


def test_a_lost_answer_leaves_one_copy_at_the_portal(
    app: Flask, walker: Walker, worker: Worker, gateway: Gateway
) -> None:
    fault(gateway, "answer_lost")
    submit(birth_until_check(walker))
    work(worker, 4)
    fault(gateway, "off")
    work(worker)
    assert delivery(app.extensions["context"]) == "confirmed"


def test_a_form_that_the_portal_refuses_waits_for_an_officer_and_can_be_sent_again(
    app: Flask, walker: Walker, worker: Worker, gateway: Gateway
) -> None:
    context: Context = app.extensions["context"]
    fault(gateway, "invalid")
    submit(birth_until_check(walker))
    work(worker)
    assert delivery(context) == "quarantined"
    technician = Technician(app)
    assert "1 tờ khai cần xem lại" in technician.page()
    assert "Trần Nguyễn Bảo Ngọc" not in technician.page()
    with context.store.read() as db:
        subject = submissions.of_day(db, context.clock.today())[0].id
        assert refusals.last(db, subject)
    fault(gateway, "off")
    refusal_acts.send_again(context, subject, "CB01")
    work(worker)
    assert delivery(context) == "confirmed"
    page = technician.client.get(f"/technician/deliveries/{subject}").get_data(as_text=True)
    assert page.index("Cổng đã nhận") < page.index("Cán bộ cho gửi lại") < page.index("có mục chưa đúng")


def test_an_unconfirmed_paper_is_asked_about_and_never_printed_twice_by_itself(
    app: Flask, walker: Walker, worker: Worker, printer: VirtualPrinter
) -> None:
    printer.set_fault("paper_out")
    submit(birth_until_check(walker))
    work(worker)
    assert printer.papers == []
    technician = Technician(app)
    assert "Hết giấy" in technician.page() or "hết giấy" in technician.page()
    printer.set_fault(None)
    work(worker)
    assert len(printer.papers) == 1
    context: Context = app.extensions["context"]
    printing.reprint_slip(context, submission_checks.only_submission(context).id, "CB01")
    work(worker)
    assert len(printer.papers) == 2


def test_a_kept_form_whose_slip_does_not_come_out_is_opened_by_the_code_on_the_page(
    walker: Walker, worker: Worker, printer: VirtualPrinter
) -> None:
    printer.set_fault("paper_out")
    mother_registers(begin_birth(walker))
    code = keep(walker)
    assert "Xin ghi lại mã này." in walker.words
    (paper,) = re.findall(r'data-paper="([^"]+)"', walker.page)
    assert walker.browser.get(paper).json == {"state": "printing"}
    work(worker)
    assert walker.browser.get(paper).json == {"state": "no_paper"}
    printer.set_fault(None)
    work(worker)
    assert walker.browser.get(paper).json == {"state": "printed"}
    assert code in {found.text for picture in printer.papers for found in zxingcpp.read_barcodes(picture)}


def test_the_maintenance_page_is_closed_to_others(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/technician/").status_code == 303
    assert client.post("/technician/send-now").status_code == 303
    technician = Technician(app)
    assert technician.client.post("/technician/send-now").status_code == 403
    technician.press("/technician/signout")
    assert technician.client.get("/technician/").status_code == 303
