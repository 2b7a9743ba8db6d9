"""Whatever step of an update a power cut interrupts, a whole release is there and the store is whole."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kiosk.base.clock import SYSTEM
from kiosk.config import ROOT, Config
from kiosk.updates import update
from tests.updates.province import NEXT, PRESENT, Province
from tests.updates.test_update import _fetch, _grow

pytestmark = pytest.mark.machine_date


def _cut(scenario: str, machine: Config, tmp_path: Path) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "tests.updates.power_cuts", scenario, str(machine.root), str(tmp_path / "copy")]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    reports: list[dict[str, Any]] = json.loads(ended.stdout)
    return reports


def test_a_power_cut_at_each_step_of_an_update_leaves_a_whole_release(
    machine: Config, province: Province, tmp_path: Path
) -> None:
    province.publish_program(NEXT)
    _fetch(machine)
    reports = _cut("apply", machine, tmp_path)
    assert len(reports) > 30, "the harness cuts at every change of a file"
    assert {report["after_cut"] for report in reports} == {PRESENT, NEXT}
    assert {report["after_start"] for report in reports} == {PRESENT, NEXT}
    assert {report["in_the_end"] for report in reports} == {NEXT}
    assert all(report["store"] and report["on_trial"] and not report["left_behind"] for report in reports)


def test_a_power_cut_while_the_store_goes_back_leaves_one_whole_store(
    machine: Config, province: Province, tmp_path: Path
) -> None:
    province.publish_program(NEXT)
    _fetch(machine)
    update.apply(machine, SYSTEM)
    _grow(machine, with_a_ticket=False)
    (machine.updates_folder / "trial").rename(machine.updates_folder / "failed")
    programs_back = machine.root / "opt" / "current"
    programs_back.unlink()
    programs_back.symlink_to(Path("releases") / PRESENT)
    reports = _cut("return", machine, tmp_path)
    assert len(reports) > 5
    assert all(report["store"] for report in reports)
    assert not any(report["grown"] for report in reports)
    assert {report["state"] for report in reports} == {"went_back"}
