"""The unit that sets up backup disks, with systemd and its sandbox: the kiosk's user asks, and writes on the disk then.

A container has no device manager: the name of the disk by its UUID is a link that the test makes.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.config import ROOT
from tests.machine import nspawn
from tests.machine.nspawn import Machine, debian, until
from tests.mounts import leave_shared_mounts

pytestmark = pytest.mark.machine
TREE = ROOT / "deploy" / "ward-kiosk"
FILES = (
    "usr/lib/systemd/system/ward-kiosk-disk.path",
    "usr/lib/systemd/system/ward-kiosk-disk.service",
    "usr/lib/ward-kiosk/backup_disk.py",
    "usr/lib/sysusers.d/ward-kiosk.conf",
)
PACKAGES = "systemd,systemd-sysv,dbus,python3,udev,e2fsprogs,mount"
BYTES = 1500 << 20
PLACE = "/media/saoluu"


@pytest.fixture
def device(tmp_path: Path) -> Iterator[str]:
    """Return a disk that is a file."""
    leave_shared_mounts()
    image = tmp_path / "disk.img"
    image.touch()
    os.truncate(image, BYTES)
    show = ["losetup", "--find", "--show", str(image)]
    made = subprocess.run(show, capture_output=True, text=True, check=True).stdout.strip()
    yield made
    subprocess.run(["losetup", "--detach", made], check=True)


@pytest.fixture
def machine(tmp_path: Path, device: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """Return a machine with the unit, this disk, and a server that has the sandbox of the kiosk's."""
    made = Machine(tmp_path / "disk", debian("disk", PACKAGES))
    for name in FILES:
        (made.folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TREE / name, made.folder / name)
    program = made.folder / FILES[2]
    program.write_text(program.read_text("utf-8").replace('DISKS = ("disk",)', 'DISKS = ("loop",)'), "utf-8")
    unit = (TREE / "usr/lib/systemd/system/ward-kiosk.service").read_text("utf-8")
    sandbox = unit[unit.index("NoNewPrivileges") : unit.index("[Install]")].replace(" /etc/ward-kiosk", "")
    server = "[Service]\nUser=kiosk\nExecStart=/bin/sleep infinity\n"
    made.put("/etc/systemd/system/ward-kiosk.service", f"{server}{sandbox}")
    link = f"ln -sf {device} /dev/disk/by-uuid/$(blkid --probe -s UUID -o value {device})"
    made.put("/usr/bin/udevadm", f"#!/bin/sh\nmkdir -p /dev/disk/by-uuid\n{link}\n")
    (made.folder / "usr/bin/udevadm").chmod(0o755)
    started = nspawn.nspawn

    def with_disk(folder: Path, groups: nspawn.ControlGroups, *options: str) -> list[str]:
        return started(folder, groups, f"--bind={device}", *options)

    monkeypatch.setattr(nspawn, "nspawn", with_disk)
    made.boot()
    made.run("systemd-sysusers && install -d -o kiosk -g kiosk -m 700 /var/lib/ward-kiosk")
    made.run("systemctl daemon-reload && systemctl start ward-kiosk ward-kiosk-disk.path")
    yield made
    made.close()


def ask(machine: Machine, number: str, words: str) -> dict[str, Any]:
    """Leave a request as the kiosk does; return the answer that its user reads."""
    data = "/var/lib/ward-kiosk"
    text = f"echo {number * 16} {words} > {data}/new && mv {data}/new {data}/disk-request"
    machine.run(f"runuser -u kiosk -- sh -c '{text}'")
    read = "runuser -u kiosk -- cat /run/ward-kiosk-disk/answer.json"
    until(lambda: number * 16 in machine.run(read, check=False).stdout)
    answer: dict[str, Any] = json.loads(machine.run(read).stdout)
    assert answer["fault"] == "", machine.run("journalctl -u ward-kiosk-disk").stdout
    return answer


def test_the_kiosk_asks_for_a_disk_and_writes_on_it(machine: Machine) -> None:
    (shown,) = [disk for disk in ask(machine, "a", "look hour -")["disks"] if disk["bytes"] == BYTES]
    answer = ask(machine, "b", f"format hour {shown['id']}")
    assert answer["folder"] == f"{PLACE}/ward-kiosk"
    options = machine.run(f"findmnt --noheadings --output OPTIONS {PLACE}").stdout
    assert {"rw", "nosuid", "nodev", "noexec"} <= set(options.strip().split(","))
    inside = f"nsenter -t {machine.main_pid('ward-kiosk')} -m runuser -u kiosk --"
    machine.run(f"{inside} touch {answer['folder']}/PK03-000001.copy")
    assert machine.run("systemctl is-enabled media-saoluu.mount").stdout == "enabled\n"
    (shown,) = [disk for disk in ask(machine, "c", "look hour -")["disks"] if disk["bytes"] == BYTES]
    assert (shown["place"], shown["parts"][0]["copies"]) == ("hour", 1)
    ask(machine, "d", f"keep hour {shown['id']}")
    assert machine.run(f"ls {PLACE}/ward-kiosk").stdout == "PK03-000001.copy\n"
