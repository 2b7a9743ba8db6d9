"""Correction of a submitted form: its answers as a draft again, and the differences to the last revision.

Answers that are computed from others (copies, situations, dates in words) are left out of the draft, so that they
follow the corrected answers; `complete` adds them again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kiosk.procedures import journey, kinds
from kiosk.procedures.answers import OFFICER, Draft, copy_source, is_empty
from kiosk.procedures.conditions import holds, leaf_conditions
from kiosk.procedures.journey import FormPage
from kiosk.procedures.model import Field, FormStep, Procedure

NOBODY: Mapping[str, str] = {}
FILED = "filed"
"""Value of a helper answer (its key begins with an underscore) whose own value was not filed."""


@dataclass(frozen=True)
class Difference:
    """A changed answer; `old` and `new` are its words on paper, empty where there was none."""

    key: str
    label: str
    old: str
    new: str
    follows: bool = False
    """Nobody typed it: it is copied from another answer."""


def reopen(
    procedure: Procedure,
    answers: Mapping[str, Any],
    sources: Mapping[str, str],
    today: date,
    givers: Mapping[str, str] = NOBODY,
) -> Draft:
    """Return a submitted form as a draft with all pages done; persons count as typed by hand.

    Args:
        givers: which officer gave each answer whose source is officer.
    """
    draft = Draft(
        code=procedure.code,
        version=procedure.version,
        answers=entered_answers(procedure, answers, today) | helpers_of_card(procedure, answers),
        sources=dict(sources),
        givers=dict(givers),
    )
    for step in procedure.steps:
        draft.by_hand += [step.id] if step.person else _row_pages(step)
        if step.person and draft.get(step.person.fills.get("full_name", "")) is None:
            draft.skipped.append(step.id)
    draft.done = [page.id for page in journey.pages(procedure, draft, today)]
    return draft


def entered_answers(procedure: Procedure, answers: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return the answers without those that are computed from others."""
    computed = {copy.to for copy in procedure.copies if holds(copy.when, answers, today)}
    computed |= {item.key for item in procedure.fields if item.derive}
    computed |= {situation.key for situation in procedure.situations if not situation.options}
    return {key: value for key, value in answers.items() if key not in computed}


def helpers_of_card(procedure: Procedure, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the helper answers that a card gave to a filed form, each as `FILED`.

    Helper answers are not filed. A card gave one where the form holds no question that only its absence asks. Without
    them the desk would ask again what the card had answered.
    """
    questions: dict[str, set[str]] = {}
    for item in procedure.conditional_fields:
        for condition in leaf_conditions(item.when):
            if condition.key.startswith("_") and condition.answered is False:
                questions.setdefault(condition.key, set()).add(item.key)
    helpers = Draft(procedure.code, procedure.version)
    for path, keys in questions.items():
        if not keys & answers.keys():
            helpers.put(path, FILED)
    return helpers.answers


def _row_pages(step: FormStep) -> list[str]:
    return [f"{step.id}.{row}" for row in range(journey.MAX_ROWS)] if step.rows else []


def mark_step_done(procedure: Procedure, draft: Draft, step: FormStep, today: date) -> None:
    """Mark all pages of a step as done: at the desk they are one page."""
    for page in journey.pages(procedure, draft, today):
        if page.step.id == step.id and page.id not in draft.done:
            draft.done.append(page.id)


def unfinished_steps(procedure: Procedure, draft: Draft, today: date) -> list[FormStep]:
    """Return the steps that these answers need and that are not filled in."""
    pages = [page for page in journey.pages(procedure, draft, today) if page.id not in draft.done]
    return list({page.step.id: page.step for page in pages}.values())


def step_of_key(procedure: Procedure, answers: Mapping[str, Any], today: date, key: str) -> FormStep | None:
    """Return the step where an answer can be corrected; for a copy, the step of its source."""
    key = source_key(procedure=procedure, answers=answers, today=today, key=key)
    for step in procedure.steps:
        if key in _keys(step) and holds(step.when, answers, today):
            return step
    return None


def source_key(procedure: Procedure, answers: Mapping[str, Any], today: date, key: str) -> str:
    """Return the key that an answer is copied from, or its own key."""
    for copy in procedure.copies:
        if copy.to == key and holds(copy.when, answers, today):
            return copy_source(copy).partition(".")[0]
    return key


def _keys(step: FormStep) -> set[str]:
    paths = [*step.fields]
    if step.person:
        paths += step.person.fills.values()
    if step.rows:
        paths.append(step.rows)
    return {path.partition(".")[0] for path in paths}


def whole_step(step: FormStep) -> FormPage:
    """Return the page of a step at the desk: a person with all its parts on one page."""
    return FormPage(step, journey.WHOLE if step.person else "")


def differences(
    procedure: Procedure, before: Mapping[str, Any], after: Mapping[str, Any], today: date
) -> list[Difference]:
    """Return the changed answers of two whole forms, in the order of the form, without fields that nobody asks."""
    copied = {copy.to for copy in procedure.copies if holds(copy.when, after, today)}
    changed: list[Difference] = []
    for item in procedure.fields:
        if not item.asked or item.derive or _answer(before, item) == _answer(after, item):
            continue
        changed.append(
            Difference(
                key=item.key,
                label=procedure.labels[item.key],
                old=_words(item, before.get(item.key)),
                new=_words(item, after.get(item.key)),
                follows=item.key in copied,
            )
        )
    return changed


def rebase(procedure: Procedure, draft: Draft, base: Mapping[str, Any], last: Draft, today: date) -> Draft:
    """Apply the changes of a draft to a later revision, which keeps the corrections of others.

    Args:
        base: the answers of the revision that the draft was begun on.
        last: the later revision as a draft; it is changed and returned.
    """
    original = reopen(procedure, base, NOBODY, today).answers
    for key in {*original, *draft.answers}:
        if draft.answers.get(key) != original.get(key):
            last.writer = draft.givers.get(key, "")
            last.put(key, draft.answers.get(key), draft.sources.get(key, OFFICER))
    last.typed = draft.typed
    last.done = [page.id for page in journey.pages(procedure, last, today) if page.id in {*last.done, *draft.done}]
    return last


def _answer(answers: Mapping[str, Any], item: Field) -> Any:
    value = answers.get(item.key)
    return None if is_empty(value) else value


def _words(item: Field, value: Any) -> str:
    return "" if is_empty(value) else kinds.of(item).on_paper(item, value)
