"""Register of a made-up day as a picture: `python -m tests.papers.register_pictures --golden` writes the golden one."""

import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from kiosk.acts import deciding
from kiosk.acts.deciding import AcceptanceInput, CaseRequest
from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.context import Context
from kiosk.dossiers import filing
from kiosk.papers import register
from kiosk.procedures.answers import complete
from kiosk.records import decisions, services, submissions
from kiosk.records.services import ServiceLine, ServiceRecord
from kiosk.records.submissions import PortalReceipt, Submission
from kiosk.startup.context_factory import create_store, open_context
from tests.papers.forms import BIRTH, COPY, STAY, HandIn, made_up_answers
from tests.papers.pictures import GOLDEN, OUT, pages

AT = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
COARSE = (148, 105)  # two millimetres a dot


def accept(context: Context, submission: Submission, place: str = "counter") -> None:
    """Accept a case at the desk, with a due date three days later."""
    with context.store.read() as db:
        seen = decisions.count(db, submission.receipt_no)
    due_on = context.calendar.after(context.clock.today(), 3)
    acceptance = AcceptanceInput(due_on=due_on, place=place)
    assert deciding.accept(context, CaseRequest(submission.id, seen, "CB01"), acceptance)


def record_copies(context: Context, days_ago: int = 0) -> None:
    """Record three certified copies that a counter did at once, for a number without a form."""
    record = ServiceRecord(
        id=codes.new_id(),
        ticket_id=codes.new_id(),
        label="B001",
        submission_id=None,
        day=context.clock.today() - timedelta(days=days_ago),
        counter=1,
        outcome="done",
        register_no=1 + days_ago,
        amount=18000,
        method="cash",
        exemption=None,
        actor="CB01",
        at=context.clock.now(),
    )
    line = ServiceLine(procedure="2.000815", fee="sao_y", name="Chứng thực bản sao", copies=3, pages=4, amount=18000)
    with context.store.write() as db:
        services.insert(db, record, (line,), None)


def made_up_day(context: Context, hand_in: HandIn) -> bytes:
    """Return the register of six received cases: two with an official number, one handed out; one more is refused."""
    filed = [hand_in(code).submission for code in (BIRTH, STAY, COPY, "1.000894", "2.000815", "1.001776", BIRTH)]
    for number, submission in enumerate(filed):
        if number != 3:
            accept(context, submission, place=("counter", "post", "online")[number % 3])
    now = context.clock.now()
    due = context.clock.now() + timedelta(days=2, hours=8)
    with context.store.write() as db:
        for number, submission in enumerate(filed[:2], 1):
            receipt = PortalReceipt(4, 1, now, official_no=f"H57.99-261124-{number:04d}", due_at=due)
            submissions.apply_receipt(db, submission.id, receipt, now)
        submissions.set_desk(db, filed[0].id, "handed_out", now + timedelta(hours=7))
        submissions.set_desk(db, filed[3].id, "refused", now)
    return register.pdf(context, context.clock.today(), signer="Lê Hoài An", trail=" Nhật ký dòng 41, 8f3c2a9e.")


def coarse_wide(document: bytes) -> Image.Image:
    """Return the first page as a coarse picture: fonts may move a dot, but a block must not move a line."""
    small = pages(document, 72)[0].convert("L").resize(COARSE, Image.Resampling.BOX)
    return small.point([0] * 215 + [255] * 41).convert("1")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        config = replace(Config(), root=Path(folder))
        create_store(config)
        context = open_context(config, FixedClock(AT))

        def submit(code: str, **changed: Any) -> filing.FilingResult:
            procedure = context.catalogue.in_force(code, context.clock.today())
            assert procedure is not None
            answers = complete(procedure, made_up_answers(procedure) | changed, context.office, context.clock.today())
            with context.store.write() as db:
                return filing.file_submission(
                    db, context, submission_id=codes.new_id(), procedure=procedure, answers=answers
                )

        document = made_up_day(context, submit)
        context.store.close()
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "register.pdf").write_bytes(document)
    for number, page in enumerate(pages(document, 110), 1):
        page.save(OUT / f"register-{number}.png", optimize=True)
    if sys.argv[1:] == ["--golden"]:
        coarse_wide(document).save(GOLDEN / "register.png", optimize=True)


if __name__ == "__main__":
    main()
