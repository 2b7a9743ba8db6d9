"""The virtual printer with other clients than ours."""

import io
import socket
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from PIL import Image

from printers.devices import ipp_message
from printers.render import raster
from printers.settings import PrinterSettings
from printers.virtual.folder import MAX_PAPERS
from printers.virtual.office import VirtualOfficePrinter
from printers.virtual.server import VirtualPrinter
from tests.printers.samples import ticket

PATIENCE = 60.0  # seconds: only a hang takes so long


@pytest.fixture
def virtual(tmp_path: Path) -> Iterator[VirtualPrinter]:
    with VirtualPrinter(speed=0, folder=tmp_path / "papers") as printer:
        yield printer


def talk(virtual: VirtualPrinter, sent: bytes) -> bytes:
    """Send some bytes and return the answers to all of them."""
    host, port = virtual.address.split(":")
    answer = b""
    with socket.create_connection((host, int(port))) as connection:
        connection.settimeout(PATIENCE)
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        while data := connection.recv(100):
            answer += data
    return answer


def papers(virtual: VirtualPrinter, count: int) -> list[Image.Image]:
    until = time.monotonic() + PATIENCE
    while len(virtual.papers) < count and time.monotonic() < until:
        time.sleep(0.01)
    return virtual.papers


def test_python_escpos_prints_the_same_picture(virtual: VirtualPrinter) -> None:
    with redirect_stdout(io.StringIO()):  # it prints while it is imported
        from escpos.printer import Dummy

        (drawn,) = raster.render(ticket(), PrinterSettings())
        client = Dummy()
        client.image(drawn, impl="bitImageRaster", fragment_height=200)
        client.cut(mode="PART", feed=False)
    talk(virtual, client.output)
    (paper,) = papers(virtual, 1)
    assert paper.tobytes() == drawn.tobytes()


def test_real_time_questions_are_answered_at_once_even_inside_a_picture(virtual: VirtualPrinter) -> None:
    half = b"\x1dv0\0\x48\0\x10\0" + bytes(100)
    assert talk(virtual, half + b"\x10\x04\x01") == b"\x12"
    virtual.set_fault("paper_out")
    assert talk(virtual, b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04") == b"\x1a\x32\x12\x7e"


def test_questions_cut_into_pieces_are_understood(virtual: VirtualPrinter) -> None:
    host, port = virtual.address.split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.settimeout(PATIENCE)
        for byte in b"\x10\x04\x04":
            connection.sendall(bytes((byte,)))
            time.sleep(0.02)
        assert connection.recv(1) == b"\x12"


def test_automatic_status_comes_by_itself(virtual: VirtualPrinter) -> None:
    host, port = virtual.address.split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.settimeout(PATIENCE)
        connection.sendall(b"\x1da\x0f")
        assert connection.recv(4) == b"\x10\x00\x00\x00"
        virtual.set_fault("cover")
        assert connection.recv(4) == b"\x38\x00\x00\x00"


def test_an_answer_for_a_closed_connection_is_not_sent(virtual: VirtualPrinter) -> None:
    virtual.set_fault("offline")
    talk(virtual, b"\x1dr\x01")
    host, port = virtual.address.split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.settimeout(PATIENCE)
        connection.sendall(b"\x10\x04\x01")
        assert connection.recv(1) == b"\x1a"
        virtual.set_fault("paper_near_end")
        connection.sendall(b"\x1dr\x01")
        assert connection.recv(1) == b"\x03"
        connection.sendall(b"\x10\x04\x01")
        assert connection.recv(1) == b"\x12"


def test_bytes_that_are_no_picture_are_counted(virtual: VirtualPrinter) -> None:
    talk(virtual, b"\x1b@Xin\n\x1bd\x02\x1b\xff\x1dV\x41\x03")
    (paper,) = papers(virtual, 1)
    assert paper.height == 90  # three line feeds
    assert virtual.strays == b"Xin\x1b\xff"


def test_papers_are_kept_as_pictures_and_old_ones_go(virtual: VirtualPrinter, tmp_path: Path) -> None:
    talk(virtual, b"\x1bJ\x08\x1dV\0" * (MAX_PAPERS + 3))
    assert len(papers(virtual, MAX_PAPERS + 3)) == MAX_PAPERS + 3
    until = time.monotonic() + PATIENCE
    names: list[str] = []
    while names != [f"{number:06d}.png" for number in range(4, MAX_PAPERS + 4)]:
        assert time.monotonic() < until, names
        time.sleep(0.01)
        names = sorted(path.name for path in (tmp_path / "papers").glob("*.png"))
    kept = [tmp_path / "papers" / name for name in names]
    assert Image.open(io.BytesIO(kept[0].read_bytes())).size == (576, 8)
    assert virtual.uncut_paper.height == 0


def test_an_unknown_fault_is_refused(virtual: VirtualPrinter) -> None:
    with pytest.raises(ValueError, match="no such fault"):
        virtual.set_fault("bored")  # type: ignore[arg-type]


def test_papers_are_numbered_on_from_an_earlier_run_and_the_oldest_are_deleted(tmp_path: Path) -> None:
    for number in range(7, 27):
        (tmp_path / f"office-{number:06d}.pdf").write_bytes(b"%PDF-1.4 old")
    request = ipp_message.request("Print-Job", "ipp://localhost/ipp/print")
    with VirtualOfficePrinter(folder=tmp_path) as printer:
        printer.answer("/ipp/print", request + b"%PDF-1.4 new")
    papers = sorted(tmp_path.iterdir())
    assert [papers[0].name, papers[-1].name, len(papers)] == ["office-000008.pdf", "office-000027.pdf", 20]
    assert papers[-1].read_bytes() == b"%PDF-1.4 new"
