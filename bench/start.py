"""From the command to the first page beside the bare import of its libraries, and the memory after a printed visit.

Both are programs started anew, in turns, in one run, each from the bytecode that its first start left, as an installed
program is: where Python is told to leave none, compiling takes longer than all else. The visit goes through a whole
practice kiosk: a form handed in, its slip out of the virtual printer; then the memory of the main process is read.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests

from bench.submit import draft
from kiosk.app import open_context
from kiosk.config import load
from tests.browser.kiosks import ROOT, Practice, free_port, is_answering, until

TURNS = 7
LIBRARIES = "import flask, sqlite_utils; from cryptography.hazmat.primitives.ciphers.aead import AESGCM"


def surroundings(folder: Path) -> dict[str, str]:
    """The environment of both programs: bytecode is kept, in a folder of its own."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(folder)}


def seconds_to_import(env: dict[str, str]) -> float:
    """How long a program takes that only imports what every such kiosk needs."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", LIBRARIES], check=True, cwd=ROOT, env=env)
    return time.perf_counter() - begun


def seconds_to_first_page(settings: Path, env: dict[str, str]) -> float:
    """How long it takes from the command to the start page."""
    port = free_port()
    command = [sys.executable, "-m", "kiosk", "--config", str(settings), "web", "--port", str(port)]
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        until(lambda: is_answering(f"http://127.0.0.1:{port}/"), every=0.005)
        return time.perf_counter() - begun
    finally:
        process.terminate()
        process.wait()


def megabytes(pid: int, what: str) -> float:
    """A line of /proc/PID/status in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(what):
            return int(line.split()[1]) / 1024
    raise LookupError(what)


def memory(folder: Path) -> tuple[float, float]:
    """MB at rest, and after a visit whose slip has been printed."""
    kiosk = Practice(folder)
    try:
        at_rest = megabytes(kiosk.pid, "VmRSS")
        context = open_context(load(kiosk.settings).on_port(kiosk.port).practising())
        token, csrf = draft(context, 1)
        context.store.close()
        with requests.Session() as visitor:
            visitor.cookies.set("kiosk_tap", token)
            for path in ("/form/nguoi_khai", "/form/ten_be", "/form/check"):
                visitor.get(kiosk.address + path).raise_for_status()
            done = visitor.post(f"{kiosk.address}/form/submit", data={"csrf": csrf, "oath": "1"})
            assert done.url.endswith("/done"), done.url
        until(lambda: any((kiosk.data / "paper").glob("*.png")))
        time.sleep(2)  # the form goes to the gateway meanwhile
        return at_rest, megabytes(kiosk.pid, "VmRSS")
    finally:
        kiosk.stop()


def run() -> list[tuple[str, float, str]]:
    """Seven turns of each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = folder / "kiosk.toml"
        settings.write_text((ROOT / "kiosk.toml").read_text("utf-8"), "utf-8")
        env = surroundings(folder / "bytecode")
        seconds_to_import(env), seconds_to_first_page(settings, env)
        pairs = [(seconds_to_first_page(settings, env), seconds_to_import(env)) for _ in range(TURNS)]
        (folder / "visit").mkdir()
        at_rest, printed = memory(folder / "visit")
    ratios = [ours / bare for ours, bare in pairs]
    return [
        ("start to first page / import of its libraries", statistics.median(ratios), f"<= 3 {_range(ratios)}"),
        ("start to first page, s", statistics.median(ours for ours, _ in pairs), ""),
        ("memory of a practice kiosk at rest, MB", at_rest, ""),
        ("memory after a printed visit, MB", printed, "<= 110"),
    ]


def _range(found: list[float]) -> str:
    return f"(range {min(found):.2f} to {max(found):.2f})"
