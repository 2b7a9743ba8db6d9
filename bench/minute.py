"""Copies of each minute beside Submits: what a Submit waits, and what is read and written.

One kiosk in this process, without a socket; store and second folder are on one disk, which is the worst case. Rounds in
turns: Submits alone, then as many while a thread makes copies one after the other without a pause, which is far more
than one each minute. A ward's store has 9,000 forms of a day with their bodies.
"""

import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

from bench._figures import Figures, p99, range_words
from bench.archived import KioskUnderTest, open_kiosk
from kiosk.backup.minute_copies import MinuteCopies
from kiosk.config.sections import BackupSettings

ROUNDS = 7
EACH = 100
FILLER = 50_000_000
"""Bytes of a store with 9,000 forms."""


def run() -> Figures:
    """Measure Submits alone and beside copies."""
    quiet: list[list[float]] = []
    busy: list[list[float]] = []
    took: list[float] = []
    sizes: list[int] = []
    with tempfile.TemporaryDirectory() as folder, open_kiosk(Path(folder)) as kiosk:
        second = Path(folder) / "second"
        second.mkdir()
        context = replace(
            kiosk.context, config=replace(kiosk.context.config, backup=BackupSettings(second=str(second)))
        )
        with context.store.write() as db:
            db.execute("create table filler (content blob)")
            for _ in range(FILLER // 5000):
                db.execute("insert into filler values (randomblob(5000))")
        copies = MinuteCopies(context)
        begun = time.monotonic()
        whole = copies.create()
        whole_seconds = time.monotonic() - begun
        for _ in range(ROUNDS):
            quiet.append([kiosk.submit() * 1000 for _ in range(EACH)])
            busy.append(_submit_beside(kiosk, copies, took, sizes))
        whole_size = whole.stat().st_size
    alone = [ms for each in quiet for ms in each]
    beside = [ms for each in busy for ms in each]
    ratios = [p99(busy_round) / p99(quiet_round) for quiet_round, busy_round in zip(quiet, busy, strict=True)]
    return [
        (
            "Submit p99 beside minute copies to p99 alone, ratio",
            p99(beside) / p99(alone),
            f"<= 1.2 {range_words(ratios)}",
        ),
        ("  alone, ms", p99(alone), ""),
        ("  beside, ms", p99(beside), ""),
        ("  seconds of a copy beside Submits", sum(took) / len(took), ""),
        ("  seconds of a whole copy", whole_seconds, f"of {whole_size / 1e6:.0f} MB"),
        ("  kB of a copy", sum(sizes) / len(sizes) / 1000, f"of {ROUNDS * EACH} Submits in {len(sizes)}"),
    ]


def _submit_beside(kiosk: KioskUnderTest, copies: MinuteCopies, took: list[float], sizes: list[int]) -> list[float]:
    """Submit while a thread makes copies; add the seconds and the size of each."""
    is_over = threading.Event()

    def copy() -> None:
        while not is_over.is_set():
            begun = time.monotonic()
            path = copies.create()
            took.append(time.monotonic() - begun)
            sizes.append(path.stat().st_size)

    thread = threading.Thread(target=copy, name="minute")
    thread.start()
    try:
        return [kiosk.submit() * 1000 for _ in range(EACH)]
    finally:
        is_over.set()
        thread.join()
