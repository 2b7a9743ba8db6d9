"""Office printer by IPP, over a real socket to the virtual one, with each of its faults."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pypdfium2
import pytest

from printers import PrinterSettings, open_printer
from printers.devices import ipp, ipp_message
from printers.devices.base import Printer
from printers.devices.ipp_exchange import exchange
from printers.devices.ipp_message import Attribute, MalformedMessageError
from printers.devices.tcp import resolve_by_system
from printers.errors import ADVICE, NotSent, PrinterError, Unknown
from printers.sheet import PaperSet
from printers.virtual.office import OfficeFault, VirtualOfficePrinter
from tests.ports import free_port
from tests.printers.samples import ticket
from tests.printers.samples_sheets import acceptance, declaration

PAPERS = PaperSet((declaration(), declaration(), ticket()), title="Giấy một cửa")


@pytest.fixture
def virtual() -> Iterator[VirtualOfficePrinter]:
    with VirtualOfficePrinter() as printer:
        yield printer


@pytest.fixture
def device(virtual: VirtualOfficePrinter) -> Printer:
    return open_printer(PrinterSettings(kind="ipp", address=virtual.address))


@pytest.fixture(autouse=True)
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ipp, "JOB", 1.0)
    monkeypatch.setattr(ipp, "POLL", 0.05)


def test_all_papers_of_a_job_come_out_as_one_pdf_and_are_confirmed(
    device: Printer, virtual: VirtualOfficePrinter
) -> None:
    assert device.read_status().advice_key is None
    assert device.send(PAPERS)
    (printed,) = virtual.papers
    assert len(pypdfium2.PdfDocument(printed)) == 3
    (job,) = virtual.jobs
    assert job.texts("job-name") == ["Giấy một cửa"], "the queue's list of jobs names no person"
    assert job.texts("sides") == ["one-sided"], "two copies share no sheet"


@pytest.mark.parametrize(
    ("fault", "reason"), [("paper_out", "tray_empty"), ("no_pdf", "no_pdf"), ("denied", "refused")]
)
def test_what_the_printer_refuses_is_not_sent(
    device: Printer, virtual: VirtualOfficePrinter, fault: OfficeFault, reason: str
) -> None:
    virtual.fault = fault
    with pytest.raises(NotSent) as caught:
        device.send(PAPERS)
    assert caught.value.reason == reason
    virtual.fault = None
    assert virtual.papers == []
    assert ADVICE[reason]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("reset", "cut_off"),
        ("abort", "aborted"),
        ("busy", "too_long"),
        ("device_error", "aborted"),
        ("stop_in_print", "tray_empty"),
        ("begin_late", "too_long"),
        ("restart", "cut_off"),
    ],
)
def test_what_may_be_on_paper_is_unknown_and_never_sent_again(
    device: Printer, virtual: VirtualOfficePrinter, fault: OfficeFault, reason: str
) -> None:
    virtual.fault = fault
    with pytest.raises(Unknown) as caught:
        device.send(PAPERS)
    assert caught.value.reason == reason


def test_a_job_that_never_began_is_cancelled_so_that_it_does_not_come_out_later(
    device: Printer, virtual: VirtualOfficePrinter
) -> None:
    virtual.fault = "stop_after_taking"
    with pytest.raises(NotSent) as caught:
        device.send(PAPERS)
    assert caught.value.reason == "tray_empty"
    virtual.fault = None
    assert virtual.papers == []


def test_an_idle_cups_queue_prints_although_it_keeps_the_fault_of_its_last_job(
    device: Printer, virtual: VirtualOfficePrinter
) -> None:
    virtual.fault = "old_reasons"
    assert device.read_status().advice_key is None
    assert device.send(PAPERS)


def test_a_wrong_queue_and_a_printer_that_is_off_are_named(virtual: VirtualOfficePrinter) -> None:
    wrong = open_printer(PrinterSettings(kind="ipp", address=virtual.address.replace("/ipp/print", "/printers/quay9")))
    assert wrong.read_status().advice_key == "no_queue"
    off = open_printer(PrinterSettings(kind="ipp", address=f"ipp://127.0.0.1:{free_port()}/ipp/print"))
    assert off.read_status().advice_key == "unreachable"


@contextmanager
def serving(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Serve one connection on a port; yield the address of a printer there."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            client, _ = server.accept()
            with client, suppress(OSError):
                client.recv(4096)
                answer(client)

        threading.Thread(target=serve, daemon=True).start()
        yield f"ipp://127.0.0.1:{server.getsockname()[1]}/ipp/print"


def test_a_port_that_speaks_no_ipp_is_named_before_anything_is_sent() -> None:
    with (
        serving(lambda client: client.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello")) as address,
        pytest.raises(NotSent) as caught,
    ):
        open_printer(PrinterSettings(kind="ipp", address=address)).send(PAPERS)
    assert caught.value.reason == "garbage"


@pytest.mark.parametrize("head", [b"HTTP/1.0 200 OK\r\nX: ", b"HTTP/1.0 200 OK\r\nContent-Length: 99\r\n\r\n"])
def test_a_printer_that_answers_byte_by_byte_is_mute(monkeypatch: pytest.MonkeyPatch, head: bytes) -> None:
    def drip(client: socket.socket) -> None:
        client.sendall(head)
        for _ in range(40):
            client.sendall(b"x")
            time.sleep(0.1)

    monkeypatch.setattr(ipp, "ANSWER", 0.5)
    with serving(drip) as address:
        assert open_printer(PrinterSettings(kind="ipp", address=address)).read_status().advice_key == "mute"


@pytest.mark.parametrize(("status", "error"), [(b"500", Unknown), (b"400", NotSent)])
def test_a_server_that_fails_may_have_printed_and_one_that_refuses_has_not(
    status: bytes, error: type[PrinterError]
) -> None:
    def refuse(client: socket.socket) -> None:
        client.sendall(b"HTTP/1.0 " + status + b" X\r\n\r\n")
        client.shutdown(socket.SHUT_WR)
        while client.recv(4096):  # what is left unread at a close resets the connection, and the answer with it
            pass

    with serving(refuse) as address:
        with pytest.raises(error) as caught:
            exchange(address, b"x", resolve=resolve_by_system, connect_seconds=5, seconds=5)
        assert caught.value.reason == "refused"


def test_every_address_of_a_host_is_tried_and_a_name_that_cannot_be_is_unreachable(
    virtual: VirtualOfficePrinter,
) -> None:
    settings = PrinterSettings(kind="ipp", address=virtual.address)
    two = ipp.IppPrinter(settings, resolve=lambda _host, _port, _seconds: ["127.0.0.2", "127.0.0.1"])
    assert two.read_status().advice_key is None
    for authority in ("may-in..phuong", "127.0.0.1:99999"):
        nowhere = open_printer(PrinterSettings(kind="ipp", address=f"ipp://{authority}/ipp/print"))
        assert nowhere.read_status().advice_key == "unreachable"


def test_a_receipt_printer_refuses_sheets_and_an_office_printer_prints_a_receipt_on_a_sheet(
    device: Printer, virtual: VirtualOfficePrinter
) -> None:
    assert device.send(ticket())
    assert len(pypdfium2.PdfDocument(virtual.papers[-1])) == 1
    assert virtual.jobs[-1].texts("job-name") == ["Phiếu"], "the queue's list of jobs names no person"
    with pytest.raises(PrinterError):
        open_printer(PrinterSettings(kind="network", address="127.0.0.1:9")).send(PAPERS)


def test_small_papers_go_into_the_tray_of_a5_only_where_there_is_one(virtual: VirtualOfficePrinter) -> None:
    small = PaperSet((acceptance(),), title="Giấy tiếp nhận")
    for has_tray, paper, size in ((True, small, "A5"), (False, small, "A4"), (True, PAPERS, "A4")):
        assert open_printer(PrinterSettings(kind="ipp", address=virtual.address, a5=has_tray)).send(paper)
        assert virtual.jobs[-1].texts("media") == [ipp.MEDIA[size]]


def test_messages_are_read_back_with_collections_and_unknown_values_skipped() -> None:
    sent = (
        Attribute(ipp_message.ENUM, "printer-state", (5,)),
        Attribute(ipp_message.BOOLEAN, "printer-is-accepting-jobs", (False,)),
        Attribute(ipp_message.BEGIN_COLLECTION, "media-col", ("",)),
        Attribute(0x4A, "", ("media-size",)),
        Attribute(ipp_message.END_COLLECTION, "", ("",)),
        Attribute(ipp_message.KEYWORD, "printer-state-reasons", ("media-jam-error", "toner-low-report")),
    )
    read, document = ipp_message.parse(ipp_message.answer(0x0001, sent) + b"%PDF")
    assert document == b"%PDF"
    assert not read.is_error
    assert (read.number("printer-state"), read.number("printer-is-accepting-jobs")) == (5, 0)
    assert read.texts("printer-state-reasons") == ["media-jam-error", "toner-low-report"]
    assert read.texts("media-size") == []


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"<html>",
        b"\x01\x01\0\0\0\0\0\x01\x01\x47",
        b"\x01\x01\0\0\0\0\0\x01",
        b"\x01\x01\0\0\0\0\0\x01\x02\x21\0\x06job-id\0\x05\1\0\0\0\0\x03",
    ],
)
def test_a_broken_message_is_malformed_and_nothing_else(message: bytes) -> None:
    with pytest.raises(MalformedMessageError):
        ipp_message.parse(message)


def test_every_state_reason_of_a_printer_has_advice() -> None:
    assert {*ipp.FAULTS.values()} <= ADVICE.keys()
    assert "cuộn" not in ADVICE["tray_empty"], "an office printer has no roll"
