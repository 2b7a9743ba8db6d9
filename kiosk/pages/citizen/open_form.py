"""The visitor's open form: its draft, its procedure, and the URLs within it."""

from collections.abc import Callable

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import applying
from kiosk.base.errors import FormChanged
from kiosk.dossiers.sealed_drafts import OpenedDraft, Result
from kiosk.pages.access import context, visitor
from kiosk.pages.forms.parsing import FormContext
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.journey import FormPage
from kiosk.procedures.model import Procedure

MAX_TURN_DIGITS = 10


def open_form() -> tuple[OpenedDraft, Procedure]:
    """Return the visitor's draft, and its procedure in the version with which it was begun.

    Raises:
        FormChanged: the catalogue no longer has this version.
    """
    opened = applying.current_draft(context(), visitor().id)
    procedure = context().catalogue.version(opened.draft.code, opened.draft.version)
    if procedure is None:
        raise FormChanged
    return opened, procedure


def change_draft(draft_id: str, change: Callable[[Draft], Result]) -> Result:
    """Apply a change of the citizen, in the turn that the posted page was shown in.

    Raises:
        TurnLost: a desk has taken over since.
    """
    return applying.update_draft(context(), draft_id, change, turn=posted_turn())


def posted_turn() -> int:
    """Return the number of the turn that the posted page was shown in; 0 where no desk had opened the draft."""
    number = request.form.get("turn", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < MAX_TURN_DIGITS else 0


def find_page(procedure: Procedure, draft: Draft, page_id: str) -> FormPage | None:
    """Return a page of the form that may be visited now."""
    return journey.find_page(procedure, draft, today=context().clock.today(), page_id=page_id)


def form_context(procedure: Procedure, page: FormPage) -> FormContext:
    """Return the context of a page at the touchscreen."""
    return FormContext(
        procedure=procedure,
        page=page,
        check_context=context().check_context,
        lang=visitor().lang,
        birth_places=context().config.birth_places,
    )


def first_unfinished_url(procedure: Procedure, draft: Draft) -> str:
    """Return the URL of the first unfinished page, or of the page of missing answers."""
    page = journey.first_unfinished(procedure, draft, context().clock.today())
    return url_for("citizen.step", page=page.id) if page else url_for("citizen.missing")


def redirect_if_unfinished(opened: OpenedDraft, procedure: Procedure) -> Answer | None:
    """Return a redirect to the first unfinished page; None if all pages are finished."""
    if journey.first_unfinished(procedure, opened.draft, context().clock.today()) is None:
        return None
    return redirect(first_unfinished_url(procedure, opened.draft), 303)
