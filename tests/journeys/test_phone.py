"""A citizen's phone: from the code of the printed slip to the papers that are missing, over a real gateway."""

import re
from dataclasses import replace

import pytest
import requests
import zxingcpp
from flask import Flask
from PIL import Image

from kiosk.acts import correcting, deciding, printing
from kiosk.acts.correcting import CorrectionInput
from kiosk.acts.deciding import SupplementInput
from kiosk.config import Config
from kiosk.context import Context
from kiosk.dossiers import status_page
from kiosk.dossiers.decision_filing import CaseRequest
from kiosk.dossiers.opened import open_submission
from kiosk.records import submissions
from kiosk.worker import Worker
from printers.virtual.server import VirtualPrinter
from sync.gateway import Gateway
from tests.journeys import submission_checks
from tests.journeys.people import birth_until_check, submit
from tests.journeys.test_line import gateway, printer, work, worker
from tests.journeys.walker import Walker

__all__ = ["gateway", "printer", "worker"]
STATE = {"view": "dossier"}
"""Of the address, as the page of the queue links to it: the state of the dossier."""


@pytest.fixture
def practice(practice: Config, gateway: Gateway, printer: VirtualPrinter) -> Config:
    """Run the practice kiosk with a gateway and a printer of the test."""
    device = replace(practice.printers[0], address=printer.address)
    portal = replace(practice.portal, url=gateway.url, public_url=gateway.url)
    return replace(practice, portal=portal, printers=(device,))


def correct_name(context: Context, submission_id: str) -> None:
    base = open_submission(context, submission_id)
    assert base is not None
    correcting.update_draft(context, base, actor="CB01", change=lambda draft: draft.put("con_ho_ten", "Trần Bảo Ngọc"))
    correction = CorrectionInput(officer="CB01", reason="said", read_back=True)
    assert correcting.write(context, base, seen=submission_id, correction_input=correction)


def page_words(answer: requests.Response) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())


def code_of(paper: Image.Image) -> str:
    """Return the text of the last code on a printed paper."""
    return str(zxingcpp.read_barcodes(paper.convert("L"))[-1].text)


def test_the_code_of_the_slip_shows_on_a_phone_what_the_desk_decides(
    app: Flask, walker: Walker, worker: Worker, printer: VirtualPrinter
) -> None:
    context: Context = app.extensions["context"]
    submit(birth_until_check(walker))
    submission = submission_checks.only_submission(context)
    key = status_page.status_key(context, submission.receipt_no, submission.id)
    address = status_page.address(context.config, key, submission.receipt_no)
    before = requests.get(address, timeout=60)
    assert (before.status_code, "Cứ giữ phiếu này" in before.text) == (404, True)

    work(worker)
    assert code_of(printer.papers[0]) == address
    assert "A001" in page_words(requests.get(address, timeout=60)), "the place in the queue comes first"
    sent = requests.get(address, params=STATE, timeout=60)
    assert "Đã nộp, chờ nhận" in page_words(sent)
    assert submission.receipt_no in sent.text
    assert context.config.ward.name in sent.text
    assert "tel:" in sent.text

    request = CaseRequest(submission_id=submission.id, seen_count=0, actor="CB01")
    procedure = context.catalogue.version(submission.procedure, submission.version)
    assert procedure is not None
    paper = procedure.papers[0]
    wanted = SupplementInput(papers=(paper.id,), lines=(), reason="Bà Hiền chưa có bản chính.")
    assert deciding.request_supplement(context, request, wanted)
    work(worker)
    missing = requests.get(address, params=STATE, timeout=60)
    assert "Còn thiếu 1 giấy" in page_words(missing)
    assert paper.name.vi not in missing.text
    opened = requests.post(address.partition("#")[0], data={"digits": key.digits}, timeout=60)
    assert paper.name.vi in opened.text
    for page in (sent, missing, opened):
        assert "Hiền" not in page.text
        assert "046196000123" not in page.text
        assert procedure.short.vi not in page.text


def test_a_correction_and_its_reprint_keep_the_key_of_the_first_slip(
    app: Flask, walker: Walker, worker: Worker, printer: VirtualPrinter
) -> None:
    context: Context = app.extensions["context"]
    submit(birth_until_check(walker))
    work(worker)
    address = code_of(printer.papers[0])
    base = submission_checks.only_submission(context)
    correct_name(context, base.id)
    printing.reprint_slip(context, base.id, "CB01")
    work(worker)
    with context.store.read() as db:
        newest = submissions.by_receipt(db, base.receipt_no)
    assert newest is not None
    assert (newest.revision, newest.delivery) == (2, "confirmed")
    assert code_of(printer.papers[-1]) == address
    assert "Đã nộp, chờ nhận" in page_words(requests.get(address, params=STATE, timeout=60))
