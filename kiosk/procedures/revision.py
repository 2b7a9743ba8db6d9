"""A form that was handed in, taken in hand again: its answers back into a draft, and what changed since.

What follows from other answers (copies, situations, words for dates) is left out of the draft, so that it follows from
what is corrected; `complete` brings it back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kiosk.procedures import journey, kinds
from kiosk.procedures.answers import Draft
from kiosk.procedures.conditions import holds
from kiosk.procedures.journey import FormPage
from kiosk.procedures.model import Field, Procedure, Step

EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True)
class Difference:
    """An answer that is not what it was; `old` and `new` are the words of the paper, empty where nothing stood."""

    key: str
    label: str
    old: str
    new: str
    follows: bool = False
    """Nobody typed it: it follows from what was."""


def reopen(procedure: Procedure, answers: Mapping[str, Any], sources: Mapping[str, str], today: date) -> Draft:
    """Return a form that was handed in as a draft whose whole way is walked; persons are typed by hand."""
    draft = Draft(
        procedure.code, procedure.version, answers=entered_answers(procedure, answers, today), sources=dict(sources)
    )
    for step in procedure.steps:
        draft.by_hand += [step.id] if step.person else _row_pages(step)
        if step.person and draft.get(step.person.fills.get("full_name", "")) is None:
            draft.skipped.append(step.id)
    draft.done = [page.id for page in journey.pages(procedure, draft, today)]
    return draft


def entered_answers(procedure: Procedure, answers: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return the answers without all that follows from others."""
    copied = {copy.to for copy in procedure.copies if holds(copy.when, answers, today)}
    derived = {item.key for item in procedure.fields if item.derive}
    reckoned = {item.key for item in procedure.situations if not item.options}
    return {key: value for key, value in answers.items() if key not in copied | derived | reckoned}


def _row_pages(step: Step) -> list[str]:
    return [f"{step.id}.{at}" for at in range(journey.MOST_ROWS)] if step.rows else []


def mark_step_done(procedure: Procedure, draft: Draft, step: Step, today: date) -> None:
    """Note that all pages of a step are done: at the desk they are one page."""
    for page in journey.pages(procedure, draft, today):
        if page.step.id == step.id and page.id not in draft.done:
            draft.done.append(page.id)


def unfinished_steps(procedure: Procedure, draft: Draft, today: date) -> list[Step]:
    """Return the steps that the answers have opened and nobody has filled in."""
    pages = [page for page in journey.pages(procedure, draft, today) if page.id not in draft.done]
    return list({page.step.id: page.step for page in pages}.values())


def step_of_key(procedure: Procedure, answers: Mapping[str, Any], today: date, key: str) -> Step | None:
    """Return the step where an answer can be corrected: that of what it is copied from, where it is a copy."""
    key = source_key(procedure, answers, today, key)
    return next((one for one in procedure.steps if key in _keys(one) and holds(one.when, answers, today)), None)


def source_key(procedure: Procedure, answers: Mapping[str, Any], today: date, key: str) -> str:
    """Return the key that an answer is copied from; its own where it is no copy."""
    copy = next((one for one in procedure.copies if one.to == key and holds(one.when, answers, today)), None)
    return key if copy is None else copy.source.removeprefix("sex_of:").partition(".")[0]


def _keys(step: Step) -> set[str]:
    filled = step.person.fills.values() if step.person else ()
    return {key.partition(".")[0] for key in (*filled, *step.fields, *([step.rows] if step.rows else []))}


def mark_officer_answers(before: Draft, draft: Draft) -> None:
    """Note which answers an officer typed; what stands as it stood came as it came."""
    for path in list(draft.sources):
        is_same = draft.get(path) == before.get(path)
        draft.sources[path] = before.sources.get(path, draft.sources[path]) if is_same else "officer"


def whole_step(step: Step) -> FormPage:
    """Return a step as the desk asks it: a person with all its parts at once."""
    return FormPage(step, journey.WHOLE if step.person else "")


def differences(
    procedure: Procedure, before: Mapping[str, Any], after: Mapping[str, Any], today: date
) -> list[Difference]:
    """Return what differs between two whole forms, in the order of the form; what no paper asks is left out."""
    copied = {copy.to for copy in procedure.copies if holds(copy.when, after, today)}
    found = []
    for item in procedure.fields:
        if not item.asked or item.derive or _held(before, item) == _held(after, item):
            continue
        words = (_words(item, before.get(item.key)), _words(item, after.get(item.key)))
        found.append(Difference(item.key, procedure.labels[item.key], *words, follows=item.key in copied))
    return found


def rebase(procedure: Procedure, draft: Draft, base: Mapping[str, Any], last: Draft, today: date) -> Draft:
    """Put what a draft changed of its own base upon a later revision: what somebody else corrected stays."""
    was = entered_answers(procedure, base, today)
    for key in {*was, *draft.answers}:
        if draft.answers.get(key) != was.get(key):
            last.put(key, draft.answers.get(key), draft.sources.get(key, "officer"))
    last.typed = draft.typed
    last.done = [page.id for page in journey.pages(procedure, last, today) if page.id in {*last.done, *draft.done}]
    return last


def _held(answers: Mapping[str, Any], item: Field) -> Any:
    value = answers.get(item.key)
    return None if value in EMPTY else value


def _words(item: Field, value: Any) -> str:
    return "" if value in EMPTY else kinds.of(item).on_paper(item, value)
