"""The papers of the form at the counter, to tick, and the notes that the counter keeps for itself."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk import clock
from kiosk.acts import inspecting
from kiosk.dossiers import checklist
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.pages.access import context, for_
from kiosk.pages.officer.blueprint import officer, sitting
from kiosk.pages.officer.scans import OTHER, Count, counted
from kiosk.pages.officer.ticket import at_counter, opened
from kiosk.procedures.model import PaperToBring
from kiosk.records import inspections, staff
from kiosk.records.decisions import MAY_FOLLOW
from kiosk.records.tickets import Ticket

NONE = Count()
KINDS = {"nop": "nộp", "xuat_trinh": "cho xem", "ghi_to_khai": "ký trên tờ khai"}


@dataclass(frozen=True)
class Tick:
    """A paper of the list: what is done with it, how it stands, and who said so."""

    id: str
    name: str
    kind: str
    is_optional: bool
    is_seen: bool
    is_copied: bool
    by: str
    scans: Count


@dataclass(frozen=True)
class Folder:
    """Papers and notes of a form; `lacking` counts what must be there and nobody saw, `others` scans of no paper."""

    ticks: tuple[Tick, ...]
    lacking: int
    notes: tuple[tuple[str, str], ...]
    others: Count


@officer.post("/ticket/<ticket_id>/papers")
@for_("officer")
def papers(ticket_id: str) -> Answer:
    """Write down which papers were seen and copied; a paper that the form does not want is left out."""
    held = opened(at_counter(ticket_id))
    seen, copied = set(request.form.getlist("seen")), set(request.form.getlist("copied"))
    found = {one.id: (one.id in seen, one.id in copied) for one in _wanted(held)}
    inspecting.tick_papers(context(), held.submission.id, found, sitting().person.code)
    then = request.form.get("then", "")
    if then in MAY_FOLLOW:
        # A button of the decision bar: what was ticked on the way to it is not lost.
        return redirect(url_for("officer.decide", submission_id=held.submission.id, act=then), 303)
    return redirect(url_for("officer.desk", said="papers"), 303)


@officer.post("/ticket/<ticket_id>/notes")
@for_("officer")
def notes(ticket_id: str) -> Answer:
    """Keep a note."""
    held = opened(at_counter(ticket_id))
    inspecting.add_note(context(), held.submission.id, request.form.get("note", ""), sitting().person.code)
    return redirect(url_for("officer.desk", said="note"), 303)


def folder_of(ticket: Ticket) -> Folder:
    """Return the papers and notes of the form of a number."""
    return folder_of_form(opened(ticket))


def folder_of_form(held: OpenedSubmission) -> Folder:
    """Return the papers and notes of a form."""
    with context().store.read() as db:
        marked = inspections.by_paper(db, held.submission.id)
        kept, people = inspections.notes(db, held.submission.id), staff.names(db)
    scanned = counted(held)
    ticks = tuple(_tick(one, marked.get(one.id), people, scanned.get(one.id, NONE)) for one in _wanted(held))
    said = tuple((context().vault.open(inspections.NOTE, one.id, one.text).decode(), _by(one, people)) for one in kept)
    lacking = sum(1 for one in ticks if not (one.is_seen or one.is_optional))
    return Folder(ticks, lacking, said, scanned.get(OTHER, NONE))


def _wanted(held: OpenedSubmission) -> list[PaperToBring]:
    return checklist.papers_needed(held.procedure, held.answers, held.submission.day)


def _tick(paper: PaperToBring, found: inspections.Inspection | None, people: dict[str, str], scans: Count) -> Tick:
    return Tick(
        paper.id,
        paper.name.vi,
        KINDS[paper.kind],
        paper.optional,
        found is not None and found.is_seen,
        found is not None and found.is_copied,
        _by(found, people) if found else "",
        scans,
    )


def _by(one: inspections.Inspection | inspections.DeskNote, people: dict[str, str]) -> str:
    return f"{people.get(one.actor, one.actor)}, {clock.local(one.at):%H:%M %d/%m}"
