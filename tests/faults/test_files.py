"""Row 31: a scan is missing or changed on the disk, a piece is cut, or kiosk or portal is killed during a piece."""

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
from kiosk.acts.attaching import PaperFile
from kiosk.dossiers.scan_events import ScannedPaper
from kiosk.records import scans, submissions
from kiosk.records.scans import Scan
from kiosk.records.submissions import Submission
from sync.encoding import sha256_hex
from sync.gateway import files
from tests.faults import network_faults
from tests.faults.processes import SCALE, wait_until
from tests.faults.proxy import NetworkFault, ProxiedRequest
from tests.faults.table import RowResult
from tests.faults.ward import Ward

pytestmark = pytest.mark.faults
TIMEOUT = 60 + 300 * SCALE
PAPER = ScannedPaper("khac", "Giấy khác")
_seeds = itertools.count(1)


def make_photo() -> bytes:
    """Return a new photo, larger than two of the longest pieces; the portal would not receive a known file again."""
    file = io.BytesIO()
    size = (2000, 2200)
    pixels = random.Random(next(_seeds)).randbytes(3 * size[0] * size[1])
    Image.frombytes("RGB", size, pixels).save(file, "JPEG", quality=80)
    return file.getvalue()


def find_submission(ward: Ward, submission_id: str) -> Submission:
    with ward.kiosk.context.store.read() as db:
        submission = submissions.find(db, submission_id)
    assert submission is not None
    return submission


def attach_scan(ward: Ward, submission_id: str) -> Scan:
    """Attach a new scan to a submission, as the desk does."""
    submission = find_submission(ward, submission_id)
    scanned = PaperFile(paper=PAPER, content=make_photo())
    assert attaching.attach(ward.kiosk.context, submission, [scanned], actor="CB01") == []
    with ward.kiosk.context.store.read() as db:
        return scans.of_receipt(db, submission.receipt_no)[-1]


def file_status(ward: Ward, scan: Scan) -> sync.file_outbox.FileStatus:
    with ward.kiosk.context.store.read() as db:
        status = sync.file_outbox.status_of(db, scan.id)
    assert status is not None
    return status


def portal_hash(ward: Ward, scan: Scan) -> str:
    """Return the hash of the content at the portal; "" when it is not complete."""
    with ward.portal.engine.begin() as db:
        content = files.read_content(db, files.FileKey(ward.kiosk.id, scan.sha256))
    return sha256_hex(content) if content else ""


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0x40
    path.write_bytes(content)


@pytest.mark.row(31)
@pytest.mark.parametrize(("harm", "code"), [(Path.unlink, "missing"), (damage, "changed")])
def test_a_scan_on_the_disk_is(ward: Ward, row: RowResult, harm: Callable[[Path], None], code: str) -> None:
    form = ward.kiosk.submit()
    ward.kiosk.wait_until_confirmed(form)
    ward.proxy.close()
    bad = attach_scan(ward, form[0])
    good = attach_scan(ward, form[0])
    harm(ward.kiosk.context.config.scans_folder / bad.name)
    ward.end_faults()
    ward.kiosk.send_now()
    wait_until(lambda: portal_hash(ward, good) == good.sha256, TIMEOUT, "the good scan arrives")
    wait_until(lambda: file_status(ward, bad).state == "refused", TIMEOUT)
    assert file_status(ward, bad).last_code == code
    assert ward.kiosk.delivery(form) == {"sent": 1}
    assert portal_hash(ward, bad) == ""
    row.expect_text(ward.kiosk.read_page(), "Bản chụp: 1 bản chụp không gửi được")
    submission = find_submission(ward, form[0])
    attaching.detach(ward.kiosk.context, submission, paper=PAPER, scan_id=bad.id, actor="CB01")
    again = attach_scan(ward, form[0])
    ward.kiosk.wait_until_confirmed(form, TIMEOUT)
    assert portal_hash(ward, again) == again.sha256
    row.observe(kiosk=f"{code}: reported; attached again, confirmed", portal="whole files only")


@dataclass
class InterruptedUpload:
    """Applies a fault to the second piece of a file, forwards the others, and records where each began."""

    fault: NetworkFault
    offsets: list[int] = field(default_factory=list)
    is_interrupted: threading.Event = field(default_factory=threading.Event)

    def __call__(self, request: ProxiedRequest) -> bytes | None:
        match = re.search(rb"upload-offset: *(\d+)", request.raw, re.IGNORECASE)
        assert match
        self.offsets.append(int(match[1]))
        if len(self.offsets) != 2:
            return request.forward()
        answer = self.fault(request)
        self.is_interrupted.set()
        return answer


def forward_half(request: ProxiedRequest) -> None:
    """Forward half of the piece, and close both connections."""
    with socket.create_connection(request.target, timeout=60) as portal:
        portal.sendall(request.raw[: len(request.raw) // 2])


def _interrupt(ward: Ward, row: RowResult, case: str, fault: NetworkFault, recover: Callable[[], None]) -> None:
    form = ward.kiosk.submit()
    ward.kiosk.wait_until_confirmed(form)
    upload = InterruptedUpload(fault)
    ward.proxy.inject(upload, "PATCH")
    scan = attach_scan(ward, form[0])
    assert upload.is_interrupted.wait(TIMEOUT), "no piece was interrupted"
    assert portal_hash(ward, scan) == ""
    assert ward.kiosk.delivery(form) == {"sent": 1}
    recover()
    ward.kiosk.wait_until_confirmed(form, TIMEOUT)
    assert portal_hash(ward, scan) == scan.sha256
    assert upload.offsets.count(0) == 1, f"restarted from the beginning: {upload.offsets}"
    assert sorted(upload.offsets) == upload.offsets
    row.observe(kiosk=f"{case}: confirmed, pieces at {upload.offsets}", portal="complete, with the right hash")


@pytest.mark.row(31)
@pytest.mark.parametrize("fault", [network_faults.reset_request, forward_half, network_faults.lose_answer])
def test_a_piece_is_interrupted(ward: Ward, row: RowResult, fault: NetworkFault) -> None:
    _interrupt(ward, row, case=fault.__name__, fault=fault, recover=lambda: None)


@pytest.mark.row(31)
@pytest.mark.parametrize("is_received", [False, True])
def test_the_kiosk_is_killed_during_a_piece(ward: Ward, row: RowResult, is_received: bool) -> None:
    def kill(request: ProxiedRequest) -> None:
        if is_received:
            request.forward()
        ward.kiosk.worker.kill()

    case = "received, then killed" if is_received else "killed"
    _interrupt(ward, row, case=case, fault=kill, recover=ward.kiosk.start)


@pytest.mark.row(31)
def test_the_portal_is_killed_during_a_piece(ward: Ward, row: RowResult) -> None:
    def kill(request: ProxiedRequest) -> None:
        forward_half(request)
        ward.portal.kill()

    _interrupt(ward, row, case="portal killed", fault=kill, recover=ward.portal.start)
