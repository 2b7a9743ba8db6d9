"""A visit with a begun form that chooses another procedure: nothing is deleted before the person says so."""

from flask import request, url_for

from kiosk.acts import applying
from kiosk.pages.access import context, visitor
from kiosk.pages.citizen.blueprint import render
from kiosk.pages.citizen.keep import find_procedure, keep_offer
from kiosk.pages.citizen.open_form import first_unfinished_url
from kiosk.procedures.answers import Draft
from kiosk.procedures.model import Procedure


def ask_before_deletion(procedure: Procedure, situations: dict[str, str]) -> str | None:
    """Return the page that asks what becomes of the other form; None where nothing is lost, or it may be deleted."""
    if not visitor().draft_id or request.form.get("drop") == "1":
        return None
    draft = applying.current_draft(context(), visitor().id).draft
    other = find_procedure(draft.code, draft.version)
    offer = keep_offer()
    if other is None or offer is None or not _has_answers(other, draft):
        return None
    lang = visitor().lang
    return render(
        "citizen/other_form.html",
        title=procedure.short.of(lang),
        offer=offer,
        go_on=first_unfinished_url(other, draft),
        post=url_for("citizen.begin", code=procedure.code),
        known=situations,
    )


def _has_answers(procedure: Procedure, draft: Draft) -> bool:
    """Return whether a form has more than the situation that was chosen before it."""
    return bool(draft.answers.keys() - {situation.key for situation in procedure.situations})
