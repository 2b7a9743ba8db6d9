"""Days without a connection: forms go by USB stick, commands are killed, and each form is stored once."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.config import ROOT
from tests.faults.kill_points import ANSWER_POINTS, EXPORT_POINTS
from tests.faults.machine import Kiosk
from tests.faults.ward import Ward

pytestmark = pytest.mark.faults


@pytest.fixture
def offline_ward(tmp_path: Path, database: str) -> Iterator[Ward]:
    with Ward(tmp_path, database=database) as ward:
        disconnect(ward)
        yield ward


def disconnect(ward: Ward) -> None:
    """Write the gateway's stick key into the kiosk's settings, and close the connection."""
    key = run_at_gateway(ward, "key").split()[-1]
    ward.kiosk.write_settings(ward.url, f'stick_key = "{key}"')
    ward.proxy.close()
    (ward.folder / "usb").mkdir()


def run_at_gateway(ward: Ward, *args: str) -> str:
    env = ward.portal.processes[0].env
    command = [sys.executable, "-m", "kiosk", "gateway", "stick", *args]
    return subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout


def run_at_kiosk(kiosk: Kiosk, *args: str) -> str:
    command = [sys.executable, "-m", "kiosk", "export", *args]
    return subprocess.run(command, cwd=ROOT, env=kiosk.worker.env, check=True, capture_output=True, text=True).stdout


def test_forms_are_confirmed_by_usb_stick_while_the_connection_is_down(offline_ward: Ward) -> None:
    ward = offline_ward
    usb = str(ward.folder / "usb")
    forms = ward.kiosk.submit(20)
    assert "20 tờ khai" in run_at_kiosk(ward.kiosk, "write", usb)
    assert "mới 20, đã có 0" in run_at_gateway(ward, "import", usb)
    assert "Cổng đã nhận 20 tờ khai" in run_at_kiosk(ward.kiosk, "read", usb)
    assert ward.kiosk.delivery(forms) == {"confirmed": 20}
    assert ward.has_all(forms)

    # Forms without an answer, and forms that were never exported, go over the connection: nothing is stored twice.
    without_answer = ward.kiosk.submit(5)
    run_at_kiosk(ward.kiosk, "write", usb)
    run_at_gateway(ward, "import", usb)
    not_exported = ward.kiosk.submit(5)
    ward.end_faults()
    ward.kiosk.send_now()
    ward.kiosk.wait_until_confirmed(forms + without_answer + not_exported)
    assert ward.has_all(forms + without_answer + not_exported)
    assert len(ward.portal.digests()) == 30


def test_each_form_is_stored_once_although_commands_are_killed(own_ward: Ward) -> None:
    ward = own_ward
    disconnect(ward)
    usb = ward.folder / "usb"
    forms = ward.kiosk.submit(6)
    for label in EXPORT_POINTS:
        ward.kiosk.run_until_killed(["export", "write", str(usb)], label)
    assert len(list(usb.glob("*.parcel"))) == 1, "a parcel has its name only when it is complete"
    run_at_kiosk(ward.kiosk, "write", str(usb))
    run_at_gateway(ward, "import", str(usb))
    for label in ANSWER_POINTS:
        ward.kiosk.run_until_killed(["export", "read", str(usb)], label)
    run_at_kiosk(ward.kiosk, "read", str(usb))
    assert ward.kiosk.delivery(forms) == {"confirmed": 6}
    assert ward.has_all(forms)
    assert len(ward.portal.digests()) == 6
