"""Readiness of the morning: each row from what was seen to work, the sheet on paper, and the page."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kiosk import papers
from kiosk.acts import backups
from kiosk.backup.rotation import BackupCopy
from kiosk.backup.verify import CopyReport
from kiosk.base.errors import BadSettings
from kiosk.config.list_sections import OfficePrinterSection, PrinterSection
from kiosk.context import Context
from kiosk.context.scanner import Scanner
from kiosk.health import readiness
from kiosk.health.check_result import CheckResult
from kiosk.health.readiness import ScannerTest
from kiosk.startup.wiring import open_printers
from kiosk.worker import Worker
from printers import spool
from printers.document import Document
from printers.render import text
from printers.virtual.office import VirtualOfficePrinter
from printers.virtual.server import VirtualPrinter
from tests.heartbeats import beat
from tests.pages.technician.sitting import Bench


@pytest.fixture
def context(app: Flask) -> Context:
    context: Context = app.extensions["context"]
    beat(context)
    return context


@pytest.fixture
def printer() -> Iterator[VirtualPrinter]:
    with VirtualPrinter() as printer:
        yield printer


def rows(context: Context) -> dict[str, CheckResult]:
    return {row.name: row for row in readiness.readiness(context)}


def with_printer(context: Context, printer: VirtualPrinter) -> None:
    section = PrinterSection(name="Máy in phiếu", kind="network", address=printer.address)
    context.config = replace(context.config, printers=(section,), office_printers=())


def test_each_row_of_the_morning_is_there_once(context: Context) -> None:
    names = [row.name for row in readiness.readiness(context)]
    assert len(set(names)) == len(names)
    for name in ("Máy in", "Đầu quét", "Giọng đọc", "Đường truyền", "Hàng chờ gửi", "Ổ đĩa", "Đồng hồ", "Bản sao"):
        assert name in names
    assert {"Chứng thư", "Khóa", "Diễn tập khôi phục", "Giấy ra lần cuối"} <= set(names)


def test_settings_that_are_broken_by_hand_are_listed_with_the_wrong_line(context: Context) -> None:
    assert rows(context)["Tệp cài đặt"].state == "ok"
    context.settings_error = BadSettings("kiosk.toml: dòng 9 thiếu dấu ngoặc", "kiosk.toml: line 9")
    row = rows(context)["Tệp cài đặt"]
    assert (row.state, row.code) == ("fault", "CONF-01")
    assert "dòng 9 thiếu dấu ngoặc" in row.todo[0]
    assert "Lấy lại cài đặt trước" in row.todo[1]
    assert not readiness.is_ready(readiness.readiness(context))
    sheet = papers.compose(context, "readiness", "PK03", {})
    assert isinstance(sheet, Document)
    assert "CONF-01" in text.render(sheet, columns=200)


def test_a_scanner_that_lost_its_marks_says_what_to_scan(context: Context) -> None:
    assert rows(context)["Đầu quét"].words == "Chưa thử lần nào"
    with context.store.write() as db:
        readiness.save_scanner_test(db, ScannerTest("2026-11-24T00:08:00.000Z", has_marks=False))
    row = rows(context)["Đầu quét"]
    assert (row.state, row.words) == ("warning", "Thử lúc 7:08: mất dấu")
    with context.store.write() as db:
        readiness.save_scanner_test(db, ScannerTest("2026-11-24T00:08:00.000Z", has_marks=True))
    assert rows(context)["Đầu quét"].state == "ok"


def test_a_scanner_that_was_pulled_out_is_a_task(context: Context) -> None:
    context.card_inbox.scanner = Scanner("/dev/no-scanner", context.card_inbox.put, 9600)
    assert rows(context)["Đầu quét"].state == "warning"


def test_a_drill_that_found_a_broken_form_stays_a_task(context: Context) -> None:
    context.config = replace(context.config, kiosk=replace(context.config.kiosk, practice=False))
    assert rows(context)["Diễn tập khôi phục"].words == "Chưa diễn tập lần nào"
    now = context.clock.now()
    copy = BackupCopy(path=Path("PK03-000007.copy"), number=7, made_at=now, bytes=1, store_id=context.vault.store_id)
    report = CopyReport(copy=copy, forms=9, bodies=9, broken=2, trail=None, vault=context.vault, key_file=b"")
    backups.record_drill(context, report, None, "cli")
    row = rows(context)["Diễn tập khôi phục"]
    assert (row.state, row.words) == ("warning", "24/11/2026: 2 tờ không mở được")


def test_the_sheet_is_printed_by_a_touch_and_then_the_printer_has_a_last_paper(
    app: Flask, context: Context, printer: VirtualPrinter
) -> None:
    with_printer(context, printer)
    bench = Bench(app).go("/technician/readiness")
    assert "Máy in phiếu: chưa in lần nào" in bench.words
    bench.post("/technician/readiness/print")
    assert "Phiếu sẵn sàng đang in." in bench.words
    worker = Worker(context, None, open_printers(context.config))
    while worker.step():
        pass
    with context.store.read() as db:
        assert [job.kind for job in spool.list_jobs(db, ["printed"])] == ["readiness"]
    assert "Máy in phiếu: 8:30" in bench.go("/technician/readiness").words


def test_where_there_is_only_an_office_printer_it_prints_the_sheet(app: Flask, context: Context) -> None:
    with VirtualOfficePrinter() as office:
        section = OfficePrinterSection(name="Máy in A4", address=office.address)
        context.config = replace(context.config, printers=(), office_printers=(section,))
        Bench(app).go("/technician/readiness").post("/technician/readiness/print")
        worker = Worker(context, None, open_printers(context.config))
        while worker.step():
            pass
    with context.store.read() as db:
        assert [(job.kind, job.state) for job in spool.list_jobs(db, ["printed"])] == [("office:Máy in A4", "printed")]


def test_without_a_printer_the_page_offers_the_pdf(app: Flask, context: Context) -> None:
    context.config = replace(context.config, printers=(), office_printers=())
    bench = Bench(app).go("/technician/readiness").post("/technician/readiness/print")
    assert bench.answer.status_code == 422
    assert "Tải bản PDF" in bench.words
    pdf = bench.browser.get("/technician/readiness.pdf")
    assert pdf.data.startswith(b"%PDF")


def test_the_sheet_says_each_row_what_to_do_and_where_to_sign(context: Context) -> None:
    with context.store.write() as db:
        readiness.save_scanner_test(db, ScannerTest("2026-11-24T00:08:00.000Z", has_marks=False))
    sheet = papers.compose(context, "readiness", "PK03", {})
    assert isinstance(sheet, Document)
    words = text.render(sheet, columns=200)
    for part in ("PHIẾU SẴN SÀNG", "Còn việc phải làm", "Thử lúc 7:08: mất dấu", "Quét lại mã cài đặt", "Người kiểm"):
        assert part in words


def test_a_voice_model_that_cannot_be_used_is_an_alarm_that_says_why(context: Context) -> None:
    assert readiness.voice(context).code == ""
    context.config = replace(context.config, voice=replace(context.config.voice, model="gone.onnx"))
    result = readiness.voice(context)
    assert (result.state, result.code) == ("warning", "VOICE-01")
    assert "K-55" in result.words
    assert "gone.onnx" in result.do
