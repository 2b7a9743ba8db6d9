"""Rows 11 to 13: the portal asks to wait, or does not know the kiosk; delivery is paused, no attempt is counted."""

import json
import time

import pytest

from kiosk.base import clock
from tests.faults import network_faults
from tests.faults.network_faults import SUBMISSIONS
from tests.faults.processes import SCALE, wait_until
from tests.faults.table import RowResult
from tests.faults.ward import Ward, expect_delivery

pytestmark = pytest.mark.faults
FORMS = 3
RETRY_AFTER_SECONDS = 20.0
"""Long enough to read a page in the meantime, also on a busy machine."""
TIMEOUT = 60 + 120 * SCALE
IN_SECONDS = f"Retry-After: {RETRY_AFTER_SECONDS:.0f}"
AS_A_DATE = f"Retry-After: Tue, 24 Nov 2026 01:30:{RETRY_AFTER_SECONDS:.0f} GMT"
"""So many seconds after the answer's own Date (see `network_faults`), not after the kiosk's clock."""
NO_KEY = "Tạm dừng: cổng không nhận khóa của máy"


@pytest.mark.row(11)
@pytest.mark.parametrize("retry_after", [IN_SECONDS, AS_A_DATE], ids=["in seconds", "as a date"])
@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_the_portal_asks_to_wait(ward: Ward, row: RowResult, status: str, retry_after: str) -> None:
    ward.kiosk.open_pages()  # they take seconds to start, and the pause ends by itself
    ward.proxy.inject(network_faults.portal_answers(status, retry_after), SUBMISSIONS, times=1)
    forms = ward.kiosk.submit(FORMS)
    wait_until(lambda: ward.kiosk.link_state().paused == "rate", TIMEOUT)
    paused = time.monotonic()
    row.expect_text(ward.kiosk.read_page(), "Tạm dừng: cổng xin gửi chậm lại")
    assert ward.kiosk.attempts(forms) == 0
    ward.kiosk.wait_until_confirmed(forms, TIMEOUT)
    before = [at for at, _ in ward.proxy.requests if at < paused]
    after = [at for at, _ in ward.proxy.requests if at > paused]
    assert after[0] - before[-1] >= RETRY_AFTER_SECONDS
    expect_delivery(ward, forms, row)


@pytest.mark.row(12)
def test_a_clock_that_the_portal_refuses_is_replaced_by_the_portals(ward: Ward, row: RowResult) -> None:
    problem = {"type": "/problems/clock", "serverTime": clock.now().isoformat()}
    ward.proxy.inject(
        network_faults.portal_answers("401 Unauthorized", body=json.dumps(problem).encode()), SUBMISSIONS, times=1
    )
    forms = ward.kiosk.submit(FORMS)
    ward.kiosk.wait_until_confirmed(forms, TIMEOUT)
    assert (ward.kiosk.link_state().paused, ward.kiosk.attempts(forms)) == (None, 0)
    expect_delivery(ward, forms, row)


@pytest.mark.row(12)
def test_a_key_that_the_portal_does_not_know_for_a_while(ward: Ward, row: RowResult) -> None:
    ward.proxy.inject(
        network_faults.portal_answers("401 Unauthorized", body=b'{"type": "/problems/unknown-key"}'), SUBMISSIONS
    )
    forms = ward.kiosk.submit(FORMS)
    wait_until(lambda: ward.kiosk.link_state().paused == "auth", TIMEOUT)
    assert not ward.kiosk.link_state().is_held
    row.expect_text(ward.kiosk.read_page(), NO_KEY)
    assert ward.kiosk.attempts(forms) == 0
    expect_delivery(ward, forms, row)
    assert ward.kiosk.link_state().paused is None


@pytest.mark.row(13)
def test_a_revoked_kiosk_stops_until_a_technician_acts(own_ward: Ward, row: RowResult) -> None:
    ward = own_ward
    ward.kiosk.wait_until_confirmed(ward.kiosk.submit(1), TIMEOUT)
    ward.portal.revoke(ward.kiosk.id)
    forms = ward.kiosk.submit(FORMS)
    wait_until(lambda: ward.kiosk.link_state().is_held, TIMEOUT)
    requests = len(ward.proxy.requests)
    row.expect_text(ward.kiosk.read_page(), NO_KEY)
    time.sleep(3 + 700 * SCALE)  # longer than any wait between two tries
    assert len(ward.proxy.requests) == requests
    assert ward.kiosk.attempts(forms) == 0
    ward.kiosk.post_form("/technician/key", code=ward.portal.make_code(ward.kiosk.id))
    expect_delivery(ward, forms, row)
    assert "Đã đổi khóa" in ward.kiosk.read_page("/technician/key")
