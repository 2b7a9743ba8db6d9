"""Submit of a task, its result, and the sheet to take home. The form is deleted before the result is shown."""

from typing import Any

from flask import Blueprint, jsonify, redirect, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import practising, printing
from kiosk.base.errors import AlreadySubmitted
from kiosk.base.i18n import translator
from kiosk.context.practice_visits import MAX_PRINTS, PracticeResult
from kiosk.dossiers import filing
from kiosk.pages import access
from kiosk.pages.access import allow, context, live_visit, visitor
from kiosk.pages.beside import findings, menu
from kiosk.pages.beside.visit import current_visit
from kiosk.pages.citizen import check
from kiosk.pages.citizen.blueprint import render
from kiosk.pages.citizen.keep import PAPER_STATES
from kiosk.pages.citizen.open_form import open_form
from kiosk.procedures.practice_tasks import PracticeTask, find_task

results = Blueprint("results", __name__)


results.before_request(menu.check_request)
results.after_request(access.set_cookie)


@allow("citizen")
def submit() -> Answer | str:
    """Finish the task in place of a submission: the form is checked in the same way, and deleted."""
    return check.submit_with(_finish)


def _finish(draft_id: str) -> None:
    visit = current_visit()
    task = find_task(visit.task)
    if visitor().draft_id != draft_id or task is None:
        raise AlreadySubmitted(draft_id)
    opened, procedure = open_form()
    series = filing.series_letter(context(), procedure.series)
    ticket = practising.finish(context(), visitor().id, draft_id, series)
    answers = check.complete_answers(opened, procedure)
    visit.result = PracticeResult(
        number=ticket.label,
        findings=findings.find(task, visit, answers, ticket.label),
    )


@allow("citizen")
def done() -> Answer | str:
    """Show the result of the finished task."""
    visit = current_visit()
    task = find_task(visit.task)
    if visit.result is None or task is None:
        return redirect(url_for("citizen.start"), 303)
    offered = menu.offered_tasks()
    place = offered.index(task)
    _ = translator(visitor().lang)
    return render(
        "practice/result.html",
        task=task,
        number=place + 1,
        total=len(offered),
        findings=[(found.is_well, _(found.lead), _(found.text, **found.values)) for found in visit.result.findings],
        next_task=next(iter(offered[place + 1 :]), None),
        can_print=visit.prints < MAX_PRINTS,
        job=visit.job,
        nothing_to_lose=True,
    )


@results.post("/print")
@allow("citizen")
def print_sheet() -> Answer:
    """Print the sheet to take home at the kiosk's own printer; it names nobody."""
    visit = current_visit()
    task: PracticeTask | None = find_task(visit.task)
    live = live_visit()
    if live and task and visit.result and visit.prints < MAX_PRINTS:
        visit.job = printing.print_practice_sheet(live.context, task.key, live.screen)
        visit.prints += 1
    return redirect(url_for("citizen.done"), 303)


@results.get("/paper")
@allow("citizen")
def paper() -> Any:
    """Return whether the sheet was printed: printing, printed or failed."""
    visit = current_visit()
    live = live_visit()
    state = printing.state_of(live.context, visit.job) if live and visit.job else None
    return jsonify(state=PAPER_STATES.get(state or "", "failed"))
