"""Notices for a date while it is typed: an impossible date, or a year of two digits with the year that it means."""

from collections.abc import Mapping

from kiosk.i18n import translator
from kiosk.pages.forms.parsing import FieldErrors, FormContext
from kiosk.pages.forms.view_models import Notice
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.kinds.dates import whole_year
from kiosk.procedures.model import Field

CENTURIES = {"19", "20"}
"""Two digits with which a year of four digits begins: the person is still typing."""


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
    return notices


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
