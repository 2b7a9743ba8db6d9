"""Lead's page of series, counters and opening hours: kiosk.toml gives the first state, what is saved here is in force.

A press of "Xem thay đổi" shows the differences and what they mean; only the second press saves. The typed fields go
with every answer, so that an error, another lead or a question loses nothing.
"""

from dataclasses import dataclass
from itertools import pairwise

from flask import redirect, request, url_for
from sqlite_utils import Database
from werkzeug.wrappers import Response as Answer

from kiosk.acts import planning
from kiosk.acts.planning import Obstacle, PlanChanged, PlanHindered
from kiosk.base import clock
from kiosk.base.errors import NotAllowed
from kiosk.config.service_plan import ServicePlan, UnreadablePlan, from_json, in_force, plan_of
from kiosk.pages.access import allow, context
from kiosk.pages.officer.lead.plan_changes import changes, consequences
from kiosk.pages.officer.lead.plan_form import SPANS, WEEKS, PlanForm, form_of, read
from kiosk.pages.officer.session import messages
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.records import service_plans, staff
from kiosk.records.service_plans import SavedPlan

HISTORY = 10
"""Changes that the page lists."""
PART_NAMES = {"series": "dãy số", "counters": "quầy", "hours": "giờ mở"}


@dataclass(frozen=True)
class PastChange:
    """A saved change: who, when, and what in sentences."""

    when: str
    who: str
    sentences: tuple[str, ...]


@officer.get("/plan")
@allow("lead")
def plan() -> str:
    """Show series, counters and opening hours as they are in force."""
    form = form_of(plan_of(context().config), context().clock.today())
    message = messages.PLAN.get(request.args.get("said", ""), "")
    return _page(form, revision=context().plan_revision, message=message, focus=request.args.get("at", ""))


@officer.post("/plan")
@allow("lead")
def save_plan() -> Answer | str:
    """Add a row, show the differences, or save them."""
    values = {name: value for name, value in request.form.items() if name not in ("csrf", "act", "revision")}
    act = request.form.get("act", "review")
    if act in ("series", "counters"):
        form = PlanForm(values).with_row(act)
        rows = form.series_rows if act == "series" else form.counter_rows
        focus = f"s{rows[-1]}-letter" if act == "series" else f"c{rows[-1]}-name"
        return _page(form, revision=_revision(), focus=focus)
    form = read(values, plan_of(context().config), context().clock.today())
    if form.plan is None:
        return _page(form, revision=_revision(), wrong=f"Chưa lưu: có {len(form.errors)} chỗ phải sửa, ghi ở từng ô.")
    if act == "edit":
        return _page(form, revision=_revision())
    return _save(form, form.plan) if act == "save" else _review(form, form.plan)


@officer.post("/plan/file")
@allow("lead")
def use_file_plan() -> Answer | str:
    """Put the series, counters and hours of kiosk.toml in force again, after a question."""
    current = plan_of(context().config)
    if not request.form.get("sure"):
        sentences = changes(current, context().file_plan)
        return render(
            "officer/plan_sure.html",
            title="Dùng lại kiosk.toml?",
            sentences=sentences or ["kiosk.toml ghi giống trang này."],
            notes=consequences(context(), current, context().file_plan),
            address=url_for("officer.use_file_plan"),
            values={"revision": str(context().plan_revision), "sure": "1"},
            button="Dùng lại kiosk.toml",
        )
    try:
        planning.use_file(context(), revision=_revision(), actor=sitting().person.code)
    except NotAllowed as error:
        form = form_of(plan_of(context().config), context().clock.today())
        return _page(form, revision=context().plan_revision, wrong=error.vi)
    return redirect(url_for("officer.plan", said="file"), 303)


def _revision() -> int:
    """Return the revision that the posted form was made from; -1 for a forged one, which saves nothing."""
    text = request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _review(form: PlanForm, wanted: ServicePlan) -> str:
    """Show the differences and what they mean; nothing is saved yet."""
    current = plan_of(context().config)
    sentences = changes(current, wanted)
    if not sentences:
        return _page(form, revision=_revision(), message="Chưa đổi gì so với đang dùng.")
    with context().store.read() as db:
        found = planning.obstacles(db, context(), wanted)
    if found:
        return _hindered(form, found)
    if _revision() != context().plan_revision:
        return _overtaken(form)
    return render(
        "officer/plan_sure.html",
        title="Lưu các thay đổi này?",
        sentences=sentences,
        notes=consequences(context(), current, wanted),
        address=url_for("officer.save_plan"),
        values={**form.values, "revision": str(_revision())},
        button="Lưu, dùng ngay",
    )


def _save(form: PlanForm, wanted: ServicePlan) -> Answer | str:
    try:
        planning.save_plan(context(), wanted, revision=_revision(), actor=sitting().person.code)
    except PlanHindered as error:
        return _hindered(form, error.obstacles)
    except PlanChanged:
        return _overtaken(form)
    return redirect(url_for("officer.plan", said="saved"), 303)


def _overtaken(form: PlanForm) -> str:
    """Show the form again with the revision of now: the next press saves over the other change, which is listed."""
    return _page(form, revision=context().plan_revision, wrong=PlanChanged.vi)


def _hindered(form: PlanForm, found: list[Obstacle] | tuple[Obstacle, ...]) -> str:
    """Show the form again with each obstacle in the row that it concerns."""
    errors: dict[str, str] = {}
    for obstacle in found:
        rows = form.series_rows if obstacle.part == "series" else form.counter_rows
        letter, key = ("s", "id") if obstacle.part == "series" else ("c", "was")
        row = next((row for row in rows if form.value(f"{letter}{row}-{key}") == obstacle.key), None)
        place = obstacle.part if row is None else f"{letter}{row}-drop"
        errors[place] = f"{errors[place]} {obstacle.vi}" if place in errors else obstacle.vi
    wrong = f"Chưa lưu: có {len(errors)} chỗ đang có người dùng, ghi ở từng dòng."
    return _page(PlanForm(form.values, None, errors), revision=_revision(), wrong=wrong)


def _page(form: PlanForm, *, revision: int, message: str = "", wrong: str = "", focus: str = "") -> str:
    """Show the form, which plan is in force, and the last changes.

    Args:
        focus: name of the field that has the focus; without one it is the first field with an error.
    """
    with context().store.read() as db:
        saved = service_plans.newest(db)
        parts = planning.parts_of_page(db, context())
        history = _history(db)
        names = staff.names(db)
    procedures = context().catalogue.all(context().clock.today())
    counts = {
        series.id: sum(procedure.queue and procedure.series == series.id for procedure in procedures)
        for series in context().config.series
    }
    return render(
        "officer/plan.html",
        form=form,
        revision=revision,
        message=message,
        wrong=wrong,
        focus=focus or next(iter(form.errors), ""),
        weeks=WEEKS,
        spans=range(SPANS),
        parts=[PART_NAMES[part] for part in parts],
        saved_by=f"{_when(saved)}, {names.get(saved.actor, saved.actor)}" if saved else "",
        history=history,
        procedure_counts=counts,
        day_example=f"01/01/{context().clock.today().year + 1}",
    )


def _history(db: Database) -> list[PastChange]:
    """Return the last changes, newest first; each is compared with the plan that it replaced."""
    file_plan = context().file_plan
    rows = service_plans.latest(db, HISTORY + 1)
    plans = [_plan_of(row) for row in rows]
    if len(rows) <= HISTORY:
        plans.append(file_plan)
    names = staff.names(db)
    return [
        PastChange(
            when=_when(row),
            who=names.get(row.actor, row.actor),
            sentences=(*(() if row.parts else ("Dùng lại kiosk.toml.",)), *changes(before, after)),
        )
        for row, (after, before) in zip(rows, pairwise(plans), strict=False)
    ]


def _plan_of(row: SavedPlan) -> ServicePlan:
    """Return the plan that a row put in force: its own, or that of kiosk.toml as it was then."""
    if row.parts:
        return in_force(context().file_plan, row.plan, row.parts)
    try:
        return from_json(row.plan)
    except UnreadablePlan:
        return context().file_plan


def _when(saved: SavedPlan) -> str:
    return f"{clock.local(saved.at):%H:%M ngày %d/%m/%Y}"
