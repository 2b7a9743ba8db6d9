"""Counts of what a person who practises does well, from the answers of the app; nothing typed is kept.

The counts are in the visit (`practice_visits`); the result page words them, the trainer's page shows the step.
"""

from urllib.parse import parse_qs, urlsplit

from flask import Response, g, request

from kiosk.base.errors import KioskError
from kiosk.context.practice_visits import PracticeVisit
from kiosk.pages.access import context
from kiosk.pages.beside.visit import current_visit
from kiosk.pages.citizen.open_form import form_context, open_form
from kiosk.pages.forms import parsing
from kiosk.procedures import journey
from kiosk.procedures.answers import field_at
from kiosk.procedures.journey import FormPage

OK = 200
FOUND = 303
LOST = "lost"
"""Message of a page after a card whose marks were lost: it was read, without the name."""
READ = {"", LOST}
"""Messages of a page after a card that was read."""
SHOWN = {"citizen.step", "citizen.check", "citizen.missing"}
CARDS = {"citizen.card", "practice.card"}


def note_done_page() -> None:
    """Remember whether the posted page was filled in before: then a new answer mends it."""
    if request.endpoint != "citizen.step" or request.method != "POST":
        return
    try:
        opened, _procedure = open_form()
    except KioskError:
        return
    g.was_done = (request.view_args or {}).get("page") in opened.draft.done


def observe(response: Response) -> Response:
    """Count what an answer of the app says of the person; an error here never changes the answer."""
    if request.endpoint in CARDS and response.status_code == FOUND:
        _note_card(response.headers.get("Location", ""))
    elif request.endpoint == "citizen.step" and response.status_code == FOUND and request.method == "POST":
        _note_answer(is_wrong="wrong" in _query(response.headers.get("Location", "")))
    elif request.endpoint in SHOWN and request.method == "GET" and response.status_code == OK:
        _note_page()
    return response


def _note_card(location: str) -> None:
    visit = current_visit()
    page = str((request.view_args or {}).get("page", ""))
    message = _query(location).get("said", [""])[0]
    if message not in READ:
        visit.cards_failed += 1
    elif page not in visit.cards_read:
        visit.cards_read.append(page)
        visit.cards_lost += message == LOST


def _note_answer(*, is_wrong: bool) -> None:
    visit = current_visit()
    if is_wrong:
        visit.step_errors += 1
        visit.wrong_kinds |= _wrong_kinds()
    elif visit.step_errors or g.get("was_done"):
        visit.has_mended = True


def _wrong_kinds() -> set[str]:
    """Return the kinds of the answers of the posted page that were not taken."""
    opened, procedure = open_form()
    page = _page_of(str((request.view_args or {}).get("page", "")))
    if page is None:
        return set()
    errors = parsing.errors_as_typed(form_context(procedure, page), opened.draft)
    fields = [field_at(procedure, key) for key, _text in errors]
    return {field.kind for field in fields if field is not None}


def _note_page() -> None:
    """Record the step that the screen shows, for the trainer."""
    try:
        opened, procedure = open_form()
    except KioskError:
        return
    visit: PracticeVisit = current_visit()
    page = _page_of(str((request.view_args or {}).get("page", "")))
    number, total = journey.page_number(procedure, opened.draft, context().clock.today(), page)
    title = page.step.title.vi if page else ""
    visit.show_step(title, step=number, steps=total, now=context().clock.now())


def _page_of(page_id: str) -> FormPage | None:
    _opened, procedure = open_form()
    step_id, _, part = page_id.partition(".")
    step = procedure.by_step.get(step_id)
    return FormPage(step, part) if step else None


def _query(location: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(location).query, keep_blank_values=True)
