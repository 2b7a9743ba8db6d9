"""Everything that was said, as a citizen reads it over: a row a page of the form, and whose answer each one is.

Nothing that was answered is left out here, and nothing is ambiguous: what two questions of a page could both have been
answered with is told with its question.
"""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from kiosk.i18n import Translate
from kiosk.pages.access import context
from kiosk.pages.forms.view_models import CheckRow
from kiosk.procedures import journey, kinds
from kiosk.procedures.answers import Draft, complete, is_empty
from kiosk.procedures.conditions import holds
from kiosk.procedures.kinds.numbers import counted
from kiosk.procedures.model import Field, FormStep, Procedure

NO_BREAK = "\u00a0"
CHOICE_KINDS = {"choice", "choice_text", "multichoice", "sex"}
OWN_LINE_KINDS = {"address", "place", "group", "group_list"}
"""Kinds that stand on a line of their own."""


def check_rows(procedure: Procedure, draft: Draft, lang: str, _: Translate) -> list[CheckRow]:
    """Return a row for each page of the form."""
    today = context().clock.today()
    answers = complete(procedure, draft.answers, context().office, today)
    known = journey.answers_with_situations(procedure, draft, today)
    found = []
    for step in procedure.steps:
        if not holds(step.when, known, today):
            continue
        name, lines = _summarize_step(procedure, step, answers, lang, _)
        if not name and not lines:
            way_out = step.rows_none or step.unknown
            lines = [way_out.of(lang) if way_out else _("Chưa ghi")]
        found.append(
            CheckRow(
                group=step.title.of(lang), name=name, lines=tuple(lines), change=url_for("citizen.step", page=step.id)
            )
        )
    return found


def _summarize_step(
    procedure: Procedure, step: FormStep, answers: Mapping[str, Any], lang: str, _: Translate
) -> tuple[str, list[str]]:
    """Return the first name of a page, and its lines: what is short in one, the rest one by one."""
    items = [item for item in _fields_of_step(procedure, step) if not is_empty(answers.get(item.key))]
    born = {step.person.fills.get(one, "") for one in ("date_of_birth", "year_of_birth")} if step.person else set()
    name = ""
    short = list[str]()
    lines = list[str]()
    for item in items:
        words = kinds.of(item).on_screen(item, answers[item.key], lang)
        label = item.label.of(lang)
        if item.kind == "person_name" and not name:
            name = words
        elif item.kind in OWN_LINE_KINDS:
            lines.append(words)
        elif item.kind == "boolean" or _is_ambiguous(item, items):
            (lines if label.endswith("?") else short).append(f"{_lowercase_first(label)} {words}")
        elif item.key in born:
            short.append(_("sinh %(words)s", words=_date_words(words, _)))
        else:
            short.append(_short_words(item, words, lang, _))
    lines = ([", ".join(dict.fromkeys(short))] if short else []) + lines
    return name, [line[:1].upper() + line[1:] for line in lines]


def _fields_of_step(procedure: Procedure, step: FormStep) -> list[Field]:
    # The day on which a card was issued is for the form; it is read over on the page where it can be changed.
    keys = [key for name, key in step.person.fills.items() if name != "issued"] if step.person else []
    keys += [*(one for one in step.fields if one.partition(".")[0] not in keys), *([step.rows] if step.rows else [])]
    found = dict.fromkeys(one.partition(".")[0] for one in keys)
    return [procedure.by_key[key] for key in found if key in procedure.by_key]


def _is_ambiguous(item: Field, items: list[Field]) -> bool:
    """Tell whether another question of the page could have the same answer: two dates, who of two was married."""
    others = [one for one in items if one.kind == item.kind and one.key != item.key]
    if item.kind in {"date", "ethnicity", "nationality"}:
        return bool(others)
    same = {option.label.vi for one in others for option in one.options}
    return item.kind in {"choice", "choice_text"} and bool(same & {option.label.vi for option in item.options})


def _short_words(item: Field, words: str, lang: str, _: Translate) -> str:
    if item.kind in CHOICE_KINDS:
        return words if _lists_names(item) else _lowercase_first(words)
    forms = {
        "date": _date_words(words, _),
        "id_document": _("số %(words)s", words=words),
        "id_number": _("số %(words)s", words=words),
        "phone": _("điện thoại %(words)s", words=words.replace(" ", NO_BREAK)),
        "ethnicity": _("dân tộc %(words)s", words=words),
        "number": counted(item.unit.of(lang) if item.unit else _("bản"), words, lang),
    }
    return forms.get(item.kind, words)


def _lists_names(item: Field) -> bool:
    """Tell whether a list is one of names (banks): some have capitals inside."""
    return any(option.label.vi[1:] != option.label.vi[1:].lower() for option in item.options)


def _lowercase_first(words: str) -> str:
    """Return words as they stand within a line; "I ..." and "VNeID" keep their capitals."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def _date_words(words: str, _: Translate) -> str:
    """Say a date as what it is: a day, a month or a year."""
    whole = (_("năm %(words)s", words=words), _("tháng %(words)s", words=words), _("ngày %(words)s", words=words))
    return whole[words.count("/")]
