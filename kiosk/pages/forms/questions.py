"""View models of questions: the content of their boxes, options and suggestions."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kiosk.base.i18n import N_, translator
from kiosk.context import Context
from kiosk.pages.forms import date_suggestions, place_suggestions
from kiosk.pages.forms.date_suggestions import ISO_LENGTH
from kiosk.pages.forms.parsing import APART, ONE_GROUP, FormContext, asked_fields
from kiosk.pages.forms.view_models import Option, Question, Suggestion
from kiosk.procedures import journey, kinds
from kiosk.procedures.answers import Draft, default_of
from kiosk.procedures.conditions import holds, value_at
from kiosk.procedures.kinds import sessions
from kiosk.procedures.kinds.choices import OTHER
from kiosk.procedures.kinds.documents import DIGITS, types_of
from kiosk.procedures.kinds.numbers import dotted
from kiosk.procedures.kinds.places import PLACE_KINDS, may_write
from kiosk.procedures.kinds.text import ID_DIGITS
from kiosk.procedures.model import Field
from kiosk.vietnam import calendar, places, viet_text

FIGURES = "figures"
"""Keyboard of a text that begins with figures: the letters are one key away."""
FEWEST_OF_ONE_GROUP = 2
"""Questions about ethnic groups on a page, from which on one touch answers them all."""
QUICK_OPTIONS = 3
"""Ethnic groups in one row; the picker finds the others."""
PICKER_LABELS = {"ethnicity": N_("Dân tộc khác"), "nationality": N_("Nước khác")}


def page_questions(
    context: Context, form: FormContext, draft: Draft, errors: Mapping[str, str]
) -> tuple[Question, ...]:
    """Return the questions of a page."""
    known = form.known_answers(draft)
    fields = asked_fields(form, draft)
    keys_on_page = {field.key for field in fields}
    questions = []
    for field in fields:
        # A question that depends on another one of the same page is shown from the start.
        depends_on_page = any(condition.key in keys_on_page for condition in field.when)
        if holds(field.when, known, form.today) or depends_on_page:
            questions.append(_question(context, form, draft=draft, field=field, errors=errors))
    return tuple(questions)


def with_one_group(
    context: Context, form: FormContext, draft: Draft, questions: tuple[Question, ...]
) -> tuple[Question, ...]:
    """Return the questions of a page with one touch for the ward's first ethnic group before those about groups.

    The questions about each person follow only where the groups differ; after an error all are shown as they are.
    """
    _ = translator(form.lang)
    shown = {question.key for question in questions}
    keys = [field.key for field in asked_fields(form, draft) if field.kind == "ethnicity" and field.key in shown]
    has_error = any(question.error for question in questions if question.key in keys)
    if len(keys) < FEWEST_OF_ONE_GROUP or has_error or not context.config.ward.ethnic_first:
        return questions
    group = context.config.ward.ethnic_first[0]
    given = {draft.get(key) for key in keys}
    options = (
        Option(id=group, label=_("Cả nhà dân tộc %(group)s", group=group), chosen=given == {group}),
        Option(id=APART, label=_("Không cùng dân tộc"), chosen=given not in ({group}, {None})),
    )
    first = next(place for place, question in enumerate(questions) if question.key in keys)
    family = Question(part="choice", key=ONE_GROUP, label=_("Cả nhà cùng dân tộc?"), options=options)
    marked = [replace(question, apart=question.key in keys) for question in questions]
    return (*marked[:first], family, *marked[first:])


def _question(context: Context, form: FormContext, draft: Draft, field: Field, errors: Mapping[str, str]) -> Question:
    kind = kinds.of(field)
    lang = form.lang
    typed = draft.typed.get(form.page.id)
    value = _shown_value(context, form, draft=draft, field=field)
    options, more = _options(context, form, draft=draft, field=field)
    wrong_box, error = next(((box, text) for box, text in errors.items() if box.startswith(field.key)), ("", ""))
    return Question(
        part={"listed": "ethnicity"}.get(kind.template, kind.template),
        key=field.key,
        label=field.label.of(lang),
        value=_box_value(field, value, typed),
        hint=field.hint.of(lang) if field.hint else "",
        example=field.example.of(lang) if field.example else "",
        optional=not (field.required or field.required_when),
        keyboard=_keyboard(form, draft, field),
        options=options,
        more=more,
        more_label=field.more.of(lang) if field.more else "",
        pick=_picker_label(form, draft, field),
        own_ward=place_suggestions.own_ward_label(form, field),
        suggestions=_suggestions(form, draft, field),
        error=error,
        wrong_box=wrong_box,
        note=_date_in_words(field, value, lang),
        echo=field.echo.of(lang) if field.echo else "",
        low=field.low or 0,
        high=field.high or 99,
        unknown=field.unknown.of(lang) if field.unknown and not value else "",
        digits=_digits(field),
        takes_year=field.kind == "date" and field.partial,
    )


def _keyboard(form: FormContext, draft: Draft, field: Field) -> str:
    """Return the keyboard of a field; a column may begin with figures in some rows, such as those of a year."""
    named_by = journey.row_choice_field(form.procedure, form.page.step) if field.figures_for else None
    if named_by is not None and draft.get(f"{field.key.rpartition('.')[0]}.{named_by.key}") in field.figures_for:
        return FIGURES
    return field.keyboard or kinds.of(field).keyboard


def _shown_value(context: Context, form: FormContext, draft: Draft, field: Field) -> Any:
    """Return the answer; without one, the field's default or the answer that follows from others.

    A field with a button of its own for "I have none" is empty: the button takes the answer that follows.
    """
    value = draft.get(field.key)
    if value is not None or field.unknown:
        return value
    default = default_of(field, context.office)
    return value_at(form.known_answers(draft), field.key) if default is None else default


def _digits(field: Field) -> Mapping[str, int]:
    """Return how many digits a number has, by type of paper; without a chosen type it is that of an ID card."""
    if field.kind not in ("id_document", "id_number"):
        return {}
    return {"": ID_DIGITS, **(DIGITS if field.kind == "id_document" else {})}


def _picker_label(form: FormContext, draft: Draft, field: Field) -> str:
    """Return the label of the button that opens the picker; empty for questions without one."""
    _ = translator(form.lang)
    if field.kind in PICKER_LABELS:
        return _(PICKER_LABELS[field.kind])
    if field.kind not in PLACE_KINDS:
        return ""
    if place_suggestions.place_options(form, draft, field) or place_suggestions.own_ward_label(form, field):
        return _("Nơi khác") if may_write(field) else _("Tìm nơi khác")
    if may_write(field) and place_suggestions.asks_home(form, draft, field):
        return _("Tại nhà, nơi khác: tìm phường, xã")
    return _("Tìm phường, xã")


def _box_value(field: Field, value: Any, typed: Mapping[str, str] | None) -> Any:
    """Return the content of a question's boxes: the typed text if it had an error, else the answer."""
    if field.kind in BOXES:
        return BOXES[field.kind](field, value, typed or {})
    if field.kind in PLACE_KINDS:
        return _place_words(value)
    if typed is not None and field.key in typed:
        return typed[field.key]
    if value is None:
        return ""
    return str(value) if field.kind == "number" else value


def _date_boxes(field: Field, value: Any, typed: Mapping[str, str]) -> dict[str, str]:
    typed_boxes = {box: typed.get(f"{field.key}.{box}", "") for box in "dmy"}
    return typed_boxes if any(typed_boxes.values()) else _split_date(value)


def _split_date(value: Any) -> dict[str, str]:
    """Return an ISO date as its three boxes; month and day may be missing."""
    year, month, day = (*str(value or "").split("-"), "", "")[:3]
    return {"d": day, "m": month, "y": year}


def _time_boxes(field: Field, value: Any, typed: Mapping[str, str]) -> dict[str, str]:
    typed_boxes = {box: typed.get(f"{field.key}.{box}", "") for box in ("h", "min")}
    if any(typed_boxes.values()):
        return typed_boxes
    hour, _, minute = str(value or "").partition(":")
    return {"h": hour, "min": minute}


def _own_words(field: Field, value: Any, typed: Mapping[str, str]) -> str:
    """Return the text beside the options; empty if an option is chosen."""
    is_option = any(option.id == value for option in field.options)
    return typed.get(f"{field.key}.own", "") or ("" if is_option else str(value or ""))


def _money_box(field: Field, value: Any, typed: Mapping[str, str]) -> str:
    """Return the amount in the box; empty if one of the buttons has it."""
    is_option = any(option.id == str(value) for option in field.options)
    return typed.get(field.key, "") or ("" if value is None or is_option else dotted(value))


def _document_boxes(field: Field, value: Any, typed: Mapping[str, str]) -> dict[str, Any]:
    document = value if isinstance(value, dict) else {}
    if f"{field.key}.so" in typed:
        day = {box: typed.get(f"{field.key}.ngay_cap.{box}", "") for box in "dmy"}
        return {"so": typed[f"{field.key}.so"], "ngay_cap": day, "noi_cap": typed.get(f"{field.key}.noi_cap", "")}
    return {
        "so": document.get("so", ""),
        "ngay_cap": _split_date(document.get("ngay_cap")),
        "noi_cap": document.get("noi_cap", ""),
    }


BOXES = {
    "date": _date_boxes,
    "time": _time_boxes,
    "choice_text": _own_words,
    "money": _money_box,
    "id_document": _document_boxes,
}
"""Kind of field -> content of its boxes, for kinds whose boxes are not just the answer."""


def _place_words(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not value.get("wardCode"):
        is_written = isinstance(value, dict) and value.get("detail") and not value.get("card")
        return {"title": places.display(value) if is_written else "", "note": "", "detail": ""}
    return {"title": places.display({**value, "detail": ""}), "note": "", "detail": str(value.get("detail", ""))}


def _options(
    context: Context, form: FormContext, draft: Draft, field: Field
) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """Return the options of a question, and those behind "Khác"."""
    value = _shown_value(context, form, draft=draft, field=field)
    if field.kind in PICKER_LABELS:
        return _picker_options(context, field, value=value, lang=form.lang), ()
    if field.kind == "session":
        listed = sessions.open_sessions(context.office.seats, form.lang)
        return tuple(Option(id=key, label=label, hint=note, chosen=key == value) for key, label, note in listed), ()
    if field.kind == "id_document":
        return _document_options(form, draft, field=field, value=value), ()
    if field.kind == "date":
        return _day_options(form, draft, field), ()
    if field.kind in PLACE_KINDS:
        return place_suggestions.place_options(form, draft, field), ()
    options = _choice_options(field, value, form.lang)
    quick = [option for key in field.quick for option in options if option.id == key]
    more = [option for option in options if option not in quick] if quick else []
    return tuple(quick) or options, tuple(more)


def _picker_options(context: Context, field: Field, value: Any, lang: str) -> tuple[Option, ...]:
    """Return the first names of a long list, and the chosen one; the picker has the others."""
    quick = context.config.ward.ethnic_first[:QUICK_OPTIONS] if field.kind == "ethnicity" else ("VN",)
    kind = kinds.of(field)
    return tuple(
        Option(id=name, label=kind.on_screen(field, name, lang), chosen=name == value)
        for name in dict.fromkeys([*quick, value] if value else quick)
    )


def _document_options(form: FormContext, draft: Draft, field: Field, value: Any) -> tuple[Option, ...]:
    typed = draft.typed.get(form.page.id) or {}
    chosen = (value or {}).get("loai") or typed.get(f"{field.key}.loai")
    return tuple(
        Option(id=document.id, label=document.label.of(form.lang), chosen=document.id == chosen)
        for document in types_of(field)
    )


def _day_options(form: FormContext, draft: Draft, field: Field) -> tuple[Option, ...]:
    value = draft.get(field.key)
    days = date_suggestions.suggested_days(draft, field, today=form.today, lang=form.lang)
    return tuple(Option(id=day.id, label=day.label, chosen=bool(value) and day.value == value) for day in days)


def _choice_options(field: Field, value: Any, lang: str) -> tuple[Option, ...]:
    options_of_kind = getattr(kinds.of(field), "options", None)
    if options_of_kind is None and field.kind != "money":
        return ()
    options = options_of_kind(field) if options_of_kind else field.options
    chosen = _chosen_ids(field, value)
    return tuple(
        Option(
            id=option.id,
            label=option.label.of(lang),
            hint=option.hint.of(lang) if option.hint else "",
            chosen=option.id in chosen,
        )
        for option in options
    )


def _chosen_ids(field: Field, value: Any) -> list[str]:
    """Return the ids of the chosen options."""
    if field.kind == "boolean":
        return [{True: "co", False: "khong"}.get(value, "")]
    if field.kind == "choice_text" and value:
        return [value if any(option.id == value for option in field.options) else OTHER]
    return value or [] if field.kind == "multichoice" else [str(value)]


def _suggestions(form: FormContext, draft: Draft, field: Field) -> tuple[Suggestion, ...]:
    """Return the parents' surnames, each once, or the years of a date as buttons; they save typing, choose nothing."""
    _ = translator(form.lang)
    years = (field.suggest or {}).get("years", ())
    if years:
        labels = [(en if form.lang == "en" else vi, str(form.today.year + offset)) for vi, en, offset in years]
        return tuple(Suggestion(f"{label}: {year}", year) for label, year in labels)
    answers = form.complete_answers(draft)
    names = [value_at(answers, key) for key in (field.suggest or {}).get("surname", ())]
    surnames = dict.fromkeys(viet_text.surname(str(name)) for name in names if name)
    return tuple(Suggestion(_("Họ %(surname)s", surname=surname), f"{surname} ") for surname in surnames)


def _date_in_words(field: Field, value: Any, lang: str) -> str:
    """Return a complete Vietnamese date in words; empty for other answers."""
    if field.kind != "date" or lang != "vi" or len(str(value or "")) != ISO_LENGTH:
        return ""
    words = calendar.date_aloud(str(value), with_weekday=True)
    return words[:1].upper() + words[1:]
