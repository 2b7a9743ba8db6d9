"""Pages of a day: its figures, its register (form 07) as PDF and workbook; figures of many days for a lead.

An officer sees the ward's figures and their own; a lead sees also every counter and officer, and the cases opened away
from a counter. A register holds names, addresses and telephone numbers: an officer exports today's, a lead that of any
day. Each export writes an audit line, whose number and MAC are printed on the paper.
"""

from datetime import date, timedelta

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import certified_copies as certified_copies_acts
from kiosk.acts import lookups
from kiosk.base import clock, codes
from kiosk.base.errors import NotAllowed
from kiosk.dossiers import copy_numbers, status_labels
from kiosk.dossiers.copy_numbers import GAP_REASONS, MOST_MISSING
from kiosk.pages.access import allow, context
from kiosk.pages.officer.case.current_case import OPENING_REASONS
from kiosk.pages.officer.case.status import procedure_of
from kiosk.pages.officer.lead.figure_files import pdf_response, workbook_response
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.pages.officer.session.day_box import WRONG, parse_day
from kiosk.papers import figures, plots
from kiosk.papers.figures import Viewer
from kiosk.papers.workbook import Table, format_cell
from kiosk.records import certified_copies, openings, staff, submissions

EARLIEST = date(2020, 1, 1)


@officer.get("/day")
@allow("officer")
def day() -> str:
    """Show the figures of a day."""
    day, error = _parse_day("date")
    return _page(day, error)


@officer.get("/day/register.pdf")
@allow("officer")
def day_register() -> Response:
    """Return the register of a day on A4."""
    from kiosk.papers import register  # imports the A4 layout, which would slow down the start

    day = _require_register(_require_day("date"))
    table = register.table(context(), day)
    trail = _audit("register pdf", (day, day), len(table.rows))
    return pdf_response(register.pdf(context(), day, signer=sitting().person.name, trail=trail))


@officer.get("/day/register.xlsx")
@allow("officer")
def day_register_book() -> Response:
    """Return the register of a day as a workbook."""
    from kiosk.papers import register  # imports the A4 layout, which would slow down the start

    day = _require_register(_require_day("date"))
    table = register.table(context(), day)
    _audit("register xlsx", (day, day), len(table.rows))
    return _workbook([table], f"so-theo-doi-{day}")


@officer.get("/day/copies.pdf")
@allow("officer")
def day_copies() -> Response:
    """Return the register of certified copies of a day on A4."""
    from kiosk.papers import copies_register  # imports the A4 layout, which would slow down the start

    day = _require_register(_require_day("date"))
    table = copies_register.table(context(), day)
    trail = _audit("copies pdf", (day, day), len(table.rows))
    return pdf_response(copies_register.pdf(context(), day, signer=sitting().person.name, trail=trail))


@officer.get("/day/copies.xlsx")
@allow("officer")
def day_copies_book() -> Response:
    """Return the register of certified copies of a day as a workbook."""
    from kiosk.papers import copies_register  # imports the A4 layout, which would slow down the start

    day = _require_register(_require_day("date"))
    table = copies_register.table(context(), day)
    _audit("copies xlsx", (day, day), len(table.rows))
    return _workbook([table], f"so-chung-thuc-{day}")


@officer.post("/day/copies/continue")
@allow("lead")
def continue_copies() -> Answer:
    """Let the register of certified copies go on after the last number that was given before a restore."""
    last = codes.parse_number(request.form.get("last", ""))
    reason = next((reason for reason in GAP_REASONS if reason == request.form.get("why")), None)
    if reason is None or not certified_copies_acts.continue_after(context(), last, reason, actor=sitting().person.code):
        raise NotAllowed(
            f"Số cuối không nhỏ hơn số trong máy, không quá {MOST_MISSING} số sau nó. Quay lại, xem sổ giấy.",
            "The last number is not less than the one of this machine, and not far greater.",
        )
    return redirect(url_for("officer.day"), 303)


@officer.get("/day/figures.pdf")
@allow("officer")
def day_figures() -> Response:
    """Return the figures of a day on one A4 sheet."""
    day = _require_day("date")
    trail = _audit("figures pdf", (day, day), 0)
    return pdf_response(figures.pdf(context(), figures.load_day(context(), day), _viewer(), trail=trail))


@officer.get("/day/range.xlsx")
@allow("officer")
def day_range() -> Response | tuple[str, int]:
    """Return the figures of many days as a workbook, for a lead."""
    if not _viewer().is_lead:
        raise NotAllowed("Số liệu nhiều ngày do người phụ trách lấy.", "Figures of many days are for a lead.")
    first, first_error = _parse_day("from")
    last, last_error = _parse_day("to")
    error = first_error or last_error or _span_error(first, last)
    if error:
        return _page(_today(), error), 400
    _audit("figures xlsx", (first, last), (last - first).days + 1)
    return _workbook(figures.period_tables(context(), first, last), f"so-lieu-{first}-{last}")


def _page(day: date, error: str = "") -> str:
    day_figures = figures.load_day(context(), day)
    viewer = _viewer()
    today = _today()
    month = today.replace(day=1)
    with context().store.read() as db:
        copies = certified_copies.of_day(db, day)
        is_last_unknown = copy_numbers.is_last_unknown(db, today.year)
        last_number = copy_numbers.last_number(db, today.year)
    return render(
        "officer/day.html",
        date=day.isoformat(),
        typed=request.args.get("date", "") if error else f"{day:%d/%m/%Y}",
        total=figures.TOTAL,
        name=figures.format_day(day),
        is_today=day == today,
        before=url_for("officer.day", date=(day - timedelta(days=1)).isoformat()),
        after=url_for("officer.day", date=(day + timedelta(days=1)).isoformat()) if day < today else "",
        error=error,
        headline=figures.headline(day_figures),
        tables=figures.day_tables(context(), day_figures, viewer),
        shown=format_cell,
        wait_limit=context().config.queue.max_wait_minutes,
        may_export=viewer.is_lead or day == today,
        is_lead=viewer.is_lead,
        span=(request.args.get("from", f"{month:%d/%m/%Y}"), request.args.get("to", f"{today:%d/%m/%Y}")),
        plots=plots.of_days(context(), day_figures.visits, day, day),
        cases=_cases(day),
        copies=copies,
        is_last_unknown=is_last_unknown,
        last_number=last_number,
        gap_reasons=GAP_REASONS,
        openings=_openings(day) if viewer.is_lead else None,
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
    """Return the cases opened away from a counter on a day, as (time, officer, receipt number, reason)."""
    start, end = figures.day_bounds(day)
    rows: list[tuple[str, ...]] = []
    with context().store.read() as db:
        names = staff.names(db)
        for opening in openings.between(db, start, end):
            submission = submissions.find(db, opening.submission_id)
            words = context().vault.open(openings.WORDS, opening.id, opening.words).decode() if opening.words else ""
            reason = ": ".join(filter(None, [OPENING_REASONS[opening.reason], words]))
            at = f"{clock.local(opening.opened_at):%H:%M}"
            by = names.get(opening.actor, opening.actor)
            rows.append((at, by, submission.receipt_no if submission else "", reason))
    return rows


def _viewer() -> Viewer:
    person = sitting().person
    return Viewer(person.code, person.role == "lead")


def _require_register(day: date) -> date:
    """Return a day whose register this officer may export: today, or any day for a lead."""
    if day != _today() and not _viewer().is_lead:
        raise NotAllowed(
            "Sổ của ngày khác do người phụ trách in. Mời báo người phụ trách.",
            "The register of another day is printed by a lead.",
        )
    return day


def _audit(what: str, days: tuple[date, date], rows: int) -> str:
    """Write the audit line of an export; return its number and MAC for the paper."""
    head = lookups.record_export(context(), what, days, rows=rows, actor=sitting().person.code)
    return f" Nhật ký dòng {head.seq}, {head.mac[:12]}."


def _today() -> date:
    return context().clock.today()


def _parse_day(name: str) -> tuple[date, str]:
    """Return the day of a query argument, today where it is empty or wrong, and the error."""
    text = request.args.get(name, "").strip()
    today = _today()
    if not text:
        return today, ""
    day = parse_day(text)
    if day is None:
        return today, WRONG
    if day > today:
        return today, f"Ngày {day:%d/%m/%Y} chưa tới."
    if day < EARLIEST:
        return today, f"Ngày {day:%d/%m/%Y} xa quá, máy chưa có."
    return day, ""


def _require_day(name: str) -> date:
    day, error = _parse_day(name)
    if error:
        raise NotAllowed(error, "This is no day of this kiosk.")
    return day


def _span_error(first: date, last: date) -> str:
    if first > last:
        return "Ngày đầu phải trước ngày cuối."
    if (last - first).days >= figures.MAX_DAYS:
        return f"Lấy nhiều nhất {figures.MAX_DAYS} ngày một lần."
    return ""


def _workbook(tables: list[Table], name: str) -> Response:
    return workbook_response(tables, name, is_practice=context().config.kiosk.practice)
