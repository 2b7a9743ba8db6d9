"""Filing by a card: a form whose last page waits for a card is submitted when the card is read, if nothing is open."""

from flask import url_for

from kiosk.acts import applying
from kiosk.base.errors import AlreadySubmitted
from kiosk.dossiers import applicant
from kiosk.dossiers.sealed_drafts import UnfinishedForm
from kiosk.pages.access import context, live_visit, visitor
from kiosk.pages.citizen.open_form import change_draft, form_context, open_form, posted_turn
from kiosk.pages.forms import parsing
from kiosk.procedures import checks, journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.journey import FormPage
from kiosk.records.tickets import Priority


def file_by_card(page: FormPage) -> str:
    """Submit the visit's form after its card was read, and return the URL to go on; empty where a question is left.

    A doubt leads to the page of missing answers, as in any form. Practice beside the live kiosk files nothing.
    A person of 60 years or more is called earlier, as the check page of other forms proposes.
    """
    if live_visit():
        return ""
    opened, procedure = open_form()
    form = form_context(procedure, page)
    errors = change_draft(opened.id, lambda draft: parsing.apply_answers(form, draft, {}))
    opened, procedure = open_form()
    today = context().clock.today()
    if errors or journey.first_unfinished(procedure, opened.draft, today):
        return ""
    if _is_doubtful(opened.draft, form):
        return url_for("citizen.missing")
    is_elderly = procedure.queue and applicant.is_elderly(procedure, form.complete_answers(opened.draft), today)
    priority: Priority | None = "elderly" if is_elderly else None
    try:
        applying.submit(context(), visitor().id, opened.id, turn=posted_turn(), priority=priority)
    except UnfinishedForm:
        return ""
    except AlreadySubmitted:
        pass
    return url_for("citizen.done")


def _is_doubtful(draft: Draft, form: parsing.FormContext) -> bool:
    """Return whether a check has a warning, which the page of missing answers shows."""
    failed = checks.failed_checks(form.procedure, form.complete_answers(draft), form.check_context)
    return any(check.level == "warn" for check in failed)
