"""Effects of a page's secondary buttons on the draft: forget or skip a person, leave a page empty, remove a row."""

from kiosk.dossiers.kept_details import CARD_OWNER
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.journey import FormPage
from kiosk.procedures.model import Procedure

CARD_DOUBTS = "_odd"
"""Prefix of the draft's keys for contradictions on a card, by step; they never leave the draft."""


def forget_person(procedure: Procedure, draft: Draft, page: FormPage) -> None:
    """Remove all answers about the person of a page, and mark its pages as unfinished."""
    person = page.step.person or journey.person_on(procedure, page)
    for key in person.fills.values() if person else ():
        draft.put(key, None)
    for prefix in (CARD_DOUBTS, CARD_OWNER):
        draft.put(f"{prefix}.{page.step.id}", None)
    for step_ids in (draft.by_hand, draft.skipped):
        if page.step.id in step_ids:
            step_ids.remove(page.step.id)
    draft.done[:] = [page_id for page_id in draft.done if page_id.partition(".")[0] != page.step.id]


def skip_person(procedure: Procedure, draft: Draft, page: FormPage) -> None:
    """Leave a person out on purpose."""
    forget_person(procedure, draft, page)
    draft.skipped.append(page.step.id)
    draft.done.append(page.step.id)


def use_same_person(procedure: Procedure, draft: Draft, page: FormPage) -> None:
    """Answer that the person is one whom the form already has."""
    person = page.step.person
    for key, value in (person.same_sets if person else {}).items():
        draft.put(key, value)
    skip_person(procedure, draft, page)


def leave_empty(procedure: Procedure, draft: Draft, page: FormPage) -> None:
    """Finish a page without answers, where its form allows that."""
    for field in journey.fields_on(procedure, page, draft.answers):
        draft.put(field.key, None)
    if page.id not in draft.done:
        draft.done.append(page.id)


def remove_row(draft: Draft, page: FormPage) -> None:
    """Remove a row from its list."""
    if page.part.isascii() and page.part.isdigit():
        draft.remove_row(page.step.rows, int(page.part))


def type_person(draft: Draft, page: FormPage) -> None:
    """Type a person by hand whose name is sent from a page of its own, and who has none yet."""
    person = page.step.person
    if person is None or page.part != journey.NAME or page.step.id in draft.by_hand:
        return
    if draft.get(person.fills.get("full_name", "")) is None:
        draft.by_hand.append(page.step.id)


def stop_typing_person(procedure: Procedure, draft: Draft, page: FormPage) -> bool:
    """Wait for a card again where a person is typed by hand, on the page of the name, and has none yet.

    Returns:
        Whether the page was one of these.
    """
    step = page.step
    person = step.person or journey.person_on(procedure, page)
    typed = page.id if step.rows else step.id
    asks_name = page.part == journey.NAME or bool(step.rows)
    if person is None or typed not in draft.by_hand or not asks_name:
        return False
    if draft.get(person.fills.get("full_name", "")) is not None:
        return False
    draft.by_hand.remove(typed)
    return True
