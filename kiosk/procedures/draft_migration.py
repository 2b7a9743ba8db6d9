"""A form begun on a version that is no longer on the shelf: what of it still holds in the version in force.

An answer is carried over when its key is still asked and its kind takes the value; the rest is asked anew. A page
counts as done only when everything that it must know came along.
"""

from datetime import date
from typing import Any

from kiosk.procedures import journey, kinds
from kiosk.procedures.answers import Draft
from kiosk.procedures.journey import FormPage
from kiosk.procedures.model import Procedure, Step


def migrate_draft(draft: Draft, procedure: Procedure, today: date) -> Draft:
    """Return a new draft of a procedure with all that still holds of an older one."""
    answers = {key: value for key, value in draft.answers.items() if _holds(procedure, key, value, today)}
    steps = procedure.by_step
    new = Draft(
        procedure.code,
        procedure.version,
        answers=answers,
        sources={path: how for path, how in draft.sources.items() if path.partition(".")[0] in answers},
        typed={page: said for page, said in draft.typed.items() if page.partition(".")[0] in steps},
        by_hand=[page for page in draft.by_hand if page.partition(".")[0] in steps],
        skipped=[step for step in draft.skipped if step in steps and steps[step].person],
    )
    new.done = [
        page.id for page in journey.pages(procedure, new, today) if _is_done(procedure, draft, new, page, today)
    ]
    return new


def _holds(procedure: Procedure, key: str, value: Any, today: date) -> bool:
    for situation in procedure.situations:
        if situation.key == key:
            return value in {option.id for option in situation.options}
    item = procedure.by_key.get(key)
    if item is None:
        return key in {name for step in procedure.steps for name in _filled(step)}
    return item.kind in kinds.NAMES and kinds.of(item).validate(item, value, today) is None


def _filled(step: Step) -> set[str]:
    return set(step.person.fills.values()) if step.person else set()


def _is_done(procedure: Procedure, old: Draft, new: Draft, page: FormPage, today: date) -> bool:
    if page.id not in old.done:
        return False
    known = journey.answers_with_situations(procedure, new, today)
    person = journey.person_on(procedure, page)
    is_there = person is None or page.step.id in new.skipped or new.get(person.fills["full_name"]) is not None
    return is_there and all(
        new.get(item.key) is not None
        for item in journey.fields_on(procedure, page, new.answers)
        if journey.is_required(item, known, today)
    )
