"""Submits beside photographed papers: what a Submit waits while another touchscreen sends 20 pages.

One kiosk in this process, without a socket. Rounds in turns: Submits alone, then as many while a thread adds pages of
A4 at 150 dpi to a form, one after the other without a pause, and begins the next form after 20. A touchscreen sends at
most one page a second. Each page is redrawn and measured in a process of its own at the lowest priority.
"""

import io
import random
import tempfile
import threading
import time
from pathlib import Path

from PIL import Image

from bench._figures import Figures, p99, range_words
from bench.archived import KioskUnderTest, open_kiosk
from bench.submit import make_draft
from kiosk.acts import draft_pages
from kiosk.pages import access
from kiosk.records import sessions

ROUNDS = 5
EACH = 100
A4 = (1240, 1754)


def _pictures() -> list[bytes]:
    """Return pages with lines as JPEG, each another."""
    chance = random.Random(4)
    pictures = []
    for _ in range(draft_pages.MAX_PAGES):
        picture = Image.new("RGB", A4, (235, 232, 224))
        for top in range(120, A4[1] - 120, 36):
            for left in range(120, A4[0] - 160, 44):
                ink = Image.new("RGB", (chance.randint(8, 34), 18), (40, 40, 60))
                picture.paste(ink, (left, top))
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=90)
        pictures.append(buffer.getvalue())
    return pictures


def run() -> Figures:
    """Measure Submits alone and beside pages."""
    quiet: list[list[float]] = []
    busy: list[list[float]] = []
    took: list[float] = []
    pictures = _pictures()
    with tempfile.TemporaryDirectory() as folder, open_kiosk(Path(folder)) as kiosk:
        for _ in range(ROUNDS):
            quiet.append([kiosk.submit() * 1000 for _ in range(EACH)])
            busy.append(_submit_beside(kiosk, pictures, took))
    alone = [ms for each in quiet for ms in each]
    beside = [ms for each in busy for ms in each]
    ratios = [p99(busy_round) / p99(quiet_round) for quiet_round, busy_round in zip(quiet, busy, strict=True)]
    return [
        (
            "Submit p99 beside pages of papers to p99 alone, ratio",
            p99(beside) / p99(alone),
            f"<= 1.2 {range_words(ratios)}",
        ),
        ("  alone, ms", p99(alone), ""),
        ("  beside, ms", p99(beside), ""),
        ("  seconds of a page beside Submits", sum(took) / len(took), f"{len(took)} pages"),
    ]


def _submit_beside(kiosk: KioskUnderTest, pictures: list[bytes], took: list[float]) -> list[float]:
    """Submit while a thread adds pages; add the seconds of each."""
    is_over = threading.Event()

    def add() -> None:
        while not is_over.is_set():
            draft_id = _draft(kiosk)
            for picture in pictures:
                if is_over.is_set():
                    return
                begun = time.monotonic()
                draft_pages.add(kiosk.context, draft_id, paper="giay_khac", content=picture)
                took.append(time.monotonic() - begun)

    thread = threading.Thread(target=add, name="pages")
    thread.start()
    try:
        return [kiosk.submit() * 1000 for _ in range(EACH)]
    finally:
        is_over.set()
        thread.join()


def _draft(kiosk: KioskUnderTest) -> str:
    """Begin a form, and return the id of its draft."""
    token, _ = make_draft(kiosk.context, next(kiosk.drafts))
    with kiosk.context.store.read() as db:
        session = sessions.find(db, access.hash_token(token), "citizen")
    assert session is not None
    assert session.draft_id is not None
    return session.draft_id
