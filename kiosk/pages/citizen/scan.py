"""Scan anywhere: what a code that is held to the scanner opens at the start page and the look-up.

The slip of a form opens its status, the slip of a kept form opens the form, the paper of a queue number its place in
line. An ID card begins a form for its person. Any other code gives one notice.
"""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import applying, kept_forms
from kiosk.acts.kept_forms import SlipAnswer
from kiosk.base import codes
from kiosk.base.errors import TooManyTries
from kiosk.base.i18n import translator
from kiosk.context.scanner import HeldCard
from kiosk.dossiers.scanned_code import MAX_LENGTH, ScannedCode, recognise
from kiosk.pages import access
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.card import is_reader_down, scan_anywhere
from kiosk.pages.citizen.keep import day_text, find_procedure
from kiosk.pages.citizen.open_form import first_unfinished_url
from kiosk.pages.citizen.start import start_page
from kiosk.pages.citizen.status import status_form
from kiosk.pages.citizen.ticket import drawn_page
from kiosk.pages.forms.view_models import Notice
from kiosk.records import tickets
from kiosk.vietnam import id_card


@citizen.post("/scan")
@allow("citizen")
def read_code() -> Answer | str:
    """Open what a scanned code is: from the inbox of the scanner's port, or typed by a scanner in keyboard mode."""
    card_line = _scanned_line()
    scanned = recognise(card_line.line, context().clock.today(), is_typed=card_line.is_typed)
    if scanned.kind == "slip":
        return status_form(scanned.text)
    if scanned.kind == "kept":
        return _kept_answer(scanned.text)
    if scanned.kind == "number":
        return _number_page(scanned)
    if scanned.kind == "card":
        return _begin_with_card(scanned, card_line)
    return start_page("unknown")


def _scanned_line() -> HeldCard:
    """Return the line of the scanner's port, or the posted one of a scanner that types; in practice, a made-up card."""
    line = context().card_inbox.pop(visitor().id)
    if context().config.kiosk.practice:
        key = request.form.get("practice_card", "")
        line = line or next((card.line for card in id_card.practice_cards() if card.key == key), None)
    return HeldCard(line or request.form.get("line", "")[: MAX_LENGTH + 1], is_typed=line is None)


def _number_page(scanned: ScannedCode) -> str:
    """Return the page of a queue number of today."""
    with context().store.read() as db:
        ticket = tickets.by_label(db, scanned.day, scanned.text) if scanned.day else None
    is_today = ticket is not None and ticket.day == context().clock.today()
    if ticket is None or not is_today or ticket.state in ("done", "closed"):
        return start_page("number")
    return drawn_page(ticket.id, is_scanned=True)


def _begin_with_card(scanned: ScannedCode, card: HeldCard) -> Answer | str:
    """Hold a card for the first card step, and show the procedures."""
    if context().config.kiosk.practice and not id_card.is_practice(scanned.text):
        return start_page("practice")
    context().card_inbox.hold(visitor().id, card)
    return redirect(url_for("citizen.choose"), 303)


@citizen.post("/kept")
@allow("citizen")
def open_kept() -> Answer | str:
    """Open a kept form for a scanned card or the chosen digits."""
    code = codes.parse_kept_code(request.form.get("code", "")[:40])
    if code is None:
        return start_page("unknown")
    scan = _scanned_line()
    digits = request.form.get("digits", "").strip()[:8]
    if not (scan.line or digits):
        return _kept_answer(code, error="empty")
    card = None
    if scan.line:
        scanned = recognise(scan.line, context().clock.today(), is_typed=scan.is_typed)
        if scanned.card is None:
            return _kept_answer(code, error="" if scanned.text == code else "no_card")
        card = scanned.card
    outcome = kept_forms.resume_at_screen(context(), code, visitor().id, card=card, digits=digits)
    if outcome != "open":
        return _kept_answer(code, error="card" if outcome == "wrong" and card else outcome)
    return _open_form()


def _open_form() -> Answer:
    opened = applying.current_draft(context(), visitor().id)
    procedure = context().catalogue.version(opened.draft.code, opened.draft.version)
    url = first_unfinished_url(procedure, opened.draft) if procedure else url_for("citizen.changed")
    return redirect(url, 303)


def _kept_answer(code: str, error: str = "") -> str:
    """Return the page of a kept form, or say what became of it."""
    try:
        answer = kept_forms.find_slip(context(), code, access.touchscreen())
    except TooManyTries:
        return start_page("tries")
    if answer.form is None:
        return _gone_page(answer)
    kept = answer.form.kept
    procedure = find_procedure(kept.procedure, kept.version)
    is_by_card = answer.form.opened_by == "card"
    return render(
        "citizen/kept_open.html",
        code=code,
        procedure=procedure.short.of(visitor().lang) if procedure else "",
        kept=kept,
        until=day_text(kept.kept_until),
        opened_by=answer.form.opened_by,
        error=error,
        scan=scan_anywhere() if is_by_card else None,
        reader_down=is_by_card and is_reader_down(),
    )


def _gone_page(answer: SlipAnswer) -> str:
    _ = translator(visitor().lang)
    if answer.submission is not None:
        return status_form(answer.submission.receipt_no, Notice("ok", _("Tờ khai này đã gửi."), ""))
    if answer.ended_on is not None:
        day = f"{answer.ended_on:%d/%m/%Y}"
        ended = Notice("warn", _("Phiếu này hết hạn ngày %(day)s.", day=day), _("Xin khai lại."))
        return start_page(notice=ended)
    return start_page("gone")
