"""Keeping a form for later: what the sheet offers, the chosen digits, and the page while the slip is printed."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import jsonify, request, url_for

from kiosk.acts import applying
from kiosk.acts import kept_forms as kept_form_acts
from kiosk.acts.kept_forms import ChosenDigits, DigitsNeeded
from kiosk.base import codes
from kiosk.base.errors import AlreadySubmitted, DraftGone, NotFound
from kiosk.base.i18n import N_, translator
from kiosk.dossiers import kept_forms
from kiosk.dossiers.kept_forms import KeptForm
from kiosk.pages import access
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.qr_code import qr_svg
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.model import Procedure
from kiosk.records import kept_drafts, tickets
from kiosk.vietnam.calendar import weekday

DISPLAY_SECONDS = 15
"""Seconds until the page of a kept form gives way to the start page."""
DIGIT_FAULTS = {
    "shape": ("first", N_("Mời bấm đủ 4 số.")),
    "easy": ("first", N_("4 số này dễ đoán. Mời chọn 4 số khác, không phải số lặp hay số liền nhau.")),
    "differ": ("again", N_("Hai lần bấm chưa giống nhau. Mời bấm lại lần hai.")),
}
KEY = re.compile("[0-9a-f-]{36}")
"""An idempotency key, as `keep_offer` makes it."""
PAPER_STATES = {"printed": "printed", "queued": "printing", "sending": "printing"}
"""State of a print job -> what the page says; any other one: the code has to be written down."""


@dataclass(frozen=True)
class KeepOffer:
    """View model of the sheet for the open form.

    `number` is the queue number of this visit, `key` the idempotency key of the post.
    """

    procedure: str
    reached: str
    """Which part of the form comes next, by its name on the pages; empty where the procedure is gone."""
    until: str
    needs_digits: bool
    number: str
    key: str


def keep_offer() -> KeepOffer | None:
    """Return the offer to keep the visitor's form; None for a visit without one."""
    try:
        opened = applying.current_draft(context(), visitor().id)
        needs_digits = kept_form_acts.needs_digits(context(), visitor().id)
    except (DraftGone, AlreadySubmitted):
        return None
    draft = opened.draft
    procedure = find_procedure(draft.code, draft.version)
    with context().store.read() as db:
        kept = kept_drafts.find(db, opened.id)
        ticket_id = kept_drafts.ticket_of_visit(db, visitor().id) or (kept.ticket_id if kept else None)
    return KeepOffer(
        procedure=procedure.short.of(visitor().lang) if procedure else "",
        reached=_reached(procedure, draft) if procedure else "",
        until=day_text(kept_forms.last_day(context())),
        needs_digits=needs_digits,
        number=number_today(ticket_id),
        key=codes.new_id(),
    )


def _reached(procedure: Procedure, draft: Draft) -> str:
    _ = translator(visitor().lang)
    page = journey.first_unfinished(procedure, draft, context().clock.today())
    if page is None:
        return _("đã khai đủ tờ khai.")
    return _("đã khai tới phần “%(part)s”.", part=page.step.title.of(visitor().lang))


def find_procedure(code: str, version: str) -> Procedure | None:
    """Return a procedure in a version, or else in the one that is in force."""
    catalogue = context().catalogue
    return catalogue.version(code, version) or catalogue.in_force(code, context().clock.today())


def day_text(day: date) -> str:
    """Return a day as "thứ Tư, 02/12/2026", or "Wed 02/12/2026" in English."""
    return f"{day:%a %d/%m/%Y}" if visitor().lang == "en" else f"{weekday(day)}, {day:%d/%m/%Y}"


def number_today(ticket_id: str | None) -> str:
    """Return the label of a queue number that is still in line today; empty for another one."""
    with context().store.read() as db:
        ticket = tickets.find(db, ticket_id) if ticket_id else None
    is_in_line = ticket is not None and ticket.day == context().clock.today() and ticket.state in tickets.IN_LINE
    return ticket.label if ticket is not None and is_in_line else ""


@citizen.post("/keep")
@allow("citizen")
def keep() -> str:
    """Keep the visitor's form, print its slip and begin a new visit; ask for four digits where no card was scanned.

    A touch whose answer was lost is repeated with its key, and shows the same form.
    """
    digits = ChosenDigits(request.form.get("first", "")[:8], request.form.get("again", "")[:8])
    posted = KEY.fullmatch(request.form.get("key", ""))
    key = posted[0] if posted else ""
    try:
        form = kept_form_acts.keep(context(), visitor().id, access.screen_name(), digits, key)
    except DigitsNeeded as needed:
        return _digits_page(needed.fault)
    number = number_today(form.kept.ticket_id)
    settings = visitor()
    access.start_session()
    applying.change_display(context(), visitor().id, lang=settings.lang, size=settings.size, theme=settings.theme)
    access.read_settings_again()
    return _kept_page(form, number)


def _digits_page(fault: str) -> str:
    _ = translator(visitor().lang)
    field, text = DIGIT_FAULTS.get(fault, ("", ""))
    errors = [(field, _(text))] if text else []
    return render("citizen/keep_digits.html", errors=errors, offer=keep_offer())


def _kept_page(form: KeptForm, number: str) -> str:
    kept = form.kept
    procedure = find_procedure(kept.procedure, kept.version)
    return render(
        "citizen/kept.html",
        procedure=procedure.short.of(visitor().lang) if procedure else "",
        code=form.code,
        qr_svg=qr_svg(form.code),
        until=day_text(kept.kept_until),
        opened_by=form.opened_by,
        number=number,
        seconds=DISPLAY_SECONDS,
        paper_url=url_for("citizen.keep_paper", job=form.job_id),
    )


@citizen.get("/keep/paper/<int:job>")
@allow("citizen")
def keep_paper(job: int) -> Any:
    """Return whether a slip was printed: printing, printed, no_paper or failed."""
    paper = kept_form_acts.paper_state(context(), job)
    if paper is None:
        raise NotFound
    state, reason = paper
    failure = "no_paper" if reason == "paper_out" else "failed"
    return jsonify(state=PAPER_STATES.get(state, failure))
