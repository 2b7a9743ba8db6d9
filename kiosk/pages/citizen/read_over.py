"""Rows of the check page: all answers of a form in short words, one row for each step.

No answer is left out, and none is ambiguous: if another question of the step could have the same answer, the question
is shown with it. Only a "yes" is left out that the number after it says.
"""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from kiosk.base.i18n import Translate
from kiosk.pages.access import context
from kiosk.pages.forms.view_models import CheckRow
from kiosk.procedures import journey, kinds
from kiosk.procedures.answers import Draft, complete, is_empty
from kiosk.procedures.conditions import holds, leaf_conditions
from kiosk.procedures.kinds.numbers import counted
from kiosk.procedures.model import Field, FormStep, Procedure

NO_BREAK = "\u00a0"
CHOICE_KINDS = {"choice", "choice_text", "multichoice", "sex"}
OWN_LINE_KINDS = {"address", "place", "group", "group_list"}
"""Kinds whose answers get a line of their own."""


def check_rows(procedure: Procedure, draft: Draft, lang: str, _: Translate) -> list[CheckRow]:
    """Return a row for each step of the form that is asked."""
    today = context().clock.today()
    answers = complete(procedure, draft.answers, office=context().office, today=today)
    known = journey.answers_with_situations(procedure, draft, today)
    rows = [*_situation_row(procedure, known, lang=lang, _=_)]
    for step in procedure.steps:
        if not holds(step.when, known, today):
            continue
        name, lines = _summarize_step(procedure, step, answers=answers, lang=lang, _=_)
        if not name and not lines:
            way_out = step.rows_none or step.unknown
            lines = [way_out.of(lang) if way_out and step.id in draft.done else _("Chưa ghi")]
        elif lines and (source := _source_of_step(step, draft, lang=lang, _=_)):
            lines[-1] = f"{lines[-1]} ({source})"
        url = url_for("citizen.step", page=step.id)
        rows.append(CheckRow(group=step.title.of(lang), name=name, lines=tuple(lines), change=url))
    return rows


def _source_of_step(step: FormStep, draft: Draft, lang: str, _: Translate) -> str:
    """Return where the answers of a step come from that nobody gave; empty where the person gave one."""
    if any(draft.get(key) is not None for key in step.fields):
        return ""
    if step.derived:
        return step.derived.of(lang)
    return _("máy ghi sẵn") if step.place == "review" and step.id not in draft.done else ""


def _situation_row(procedure: Procedure, known: Mapping[str, Any], lang: str, _: Translate) -> list[CheckRow]:
    """Return the row of the answers that were chosen before the form; none where nothing was asked."""
    lines = []
    for situation in procedure.situations:
        chosen = next((option for option in situation.options if option.id == known.get(situation.key)), None)
        if situation.ask and chosen:
            lines.append(f"{situation.ask.of(lang)} {chosen.label.of(lang)}")
    if not lines:
        return []
    url = url_for("citizen.need", code=procedure.code, change=1)
    return [CheckRow(group=_("Trường hợp"), name="", lines=tuple(lines), change=url)]


def _summarize_step(
    procedure: Procedure, step: FormStep, answers: Mapping[str, Any], lang: str, _: Translate
) -> tuple[str, list[str]]:
    """Return the first name of a step, and its lines: short answers in one line, then the long ones."""
    fields = [field for field in _fields_of_step(procedure, step) if not is_empty(answers.get(field.key))]
    fields = [field for field in fields if not _is_said_by_number(field, fields, answers)]
    fills = step.person.fills if step.person else {}
    birth_keys = {fills.get("date_of_birth", ""), fills.get("year_of_birth", "")}
    name = ""
    short = list[str]()
    lines = list[str]()
    for field in fields:
        words = kinds.of(field).on_screen(field, answers[field.key], lang)
        label = field.label.of(lang)
        if field.kind == "person_name" and not name:
            name = words
        elif field.kind in OWN_LINE_KINDS:
            lines.append(words)
        elif field.kind == "boolean" or _is_ambiguous(field, fields):
            (lines if label.endswith("?") else short).append(f"{_lowercase_first(label)} {words}")
        elif field.key in birth_keys:
            short.append(_("sinh %(words)s", words=_date_words(words, _)))
        else:
            short.append(_short_words(field, words, lang=lang, _=_))
    lines = ([", ".join(dict.fromkeys(short))] if short else []) + lines
    return name, [line[:1].upper() + line[1:] for line in lines]


def _fields_of_step(procedure: Procedure, step: FormStep) -> list[Field]:
    # A card's date of issue is needed only on the form; it can be read and changed on its own page.
    person_keys = [key for name, key in step.person.fills.items() if name != "issued"] if step.person else []
    step_keys = [key for key in step.fields if key.partition(".")[0] not in person_keys]
    row_keys = [step.rows] if step.rows else []
    keys = dict.fromkeys(key.partition(".")[0] for key in [*person_keys, *step_keys, *row_keys])
    return [procedure.by_key[key] for key in keys if key in procedure.by_key]


def _is_said_by_number(field: Field, fields: list[Field], answers: Mapping[str, Any]) -> bool:
    """Return whether a "yes" is said by the number that it asks for: who wants two copies wants copies."""
    numbers = (other for other in fields if other.kind == "number")
    asking = (condition.key for number in numbers for condition in leaf_conditions(number.when))
    return answers[field.key] is True and field.key in asking


def _is_ambiguous(field: Field, fields: list[Field]) -> bool:
    """Return whether another question of the step could have the same answer, such as a second date."""
    others = [other for other in fields if other.kind == field.kind and other.key != field.key]
    if field.kind in {"date", "ethnicity", "nationality"}:
        return bool(others)
    labels = {option.label.vi for other in others for option in other.options}
    return field.kind in {"choice", "choice_text"} and bool(labels & {option.label.vi for option in field.options})


def _short_words(field: Field, words: str, lang: str, _: Translate) -> str:
    if field.kind in CHOICE_KINDS:
        return words if _lists_names(field) else _lowercase_first(words)
    forms = {
        "date": _date_words(words, _),
        "id_document": _("số %(words)s", words=words),
        "id_number": _("số %(words)s", words=words),
        "phone": _("điện thoại %(words)s", words=words.replace(" ", NO_BREAK)),
        "ethnicity": _("dân tộc %(words)s", words=words),
        "number": counted(field.unit.of(lang) if field.unit else _("bản"), words, lang),
    }
    return forms.get(field.kind, words)


def _lists_names(field: Field) -> bool:
    """Return whether the options are names, such as banks: some have capitals inside."""
    return any(option.label.vi[1:] != option.label.vi[1:].lower() for option in field.options)


def _lowercase_first(words: str) -> str:
    """Return words as written within a line; "I ..." and "VNeID" keep their capitals."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def _date_words(words: str, _: Translate) -> str:
    """Return a date with its unit: day, month or year."""
    forms = (_("năm %(words)s", words=words), _("tháng %(words)s", words=words), _("ngày %(words)s", words=words))
    return forms[words.count("/")]
