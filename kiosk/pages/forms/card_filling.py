"""Filling in a person of a form from a card, at the touchscreen and at the desk."""

from datetime import date
from typing import Any

from kiosk.dossiers import kept_details
from kiosk.pages.forms.buttons import CARD_DOUBTS
from kiosk.pages.forms.parsing import FormContext
from kiosk.pages.forms.rendering import CONTRADICTIONS
from kiosk.procedures import checks, journey
from kiosk.procedures.answers import Draft, field_at
from kiosk.procedures.journey import FormPage
from kiosk.procedures.model import Check, Field, Procedure
from kiosk.vietnam import id_card, places


def is_number_of_someone_else(procedure: Procedure, draft: Draft, *, page: FormPage, number: str, today: date) -> bool:
    """Return whether an ID number is already given for another person that the form asks about."""
    pages = journey.pages(procedure, draft, today)
    persons = [other.step.person for other in pages if other.step.id != page.step.id and other.step.person]
    is_row = bool(page.step.rows)
    papers = [draft.get(person.fills.get("id", "")) for person in persons if not (is_row and person.again)]
    return number in {str(paper.get("so") if isinstance(paper, dict) else paper) for paper in papers}


def failed_sex_check(form: FormContext, draft: Draft, card: id_card.Card) -> Check | None:
    """Return the rule about the sex of the person of a page that a card fails; None for a card that may be filled in.

    A card whose text has the right sex and whose number has the other one is not refused: an officer looks at it.
    """
    filled = Draft(**draft.as_json())
    fill_from_card(form.procedure, filled, page=form.page, card=card)
    answers = form.complete_answers(filled)
    failed = checks.failed_checks(form.procedure, answers, context=form.check_context, step=form.page.step.id)
    wrong = (check for check in failed if check.rule == "sex_is" and card.sex != check.args["sex"])
    return next(wrong, None)


def fill_from_card(
    procedure: Procedure, draft: Draft, page: FormPage, card: id_card.Card, owner: str | None = None
) -> None:
    """Fill in the person of a page from a card; what the card does not say stays empty.

    Args:
        owner: the owner of the card's kept details; None where the card may not bring any back.
    """
    for step_ids in (draft.by_hand, draft.skipped):
        if page.step.id in step_ids:
            step_ids.remove(page.step.id)
    answers = _card_answers(card)
    person = journey.person_on(procedure, page)
    for name, key in person.fills.items() if person else ():
        draft.put(key, _as_field_value(answers[name], key, field_at(procedure, key)), "card")
    if not page.part:  # the doubts are kept even if the form does not ask for the sex that the card has
        draft.put(f"{CARD_DOUBTS}.{page.step.id}", sorted(CONTRADICTIONS & set(card.warnings)) or None, "card")
    draft.put(f"{kept_details.CARD_OWNER}.{page.step.id}", None if page.part else owner, "card")
    if card.lossy:
        draft.by_hand.append(page.step.id)


def _as_field_value(value: Any, key: str, field: Field | None) -> Any:
    """Return a card's value in the form of its field: a number without its paper, or a residence with its ward."""
    if field is not None and field.kind == "id_number":
        return value["so"]
    return _with_likely_ward(value) if key.startswith("_") and value else value


def _card_answers(card: id_card.Card) -> dict[str, Any]:
    """Return a card as answers, by the names in `PersonStep.fills`."""
    paper = {"loai": "can_cuoc", "so": card.id_number}
    if card.issued_on:
        paper |= {"ngay_cap": card.issued_on, "noi_cap": id_card.issuer(card.issued_on)}
    return {
        "full_name": card.full_name or None,
        "date_of_birth": card.date_of_birth or None,
        "year_of_birth": card.date_of_birth[:4] or None,
        "sex": card.sex or None,
        "id": paper,
        "issued": _issue_line(card.issued_on),
        "residence": _residence_answer(card.residence_text),
    }


def _issue_line(day: str | None) -> str | None:
    """Return date and place of issue in one line, as the forms of social support have it."""
    return f"{'/'.join(reversed(day.split('-')))}, {id_card.issuer(day)}" if day else None


def _with_likely_ward(home: dict[str, Any]) -> dict[str, Any]:
    """Return a residence with its ward if the card leaves one choice; it is only compared, never printed."""
    candidates = places.resolve_card(str(home["card"])).candidates
    if len(candidates) == 1:
        ward = candidates[0].ward
        return home | {"wardCode": ward.code, "provinceCode": ward.province_code}
    return home


def _residence_answer(text: str) -> dict[str, Any] | None:
    """Return the residence of a card; with its ward only if the card names a ward of today."""
    if not text:
        return None
    resolved = places.resolve_card(text)
    answer = {"card": text, "detail": resolved.detail}
    if resolved.exact and not resolved.candidates[0].old:
        ward = resolved.candidates[0].ward
        answer |= {"wardCode": ward.code, "provinceCode": ward.province_code}
    return answer
