"""Row 31: a scan that is missing or changed on the disk; a piece that is cut off, or its sender or taker killed."""

import io
import itertools
import random
import re
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image

import sync.file_outbox
from kiosk.acts import attaching
from kiosk.dossiers.scan_events import ScannedPaper
from kiosk.records import scans, submissions
from kiosk.records.scans import Scan
from kiosk.records.submissions import Submission
from sync.encoding import sha256_hex
from sync.gateway import files
from tests.faults import breaking
from tests.faults.line import Call, Fault
from tests.faults.processes import SCALE, until
from tests.faults.table import Seen
from tests.faults.ward import Ward

pytestmark = pytest.mark.faults
LONG = 60 + 300 * SCALE
PAPER = ScannedPaper("khac", "Giấy khác")


_photos = itertools.count(1)


def noise() -> bytes:
    """Make a photo like no other, larger than two of the longest pieces: what the portal has is not sent again."""
    drawn = io.BytesIO()
    size = (2000, 2200)
    Image.frombytes("RGB", size, random.Random(next(_photos)).randbytes(3 * size[0] * size[1])).save(
        drawn, "JPEG", quality=80
    )
    return drawn.getvalue()


def found(ward: Ward, form: str) -> Submission:
    with ward.kiosk.context.store.read() as db:
        one = submissions.find(db, form)
    assert one is not None
    return one


def scan(ward: Ward, form: str) -> Scan:
    """Let the desk take a scan of a paper of this form."""
    assert attaching.attach(ward.kiosk.context, found(ward, form), paper=PAPER, content=noise(), actor="CB01")
    with ward.kiosk.context.store.read() as db:
        return scans.of_receipt(db, found(ward, form).receipt_no)[-1]


def on_disk(ward: Ward, one: Scan) -> Path:
    return ward.kiosk.context.config.scans_folder / one.name


def standing(ward: Ward, one: Scan) -> sync.file_outbox.FileStatus:
    with ward.kiosk.context.store.read() as db:
        way = sync.file_outbox.status_of(db, one.id)
    assert way is not None
    return way


def held(ward: Ward, one: Scan) -> str:
    """Give the hash of what the portal really has of a scan; empty when it has not the whole."""
    with ward.portal.engine.begin() as db:
        content = files.read_content(db, files.FileKey(ward.kiosk.id, one.sha256))
    return sha256_hex(content) if content else ""


def spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0x40
    path.write_bytes(content)


@pytest.mark.row(31)
@pytest.mark.parametrize(("harm", "code"), [(Path.unlink, "missing"), (spoil, "changed")])
def test_a_scan_on_the_disk_is(ward: Ward, row: Seen, harm: Callable[[Path], None], code: str) -> None:
    form = ward.kiosk.file()
    ward.kiosk.until_confirmed(form)
    ward.line.shut()
    bad = scan(ward, form[0])
    good = scan(ward, form[0])
    harm(on_disk(ward, bad))
    ward.heal()
    ward.kiosk.send_now()
    until(lambda: held(ward, good) == good.sha256, LONG, "the scan that is whole")
    until(lambda: standing(ward, bad).state == "refused", LONG)
    assert standing(ward, bad).last_code == code
    assert ward.kiosk.delivery(form) == {"sent": 1}
    assert held(ward, bad) == ""
    row.read(ward.kiosk.reads(), "Bản chụp: 1 bản chụp không gửi được")
    attaching.detach(ward.kiosk.context, found(ward, form[0]), paper=PAPER, scan_id=bad.id, actor="CB01")
    again = scan(ward, form[0])
    ward.kiosk.until_confirmed(form, LONG)
    assert held(ward, again) == again.sha256
    row.saw(kiosk=f"{code}: said; taken again, confirmed", portal="whole files only")


@dataclass
class Interrupted:
    """Lets the pieces of files pass but the one whose turn it is, and notes where each began."""

    by: Fault
    turn: int = 2
    began: list[int] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def __call__(self, call: Call) -> bytes | None:
        place = re.search(rb"upload-offset: *(\d+)", call.asked, re.IGNORECASE)
        assert place
        self.began.append(int(place[1]))
        if len(self.began) != self.turn:
            return call.passed_on()
        answer = self.by(call)
        self.is_over.set()
        return answer


def half(call: Call) -> None:
    """Let the portal hear half of the piece, and cut both sides."""
    with socket.create_connection(call.target, timeout=10) as behind:
        behind.sendall(call.asked[: len(call.asked) // 2])


def _interrupt(ward: Ward, row: Seen, how: str, by: Fault, mend: Callable[[], None]) -> None:
    form = ward.kiosk.file()
    ward.kiosk.until_confirmed(form)
    piece = Interrupted(by)
    ward.line.break_(piece, "PATCH")
    one = scan(ward, form[0])
    assert piece.is_over.wait(LONG), "no piece was interrupted"
    assert held(ward, one) == ""
    assert ward.kiosk.delivery(form) == {"sent": 1}
    mend()
    ward.kiosk.until_confirmed(form, LONG)
    assert held(ward, one) == one.sha256
    assert piece.began.count(0) == 1, f"begun again from the start: {piece.began}"
    assert sorted(piece.began) == piece.began
    row.saw(kiosk=f"{how}: confirmed, pieces at {piece.began}", portal="whole, by its hash")


@pytest.mark.row(31)
@pytest.mark.parametrize("fault", [breaking.cut_off, half, breaking.lost])
def test_a_piece_is_cut_off(ward: Ward, row: Seen, fault: Fault) -> None:
    _interrupt(ward, row, how=fault.__name__, by=fault, mend=lambda: None)


@pytest.mark.row(31)
@pytest.mark.parametrize("is_taken", [False, True])
def test_the_kiosk_is_killed_with_a_piece_in_the_air(ward: Ward, row: Seen, is_taken: bool) -> None:
    def kill(call: Call) -> None:
        if is_taken:
            call.passed_on()
        ward.kiosk.worker.kill()

    _interrupt(ward, row, how="taken, then killed" if is_taken else "killed", by=kill, mend=ward.kiosk.start)


@pytest.mark.row(31)
def test_the_portal_is_killed_with_a_piece_in_the_air(ward: Ward, row: Seen) -> None:
    def kill(call: Call) -> None:
        half(call)
        ward.portal.kill()

    _interrupt(ward, row, how="portal killed", by=kill, mend=ward.portal.start)
