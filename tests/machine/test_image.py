"""The disk of deploy/image.sh, booted by UEFI in an emulated computer: it grows, makes its key, and serves."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.config import ROOT
from tests.machine.nspawn import BUILD, Machine, newest_package, until
from tests.mounts import leave_shared_mounts

pytestmark = pytest.mark.machine
FIRMWARE = Path("/usr/share/OVMF")
PATIENCE = 2400.0  # seconds: a computer without KVM is emulated instruction by instruction
SECOND_GIGABYTES = 2
BOOT_MB = 1
ROOT_MB = 301
"""Offsets of the two partitions in the image, in MB."""
SHELL = "systemd.debug_shell=ttyS0 systemd.mask=serial-getty@ttyS0.service systemd.show_status=false"
"""Options of the kernel: a shell at the serial port, and nothing of the boot between its answers."""
ENTRY = "::/loader/entries/ward-kiosk.conf"


@pytest.fixture(scope="module")
def image() -> Path:
    """Return the disk of the newest package, built once for each package and script."""
    package = newest_package("ward-kiosk")
    script = ROOT / "deploy" / "image.sh"
    made = BUILD / f"image-{hashlib.sha256(package.read_bytes() + script.read_bytes()).hexdigest()[:12]}.img"
    if not made.exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BUILD) as folder:
            key = Path(folder) / "key"
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
            env = os.environ | {"IMAGE_SSH_KEY": f"{key}.pub", "TMPDIR": folder}
            part = Path(folder) / made.name
            subprocess.run(["sh", str(script), str(package), str(part)], env=env, check=True)
            part.rename(made)
    return made


def _accelerator() -> str:
    """Return KVM where the processor offers it; a virtual machine may have /dev/kvm without it."""
    has_kvm = re.search(r"^flags\b.* (vmx|svm)\b", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return "kvm" if has_kvm and os.access("/dev/kvm", os.W_OK) else "tcg,thread=multi"


class Computer:
    """An emulated computer with a serial console."""

    def __init__(self, disk: Path, folder: Path) -> None:
        variables = Path(shutil.copy(FIRMWARE / "OVMF_VARS_4M.fd", folder))
        command = ["qemu-system-x86_64", "-machine", "q35", "-accel", _accelerator(), "-smp", "2",
                   "-m", "2048", "-nic", "none", "-display", "none", "-monitor", "none", "-serial", "stdio",
                   "-drive", f"if=pflash,format=raw,readonly=on,file={FIRMWARE / 'OVMF_CODE_4M.fd'}",
                   "-drive", f"if=pflash,format=raw,file={variables}",
                   "-drive", f"if=virtio,format=raw,file={disk}"]  # fmt: skip
        self._log = folder / "console"
        with self._log.open("wb") as log:
            self._qemu = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)
        self._read = 0

    def wait_for(self, pattern: str) -> str:
        """Wait for a text after the last one that was found; return what was printed up to its end."""
        deadline = time.monotonic() + PATIENCE
        while True:
            printed = self._log.read_text("utf-8", "replace")[self._read :]
            if found := re.search(pattern, printed):
                self._read += found.end()
                return printed[: found.end()]
            assert self._qemu.poll() is None, printed[-3000:]
            assert time.monotonic() < deadline, printed[-3000:]
            time.sleep(0.5)

    def type(self, line: str) -> None:
        assert self._qemu.stdin is not None
        self._qemu.stdin.write(line.encode() + b"\r")
        self._qemu.stdin.flush()

    def run(self, command: str) -> str:
        """Run a command at the console; return what it prints. What is typed early is echoed twice."""
        self.type(f"{command}; echo end-of-'it'")
        printed = self.wait_for(r"end-of-it\r?\n")
        return printed.rpartition("end-of-'it'")[2].rpartition("end-of-it")[0].strip()

    def sign_in(self) -> None:
        """Wait for the shell that the kernel's command line asks for: no account of the image has a password."""
        self.wait_for("# ")
        self.type("dmesg --console-level 1; stty cols 400; export TERM=dumb")

    def close(self) -> None:
        self._qemu.kill()
        self._qemu.communicate()


@pytest.fixture
def computer(image: Path, tmp_path: Path) -> Iterator[Computer]:
    """Return a computer whose disk is larger than the image, with a console at the serial port."""
    disk = tmp_path / "disk.img"
    subprocess.run(["cp", "--sparse=always", str(image), str(disk)], check=True)
    subprocess.run(["truncate", f"--size=+{SECOND_GIGABYTES}G", str(disk)], check=True)
    entry = tmp_path / "entry"
    boot = f"{disk}@@{BOOT_MB}M"
    subprocess.run(["mcopy", "-i", boot, ENTRY, str(entry)], check=True)
    entry.write_text(
        re.sub(
            r"^(options .*) quiet$",
            rf"\1 quiet console=ttyS0 {SHELL} systemd.default_device_timeout_sec=900",
            entry.read_text(),
            flags=re.MULTILINE,
        )
    )
    subprocess.run(["mcopy", "-o", "-i", boot, str(entry), ENTRY], check=True)
    started = Computer(disk, tmp_path)
    yield started
    started.close()


@pytest.fixture
def machine(image: Path, tmp_path: Path) -> Iterator[Machine]:
    """Return a machine with the root file system of the image."""
    leave_shared_mounts()
    mounted = tmp_path / "mounted"
    mounted.mkdir()
    subprocess.run(["mount", "-o", f"ro,loop,offset={ROOT_MB << 20}", str(image), str(mounted)], check=True)
    try:
        made = Machine(tmp_path / "disk", mounted)
    finally:
        subprocess.run(["umount", str(mounted)], check=True)
    yield made
    made.close()


def test_a_copy_of_the_image_makes_its_own_keys_and_serves(machine: Machine) -> None:
    data = machine.folder / "var" / "lib" / "ward-kiosk"
    assert sorted(path.name for path in data.iterdir()) == ["first-start", "setup-open"]
    assert list((machine.folder / "etc" / "ssh").glob("ssh_host_*")) == []
    shadow = (machine.folder / "etc" / "shadow").read_text("utf-8").splitlines()
    assert not [line for line in shadow if line.split(":")[1].startswith("$")], "an account of the image has a password"
    machine.boot()
    until(lambda: machine.page() == 200)
    assert machine.run("stat -c '%U %a' /var/lib/ward-kiosk/kiosk.key").stdout == "kiosk 600\n"
    until(lambda: all(machine.is_active(unit) for unit in ("ward-kiosk-worker", "ward-kiosk-update.timer", "ssh")))


def test_the_image_boots_grows_and_serves_with_a_key_of_its_own(image: Path, computer: Computer) -> None:
    computer.sign_in()
    ask = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:8000/', timeout=60).status)"
    assert computer.run(f'until python3 -c "{ask}"; do sleep 5; done 2>/dev/null') == "200"
    assert computer.run("stat -c '%U %a' /var/lib/ward-kiosk/kiosk.key") == "kiosk 600"
    assert "ward-kiosk" not in computer.run("systemctl list-units --failed --no-legend --plain")
    size = int(computer.run("df --output=size --block-size=1M / | tail -n 1"))
    assert size > image.stat().st_size / (1 << 20), "the root file system grows to the disk"
    assert computer.run("mountpoint -q /boot/efi; echo $?") == "0"
    assert computer.run("ls /root/*.deb 2>/dev/null") == ""
