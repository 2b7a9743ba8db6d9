"""The form of whoever stands at the counter: its answers to read and to copy, its declaration, its slip once more.

Which form may be seen is decided by the queue alone: that of the number called to this officer's counter and not yet
gone. An address that names another number is refused, so that nobody can leaf through the ward.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, jsonify, redirect, url_for
from werkzeug.wrappers import Response as Answer

from kiosk import clock
from kiosk.acts import printing
from kiosk.errors import NotAllowed, NotFound
from kiosk.filing import readable
from kiosk.pages.guard import for_, room
from kiosk.pages.officer.blueprint import counter, officer, sitting
from kiosk.papers.opened import Opened, open_submission
from kiosk.procedures import checks, journey, kinds
from kiosk.procedures.conditions import holds
from kiosk.procedures.model import Field, Procedure
from kiosk.records import tickets
from kiosk.records.tickets import Ticket

EMPTY: tuple[Any, ...] = (None, "", [], {})

OTHER = "Khác"


@dataclass(frozen=True)
class Said:
    """An answer as the form writes it; `doubt` says what to ask about, empty where all is well."""

    label: str
    value: str
    doubt: str = ""


@dataclass(frozen=True)
class Group:
    """What belongs together: a person, a paper."""

    title: str
    rows: tuple[Said, ...]


@dataclass(frozen=True)
class Form:
    """A submission as the desk shows it; `has_declaration` is False where the procedure has no form to sign."""

    name: str
    receipt_no: str
    about: str
    groups: tuple[Group, ...]
    doubts: int
    has_declaration: bool


@officer.get("/ticket/<ticket_id>/answers.json")
@for_("officer")
def answers(ticket_id: str) -> Response:
    """Give the whole form for another system: keys and values of ours, and label and words as the paper says them."""
    held = opened(at_counter(ticket_id))
    return jsonify(
        receiptNo=held.submission.receipt_no,
        procedureCode=held.procedure.code,
        formId=held.procedure.id,
        formVersion=held.procedure.version,
        answers=dict(held.answers),
        readable=readable(held.procedure, held.answers),
    )


@officer.get("/ticket/<ticket_id>/declaration.pdf")
@for_("officer")
def declared(ticket_id: str) -> Response:
    """Show the declaration as it is printed."""
    held = opened(at_counter(ticket_id))
    from kiosk.papers import declaration  # lays out A4: no start waits for it

    found = declaration.pdf(room(), held.submission.id)
    if found is None:
        raise NotFound("Thủ tục này không có tờ khai để in.", "This procedure has no declaration.")
    return Response(found, mimetype="application/pdf", headers={"Content-Disposition": "inline"})


@officer.post("/ticket/<ticket_id>/slip")
@for_("officer")
def slip(ticket_id: str) -> Answer:
    """Print the slip once more; it says that it is a copy."""
    held = opened(at_counter(ticket_id))
    printing.slip_again(room(), held.submission.id, sitting().person.code)
    return redirect(url_for("officer.desk", said="slip"), 303)


def at_counter(ticket_id: str) -> Ticket:
    """Return the number at this officer's counter; NotAllowed for any other."""
    with room().store.read() as db:
        here = tickets.at_counter(db, room().clock.today(), counter().number)
    if here is None or here.id != ticket_id:
        raise NotAllowed("Số này không còn ở quầy đang ngồi.", "This number is not at your counter.")
    return here


def opened(ticket: Ticket) -> Opened:
    """Return the submission of a number, open; NotFound where there is none, or it was wiped."""
    held = open_submission(room(), ticket.submission_id) if ticket.submission_id else None
    if held is None:
        raise NotFound("Số này không kèm tờ khai.", "No form belongs to this number.")
    return held


def form_of(ticket: Ticket) -> Form | None:
    """Return the form of a number as the desk shows it; None where there is none."""
    held = open_submission(room(), ticket.submission_id) if ticket.submission_id else None
    if held is None:
        return None
    groups = _groups(held)
    at = clock.local(held.submission.completed_at)
    return Form(
        name=held.procedure.short.vi,
        receipt_no=held.submission.receipt_no,
        about=f"nộp {at:%H:%M, %d/%m} ở máy {room().config.kiosk.id}",
        groups=groups,
        doubts=sum(1 for group in groups for row in group.rows if row.doubt),
        has_declaration=held.procedure.declaration is not None,
    )


def _groups(held: Opened) -> tuple[Group, ...]:
    """The fields in the order of the form, gathered under what the pages call them.

    What follows from the others and belongs to no page (the office, the vow, today) is on the declaration alone.
    """
    titles, doubts = _titles(held.procedure), _doubts(held)
    found: dict[str, list[Said]] = {}
    for item in held.procedure.fields:
        row = _said(item, held, doubts.get(item.key, ""))
        if row is not None and not (item.derive and item.key not in titles):
            found.setdefault(titles.get(item.key, OTHER), []).append(row)
    ordered = sorted(found, key=lambda title: title == OTHER)
    return tuple(Group(title, tuple(found[title])) for title in ordered)


def _said(item: Field, held: Opened, doubt: str) -> Said | None:
    label, value = item.official or item.label.vi, held.answers.get(item.key)
    if not item.asked:
        return None
    if value not in EMPTY:
        return Said(label, kinds.of(item).write(item, value), doubt)
    today = held.submission.day
    is_due = holds(item.when, held.answers, today) and journey.is_required(item, held.answers, today)
    return Said(label, "", doubt or "Còn trống") if is_due and not item.derive else None


def _doubts(held: Opened) -> dict[str, str]:
    """What the form's own rules would ask about, judged as on the day of Submit."""
    scene = replace(room().scene, today=held.submission.day)
    broken = checks.broken(held.procedure, held.answers, scene)
    return {key.partition(".")[0]: one.say.vi for one in reversed(broken) for key in one.keys}


def _titles(procedure: Procedure) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for step in procedure.steps:
        keys: list[Any] = [*(step.person.fills.values() if step.person else ()), *step.fields, step.rows]
        for key in keys:
            found.setdefault(str(key).partition(".")[0], step.title.vi)
    return found
