"""Journey through a multi-step form (wizard): order of its pages, the next one, and which may be visited now.

The order is computed from the answers alone in every request. Nobody can skip ahead by URL, and a changed answer adds
or removes the pages after it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from kiosk.base import codes
from kiosk.procedures import kinds
from kiosk.procedures.answers import Draft, copy_source, field_at, with_situations
from kiosk.procedures.base import Answers
from kiosk.procedures.conditions import holds, leaf_conditions
from kiosk.procedures.model import Field, FormStep, PersonStep, Procedure, Situation

NAME = "name"
BIRTH = "birth"
ID_DOCUMENT = "paper"
RESIDENCE = "home"
PERSON_PARTS = (NAME, BIRTH, ID_DOCUMENT, RESIDENCE)
"""Parts of a person page, asked one by one where the person is typed by hand."""
WHOLE = "whole"
"""All parts of a person on one page, as at the desk; no URL of the touchscreen has it."""
# Part of a person, kind of a column -> what they fill of a person (`PersonStep.fills`).
FILLS = {NAME: ("full_name",), BIRTH: ("date_of_birth", "sex"), ID_DOCUMENT: ("id",), RESIDENCE: ("residence",)}
ROW_FILLS = {"person_name": "full_name", "date": "date_of_birth", "sex": "sex", "id_number": "id", "id_document": "id"}
MAX_ROWS = 20
"""Rows of a list at most, where its file has no `high`."""


@dataclass(frozen=True)
class FormPage:
    """One URL of a form: a step, or a part of it (part of a person typed by hand, row of a list)."""

    step: FormStep
    part: str = ""

    @property
    def id(self) -> str:
        """Name of the page in the URL: `nguoi_me` or `nguoi_me.birth`."""
        return f"{self.step.id}.{self.part}" if self.part else self.step.id


def answers_with_situations(procedure: Procedure, draft: Draft, today: date) -> dict[str, Any]:
    """Return the answers of a draft with its copies and derived situations; conditions are evaluated on these."""
    return with_situations(procedure, draft.answers, today)


def pages(procedure: Procedure, draft: Draft, today: date) -> list[FormPage]:
    """Return the pages up to the check page, in order, for the answers given so far."""
    answers = answers_with_situations(procedure, draft, today)
    in_order: list[FormPage] = []
    for step in procedure.steps:
        if step.place == "page" and holds(step.when, answers, today):
            in_order += _pages_of_step(procedure, step, draft)
            if _is_home_needed(procedure, step, draft, answers, today):
                in_order.append(FormPage(step, RESIDENCE))
    return in_order


def _is_home_needed(procedure: Procedure, step: FormStep, draft: Draft, answers: Answers, today: date) -> bool:
    """Return whether the home of a known person is asked after the other answers: no card gave it, and a rule needs it.

    A card without Vietnamese marks has no home, and for a typed person the ID number is enough. A rule about the place
    of filing needs the home all the same; of a rule over several homes one is enough.
    """
    person = step.person
    key = person.fills.get("residence", "_") if person else "_"
    if person is None or key.startswith("_") or draft.get(person.fills.get("full_name", "")) is None:
        return False
    page = FormPage(step, RESIDENCE)
    is_earlier = step.id in draft.by_hand and _is_part_needed(procedure, person=person, part=RESIDENCE, draft=draft)
    if is_earlier or (draft.get(key) is not None and page.id not in draft.done):
        return False
    home = field_at(procedure, key)
    if home is not None and home.required:
        return True
    same = {key, *(copy.to for copy in procedure.copies if copy.source == key and holds(copy.when, answers, today))}
    rules = [check for check in procedure.checks if check.ticket and holds(check.when, answers, today)]
    return any(
        same & set(check.keys) and not any(answers.get(other) for other in check.keys if other not in same)
        for check in rules
    )


def _pages_of_step(procedure: Procedure, step: FormStep, draft: Draft) -> list[FormPage]:
    if step.person is None or step.id not in draft.by_hand:
        return [FormPage(step)]
    parts = [
        FormPage(step, part)
        for part in PERSON_PARTS
        if _is_part_needed(procedure, person=step.person, part=part, draft=draft)
    ]
    return [*parts, FormPage(step)] if step.fields else parts


def _is_part_needed(procedure: Procedure, person: PersonStep, part: str, draft: Draft) -> bool:
    if not _has_part(person, part):
        return False
    # The civil-status forms ask for a home only where there is no id number (their note 2); others always.
    home = procedure.by_key.get(person.fills.get("residence", ""))
    return part != RESIDENCE or bool(home and home.required) or draft.get(person.fills.get("id", "")) is None


def _has_part(person: PersonStep, part: str) -> bool:
    """Return whether a part has a key of the form; a helper key (`_...`, the residence on the card) is never typed."""
    return any(not person.fills.get(name, "_").startswith("_") for name in FILLS[part])


def find_page(procedure: Procedure, draft: Draft, today: date, page_id: str) -> FormPage | None:
    """Return the page with an id if it exists for these answers and may be visited now, or None."""
    step_id, _, part = page_id.partition(".")
    step = procedure.by_step.get(step_id)
    if step is None or not holds(step.when, answers_with_situations(procedure, draft, today), today):
        return None
    page = FormPage(step, part)
    return (
        page
        if _exists(procedure, step, part=part, draft=draft)
        and can_visit(procedure=procedure, draft=draft, today=today, page=page)
        else None
    )


def most_rows(procedure: Procedure, step: FormStep) -> int:
    """Return how many rows the list of a step may have."""
    return procedure.by_key[step.rows].high or MAX_ROWS


def _exists(procedure: Procedure, step: FormStep, *, part: str, draft: Draft) -> bool:
    if not part:
        return True
    if step.person is not None:
        return part in PERSON_PARTS and _has_part(step.person, part)
    if not step.rows:
        return False
    rows = len(draft.answers.get(step.rows) or [])
    most = most_rows(procedure, step)
    return 0 <= codes.parse_number(part) <= min(rows, most - 1)  # index `rows`, after the last row, adds a row


def can_visit(procedure: Procedure, draft: Draft, today: date, page: FormPage) -> bool:
    """Return whether every page of the earlier steps is done; parts and rows of one step may be visited in any order.

    A step after the check page (`place = "review"`) needs all pages done.
    """
    in_order = pages(procedure, draft, today)
    if page.step.place == "review":
        return all(earlier.id in draft.done for earlier in in_order)
    for earlier in in_order:
        if earlier.id == page.id or earlier.step.id == page.step.id:
            return True
        if earlier.id not in draft.done:
            return False
    return False


def first_unfinished(procedure: Procedure, draft: Draft, today: date) -> FormPage | None:
    """Return the first page that is not done; None when all are done."""
    return next((page for page in pages(procedure, draft, today) if page.id not in draft.done), None)


def previous_page(procedure: Procedure, draft: Draft, today: date, page: FormPage) -> FormPage | None:
    """Return the page before a page; None for the first, and for a page after the check page."""
    in_order = pages(procedure, draft, today)
    position = _position(in_order, page)
    return in_order[position - 1] if position else None


def next_page(procedure: Procedure, draft: Draft, today: date, page: FormPage) -> FormPage | None:
    """Return the page after a page; None for the last, and for a page after the check page."""
    in_order = pages(procedure, draft, today)
    position = _position(in_order, page)
    return None if position is None or position + 1 == len(in_order) else in_order[position + 1]


def _position(in_order: list[FormPage], page: FormPage) -> int | None:
    return next((position for position, other in enumerate(in_order) if other.id == page.id), None)


def page_number(procedure: Procedure, draft: Draft, today: date, page: FormPage | None) -> tuple[int, int]:
    """Return (number of a page's part, number of all parts) of the form.

    The page before the form ("what you need") is the first part; the check page (`page` None) is the last. A form that
    a card files counts neither. Between them are the steps that the situation chosen before the form leaves open, steps
    of one title together. So the number of parts is the same on each page. An answer may leave parts out: their numbers
    are skipped.
    """
    answers = answers_with_situations(procedure, draft, today)
    steps = [step for step in procedure.steps if step.place == "page"]
    asked = {key for step in steps for key in _keys_asked(step)}
    asked |= {copy.to for copy in procedure.copies if copy_source(copy) in asked}
    asked |= {situation.key for situation in procedure.situations if asked & _sources(situation)}
    open_steps = [step for step in steps if _may_hold(step, answers, today, to_come=asked)]
    parts = [[step.id for step in part] for _title, part in groupby(open_steps, key=lambda step: step.title)]
    first = 1 if procedure.by_card else 2
    total = len(parts) if procedure.by_card else len(parts) + 2
    return next((number for number, part in enumerate(parts, first) if page and page.step.id in part), total), total


def _sources(situation: Situation) -> set[str]:
    """Return the keys that a derived situation is computed from."""
    rules = (situation.older_than, situation.age_under, situation.sex_of)
    papers = (situation.citizens or {}).get("papers", {})
    return {rule["key"] for rule in rules if rule} | set(papers) | set(papers.values())


def _may_hold(step: FormStep, answers: Mapping[str, Any], today: date, to_come: set[str]) -> bool:
    """Return whether a step is asked with these answers, or may be with an answer that the form asks for."""
    for condition in step.when:
        is_open = any(leaf.key in to_come for leaf in leaf_conditions((condition,)))
        if not is_open and not holds((condition,), answers, today):
            return False
    return True


def step_that_decides(procedure: Procedure, draft: Draft, today: date, keys: Collection[str]) -> str:
    """Return the id of the last step that asks for one of the keys, or for what it is copied from; empty: none does."""
    answers = answers_with_situations(procedure, draft, today)
    copies = (copy for copy in procedure.copies if copy.to in keys and holds(copy.when, answers, today))
    wanted = {*keys, *map(copy_source, copies)}
    steps = [page.step for page in pages(procedure, draft, today)]
    return next((step.id for step in reversed(steps) if wanted & _keys_asked(step)), "")


def _keys_asked(step: FormStep) -> set[str]:
    return {*step.fields, *(step.person.fills.values() if step.person else ())}


def fields_on(procedure: Procedure, page: FormPage, answers: Mapping[str, Any]) -> list[Field]:
    """Return the fields that a page asks, each with the path of its answer as key."""
    step = page.step
    if step.rows and page.part:
        return row_fields(_asked_list(procedure, step, answers), page.part)
    if step.rows:
        return _fields_of_rows(procedure, step, answers)
    if step.person is not None and page.part == WHOLE:
        keys = list(dict.fromkeys([*step.person.fills.values(), *step.fields]))
    elif step.person is not None and page.part:
        keys = [step.person.fills[name] for name in FILLS[page.part] if name in step.person.fills]
    else:
        keys = list(step.fields)
    return [part for key in keys for part in _group_parts(field_at(procedure, key))]


def _fields_of_rows(procedure: Procedure, step: FormStep, answers: Mapping[str, Any]) -> list[Field]:
    """Return the fields of all rows after their first column, where rows are filled in on one page."""
    if row_choice_field(procedure, step) is None:
        return []
    item = _asked_list(procedure, step, answers)
    fields: list[Field] = []
    for row in range(len(answers.get(step.rows) or ())):
        fields += row_fields(item, str(row))[1:]
    return fields


def _asked_list(procedure: Procedure, step: FormStep, answers: Mapping[str, Any]) -> Field:
    """Return the list of a step with the columns that are asked: in an only row, those without a known answer."""
    item = procedure.by_key[step.rows]
    if len(answers.get(step.rows) or ()) > 1:
        return item
    return replace(item, fields=tuple(part for part in item.fields if part.in_only_row is None))


def row_fields(item: Field, row: str) -> list[Field]:
    """Return the fields that one row of a list asks."""
    return [replace(column, key=f"{item.key}.{row}.{column.key}") for column in item.fields if column.asked]


def row_choice_field(procedure: Procedure, step: FormStep) -> Field | None:
    """Return the first column where it is a choice: one touch adds a row, and all rows are filled in on one page."""
    first = procedure.by_key[step.rows].fields[0] if step.rows else None
    return first if first is not None and first.kind in {"choice", "choice_text"} else None


def _group_parts(item: Field | None) -> list[Field]:
    if item is None:
        return []
    if item.kind != "group":
        return [item]
    return list(kinds.parts_of(item))


def person_on(procedure: Procedure, page: FormPage) -> PersonStep | None:
    """Return the person that a scan fills on a page: the step's person, or the person of the row on the page."""
    step = page.step
    if step.person is not None:
        return step.person if not page.part else None
    if not step.rows or not page.part:
        return None
    columns = procedure.by_key[step.rows].fields
    fills = {
        ROW_FILLS[column.kind]: f"{step.rows}.{page.part}.{column.key}"
        for column in columns
        if column.kind in ROW_FILLS
    }
    # A card is asked for only where the row has a name and a number: every card has these.
    return PersonStep(role=step.title, fills=fills) if {"full_name", "id"} <= fills.keys() else None


def applicant_step(procedure: Procedure, answers: Mapping[str, Any], today: date) -> FormStep | None:
    """Return the step of the person who applies; None where it is nobody in the form (somebody helps)."""
    for step in procedure.steps:
        if step.person and holds(step.when + step.person.applies, answers, today):
            return step
    return None


def is_required(item: Field, answers: Mapping[str, Any], today: date) -> bool:
    """Return whether a field must be answered in this situation."""
    return item.required or bool(item.required_when and holds(item.required_when, answers, today))
