"""Checks of `kiosk doctor` that try things: each fault is made for real and named with what to do."""

import json
import os
from dataclasses import replace
from operator import attrgetter
from pathlib import Path

import pytest
from flask import Flask
from PIL import features

from kiosk.cli import main
from kiosk.cli.doctor import summary, to_check, unset_fees
from kiosk.config import ROOT, load
from kiosk.config.list_sections import OfficePrinterSection, PrinterSection
from kiosk.context import Context
from kiosk.health import sample_values
from kiosk.procedures.loader import CATALOGUE, read_procedure
from kiosk.startup import doctor
from printers.virtual.office import VirtualOfficePrinter
from printers.virtual.server import VirtualPrinter
from tests.ports import free_port


@pytest.fixture
def context(app: Flask) -> Context:
    context: Context = app.extensions["context"]
    return context


def _live(context: Context) -> Context:
    return replace(context, config=replace(context.config, kiosk=replace(context.config.kiosk, practice=False)))


def _with_printer(context: Context, port: int) -> Context:
    printer = PrinterSection(name="Máy in phiếu", kind="network", address=f"127.0.0.1:{port}", use=("slip",))
    return replace(context, config=replace(context.config, printers=(printer,)))


def test_the_samples_are_those_of_the_shipped_file() -> None:
    shipped = load(ROOT / "kiosk.toml")
    assert {name: attrgetter(name)(shipped) for name in sample_values.SAMPLES} == dict(sample_values.SAMPLES)
    places = {place.name for place in shipped.birth_places} | {lesson.place for lesson in shipped.classes}
    assert places >= sample_values.SAMPLE_PLACES


def test_sample_values_that_would_go_live_are_named(context: Context) -> None:
    result = sample_values.samples(_live(context))
    assert result.state == "warning"
    for name in ("ward.unit_code", "ward.hotline", "Trạm y tế phường Phú Xuân"):
        assert name in result.words
    own = replace(
        context.config.ward, **{name.partition(".")[2]: "x" for name in sample_values.SAMPLES if "ward" in name}
    )
    config = replace(context.config, ward=own, birth_places=(), classes=())
    mended = _live(replace(context, config=replace(config, kiosk=replace(config.kiosk, id="PK77"))))
    assert sample_values.samples(mended).state == "ok"


def test_a_folder_that_cannot_be_written_is_a_fault_and_a_good_one_keeps_no_trace(context: Context) -> None:
    before = sorted(context.config.folder.iterdir())
    assert doctor.writing(context).state == "ok"
    assert sorted(context.config.folder.iterdir()) == before
    (context.config.folder / ".doctor").mkdir()
    result = doctor.writing(context)
    assert (result.state, bool(result.do)) == ("fault", True)


def test_a_store_that_cannot_be_written_is_a_fault(context: Context) -> None:
    context.store.close()
    context.config.store_path.unlink()
    context.config.store_path.mkdir()
    assert doctor.writing(context).state == "fault"


def test_a_file_of_another_user_is_named_with_the_command_that_mends_it(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert doctor.owners(context).state == "ok"
    path = context.config.folder / "worker.lock"
    path.touch()
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)
    else:
        monkeypatch.setattr(Path, "lstat", lambda _path: Path("/").stat())
    result = doctor.owners(context)
    assert "worker.lock" in result.words
    assert "chown -R" in result.do


def test_without_the_library_of_vietnamese_marks_the_doctor_says_so(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(features, "check", lambda name: name != "fribidi")
    assert "libfribidi0" in doctor.letters(context).do


def test_a_printer_that_answers_and_one_that_does_not_are_told_apart(context: Context) -> None:
    folder = context.config.folder / "paper"
    folder.mkdir(exist_ok=True)
    printer = VirtualPrinter(port=0, folder=folder)
    printer.start()
    try:
        assert doctor.printers(_with_printer(context, int(printer.address.rpartition(":")[2]))).state == "ok"
    finally:
        printer.stop()
    result = doctor.printers(_with_printer(context, free_port()))
    assert (result.state, bool(result.do)) == ("fault", True)
    assert result.words.startswith("Máy in phiếu: ")


def test_a_portal_that_is_not_reached_is_a_fault_and_none_is_a_note(context: Context) -> None:
    portal = replace(context.config.portal, url="https://cong.invalid")
    result = doctor.portal(replace(context, config=replace(context.config, portal=portal)))
    assert result.state == "fault"
    assert result.words.startswith("Tên của cổng: ")
    none = replace(context.config.portal, kind="none")
    assert doctor.portal(replace(context, config=replace(context.config, portal=none))).state == "note"


def test_fees_of_the_council_without_an_amount_are_listed(context: Context) -> None:
    birth = context.catalogue.in_force("1.001193", context.clock.today())
    assert birth
    assert unset_fees(birth, context.clock.today()) == [
        "Đăng ký khai sinh: “Khai quá 60 ngày” (mã 1.001193, id qua_han)"
    ]


def test_facts_that_nobody_read_in_an_official_text_are_listed_one_line_a_procedure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kiosk.toml").write_text("[kiosk]\npractice = true\n", "utf-8")
    main(["--config", str(tmp_path / "kiosk.toml"), "init"])
    capsys.readouterr()
    main(["--config", str(tmp_path / "kiosk.toml"), "doctor", "--json"])
    lines = json.loads(capsys.readouterr().out)["to_check"]
    codes = [line.split()[0] for line in lines]
    assert len(codes) == len(set(codes)), "one line a procedure"
    assert codes
    assert all("nguồn thứ cấp" in line or "theo trí nhớ" in line for line in lines)


def test_the_summary_of_unsure_facts_counts_them_by_how_they_were_read() -> None:
    procedure = read_procedure(CATALOGUE / "1.004194.toml")
    time = replace(procedure.times[0], seen="official-copy", sources=("tt116",))
    fee = replace(procedure.fees[0], seen="secondary", sources=("tt75",))
    few = replace(
        procedure,
        times=(time,),
        fees=(fee,),
        papers=tuple(replace(paper, seen=None) for paper in procedure.papers[:2]),
        notes=(),
        checks=tuple(replace(check, seen="product", sources=()) for check in procedure.checks),
        situations=(),
        fields=(),
        declaration=None,
    )
    assert [stated.place for stated in to_check(few)] == [f"fee[{fee.id}]", *(f"paper[{p.id}]" for p in few.papers)]
    assert summary(few) == f"{few.code} {few.short.vi}: theo trí nhớ 2 giấy; nguồn thứ cấp 1 phí"


def test_an_office_printer_is_tried_and_a_wrong_queue_is_a_fault(context: Context) -> None:
    with VirtualOfficePrinter() as printer:
        for address, state in ((printer.address, "ok"), (printer.address.replace("/ipp/print", "/quay9"), "fault")):
            office = OfficePrinterSection(name="Máy in A4", address=address)
            config = replace(context.config, printers=(), office_printers=(office,))
            result = doctor.printers(replace(context, config=config))
            assert (result.state, "Máy in A4" in result.words) == (state, True)
    assert "không có hàng đợi này" in f"{result.words} {result.do}"


def test_a_scanner_that_is_not_plugged_in_is_named_with_its_port(context: Context, tmp_path: Path) -> None:
    port = tmp_path / "ttyACM0"
    section = replace(context.config.scanner, port=str(port))
    plugged = replace(context, config=replace(context.config, scanner=section))
    result = doctor.scanner(plugged)
    assert result.state == "warning"
    assert str(port) in result.words
    port.touch()
    assert doctor.scanner(plugged).state == "note"
