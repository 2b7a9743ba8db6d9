"""The ward of the fault tests: forms are delivered, and kills of its processes lose none of them."""

from pathlib import Path

import pytest

from tests.faults.processes import wait_until
from tests.faults.ward import Ward

pytestmark = pytest.mark.faults


def test_forms_reach_the_portal_through_real_processes(tmp_path: Path) -> None:
    with Ward(tmp_path) as ward:
        forms = ward.kiosk.submit(3)
        ward.kiosk.wait_until_confirmed(forms)
        assert ward.has_all(forms)
        assert "Kiosk vẫn phục vụ" in ward.kiosk.read_page()
        assert ward.proxy.count_requests("POST /kiosk-sync/v1/submissions") >= 1


def test_killed_processes_start_again_and_continue(tmp_path: Path) -> None:
    with Ward(tmp_path) as ward:
        ward.portal.kill()
        forms = ward.kiosk.submit(2)
        wait_until(lambda: ward.kiosk.link_state().is_up is False, what="the kiosk notices")
        ward.kiosk.worker.kill()
        ward.end_faults()
        ward.kiosk.start()
        ward.kiosk.wait_until_confirmed(forms)
        assert ward.has_all(forms)


def test_forms_submitted_in_a_separate_process_are_delivered(tmp_path: Path) -> None:
    with Ward(tmp_path) as ward:
        forms = ward.kiosk.submit_in_process(3)
        ward.kiosk.wait_until_confirmed(forms)
        assert len(forms) == 3
        assert ward.has_all(forms)
