"""The account for ssh that a disk image has: a key opens it, no password does, and it becomes root."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.config import ROOT
from tests.machine.nspawn import Machine, debian, until

pytestmark = pytest.mark.machine
SCRIPT = ROOT / "deploy" / "ward-kiosk" / "usr" / "lib" / "ward-kiosk" / "ssh-account"
PACKAGES = "systemd,systemd-sysv,dbus,openssh-server,sudo"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    return path


@pytest.fixture
def machine(tmp_path: Path, key: Path) -> Iterator[Machine]:
    made = Machine(tmp_path / "disk", debian("ssh", PACKAGES))
    subprocess.run(["sh", str(SCRIPT), str(made.folder), f"{key}.pub"], check=True)
    made.boot()
    made.run("ssh-keygen -A; systemctl restart ssh")
    yield made
    made.close()


def test_a_technician_enters_by_a_key_and_becomes_root(machine: Machine, key: Path) -> None:
    options = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "BatchMode=yes"]
    ssh = machine.network_command("ssh", *options, "-i", str(key), "kythuat@127.0.0.1")
    until(lambda: subprocess.run([*ssh, "true"], capture_output=True, check=False).returncode == 0, seconds=60)
    answer = subprocess.run([*ssh, "sudo -n id -un"], capture_output=True, text=True, check=True)
    assert answer.stdout == "root\n"
    refused = machine.network_command("ssh", *options, "-o", "PubkeyAuthentication=no", "kythuat@127.0.0.1", "true")
    assert (
        "Permission denied (publickey)" in subprocess.run(refused, capture_output=True, text=True, check=False).stderr
    )
    shadow = machine.run("cat /etc/shadow").stdout.splitlines()
    assert not [line for line in shadow if line.split(":")[1].startswith("$")]


def test_another_file_than_a_public_key_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "text"
    other.write_text("ssh-ed25519 nothing")
    answer = subprocess.run(["sh", str(SCRIPT), str(tmp_path), str(other)], capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert answer.stderr == f"{other} is no public key of ssh\n"
