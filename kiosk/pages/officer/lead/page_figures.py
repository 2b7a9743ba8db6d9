"""Lead's page of the pages of forms: which take long, where a check stops, where forms are left and officers called."""

from datetime import date, timedelta

from flask import Response, request, url_for

from kiosk.acts import lookups
from kiosk.pages.access import allow, context
from kiosk.pages.officer.lead.figure_files import workbook_response
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.papers import page_figures as figures
from kiosk.papers.workbook import format_cell

SPANS = (7, 30, 90)
"""Numbers of days that the page offers."""
USUAL_SPAN = 30


@officer.get("/pages")
@allow("lead")
def page_figures() -> str:
    """Show the figures of the last days."""
    days = _days()
    counts = figures.load(context(), *_span(days))
    return render(
        "officer/page_figures.html",
        days=days,
        spans=[(count, url_for("officer.page_figures", days=count)) for count in SPANS],
        tables=figures.tables(context(), counts),
        plots=figures.plots(context(), counts),
        shown=format_cell,
    )


@officer.get("/pages.xlsx")
@allow("lead")
def page_figures_book() -> Response:
    """Return the figures of the last days as a workbook."""
    days = _days()
    first, last = _span(days)
    counts = figures.load(context(), first, last)
    lookups.record_export(context(), "pages xlsx", (first, last), rows=len(counts), actor=sitting().person.code)
    is_practice = context().config.kiosk.practice
    return workbook_response(figures.workbook(context(), counts), f"trang-khai-{last}", is_practice=is_practice)


def _days() -> int:
    asked = request.args.get("days", "")
    return next((count for count in SPANS if str(count) == asked), USUAL_SPAN)


def _span(days: int) -> tuple[date, date]:
    today = context().clock.today()
    return today - timedelta(days=days - 1), today
