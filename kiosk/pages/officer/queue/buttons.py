"""Buttons that call and move tickets.

Every button posts the ticket that the page showed and the nonce of the page. The act decides inside its write whether
the press counts; the page then shows the ticket that is at the counter now.
"""

from collections.abc import Callable

from flask import redirect, request, url_for
from sqlite_utils import Database
from werkzeug.wrappers import Response as Answer

from kiosk.acts import calling, correcting, desk_posts, inspecting
from kiosk.acts.calling import CallResult, CounterRequest
from kiosk.base.errors import NotFound
from kiosk.context import Context
from kiosk.dossiers.opened import open_submission
from kiosk.pages.access import allow, context
from kiosk.pages.officer.session.blueprint import counter, officer, sitting
from kiosk.procedures import revision
from kiosk.records import decisions, desk_drafts, inspections, submissions, tickets
from kiosk.records.tickets import Ticket

LONGEST_NONCE = 64
ACTS: dict[str, Callable[[Context, CounterRequest], CallResult]] = {
    "next": calling.call_next,
    "recall": calling.call_again,
    "serve": calling.start_serving,
    "absent": calling.mark_absent,
    "hold": calling.hold,
    "finish": calling.finish,
}
STAYING = {"recall", "serve"}
"""Buttons that leave the ticket at the counter."""
CONFIRMED = {"recall", "absent", "hold", "finish", "transfer"}
"""Buttons after which the page says what was done with the number: it is not on the page any more."""
ENDING = {"next", "finish", "this"}
"""Buttons that end the service of the ticket at the counter."""
LOCAL = "LOCAL-"
"""Procedures of the ward itself, such as classes: nothing is decided on them."""


@officer.post("/queue/<act>")
@allow("officer")
def tap(act: str) -> Answer:
    """Do what a button says, once; keep a typed note first, and ask before leaving an unwritten correction."""
    press = counter_request()
    with desk_posts.earlier_write(context()):
        _keep_note(press)
    question = _question(act, press)
    if question is not None:
        return question
    if act == "this":
        result = calling.call_ticket(context(), press, request.form.get("this", ""))
    elif act == "transfer":
        result = _transfer(press, request.form.get("to", ""))
    elif act in ACTS:
        result = ACTS[act](context(), press)
    else:
        raise NotFound
    message = (act if act in CONFIRMED else None) if result.is_changed else "late"
    if act == "next" and result.is_changed and result.ticket is None:
        message = "nobody"
    number = _label(press) if message in CONFIRMED else None
    target = request.form.get("to") if message == "transfer" else None
    return redirect(url_for("officer.desk", said=message, number=number, to=target), 303)


def _question(act: str, press: CounterRequest) -> Answer | None:
    """Return the page that asks something before the ticket leaves; None where there is nothing to ask."""
    with context().store.read() as db:
        ticket = pressed_ticket(db, press)
        if ticket is None:
            return None
        has_form = act in ENDING and bool(desk_drafts.of_ticket(db, ticket.id))
        is_end_asked = act in ENDING and not tickets.is_nonce_used(db, press.nonce) and must_ask_end(db, ticket)
    if act not in STAYING and not request.form.get("sure"):
        if _has_unwritten_correction(ticket, press.actor):
            return redirect(url_for("officer.desk", said="unsaved"), 303)
        if has_form:
            return redirect(url_for("officer.desk", said="unfiled"), 303)
    if is_end_asked:
        return redirect(url_for("officer.end", then=act, this=request.form.get("this")), 303)
    return None


def counter_request() -> CounterRequest:
    """Return the counter, ticket and nonce that a button of this page posted."""
    nonce = request.form.get("nonce", "")
    if not (nonce.isascii() and 1 <= len(nonce) <= LONGEST_NONCE):
        raise NotFound
    return CounterRequest(
        counter=counter().number,
        ticket_id=request.form.get("ticket") or None,
        nonce=nonce,
        actor=sitting().person.code,
    )


def pressed_ticket(db: Database, press: CounterRequest) -> Ticket | None:
    """Return the ticket at the counter, where it is the one that the button was pressed for."""
    ticket = tickets.at_counter(db, context().clock.today(), press.counter)
    return ticket if ticket is not None and ticket.id == press.ticket_id else None


def _label(press: CounterRequest) -> str | None:
    """Return the label of the ticket that a button was pressed for, at the counter or not any more."""
    with context().store.read() as db:
        ticket = tickets.find(db, press.ticket_id) if press.ticket_id else None
    return ticket.label if ticket else None


def _keep_note(press: CounterRequest) -> None:
    """Save the note that was typed when another button was pressed; a second press saves nothing."""
    note = request.form.get("note", "").strip()
    if not note:
        return
    with context().store.read() as db:
        ticket = pressed_ticket(db, press)
        if ticket is None or ticket.submission_id is None or tickets.is_nonce_used(db, press.nonce):
            return
        saved = inspections.notes(db, ticket.submission_id)
    # A press that only leads to a question uses up no nonce, so the words of the last note are compared too.
    last = context().vault.open(inspections.NOTE, saved[-1].id, saved[-1].text).decode() if saved else ""
    if note != last:
        inspecting.add_note(context(), ticket.submission_id, note, actor=press.actor)


def _has_unwritten_correction(ticket: Ticket, actor: str) -> bool:
    """Return whether a ticket has a correction with changes that are not written yet."""
    base = open_submission(context(), ticket.submission_id) if ticket.submission_id else None
    if base is None:
        return False
    correction = correcting.current_correction(context(), base, actor)
    open_steps = revision.unfinished_steps(base.procedure, correction.draft, base.submission.day)
    return correction.is_begun and bool(correction.differences or open_steps)


def must_ask_end(db: Database, ticket: Ticket) -> bool:
    """Return whether nothing was decided on a ticket since it was drawn."""
    submission = submissions.find(db, ticket.submission_id) if ticket.submission_id else None
    if submission is None:
        return True
    if submission.procedure.startswith(LOCAL) or submission.desk not in ("waiting", "supplement"):
        return False
    made = decisions.of_case(db, submission.receipt_no)
    return not made or made[-1].at < ticket.drawn_at


def _transfer(press: CounterRequest, target: str) -> CallResult:
    kind, _, name = target.partition(":")
    if kind == "counter" and name.isascii() and name.isdigit() and len(name) <= 2:
        return calling.transfer(context(), press, counter=int(name))
    return calling.transfer(context(), press, line=name if kind == "line" else "")
