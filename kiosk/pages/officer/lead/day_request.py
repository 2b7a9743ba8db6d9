"""Day and reader of a page of figures or registers, and the audit line of what is taken along."""

from datetime import date

from flask import request

from kiosk.acts import lookups
from kiosk.base.errors import NotAllowed
from kiosk.pages.access import context
from kiosk.pages.officer.session.blueprint import sitting
from kiosk.pages.officer.session.day_box import WRONG, parse_day
from kiosk.papers.figures import Viewer

EARLIEST = date(2020, 1, 1)


def viewer() -> Viewer:
    """Return who reads figures, and whether they are a lead."""
    person = sitting().person
    return Viewer(person.code, person.role == "lead")


def require_own_day(day: date) -> date:
    """Return a day whose register this officer may export: today, or any day for a lead."""
    if day != today() and not viewer().is_lead:
        raise NotAllowed(
            "Sổ của ngày khác do người phụ trách in. Mời báo người phụ trách.",
            "The register of another day is printed by a lead.",
        )
    return day


def record_export(what: str, days: tuple[date, date], rows: int) -> str:
    """Write the audit line of an export; return its number and MAC for the paper."""
    head = lookups.record_export(context(), what, days, rows=rows, actor=sitting().person.code)
    return f" Nhật ký dòng {head.seq}, {head.mac[:12]}."


def today() -> date:
    """Return the day of the kiosk's clock."""
    return context().clock.today()


def parse_query_day(name: str) -> tuple[date, str]:
    """Return the day of a query argument, today where it is empty or wrong, and the error."""
    text = request.args.get(name, "").strip()
    this_day = today()
    if not text:
        return this_day, ""
    day = parse_day(text)
    if day is None:
        return this_day, WRONG
    if day > this_day:
        return this_day, f"Ngày {day:%d/%m/%Y} chưa tới."
    if day < EARLIEST:
        return this_day, f"Ngày {day:%d/%m/%Y} xa quá, máy chưa có."
    return day, ""


def require_day(name: str) -> date:
    """Return the day of a query argument; refuse a wrong one."""
    day, error = parse_query_day(name)
    if error:
        raise NotAllowed(error, "This is no day of this kiosk.")
    return day
