"""Memory and handles of a kiosk after a day of a ward, and how they grew since the day before.

Pages, worker and copies run in this process, as in `kiosk run`; the requests come from a process of their own. An
"hour" has 40 Submits that the desk accepts, the pages of desk, board and technician, a copy, minute copies and a
clean-up. The day before fills caches and threads, but not SQLite's page caches: 2 MB for each of a dozen connections,
full when the store has outgrown them. Nothing else grew in 13 such hours (page caches from 10 to 25 MB, Python's blocks
at 562,000), so the figure of growth leaves them out, and the next one shows them beside what they can be.
"""

import ctypes
import gc
import logging
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from bench._figures import Figures
from bench._serving import serving
from bench.archived import open_kiosk
from bench.submit import EACH, Post, submits, timed
from kiosk.acts import deciding
from kiosk.acts.deciding import AcceptanceInput
from kiosk.backup import create
from kiosk.backup.minute_copies import MinuteCopies
from kiosk.config.sections import BackupSettings, PortalSettings
from kiosk.context import Context
from kiosk.dossiers.decision_filing import CaseRequest
from kiosk.records import decisions, submissions
from kiosk.store.db import checkpoint
from kiosk.worker import open_worker

FIRST_HOURS = 10
HOURS = 10
"""A ward's day: 400 forms."""
CLIENTS = 8
POLLS = 40
"""Requests of each page of the staff in an hour, with the Submits: as many as sessions make in a minute."""
MINUTES = 5
"""Minute copies in an hour: each is of many minutes' changes."""
STEPS = 500
CONNECTIONS = 16
"""Server threads, worker, copies, this thread."""
CACHE_MB = 2.1
"""SQLite's default: 2,000 KiB a connection, and a little for statements."""


@dataclass(frozen=True)
class _Usage:
    """Memory and open handles of the process; SQLite's memory is nearly all page caches, and part of the whole."""

    memory_mb: float
    sqlite_mb: float
    handles: int

    @classmethod
    def now(cls) -> "_Usage":
        """Return the usage at this moment."""
        return cls(memory_mb=_memory_mb(), sqlite_mb=_sqlite_mb(), handles=_handles())


def run() -> Figures:
    """Run a day and then another one; measure after each."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(1, get_context("spawn")) as client,
        open_kiosk(Path(folder)) as kiosk,
        serving(kiosk.app) as address,
    ):
        for name in ("copies", "second"):
            (Path(folder) / name).mkdir()
        backup = BackupSettings(path=f"{folder}/copies", second=f"{folder}/second", copies=3, days=0, weeks=0)
        context = replace(
            kiosk.context,
            config=replace(kiosk.context.config, backup=backup, printers=(), portal=PortalSettings()),
        )
        worker = open_worker(context)
        kiosk.context.config = context.config
        copies = MinuteCopies(context)
        pages = [
            Post(path="/", body="", cookie="", leads_to=""),
            Post(path="/officer/", body="", cookie=f"kiosk_officer={kiosk.officer}", leads_to=""),
            Post(path="/technician/", body="", cookie=f"kiosk_technician={kiosk.technician}", leads_to=""),
            Post(path="/display/now", body="", cookie="", leads_to=""),
        ]
        for hour in range(FIRST_HOURS + HOURS):
            posts = submits(context, hour)
            client.submit(timed, address, posts, CLIENTS).result()
            _accept_all(context)
            client.submit(timed, address, pages * POLLS, CLIENTS).result()
            for _ in range(STEPS):
                if not worker.step():
                    break
            for _ in range(MINUTES):
                copies.create()
            create.create(context)
            checkpoint(context.store)
            if hour == FIRST_HOURS - 1:
                first = _Usage.now()
        last = _Usage.now()
        worker.close()
    return [
        (
            "memory without page caches after a day, growth in MB",
            last.memory_mb - last.sqlite_mb - first.memory_mb + first.sqlite_mb,
            f"<= 10 of {HOURS * EACH} forms and {HOURS * POLLS * 4} pages",
        ),
        ("SQLite's page caches, MB", last.sqlite_mb, f"<= {CONNECTIONS * CACHE_MB}"),
        ("handles after a day, growth", float(last.handles - first.handles), "<= 0"),
        ("  memory, MB", last.memory_mb, ""),
        ("  growth with page caches, MB", last.memory_mb - first.memory_mb, ""),
        ("  handles", float(last.handles), ""),
    ]


def _accept_all(context: Context) -> None:
    """Accept what was submitted, so that the lists of the desk stay as long as those of a ward."""
    with context.store.read() as db:
        waiting = [each for each in submissions.of_day(db, context.clock.today()) if each.desk == "waiting"]
        requests = [CaseRequest(each.id, decisions.last_seq(db, each.receipt_no), "CB01") for each in waiting]
    for request, submission in zip(requests, waiting, strict=True):
        official_no = f"H57.99.01-261124-{submission.receipt_no[12:16]}"
        deciding.accept(context, request, AcceptanceInput(term=0, official_no=official_no))


def _memory_mb() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _sqlite_mb() -> float:
    maps = Path("/proc/self/maps").read_text("utf-8").splitlines()
    library = ctypes.CDLL(next(line.split()[-1] for line in maps if "libsqlite3.so" in line))
    library.sqlite3_memory_used.restype = ctypes.c_int64
    return int(library.sqlite3_memory_used()) / 1e6


def _handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
