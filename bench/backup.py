"""A backup of a store with 200,000 archived submissions: what a Submit waits meanwhile.

One kiosk in this process, without a socket; copy and store are on one disk, which is the worst case. Rounds in turns:
Submits alone, then Submits while a copy is created in a thread. The ratio compares the two percentiles: a copy is made
each hour while people file forms, and a Submit that takes three times as long is still an answer at once (50 ms, where
one alone takes 17). A copy that was not paced raised it to 137 ms.
"""

import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

from bench._figures import Figures, p99
from bench.archived import add_archive, open_kiosk
from bench.cleanup import submit_while
from kiosk.backup import create
from kiosk.config.sections import BackupSettings

ROUNDS = 3
SUBMITS = 150


def run() -> Figures:
    """Measure Submits alone and beside a backup."""
    quiet: list[float] = []
    busy: list[float] = []
    took: list[float] = []
    with tempfile.TemporaryDirectory() as folder, open_kiosk(Path(folder)) as kiosk:
        copies = Path(folder) / "copies"
        copies.mkdir()
        config = replace(kiosk.context.config, backup=BackupSettings(path=str(copies), copies=2, days=0, weeks=0))
        context = replace(kiosk.context, config=config)
        add_archive(context)
        for _ in range(ROUNDS):
            quiet += [kiosk.submit() * 1000 for _ in range(SUBMITS)]
            begun = time.monotonic()
            busy += submit_while(kiosk, threading.Thread(target=create.create, args=[context], name="copy"))
            took.append(time.monotonic() - begun)
        size = context.config.store_path.stat().st_size / 1e6
    return [
        ("Submit p99 beside a backup to p99 alone, ratio", p99(busy) / p99(quiet), f"<= 3 of {len(busy)} Submits"),
        ("  alone, ms", p99(quiet), ""),
        ("  beside a backup, ms", p99(busy), ""),
        ("  longest Submit beside a backup, ms", max(busy), ""),
        ("  seconds of a backup", min(took), f"of {size:.0f} MB"),
    ]
