"""`kiosk printer`: the same changes as on the page, by the same functions."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.config import load
from kiosk.startup.context_factory import create_store
from kiosk.store.db import Store
from printers import discovery, spool
from printers.discovery import FoundPrinter

Run = Callable[..., tuple[int, str]]
USB = FoundPrinter(kind="usb", address="0416:5011@1-2", title="Zywell ZY-303", place="1-2", profile="zywell-80")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text("# máy ở sảnh\n", encoding="utf-8")
    create_store(load(path))
    return path


@pytest.fixture
def run(file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs `kiosk printer`: its exit status, and what it printed."""
    monkeypatch.setattr(discovery, "find_attached", lambda: [USB])

    def run(*arguments: str) -> tuple[int, str]:
        status = main(["--config", str(file), "printer", *arguments])
        out = capsys.readouterr()
        return status, out.out + out.err

    return run


def test_a_printer_is_found_added_changed_and_removed(run: Run, file: Path) -> None:
    assert run("found") == (0, "usb 0416:5011@1-2  Zywell ZY-303  --profile zywell-80\n")
    assert run("add", "usb", USB.address, "--name", "Sảnh")[0] == 0
    assert run("found") == (0, "")
    assert run("set", "Sảnh", "feed=140", "use=ticket,slip", "cutter=false", "name=Máy ở cửa")[0] == 0
    printer = load(file).printers[0]
    assert (printer.name, printer.feed, printer.use, printer.cutter) == ("Máy ở cửa", 140, ("ticket", "slip"), False)
    status, words = run("list")
    assert status == 0
    assert words == "Máy ở cửa  usb 0416:5011@1-2  ticket, slip  Chưa hỏi lần nào\n"
    assert run("remove", "Máy ở cửa") == (
        0,
        "Đã bỏ Máy ở cửa.\nKhông còn máy in: ticket\nKhông còn máy in: slip\n",
    )
    assert file.read_text(encoding="utf-8").startswith("# máy ở sảnh")
    assert load(file).printers == ()


def test_a_printer_is_added_with_the_figures_of_its_model(run: Run, file: Path) -> None:
    assert run("add", "usb", USB.address, "--profile", "bixolon-srp-330")[0] == 0
    printer = load(file).printers[0]
    assert (printer.dots, printer.dpi, printer.width_mm, printer.cutter) == (512, 180, 80, True)


def test_a_printer_of_a_touchscreen_and_the_order_and_the_connection(run: Run, file: Path) -> None:
    run("add", "usb", USB.address, "--name", "Sảnh")
    run("add", "network", "127.0.0.1:2", "--name", "Cửa")
    assert run("set", "Cửa", "screens=Máy 2, cửa sau; Máy 3", "use=ticket,slip")[0] == 0
    assert load(file).printers[1].screens == ("Máy 2, cửa sau", "Máy 3")
    assert "ticket, slip, Máy 2, cửa sau, Máy 3" in run("list")[1]
    assert run("up", "Cửa") == (0, "In theo thứ tự: Cửa, Sảnh\n")
    assert run("up", "Cửa") == (0, "In theo thứ tự: Cửa, Sảnh\n")
    assert run("set", "Cửa", "kind=serial", "address=/dev/ttyS0")[0] == 0
    assert [(one.name, one.kind, one.address) for one in load(file).printers] == [
        ("Cửa", "serial", "/dev/ttyS0"),
        ("Sảnh", "usb", USB.address),
    ]


def test_an_office_printer_has_counters(run: Run, file: Path) -> None:
    assert run("add", "cups", "vanphong")[0] == 0
    assert run("set", "Máy in A4", "counters=1,2", "a5=true")[0] == 0
    office = load(file).office_printers[0]
    assert (office.counters, office.a5) == ((1, 2), True)
    assert run("list")[1].startswith("Máy in A4  cups vanphong  quầy 1, quầy 2")


def test_a_calibration_prints_first_and_sets_what_is_answered(run: Run, file: Path) -> None:
    run("add", "network", "127.0.0.1:9100", "--name", "Sảnh")
    assert "Phiếu căn chỉnh đang ra" in run("calibrate", "Sảnh")[1]
    assert run("test", "Sảnh")[0] == 0
    assert run("calibrate", "Sảnh", "--darkness", "5", "--edges", "right_lost", "--cut", "far") == (
        0,
        "dots = 512, darkness = 5, feed = 80\n",
    )
    assert load(file).printers[0].feed == 80
    with Store(load(file).store_path) as store, store.read() as db:
        assert [job.facts["paper"] for job in spool.list_jobs(db, ["queued"])] == ["test", "calibration"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("test", "Lạ"), "không có máy in “Lạ”"),
        (("remove", "Lạ"), "không có máy in “Lạ”"),
        (("set", "Sảnh", "feed=xa"), "[printer] feed phải là số nguyên"),
        (("set", "Sảnh", "fed=1"), "viết là tên=giá trị"),
        (("add", "network", "127.0.0.1:9100"), "là của máy in “Sảnh”"),
        (("add", "network", "127.0.0.1:9101", "--name", "Sảnh"), "tên riêng"),
        (("add", "usb", "cổng 1"), "address phải là"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    run: Run, file: Path, arguments: tuple[str, ...], words: str
) -> None:
    run("add", "network", "127.0.0.1:9100", "--name", "Sảnh")
    before = file.read_text(encoding="utf-8")
    status, said = run(*arguments)
    assert status == 2
    assert words in said
    assert file.read_text(encoding="utf-8") == before
