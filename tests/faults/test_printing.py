"""Rows 33 to 38: kills in mid-print and faults of the printer; the kiosk believes what is on paper, nothing else."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest

from kiosk.acts import printing
from printers import spool
from printers.devices import usb_bus
from printers.errors import ADVICE
from printers.settings import PrinterSettings
from printers.virtual.server import Fault
from tests.faults.kill_points import PRINT_POINTS
from tests.faults.machine import Kiosk
from tests.faults.paper_trail import Decoder, PaperTrail, expect_agreement
from tests.faults.processes import wait_until
from tests.faults.table import RowResult
from tests.ports import free_port
from tests.printers.usb_tree import Cable
from tests.printers.wirings import WIRINGS, WiredPrinter

pytestmark = pytest.mark.faults

PAPERS = 300
KILLS = 15
FAULTS: tuple[Fault, ...] = (
    *("paper_out", "cover", "offline", "cutter", "mute", "hung", "garbage", "late"),
    *("reset", "close", "power_loss", "slow", "paper_near_end"),
)
READY = "Máy in Tốt Sẵn sàng"
BEFORE: dict[Fault, str] = {
    "paper_out": "paper_out",
    "cover": "cover_open",
    "offline": "offline",
    "cutter": "cutter",
    "mute": "mute",
    "hung": "mute",
    "garbage": "garbage",
}
"""Reason of a job that waits, by the fault before its print."""
MID_PRINT_FAULTS: tuple[Fault, ...] = ("paper_out", "cover", "offline", "cutter")
BREAKS: dict[str, Callable[[int], int]] = {
    "200 bytes": lambda _slip: 200,
    "5 kB": lambda _slip: 5_000,
    "half a slip": lambda slip: slip // 2,
    "all but the last 1.5 kB": lambda slip: slip - 1_500,
}
"""Bytes after which a connection breaks, by the bytes of a slip."""
ALL_WAIT = "3 phiếu chờ máy in"
"""The technician's words, except while one of the papers is tried again."""
PRINTER = """
[[printer]]
name = "Máy in phiếu"
kind = "{kind}"
address = "{address}"
"""
WIRED = ("network", "usb", "libusb", "serial")
"""The ways that a receipt printer is wired: every row but the long one is tried on each."""


class Counter:
    """A kiosk with a virtual printer, and a technician who looks at the papers and answers what the kiosk asks."""

    def __init__(self, folder: Path, printer: WiredPrinter, settings: PrinterSettings) -> None:
        self.printer = printer
        url = f"http://127.0.0.1:{free_port()}"
        self.kiosk = Kiosk(folder, url, more=PRINTER.format(kind=settings.kind, address=settings.address))
        self.kiosk.worker.env["WARD_PRINTER_SCALE"] = "0.15"
        if settings.kind == "usb":
            self.kiosk.worker.env["WARD_USB_TREE"] = str(usb_bus.SYS.parent)
            self.kiosk.worker.env["WARD_USB_BUS"] = printer.address
        self.context = self.kiosk.context
        self._decoder = Decoder(self.context)

    def print_first(self) -> int:
        """Print a slip without a fault; return how many bytes it was."""
        self.submit()
        wait_until(lambda: self.count("printed"), what="the first slip is printed")
        with self.context.store.read() as db:
            (job,) = spool.list_jobs(db, ["printed"])
        return self._decoder.count_bytes(job.id)

    def close(self) -> None:
        self.kiosk.close()

    def submit(self, count: int = 1) -> None:
        """Submit forms; each is a slip."""
        self.kiosk.submit(count)

    def count(self, *states: spool.JobState) -> int:
        with self.context.store.read() as db:
            return len(spool.list_jobs(db, states))

    def trail(self) -> PaperTrail:
        return self._decoder.decode(self.printer.papers)

    def answer(self) -> None:
        """Answer each question as the papers that are out say; what is still in the printer is not seen."""
        with self.context.store.read() as db:
            unknown = [job.id for job in spool.list_jobs(db, ["unknown"])]
        whole = self.trail().whole if unknown else {}
        for job_id in unknown:
            printing.answer_unknown(self.context, [job_id], "technician", is_out=job_id in whole)

    def start(self) -> None:
        """Start the kiosk and wait until it knows the printer.

        It asks an idle printer once what it can answer. A fault in that moment leaves the question in the printer's
        full buffer, and a printer with one connection then answers nobody until its fault is mended.
        """
        self.kiosk.start()
        wait_until(lambda: READY in self.kiosk.read_page(), what="the kiosk knows the printer")

    def finish(self) -> PaperTrail:
        """Wait until every paper has ended, answering the questions; return what came out."""

        def has_ended() -> bool:
            if self.count("queued", "sending", "waiting"):
                return False
            time.sleep(0.3)  # what is in the printer comes out
            self.answer()
            return not self.count("queued", "sending", "waiting", "unknown")

        wait_until(has_ended, 120, "every paper has ended")
        # Of a command that broke off the first bytes may be left over; never a byte of a picture.
        assert set(self.printer.strays) <= set(b"\x1b\x1dv0V@\0")
        return self.trail()

    def judge(self, row: RowResult, *, papers: int) -> PaperTrail:
        """Check that paper and kiosk agree, and that no piece hangs uncut from the printer."""
        trail = self.finish()
        expect_agreement(self.context, trail)
        assert len(trail.whole) >= papers
        row.observe(
            kiosk=f"{papers} papers, {self.count('cancelled')} printed again as a marked copy",
            portal=f"{sum(trail.whole.values())} whole, {trail.torn} torn, {trail.blank} blank, no two alike",
        )
        return trail


@pytest.fixture
def wired() -> str:
    """Return how the printer is wired, where a test says nothing else."""
    return "network"


@pytest.fixture
def counter(tmp_path: Path, wired: str) -> Iterator[Counter]:
    folder = tmp_path / "wiring"
    folder.mkdir()
    with WiredPrinter(speed=0) as printer, WIRINGS[wired](printer, folder) as settings:
        counter = Counter(tmp_path / "kiosk", printer, settings)
        yield counter
        counter.close()


@contextmanager
def case(label: str) -> Iterator[None]:
    """Name the case in the message of a failure."""
    try:
        yield
    except AssertionError as error:
        error.add_note(f"case: {label}")
        raise


@pytest.mark.row(33)
@pytest.mark.parametrize("wired", WIRED)
def test_killed_at_each_point_of_a_print_the_paper_is_asked_about_and_the_next_is_whole(
    counter: Counter, row: RowResult
) -> None:
    for label in PRINT_POINTS:
        with case(label):
            counter.submit()
            counter.kiosk.run_until_killed(["worker"], label)
            counter.submit()
            counter.kiosk.start()
            wait_until(lambda: not counter.count("queued", "sending", "waiting"), what="the next paper is printed")
            if counter.count("unknown"):
                row.expect_text(counter.kiosk.read_page(), "1 phiếu chưa rõ đã ra chưa")
            counter.finish()
            counter.kiosk.worker.kill()
    counter.judge(row, papers=2 * len(PRINT_POINTS))


@pytest.mark.row(34)
@pytest.mark.parametrize("wired", WIRED)
def test_with_a_fault_before_the_print_the_paper_waits_and_comes_out_once(counter: Counter, row: RowResult) -> None:
    counter.start()
    for fault, reason in BEFORE.items():
        with case(fault):
            counter.printer.set_fault(fault)
            counter.submit(3)
            wait_until(lambda: counter.count("waiting") == 3, what="the papers wait")
            row.expect_text(counter.kiosk.read_page_with(ALL_WAIT), ALL_WAIT)
            advice = ADVICE[reason].partition(". ")[0]
            assert advice in counter.kiosk.read_page("/technician/devices")
            counter.printer.set_fault(None)
            counter.finish()
    trail = counter.judge(row, papers=3 * len(BEFORE))
    assert (counter.count("cancelled"), trail.torn, trail.blank) == (0, 0, 0), "nothing was in doubt"
    assert READY in counter.kiosk.read_page_with(READY)
    counter.kiosk.worker.stop()
    page = counter.kiosk.read_page()
    assert "Không chạy: máy không in" in page, "the pages alone do not promise a printer"
    assert "Sẵn sàng" not in page


@pytest.mark.row(35)
@pytest.mark.parametrize("wired", WIRED)
@pytest.mark.parametrize("is_answered_first", [True, False])
def test_with_a_fault_in_mid_print_the_second_paper_says_that_it_is_a_reprint(
    counter: Counter, row: RowResult, is_answered_first: bool
) -> None:
    """The technician says "not out" before or after the roll is changed: the printer goes on by itself."""
    _break_in_mid_print(counter, row, MID_PRINT_FAULTS, is_answered_first=is_answered_first)
    counter.judge(row, papers=1 + 2 * len(MID_PRINT_FAULTS))


@pytest.mark.row(36)
@pytest.mark.parametrize("wired", WIRED)
def test_a_printer_that_falls_silent_in_mid_print_leaves_a_question(counter: Counter, row: RowResult) -> None:
    faults: tuple[Fault, ...] = ("mute", "hung", "garbage")
    _break_in_mid_print(counter, row, faults, is_answered_first=True)
    counter.judge(row, papers=1 + 2 * len(faults))


def _break_in_mid_print(
    counter: Counter, row: RowResult, faults: tuple[Fault, ...], *, is_answered_first: bool
) -> None:
    """Let each fault come in the middle of a paper, mend it, and print the next person's."""
    counter.kiosk.start()
    slip = counter.print_first()
    for fault in faults:
        with case(fault):
            counter.printer.set_fault(fault, after=slip // 2)
            counter.submit()
            wait_until(lambda: counter.count("unknown"), what="the paper is in doubt")
            row.expect_text(counter.kiosk.read_page(), "1 phiếu chưa rõ đã ra chưa")
            if is_answered_first:
                counter.answer()
            counter.printer.set_fault(None)
            counter.submit()
            counter.finish()


@pytest.mark.row(37)
@pytest.mark.parametrize("wired", WIRED)
@pytest.mark.parametrize("is_restarted", [True, False])
def test_after_a_break_of_the_connection_half_a_paper_is_cut_off_before_the_next_persons(
    counter: Counter, row: RowResult, is_restarted: bool
) -> None:
    counter.kiosk.start()
    slip = counter.print_first()
    faults: tuple[Fault, ...] = ("reset", "close", "power_loss")
    for fault, after in product(faults, BREAKS):
        with case(f"{fault} after {after}"):
            counter.printer.set_fault(fault, after=BREAKS[after](slip))
            counter.submit()
            wait_until(lambda: counter.count("unknown", "waiting"), what="the print broke off")
            if is_restarted:
                counter.kiosk.worker.kill()
            counter.printer.set_fault(None)
            if counter.count("unknown"):
                row.expect_text(counter.kiosk.read_page(), "1 phiếu chưa rõ đã ra chưa")
            counter.submit()
            if is_restarted:
                counter.kiosk.start()
            counter.finish()
    counter.judge(row, papers=1 + 2 * len(faults) * len(BREAKS))


@pytest.mark.row(39)
@pytest.mark.parametrize("wired", ["usb"])
def test_pulled_out_in_mid_print_and_plugged_in_elsewhere_the_next_paper_is_whole(
    counter: Counter, row: RowResult
) -> None:
    counter.kiosk.start()
    slip = counter.print_first()
    counter.printer.set_fault("hung", after=slip // 2)
    counter.submit()
    wait_until(lambda: counter.printer._received >= slip // 2, what="half of the paper is sent")
    counter.printer.pull()
    wait_until(lambda: counter.count("unknown"), what="the paper is in doubt")
    row.expect_text(counter.kiosk.read_page(), "1 phiếu chưa rõ đã ra chưa")
    counter.submit()
    wait_until(lambda: counter.count("waiting"), what="the next paper waits")
    assert ADVICE["unplugged"].partition(". ")[0] in counter.kiosk.read_page("/technician/devices")
    counter.printer.set_fault(None)  # plugs it in, at the next socket
    counter.judge(row, papers=3)


@pytest.mark.row(40)
@pytest.mark.parametrize("wired", ["usb of a common model"])
def test_while_two_printers_have_the_same_name_no_paper_comes_out_of_the_wrong_one(
    counter: Counter, row: RowResult, tmp_path: Path
) -> None:
    counter.kiosk.start()
    counter.print_first()
    with WiredPrinter(speed=0) as other:
        second = Cable(other.address)
        counter.printer.plug_beside(second)
        counter.submit(3)
        wait_until(lambda: counter.count("waiting") == 3, what="the papers wait")
        row.expect_text(counter.kiosk.read_page_with(ALL_WAIT), ALL_WAIT)
        assert ADVICE["two_alike"].partition(". ")[0] in counter.kiosk.read_page("/technician/devices")
        second.unplug()
        counter.printer.unplug_beside()
        counter.judge(row, papers=4)
        assert other.papers == []


@pytest.mark.row(38)
def test_300_papers_with_random_faults_and_kills(counter: Counter, row: RowResult) -> None:
    rng = random.Random(38)
    kills = set(rng.sample(range(PAPERS - 1), KILLS))
    counter.kiosk.start()
    slip = counter.print_first()
    for paper in range(PAPERS - 1):
        if rng.random() < 0.25:
            counter.printer.set_fault(rng.choice(FAULTS), after=rng.choice([0, rng.randrange(slip)]))
        counter.submit()
        time.sleep(rng.uniform(0.0, 0.15))
        if paper in kills:
            counter.kiosk.worker.kill()
            counter.kiosk.start()
        if rng.random() < 0.5:
            counter.answer()
        if rng.random() < 0.6:
            counter.printer.set_fault(None)
    counter.printer.set_fault(None)
    trail = counter.judge(row, papers=PAPERS)
    row.expect_text(counter.kiosk.read_page(), "Kiosk vẫn phục vụ")
    assert trail.torn + counter.count("cancelled") > KILLS, "the faults met papers"
