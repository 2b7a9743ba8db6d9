"""Row 32: the connection flaps with a long queue, and many kiosks come back at once."""

import time
from contextlib import ExitStack, closing

import pytest

from tests.faults.processes import SCALE, wait_until
from tests.faults.table import RowResult
from tests.faults.ward import Ward, expect_delivery

pytestmark = pytest.mark.faults
QUEUED = 500
KIOSKS = 20
FORMS_EACH = 3
FLAP_SECONDS = 5.0 * SCALE
TOTAL_SECONDS = 600.0 * SCALE


@pytest.mark.row(32)
def test_the_connection_flaps_with_500_queued(own_ward: Ward, row: RowResult) -> None:
    ward = own_ward
    ward.proxy.close()
    forms = ward.kiosk.submit(QUEUED)
    began = time.monotonic()
    while time.monotonic() < began + TOTAL_SECONDS:
        ward.proxy.listen()
        time.sleep(FLAP_SECONDS)
        ward.proxy.close()
        time.sleep(FLAP_SECONDS)
    requests = ward.proxy.count_requests(since=began)
    confirmed = ward.kiosk.delivery(forms)["confirmed"]
    assert requests <= 4 * TOTAL_SECONDS / FLAP_SECONDS  # a few requests each time that the connection was up
    expect_delivery(ward, forms, row)
    assert ward.portal.count_changes() == len(ward.portal.digests()) == QUEUED
    row.kiosk += f"; {confirmed} of them and {requests} requests while it flapped"
    wait_until(
        lambda: ward.kiosk.link_state().is_up,
        60 + 120 * SCALE,
        "the connection is up, also when all were sent while it flapped",
    )
    row.expect_text(ward.kiosk.read_page(), "Đường truyền Tốt")


@pytest.mark.row(32)
def test_twenty_kiosks_come_back_at_once(own_ward: Ward, row: RowResult) -> None:
    ward = own_ward
    with ExitStack() as stack:
        kiosks = [stack.enter_context(closing(ward.add_kiosk(f"PK{number:02d}"))) for number in range(10, 10 + KIOSKS)]
        ward.proxy.close()
        for kiosk in kiosks:
            kiosk.worker.start()
        submitted = [(kiosk, form) for kiosk in kiosks for form in kiosk.submit(FORMS_EACH)]
        wait_until(
            lambda: all(kiosk.link_state().is_up is False for kiosk in kiosks), 240, "all kiosks have failed to connect"
        )
        began = time.monotonic()
        ward.proxy.end_fault()
        wait_until(lambda: all(kiosk.delivery([form])["confirmed"] for kiosk, form in submitted), 120 + 1200 * SCALE)
        seconds = time.monotonic() - began
        stored = ward.portal.digests()
        assert stored.keys() == {form for _, form in submitted}
        assert all(kiosk.digests([form])[form] == stored[form] for kiosk, form in submitted)
        assert ward.portal.count_changes() == len(submitted)
        row.expect_text(kiosks[0].read_page(), "Đường truyền Tốt")
        row.observe(
            kiosk=f"{len(submitted)} confirmed in {seconds:.0f} s", portal=f"{len(stored)} stored, the same bytes"
        )
