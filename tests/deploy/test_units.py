"""The units of deploy/ward-kiosk: hardened, restarted for ever, and the browser's user reads no data."""

import re
import subprocess
from pathlib import Path

import pytest

from kiosk.config import ROOT

TREE = ROOT / "deploy" / "ward-kiosk"
UNITS = TREE / "usr" / "lib" / "systemd" / "system"
SERVERS = ("ward-kiosk", "ward-kiosk-worker", "ward-kiosk-first-start")
SCREENS = ("ward-kiosk-screen", "ward-kiosk-setup", "ward-kiosk-board")
MAX_EXPOSURE = 2.0
MAX_SCREEN_EXPOSURE = 5.0
"""Chromium's own sandbox needs namespaces and executable memory, which the rating counts."""


def _lines(name: str) -> list[str]:
    text = (UNITS / f"{name}.service").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _values(name: str, key: str) -> list[str]:
    return [line.partition("=")[2] for line in _lines(name) if line.startswith(f"{key}=")]


@pytest.mark.parametrize("name", SERVERS + SCREENS)
def test_a_unit_is_exposed_little(name: str) -> None:
    command = [
        "systemd-analyze",
        "security",
        "--offline=yes",
        "--no-pager",
        "--threshold=100",
        str(UNITS / f"{name}.service"),
    ]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    rating = re.search(rf"exposure level for {name}\.service: ([0-9.]+)", answer.stdout)
    assert rating, answer.stderr
    assert float(rating[1]) <= (MAX_EXPOSURE if name in SERVERS else MAX_SCREEN_EXPOSURE)


def _hardening(name: str) -> list[str]:
    lines = _lines(name)
    start = lines.index("NoNewPrivileges=yes")
    return [line for line in lines[start:] if not line.startswith(("[", "WantedBy="))]


def test_server_and_worker_are_hardened_alike() -> None:
    assert _hardening("ward-kiosk") == _hardening("ward-kiosk-worker")


def test_the_screens_are_hardened_alike() -> None:
    assert _hardening("ward-kiosk-screen") == _hardening("ward-kiosk-setup") == _hardening("ward-kiosk-board")


@pytest.mark.parametrize("name", ["ward-kiosk", "ward-kiosk-worker"])
def test_a_process_that_ends_or_hangs_is_started_again_for_ever(name: str) -> None:
    assert _values(name, "Restart") == ["always"]
    assert _values(name, "StartLimitIntervalSec") == ["0"]
    assert _values(name, "Type") == ["notify"]
    assert int(_values(name, "WatchdogSec")[0]) > 0


def test_the_worker_is_restarted_with_the_server() -> None:
    assert _values("ward-kiosk-worker", "PartOf") == ["ward-kiosk.service"]


@pytest.mark.parametrize("name", SCREENS)
def test_the_browser_is_another_user_that_reads_no_data_and_reaches_no_other_machine(name: str) -> None:
    assert _values(name, "User") == ["kiosk-screen"]
    assert _values(name, "InaccessiblePaths") == ["/var/lib/ward-kiosk /etc/ward-kiosk"]
    assert _values(name, "IPAddressDeny") == ["any"]
    assert _values(name, "IPAddressAllow") == ["localhost"]


@pytest.mark.parametrize("name", SCREENS)
def test_the_profile_lies_in_a_folder_on_tmpfs_that_is_deleted_at_each_stop(name: str) -> None:
    assert _values(name, "RuntimeDirectory") == [name]
    assert _values(name, "RuntimeDirectoryPreserve") == ["no"]
    assert f"XDG_RUNTIME_DIR=/run/{name} " in _values(name, "ExecStart")[0]
    script = (TREE / "usr" / "lib" / "ward-kiosk" / "screen").read_text("utf-8")
    assert 'profile=$RUNTIME_DIRECTORY/profile${2:+-$2}\nrm -rf "$profile"' in script


def test_only_the_setting_up_screen_opens_the_technicians_pages() -> None:
    policies = {name: _values(name, "BindReadOnlyPaths") for name in SCREENS}
    managed = "/usr/share/ward-kiosk/policy/setup.json:/etc/chromium/policies/managed/ward-kiosk.json"
    assert policies == {"ward-kiosk-screen": [], "ward-kiosk-setup": [managed], "ward-kiosk-board": []}
    assert "ward-kiosk-setup.service" in _values("ward-kiosk-screen", "Conflicts")[0]


def test_the_documents_that_units_name_are_in_the_package() -> None:
    packed = re.search(r"git .* archive HEAD ([^|]+)", (ROOT / "deploy" / "deb.sh").read_text("utf-8"))
    assert packed
    units = "".join(path.read_text("utf-8") for path in UNITS.iterdir())
    named = set(re.findall(r"^Documentation=file:///opt/ward-kiosk/current/(\S+)$", units, re.MULTILINE))
    assert named == {"docs/technician.md", "docs/releases.md"}
    assert named <= set(packed[1].split())


def test_a_folder_without_the_file_of_the_installation_gets_no_store() -> None:
    """A data disk that is not mounted looks like an empty folder."""
    assert _values("ward-kiosk-first-start", "ConditionPathExists") == ["/var/lib/ward-kiosk/first-start"]
    script = (TREE / "DEBIAN" / "postinst").read_text("utf-8")
    assert 'if [ -z "$2" ] && ! [ -e /var/lib/ward-kiosk ]; then' in script


def _scripts() -> list[Path]:
    files = [path for path in (ROOT / "deploy").rglob("*") if path.is_file() and path.suffix in ("", ".sh")]
    return [path for path in files if path.read_bytes().startswith(b"#!/bin/sh")]


@pytest.mark.parametrize("script", _scripts(), ids=lambda path: str(path.relative_to(ROOT / "deploy")))
def test_a_script_is_shell_and_can_be_run(script: Path) -> None:
    answer = subprocess.run(["sh", "-n", str(script)], capture_output=True, text=True, check=False)
    assert answer.stderr == ""
    assert script.stat().st_mode & 0o111 or script.name == "packages.sh"


def test_the_settings_of_the_package_keep_the_data_in_var_lib(tmp_path: Path) -> None:
    """The line of deploy/deb.sh that makes them is run here, so that a changed kiosk.toml is noticed."""
    build = (ROOT / "deploy" / "deb.sh").read_text("utf-8")
    edits = re.findall(r"-e ('s\|\^[^']+')", build)
    assert edits
    script = f"sed {' '.join(f'-e {edit}' for edit in edits)} {ROOT / 'kiosk.toml'}"
    made = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout
    assert re.findall(r'^data = "([^"]+)"', made, re.MULTILINE) == ["/var/lib/ward-kiosk"]
    assert re.findall(r'^programs = "([^"]+)"', made, re.MULTILINE) == ["/opt/ward-kiosk"]
