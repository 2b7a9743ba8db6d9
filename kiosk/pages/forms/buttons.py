"""What the other buttons of a page do to the draft: forget a person, leave one out, take out a row."""

from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.journey import FormPage
from kiosk.procedures.model import Procedure

CARD_DOUBTS = "_odd"
"""Where a draft remembers, by step, what of a card does not fit its number; it never leaves the draft."""


def forget_person(procedure: Procedure, draft: Draft, page: FormPage) -> None:
    """Take out all that is known of the person of a page, and the pages that are done with it."""
    person = page.step.person or journey.person_on(procedure, page)
    for key in person.fills.values() if person else ():
        draft.put(key, None)
    draft.put(f"{CARD_DOUBTS}.{page.step.id}", None)
    for listed in (draft.by_hand, draft.skipped):
        if page.step.id in listed:
            listed.remove(page.step.id)
    draft.done[:] = [one for one in draft.done if one.partition(".")[0] != page.step.id]


def skip_person(procedure: Procedure, draft: Draft, page: FormPage) -> None:
    """Leave a person out on purpose."""
    forget_person(procedure, draft, page)
    draft.skipped.append(page.step.id)
    draft.done.append(page.step.id)


def use_same_person(procedure: Procedure, draft: Draft, page: FormPage) -> None:
    """Say that the person is somebody who is known already."""
    person = page.step.person
    for key, value in (person.same_sets if person else {}).items():
        draft.put(key, value)
    skip_person(procedure, draft, page)


def leave_empty(procedure: Procedure, draft: Draft, page: FormPage) -> None:
    """Answer a page with nothing, which its form allows."""
    for item in journey.fields_on(procedure, page, draft.answers):
        draft.put(item.key, None)
    if page.id not in draft.done:
        draft.done.append(page.id)


def remove_row(draft: Draft, page: FormPage) -> None:
    """Take a row out of its list."""
    rows = list(draft.answers.get(page.step.rows) or [])
    if page.part.isdigit() and int(page.part) < len(rows):
        del rows[int(page.part)]
    draft.put(page.step.rows, rows or None)
