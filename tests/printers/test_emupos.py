"""Our streams on an ESC/POS printer by other authors: emupos must print, dot for dot, what we drew.

It needs Python 3.13 (Debian 13's own python3) in an environment of its own, which `emupos.sh` makes. CI needs it, since
our own virtual printer alone would prove nothing; a developer on Debian 12 sees which tests were left out.
"""

import io
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from printers import PrinterSettings, open_printer
from printers.document import Document
from printers.errors import NotSent
from printers.render import raster
from tests.ports import free_port
from tests.printers.samples import every_block, slip, ticket

HERE = Path(__file__).parent
START_SECONDS = 60  # for emupos to start


@dataclass(frozen=True)
class Emulator:
    """A running emupos: its addresses, and the folder of its receipts."""

    address: str
    control: str
    receipts: Path

    def count(self) -> int:
        """Return the number of complete receipts: their .json is written last."""
        return len(list(self.receipts.glob("*.json")))

    def next_picture(self, before: int) -> Image.Image:
        """Return the receipt after so many; the barrier's answer comes before the file."""
        until = time.monotonic() + START_SECONDS
        while self.count() <= before and time.monotonic() < until:
            time.sleep(0.02)
        newest = max(self.receipts.glob("*.json"))
        return Image.open(io.BytesIO(newest.with_suffix(".png").read_bytes()))

    def fault(self, name: str, *, active: bool) -> None:
        url = f"{self.control}/api/v1/devices/front/faults/{name}"
        with urllib.request.urlopen(urllib.request.Request(url, method="PUT" if active else "DELETE"), timeout=60):
            pass


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    script = subprocess.run(["sh", str(HERE / "emupos.sh")], capture_output=True, text=True, check=False)
    assert script.returncode == 0, script.stderr
    folder = tmp_path_factory.mktemp("emupos")
    port = free_port()
    control = free_port()
    (folder / "emupos.yaml").write_text(
        f"schema: 1\napi: {{ host: 127.0.0.1, port: {control} }}\ndevices:\n"
        f"  - id: front\n    type: printer\n    profile: epson-tm-t20iii\n    receipts_dir: {folder / 'receipts'}\n"
        f"    connections:\n      - tcp: {{ port: {port} }}\n"
        f"    job_idle_timeout_ms: {START_SECONDS * 1000}\n",  # on a busy machine a pause would cut a paper in two
        encoding="utf-8",
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [script.stdout.strip(), "run", "--config", "emupos.yaml"], cwd=folder, stdout=log, stderr=log
        )
    try:
        wait_for(port, process, folder / "log")
        yield Emulator(f"127.0.0.1:{port}", f"http://127.0.0.1:{control}", folder / "receipts")
    finally:
        process.terminate()
        process.wait(60)


def wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=60).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"emupos did not start: {log.read_text(encoding='utf-8')}")


@pytest.mark.parametrize("document", [ticket(), slip(), slip(practice=True), every_block()])
def test_another_printer_prints_every_dot_we_drew(emulator: Emulator, document: Document) -> None:
    before = emulator.count()
    device = open_printer(PrinterSettings(kind="network", address=emulator.address, scale=4))
    device.send(document)
    (drawn,) = raster.render(document, device.settings)
    paper = emulator.next_picture(before)
    assert emulator.count() == before + 1
    black = paper.convert("L").point([0] * 128 + [255] * 128, "1")
    assert black.width == drawn.width
    assert black.crop((0, 0, *drawn.size)).tobytes() == drawn.tobytes()
    below = black.crop((0, drawn.height, black.width, max(black.height, drawn.height + 1)))
    assert below.convert("L").getextrema() == (255, 255) or black.height <= drawn.height


@pytest.mark.parametrize(
    ("fault", "reason"), [("paper-out", "paper_out"), ("cover-open", "cover_open"), ("offline", "offline")]
)
def test_another_printers_faults_are_understood(emulator: Emulator, fault: str, reason: str) -> None:
    device = open_printer(PrinterSettings(kind="network", address=emulator.address, scale=4))
    emulator.fault(fault, active=True)
    try:
        with pytest.raises(NotSent, match=reason):
            device.send(ticket())
        assert device.read_status().fault == reason
    finally:
        emulator.fault(fault, active=False)


def test_another_printers_roll_is_read(emulator: Emulator) -> None:
    device = open_printer(PrinterSettings(kind="network", address=emulator.address, scale=4))
    assert device.read_status().paper == "ok"
    emulator.fault("paper-near-end", active=True)
    try:
        assert device.read_status().paper == "near_end"
    finally:
        emulator.fault("paper-near-end", active=False)
