"""Days without a line, with real processes: forms go by stick, commands die in mid-air, and each form is there once."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.config import ROOT
from tests.faults import dying
from tests.faults.machine import Kiosk
from tests.faults.test_kills import dies
from tests.faults.ward import Ward

pytestmark = pytest.mark.faults


@pytest.fixture
def cut_off(tmp_path: Path, database: str) -> Iterator[Ward]:
    with Ward(tmp_path, database=database) as ward:
        yield down(ward)


def down(ward: Ward) -> Ward:
    """Shut the line of a ward whose technician wrote the gateway's stick key down in time."""
    key = at_the_gateway(ward, "key").split()[-1]
    ward.kiosk.write_settings(ward.url, f'stick_key = "{key}"')
    ward.line.shut()
    (ward.folder / "usb").mkdir()
    return ward


def at_the_gateway(ward: Ward, *words: str) -> str:
    env = ward.portal.processes[0].env
    asked = [sys.executable, "-m", "kiosk", "gateway", "stick", *words]
    return subprocess.run(asked, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout


def at_the_kiosk(kiosk: Kiosk, *words: str) -> str:
    asked = [sys.executable, "-m", "kiosk", "export", *words]
    return subprocess.run(asked, cwd=ROOT, env=kiosk.worker.env, check=True, capture_output=True, text=True).stdout


def test_forms_are_confirmed_by_stick_while_the_line_is_down(cut_off: Ward) -> None:
    ward = cut_off
    usb = str(cut_off.folder / "usb")
    forms = ward.kiosk.file(20)
    assert "20 tờ khai" in at_the_kiosk(ward.kiosk, "write", usb)
    assert "mới 20, đã có 0" in at_the_gateway(ward, "import", usb)
    assert "Cổng đã nhận 20 tờ khai" in at_the_kiosk(ward.kiosk, "read", usb)
    assert ward.kiosk.delivery(forms) == {"confirmed": 20}
    assert ward.is_whole(forms)

    # What came without an answer and what never left go by line: nothing is there twice.
    late = ward.kiosk.file(5)
    at_the_kiosk(ward.kiosk, "write", usb)
    at_the_gateway(ward, "import", usb)
    later = ward.kiosk.file(5)
    ward.heal()
    ward.kiosk.send_now()
    ward.kiosk.until_confirmed(forms + late + later)
    assert ward.is_whole(forms + late + later)
    assert len(ward.portal.held()) == 30


def test_whatever_dies_on_the_way_each_form_is_there_once(own_ward: Ward) -> None:
    ward = down(own_ward)
    usb = own_ward.folder / "usb"
    forms = ward.kiosk.file(6)
    *out, half, done = dying.CARRYING
    for label in out:
        dies(ward.kiosk, ["export", "write", str(usb)], label)
    assert len(list(usb.glob("*.parcel"))) == 1, "what was there before the end is whole, what was not has no name"
    at_the_kiosk(ward.kiosk, "write", str(usb))
    at_the_gateway(ward, "import", str(usb))
    for label in (half, done):
        dies(ward.kiosk, ["export", "read", str(usb)], label)
    at_the_kiosk(ward.kiosk, "read", str(usb))
    assert ward.kiosk.delivery(forms) == {"confirmed": 6}
    assert ward.is_whole(forms)
    assert len(ward.portal.held()) == 6
