"""Forms of the papers and notes of the case at the counter."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import inspecting
from kiosk.acts.inspecting import PaperTick
from kiosk.base import codes
from kiosk.pages.access import allow, context
from kiosk.pages.officer.case.current_case import SUBMITTED, case_in_hand, needed_papers
from kiosk.pages.officer.session.blueprint import officer, sitting
from kiosk.records.decisions import MAY_FOLLOW


@officer.post("/ticket/<ticket_id>/papers")
@allow("officer")
def papers(ticket_id: str) -> Answer:
    """Record which papers were seen and copied; ignore a paper that the form does not ask for.

    A copy is kept only of a paper that is submitted: nobody may be asked for a copy of a paper that is shown.
    """
    case = case_in_hand(ticket_id)
    opened = case.opened
    seen = set(request.form.getlist("seen"))
    copied = set(request.form.getlist("copied"))
    ticks = {
        paper.id: PaperTick(
            is_seen=paper.id in seen,
            is_copied=paper.id in copied and paper.kind == SUBMITTED,
            count=_sheets(paper.id) if paper.kind == SUBMITTED else 1,
        )
        for paper in needed_papers(opened)
    }
    inspecting.tick_papers(context(), opened.submission.id, ticks, actor=sitting().person.code)
    then = request.form.get("then", "")
    if then in MAY_FOLLOW:
        # A button of the decision bar posts this form too, so that ticks are not lost.
        return redirect(url_for("officer.decide", submission_id=opened.submission.id, act=then), 303)
    return redirect(case.access.url("papers"), 303)


def _sheets(paper: str) -> int:
    """Return the number of sheets of a paper that the form says; 1 for anything that is no number."""
    return codes.parse_number(request.form.get(f"sheets-{paper}", "").strip(), default=1)


@officer.post("/ticket/<ticket_id>/notes")
@allow("officer")
def notes(ticket_id: str) -> Answer:
    """Add a note of the counter."""
    case = case_in_hand(ticket_id)
    inspecting.add_note(context(), case.opened.submission.id, request.form.get("note", ""), actor=sitting().person.code)
    return redirect(case.access.url("note"), 303)
