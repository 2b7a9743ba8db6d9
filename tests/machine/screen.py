"""A machine with a touchscreen: no graphics card, so the compositor draws into memory."""

import shutil
from pathlib import Path

from tests.machine.nspawn import PACKAGES, SCREEN_PACKAGES, Machine, debian, newest_package

SCREEN = "ward-kiosk-screen"
SETUP = "ward-kiosk-setup"
# The machine has no graphics card and no terminal: the one change to the units.
HEADLESS = """[Service]
Environment=WLR_BACKENDS=headless WLR_LIBINPUT_NO_DEVICES=1 WLR_RENDERER=pixman WLR_HEADLESS_OUTPUTS=2
TTYPath=
StandardInput=null
TTYReset=no
TTYVHangup=no
TTYVTDisallocate=no
"""


def new_machine(disk: Path) -> Machine:
    """Return a running machine on which the package was installed; its screen shows the setting-up pages."""
    made = Machine(disk, debian("screen", f"{PACKAGES},{SCREEN_PACKAGES}"))
    shutil.copy(newest_package("ward-kiosk"), disk / "root" / "ward-kiosk.deb")
    for unit in (SCREEN, SETUP):
        made.put(f"/etc/systemd/system/{unit}.service.d/headless.conf", HEADLESS)
    made.boot()
    made.run("dpkg -i /root/ward-kiosk.deb")
    return made


def has_browser(machine: Machine, unit: str) -> bool:
    """Return whether the browser of a unit shows a page."""
    shown = machine.run(f"pgrep -u kiosk-screen -f 'type=renderer.*{unit}/profile'", check=False)
    return machine.is_active(unit) and shown.returncode == 0


def lock(machine: Machine) -> None:
    """Finish the setting-up, as its page does."""
    machine.run("runuser -u kiosk -- rm /var/lib/ward-kiosk/setup-open")
