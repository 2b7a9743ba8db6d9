"""Checks of a machine that was installed from the package: each fault is named with what to do."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.config import ROOT, Config
from kiosk.health import machine
from kiosk.health.check_result import CheckResult
from kiosk.health.machine import POLICY, SHIPPED_POLICY, Machine

TREE = ROOT / "deploy" / "ward-kiosk"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the disk of an installed machine, with the shipped policy."""
    disk = tmp_path / "disk"
    shutil.copytree(TREE / "etc", disk / "etc")
    (disk / SHIPPED_POLICY).parent.mkdir(parents=True)
    shutil.copy(TREE / POLICY, disk / SHIPPED_POLICY)
    (disk / "opt" / "ward-kiosk" / "releases" / "1.0.0").mkdir(parents=True)
    (disk / "opt" / "ward-kiosk" / "current").symlink_to("releases/1.0.0")
    (disk / "usr" / "bin").mkdir(parents=True)
    (disk / "usr" / "bin" / "chromium").touch()
    (disk / "proc").mkdir()
    (disk / "proc" / "mounts").write_text("/dev/sda1 / ext4 rw 0 0\ntmpfs /run tmpfs rw 0 0\n", "utf-8")
    return disk


@pytest.fixture
def installed(root: Path) -> Machine:
    active = {"ward-kiosk.service", "ward-kiosk-worker.service", "ward-kiosk-screen.service"}
    return Machine(
        root=root,
        active_units=lambda names: active & set(names),
        user_id=lambda _name: os.geteuid(),
        is_clock_synchronised=lambda: True,
    )


@pytest.fixture
def settings(config: Config) -> Config:
    config.folder.mkdir(mode=0o700)
    return config


def _faults(config: Config, checked: Machine) -> dict[str, CheckResult]:
    return {result.name: result for result in machine.look(config, checked) if result.state != "ok"}


def test_a_machine_as_it_was_installed_has_no_fault(settings: Config, installed: Machine) -> None:
    assert _faults(settings, installed) == {}
    assert len(machine.look(settings, installed)) == 7


def test_a_checkout_has_no_such_rows(settings: Config, installed: Machine) -> None:
    assert machine.look(settings, replace(installed, root=Path("/nowhere"))) == []


def test_a_unit_that_does_not_run_is_named_with_the_command(settings: Config, installed: Machine) -> None:
    stopped = replace(installed, active_units=lambda names: {"ward-kiosk.service"} & set(names))
    faults = _faults(settings, stopped)
    assert set(faults) == {"Tự khởi động", "Màn hình"}
    assert "systemctl enable --now ward-kiosk-worker.service" in faults["Tự khởi động"].do


def test_a_screen_that_was_not_locked_after_setting_up_is_a_warning(settings: Config, installed: Machine) -> None:
    both = {"ward-kiosk.service", "ward-kiosk-worker.service", "ward-kiosk-setup.service"}
    faults = _faults(settings, replace(installed, active_units=lambda names: both & set(names)))
    assert {name: found.state for name, found in faults.items()} == {"Màn hình": "warning"}


def test_a_machine_without_a_browser_is_a_server(settings: Config, installed: Machine) -> None:
    (installed.root / "usr" / "bin" / "chromium").unlink()
    states = {result.name: result.state for result in machine.look(settings, installed)}
    assert states["Màn hình"] == "note"


def test_a_missing_user_is_a_fault(settings: Config, installed: Machine) -> None:
    faults = _faults(settings, replace(installed, user_id=lambda name: os.geteuid() if name == "kiosk" else None))
    assert "kiosk-screen" in faults["Người dùng"].words


@pytest.mark.parametrize("content", ["", "{}", None])
def test_a_policy_that_is_gone_or_spoilt_is_a_fault(settings: Config, installed: Machine, content: str | None) -> None:
    path = installed.root / POLICY
    if content is None:
        path.unlink()
    else:
        path.write_text(content, "utf-8")
    assert _faults(settings, installed)["Khóa màn hình"].state == "fault"


def test_a_policy_with_one_line_changed_names_the_line(settings: Config, installed: Machine) -> None:
    path = installed.root / POLICY
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"PrintingEnabled": True}), "utf-8")
    assert _faults(settings, installed)["Khóa màn hình"].words.endswith("PrintingEnabled")


def test_another_port_needs_the_same_port_in_the_policy(settings: Config, installed: Machine) -> None:
    elsewhere = settings.on_port(8080)
    assert "8080" in _faults(elsewhere, installed)["Khóa màn hình"].do
    path = installed.root / POLICY
    path.write_text(path.read_text("utf-8").replace(":8000", ":8080"), "utf-8")
    assert _faults(elsewhere, installed) == {}


def test_a_profile_on_a_disk_is_a_fault(settings: Config, installed: Machine) -> None:
    (installed.root / "proc" / "mounts").write_text("/dev/sda1 / ext4 rw 0 0\n", "utf-8")
    assert _faults(settings, installed)["Hồ sơ trình duyệt"].state == "fault"


def test_a_screen_whose_folder_was_moved_to_a_disk_is_a_fault(settings: Config, installed: Machine) -> None:
    moved = "/run/ward-kiosk-screen/profile"
    mounts = installed.root / "proc" / "mounts"
    mounts.write_text(f"tmpfs /run tmpfs rw 0 0\n/dev/sda1 {moved} ext4 rw 0 0\n", "utf-8")
    assert moved in _faults(settings, installed)["Hồ sơ trình duyệt"].do


def test_systemd_that_does_not_answer_is_no_stopped_unit(settings: Config, installed: Machine) -> None:
    faults = _faults(settings, replace(installed, active_units=lambda _names: None))
    assert {name: found.state for name, found in faults.items()} == {"Tự khởi động": "note", "Màn hình": "note"}


@pytest.mark.parametrize(("portal", "state"), [("none", "note"), ("kiosk-sync", "warning")])
def test_a_clock_that_nothing_sets_is_not_in_order(
    settings: Config, installed: Machine, portal: str, state: str
) -> None:
    """A ward without a network cannot have it; there it is no alarm."""
    connected = replace(settings, portal=replace(settings.portal, kind=portal))
    faults = _faults(connected, replace(installed, is_clock_synchronised=lambda: False))
    assert {name: found.state for name, found in faults.items()} == {"Chỉnh giờ": state}


def test_data_that_another_user_can_open_are_a_fault(settings: Config, installed: Machine) -> None:
    settings.folder.chmod(0o755)
    assert _faults(settings, installed)["Thư mục dữ liệu"].state == "fault"
    settings.folder.chmod(0o700)
    assert "Thư mục dữ liệu" in _faults(settings, replace(installed, user_id=lambda _name: os.geteuid() + 1))
