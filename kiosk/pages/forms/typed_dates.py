"""Notices for a date while it is typed: an impossible date, a short year with the year that it means, a rare age."""

from collections.abc import Mapping

from kiosk.i18n import translator
from kiosk.pages.forms.parsing import FieldErrors, FormContext
from kiosk.pages.forms.view_models import Notice
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.conditions import years_old
from kiosk.procedures.kinds.dates import whole_year
from kiosk.procedures.model import Field

CENTURIES = {"19", "20"}
"""Two digits with which a year of four digits begins: the person is still typing."""


RARE_AGE = 100
"""Years; a mistyped year is likelier than so old a person."""


def typed_date_notices(form: FormContext, draft: Draft, posted: Mapping[str, str], errors: FieldErrors) -> list[Notice]:
    """Return a notice for each date of a page whose last digit is typed and that is no date or has a short year.

    Args:
        draft: the draft with the posted answers applied.
        errors: the errors of the posted page.
    """
    notices = []
    for field in journey.fields_on(form.procedure, form.page, draft.answers):
        if field.kind != "date":
            continue
        boxes = [posted.get(f"{field.key}.{box}", "").strip() for box in "dmy"]
        if not _is_typed(boxes, field):
            continue
        error = next((text for key, text in errors if key.startswith(f"{field.key}.")), "")
        if len(boxes[2]) == 2:
            notices += _year_offer(form, field, boxes[2])
        elif error:
            notices.append(Notice("bad", error))
        else:
            notices += _rare_age(form, field, draft)
    return notices


def _rare_age(form: FormContext, field: Field, draft: Draft) -> list[Notice]:
    """Return a question about a birth date of a hundred years ago; it stops nobody, and is true of the dead too."""
    person = form.page.step.person or journey.person_on(form.procedure, form.page)
    born = str(draft.get(field.key) or "")
    age = years_old(born, form.today) if person and person.fills.get("date_of_birth") == field.key else None
    if age is None or age < RARE_AGE:
        return []
    _ = translator(form.lang)
    return [Notice("warn", _("Sinh năm %(year)s, đến nay %(age)s năm. Có đúng không?", year=born[:4], age=age))]


def _is_typed(boxes: list[str], field: Field) -> bool:
    """Return whether no box of a date is left to be typed; a year may still be short."""
    day, month, year = boxes
    return len(year) in (2, 4) and year.isascii() and year.isdigit() and bool((day and month) or field.partial)


def _year_offer(form: FormContext, field: Field, digits: str) -> list[Notice]:
    if digits in CENTURIES:
        return []
    _ = translator(form.lang)
    year = str(whole_year(digits, field, form.today))
    question = _("Năm %(short)s là %(year)s?", short=digits, year=year)
    return [Notice("warn", question, fill=(f"{field.key}.y", year, _("Đúng, ghi %(year)s", year=year)))]
