"""Message of the machine to a date: one at a time, below its boxes, where the page keeps room for it.

An impossible date, a short year with the year that it means, a failed check, a rare age, or the date in words.
"""

from collections.abc import Mapping

from kiosk.base.i18n import translator
from kiosk.pages.forms.parsing import FieldErrors, FormContext
from kiosk.pages.forms.view_models import Notice
from kiosk.procedures import checks, journey
from kiosk.procedures.answer_errors import AnswerError
from kiosk.procedures.answers import Draft
from kiosk.procedures.conditions import years_old
from kiosk.procedures.kinds.dates import whole_year
from kiosk.procedures.model import Check, Field
from kiosk.vietnam import calendar

CENTURIES = {"19", "20"}
"""Two digits with which a year of four digits begins: the person is still typing."""

RARE_AGE = 100
"""Years; a mistyped year is likelier than so old a person."""

WHOLE = len("2026-01-01")

LONGEST_DAY = "2041-12-29"
"""A date whose words are as long as those of any other date."""


def message_while_typed(
    form: FormContext, draft: Draft, field: Field, posted: Mapping[str, str], errors: FieldErrors
) -> Notice | None:
    """Return the message to a date that is not posted yet; None while a box of it is left to be typed.

    Args:
        draft: the draft with the posted answers applied.
        errors: the errors of the posted page.
    """
    boxes = [posted.get(f"{field.key}.{box}", "").strip() for box in "dmy"]
    if not _is_typed(boxes, field):
        return None
    if len(boxes[2]) == 2:
        return _year_offer(form, field, boxes[2])
    error = next((text for key, text in errors if key.startswith(field.key)), "")
    return Notice("bad", error) if error else message(form, draft, field)


def message(form: FormContext, draft: Draft, field: Field) -> Notice | None:
    """Return the message to the date in a draft: what is wrong with it, else the date in words."""
    if draft.get(field.key) is None:
        return None
    answers = form.complete_answers(draft)
    failed = checks.failed_checks(form.procedure, answers, context=form.check_context, step=form.page.step.id)
    about_date = sorted((check for check in failed if field.key in check.keys), key=_how_harmless)
    if about_date:
        return _of_check(form, about_date[0])
    return _rare_age(form, field, draft) or _in_words(str(draft.get(field.key)), form.lang)


def possible_messages(form: FormContext, field: Field) -> list[Notice]:
    """Return the longest message of each kind to a date: the page keeps room for any of them, so that none moves it."""
    longest = [
        _in_words(LONGEST_DAY, form.lang),
        _year_offer(form, field, "44"),
        Notice("bad", AnswerError("date_not_real", {"day": 31, "month": 11, "year": 2026}).message(form.lang)),
        Notice("bad", AnswerError("date_incomplete").message(form.lang)),
    ]
    longest += [
        _of_check(form, check)
        for check in form.procedure.checks
        if check.at == form.page.step.id and field.key in check.keys
    ]
    if _is_birth_date(form, field):
        longest.append(_old(form, year="1924", age=102))
    return [notice for notice in longest if notice]


def _how_harmless(check: Check) -> int:
    return 0 if check.level == "error" else 1 if check.officer else 2


def _of_check(form: FormContext, check: Check) -> Notice:
    if check.level == "error":
        return Notice("bad", check.say.of(form.lang))
    _ = translator(form.lang)
    go = (form.urls.url_of("ticket"), _("Lấy số")) if check.officer and form.urls.reads_cards else ("", "")
    return Notice("warn", check.say.of(form.lang), go=go)


def _in_words(value: str, lang: str) -> Notice | None:
    """Return a whole date in Vietnamese words, its weekday first."""
    if lang != "vi" or len(value) != WHOLE:
        return None
    weekday, comma, rest = calendar.date_aloud(value, with_weekday=True).partition(",")
    return Notice("info", weekday[:1].upper() + weekday[1:] + comma, rest.strip(), icon="calendar")


def _is_birth_date(form: FormContext, field: Field) -> bool:
    person = form.page.step.person or journey.person_on(form.procedure, form.page)
    return person is not None and person.fills.get("date_of_birth") == field.key


def _rare_age(form: FormContext, field: Field, draft: Draft) -> Notice | None:
    """Return a question about a birth date of a hundred years ago; it stops nobody, and is true of the dead too."""
    born = str(draft.get(field.key) or "")
    age = years_old(born, form.today) if _is_birth_date(form, field) else None
    return None if age is None or age < RARE_AGE else _old(form, year=born[:4], age=age)


def _old(form: FormContext, year: str, age: int) -> Notice:
    _ = translator(form.lang)
    return Notice("warn", _("Sinh năm %(year)s, đến nay %(age)s năm. Có đúng không?", year=year, age=age))


def _is_typed(boxes: list[str], field: Field) -> bool:
    """Return whether no box of a date is left to be typed; a year may still be short."""
    day, month, year = boxes
    return len(year) in (2, 4) and year.isascii() and year.isdigit() and bool((day and month) or field.partial)


def _year_offer(form: FormContext, field: Field, digits: str) -> Notice | None:
    if digits in CENTURIES:
        return None
    _ = translator(form.lang)
    year = str(whole_year(digits, field, form.today))
    question = _("Năm %(short)s là %(year)s?", short=digits, year=year)
    return Notice("warn", question, fill=(f"{field.key}.y", year, _("Đúng, ghi %(year)s", year=year)))
