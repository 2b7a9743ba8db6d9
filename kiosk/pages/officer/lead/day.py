"""Pages of a day: its figures, its register (form 07) as PDF and workbook; figures of many days for a lead.

An officer sees the ward's figures and their own; a lead sees also every counter and officer, and the cases opened away
from a counter. A register holds names, addresses and telephone numbers: an officer exports today's, a lead that of any
day. Each export writes an audit line, whose number and MAC are printed on the paper.
"""

from datetime import date, timedelta

from flask import Response, request, url_for

from kiosk.base import clock
from kiosk.base.errors import NotAllowed
from kiosk.dossiers import copy_numbers, status_labels
from kiosk.pages.access import allow, context
from kiosk.pages.officer.case.current_case import OPENING_REASONS
from kiosk.pages.officer.case.status import procedure_of
from kiosk.pages.officer.lead.day_request import (
    parse_query_day,
    record_export,
    require_day,
    require_own_day,
    today,
    viewer,
)
from kiosk.pages.officer.lead.figure_files import pdf_response, workbook_response
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.papers import figures, plots
from kiosk.papers.workbook import Table, format_cell
from kiosk.records import certified_copies, openings, staff, submissions


@officer.get("/day")
@allow("officer")
def day() -> str:
    """Show the figures of a day."""
    day, error = parse_query_day("date")
    return _page(day, error)


@officer.get("/day/register.pdf")
@allow("officer")
def day_register() -> Response:
    """Return the register of a day on A4."""
    from kiosk.papers import register  # imports the A4 layout, which would slow down the start

    day = require_own_day(require_day("date"))
    table = register.table(context(), day)
    trail = record_export("register pdf", (day, day), len(table.rows))
    return pdf_response(register.pdf(context(), day, signer=sitting().person.name, trail=trail))


@officer.get("/day/register.xlsx")
@allow("officer")
def day_register_book() -> Response:
    """Return the register of a day as a workbook."""
    from kiosk.papers import register  # imports the A4 layout, which would slow down the start

    day = require_own_day(require_day("date"))
    table = register.table(context(), day)
    record_export("register xlsx", (day, day), len(table.rows))
    return _workbook([table], f"so-theo-doi-{day}")


@officer.get("/day/figures.pdf")
@allow("officer")
def day_figures() -> Response:
    """Return the figures of a day on one A4 sheet."""
    day = require_day("date")
    trail = record_export("figures pdf", (day, day), 0)
    return pdf_response(figures.pdf(context(), figures.load_day(context(), day), viewer(), trail=trail))


@officer.get("/day/range.xlsx")
@allow("officer")
def day_range() -> Response | tuple[str, int]:
    """Return the figures of many days as a workbook, for a lead."""
    if not viewer().is_lead:
        raise NotAllowed("Số liệu nhiều ngày do người phụ trách lấy.", "Figures of many days are for a lead.")
    first, first_error = parse_query_day("from")
    last, last_error = parse_query_day("to")
    error = first_error or last_error or _span_error(first, last)
    if error:
        return _page(today(), error), 400
    record_export("figures xlsx", (first, last), (last - first).days + 1)
    return _workbook(figures.period_tables(context(), first, last), f"so-lieu-{first}-{last}")


def _page(day: date, error: str = "") -> str:
    day_figures = figures.load_day(context(), day)
    reader = viewer()
    this_day = today()
    month = this_day.replace(day=1)
    with context().store.read() as db:
        certified = len(certified_copies.of_day(db, day))
        is_last_unknown = bool(copy_numbers.unknown_years(db, this_day))
    return render(
        "officer/day.html",
        date=day.isoformat(),
        typed=request.args.get("date", "") if error else f"{day:%d/%m/%Y}",
        total=figures.TOTAL,
        name=figures.format_day(day),
        is_today=day == this_day,
        before=url_for("officer.day", date=(day - timedelta(days=1)).isoformat()),
        after=url_for("officer.day", date=(day + timedelta(days=1)).isoformat()) if day < this_day else "",
        error=error,
        headline=figures.headline(day_figures),
        tables=figures.day_tables(context(), day_figures, reader),
        shown=format_cell,
        wait_limit=context().config.queue.max_wait_minutes,
        may_export=reader.is_lead or day == this_day,
        is_lead=reader.is_lead,
        span=(request.args.get("from", f"{month:%d/%m/%Y}"), request.args.get("to", f"{this_day:%d/%m/%Y}")),
        plots=plots.of_days(context(), day_figures.visits, day, day),
        cases=_cases(day),
        certified=certified,
        is_last_unknown=is_last_unknown,
        openings=_openings(day) if reader.is_lead else None,
    )


def _cases(day: date) -> list[dict[str, str]]:
    """Return the cases of a day without names: numbers, times, states."""
    with context().store.read() as db:
        latest = {submission.receipt_no: submission for submission in submissions.of_day(db, day)}
    cases = []
    for submission in latest.values():
        procedure = procedure_of(submission)
        cases.append(
            {
                "url": url_for("officer.case", submission_id=submission.id),
                "receipt_no": submission.receipt_no,
                "official_no": submission.number or "–",
                "matter": procedure.short.vi if procedure else submission.procedure,
                "at": f"{clock.local(submission.completed_at):%H:%M}",
                "due": format_cell("moment", submission.due),
                "desk": status_labels.desk_label(submission),
                "portal": status_labels.portal_label(submission) or "–",
            }
        )
    return cases


def _openings(day: date) -> list[tuple[str, ...]]:
    """Return the cases opened away from a counter or at the portal: (time, who, receipt number, reason)."""
    start, end = figures.day_bounds(day)
    rows: list[tuple[str, ...]] = []
    with context().store.read() as db:
        names = staff.names(db)
        for opening in openings.between(db, start, end):
            submission = submissions.find(db, opening.submission_id)
            words = context().vault.open(openings.WORDS, opening.id, opening.words).decode() if opening.words else ""
            is_at_portal = opening.session == openings.AT_PORTAL
            reason = ": ".join(filter(None, ["" if is_at_portal else OPENING_REASONS[opening.reason], words]))
            at = f"{clock.local(opening.opened_at):%H:%M}"
            by = f"Cổng tỉnh ({opening.actor})" if is_at_portal else names.get(opening.actor, opening.actor)
            rows.append((at, by, submission.receipt_no if submission else "", reason))
    return rows


def _span_error(first: date, last: date) -> str:
    if first > last:
        return "Ngày đầu phải trước ngày cuối."
    if (last - first).days >= figures.MAX_DAYS:
        return f"Lấy nhiều nhất {figures.MAX_DAYS} ngày một lần."
    return ""


def _workbook(tables: list[Table], name: str) -> Response:
    return workbook_response(tables, name, is_practice=context().config.kiosk.practice)
