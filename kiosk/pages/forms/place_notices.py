"""Notices that another ward is competent: told on the page that decides it, before the rest of the form is filled in.

People may file many civil-status matters in any ward, so the notice never stops a form. It offers a ticket: the ward
helps to file online to the competent one.
"""

from flask import url_for

from kiosk.base.i18n import translator
from kiosk.pages.forms.parsing import FormContext
from kiosk.pages.forms.view_models import Notice
from kiosk.procedures import checks, journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.model import Check


def place_notices(form: FormContext, draft: Draft) -> list[Notice]:
    """Return the notices of the failed rules about the place of filing that this page decides."""
    _ = translator(form.lang)
    go = (url_for("citizen.ticket"), _("Lấy số")) if form.urls.reads_cards else ("", "")
    return [Notice("warn", "", check.say.of(form.lang), go=go) for check in failed_place_checks(form, draft)]


def failed_place_checks(form: FormContext, draft: Draft) -> list[Check]:
    """Return the failed rules about the place of filing whose last answer is asked on this page."""
    rules = [check for check in form.procedure.checks if check.ticket]
    if not rules or not _is_answered(form, draft):
        return []
    answers = form.complete_answers(draft)
    return [
        check
        for check in rules
        if not checks.passes(check, answers, form.check_context)
        and journey.step_that_decides(form.procedure, draft, today=form.today, keys=check.keys) == form.page.step.id
    ]


def _is_answered(form: FormContext, draft: Draft) -> bool:
    person = journey.person_on(form.procedure, form.page)
    has_person = person is not None and draft.get(person.fills.get("full_name", "")) is not None
    return has_person or form.page.id in draft.done
