"""Memory and handles of a kiosk after a day of a ward, and how they grew since its first hours.

Pages, worker and copies run in this process, as in `kiosk run`; the requests come from a process of their own. An
"hour" has 40 Submits, the pages of desk, board and technician, a copy, minute copies and a clean-up. The day
before fills caches and threads.
"""

import gc
import logging
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from bench._figures import Figures
from bench._serving import serving
from bench.archived import open_kiosk
from bench.submit import EACH, Post, submits, timed
from kiosk.backup import create
from kiosk.backup.minute_copies import MinuteCopies
from kiosk.config.sections import BackupSettings
from kiosk.store.db import checkpoint
from kiosk.worker import open_worker

FIRST_HOURS = 24
HOURS = 24
CLIENTS = 8
POLLS = 40
"""Requests of each page of the staff in an hour, with the Submits: as many as sessions make in a minute."""
MINUTES = 5
"""Minute copies in an hour: each is of many minutes' changes."""
STEPS = 500


def run() -> Figures:
    """Run the first hours and then the day; measure after each."""
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
        context = replace(kiosk.context, config=replace(kiosk.context.config, backup=backup, printers=()))
        worker = open_worker(context)
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
            client.submit(timed, address, pages * POLLS, CLIENTS).result()
            for _ in range(STEPS):
                if not worker.step():
                    break
            for _ in range(MINUTES):
                copies.create()
            create.create(context)
            checkpoint(context.store)
            if hour == FIRST_HOURS - 1:
                first = (_memory_mb(), _handles())
        last = (_memory_mb(), _handles())
        worker.close()
    return [
        (
            "memory after a day, growth in MB",
            last[0] - first[0],
            f"<= 10 of {HOURS * EACH} forms and {HOURS * POLLS * 4} pages",
        ),
        ("handles after a day, growth", float(last[1] - first[1]), "<= 0"),
        ("  memory, MB", last[0], ""),
        ("  handles", float(last[1]), ""),
    ]


def _memory_mb() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
