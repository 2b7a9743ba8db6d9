"""The touchscreen of the package on a booted Debian: cage draws into memory, Chromium runs with its sandbox."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.machine.nspawn import Machine, until
from tests.machine.screen import SCREEN, SETUP, has_browser, lock, new_machine

pytestmark = pytest.mark.machine
SESSION = f"XDG_RUNTIME_DIR=/run/{SCREEN} WAYLAND_DISPLAY=$(cd /run/{SCREEN} && ls -d wayland-[0-9])"
PICTURE = "MACHINE_PICTURE"
"""Environment variable: where the picture of the start page goes, for the docs."""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    made = new_machine(tmp_path_factory.mktemp("screen") / "disk")
    yield made
    made.close()


def _picture(machine: Machine, folder: Path, output: str) -> Path:
    """Return what an output shows."""
    machine.run(f"{SESSION} grim -o {output} /root/screen.png")
    return Path(shutil.copy(machine.folder / "root" / "screen.png", folder / f"{output}.png"))


def _colours(path: Path) -> int:
    with Image.open(path) as picture:
        return len(picture.convert("RGB").getcolors(1 << 24) or [])


def test_a_new_machine_opens_the_technicians_pages_and_is_locked_when_the_file_is_deleted(machine: Machine) -> None:
    until(lambda: has_browser(machine, SETUP))
    assert ":8000/technician/" in machine.run("ps -u kiosk-screen -o args=").stdout
    lock(machine)
    until(lambda: has_browser(machine, SCREEN))
    assert not machine.is_active(SETUP)
    assert machine.run("ls /run").stdout.split().count("ward-kiosk-setup") == 0


def test_the_browser_runs_as_its_own_user_with_its_sandbox(machine: Machine) -> None:
    until(lambda: has_browser(machine, SCREEN))
    commands = machine.run("ps -u kiosk-screen -o args=").stdout
    assert "chromium" in commands
    assert "--no-sandbox" not in commands
    renderer = machine.run("pgrep -u kiosk-screen -f type=renderer").stdout.split()[0]
    status = machine.run(f"grep -E '^(Seccomp|NoNewPrivs):' /proc/{renderer}/status").stdout.split()
    assert status == ["NoNewPrivs:", "1", "Seccomp:", "2"]


def test_the_profile_is_in_memory_and_new_after_a_crash(machine: Machine) -> None:
    profile = f"/run/{SCREEN}/profile"
    until(lambda: has_browser(machine, SCREEN))
    assert machine.run(f"stat -f -c %T {profile}").stdout == "tmpfs\n"
    machine.run(f"touch {profile}/left-behind; pkill -KILL -u kiosk-screen -x cage")
    until(lambda: machine.run(f"ls {profile}/left-behind", check=False).returncode != 0)
    until(lambda: has_browser(machine, SCREEN))


def test_the_start_page_is_on_the_screen(machine: Machine, tmp_path: Path) -> None:
    until(lambda: has_browser(machine, SCREEN))
    machine.run(f"{SESSION} wlr-randr --output HEADLESS-1 --custom-mode 1080x1920")
    until(lambda: _colours(_picture(machine, tmp_path, "HEADLESS-1")) > 100)
    if target := os.environ.get(PICTURE):
        with Image.open(tmp_path / "HEADLESS-1.png") as picture:
            picture.convert("RGB").resize((540, 960)).quantize(64).save(target, optimize=True)


def test_the_board_is_on_a_second_screen_of_the_same_machine(machine: Machine, tmp_path: Path) -> None:
    machine.run(
        "sed -i 's/^WARD_KIOSK_BOARD_OUTPUT=.*/WARD_KIOSK_BOARD_OUTPUT=HEADLESS-2/' /etc/default/ward-kiosk-screen"
    )
    machine.run(f"systemctl restart {SCREEN}")
    until(lambda: has_browser(machine, SCREEN))
    until(lambda: machine.run("pgrep -u kiosk-screen -x sway", check=False).returncode == 0)
    machine.run(f"{SESSION} wlr-randr --output HEADLESS-1 --custom-mode 1080x1920")
    until(lambda: _colours(_picture(machine, tmp_path, "HEADLESS-1")) > 100)
    until(lambda: _colours(_picture(machine, tmp_path, "HEADLESS-2")) > 100)
    sockets = "ls -d /run/ward-kiosk-screen/sway-ipc.*"
    tree = machine.run(f"SWAYSOCK=$({sockets}) swaymsg -t get_tree").stdout
    outputs = {output["name"]: json.dumps(output) for output in json.loads(tree)["nodes"]}
    assert "ward-kiosk-touchscreen" in outputs["HEADLESS-1"]
    assert "ward-kiosk-board" in outputs["HEADLESS-2"]
    assert [
        line for line in machine.run("ps -u kiosk-screen -o args=").stdout.splitlines() if "--no-sandbox" in line
    ] == []
    if target := os.environ.get(PICTURE):
        for name in ("HEADLESS-1", "HEADLESS-2"):
            shutil.copy(tmp_path / f"{name}.png", f"{target}-{name}.png")
