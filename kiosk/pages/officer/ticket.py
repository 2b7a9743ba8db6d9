"""The form of whoever stands at the counter: its answers to read and to copy, its declaration, its slip once more.

Which form may be seen is decided by the queue alone: that of the number called to this officer's counter and not yet
gone. An address that names another number is refused, so that nobody can leaf through the ward.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, redirect, url_for
from werkzeug.wrappers import Response as Answer

from kiosk import clock
from kiosk.acts import correcting, printing
from kiosk.dossiers.opened import OpenedSubmission, open_submission
from kiosk.errors import NotAllowed, NotFound
from kiosk.pages.access import context, for_
from kiosk.pages.officer import form_boxes
from kiosk.pages.officer.blueprint import counter, officer, sitting
from kiosk.procedures import checks, journey, kinds, revision
from kiosk.procedures.conditions import holds
from kiosk.procedures.model import Field, Procedure, distinct_labels
from kiosk.records import staff, tickets
from kiosk.records.tickets import Ticket

EMPTY: tuple[Any, ...] = (None, "", [], {})

OTHER = "Khác"
HOW = {"card": "quét thẻ", "hand": "tự gõ", "kept": "giữ lần trước", "officer": "cán bộ ghi"}


@dataclass(frozen=True)
class Said:
    """An answer as the form writes it; `doubt` says what to ask about, empty where all is well; `boxes` copies it."""

    label: str
    value: str
    doubt: str = ""
    how: str = ""
    """How it came: by card, typed, or corrected by whom and when."""
    is_corrected: bool = False
    change: str = ""
    """Address where it is corrected; empty where it is not."""
    boxes: tuple[form_boxes.Named, ...] = ()


@dataclass(frozen=True)
class Group:
    """What belongs together: a person, a paper."""

    title: str
    rows: tuple[Said, ...]
    change: str = ""

    @property
    def lines(self) -> str:
        """All of it to copy at once: a line an answer, in the order of the form."""
        return "\n".join(row.value for row in self.rows if row.value)


@dataclass(frozen=True)
class Form:
    """A submission as the desk shows it; `has_declaration` is False where the procedure has no form to sign."""

    name: str
    receipt_no: str
    about: str
    groups: tuple[Group, ...]
    doubts: int
    has_declaration: bool

    @property
    def has_boxes(self) -> bool:
        """Whether any name of a national form is known for it."""
        return any(row.boxes for group in self.groups for row in group.rows)


@officer.get("/ticket/<ticket_id>/declaration.pdf")
@for_("officer")
def declared(ticket_id: str) -> Response:
    """Show the declaration as it is printed."""
    held = opened(at_counter(ticket_id))
    from kiosk.papers import declaration  # lays out A4: no start waits for it

    found = declaration.pdf(context(), held.submission.id)
    if found is None:
        raise NotFound("Thủ tục này không có tờ khai để in.", "This procedure has no declaration.")
    return Response(found, mimetype="application/pdf", headers={"Content-Disposition": "inline"})


@officer.post("/ticket/<ticket_id>/slip")
@for_("officer")
def slip(ticket_id: str) -> Answer:
    """Print the slip once more; it says that it is a copy."""
    held = opened(at_counter(ticket_id))
    printing.reprint_slip(context(), held.submission.id, sitting().person.code)
    return redirect(url_for("officer.desk", said="slip"), 303)


def at_counter(ticket_id: str) -> Ticket:
    """Return the number at this officer's counter; NotAllowed for any other."""
    with context().store.read() as db:
        here = tickets.at_counter(db, context().clock.today(), counter().number)
    if here is None or here.id != ticket_id:
        raise NotAllowed("Số này không còn ở quầy đang ngồi.", "This number is not at your counter.")
    return here


def opened(ticket: Ticket) -> OpenedSubmission:
    """Return the submission of a number, open; NotFound where there is none, or it was wiped."""
    held = open_submission(context(), ticket.submission_id) if ticket.submission_id else None
    if held is None:
        raise NotFound("Số này không kèm tờ khai.", "No form belongs to this number.")
    return held


def form_of(ticket: Ticket) -> Form | None:
    """Return the form of a number as the desk shows it; None where there is none."""
    return shown(ticket.submission_id, ticket.id) if ticket.submission_id else None


def shown(submission_id: str, ticket_id: str = "") -> Form | None:
    """Return the form of a submission as the desk shows it, to correct where its number is here; None once wiped."""
    held = open_submission(context(), submission_id)
    if held is None:
        return None
    groups = _groups(held, ticket_id)
    at = clock.local(held.submission.completed_at)
    return Form(
        name=held.procedure.short.vi,
        receipt_no=held.submission.receipt_no,
        about=f"nộp {at:%H:%M, %d/%m} ở máy {context().config.kiosk.id}{_revision(held)}",
        groups=groups,
        doubts=sum(1 for group in groups for row in group.rows if row.doubt),
        has_declaration=held.procedure.declaration is not None,
    )


def doubts_of(held: OpenedSubmission) -> list[str]:
    """List what the desk would ask about, "label: why", as lines of a paper."""
    rows = [row for group in _groups(held, "") for row in group.rows if row.doubt]
    return [f"{row.label}: {row.doubt[:1].lower()}{row.doubt[1:]}" for row in rows]


def _groups(held: OpenedSubmission, ticket_id: str) -> tuple[Group, ...]:
    """The fields in the order of the form, gathered under what the pages call them.

    What follows from the others and belongs to no page (the office, the vow, today) is on the declaration alone.
    """
    titles, doubts, people = _titles(held.procedure), _doubts(held), _people()
    names = _names(held.procedure, titles)
    found: dict[str, list[Said]] = {}
    for item in held.procedure.fields:
        row = _said(item, held, names[item.key], doubts.get(item.key, ""))
        if row is not None and not (item.derive and item.key not in titles):
            row = replace(row, **_came(held, item.key, people), change=_change(held, ticket_id, item.key))
            found.setdefault(titles.get(item.key, OTHER), []).append(row)
    ordered = sorted(found, key=lambda title: title == OTHER)
    return tuple(Group(title, tuple(found[title]), _first_change(found[title])) for title in ordered)


def _first_change(rows: list[Said]) -> str:
    return next((one.change for one in rows if one.change), "")


def _change(held: OpenedSubmission, ticket_id: str, key: str) -> str:
    """Where an answer is corrected: on the page of what it follows from."""
    if not ticket_id or not correcting.may_correct(held.submission):
        return ""
    step = revision.step_of_key(held.procedure, held.answers, held.submission.day, key)
    return url_for("officer.correct_step", ticket_id=ticket_id, page=step.id) if step else ""


def _came(held: OpenedSubmission, key: str, people: Mapping[str, str]) -> dict[str, Any]:
    """Say how an answer came; a correction says by whom and when, for as long as the form is kept."""
    last = next((one for one in held.changes if one["key"] == key), None)
    if last is not None:
        at = clock.local(clock.parse_timestamp(last["at"]))
        return {"how": f"sửa: {people.get(last['officer'], last['officer'])}, {at:%H:%M}", "is_corrected": True}
    source = revision.source_key(held.procedure, held.answers, held.submission.day, key)
    return {"how": HOW.get(next((held.sources[one] for one in (key, source) if one in held.sources), ""), "")}


def _people() -> dict[str, str]:
    with context().store.read() as db:
        return staff.names(db)


def _revision(held: OpenedSubmission) -> str:
    return f", bản sửa {held.submission.revision - 1}" if held.submission.revision > 1 else ""


def _names(procedure: Procedure, titles: Mapping[str, str]) -> dict[str, str]:
    """Name the fields so that no two under one heading look alike."""
    groups: dict[str, list[Field]] = {}
    for item in procedure.fields:
        groups.setdefault(titles.get(item.key, OTHER), []).append(item)
    return {key: name for fields in groups.values() for key, name in distinct_labels(fields).items()}


def _said(item: Field, held: OpenedSubmission, label: str, doubt: str) -> Said | None:
    value = held.answers.get(item.key)
    if not item.asked:
        return None
    if value not in EMPTY:
        boxes = form_boxes.named(held.procedure.code, item, value)
        return Said(label, kinds.of(item).on_paper(item, value), doubt, boxes=boxes)
    today = held.submission.day
    is_due = holds(item.when, held.answers, today) and journey.is_required(item, held.answers, today)
    return Said(label, "", doubt or "Còn trống") if is_due and not item.derive else None


def _doubts(held: OpenedSubmission) -> dict[str, str]:
    """What the form's own rules would ask about, judged as on the day of Submit."""
    scene = replace(context().scene, today=held.submission.day)
    broken = checks.failed_checks(held.procedure, held.answers, scene)
    return {key.partition(".")[0]: one.say.vi for one in reversed(broken) for key in one.keys}


def _titles(procedure: Procedure) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for step in procedure.steps:
        keys: list[Any] = [*(step.person.fills.values() if step.person else ()), *step.fields, step.rows]
        for key in keys:
            found.setdefault(str(key).partition(".")[0], step.title.vi)
    return found
