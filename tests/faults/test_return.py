"""Row 32: a line that comes and goes under a long queue, and a whole district that comes back at once."""

import time
from contextlib import ExitStack, closing

import pytest

from tests.faults.processes import SCALE, until
from tests.faults.table import Seen
from tests.faults.ward import Ward, arrive

pytestmark = pytest.mark.faults
QUEUED = 500
KIOSKS = 20
EACH = 3
FLAP = 5.0 * SCALE
FLAPPING = 600.0 * SCALE


@pytest.mark.row(32)
def test_the_line_flaps_with_five_hundred_queued(own_ward: Ward, row: Seen) -> None:
    ward = own_ward
    ward.line.shut()
    forms = ward.kiosk.file(QUEUED)
    began = time.monotonic()
    while time.monotonic() < began + FLAPPING:
        ward.line.open()
        time.sleep(FLAP)
        ward.line.shut()
        time.sleep(FLAP)
    asked = ward.line.met(since=began)
    done = ward.kiosk.delivery(forms)["confirmed"]
    assert asked <= 4 * FLAPPING / FLAP  # never more than a few requests for each time that the line was there
    arrive(ward, forms, row)
    assert ward.portal.takings() == len(ward.portal.held()) == QUEUED
    row.kiosk += f"; {done} of them and {asked} requests while it flapped"
    until(lambda: ward.kiosk.line().is_up, 60 + 120 * SCALE, "all may have left while it flapped; then it asks again")
    row.read(ward.kiosk.reads(), "Đường truyền Tốt")


@pytest.mark.row(32)
def test_twenty_kiosks_come_back_at_once(own_ward: Ward, row: Seen) -> None:
    ward = own_ward
    with ExitStack() as stack:
        kiosks = [stack.enter_context(closing(ward.another(f"PK{number:02d}"))) for number in range(10, 10 + KIOSKS)]
        ward.line.shut()
        for kiosk in kiosks:
            kiosk.worker.start()
        filed = [(kiosk, form) for kiosk in kiosks for form in kiosk.file(EACH)]
        until(lambda: all(kiosk.line().is_up is False for kiosk in kiosks), 240, "all have noticed")
        back = time.monotonic()
        ward.line.heal()
        until(lambda: all(kiosk.delivery([form])["confirmed"] for kiosk, form in filed), 120 + 1200 * SCALE)
        seconds = time.monotonic() - back
        held = ward.portal.held()
        assert held.keys() == {form for _, form in filed}
        assert all(kiosk.digests([form])[form] == held[form] for kiosk, form in filed)
        assert ward.portal.takings() == len(filed)
        row.read(kiosks[0].reads(), "Đường truyền Tốt")
        row.saw(kiosk=f"{len(filed)} confirmed in {seconds:.0f} s", portal=f"{len(held)} held, the same bytes")
