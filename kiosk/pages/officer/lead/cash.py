"""Pages of the cash sheet: count the notes, print the sheet to sign, or take it as a workbook.

An officer has their own sheet, of the day or of one shift at a counter; a lead has everybody's sheets. The numbers of
notes are in the address and are not stored.
"""

from datetime import date

from flask import Response, request

from kiosk.acts import lookups
from kiosk.base import clock
from kiosk.base.errors import NotAllowed
from kiosk.pages.access import allow, context
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.pages.officer.session.day_box import WRONG, parse_day
from kiosk.papers import cash as sheets
from kiosk.papers.cash import CashDay
from kiosk.papers.workbook import format_cell, xlsx
from kiosk.records import staff
from kiosk.records.figures import Shift
from kiosk.vietnam.money import money

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@officer.get("/fees/cash")
@allow("officer")
def cash() -> str:
    """Show the payments of an officer on a day, and the boxes for the notes."""
    day = _day()
    code = _officer()
    counted = _load(day, code)
    with context().store.read() as db:
        names = staff.names(db)
        codes = sheets.officers(db, day) | {code}
        shifts = sheets.shifts_of(db, day, code)
        outside = sheets.count_outside(db, day, code) if shifts and counted.shift is None else 0
    return render(
        "officer/cash.html",
        day=day,
        wrong=WRONG if request.args.get("day") and not parse_day(request.args["day"]) else "",
        code=code,
        officers=[(each, names.get(each, each)) for each in sorted(codes)] if _is_lead() else [],
        counted=counted,
        shifts=[(_shift_key(shift), sheets.shift_words(shift)) for shift in shifts],
        shift=_shift_key(counted.shift) if counted.shift else "",
        outside=outside,
        table=sheets.table(context(), counted),
        shown=format_cell,
        values=sheets.NOTES,
        money=money,
        difference=counted.counted - counted.total("cash"),
        is_counted=bool(counted.notes),
    )


@officer.get("/fees/cash.pdf")
@allow("officer")
def cash_pdf() -> Response:
    """Return the sheet on A4, with the end of the audit trail."""
    day = _day()
    counted = _load(day, _officer())
    head = lookups.record_export(
        context(), "cash pdf", (day, day), rows=len(counted.lines), actor=sitting().person.code
    )
    lead = sitting().person.name if _is_lead() else ""
    document = sheets.pdf(context(), counted, lead=lead, trail=f" Nhật ký dòng {head.seq}, {head.mac[:12]}.")
    return Response(document, mimetype="application/pdf", headers={"Content-Disposition": "inline"})


@officer.get("/fees/cash.xlsx")
@allow("officer")
def cash_book() -> Response:
    """Return the sheet as a workbook."""
    day = _day()
    counted = _load(day, _officer())
    lookups.record_export(context(), "cash xlsx", (day, day), rows=len(counted.lines), actor=sitting().person.code)
    is_practice = context().config.kiosk.practice
    name = f"thu-tien-{day}{'-tap' if is_practice else ''}.xlsx"
    book = xlsx([sheets.table(context(), counted)], practice=is_practice)
    return Response(book, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _load(day: date, code: str) -> CashDay:
    """Load the sheet of the shift that the address names; of the whole day for another one."""
    asked = request.args.get("shift", "")
    with context().store.read() as db:
        shifts = sheets.shifts_of(db, day, code)
    shift = next((shift for shift in shifts if _shift_key(shift) == asked), None)
    return sheets.load(context(), day, code, _notes(), shift=shift)


def _shift_key(shift: Shift) -> str:
    return f"{shift.counter}-{clock.local(shift.since):%H%M%S}"


def _is_lead() -> bool:
    return sitting().person.role == "lead"


def _officer() -> str:
    """Return the code of the officer whose sheet is asked for.

    Raises:
        NotAllowed: it is another officer's, and the reader is no lead.
    """
    own = sitting().person.code
    code = request.args.get("officer", own)
    if code != own and not _is_lead():
        raise NotAllowed("Bảng thu tiền của người khác do người phụ trách xem.", "This sheet is for a lead.")
    return code


def _day() -> date:
    """Return the day of the sheet; today for none, a later one or a malformed text."""
    today = context().clock.today()
    return min(parse_day(request.args.get("day", "")) or today, today)


def _notes() -> dict[int, int]:
    """Return the number of notes by value; what is no number counts as none."""
    numbers = {value: request.args.get(f"n{value}", "").strip() for value in sheets.NOTES}
    return {
        value: min(int(number), sheets.MAX_NOTES)
        for value, number in numbers.items()
        if number.isascii() and number.isdigit() and 0 < len(number) <= 6
    }
