"""Our IPP on programs by other authors: `ippeveprinter`, and a CUPS with a queue that leads to it.

They come with the packages that `deploy/packages.sh test` installs. CI needs them, since our own virtual printer alone
would prove nothing.
"""

import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pypdfium2
import pytest

from printers import PrinterSettings, discovery, open_printer
from printers.devices import cups, ipp
from printers.devices.base import Printer
from printers.errors import NotSent, PrinterError, Unknown
from printers.sheet import PaperSet
from tests.printers.ipp_services import OtherPrinter, PrintServer, message_bus, processes_of
from tests.printers.samples_sheets import declaration

PAPERS = PaperSet((declaration(), declaration()), title="Giấy một cửa")


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with message_bus(tmp_path_factory.mktemp("bus")) as env:
        yield env


@pytest.fixture
def other(tmp_path: Path, env: dict[str, str]) -> Iterator[OtherPrinter]:
    printer = OtherPrinter(tmp_path, env)
    yield printer
    printer.service.stop()
    assert processes_of(tmp_path) == []


@pytest.fixture
def server(other: OtherPrinter) -> Iterator[PrintServer]:
    with tempfile.TemporaryDirectory(prefix="cups-") as folder:  # pytest's own is closed to the user lp
        server = PrintServer(Path(folder), other.address)
        yield server
        server.service.stop()
        assert processes_of(Path(folder)) == []


@pytest.fixture
def queue(server: PrintServer, monkeypatch: pytest.MonkeyPatch) -> Printer:
    monkeypatch.setattr(cups, "SERVER", server.server)
    return open_printer(PrinterSettings(kind="cups", address="quay1"))


def test_another_printer_prints_every_page_and_says_when_it_has(other: OtherPrinter) -> None:
    device = open_printer(PrinterSettings(kind="ipp", address=other.address))
    assert device.read_status().advice_key is None
    assert device.send(PAPERS)
    (document,) = other.documents()
    assert len(pypdfium2.PdfDocument(document)) == 2
    (found,) = discovery.ask_address(other.address)
    assert (found.kind, found.title) == ("ipp", "Thu A4")


def test_an_empty_tray_that_another_printer_only_reports_is_the_reason_of_the_job_that_it_holds_up(
    other: OtherPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty_tray(other)
    device = open_printer(PrinterSettings(kind="ipp", address=other.address))
    assert device.read_status().fault is None, "media-empty-report: one tray, for all that we know"
    monkeypatch.setattr(ipp, "JOB", 3)
    with pytest.raises(PrinterError) as caught:
        device.send(PAPERS)
    assert caught.value.reason == "tray_empty"
    assert other.count_printed() == 0


def test_a_job_that_another_printer_breaks_off_is_unknown(other: OtherPrinter) -> None:
    other.set_broken(is_broken=True)
    device = open_printer(PrinterSettings(kind="ipp", address=other.address))
    with pytest.raises(Unknown, match="aborted"):
        device.send(PAPERS)
    other.set_broken(is_broken=False)
    assert device.send(PAPERS)


def empty_tray(other: OtherPrinter) -> None:
    """Empty the only tray, on the printer's own page."""
    trays = {"size1": "iso_a4_210x297mm", "type1": "stationery", "level1": "0", "size3": "", "type3": "", "level3": "0"}
    page = f"http://127.0.0.1:{other.port}/media?{urlencode(trays)}"
    with urllib.request.urlopen(page, timeout=60):
        pass


def test_a_queue_of_cups_prints_through_to_the_printer_and_its_end_is_the_jobs(
    queue: Printer, other: OtherPrinter, server: PrintServer
) -> None:
    (found,) = discovery.find_cups(server.server)
    assert (found.kind, found.address, found.fault) == ("cups", "quay1", None)
    assert queue.send(PAPERS)
    (document,) = other.documents()
    assert len(pypdfium2.PdfDocument(document)) == 2


def test_a_stopped_queue_is_not_sent_and_prints_again_when_it_runs(
    queue: Printer, other: OtherPrinter, server: PrintServer
) -> None:
    server.run("cupsdisable", "quay1")
    with pytest.raises(NotSent, match="stopped"):
        queue.send(PAPERS)
    server.run("cupsenable", "quay1")
    assert queue.send(PAPERS)
    assert len(other.documents()) == 1


def test_cups_that_is_down_is_named_and_what_it_was_printing_is_unknown(
    queue: Printer, other: OtherPrinter, server: PrintServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    other.service.stop()
    ending: list[str] = []

    def send() -> None:
        try:
            queue.send(PAPERS)
        except (NotSent, Unknown) as error:
            ending.append(f"{type(error).__name__} {error.reason}")

    monkeypatch.setattr(ipp, "JOB", 6)
    printing = threading.Thread(target=send)
    printing.start()
    time.sleep(2)
    server.service.stop()
    printing.join(60)
    assert ending == ["Unknown cups_down"]
    assert queue.read_status().advice_key == "cups_down"
    with pytest.raises(NotSent, match="cups_down"):
        queue.send(PAPERS)


def test_a_printer_that_is_off_behind_a_queue_leaves_no_job_that_would_come_out_later(
    queue: Printer, other: OtherPrinter, server: PrintServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    other.service.stop()
    monkeypatch.setattr(ipp, "JOB", 4)
    with pytest.raises(Unknown):
        queue.send(PAPERS)
    other.service.start()
    other.service.wait_for(port=other.port)
    monkeypatch.setattr(ipp, "JOB", 60)
    assert queue.send(PAPERS)
    assert other.count_printed() == 1, "the first one was cancelled"
