"""Row 28: the wall clock of a kiosk is wrong, jumps, begins again; delivery does not ask it."""

import itertools

import pytest

from tests.faults import breaking
from tests.faults.line import Call
from tests.faults.processes import SCALE, until
from tests.faults.table import Seen
from tests.faults.ward import Ward, arrive

pytestmark = pytest.mark.faults
YEAR = 365.25 * 24 * 3600
LONG = 60 + 120 * SCALE


@pytest.mark.row(28)
@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_that_is_wrong_by_years(own_ward: Ward, row: Seen, years: int) -> None:
    ward = own_ward
    ward.kiosk.worker.stop()
    ward.kiosk.turn_clock(years * YEAR)
    forms = ward.kiosk.file(3)
    ward.kiosk.start()
    ward.kiosk.until_confirmed(forms, LONG)
    row.read(ward.kiosk.reads(), "Đồng hồ chạy sai")
    arrive(ward, forms, row)


@pytest.mark.row(28)
def test_a_form_handed_in_under_a_wrong_clock_says_so(own_ward: Ward, row: Seen) -> None:
    ward = own_ward
    ward.kiosk.turn_clock(10 * YEAR)
    first = ward.kiosk.file_elsewhere(1)
    ward.kiosk.until_confirmed(first, LONG)
    until(lambda: (ward.kiosk.line().clock_offset or 0) < -9 * YEAR, LONG, "the portal's time is heard")
    then = ward.kiosk.file_elsewhere(1)
    arrive(ward, first + then, row)
    assert '"clockTrusted":false' in ward.portal.body(then[0])
    row.read(ward.kiosk.reads(), "Đồng hồ chạy sai")


@pytest.mark.row(28)
def test_a_clock_that_steps_during_a_drain(own_ward: Ward, row: Seen) -> None:
    ward = own_ward
    steps = itertools.cycle([10 * YEAR, -10 * YEAR, 3600.0, -3600.0])

    def slow(call: Call) -> bytes:
        ward.kiosk.turn_clock(next(steps))
        call.is_over.wait(0.2)
        return call.passed_on()

    ward.line.break_(slow)
    forms = ward.kiosk.file(120)
    ward.kiosk.until_confirmed(forms, LONG)
    assert ward.kiosk.attempts(forms) == 0
    arrive(ward, forms, row)


@pytest.mark.row(28)
def test_a_clock_that_begins_again_at_boot(own_ward: Ward, row: Seen) -> None:
    ward = own_ward
    ward.line.break_(breaking.cut_off)
    forms = ward.kiosk.file(3)
    until(lambda: ward.kiosk.line().failures >= 2, LONG, "a back-off to wait through")
    ward.kiosk.worker.kill()
    ward.kiosk.turn_clock(-56 * YEAR)
    ward.line.heal()
    ward.kiosk.start()
    ward.kiosk.until_confirmed(forms, LONG)
    row.read(ward.kiosk.reads(), "Đồng hồ chạy sai")
    arrive(ward, forms, row)
