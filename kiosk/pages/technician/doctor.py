"""Page "Khám máy": runs every check of `kiosk doctor`, with progress, and says what to do."""

from typing import cast

from flask import current_app, redirect, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.base import clock
from kiosk.health import urgency
from kiosk.health.check_result import CheckResult
from kiosk.pages.access import allow, context
from kiosk.pages.technician.blueprint import render, technician


@technician.get("/doctor")
@allow("technician")
def doctor() -> str:
    """Show the progress or the results of the last examination."""
    state = context().work.state("doctor")
    results = cast("list[CheckResult]", state.result if state and state.result else [])
    return render(
        "technician/doctor.html",
        examining=state,
        ended=f"{clock.local(state.ended):%H:%M, %d/%m/%Y}" if state and state.ended else "",
        todo=urgency.tasks(results),
        good=[result for result in results if not result.todo],
    )


@technician.post("/doctor")
@allow("technician")
def examine() -> Answer:
    """Begin an examination, which takes some seconds."""
    kiosk = context()
    examine_all = current_app.extensions["examine"]
    kiosk.work.begin("doctor", kiosk.clock.now, lambda report: examine_all(kiosk, report))
    return redirect(url_for("technician.doctor"), 303)
