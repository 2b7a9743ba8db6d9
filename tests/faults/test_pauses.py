"""Rows 11 to 13: the portal asks to wait, or does not know the kiosk; everything waits and no form is charged."""

import json
import time
from datetime import UTC, datetime

import pytest

from tests.faults import breaking
from tests.faults.breaking import SUBMISSIONS
from tests.faults.processes import SCALE, until
from tests.faults.table import Seen
from tests.faults.ward import Ward, arrive

pytestmark = pytest.mark.faults
FORMS = 3
ASKED = 6.0
LONG = 60 + 120 * SCALE
IN_SECONDS = f"Retry-After: {ASKED:.0f}"
AS_A_DATE = f"Retry-After: Tue, 24 Nov 2026 01:30:0{ASKED:.0f} GMT"
"""Six seconds after the answer's own Date (see ``breaking``): the kiosk's clock is two days ahead of it."""
NO_KEY = "Tạm dừng: cổng không nhận khóa của máy"


@pytest.mark.row(11)
@pytest.mark.parametrize("wait", [IN_SECONDS, AS_A_DATE], ids=["in seconds", "as a date"])
@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_the_portal_asks_to_wait(ward: Ward, row: Seen, status: str, wait: str) -> None:
    ward.line.break_(breaking.says(status, wait), SUBMISSIONS, times=1)
    forms = ward.kiosk.file(FORMS)
    until(lambda: ward.kiosk.line().paused == "rate", LONG)
    paused = time.monotonic()
    row.read(ward.kiosk.reads(), "Tạm dừng: cổng xin gửi chậm lại")
    assert ward.kiosk.attempts(forms) == 0
    ward.kiosk.until_confirmed(forms, LONG)
    before = [at for at, _ in ward.line.heard if at < paused]
    after = [at for at, _ in ward.line.heard if at > paused]
    assert after[0] - before[-1] >= ASKED
    arrive(ward, forms, row)


@pytest.mark.row(12)
def test_a_clock_that_the_portal_refuses_is_mended_with_its_own(ward: Ward, row: Seen) -> None:
    told = {"type": "/problems/clock", "serverTime": datetime.now(UTC).isoformat()}
    ward.line.break_(breaking.says("401 Unauthorized", body=json.dumps(told).encode()), SUBMISSIONS, times=1)
    forms = ward.kiosk.file(FORMS)
    ward.kiosk.until_confirmed(forms, LONG)
    assert (ward.kiosk.line().paused, ward.kiosk.attempts(forms)) == (None, 0)
    arrive(ward, forms, row)


@pytest.mark.row(12)
def test_a_key_that_the_portal_does_not_know_for_a_while(ward: Ward, row: Seen) -> None:
    ward.line.break_(breaking.says("401 Unauthorized", body=b'{"type": "/problems/unknown-key"}'), SUBMISSIONS)
    forms = ward.kiosk.file(FORMS)
    until(lambda: ward.kiosk.line().paused == "auth", LONG)
    assert not ward.kiosk.line().is_held
    row.read(ward.kiosk.reads(), NO_KEY)
    assert ward.kiosk.attempts(forms) == 0
    arrive(ward, forms, row)
    assert ward.kiosk.line().paused is None


@pytest.mark.row(13)
def test_a_kiosk_that_is_revoked_stops_until_somebody_acts(own_ward: Ward, row: Seen) -> None:
    ward = own_ward
    ward.portal.revoke(ward.kiosk.id)
    forms = ward.kiosk.file(FORMS)
    until(lambda: ward.kiosk.line().is_held, LONG)
    asked = len(ward.line.heard)
    row.read(ward.kiosk.reads(), NO_KEY)
    time.sleep(3 + 700 * SCALE)  # longer than any wait between two tries
    assert len(ward.line.heard) == asked
    assert ward.kiosk.attempts(forms) == 0
    ward.kiosk.types("/technician/key", code=ward.portal.code(ward.kiosk.id))
    arrive(ward, forms, row)
    assert "Đã đổi khóa" in ward.kiosk.reads("/technician/key")
