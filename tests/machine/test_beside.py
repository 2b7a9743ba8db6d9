"""Two machines on one computer at the same time: neither ends a process of the other."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.machine.control_groups import own_folders
from tests.machine.nspawn import PACKAGES, Machine, debian

pytestmark = pytest.mark.machine
SLEEPER = "sleeper"
SLEEPING = f"systemd-run --quiet --unit {SLEEPER} sleep infinity"


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[list[Machine]]:
    with ExitStack() as stack:
        made = [Machine(tmp_path / name, debian("server", PACKAGES)) for name in ("first", "second")]
        for machine in made:
            stack.enter_context(closing(machine))
            machine.boot()
        yield made


def test_a_unit_that_one_machine_stops_runs_on_the_other(machines: list[Machine]) -> None:
    first, second = machines
    for machine in machines:
        machine.run(SLEEPING)
    first.run(f"systemctl kill --signal=KILL {SLEEPER}; systemctl stop {SLEEPER}")
    assert not first.is_active(SLEEPER)
    assert second.is_active(SLEEPER)


def test_a_machine_that_is_off_leaves_no_control_group(machines: list[Machine]) -> None:
    def groups() -> list[Path]:
        return [group for folder in own_folders() for group in folder.glob(f"ward-{os.getpid()}-*")]

    assert len(groups()) == len(machines) * len(own_folders())
    for machine in machines:
        machine.cut_power()
    assert groups() == []
