"""A ward's machine with real releases of this program, started again and again as its unit does."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
import urllib.request
from pathlib import Path
from threading import Event, Thread

from kiosk.config import ROOT, Config, load
from kiosk.updates import archive, status
from kiosk.updates.programs import Programs
from tests.ports import free_port
from tests.updates.province import Province

FIRST = "1.0.0"
PATIENCE = 240.0  # seconds: only a hang takes so long
SCRIPT = ROOT / "deploy/ward-kiosk/usr/lib/ward-kiosk/before-start"
PARTS = ("kiosk", "sync", "printers", "templates", "static")


def make_release(folder: Path, version: str) -> Path:
    """Copy this program as a release, with an environment that leads to the locked packages."""
    folder.mkdir(parents=True)
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "RELEASE").write_text(f'version = "{version}"\ncommit = "{version.replace(".", "")}"\n')
    packages = folder / ".venv/lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    packages.mkdir(parents=True)
    (packages / "locked.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return folder


def grow_schema(release: Path, sql: str = "create table of_the_next_release (a text) strict;") -> None:
    """Give a release a migration step of its own."""
    schema = release / "kiosk/store/schema"
    (schema / "next_release.py").write_text(f'"""A step."""\n\nSQL = """\n{sql}\n"""\n')
    with (schema / "__init__.py").open("a", encoding="utf-8") as file:
        file.write("\nfrom kiosk.store.schema import next_release\n\n_add(next_release)\n")


def break_start(release: Path) -> None:
    """Let the server of a release fail after its store was grown."""
    path = release / "kiosk/cli/run.py"
    begin = "def _serve(app: Flask, config: Config) -> None:\n"
    text = path.read_text("utf-8")
    assert begin in text
    path.write_text(text.replace(begin, f"{begin}    raise SystemExit(3)\n"), "utf-8")


class WardMachine:
    """Programs, settings and a store; `start` runs the server as systemd does."""

    def __init__(self, folder: Path, province: Province) -> None:
        folder.mkdir()
        self.port = free_port()
        (folder / "kiosk.toml").write_text(
            f'[kiosk]\nid = "PK03"\n[web]\nport = {self.port}\n[portal]\nkind = "none"\n[updates]\nprograms = "opt"\n'
            f'source = "{province.place}"\nhours = []\nswitch = "00:00-23:59"\n'
        )
        (folder / "release-root.json").write_bytes(province.repository.root_file().read_bytes())
        self.config: Config = load(folder / "kiosk.toml")
        self.programs = Programs(folder / "opt")
        tree = make_release(folder / "first", FIRST)
        packed = folder / "first.tar.gz"
        archive.pack(tree, packed)
        self.programs.install(packed, FIRST)
        self.programs.switch(FIRST)
        self.starts = 0
        self._stop = Event()
        self._server: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._supervise, daemon=True)

    def kiosk(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the present release, in a process of its own."""
        command = self._command(*arguments)
        return subprocess.run(command, cwd=self._present, env=self._env, capture_output=True, text=True, check=False)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._server is not None:
            self._server.terminate()
        self._thread.join(60)

    def wait_for(self, version: str, state: str, starts: int) -> float:
        """Wait until the server of this start answers and the updates are in a state; return the seconds."""
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            found = status.read(self.config.updates_folder)
            is_there = found.state == state and self.programs.current() == version
            if is_there and self.starts == starts and self._answers():
                return time.monotonic() - began
            time.sleep(0.05)
        raise AssertionError((self.programs.current(), status.read(self.config.updates_folder), self.starts))

    def log(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.config.log_path.read_text().splitlines()]

    @property
    def _present(self) -> Path:
        return (self.programs.folder / "current").resolve()

    @property
    def _env(self) -> dict[str, str]:
        left_out = ("PYTHONPATH", "VIRTUAL_ENV")
        kept = {name: value for name, value in os.environ.items() if name not in left_out}
        return kept | {"KIOSK_CONFIG": str(self.config.root / "kiosk.toml"), "INVOCATION_ID": "test"}

    def _command(self, *arguments: str) -> list[str]:
        return [str(self._present / ".venv/bin/python"), "-m", "kiosk", *arguments]

    def _supervise(self) -> None:
        while not self._stop.is_set():
            folders = [str(self.programs.folder), str(self.config.updates_folder)]
            subprocess.run([str(SCRIPT), *folders], check=True)
            self.starts += 1
            self._server = subprocess.Popen(self._command("run"), cwd=self._present, env=self._env)
            self._server.wait()
            self._stop.wait(0.2)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/alive", timeout=5) as answer:
                return bool(json.load(answer)["alive"])
        except OSError:
            return False
