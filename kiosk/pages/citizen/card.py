"""Reading an ID card into the form: polling for the scanner, and filling in a person."""

from typing import Any

from flask import jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import applying
from kiosk.dossiers import kept_details
from kiosk.dossiers.sealed_drafts import OpenedDraft
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen
from kiosk.pages.citizen.open_form import find_page, first_unfinished_url, open_form
from kiosk.pages.forms.buttons import CARD_DOUBTS
from kiosk.pages.forms.rendering import CONTRADICTIONS
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft, field_at
from kiosk.procedures.journey import FormPage
from kiosk.procedures.model import Field, Procedure
from kiosk.vietnam import id_card, places


@citizen.get("/form/<page>/scan")
@allow("citizen")
def scan(page: str) -> Any:  # noqa: ARG001 - the URL names the page that waits
    """Return the version of the card inbox, and whether the scanner is disconnected; polling keeps the wait alive."""
    inbox = context().card_inbox
    return jsonify(version=inbox.poll(visitor().id), down=inbox.is_down)


@citizen.post("/form/<page>/card")
@allow("citizen")
def card(page: str) -> Answer:
    """Fill in a scanned card: from the inbox, or typed by a scanner in keyboard mode."""
    opened, procedure = open_form()
    form_page = find_page(procedure, opened.draft, page)
    if form_page is None:
        return redirect(first_unfinished_url(procedure, opened.draft), 303)
    line = context().card_inbox.pop(visitor().id)
    typed = request.form.get("line", "")
    return read_card(opened, procedure, page=form_page, line=line or typed, is_typed=not line)


def read_card(
    opened: OpenedDraft, procedure: Procedure, page: FormPage, line: str, *, is_typed: bool = False
) -> Answer:
    """Fill in the person of a page from a scanned line, and redirect to the page with a message.

    Args:
        is_typed: the line came from a scanner in keyboard mode.
    """
    today = context().clock.today()
    if journey.person_on(procedure, page) is None:
        return redirect(_page_url(page.id), 303)
    reading = id_card.parse(line, today, is_typed=is_typed)
    if isinstance(reading, id_card.NotACard):
        return redirect(_page_url(page.id, reading.kind), 303)
    if context().config.kiosk.practice and not id_card.is_practice(reading.id_number):
        return redirect(_page_url(page.id, "not_practice"), 303)
    if is_number_of_someone_else(procedure, opened.draft, page=page, number=reading.id_number):
        return redirect(_page_url(page.id, "same"), 303)
    owner = None if is_typed else kept_details.owner_of_card(context(), reading)
    applying.update_draft(
        context(), opened.id, lambda draft: fill_from_card(procedure, draft, page=page, card=reading, owner=owner)
    )
    context().card_inbox.mark_filled(visitor().id)
    if reading.lossy and not page.step.rows:
        return redirect(_page_url(f"{page.step.id}.{journey.NAME}", "lost"), 303)
    return redirect(_page_url(page.id), 303)


def _page_url(page_id: str, message: str = "") -> str:
    return url_for("citizen.step", page=page_id, said=message or None)


def is_number_of_someone_else(procedure: Procedure, draft: Draft, page: FormPage, number: str) -> bool:
    """Return whether an ID number is already given for another person that the form asks about."""
    pages = journey.pages(procedure, draft, context().clock.today())
    persons = [other.step.person for other in pages if other.step.id != page.step.id and other.step.person]
    is_row = bool(page.step.rows)
    papers = [draft.get(person.fills.get("id", "")) for person in persons if not (is_row and person.again)]
    return number in {str(paper.get("so") if isinstance(paper, dict) else paper) for paper in papers}


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
