"""Lead's page of the citizens' opinions: a month that is over with tables and plots, and the texts.

The figures go out as PDF and workbook, each with an audit line; the texts may hold a name and stay on the page.
"""

from datetime import date

from flask import Response, request, url_for

from kiosk.acts import lookups
from kiosk.base.errors import NotFound
from kiosk.pages.access import allow, context
from kiosk.pages.officer.lead.figure_files import pdf_response, workbook_response
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.papers import opinion_figures
from kiosk.papers.opinion_figures import MonthOpinions
from kiosk.papers.workbook import format_cell


@officer.get("/opinions")
@allow("lead")
def opinions() -> str:
    """Show the opinions of a month: the newest one that is over, or the one that the address names."""
    months = opinion_figures.months(context())
    found = opinion_figures.load(context(), _month(months))
    return render(
        "officer/opinions.html",
        name=found.name,
        month=found.month.isoformat(),
        months=[(_label(month), url_for("officer.opinions", month=month.isoformat())) for month in months[:MOST_LINKS]],
        tables=opinion_figures.tables(context(), found),
        plots=opinion_figures.plots(context(), found),
        texts=opinion_figures.texts(context()),
        note=opinion_figures.NOTE,
        kept_days=context().config.keep.opinion_days,
        shown=format_cell,
    )


@officer.get("/opinions.pdf")
@allow("lead")
def opinions_pdf() -> Response:
    """Return the opinions of a month on A4."""
    found = _required()
    return pdf_response(opinion_figures.pdf(context(), found, trail=_audit("opinions pdf", found)))


@officer.get("/opinions.xlsx")
@allow("lead")
def opinions_book() -> Response:
    """Return the opinions of a month as a workbook."""
    found = _required()
    _audit("opinions xlsx", found)
    is_practice = context().config.kiosk.practice
    tables = opinion_figures.workbook(context(), found)
    return workbook_response(tables, f"y-kien-{found.month:%Y-%m}", is_practice=is_practice)


MOST_LINKS = 12


def _month(months: list[date]) -> date:
    asked = request.args.get("month", "")
    return next((month for month in months if month.isoformat() == asked), months[0])


def _required() -> MonthOpinions:
    """Return the month that the address names; only one that is over, so that figures have no difference of a day."""
    asked = request.args.get("month", "")
    month = next((month for month in opinion_figures.months(context()) if month.isoformat() == asked), None)
    if month is None:
        raise NotFound("Tháng này chưa hết hoặc máy không còn giữ.", "This month is not over, or not kept any more.")
    return opinion_figures.load(context(), month)


def _label(month: date) -> str:
    return f"Tháng {month.month}/{month.year}"


def _audit(what: str, found: MonthOpinions) -> str:
    """Write the audit line of an export; return its number and MAC for the paper."""
    days = (found.month, found.month)
    head = lookups.record_export(context(), what, days, rows=len(found.counts), actor=sitting().person.code)
    return f" Nhật ký dòng {head.seq}, {head.mac[:12]}."
