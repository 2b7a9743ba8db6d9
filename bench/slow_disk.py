"""How many syncs a touch on "Tiếp tục" waits for, on a disk whose syncs take 20 ms longer.

Two kiosks serve one store, in turns: one of them under strace, which lets each fsync and fdatasync end 20 ms later. A
touch is the post of a form step and the page that it leads to. The difference of the two, divided by the 20 ms, is the
number of syncs in which a person waits, whatever else the machine does. A touch of 60 ms is felt as immediate; the work
of the processor takes 10 to 20 of them, so two syncs are the most.
"""

import logging
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from bench._figures import Figures, p95, range_words
from bench._serving import serving
from bench.submit import make_draft
from kiosk.config import load
from kiosk.context import Context
from kiosk.web.app import create_app

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


@contextmanager
def touches(folder: Path, tracer: list[str]) -> Iterator[Iterator[float]]:
    """Serve a kiosk in a folder of its own, under a tracer or not; yield the milliseconds of each next touch."""
    app = create_app(replace(load(), root=folder).practising())
    context: Context = app.extensions["context"]
    people = [make_draft(context, number) for number in range(TOUCHES + 1)]
    command = [*tracer, sys.executable, "-m", "bench.slow_disk", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        address = READY.search(server.stdout.readline())
        assert address, "strace is missing, or the kiosk did not start"
        connection = HTTPConnection(address[0].removeprefix("http://"))
        yield (touch_ms(connection, cookie, csrf) for cookie, csrf in people)
        server.stdin.close()
    context.store.close()


def run() -> Figures:
    """Measure sixty touches of sixty people at each kiosk."""
    with (
        tempfile.TemporaryDirectory() as folder,
        touches(Path(folder) / "slow", STRACE) as slow_touches,
        touches(Path(folder) / "plain", []) as plain_touches,
    ):
        pairs = list(zip(slow_touches, plain_touches, strict=True))[1:]  # the first warms both up
    slow = [slow_ms for slow_ms, _ in pairs]
    plain = [plain_ms for _, plain_ms in pairs]
    syncs = [(slow_ms - plain_ms) / SYNC_MS for slow_ms, plain_ms in pairs]
    return [
        ("syncs that a touch waits for, p95", (p95(slow) - p95(plain)) / SYNC_MS, f"<= 2 {range_words(syncs)}"),
        ("  median", statistics.median(syncs), ""),
        (f"  a touch with {SYNC_MS} ms more a sync, p95, ms", p95(slow), ""),
        ("  without, p95, ms", p95(plain), ""),
    ]


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
