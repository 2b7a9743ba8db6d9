"""The touchscreen of the package on a booted Debian: cage draws into memory, Chromium runs with its sandbox."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.config import ROOT
from tests.machine.nspawn import PACKAGES, SCREEN_PACKAGES, Machine, debian, until

pytestmark = pytest.mark.machine
SCREEN = "ward-kiosk-screen"
SETUP = "ward-kiosk-setup"
# The machine has no graphics card and no terminal: the one change to the units.
HEADLESS = """[Service]
Environment=WLR_BACKENDS=headless WLR_LIBINPUT_NO_DEVICES=1 WLR_RENDERER=pixman
TTYPath=
StandardInput=null
TTYReset=no
TTYVHangup=no
TTYVTDisallocate=no
"""
PICTURE = "MACHINE_PICTURE"
"""Environment variable: where the picture of the start page goes, for the docs."""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    disk = tmp_path_factory.mktemp("screen") / "disk"
    made = Machine(disk, debian("screen", f"{PACKAGES},{SCREEN_PACKAGES}"))
    package = sorted((ROOT / "build").glob("ward-kiosk_*.deb"))[-1]
    shutil.copy(package, disk / "root" / "ward-kiosk.deb")
    for unit in (SCREEN, SETUP):
        folder = disk / "etc" / "systemd" / "system" / f"{unit}.service.d"
        folder.mkdir()
        (folder / "headless.conf").write_text(HEADLESS, "utf-8")
    made.boot()
    made.run("dpkg -i /root/ward-kiosk.deb")
    yield made
    made.close()


def _has_browser(machine: Machine, unit: str) -> bool:
    shown = machine.run(f"pgrep -u kiosk-screen -f 'type=renderer.*{unit}/profile'", check=False)
    return machine.is_active(unit) and shown.returncode == 0


def test_a_new_machine_opens_the_technicians_pages_and_is_locked_when_the_file_is_deleted(machine: Machine) -> None:
    until(lambda: _has_browser(machine, SETUP))
    assert "/technician/" in machine.run(f"systemctl show -p ExecStart --value {SETUP}").stdout
    machine.run("runuser -u kiosk -- rm /var/lib/ward-kiosk/setup-open")
    until(lambda: _has_browser(machine, SCREEN))
    assert not machine.is_active(SETUP)
    assert machine.run("ls /run").stdout.split().count("ward-kiosk-setup") == 0


def test_the_browser_runs_as_its_own_user_with_its_sandbox(machine: Machine) -> None:
    until(lambda: _has_browser(machine, SCREEN))
    commands = machine.run("ps -u kiosk-screen -o args=").stdout
    assert "chromium" in commands
    assert "--no-sandbox" not in commands
    renderer = machine.run("pgrep -u kiosk-screen -f type=renderer").stdout.split()[0]
    status = machine.run(f"grep -E '^(Seccomp|NoNewPrivs):' /proc/{renderer}/status").stdout.split()
    assert status == ["NoNewPrivs:", "1", "Seccomp:", "2"]


def test_the_profile_is_in_memory_and_new_after_a_crash(machine: Machine) -> None:
    profile = f"/run/{SCREEN}/profile"
    until(lambda: _has_browser(machine, SCREEN))
    assert machine.run(f"stat -f -c %T {profile}").stdout == "tmpfs\n"
    machine.run(f"touch {profile}/left-behind; pkill -KILL -u kiosk-screen -x cage")
    until(lambda: machine.run(f"ls {profile}/left-behind", check=False).returncode != 0)
    until(lambda: _has_browser(machine, SCREEN))


def test_the_doctor_finds_the_machine_in_order(machine: Machine) -> None:
    until(lambda: _has_browser(machine, SCREEN))
    rows = machine.run("kiosk doctor", check=False).stdout
    named = ("Tự khởi động", "Màn hình", "Người dùng", "Khóa màn hình", "Hồ sơ trình duyệt", "Thư mục dữ liệu")
    assert [name for name in named if f"ok       {name}:" not in rows] == [], rows


def test_the_start_page_is_on_the_screen(machine: Machine, tmp_path: Path) -> None:
    until(lambda: _has_browser(machine, SCREEN))
    session = f"XDG_RUNTIME_DIR=/run/{SCREEN} WAYLAND_DISPLAY=wayland-0"
    machine.run(f"{session} wlr-randr --output HEADLESS-1 --custom-mode 1080x1920")

    def colours() -> int:
        machine.run(f"{session} grim /root/screen.png")
        shutil.copy(machine.folder / "root" / "screen.png", tmp_path)
        from PIL import Image

        with Image.open(tmp_path / "screen.png") as picture:
            return len(picture.convert("RGB").getcolors(1 << 24) or [])

    until(lambda: colours() > 100)
    if target := os.environ.get(PICTURE):
        from PIL import Image

        with Image.open(tmp_path / "screen.png") as picture:
            picture.convert("RGB").resize((540, 960)).quantize(64).save(target, optimize=True)
