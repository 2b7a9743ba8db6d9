"""Row 28: the wall clock of a kiosk is wrong, steps, is reset at boot; delivery does not depend on it."""

import itertools

import pytest

from tests.faults import network_faults
from tests.faults.processes import SCALE, wait_until
from tests.faults.proxy import ProxiedRequest
from tests.faults.table import RowResult
from tests.faults.ward import Ward, expect_delivery

pytestmark = pytest.mark.faults
YEAR = 365.25 * 24 * 3600
TIMEOUT = 60 + 120 * SCALE
WRONG = "Đồng hồ chạy sai"
BEFORE_RELEASE = "trước ngày của bản cài đặt"


@pytest.mark.row(28)
@pytest.mark.parametrize(("years", "text"), [(-10, BEFORE_RELEASE), (10, WRONG)])
def test_a_clock_that_is_wrong_by_years(own_ward: Ward, row: RowResult, years: int, text: str) -> None:
    ward = own_ward
    ward.kiosk.worker.stop()
    ward.kiosk.set_clock_error(years * YEAR)
    forms = ward.kiosk.submit(3)
    ward.kiosk.start()
    ward.kiosk.wait_until_confirmed(forms, TIMEOUT)
    row.expect_text(ward.kiosk.read_page(), text)
    expect_delivery(ward, forms, row)


@pytest.mark.row(28)
def test_a_submission_under_a_wrong_clock_is_marked(own_ward: Ward, row: RowResult) -> None:
    ward = own_ward
    ward.kiosk.set_clock_error(10 * YEAR)
    first = ward.kiosk.submit_in_process(1)
    ward.kiosk.wait_until_confirmed(first, TIMEOUT)
    wait_until(
        lambda: (ward.kiosk.link_state().clock_offset or 0) < -9 * YEAR, TIMEOUT, "the kiosk knows the portal's time"
    )
    second = ward.kiosk.submit_in_process(1)
    expect_delivery(ward, first + second, row)
    assert '"clockTrusted":false' in ward.portal.body(second[0])
    row.expect_text(ward.kiosk.read_page(), WRONG)


@pytest.mark.row(28)
def test_a_clock_that_steps_during_a_drain(own_ward: Ward, row: RowResult) -> None:
    ward = own_ward
    steps = itertools.cycle([10 * YEAR, -10 * YEAR, 3600.0, -3600.0])

    def step_clock(request: ProxiedRequest) -> bytes:
        ward.kiosk.set_clock_error(next(steps))
        request.is_closing.wait(0.2)
        return request.forward()

    ward.proxy.inject(step_clock)
    forms = ward.kiosk.submit(120)
    ward.kiosk.wait_until_confirmed(forms, TIMEOUT)
    assert ward.kiosk.attempts(forms) == 0
    expect_delivery(ward, forms, row)


@pytest.mark.row(28)
def test_a_clock_that_is_reset_at_boot(own_ward: Ward, row: RowResult) -> None:
    ward = own_ward
    ward.proxy.inject(network_faults.reset_request)
    forms = ward.kiosk.submit(3)
    wait_until(lambda: ward.kiosk.link_state().failures >= 2, TIMEOUT, "the kiosk waits in a back-off")
    ward.kiosk.worker.kill()
    ward.kiosk.set_clock_error(-56 * YEAR)
    ward.proxy.end_fault()
    ward.kiosk.start()
    ward.kiosk.wait_until_confirmed(forms, TIMEOUT)
    row.expect_text(ward.kiosk.read_page(), BEFORE_RELEASE)
    expect_delivery(ward, forms, row)
