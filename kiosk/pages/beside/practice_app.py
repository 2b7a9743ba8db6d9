"""Pages of the practice app: the citizen's form pages that may be practised, and the pages that replace others.

The start page is the menu of tasks, Submit shows a result, and leaving goes back to the live kiosk. Every other page of
the citizen answers 404: nothing is kept, looked up or queued here.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, abort, request

from kiosk.pages.access import visitor
from kiosk.pages.beside import menu, observing, result
from kiosk.pages.beside.visit import current_visit, visit_mark
from kiosk.procedures.practice_tasks import find_task

PRACTISED = frozenset(
    {
        "citizen.act",
        "citizen.card",
        "citizen.changed",
        "citizen.check",
        "citizen.check_row",
        "citizen.clip",
        "citizen.done",
        "citizen.easier",
        "citizen.help",
        "citizen.help_state",
        "citizen.leave",
        "citizen.measure",
        "citizen.missing",
        "citizen.need",
        "citizen.pick",
        "citizen.privacy",
        "citizen.rows",
        "citizen.say",
        "citizen.scan",
        "citizen.set",
        "citizen.start",
        "citizen.step",
        "citizen.submit",
    }
)
"""The citizen's pages that the practice app has."""
REPLACED: dict[str, Callable[..., Any]] = {
    "citizen.done": result.done,
    "citizen.leave": menu.leave,
    "citizen.need": menu.need,
    "citizen.start": menu.start,
    "citizen.submit": result.submit,
}
"""Pages of practice in place of the citizen's."""


def register_practice_pages(app: Flask) -> None:
    """Register the pages of practice on an app that has the citizen's pages."""
    app.register_blueprint(menu.tasks)
    app.register_blueprint(result.results, url_prefix="/result")
    app.register_blueprint(menu.cards, url_prefix="/practice")
    app.view_functions.update(REPLACED)
    app.before_request(_require_practised)
    app.before_request(observing.note_done_page)
    app.after_request(observing.observe)
    app.context_processor(_lesson)


def _require_practised() -> None:
    endpoint = request.endpoint or ""
    if endpoint.startswith("citizen.") and endpoint not in PRACTISED:
        abort(404)


def _lesson() -> dict[str, Any]:
    """Return the facts of the task for the page that is shown, its made-up cards, and whether tips are shown."""
    visit = current_visit()
    task = find_task(visit.task)
    page = str((request.view_args or {}).get("page", "")).partition(".")[0]
    is_form = request.endpoint in {"citizen.step", "citizen.pick"}
    lang = visitor().lang
    return {
        "visit_code": visit.code,
        "visit_mark": visit_mark(),
        "facts": menu.facts(task, step=page, lang=lang) if task and is_form else (),
        "shows_tips": not visit.hides_tips,
        "tray_cards": menu.tray_cards(task) if task else (),
        "tray_codes": (),
    }
