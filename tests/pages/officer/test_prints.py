"""One press prints the papers of the step: by the counter's office printer over a real socket, or as one PDF."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask

from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.config.list_sections import OfficePrinterSection
from kiosk.config.ward_sections import PapersSettings
from kiosk.context import Context
from kiosk.records import audit
from kiosk.startup.wiring import open_printers
from kiosk.worker import Worker
from printers import spool
from printers.devices import ipp
from printers.virtual.office import VirtualOfficePrinter
from tests.journeys import submission_checks
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_decide import ACCEPT, _address, _decide
from tests.pages.officer.test_queue import _shown, _tap
from tests.pages.officer.test_work import open_row
from tests.papers.forms import words_of_pdf

NAME = "Máy in A4"


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock at 8:45 in the ward on Wednesday 25 November 2026."""
    return FixedClock(datetime(2026, 11, 25, 1, 45, tzinfo=UTC))


@pytest.fixture
def printer(monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualOfficePrinter]:
    monkeypatch.setattr(ipp, "JOB", 1.0)
    monkeypatch.setattr(ipp, "POLL", 0.02)
    with VirtualOfficePrinter() as virtual:
        yield virtual


@pytest.fixture
def practice(practice: Config, printer: VirtualOfficePrinter) -> Config:
    """Name an office printer at counter 1, and none at counter 2."""
    return replace(
        practice,
        office_printers=(OfficePrinterSection(name=NAME, address=printer.address, counters=(1,)),),
        papers=PapersSettings(declaration=2),
    )


@pytest.fixture
def worker(app: Flask, practice: Config) -> Worker:
    return _worker(app, practice)


def _worker(app: Flask, practice: Config) -> Worker:
    office_only = {kind: found for kind, found in open_printers(practice).items() if kind.startswith("office:")}
    return Worker(app.extensions["context"], None, office_only)


@pytest.fixture
def desk(app: Flask, birth_filed: Context) -> Desk:
    """Return an officer with a birth registration at counter 1."""
    return _tap(Desk(app), "next")


def _work(worker: Worker, rounds: int = 8) -> None:
    for _ in range(rounds):
        worker.context.clock.advance(30)  # type: ignore[attr-defined]
        worker.step()


def _jobs(desk: Desk) -> list[spool.Job]:
    subject = submission_checks.only_submission(desk.context).id
    with desk.context.store.read() as db:
        return [job for job in spool.of_subject(db, subject) if job.kind == f"office:{NAME}"]


def _press(desk: Desk, answer: str) -> Desk:
    """Press a button of the newest paper."""
    return desk.post(_address(desk, f"print/{_jobs(desk)[-1].id}/{answer}"))


def test_one_press_after_accepting_prints_every_paper_of_the_step_once(
    desk: Desk, worker: Worker, printer: VirtualOfficePrinter
) -> None:
    _decide(desk, "accepted", **ACCEPT)
    assert re.search(r"In giấy tiếp nhận tạm, tờ khai \(2 bản\)", desk.words)
    assert desk.page.count('data-key="F10"') == 1
    desk.post(_address(desk, "print"))
    assert "Giấy đang in ở máy in của quầy." in desk.words
    assert printer.papers == [], "the answer does not wait for the printer"
    desk.post(_address(desk, "print"))
    _work(worker)
    acceptance, declarations = printer.papers
    assert "Liên 2" in words_of_pdf(acceptance)
    assert "BẢN IN LẠI" not in words_of_pdf(acceptance)
    assert len(pypdfium2.PdfDocument(declarations)) % 2 == 0
    desk.go("/officer/")
    assert "Giấy tiếp nhận : đã in lúc" in desk.words
    assert 'data-key="F10"' not in desk.page, "a second press would print nothing new"
    with desk.context.store.read() as db:
        acts = [line.act for _at, line in audit.of_subject(db, submission_checks.only_submission(desk.context).id)]
    assert acts.count("print_papers") == 1


def test_the_declaration_that_was_printed_to_sign_is_not_printed_again_at_acceptance(
    desk: Desk, worker: Worker, printer: VirtualOfficePrinter
) -> None:
    assert "In tờ khai (2 bản)" in desk.words
    desk.post(_address(desk, "print"))
    _work(worker)
    _decide(desk, "accepted", **ACCEPT)
    assert "In giấy tiếp nhận tạm F10" in desk.words
    desk.post(_address(desk, "print"))
    _work(worker)
    assert len(printer.papers) == 2


def test_a_number_that_came_later_prints_form_01_by_the_same_press(
    desk: Desk, worker: Worker, printer: VirtualOfficePrinter
) -> None:
    _decide(desk, "accepted", **ACCEPT)
    desk.post(_address(desk, "print"))
    _work(worker)
    desk.post(_address(desk, "number"), official_no="H57.132-261124-0583")
    assert "In giấy tiếp nhận F10" in desk.words
    desk.post(_address(desk, "print"))
    _work(worker)
    assert "H57.132-261124-0583" in words_of_pdf(printer.papers[-1])


def test_a_printer_without_paper_says_what_to_do_and_prints_when_it_is_filled(
    desk: Desk, worker: Worker, printer: VirtualOfficePrinter
) -> None:
    printer.fault = "paper_out"
    desk.post(_address(desk, "print"))
    _work(worker, 3)
    desk.go(_address(desk, "prints"))
    assert "Tờ khai : chưa in được Khay hết giấy. Nạp giấy vào khay" in desk.words
    assert "declaration.pdf" in desk.page
    printer.fault = None
    _work(worker)
    assert len(printer.papers) == 1


def test_a_paper_in_doubt_is_never_printed_again_without_an_answer(
    app: Flask, practice: Config, desk: Desk, worker: Worker, printer: VirtualOfficePrinter
) -> None:
    printer.fault = "reset"
    desk.post(_address(desk, "print"))
    _work(worker, 3)
    printer.fault = None
    assert len(printer.papers) == 1, "it has printed, and the answer was lost"
    _work(_worker(app, practice))
    assert len(printer.papers) == 1
    desk.go("/officer/")
    assert "Tờ khai : giấy đã ra chưa?" in desk.words
    _press(desk, "not-out")
    _work(worker)
    assert "BẢN IN LẠI – lần 2" in words_of_pdf(printer.papers[-1])


def test_a_job_that_a_crash_interrupted_is_asked_about(
    app: Flask, practice: Config, desk: Desk, printer: VirtualOfficePrinter
) -> None:
    desk.post(_address(desk, "print"))
    with desk.context.store.write() as db:
        spool.mark_sending(db, _jobs(desk)[0].id, desk.context.clock.now(), NAME)
    _work(_worker(app, practice))
    assert printer.papers == []
    desk.go("/officer/")
    assert "giấy đã ra chưa? Máy khởi động lại giữa lúc in." in desk.words
    _press(desk, "out")
    assert "Tờ khai : đã in lúc" in desk.go("/officer/").words


@pytest.mark.parametrize("answer", ["out", "not-out"])
def test_an_answer_about_a_paper_in_a_row_of_the_work_list_leaves_the_row_open(
    app: Flask, practice: Config, desk: Desk, printer: VirtualOfficePrinter, answer: str
) -> None:
    """The desk's row has the box of the papers, also after the page has fetched it again."""
    desk.post(_address(desk, "print"))
    with desk.context.store.write() as db:
        spool.mark_sending(db, _jobs(desk)[0].id, desk.context.clock.now(), NAME)
    _work(_worker(app, practice))
    desk.go("/officer/")
    desk.post("/officer/end/waits", **_shown(desk))
    open_row(desk)
    assert "Tờ khai : giấy đã ra chưa?" in desk.words
    live = re.search(r'data-live-part="([^"]+)"', desk.page)
    assert live
    row = desk.answer.request.path
    desk.go(html.unescape(live[1]))
    address = _address(desk, f"print/{_jobs(desk)[-1].id}/{answer}")
    desk.post(address, **desk.hidden_fields(address))
    assert desk.answer.request.path == row == "/officer/work"
    assert 'class="inside"' in desk.page


def test_a_paper_is_printed_again_or_given_up_only_from_its_own_case(
    desk: Desk, worker: Worker, printer: VirtualOfficePrinter
) -> None:
    desk.post(_address(desk, "print"))
    _work(worker)
    _press(desk, "again")
    _press(desk, "again")
    _work(worker)
    assert len(printer.papers) == 2
    assert "Tờ khai, bản in lại 2 : đã in lúc" in desk.go("/officer/").words
    with desk.context.store.write() as db:
        other = spool.enqueue(
            db, key="x", kind=f"office:{NAME}", subject="other", facts={"paper": "test"}, now=desk.context.clock.now()
        )
    assert desk.post(_address(desk, f"print/{other}/drop")).answer.status_code == 404


def test_an_undone_acceptance_is_not_printed(desk: Desk, worker: Worker, printer: VirtualOfficePrinter) -> None:
    _decide(desk, "accepted", **ACCEPT)
    desk.post(_address(desk, "print"))
    address = re.search(r'action="(/officer/decision/[^"]+/undo)"', desk.page)
    assert address
    desk.post(address[1])
    _work(worker)
    assert ["Liên 1" in words_of_pdf(paper) for paper in printer.papers] == [False]


def test_without_a_printer_the_same_key_opens_one_pdf_with_all_papers(app: Flask, birth_filed: Context) -> None:
    desk = _tap(Desk(app, counter=2), "next")
    _decide(desk, "accepted", **ACCEPT)
    link = re.search(r'<a[^>]*data-key="F10"[^>]*href="([^"]+papers\.pdf)"[^>]*target="_blank"', desk.page)
    assert link, desk.words
    words = words_of_pdf(desk.browser.get(link[1]).data)
    assert "Liên 1" in words
    assert words.count("TỜ KHAI ĐĂNG KÝ KHAI SINH") == 2
    with desk.context.store.read() as db:
        assert [job for job in spool.list_jobs(db, ["queued"]) if job.kind.startswith("office:")] == []


def test_no_personal_data_is_in_the_spool_nor_in_files(
    desk: Desk, worker: Worker, printer: VirtualOfficePrinter, tmp_path: Path
) -> None:
    _decide(desk, "accepted", **ACCEPT)
    desk.post(_address(desk, "print"))
    _work(worker)
    assert [job.texts("job-name") for job in printer.jobs] == [["Giấy một cửa"]] * 2
    assert {key for job in _jobs(desk) for key in job.facts} == {"paper", "copies"}
    assert list(tmp_path.rglob("*.pdf")) == []
