"""Contract of every kind of printer, tested on the virtual printer with each of its faults."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from printers import PrinterSettings, escpos_commands, open_printer
from printers.devices import receipt_printer
from printers.devices.base import Printer
from printers.document import Cut, Document, Text
from printers.errors import ADVICE, NotSent, PrinterError, Unknown
from printers.render import raster
from printers.virtual import server
from printers.virtual.server import Fault, VirtualPrinter
from tests.ports import free_port
from tests.printers.samples import slip, ticket
from tests.printers.wirings import WIRINGS, WiredPrinter

PATIENT = 4.0  # factor of deadlines that must not pass, however busy the machine is
HASTY = 0.25  # of those that a test waits for because no answer comes
PATIENCE = 60.0  # seconds: only a hang takes so long


@pytest.fixture
def virtual() -> Iterator[WiredPrinter]:
    with WiredPrinter(speed=0, late=0.6) as printer:
        yield printer


@pytest.fixture(params=[wiring for wiring in WIRINGS if wiring != "usb of a common model"])
def device(request: pytest.FixtureRequest, virtual: WiredPrinter, tmp_path: Path) -> Iterator[Printer]:
    with WIRINGS[request.param](virtual, tmp_path) as settings:
        yield open_printer(replace(settings, scale=PATIENT))


@contextmanager
def short_waits() -> Iterator[None]:
    """Shorten the waits for paper to come out, and not those for a status: a busy machine answers late."""
    with pytest.MonkeyPatch.context() as patch:
        for name, seconds in {"STALL": 1.0, "BARRIER": 0.25, "SETTLE": 0.25}.items():
            patch.setattr(receipt_printer, name, seconds)
        yield


def hasty(device: Printer) -> Printer:
    """Shorten the deadlines of a printer that does not answer."""
    device.settings = replace(device.settings, scale=HASTY)
    return device


def patient(device: Printer) -> Printer:
    """Lengthen the deadlines of a printer."""
    device.settings = replace(device.settings, scale=PATIENT)
    return device


def outcome_of(device: Printer, document: Document) -> tuple[str, str]:
    """Send a document and return the outcome and the reason."""
    try:
        is_confirmed = device.send(document)
    except PrinterError as error:
        return type(error).__name__, error.reason
    return "Printed" if is_confirmed else "Unconfirmed", ""


def is_on(paper: Image.Image, document: Document, settings: PrinterSettings) -> bool:
    (drawn,) = raster.render(document, settings)
    return paper.crop((0, 0, *drawn.size)).tobytes() == drawn.tobytes()


def wait_for(virtual: VirtualPrinter, papers: int) -> list[Image.Image]:
    until = time.monotonic() + PATIENCE
    while len(virtual.papers) < papers and time.monotonic() < until:
        time.sleep(0.01)
    return virtual.papers


def test_a_paper_that_is_printed_is_on_paper(device: Printer, virtual: VirtualPrinter) -> None:
    assert outcome_of(device, slip()) == ("Printed", "")
    (paper,) = virtual.papers
    assert is_on(paper, slip(), device.settings)
    assert virtual.strays == b""


def test_several_papers_in_one_document_are_cut_apart(device: Printer, virtual: VirtualPrinter) -> None:
    device.send(Document((Text("một"), Cut(), Text("hai"), Cut())))
    assert len(virtual.papers) == 2


# (fault, outcome, reason, papers printed once the fault is cleared, without another try)
BEFORE: list[tuple[Fault, str, str, int]] = [
    ("paper_near_end", "Printed", "", 1),
    ("slow", "Printed", "", 1),
    ("paper_out", "NotSent", "paper_out", 0),
    ("cover", "NotSent", "cover_open", 0),
    ("offline", "NotSent", "offline", 0),
    ("cutter", "NotSent", "cutter", 0),
    ("mute", "NotSent", "mute", 0),
    ("late", "NotSent", "mute", 0),
    ("garbage", "NotSent", "garbage", 0),
    ("hung", "NotSent", "mute", 0),
]


@pytest.mark.parametrize(("fault", "outcome", "reason", "papers"), BEFORE)
def test_a_fault_before_the_paper(
    device: Printer, virtual: VirtualPrinter, fault: Fault, outcome: str, reason: str, papers: int
) -> None:
    virtual.set_fault(fault)
    device = hasty(device) if reason == "mute" else patient(device)
    assert outcome_of(device, ticket()) == (outcome, reason)
    virtual.set_fault(None)
    assert outcome_of(patient(device), slip()) == ("Printed", "")
    assert len(virtual.papers) == papers + 1, "what the printer had kept would come before the next paper"


@pytest.mark.parametrize("fault", ["reset", "close", "power_loss"])
def test_a_connection_that_breaks_before_the_paper_is_not_sent(
    device: Printer, virtual: VirtualPrinter, fault: Fault
) -> None:
    virtual.set_fault(fault)
    outcome, reason = outcome_of(hasty(device), ticket())
    assert outcome == "NotSent"
    assert reason in ("unreachable", "mute")
    virtual.set_fault(None)
    assert outcome_of(patient(device), ticket()) == ("Printed", "")


DURING: list[tuple[Fault, set[str]]] = [
    ("paper_out", {"stalled", "paper_out"}),
    ("cover", {"stalled", "cover_open"}),
    ("offline", {"stalled", "offline"}),
    ("cutter", {"stalled", "cutter"}),
    ("hung", {"stalled", "no_answer"}),
    ("mute", {"no_answer"}),
    ("garbage", {"garbage"}),
    ("reset", {"cut_off"}),
    ("close", {"cut_off"}),
    ("power_loss", {"cut_off"}),
]


@pytest.mark.parametrize(("fault", "reasons"), DURING)
def test_a_fault_in_the_middle_is_unknown_and_the_next_paper_is_whole(
    device: Printer, virtual: VirtualPrinter, fault: Fault, reasons: set[str]
) -> None:
    virtual.set_fault(fault, after=24_000)
    with short_waits():
        outcome, reason = outcome_of(device, ticket())
    assert outcome == "Unknown"
    assert reason in reasons
    virtual.set_fault(None)
    assert outcome_of(patient(device), ticket()) == ("Printed", "")
    assert is_on(virtual.papers[-1], ticket(), device.settings)
    assert virtual.strays == b""


def test_a_roll_that_ends_in_the_last_rows_is_unknown_with_its_reason(virtual: VirtualPrinter) -> None:
    device = open_printer(PrinterSettings(address=virtual.address, scale=PATIENT))
    device.send(ticket())  # a paper before, so that no recovery bytes are sent
    payload = len(_payload(ticket(), device.settings))
    virtual.set_fault("paper_out", after=payload - 500)
    with short_waits():
        assert outcome_of(device, ticket()) == ("Unknown", "paper_out")


def test_a_late_last_answer_is_waited_for(device: Printer, virtual: VirtualPrinter) -> None:
    virtual.set_fault("late", after=24_000)
    assert outcome_of(device, ticket()) == ("Printed", "")


def _payload(document: Document, settings: PrinterSettings) -> bytes:
    from printers.render import escpos

    return escpos.encode(raster.render(document, settings), settings)


def test_a_slow_mechanism_is_waited_for() -> None:
    with VirtualPrinter(speed=6000) as virtual:
        device = open_printer(PrinterSettings(address=virtual.address, scale=PATIENT))
        device.send(ticket())
        assert len(virtual.papers) == 1, "sending ended before the paper was out"


def test_an_unknown_paper_may_well_be_out(virtual: VirtualPrinter) -> None:
    device = open_printer(PrinterSettings(address=virtual.address, scale=PATIENT))
    virtual.set_fault("mute", after=24_000)
    with short_waits():
        assert outcome_of(device, ticket()) == ("Unknown", "no_answer")
    assert is_on(wait_for(virtual, 1)[0], ticket(), device.settings)


def test_nobody_at_the_address_is_not_sent() -> None:
    for address in (f"127.0.0.1:{free_port()}", "127.0.0.1:no", ""):
        device = open_printer(PrinterSettings(kind="network", address=address, scale=HASTY))
        assert outcome_of(device, ticket()) == ("NotSent", "unreachable")
        assert device.read_status().fault == "unreachable"


def test_a_printer_that_cannot_answer_is_believed_when_it_has_taken_all_of_it(virtual: VirtualPrinter) -> None:
    virtual.set_fault("mute")
    device = open_printer(PrinterSettings(address=virtual.address, scale=HASTY, need_status=False))
    assert outcome_of(device, ticket()) == ("Unconfirmed", "")
    assert is_on(wait_for(virtual, 1)[0], ticket(), device.settings)
    assert device.read_status().fault is None
    assert device.read_status().paper is None
    assert device.read_status().advice_key == "no_status"


class NoBarrierPrinter(VirtualPrinter):
    """A printer that knows the status queries and not `GS r`, as many cheap ones."""

    def _in_turn(self, answer: bytes) -> None:
        """Answer no query from the buffer."""


def test_a_printer_without_a_barrier_is_asked_for_its_status_until_its_buffer_is_empty() -> None:
    with NoBarrierPrinter(speed=0) as virtual, short_waits():
        settings = PrinterSettings(address=virtual.address, scale=PATIENT, confirm=False)
        device = open_printer(settings)
        assert outcome_of(device, ticket()) == ("Unconfirmed", "")
        assert is_on(wait_for(virtual, 1)[0], ticket(), device.settings)
        assert outcome_of(open_printer(replace(settings, confirm=True)), ticket()) == ("Unknown", "no_answer")


@pytest.mark.parametrize(
    ("fault", "reason"), [("paper_out", "paper_out"), ("cover", "cover_open"), ("mute", "no_answer")]
)
def test_a_printer_without_a_barrier_that_stops_in_its_last_rows_is_unknown(
    monkeypatch: pytest.MonkeyPatch, fault: Fault, reason: str
) -> None:
    # Its buffer takes the whole paper: in a full one no query gets through, and the reason would depend on the pace.
    monkeypatch.setattr(server, "BUFFER", 1_000_000)
    with NoBarrierPrinter(speed=6000) as virtual, short_waits():
        device = open_printer(PrinterSettings(address=virtual.address, scale=PATIENT, confirm=False))
        outcome_of(device, ticket())
        virtual.set_fault(fault, after=len(_payload(ticket(), device.settings)) - 100)
        assert outcome_of(device, ticket()) == ("Unknown", reason)


def test_half_a_paper_of_another_process_is_cut_off_before_the_next(virtual: VirtualPrinter) -> None:
    settings = PrinterSettings(address=virtual.address, scale=PATIENT)
    virtual.set_fault("reset", after=24_000)
    assert outcome_of(open_printer(settings), slip())[0] == "Unknown"
    virtual.set_fault(None)
    after_restart = open_printer(settings)
    after_restart.send(ticket(), cut_first=True)
    torn, whole = wait_for(virtual, 2)
    assert not is_on(torn, ticket(), after_restart.settings)
    assert is_on(whole, ticket(), after_restart.settings)
    assert virtual.strays == b""


def test_a_new_process_does_not_believe_that_the_printer_waits_for_nothing(virtual: VirtualPrinter) -> None:
    settings = PrinterSettings(address=virtual.address, scale=PATIENT)
    virtual.set_fault("reset", after=24_000)
    assert outcome_of(open_printer(settings), slip())[0] == "Unknown"
    virtual.set_fault(None)
    assert outcome_of(open_printer(settings), ticket()) == ("Printed", "")
    assert virtual.strays == b""
    (paper,) = wait_for(virtual, 1)
    (drawn,) = raster.render(ticket(), settings)
    bottom = paper.height - settings.feed - drawn.height
    assert paper.crop((0, bottom, drawn.width, bottom + drawn.height)).tobytes() == drawn.tobytes()


def test_a_printer_that_cannot_answer_and_hangs_is_stalled(virtual: VirtualPrinter) -> None:
    virtual.set_fault("hung")
    device = open_printer(PrinterSettings(address=virtual.address, scale=HASTY, need_status=False))
    assert outcome_of(device, slip()) == ("Unknown", "stalled")


@pytest.mark.parametrize(
    ("fault", "paper", "advice"),
    [
        (None, "ok", None),
        ("paper_near_end", "near_end", "paper_near_end"),
        ("paper_out", "out", "paper_out"),
        ("cover", "ok", "cover_open"),
        ("offline", "ok", "offline"),
        ("cutter", "ok", "cutter"),
        ("mute", None, "mute"),
        ("garbage", None, "garbage"),
    ],
)
def test_the_status_has_advice(
    device: Printer, virtual: VirtualPrinter, fault: Fault | None, paper: str | None, advice: str | None
) -> None:
    virtual.set_fault(fault)
    status = (hasty if fault == "mute" else patient)(device).read_status()
    assert (status.paper, status.advice_key) == (paper, advice)
    assert (status.fault is None) == (fault in (None, "paper_near_end"))
    assert advice is None or advice in ADVICE


def test_two_threads_print_one_after_another(virtual: VirtualPrinter) -> None:
    devices = [open_printer(PrinterSettings(address=virtual.address, scale=PATIENT)) for _ in range(3)]
    threads = [threading.Thread(target=device.send, args=(ticket(),)) for device in devices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(virtual.papers) == 3
    assert all(is_on(paper, ticket(), devices[0].settings) for paper in virtual.papers)


class ScriptedPrinter:
    """A printer that answers each query with the next bytes of a list."""

    def __init__(self, *answers: bytes, closes_at_end: bool = False) -> None:
        self.answers = list(answers)
        self.closes_at_end = closes_at_end
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.server.getsockname()[1]}"
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def __enter__(self) -> "ScriptedPrinter":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.thread.join(60)
        self.server.close()

    def serve(self) -> None:
        client, _ = self.server.accept()
        with client:
            received = b""
            while data := client.recv(65536):
                received += data
                while self.answers and (b"\x10\x04" in received or escpos_commands.BARRIER in received):
                    client.sendall(self.answers.pop(0))
                    at = received.find(b"\x10\x04")
                    received = received[at + 3 :] if at >= 0 else b""
                if (
                    self.closes_at_end
                    and not self.answers
                    and (b"\x10\x04" in received or escpos_commands.BARRIER in received)
                ):
                    return


READY = (b"\x12", b"\x12", b"\x12")


@pytest.mark.parametrize(
    ("answers", "outcome", "reason"),
    [
        ((*READY, b"\x00"), "Printed", ""),
        ((*READY, b"\x10\x00\x00\x00\x03"), "Printed", ""),  # an automatic status comes between
        ((*READY, b"\x12\x00"), "Printed", ""),  # a late answer to a status question comes first
        ((*READY, b"\x0c"), "Unknown", "paper_out"),
        ((*READY, b"\xff"), "Unknown", "garbage"),
        ((b"\x10\x00\x00\x00\x12", b"\x12", b"\x12", b"\x00"), "Printed", ""),
        ((b"\x00",), "NotSent", "garbage"),
        ((b"\x12", b"\x52", b"\x12", b"\x32"), "NotSent", "broken"),
    ],
)
def test_only_a_true_answer_counts(answers: tuple[bytes, ...], outcome: str, reason: str) -> None:
    with ScriptedPrinter(*answers) as printer:
        device = open_printer(PrinterSettings(kind="network", address=printer.address, scale=HASTY))
        assert outcome_of(device, Document((Text("x"),))) == (outcome, reason)


@pytest.mark.parametrize(
    ("answers", "outcome", "reason"),
    [((), "NotSent", "mute"), (READY[:1], "NotSent", "mute"), (READY, "Unknown", "cut_off")],
)
def test_a_printer_that_closes_the_connection_has_not_printed(
    answers: tuple[bytes, ...], outcome: str, reason: str
) -> None:
    with ScriptedPrinter(*answers, closes_at_end=True) as printer:
        device = open_printer(PrinterSettings(kind="network", address=printer.address, scale=HASTY))
        assert outcome_of(device, Document((Text("x"),))) == (outcome, reason)


def test_both_outcomes_carry_their_reason() -> None:
    assert str(NotSent("mute")) == "mute"
    assert str(Unknown("cut_off", "reset by peer")) == "cut_off: reset by peer"
