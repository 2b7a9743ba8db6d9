"""The ward of the fault tests itself: forms arrive over the line, and a kill of anything loses none of them."""

from pathlib import Path

import pytest

from tests.faults.processes import until
from tests.faults.ward import Ward

pytestmark = pytest.mark.faults


def test_forms_reach_the_portal_through_real_processes(tmp_path: Path) -> None:
    with Ward(tmp_path) as ward:
        forms = ward.kiosk.file(3)
        ward.kiosk.until_confirmed(forms)
        assert ward.is_whole(forms)
        assert "Máy vẫn phục vụ bà con" in ward.kiosk.reads()
        assert ward.line.met("POST /kiosk-sync/v1/submissions") >= 1


def test_what_is_killed_starts_again_and_goes_on(tmp_path: Path) -> None:
    with Ward(tmp_path) as ward:
        ward.portal.kill()
        forms = ward.kiosk.file(2)
        until(lambda: ward.kiosk.line().is_up is False, what="the kiosk notices")
        ward.kiosk.worker.kill()
        ward.heal()
        ward.kiosk.start()
        ward.kiosk.until_confirmed(forms)
        assert ward.is_whole(forms)


def test_forms_handed_in_by_a_process_of_their_own_are_on_the_kiosk(tmp_path: Path) -> None:
    with Ward(tmp_path) as ward:
        forms = ward.kiosk.file_elsewhere(3)
        ward.kiosk.until_confirmed(forms)
        assert len(forms) == 3
        assert ward.is_whole(forms)
