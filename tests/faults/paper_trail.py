"""Compares the papers of a virtual printer with the print jobs of a kiosk.

A paper is decoded by its picture: it is the whole picture of one job, the top of one job's picture (torn), or blank.
Anything else, such as a paper that begins with half of another one, is an error. Copies say that they are reprints, so
no two jobs have the same picture.
"""

from collections import Counter
from dataclasses import dataclass, field

from PIL import Image

from kiosk import papers
from kiosk.context import Context
from kiosk.startup.wiring import printer_settings
from printers import spool
from printers.render import escpos, raster
from printers.settings import PrinterSettings

ROW_BYTES = 72
"""Bytes of a row of 576 dots."""


@dataclass
class PaperTrail:
    """Papers of a printer: how often each job is whole on paper, and how many pieces are torn or blank."""

    whole: Counter[int] = field(default_factory=Counter)
    torn: int = 0
    blank: int = 0


class Decoder:
    """Decodes the papers of one printer of a kiosk."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._settings: PrinterSettings = printer_settings(context.config.printers[0])
        self._pictures: dict[int, bytes] = {}
        self._decoded: list[int | str] = []

    def decode(self, printed: list[Image.Image]) -> PaperTrail:
        """Decode all papers that were ever cut off; those of an earlier call are not decoded again."""
        for paper in printed[len(self._decoded) :]:
            self._draw_new_jobs()
            self._decoded.append(self._decode_one(paper))
        trail = PaperTrail(torn=self._decoded.count("torn"), blank=self._decoded.count("blank"))
        trail.whole.update(job for job in self._decoded if isinstance(job, int))
        return trail

    def count_bytes(self, job_id: int) -> int:
        """Return how many bytes the paper of a job is for the printer."""
        self._draw_new_jobs()
        rows = self._pictures[job_id]
        picture = Image.frombytes("1", (8 * ROW_BYTES, len(rows) // ROW_BYTES), rows)
        return len(escpos.encode([picture], self._settings))

    def _draw_new_jobs(self) -> None:
        with self._context.store.read() as db:
            states: list[spool.JobState] = ["queued", "sending", "waiting", "unknown", "printed", "cancelled"]
            jobs = [job for job in spool.list_jobs(db, states) if job.id not in self._pictures]
        for job in jobs:
            facts = {**job.facts, "copy": job.copy, "asked_at": job.created} if job.copy > 1 else job.facts
            document = papers.compose(self._context, job.kind, job.subject, facts)
            assert document is not None
            (drawn,) = raster.render(document, self._settings)
            self._pictures[job.id] = _rows(drawn)

    def _decode_one(self, paper: Image.Image) -> int | str:
        box = paper.convert("L").point(lambda level: 255 - level).getbbox()
        if box is None:
            return "blank"
        rows = _rows(paper)
        inked = box[3] * ROW_BYTES
        for job_id, picture in self._pictures.items():
            if rows.startswith(picture):
                assert inked <= len(picture), f"job {job_id} has something below it"
                return job_id
        # The last row may be cut in the middle: the printer filled it up with blank dots.
        top = rows[: inked - ROW_BYTES]
        if any(inked < len(picture) and picture.startswith(top) for picture in self._pictures.values()):
            return "torn"
        raise AssertionError(f"a paper of {paper.height} rows is neither whole nor the top of one")


def _rows(picture: Image.Image) -> bytes:
    assert picture.width == 8 * ROW_BYTES
    return picture.convert("1").tobytes()


def expect_agreement(context: Context, trail: PaperTrail) -> None:
    """Check that the kiosk believes what is on paper; nothing is pending any more."""
    with context.store.read() as db:
        states: list[spool.JobState] = ["queued", "sending", "waiting", "unknown", "printed", "cancelled"]
        jobs = spool.list_jobs(db, states)
    assert {job.state for job in jobs} <= {"printed", "cancelled"}
    assert [job for job, count in trail.whole.items() if count > 1] == [], "the same paper twice, unmarked"
    for job in jobs:
        if job.state == "printed":
            assert trail.whole[job.id] == 1, f"job {job.id} is believed printed"
        else:
            assert job.reason == "not_out", f"job {job.id} was given up: {job.reason}"
    for first in (job for job in jobs if job.parent is None):
        copies = [job.id for job in jobs if first.id in (job.id, job.parent)]
        assert sum(trail.whole[job_id] for job_id in copies) >= 1, f"job {first.id} never came out"
