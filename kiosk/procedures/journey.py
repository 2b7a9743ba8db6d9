"""The way through a form: which page is next, and may this one be visited.

The way is walked anew from the start for every request, from the answers alone: nobody can skip ahead by address, and
an answer that changes opens or closes the pages behind it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kiosk.procedures import kinds
from kiosk.procedures.answers import Draft, field_at, with_situations
from kiosk.procedures.conditions import holds
from kiosk.procedures.model import Field, PersonStep, Procedure, Step, Words

NAME, BIRTH, PAPER, HOME = "name", "birth", "paper", "home"
BY_HAND = (NAME, BIRTH, PAPER, HOME)
WHOLE = "whole"
"""A person with all its parts on one page, as the desk asks it; no address of the touchscreen names it."""
FILLS = {NAME: ("full_name",), BIRTH: ("date_of_birth", "sex"), PAPER: ("id",), HOME: ("residence",)}
ROW_FILLS = {"person_name": "full_name", "date": "date_of_birth", "sex": "sex", "id_number": "id", "id_document": "id"}
MOST_ROWS = 20


@dataclass(frozen=True)
class FormPage:
    """One address of a form: a step, or a part of it (a person typed by hand, a row of a list)."""

    step: Step
    part: str = ""

    @property
    def id(self) -> str:
        """The page as it stands in the address: `nguoi_me` or `nguoi_me.birth`."""
        return f"{self.step.id}.{self.part}" if self.part else self.step.id


def answers_with_situations(procedure: Procedure, draft: Draft, today: date) -> dict[str, Any]:
    """Return the answers with all that follows from them: what conditions are judged by."""
    return with_situations(procedure, draft.answers, today)


def pages(procedure: Procedure, draft: Draft, today: date) -> list[FormPage]:
    """Return the pages of the main way, in order, for what has been answered so far."""
    known = answers_with_situations(procedure, draft, today)
    found: list[FormPage] = []
    for step in procedure.steps:
        if step.place == "page" and holds(step.when, known, today):
            found += _of_step(procedure, step, draft)
    return found


def _of_step(procedure: Procedure, step: Step, draft: Draft) -> list[FormPage]:
    if step.person is None or step.id not in draft.by_hand:
        return [FormPage(step)]
    parts = [FormPage(step, part) for part in BY_HAND if _is_needed(procedure, step.person, part, draft)]
    return [*parts, FormPage(step)] if step.fields else parts


def _is_needed(procedure: Procedure, person: PersonStep, part: str, draft: Draft) -> bool:
    if not _asks(person, part):
        return False
    # The civil-status forms ask for a home only where there is no id number (their note 2); others always.
    home = procedure.by_key.get(person.fills.get("residence", ""))
    return part != HOME or bool(home and home.required) or draft.get(person.fills.get("id", "")) is None


def _asks(person: PersonStep, part: str) -> bool:
    """What only helps to ask (an underscore key: the home on the card) is filled by a card and never typed."""
    return any(not person.fills.get(name, "_").startswith("_") for name in FILLS[part])


def find_page(procedure: Procedure, draft: Draft, today: date, page_id: str) -> FormPage | None:
    """Return a page that may be shown now (on the way, part of a step, a row, behind the check page), or None."""
    step_id, _, part = page_id.partition(".")
    step = procedure.by_step.get(step_id)
    if (
        step is None
        or not holds(step.when, answers_with_situations(procedure, draft, today), today)
        or not _exists(step, part, draft)
    ):
        return None
    page = FormPage(step, part)
    return page if can_visit(procedure, draft, today, page) else None


def _exists(step: Step, part: str, draft: Draft) -> bool:
    if not part:
        return True
    if step.person is not None:
        return part in BY_HAND and _asks(step.person, part)
    rows = len(draft.answers.get(step.rows) or []) if step.rows else -1
    return part.isdigit() and int(part) <= min(rows, MOST_ROWS - 1)


def can_visit(procedure: Procedure, draft: Draft, today: date, page: FormPage) -> bool:
    """Return whether everything before a page is done."""
    way = pages(procedure, draft, today)
    if page.step.place == "review":
        return all(one.id in draft.done for one in way)
    for one in way:
        if one.id == page.id or one.step.id == page.step.id:
            return True
        if one.id not in draft.done:
            return False
    return False


def first_unfinished(procedure: Procedure, draft: Draft, today: date) -> FormPage | None:
    """Return the first page that is not done; None when the way has been walked."""
    return next((page for page in pages(procedure, draft, today) if page.id not in draft.done), None)


def neighbours(
    procedure: Procedure, draft: Draft, today: date, page: FormPage
) -> tuple[FormPage | None, FormPage | None]:
    """Return the pages before and behind one on the main way."""
    way = pages(procedure, draft, today)
    here = next((at for at, one in enumerate(way) if one.id == page.id), None)
    if here is None:
        return None, None
    return (way[here - 1] if here else None), (way[here + 1] if here + 1 < len(way) else None)


def page_number(procedure: Procedure, draft: Draft, today: date, page: FormPage | None) -> tuple[int, int]:
    """Return (this page, all pages); what stands before the form is the first, the check page the last."""
    way = pages(procedure, draft, today)
    total = len(way) + 2
    if page is None:
        return total, total
    here = next((at for at, one in enumerate(way) if one.step.id == page.step.id and one.part in ("", page.part)), None)
    return (total if here is None else here + 2), total


def fields_on(procedure: Procedure, page: FormPage, answers: Mapping[str, Any]) -> list[Field]:
    """Return what a page asks, each field under the path it answers."""
    step = page.step
    if step.rows and page.part:
        return row_fields(procedure.by_key[step.rows], page.part)
    if step.rows:
        named = row_choice_field(procedure, step)
        count = len(answers.get(step.rows) or ()) if named else 0
        return [one for at in range(count) for one in row_fields(procedure.by_key[step.rows], str(at))[1:]]
    if step.person is not None and page.part == WHOLE:
        keys = list(dict.fromkeys([*step.person.fills.values(), *step.fields]))
    elif step.person is not None and page.part:
        keys = [step.person.fills[name] for name in FILLS[page.part] if name in step.person.fills]
    else:
        keys = list(step.fields)
    return [found for key in keys for found in _spread(field_at(procedure, key))]


def row_fields(item: Field, part: str) -> list[Field]:
    """Return what one row of a list asks."""
    return [replace(one, key=f"{item.key}.{part}.{one.key}") for one in item.fields if one.asked]


def row_choice_field(procedure: Procedure, step: Step) -> Field | None:
    """Return the first column of rows of things: one touch chooses it, and the rows are filled in on one page."""
    first = procedure.by_key[step.rows].fields[0] if step.rows else None
    return first if first is not None and first.kind in {"choice", "choice_text"} else None


def _spread(item: Field | None) -> list[Field]:
    if item is None:
        return []
    if item.kind != "group":
        return [item]
    return list(kinds.parts_of(item))


def person_on(procedure: Procedure, page: FormPage) -> PersonStep | None:
    """Return what a scan fills on a page: the step's person, or the person of the row that is being added."""
    step = page.step
    if step.person is not None:
        return step.person if not page.part else None
    if not step.rows or not page.part:
        return None
    columns = procedure.by_key[step.rows].fields
    fills = {ROW_FILLS[one.kind]: f"{step.rows}.{page.part}.{one.key}" for one in columns if one.kind in ROW_FILLS}
    # A card is asked for only where the row wants what it tells for sure.
    return PersonStep(role=step.title, fills=fills) if {"full_name", "id"} <= fills.keys() else None


def applicant_step(procedure: Procedure, answers: Mapping[str, Any], today: date) -> Step | None:
    """Return the page of the person who applies; None where nobody of the form does (somebody helps)."""
    people = ((step, step.when + step.person.applies) for step in procedure.steps if step.person)
    return next((step for step, when in people if holds(when, answers, today)), None)


def is_required(item: Field, known: Mapping[str, Any], today: date) -> bool:
    """Return whether a field must be answered in this situation."""
    return item.required or bool(item.required_when and holds(item.required_when, known, today))


UNKNOWN = Words("Không nhớ", "I don't remember")
