"""Page of the morning: is everything ready, on one page and on one printed sheet; and the diagnostics bundle."""

from typing import cast

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import printing
from kiosk.base.errors import NotAllowed
from kiosk.health import checks, diagnostics
from kiosk.health import readiness as rows_of
from kiosk.health.check_result import CheckResult
from kiosk.pages.access import allow, context
from kiosk.pages.technician.blueprint import actor, render, technician
from kiosk.papers import case_papers


@technician.get("/readiness")
@allow("technician")
def readiness() -> str:
    """Show the rows of the morning."""
    return _page()


@technician.post("/readiness/print")
@allow("technician")
def print_readiness() -> Answer | tuple[str, int]:
    """Print the sheet."""
    try:
        printing.print_readiness(context(), actor())
    except NotAllowed as error:
        return _page(error.vi), 422
    return redirect(url_for("technician.readiness", said="printed"), 303)


@technician.get("/readiness.pdf")
@allow("technician")
def readiness_pdf() -> Response:
    """Return the sheet as PDF."""
    return Response(case_papers.readiness_pdf(context()), mimetype="application/pdf")


@technician.post("/diagnostics")
@allow("technician")
def take_diagnostics() -> Response:
    """Return the diagnostics bundle, with the results of the last examination where there is one."""
    state = context().work.state("doctor")
    results = cast("list[CheckResult]", state.result) if state and state.result else checks.look(context())
    name = diagnostics.file_name(context())
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(diagnostics.bundle(context(), results), mimetype="application/zip", headers=headers)


def _page(wrong: str = "") -> str:
    rows = rows_of.readiness(context())
    return render(
        "technician/readiness.html",
        rows=rows,
        is_ready=rows_of.is_ready(rows),
        todo=sum(row.state in ("warning", "fault") for row in rows),
        is_printed=request.args.get("said") == "printed",
        wrong=wrong,
    )
