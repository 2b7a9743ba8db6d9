"""A touch on "Tiếp tục" while each sync of the disk takes 20 ms: the answer of the server, p95.

The kiosk runs in a process under strace, which lets each fsync and fdatasync end 20 ms later. A touch is the post of a
form step and the page that it leads to.
"""

import logging
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from bench._figures import Figures, range_words
from bench._serving import serving
from bench.submit import make_draft
from kiosk.app import create_app
from kiosk.config import load
from kiosk.context import Context

STEP = "/form/ten_be"
TOUCHES = 60
SYNC_MS = 20
DELAY = f"inject=fsync,fdatasync:delay_exit={SYNC_MS}ms"
STRACE = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", DELAY]
READY = re.compile(r"http://\S+")


def serve(folder: Path) -> None:
    """Serve a practice kiosk until standard input ends; print its address."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    app = create_app(replace(load(), root=folder).practising())
    with serving(app) as address:
        print(address, flush=True)
        sys.stdin.read()
    app.extensions["context"].store.close()


def touch_ms(connection: HTTPConnection, cookie: str, csrf: str) -> float:
    """Send the step and read the page that it leads to; return the milliseconds."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"kiosk_tap={cookie}"}
    shown = int(time.monotonic())
    body = urlencode({"csrf": csrf, "shown": shown, "con_ho_ten": "Trần Minh Khôi", "con_gioi_tinh": "nam"})
    begun = time.perf_counter()
    connection.request("POST", STEP, body, headers)
    answer = connection.getresponse()
    content = answer.read()
    assert answer.status == 303, content[:200]
    connection.request("GET", answer.headers["Location"], headers=headers)
    page = connection.getresponse()
    content = page.read()
    assert page.status == 200, content[:200]
    return (time.perf_counter() - begun) * 1000


def run() -> Figures:
    """Measure sixty touches of sixty people."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(replace(load(), root=Path(folder)).practising())
        context: Context = app.extensions["context"]
        people = [make_draft(context, number) for number in range(TOUCHES + 1)]
        command = [*STRACE, sys.executable, "-m", "bench.slow_disk", folder]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdin is not None
            assert server.stdout is not None
            address = READY.search(server.stdout.readline())
            assert address, "strace is missing, or the kiosk did not start"
            connection = HTTPConnection(address[0].removeprefix("http://"))
            times = [touch_ms(connection, cookie, csrf) for cookie, csrf in people][1:]  # the first warms it up
            server.stdin.close()
        context.store.close()
    p95 = statistics.quantiles(times, n=20, method="inclusive")[18]
    return [
        (f"touch, {SYNC_MS} ms a sync, p95, ms", p95, f"<= 60 {range_words(times)}"),
        ("  median, ms", statistics.median(times), ""),
    ]


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
