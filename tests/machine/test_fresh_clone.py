"""`make run` and `make test` in a clone on a Debian with git, make and python3 alone; root installs what they need.

The network is that of this computer: packages come from Debian and PyPI.
"""

import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.config import ROOT
from tests.machine.control_groups import ControlGroups
from tests.machine.nspawn import ENV, debian, nspawn, until
from tests.ports import free_port

pytestmark = pytest.mark.machine
CLONE = "/srv/kiosk"
OWN_NETWORK = ("/etc/pip.conf", "/etc/resolv.conf", "/etc/ssl/certs/ca-certificates.crt")
OWN_SETTINGS = ("PIP_CERT", "PIP_INDEX_URL")
"""How this computer reaches PyPI: files and variables."""
AS_NOBODY = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups")


@pytest.fixture(params=["trixie", "bookworm"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """Return the disk of a Debian with a clone that belongs to nobody."""
    folder = tmp_path / "disk"
    base = debian("bare", "make,git,python3,ca-certificates,util-linux", request.param)
    subprocess.run(["cp", "-a", "--reflink=auto", str(base), str(folder)], check=True)
    subprocess.run(["git", "clone", "--quiet", str(ROOT), f"{folder}{CLONE}"], check=True)
    subprocess.run(["chroot", str(folder), "chown", "-R", "nobody", CLONE], check=True)
    (folder / "etc" / "hosts").write_text("127.0.0.1 localhost\n::1 localhost\n", "ascii")  # an installer writes it
    for name in OWN_NETWORK:
        if Path(name).exists():
            (folder / name[1:]).unlink(missing_ok=True)
            shutil.copy(name, folder / name[1:])
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def clone(disk: Path) -> Iterator[list[str]]:
    """Return the begin of a command that runs in the clone, with the network of this computer."""
    groups = ControlGroups()
    own = [f"--setenv={variable}={os.environ[variable]}" for variable in OWN_SETTINGS if variable in os.environ]
    yield nspawn(disk, groups, "--pipe", f"--chdir={CLONE}", *own)
    groups.remove()


def test_without_root_it_asks_in_one_sentence(disk: Path, clone: list[str]) -> None:
    command = [*clone, *AS_NOBODY, "make", "run"]
    answer = subprocess.run(command, capture_output=True, text=True, env=ENV, check=False)
    assert answer.returncode != 0
    sentences = [line for line in answer.stdout.splitlines() if line]
    assert sentences == ["Missing Debian packages: python3-venv. Install them as root: apt install python3-venv"]
    assert "Traceback" not in answer.stderr
    assert not (disk / CLONE[1:] / ".venv").exists()


def test_as_root_it_installs_what_it_needs_and_serves(disk: Path, clone: list[str]) -> None:
    subprocess.run(["chroot", str(disk), "chown", "-R", "root", CLONE], check=True)
    port = free_port(4)
    log = disk.parent / "log"
    with log.open("wb") as output:
        command = [*clone, "make", "run", f"PORT={port}"]
        process = subprocess.Popen(command, stdout=output, stderr=output, env=ENV)

    def is_served() -> bool:
        assert process.poll() is None, log.read_text("utf-8", "replace")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    try:
        until(is_served)
    finally:
        process.terminate()
        process.wait(120)
    assert "Missing Debian packages" not in log.read_text("utf-8", "replace")


@pytest.mark.timeout(7200)
def test_as_root_all_tests_are_green_by_one_command(disk: Path, clone: list[str]) -> None:
    subprocess.run(["chroot", str(disk), "chown", "-R", "root", CLONE], check=True)
    log = disk.parent / "log"
    with log.open("wb") as output:
        ended = subprocess.run([*clone, "make", "test"], stdout=output, stderr=output, env=ENV, check=False)
    said = log.read_text("utf-8", "replace")
    assert ended.returncode == 0, said[-20_000:]
    assert "Missing Debian packages" not in said
