"""The day: its figures on one page, its register (form 07) on paper and as a workbook; many days for a lead.

Figures are the ward's; an officer also sees their own work, a lead every counter, everybody, and which cases were
opened away from a counter. A register holds names, homes and telephones: an officer takes today's along, a lead that
of any day, and each leaves an audit line whose end is printed on the paper.
"""

from datetime import date, timedelta

from flask import Response, request, url_for

from kiosk import clock
from kiosk.acts import looking
from kiosk.dossiers import status_labels
from kiosk.errors import NotAllowed
from kiosk.pages.access import context, for_
from kiosk.pages.officer.blueprint import officer, render, sitting
from kiosk.pages.officer.opened_case import REASONS
from kiosk.papers import figures
from kiosk.papers.figures import Viewer
from kiosk.records import audit, openings, staff, submissions
from kiosk.workbook import Table, shown, xlsx

EARLIEST = date(2020, 1, 1)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@officer.get("/day")
@for_("officer")
def day() -> str:
    """Show the figures of a day."""
    return _page(*_asked("date"))


@officer.get("/day/register.pdf")
@for_("officer")
def day_register() -> Response:
    """Give the register of a day on A4."""
    from kiosk.papers import register  # lays out A4: no start waits for it

    wanted = _may_take(_date("date"))
    found = register.table(context(), wanted)
    trail = _trail("register pdf", (wanted, wanted), len(found.rows))
    return _pdf(register.pdf(context(), wanted, sitting().person.name, trail))


@officer.get("/day/register.xlsx")
@for_("officer")
def day_register_book() -> Response:
    """Give the register of a day as a workbook."""
    from kiosk.papers import register  # lays out A4: no start waits for it

    wanted = _may_take(_date("date"))
    found = register.table(context(), wanted)
    _trail("register xlsx", (wanted, wanted), len(found.rows))
    return _book([found], f"so-theo-doi-{wanted}")


@officer.get("/day/figures.pdf")
@for_("officer")
def day_figures() -> Response:
    """Give the figures of a day on one A4 sheet."""
    wanted = _date("date")
    trail = _trail("figures pdf", (wanted, wanted), 0)
    return _pdf(figures.pdf(context(), figures.of_day(context(), wanted), _viewer(), trail))


@officer.get("/day/range.xlsx")
@for_("officer")
def day_range() -> Response | tuple[str, int]:
    """Give the figures of many days as a workbook, to a lead."""
    if not _viewer().is_lead:
        raise NotAllowed("Số liệu nhiều ngày do người phụ trách lấy.", "Figures of many days are for a lead.")
    (first, wrong), (last, wrong_too) = _asked("from"), _asked("to")
    error = wrong or wrong_too or _span_fault(first, last)
    if error:
        return _page(_today(), error), 400
    _trail("figures xlsx", (first, last), (last - first).days + 1)
    return _book(figures.days(context(), first, last), f"so-lieu-{first}-{last}")


def _page(wanted: date, error: str = "") -> str:
    told, viewer, today = figures.of_day(context(), wanted), _viewer(), _today()
    month = today.replace(day=1)
    return render(
        "officer/day.html",
        date=wanted.isoformat(),
        typed=request.args.get("date", "") if error else f"{wanted:%d/%m/%Y}",
        total=figures.TOTAL,
        name=figures.named(wanted),
        is_today=wanted == today,
        before=url_for("officer.day", date=(wanted - timedelta(days=1)).isoformat()),
        after=url_for("officer.day", date=(wanted + timedelta(days=1)).isoformat()) if wanted < today else "",
        error=error,
        headline=figures.headline(told),
        tables=figures.tables(context(), told, viewer),
        shown=shown,
        may_take=viewer.is_lead or wanted == today,
        is_lead=viewer.is_lead,
        span=tuple(request.args.get(name, f"{one:%d/%m/%Y}") for name, one in (("from", month), ("to", today))),
        cases=_cases(wanted),
        opened=_opened(wanted) if viewer.is_lead else None,
    )


def _cases(wanted: date) -> list[dict[str, str]]:
    """The register without a person: numbers, times, states."""
    with context().store.read() as db:
        last = {one.receipt_no: one for one in submissions.of_day(db, wanted)}
    found = []
    for one in last.values():
        procedure = context().catalogue.version(one.procedure, one.version)
        found.append(
            {
                "go": url_for("officer.case", submission_id=one.id),
                "receipt_no": one.receipt_no,
                "official_no": one.number or "–",
                "matter": procedure.short.vi if procedure else one.procedure,
                "at": f"{clock.local(one.completed_at):%H:%M}",
                "due": shown("moment", one.due),
                "desk": status_labels.desk(one),
                "portal": status_labels.portal(one) or "–",
            }
        )
    return found


def _opened(wanted: date) -> list[tuple[str, ...]]:
    """Which cases were opened away from a counter that day: when, by whom, which, why."""
    start, end = figures.bounds(wanted)
    rows: list[tuple[str, ...]] = []
    with context().store.read() as db:
        people = staff.names(db)
        for one in openings.between(db, start, end):
            found = submissions.find(db, one.submission_id)
            words = context().vault.open(openings.WORDS, one.id, one.words).decode() if one.words else ""
            why = ": ".join(part for part in (REASONS[one.reason], words) if part)
            at = f"{clock.local(one.opened_at):%H:%M}"
            rows.append((at, people.get(one.actor, one.actor), found.receipt_no if found else "", why))
    return rows


def _viewer() -> Viewer:
    person = sitting().person
    return Viewer(person.code, person.role == "lead")


def _may_take(wanted: date) -> date:
    """A register leaves on its day; a lead may take any."""
    if wanted != _today() and not _viewer().is_lead:
        raise NotAllowed(
            "Sổ của ngày khác do người phụ trách in. Mời báo người phụ trách.",
            "The register of another day is printed by a lead.",
        )
    return wanted


def _trail(what: str, days: tuple[date, date], rows: int) -> str:
    head: audit.AuditHead = looking.take_along(context(), what, days, rows, sitting().person.code)
    return f" Nhật ký dòng {head.seq}, {head.mac[:12]}."


def _today() -> date:
    return context().clock.today()


def _asked(name: str) -> tuple[date, str]:
    """The day that an address names, today where it names none; and what is wrong with it."""
    text, today = request.args.get(name, "").strip(), _today()
    if not text:
        return today, ""
    parts = text.split("/")
    try:
        found = date(*map(int, reversed(parts))) if len(parts) == 3 else date.fromisoformat(text)
    except ValueError:
        return today, "Ngày viết như 25/11/2026."
    if found > today:
        return today, f"Ngày {found:%d/%m/%Y} chưa tới."
    if found < EARLIEST:
        return today, f"Ngày {found:%d/%m/%Y} xa quá, máy chưa có."
    return found, ""


def _date(name: str) -> date:
    found, wrong = _asked(name)
    if wrong:
        raise NotAllowed(wrong, "This is no day of this kiosk.")
    return found


def _span_fault(first: date, last: date) -> str:
    if first > last:
        return "Ngày đầu phải trước ngày cuối."
    if (last - first).days >= figures.MOST_DAYS:
        return f"Lấy nhiều nhất {figures.MOST_DAYS} ngày một lần."
    return ""


def _pdf(document: bytes) -> Response:
    return Response(document, mimetype="application/pdf", headers={"Content-Disposition": "inline"})


def _book(tables: list[Table], name: str) -> Response:
    book = xlsx(tables, practice=context().config.kiosk.practice)
    practice = "-tap" if context().config.kiosk.practice else ""
    told = {"Content-Disposition": f'attachment; filename="{name}{practice}.xlsx"'}
    return Response(book, mimetype=XLSX, headers=told)
