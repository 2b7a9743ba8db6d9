"""CUPS and `ippeveprinter` as the system installs them: an IPP printer and a print server that others wrote.

`ippeveprinter` announces itself by Avahi and ends without it. So there is a message bus and an Avahi of its own, where
the machine runs none.
"""

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.ports import free_port

PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
PROGRAMS = ("ippeveprinter", "cupsd", "lpadmin", "dbus-daemon", "avahi-daemon")
LOCK = Path(tempfile.gettempdir()) / "avahi-of-printer-tests.lock"
SYSTEM_AVAHI = "/run/avahi-daemon/socket"
START_SECONDS = 20
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/><allow user="*"/>
  </policy>
</busconfig>
"""
AVAHI = "[server]\nhost-name=printer-test\nuse-ipv6=no\nallow-interfaces=lo\n[publish]\n"
CUPSD = """Listen 127.0.0.1:{port}
PreserveJobFiles No
DefaultAuthType None
WebInterface No
Browsing No
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
CUPS_FILES = """{user}SystemGroup root
ServerRoot {folder}/etc
RequestRoot {folder}/spool
TempDir {folder}/spool/tmp
CacheDir {folder}/cache
StateDir {folder}/state
ErrorLog {folder}/error_log
AccessLog {folder}/access_log
PageLog {folder}/page_log
"""


def missing_programs() -> list[str]:
    """Return the programs that this machine lacks, or the right that they need."""
    missing = [program for program in PROGRAMS if shutil.which(program, path=PATH) is None]
    return missing + (["root"] if os.geteuid() != 0 else [])


def is_open(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    """Return whether somebody listens at an address."""
    with socket.socket(family) as trying:
        return trying.connect_ex(address) == 0


class Service:
    """A program that runs until it is stopped; its output goes to a file."""

    def __init__(self, args: list[str], log: Path, env: dict[str, str] | None = None) -> None:
        self._args = [shutil.which(args[0], path=PATH) or args[0], *args[1:]]
        self._log = log
        self._env = {**os.environ, **(env or {})}
        self.start()

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._args, stdout=log, stderr=log, env=self._env)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait(60)

    def wait_for(self, *, ready: Path | None = None, text: str = "", port: int = 0) -> None:
        """Wait until a file is there, a text is in the output, or a port is open."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            if ready is not None and ready.exists():
                return
            if port and is_open(socket.AF_INET, ("127.0.0.1", port)):
                return
            if text and text in self._log.read_text(errors="replace"):
                return
            time.sleep(0.05)
        raise AssertionError(f"{self._args[0]} did not start: {self._log.read_text(errors='replace')}")


@contextmanager
def announcing(folder: Path) -> Iterator[dict[str, str]]:
    """Run Avahi, where the machine has none; yield the environment of programs that need it.

    Avahi runs once on a machine: processes that test at the same time wait for each other.
    """
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _announcing_alone(folder) as env:
            yield env


@contextmanager
def _announcing_alone(folder: Path) -> Iterator[dict[str, str]]:
    if is_open(socket.AF_UNIX, SYSTEM_AVAHI):
        yield {}
        return
    (folder / "bus.conf").write_text(BUS.format(folder=folder))
    (folder / "avahi.conf").write_text(AVAHI)
    env = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder}/bus"}
    with ExitStack() as stack:
        bus_args = ["dbus-daemon", f"--config-file={folder}/bus.conf", "--nofork", "--nopidfile"]
        bus = Service(bus_args, folder / "bus.log")
        stack.callback(bus.stop)
        bus.wait_for(ready=folder / "bus")
        rights = ["--no-drop-root", "--no-chroot", "--no-rlimits"]
        avahi = Service(["avahi-daemon", *rights, "-f", f"{folder}/avahi.conf"], folder / "avahi.log", env)
        stack.callback(avahi.stop)
        avahi.wait_for(text="Server startup complete")
        yield env


class OtherPrinter:
    """`ippeveprinter`: its address, and the folder of the documents that it printed."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.papers = folder / "papers"
        self.papers.mkdir()
        self._printed = folder / "printed"
        self._mechanism = folder / "mechanism"  # without one it sleeps 5 to 15 seconds a job
        self.set_broken(is_broken=False)
        self.port = free_port()
        self.address = f"ipp://127.0.0.1:{self.port}/ipp/print"
        options = ["-r", "off", "-k", "-f", "application/pdf", "-M", "Thu", "-m", "A4"]
        place = ["-p", str(self.port), "-d", str(self.papers), "-c", str(self._mechanism)]
        self.service = Service(["ippeveprinter", *options, *place, "May thu"], folder / "printer.log", env)
        self.service.wait_for(port=self.port)

    def set_broken(self, *, is_broken: bool) -> None:
        """Let every print fail, or succeed."""
        self._mechanism.write_text(f"#!/bin/sh\necho a document >>{self._printed}\nexit {int(is_broken)}\n")
        self._mechanism.chmod(0o755)

    def count_printed(self) -> int:
        """Return how many documents its mechanism began to print."""
        return self._printed.read_text().count("\n") if self._printed.exists() else 0

    def documents(self) -> list[Path]:
        """Return the documents that it got, oldest first."""
        return sorted(self.papers.glob("*.pdf"), key=lambda file: file.stat().st_mtime_ns)


class PrintServer:
    """`cupsd` with one queue, quay1, which leads to a printer."""

    def __init__(self, folder: Path, target: str) -> None:
        for name in ("etc", "spool/tmp", "cache", "state"):
            (folder / name).mkdir(parents=True)
        self.port = free_port()
        self.server = f"127.0.0.1:{self.port}"
        (folder / "cupsd.conf").write_text(CUPSD.format(port=self.port))
        (folder / "cups-files.conf").write_text(CUPS_FILES.format(folder=folder, user="User lp\nGroup lp\n"))
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        args = ["cupsd", "-f", "-c", f"{folder}/cupsd.conf", "-s", f"{folder}/cups-files.conf"]
        self.service = Service(args, folder / "cupsd.log")
        self.run("lpadmin", "-p", "quay1", "-E", "-v", target, "-m", "raw")

    def run(self, program: str, *args: str) -> None:
        """Run a command of CUPS on this server; it answers a moment after it was started."""
        until = time.monotonic() + START_SECONDS
        command = [shutil.which(program, path=PATH) or program, "-h", self.server, *args]
        while (result := subprocess.run(command, capture_output=True, text=True, check=False)).returncode:
            if time.monotonic() > until:
                raise AssertionError(result.stderr)
            time.sleep(0.1)
