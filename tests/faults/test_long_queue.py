"""Row 47: a ward whose portal was away for months; 30,000 forms wait, and all of them leave."""

import pytest

from bench.queued import fill_queue
from tests.faults.page_browser import PageBrowser
from tests.faults.processes import SCALE, wait_until
from tests.faults.table import RowResult
from tests.faults.ward import Ward

pytestmark = pytest.mark.faults
QUEUED = 30_000
KILLED_AFTER = 500
SECONDS = 120 + 1200 * SCALE


@pytest.mark.row(47)
def test_pages_serve_and_forms_leave_once_with_30_000_queued(own_ward: Ward, row: RowResult) -> None:
    ward = own_ward
    kiosk = ward.kiosk
    ward.proxy.close()
    fill_queue(kiosk.context, QUEUED)
    officer = PageBrowser(kiosk)
    officer.sign_in("hoaian", 1)
    row.expect_text(kiosk.read_page(), f"{QUEUED} tờ khai chờ gửi")
    _expect_pages(officer)
    assert ward.false_notices() == []

    ward.end_faults()
    kiosk.send_now()
    wait_until(lambda: ward.portal.count_changes() >= KILLED_AFTER, SECONDS, f"{KILLED_AFTER} forms have left")
    kiosk.worker.kill()
    kiosk.submit()
    with kiosk.context.store.read() as db:
        forms = [form for (form,) in db.execute("select id from submissions").fetchall()]
    delivery = kiosk.delivery(forms)
    assert delivery["queued"] >= len(forms) - ward.portal.count_changes(), "what the portal lacks is counted as waiting"
    assert f"{delivery['queued']} tờ khai chờ gửi" in kiosk.read_page()
    kiosk.start()
    _expect_pages(officer)
    wait_until(lambda: kiosk.delivery(forms)["queued"] == 0, SECONDS, "all forms have left")
    kiosk.worker.stop()

    stored = ward.portal.digests()
    assert len(forms) == QUEUED + 1
    assert stored == kiosk.digests(forms)
    assert ward.portal.count_changes() == len(stored)
    delivery = kiosk.delivery(forms)
    assert set(delivery) <= {"sent", "confirmed"}
    assert "tờ khai chờ gửi" not in kiosk.read_page()
    _expect_pages(officer)
    row.observe(
        kiosk=f"{QUEUED} queued, {delivery['sent'] + delivery['confirmed']} left, none waits",
        portal=f"{len(stored)} stored, the same bytes",
    )


def _expect_pages(officer: PageBrowser) -> None:
    """Check that citizens', officers' and work pages answer."""
    for address in ("/", "/choose", "/officer/", "/officer/work", "/display/now"):
        answer = officer.go(address)
        assert answer.status == 200, f"{address}: {answer}"
