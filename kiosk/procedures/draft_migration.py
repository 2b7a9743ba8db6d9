"""Migration of a draft to another version of its procedure, when its own version is gone from the catalogue.

An answer is kept when its key is still asked and its kind accepts the value, as a scan does; the rest is asked again.
A page counts as done only when all its required answers were kept.
"""

from datetime import date
from typing import Any

from kiosk.procedures import journey, kinds
from kiosk.procedures.answers import Draft
from kiosk.procedures.conditions import holds
from kiosk.procedures.journey import FormPage
from kiosk.procedures.model import FormStep, Procedure

WITHOUT_HOUSE = "place_detail"
"""Error of an address with ward and no house: cards of A Lưới have such ones, and a scan fills them in."""


def migrate_draft(draft: Draft, procedure: Procedure, today: date) -> Draft:
    """Return a new draft of a procedure with every answer of an older draft that is still valid."""
    answers = {
        key: value
        for key, value in draft.answers.items()
        if _is_valid(procedure=procedure, key=key, value=value, today=today)
    }
    steps = procedure.by_step
    new = Draft(
        code=procedure.code,
        version=procedure.version,
        answers=answers,
        sources={path: source for path, source in draft.sources.items() if path.partition(".")[0] in answers},
        givers={path: code for path, code in draft.givers.items() if path.partition(".")[0] in answers},
        help=dict(draft.help),
        typed={page: boxes for page, boxes in draft.typed.items() if page.partition(".")[0] in steps},
        by_hand=[page for page in draft.by_hand if page.partition(".")[0] in steps],
        skipped=[step for step in draft.skipped if step in steps and steps[step].person],
    )
    new.done = [
        page.id
        for page in journey.pages(procedure, new, today)
        if _is_done(procedure=procedure, old=draft, new=new, page=page, today=today)
    ]
    return new


def _is_valid(procedure: Procedure, key: str, value: Any, today: date) -> bool:
    for situation in procedure.situations:
        if situation.key == key:
            return value in {option.id for option in situation.options}
    item = procedure.by_key.get(key)
    if item is None:
        return any(key in _keys_of_scan(step) for step in procedure.steps)
    if item.kind not in kinds.NAMES:
        return False
    error = kinds.of(item).validate(item, value, today)
    return error is None or error.code == WITHOUT_HOUSE


def _keys_of_scan(step: FormStep) -> set[str]:
    return set(step.person.fills.values()) if step.person else set()


def _is_done(procedure: Procedure, old: Draft, new: Draft, page: FormPage, today: date) -> bool:
    if page.id not in old.done:
        return False
    answers = journey.answers_with_situations(procedure, new, today)
    person = journey.person_on(procedure, page)
    has_person = person is None or page.step.id in new.skipped or new.get(person.fills["full_name"]) is not None
    return has_person and all(
        new.get(item.key) is not None
        for item in journey.fields_on(procedure, page, new.answers)
        if holds(item.when, answers, today) and journey.is_required(item, answers, today)
    )
