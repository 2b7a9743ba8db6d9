"""CUPS and `ippeveprinter` as the system installs them: an IPP printer and a print server that others wrote.

`ippeveprinter` announces itself by Avahi, which it calls by the message bus of the system. Without a bus it ends;
without Avahi on the bus it announces nothing and prints. So it has a bus of its own without Avahi, and no name that
another run could have.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.ports import free_port

PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
PROGRAMS = ("ippeveprinter", "cupsd", "lpadmin", "dbus-daemon")
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


def is_open(port: int) -> bool:
    """Return whether somebody listens at a port."""
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0


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
        """Kill the program and all that it has started: a backend of CUPS would run on."""
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(self._process.pid)
            process.suspend()  # so that it starts no other one meanwhile
            for started in (*process.children(recursive=True), process):
                with suppress(psutil.NoSuchProcess):
                    started.kill()
        self._process.wait(60)

    def wait_for(self, *, ready: Path | None = None, port: int = 0) -> None:
        """Wait until a file is there, or a port is open."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            if ready is not None and ready.exists():
                return
            if port and is_open(port):
                return
            time.sleep(0.05)
        raise AssertionError(f"{self._args[0]} did not start: {self._log.read_text(errors='replace')}")


@contextmanager
def message_bus(folder: Path) -> Iterator[dict[str, str]]:
    """Run a message bus; yield the environment of programs that call it."""
    (folder / "bus.conf").write_text(BUS.format(folder=folder))
    bus = Service(["dbus-daemon", f"--config-file={folder}/bus.conf", "--nofork", "--nopidfile"], folder / "bus.log")
    try:
        bus.wait_for(ready=folder / "bus")
        yield {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder}/bus"}
    finally:
        bus.stop()


def processes_of(folder: Path) -> list[str]:
    """Return the command lines of processes that have a folder in their command or environment."""
    left = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            words = [*process.cmdline(), *process.environ().values()]
            if any(str(folder) in word for word in words):
                left.append(" ".join(process.cmdline()))
    return left


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
