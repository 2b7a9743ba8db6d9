"""Menu of the practice tasks, the story of one, its made-up cards, and the way back to the live kiosk."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import applying, practising
from kiosk.pages import access
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.beside.visit import current_visit, visit_mark
from kiosk.pages.citizen.blueprint import render
from kiosk.pages.citizen.card import read_card
from kiosk.pages.citizen.open_form import find_page, first_unfinished_url, open_form
from kiosk.procedures.model import Procedure
from kiosk.procedures.practice_tasks import PracticeTask, fill_story, find_task, practice_tasks
from kiosk.vietnam import id_card

tasks = Blueprint("tasks", __name__)
cards = Blueprint("practice", __name__)
"""Has the name of the blueprint of the practice machine: the tray of cards is one template."""
LIVE_START = "/"


@dataclass(frozen=True)
class TrayCard:
    """A made-up card as the tray shows it: whose it is, and the name and the year of birth on it."""

    key: str
    vi: str
    en: str
    name: str
    year: str


@tasks.before_request
@cards.before_request
def check_request() -> None:
    """Load the visitor's session, or start one, and require the CSRF token."""
    visitor()
    access.check_csrf()


tasks.after_request(access.set_cookie)
cards.after_request(access.set_cookie)


@allow("citizen")
def start() -> str:
    """Show the tasks; a form that was begun is deleted."""
    visit = current_visit()
    _drop_form()
    visit.begin("")
    return render("practice/menu.html", tasks=offered_tasks(), nothing_to_lose=True)


def offered_tasks() -> list[PracticeTask]:
    """Return the tasks whose procedure is in force."""
    return [task for task in practice_tasks() if procedure_of(task) is not None]


def procedure_of(task: PracticeTask) -> Procedure | None:
    """Return the procedure that a task practises; None while the ward does not have it."""
    return context().catalogue.in_force(task.procedure, context().clock.today())


@tasks.get("/task/<key>")
@allow("citizen")
def story(key: str) -> str:
    """Show the story of a task in words, and its made-up cards."""
    task = _offered_task(key)
    lang = visitor().lang
    text = fill_story(task.story_en if lang == "en" else task.story, context().clock.today(), _ward())
    return render(
        "practice/story.html",
        task=task,
        number=practice_tasks().index(task) + 1,
        total=len(practice_tasks()),
        story=text,
        cards=tray_cards(task),
        nothing_to_lose=True,
    )


@tasks.post("/task/<key>")
@allow("citizen")
def begin(key: str) -> Answer:
    """Begin the form of a task in the situation of its story."""
    task = _offered_task(key)
    procedure = procedure_of(task)
    if procedure is None:
        abort(404)
    current_visit().begin(task.key)
    applying.begin(context(), visitor().id, procedure=procedure, answers=dict(task.situation))
    return redirect(url_for("citizen.step", page=procedure.steps[0].id), 303)


@allow("citizen")
def need(code: str) -> Answer:
    """Redirect from the papers of a procedure, which the first page leads back to, to the story of its task."""
    task = next((task for task in offered_tasks() if task.procedure == code), None)
    return redirect(url_for("tasks.story", key=task.key) if task else url_for("citizen.start"), 303)


@tasks.post("/tips")
@allow("citizen")
def hide_tips() -> Answer:
    """Show no more tips in this visit."""
    current_visit().hides_tips = True
    return Answer(status=204)


@tasks.get("/visit")
@allow("citizen")
def is_open() -> Any:
    """Return whether the visit of a page goes on; after a trainer has reset the screens it does not."""
    return jsonify(open=request.args.get("mark") == visit_mark())


@allow("citizen")
def leave() -> Answer:
    """Delete all of this visit and go back to the live start page; an open call goes on there."""
    context().practice_visits.end(visitor().id)
    return redirect(LIVE_START, 303)


@cards.post("/cards/<page>/<key>")
@allow("citizen")
def card(page: str, key: str) -> Answer:
    """Read a made-up card of the tray into the form."""
    opened, procedure = open_form()
    form_page = find_page(procedure, opened.draft, page)
    chosen = next((card for card in id_card.practice_cards() + id_card.practice_codes() if card.key == key), None)
    if chosen is None:
        abort(404)
    if form_page is None:
        return redirect(first_unfinished_url(procedure, opened.draft), 303)
    return read_card(opened, procedure, page=form_page, line=chosen.line)


def tray_cards(task: PracticeTask) -> list[TrayCard]:
    """Return the made-up cards of a task as the tray shows them."""
    shown = []
    for made_up in task.made_up_cards():
        reading = id_card.parse(made_up.line, context().clock.today())
        card = None if isinstance(reading, id_card.NotACard) else reading
        name = card.full_name if card else ""
        year = card.date_of_birth[:4] if card else ""
        shown.append(TrayCard(key=made_up.key, vi=made_up.vi, en=made_up.en, name=name, year=year))
    return shown


def facts(task: PracticeTask, step: str, lang: str) -> tuple[str, ...]:
    """Return what the story says for a step."""
    texts = [fact.en if lang == "en" else fact.vi for fact in task.facts if fact.step == step]
    return tuple(fill_story(text, context().clock.today(), _ward()) for text in texts)


def _ward() -> str:
    return context().config.ward.name


def _offered_task(key: str) -> PracticeTask:
    task = find_task(key)
    if task is None or procedure_of(task) is None:
        abort(404)
    return task


def _drop_form() -> None:
    """Begin a new visit if a form was begun."""
    if visitor().draft_id:
        practising.drop_form(context(), visitor().id)
        access.read_settings_again()
