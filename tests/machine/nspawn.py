"""A Debian machine in systemd-nspawn: booted by its own systemd, with its own users, network and process numbers.

Kernel, graphics card and USB are those of the computer that runs it; everything above is the machine's own.
"""

import hashlib
import os
import pty
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kiosk.config import ROOT
from tests.machine.control_groups import ControlGroups

BUILD = ROOT / "build" / "machine"
SUITE = os.environ.get("MACHINE_SUITE", "trixie")
PACKAGES = "systemd,systemd-sysv,dbus,python3,libfribidi0,udev,kbd,e2fsprogs,mount,libstdc++6"
SCREEN_PACKAGES = "cage,sway,chromium,libpam-systemd,fonts-noto-core,grim,wlr-randr"
PROVINCE_PACKAGES = f"{PACKAGES},postgresql,nginx,openssl"
PATIENCE = 600.0  # seconds: only a hang takes so long
ENV = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive"}
OPEN_CONTEXT = """
from pathlib import Path
from kiosk.startup.context_factory import open_context
from kiosk.config import load
context = open_context(load(Path("/etc/ward-kiosk/kiosk.toml")))
"""


def nspawn(folder: Path, groups: ControlGroups, *options: str) -> list[str]:
    """Return the begin of a command that starts a machine with this disk, beside others."""
    return [*groups.enter, "systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--settings=no",
            "--resolv-conf=off", "-D", str(folder), "-M", groups.name, *options]  # fmt: skip


def debian(name: str, packages: str, suite: str = SUITE) -> Path:
    """Return a clean Debian with some packages, made once and kept in build/machine."""
    root = BUILD / f"{suite}-{name}-{hashlib.sha256(packages.encode()).hexdigest()[:8]}"
    if not root.exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BUILD) as folder:
            making = Path(folder) / root.name
            include = f"--include={packages}"
            subprocess.run(["mmdebstrap", "--quiet", "--variant=minbase", include, suite, str(making)], check=True)
            with suppress(OSError):  # another run has made it meanwhile
                making.rename(root)
    return root


def newest_package(name: str) -> Path:
    """Return the newest package of a name that `make deb` has built."""
    found = list((ROOT / "build").glob(f"{name}_*.deb"))
    assert found, "make deb"
    return max(found, key=lambda path: path.stat().st_mtime)


def next_release(package: Path, folder: Path, version: str) -> Path:
    """Return the same package as a release of another version, built as `make deb` packs it."""
    name = package.name.partition("_")[0]
    tree = folder / "tree"
    subprocess.run(["dpkg-deb", "-R", str(package), str(tree)], check=True)
    releases = tree / "opt" / name / "releases"
    old = next(releases.iterdir()).name
    (releases / old).rename(releases / version)
    for script in (tree / "DEBIAN" / "control", tree / "DEBIAN" / "postinst", releases / version / "RELEASE"):
        script.write_text(script.read_text("utf-8").replace(old, version), "utf-8")
    (tree / "DEBIAN" / "md5sums").unlink()
    made = folder / f"{name}_{version}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", str(tree), str(made)], check=True)
    shutil.rmtree(tree)
    return made


def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until a condition is true.

    Raises:
        TimeoutError: it is still false after some seconds.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(condition)
        time.sleep(0.05)


class Machine:
    """A machine with a disk of its own; `folder` is that disk."""

    def __init__(self, folder: Path, base: Path) -> None:
        """Copy a Debian as the disk of a machine that is off."""
        self.folder = folder
        self._boot: subprocess.Popen[bytes] | None = None
        self._reader: subprocess.Popen[bytes] | None = None
        self._console = -1
        self._init = 0
        self._groups: ControlGroups | None = None
        subprocess.run(["cp", "-a", "--reflink=auto", str(base.resolve()), str(folder)], check=True)

    def boot(self) -> None:
        """Switch on; return when systemd runs."""
        self._groups = ControlGroups()
        command = nspawn(self.folder, self._groups, "--private-network", "-b", "--console=interactive")
        # The console is a terminal, which nspawn asks for.
        self._console, terminal = pty.openpty()
        env = os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"}
        self._boot = subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, env=env)
        os.close(terminal)
        # Read to nowhere, so that a boot never waits for its console.
        self._reader = subprocess.Popen(
            ["cat"], stdin=self._console, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until(self._find_init)
        until(self._is_running)

    def _find_init(self) -> bool:
        assert self._boot is not None
        assert self._boot.poll() is None, "nspawn ended: is this run as root?"
        pids = [self._boot.pid]
        for pid in pids:  # grows while it is read
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            pids += [int(child) for child in children]
            if pid != self._boot.pid and Path(f"/proc/{pid}/comm").read_text() == "systemd\n":
                self._init = pid
                return True
        return False

    def _is_running(self) -> bool:
        """Return whether systemd has started its units; until it answers, systemctl fails as with a failed unit."""
        return self.run("systemctl is-system-running --wait", check=False).stdout.strip() in ("running", "degraded")

    def run(self, command: str, *, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a shell command as root on the running machine; `check`: it must succeed."""
        entered = ["nsenter", "-t", str(self._init), "-m", "-u", "-i", "-n", "-p", "-C", "sh", "-c", command]
        answer = subprocess.run(entered, capture_output=True, text=True, env=ENV, check=False, cwd="/")
        assert not check or answer.returncode == 0, f"{command}\n{answer.stdout}\n{answer.stderr}"
        return answer

    def run_off(self, command: str) -> str:
        """Run a shell command as root on the disk of a machine that is off, as the build of an image does."""
        changed = ["chroot", str(self.folder), "sh", "-c", command]
        answer = subprocess.run(changed, capture_output=True, text=True, env=ENV, check=False)
        assert answer.returncode == 0, f"{command}\n{answer.stdout}\n{answer.stderr}"
        return answer.stdout

    def run_script(self, script: str, *arguments: str) -> str:
        """Run Python code with the kiosk's packages and `context`, as its user; return what it prints."""
        self.put("/srv/script.py", f"{OPEN_CONTEXT}\n{script}")
        python = "/opt/ward-kiosk/current/.venv/bin/python -P /srv/script.py"
        return self.run(f"cd / && runuser -u kiosk -- {python} {' '.join(arguments)}").stdout

    def put(self, path: str, text: str) -> None:
        """Write a file on the disk, of root and readable by all."""
        target = self.folder / path.removeprefix("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
        target.chmod(0o644)

    def network_command(self, *command: str) -> list[str]:
        """Return a command that runs here, but in the network of the machine."""
        return ["nsenter", "-t", str(self._init), "-n", *command]

    def cut_power(self) -> None:
        """Kill every process at once."""
        assert self._boot is not None
        assert self._reader is not None
        assert self._groups is not None
        os.kill(self._init or self._boot.pid, signal.SIGKILL)  # without init the boot has failed
        self._boot.wait(PATIENCE)
        self._groups.remove()
        self._reader.kill()
        self._reader.wait()
        os.close(self._console)
        self._boot = None

    def close(self) -> None:
        """Switch off and delete the disk."""
        if self._boot is not None:
            self.cut_power()
        shutil.rmtree(self.folder, ignore_errors=True)

    def is_active(self, unit: str) -> bool:
        """Return whether a unit runs."""
        return self.run(f"systemctl is-active {unit}", check=False).stdout.strip() == "active"

    def page(self, path: str = "/") -> int:
        """Return the HTTP status of a page of the kiosk; 0 when it does not answer."""
        ask = f"import urllib.request as r; print(r.urlopen('http://127.0.0.1:8000{path}', timeout=5).status)"
        answer = self.run(f'python3 -c "{ask}"', check=False)
        return int(answer.stdout) if answer.returncode == 0 else 0

    def main_pid(self, unit: str) -> str:
        """Return the process number of a unit."""
        return self.run(f"systemctl show -p MainPID --value {unit}").stdout.strip()
