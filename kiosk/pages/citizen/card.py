"""Reading an ID card into the form: polling for the scanner, and filling in a person."""

from dataclasses import dataclass
from typing import Any

from flask import jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import page_counts
from kiosk.dossiers import kept_details, kept_forms
from kiosk.dossiers.sealed_drafts import OpenedDraft
from kiosk.pages import access
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen
from kiosk.pages.citizen.card_filing import file_by_card
from kiosk.pages.citizen.open_form import change_draft, find_page, first_unfinished_url, form_context, open_form
from kiosk.pages.forms.card_filling import failed_sex_check, fill_from_card, is_number_of_someone_else
from kiosk.pages.forms.parsing import FormContext
from kiosk.pages.forms.rendering import CHECK_MESSAGE
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.journey import FormPage
from kiosk.procedures.model import Procedure
from kiosk.records.page_counts import CARD, PagePlace
from kiosk.vietnam import id_card


@citizen.get("/form/<page>/scan")
@allow("citizen")
def scan(page: str) -> Any:  # noqa: ARG001 - the URL names the page that waits
    """Return the version of the card inbox, and whether the scanner is disconnected; polling keeps the wait alive."""
    inbox = context().card_inbox
    if not access.has_scanner():
        return jsonify(version=0, down=False)
    return jsonify(version=inbox.poll(visitor().id), down=inbox.is_down)


@dataclass(frozen=True)
class ScanWait:
    """Polling of a page outside the form for a code: its address (empty: no polling) and the version last seen."""

    poll: str
    version: int


def scan_anywhere() -> ScanWait:
    """Return how the page of this request waits for a code; without the scanner at the port it does not."""
    if not access.has_scanner() or context().card_inbox.scanner is None:
        return ScanWait(poll="", version=0)
    version = context().card_inbox.known_version(visitor().id, gives_way=True)
    return ScanWait(poll=url_for("citizen.scan_wait"), version=version)


@citizen.get("/scan/wait")
@allow("citizen")
def scan_wait() -> Any:
    """Return the version of the card inbox for a page outside the form; a page that waits for a card goes first."""
    inbox = context().card_inbox
    if not access.has_scanner():
        return jsonify(version=0, down=False)
    return jsonify(version=inbox.poll(visitor().id, gives_way=True), down=inbox.is_down)


def is_reader_down() -> bool:
    """Return whether this screen has the scanner at the port, and that is disconnected."""
    return access.has_scanner() and context().card_inbox.is_down


@citizen.post("/form/<page>/card")
@allow("citizen")
def card(page: str) -> Answer:
    """Fill in a scanned card: from the inbox, or typed by a scanner in keyboard mode."""
    opened, procedure = open_form()
    form_page = find_page(procedure, opened.draft, page)
    if form_page is None:
        return redirect(first_unfinished_url(procedure, opened.draft), 303)
    line = context().card_inbox.pop(visitor().id)
    typed = request.form.get("line", "")
    return read_card(opened, procedure, page=form_page, line=line or typed, is_typed=not line)


def read_card(
    opened: OpenedDraft, procedure: Procedure, page: FormPage, line: str, *, is_typed: bool = False
) -> Answer:
    """Fill in the person of a page from a scanned line, and redirect to the page with a message.

    Args:
        is_typed: the line came from a scanner in keyboard mode.
    """
    today = context().clock.today()
    if journey.person_on(procedure, page) is None:
        return redirect(_page_url(page.id), 303)
    reading = id_card.parse(line, today, is_typed=is_typed)
    if isinstance(reading, id_card.NotACard):
        return redirect(_page_url(page.id, reading.kind), 303)
    refusal = _refusal(form_context(procedure, page), opened.draft, card=reading)
    if refusal:
        return redirect(_page_url(page.id, refusal), 303)
    owner = None if is_typed else kept_details.owner_of_card(context(), reading)
    opener = kept_forms.card_hash(context(), reading)

    def fill(draft: Draft) -> None:
        fill_from_card(procedure, draft, page=page, card=reading, owner=owner)
        draft.put(f"{kept_forms.SCANNED_CARD}.{page.id}", opener, "card")

    since = context().card_inbox.shown_since(visitor().id, page.id)
    waited = None if since is None else context().clock.monotonic() - since
    place = PagePlace(procedure=procedure.code, version=procedure.version, step=page.step.id + CARD)
    with page_counts.counting(context(), place, seconds=waited, checks=()):
        change_draft(opened.id, fill)
    context().card_inbox.mark_filled(visitor().id)
    if reading.lossy and not page.step.rows:
        return redirect(_page_url(f"{page.step.id}.{journey.NAME}", "lost"), 303)
    filed = file_by_card(page) if procedure.by_card else ""
    return redirect(filed or _page_url(page.id), 303)


def _refusal(form: FormContext, draft: Draft, card: id_card.Card) -> str:
    """Return the message of `rendering.step_page` for a card that is not filled in; empty for one that is."""
    if context().config.kiosk.practice and not id_card.is_practice(card.id_number):
        return "not_practice"
    if is_number_of_someone_else(form.procedure, draft, page=form.page, number=card.id_number, today=form.today):
        return "same"
    failed = failed_sex_check(form, draft, card=card)
    return CHECK_MESSAGE + failed.id if failed else ""


def _page_url(page_id: str, message: str = "") -> str:
    return url_for("citizen.step", page=page_id, said=message or None)
