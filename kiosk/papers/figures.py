"""Figures of a day as tables: on the page, on one A4 sheet, and of many days as a workbook.

An officer sees the figures of the ward and their own work; a lead sees all counters and all officers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import chain

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.context import Context
from kiosk.papers import crossed_waits, letterhead, plots, service_counts
from kiosk.papers.figure_blocks import plot_blocks, table_blocks
from kiosk.papers.workbook import Cell, Column, ColumnKind, Table
from kiosk.records import figures, services, staff
from kiosk.records.figures import CaseCounts, ServiceTotals, Shift, Tally, Visit
from kiosk.records.services import ServiceCount
from kiosk.vietnam.calendar import weekday
from kiosk.vietnam.viet_text import sort_key
from printers.document import Align, Block
from printers.sheet import Columns, FormLine, FormText, Grid, Sheet, Title

MAX_DAYS = 366
SIZES = (7.4, 6.8, 6.2, 5.8)  # points of the tables on paper
WAITS = (
    Column("Nửa số người chờ không quá (phút)", "minutes", 17),
    Column("9 trong 10 người chờ không quá (phút)", "minutes", 17),
)
SERVED = Column("Nửa số lượt làm không quá (phút)", "minutes", 17)
COUNTS = tuple(
    Column(title, "count", 10) for title in ("Lấy số", "Đã xong", "Gọi vắng", "Số đóng", "Còn lại", "Ưu tiên")
)
TOTAL = "Cả phường"


@dataclass(frozen=True)
class Viewer:
    """The reader of the figures: a lead sees all officers, an officer their own work."""

    code: str
    is_lead: bool


@dataclass(frozen=True)
class DayFigures:
    """The data of a day's figures."""

    day: date
    visits: list[Visit]
    shifts: list[Shift]
    cases: CaseCounts
    names: dict[str, str]
    is_over: bool
    is_single: bool = True
    """False for many days combined."""
    services: Sequence[ServiceCount] = ()
    """Services that were done without a form."""
    taken: Mapping[str, int] = field(default_factory=dict)
    """Money for them in dong by method, refunds subtracted."""


def load_day(context: Context, day: date) -> DayFigures:
    """Load the data of a day; overdue cases are counted now for today, and at the end of an earlier day."""
    start, end = day_bounds(day)
    now = context.clock.now()
    with context.store.read() as db:
        return _load_day(db, day, span=(start, min(end, max(start, now))), is_over=end <= now)


def _load_day(db: Database, day: date, *, span: tuple[datetime, datetime], is_over: bool) -> DayFigures:
    start, end = span
    return DayFigures(
        day=day,
        visits=figures.visits(db, day),
        shifts=figures.shifts(db, day),
        cases=figures.cases(db, day, start=start, end=end),
        services=services.counts(db, day),
        taken=services.payments(db, day).taken,
        names=staff.names(db),
        is_over=is_over,
    )


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return the beginning and the end of a day of the ward."""
    start = datetime.combine(day, time(), clock.WARD)
    return start, start + timedelta(days=1)


def format_day(day: date) -> str:
    """Return Thứ Ba, 24/11/2026."""
    text = f"{weekday(day)}, {day:%d/%m/%Y}"
    return text[:1].upper() + text[1:]


def day_tables(context: Context, day: DayFigures, viewer: Viewer) -> list[Table]:
    """Return the tables of a day that a viewer may see."""
    tables = [
        _series(context, day),
        _procedures(context, day),
        _hours(day),
        service_counts.table(day.services, day.taken, TOTAL),
        crossed_waits.table(context, day.visits),
    ]
    if viewer.is_lead:
        return [*tables, _counters(context, day), _officers(day)]
    return [*tables, _officers(day, viewer.code)]


def headline(day: DayFigures) -> list[tuple[str, str]]:
    """Return the most important figures of a day as (label, value)."""
    tally = figures.tally(day.visits)
    cases = day.cases
    timely = cases.on_time + cases.late
    return [
        ("số đã lấy", str(tally.drawn)),
        ("đã làm xong", str(tally.served)),
        ("nửa số người chờ không quá", _format_minutes(tally.wait_p50)),
        ("9 trong 10 người chờ không quá", _format_minutes(tally.wait_p90)),
        ("tờ khai nộp ở máy", str(sum(cases.filed.values()))),
        ("trả đúng hẹn", f"{cases.on_time} trên {timely}" if timely else "–"),
        ("quá hẹn chưa trả", str(cases.overdue)),
        ("số ưu tiên", f"{tally.priority / tally.drawn:.0%}" if tally.drawn else "–"),
    ]


def pdf(context: Context, day: DayFigures, viewer: Viewer, *, trail: str = "") -> bytes:
    """Return the figures of a day as PDF: a page of tables, a page of plots."""
    from printers.render.pdf import render_sheet  # imports the A4 layout, which would slow down the start

    return render_sheet(sheet(context, day, viewer, trail=trail))


def sheet(context: Context, day: DayFigures, viewer: Viewer, *, trail: str = "") -> Sheet:
    """Return the figures of a day: tables on one page, in smaller letters if they need it, and the plots on another."""
    from printers.render.page_layout import lay_sheet  # as above

    tables = day_tables(context, day, viewer)
    made = f"Lập ở {letterhead.machine_name(context.config)} lúc {letterhead.format_moment(context.clock.now())}."

    def compose(size: float, most: int | None = None) -> Sheet:
        series, procedures, hours, done, _, *others = (table_blocks(table, size) for table in tables)
        if most:
            procedures = table_blocks(_busiest(tables[1], most), size)
        blocks = [
            *series,
            Columns(procedures, (*hours, *(done if day.services else ())), share=0.58),
        ]
        blocks += [Columns(others[0], others[1] if len(others) > 1 else (), share=0.6)] if others else []
        return Sheet(
            (
                FormLine((FormText(context.config.ward.center.upper(), bold=True),), align="centre"),
                Title(("SỐ LIỆU TRONG NGÀY",), subtitle=format_day(day.day)),
                _headline_grid(headline(day)),
                *blocks,
                *(() if day.is_over else _OPEN_ENDED),
            ),
            title="Số liệu trong ngày",
            foot=f"Tính từ nhật ký gọi số. {made}{trail}",
            practice=context.config.kiosk.practice,
        )

    fewer = range(len(tables[1].rows) - 1, 0, -1)
    sheets = chain((compose(size) for size in SIZES), (compose(SIZES[-1], most) for most in fewer))
    tables_sheet = next((sheet for sheet in sheets if len(lay_sheet(sheet)) == 1), compose(SIZES[-1]))
    return replace(tables_sheet, annexes=(_plot_sheet(context, day, foot=tables_sheet.foot),))


def _plot_sheet(context: Context, day: DayFigures, foot: str) -> Sheet:
    """Return the plots of a day on a sheet of their own."""
    blocks: list[Block] = []
    for plot in plots.of_days(context, day.visits, day.day, day.day):
        blocks += plot_blocks(plot)
    crossed = crossed_waits.table(context, day.visits)
    blocks += crossed_waits.grid(crossed, SIZES[0], context.config.queue.max_wait_minutes)
    return Sheet(
        (Title(("SỐ LIỆU BẰNG HÌNH",), subtitle=format_day(day.day)), *blocks),
        title="Số liệu bằng hình",
        foot=foot,
        practice=context.config.kiosk.practice,
    )


_OPEN_ENDED = (FormLine((FormText("Ngày chưa hết: số liệu tính đến lúc lập.", italic=True),), space_above=2),)


def _headline_grid(labelled: list[tuple[str, str]]) -> Grid:
    aligns: tuple[Align, ...] = tuple("centre" for _ in labelled)
    labels = tuple(label for label, _ in labelled)
    values = tuple(value for _, value in labelled)
    return Grid(head=labels, rows=(values,), shares=(1.0,) * len(labelled), aligns=aligns, size=8)


def period_tables(context: Context, first: date, last: date) -> list[Table]:
    """Return the figures of many days: day by day, and together by series, procedure, hour, counter and officer.

    The tables after these have a chart each.
    """
    now = context.clock.now()
    span = min((last - first).days + 1, MAX_DAYS)
    dates = [first + timedelta(days=at) for at in range(span)]
    days: list[DayFigures] = []
    with context.store.read() as db:
        for day in dates:
            start, end = day_bounds(day)
            if start <= now:
                days.append(_load_day(db, day, span=(start, min(end, now)), is_over=end <= now))
    combined = _combine_days(days, first)
    period = f"từ {first:%d/%m/%Y} đến {dates[-1]:%d/%m/%Y}"
    tables = [
        _series(context, combined),
        _procedures(context, combined),
        _hours(combined),
        service_counts.table(combined.services, combined.taken, TOTAL),
        crossed_waits.table(context, combined.visits),
        _counters(context, combined),
        _officers(combined),
    ]
    drawn = [plot.table for plot in plots.of_days(context, combined.visits, first, dates[-1])]
    kept_days = context.config.keep.ticket_days
    made_at = letterhead.format_moment(now)
    note = f"Số thứ tự giữ {kept_days} ngày; ngày trước đó chỉ còn số tờ khai. Lập {made_at}."
    return [
        Table(
            name="Theo ngày",
            title=f"Số liệu theo ngày, {period}",
            columns=_DAY_COLUMNS,
            rows=tuple(map(_day_row, days)),
            note=note,
        ),
        *(replace(table, title=f"{table.title}, {period}") for table in [*tables, *drawn]),
    ]


def _combine_days(days: Sequence[DayFigures], first: date) -> DayFigures:
    """Return all days as one; overdue cases are those at the end of the last day."""
    filed: dict[str, int] = {}
    for day in days:
        for code, count in day.cases.filed.items():
            filed[code] = filed.get(code, 0) + count
    cases = CaseCounts(
        filed=filed,
        on_time=sum(day.cases.on_time for day in days),
        late=sum(day.cases.late for day in days),
        without_due=sum(day.cases.without_due for day in days),
        overdue=days[-1].cases.overdue if days else 0,
    )
    taken: dict[str, int] = {}
    for day in days:
        for method, amount in day.taken.items():
            taken[method] = taken.get(method, 0) + amount
    return DayFigures(
        services=service_counts.combine([count for day in days for count in day.services]),
        taken=taken,
        day=first,
        visits=[visit for day in days for visit in day.visits],
        shifts=[shift for day in days for shift in day.shifts],
        cases=cases,
        names=days[-1].names if days else {},
        is_over=True,
        is_single=False,
    )


_DAY_COLUMNS = (
    Column("Ngày", "date", 12),
    *COUNTS,
    *WAITS,
    SERVED,
    *(Column(title, "count", 10) for title in ("Tờ khai", "Trả đúng hẹn", "Trả trễ hẹn", "Quá hẹn chưa trả")),
    Column("Việc không kèm tờ khai", "count", 12),
    Column("Đã thu của các việc đó (đồng)", "count", 14),
)


def _day_row(day: DayFigures) -> tuple[date | int | float | None, ...]:
    cases = day.cases
    filed = sum(cases.filed.values())
    done = sum(count.services for count in day.services)
    taken = sum(day.taken.values())
    tally = figures.tally(day.visits)
    return (day.day, *_counts(tally), filed, cases.on_time, cases.late, cases.overdue, done, taken)


def _counts(tally: Tally) -> tuple[int | float | None, ...]:
    """Return the cells of COUNTS, WAITS and SERVED."""
    return (
        tally.drawn,
        tally.served,
        tally.absent,
        tally.closed,
        tally.left,
        tally.priority,
        tally.wait_p50,
        tally.wait_p90,
        tally.service_p50,
    )


def _series(context: Context, day: DayFigures) -> Table:
    names = {series.letter: f"{series.letter}, {series.name}" for series in context.config.series}
    rows = [(names.get(letter, letter), *_counts(tally)) for letter, tally in figures.by_series(day.visits).items()]
    rows += [(TOTAL, *_counts(figures.tally(day.visits)))] if len(rows) > 1 else []
    columns = (Column("Dãy số", "text", 26), *COUNTS, *WAITS, SERVED)
    return Table(name="Theo dãy số", title="Theo dãy số", columns=columns, rows=tuple(rows))


def _procedures(context: Context, day: DayFigures) -> Table:
    today = context.clock.today()
    tallies = figures.by_procedure(day.visits)
    empty = figures.tally(())

    def name(code: str) -> str:
        procedure = context.catalogue.in_force(code, today) if code else None
        return procedure.short.vi if procedure else code or "Số không kèm tờ khai"

    codes = sorted({*tallies, *day.cases.filed}, key=lambda code: (code == "", sort_key(name(code))))
    rows = []
    for code in codes:
        tally = tallies.get(code, empty)
        filed = day.cases.filed.get(code, 0)
        rows.append((name(code), filed, tally.drawn, tally.served, tally.wait_p50, tally.service_p50))
    columns = (
        Column("Thủ tục", "text", 36),
        *(Column(title, "count", 10) for title in ("Tờ khai", "Lấy số", "Đã xong")),
        WAITS[0],
        SERVED,
    )
    return Table(name="Theo thủ tục", title="Theo thủ tục", columns=columns, rows=tuple(rows))


def _busiest(table: Table, most: int) -> Table:
    """Return the table of procedures with the `most` busiest ones, and the sums of the others in one row."""
    drawn = [column.title for column in table.columns].index("Lấy số")
    busiest = sorted(table.rows, key=lambda row: -_count(row[drawn]))[:most]
    others = [row for row in table.rows if row not in busiest]
    sums = [
        sum(_count(row[at]) for row in others) if column.kind == "count" else None
        for at, column in enumerate(table.columns[1:], 1)
    ]
    kept = tuple(row for row in table.rows if row in busiest)
    return replace(table, rows=(*kept, (f"{len(others)} thủ tục khác", *sums)))


def _count(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0


def _hours(day: DayFigures) -> Table:
    rows = tuple((f"{hour} đến {hour + 1} giờ", *counts) for hour, counts in figures.by_hour(day.visits).items())
    columns = (Column("Giờ", "text", 16), Column("Lấy số", "count", 10), Column("Được gọi lần đầu", "count", 12))
    return Table(name="Theo giờ", title="Theo giờ", columns=columns, rows=rows)


def _counters(context: Context, day: DayFigures) -> Table:
    """Return when each counter was open and with whom; the first row of a counter has its services."""
    totals = figures.by_counter(day.visits)
    rows: list[tuple[Cell, ...]] = []
    seen: set[int] = set()
    for shift in day.shifts:
        number = shift.counter
        total = totals.get(number) if number not in seen else None
        seen.add(number)
        name = _counter_name(context, number)
        rows.append((name, shift.since, shift.until, _officer_name(day, shift.actor), *_service_cells(total)))
    for number, total in totals.items():
        if number not in seen:
            rows.append((_counter_name(context, number), None, None, "", *_service_cells(total)))
    kind: ColumnKind = "hour" if day.is_single else "moment"
    columns = (
        Column("Quầy", "text", 11),
        Column("Mở lúc", kind, 9),
        Column("Đóng lúc", kind, 9),
        Column("Cán bộ", "text", 34),
        *_SERVICE_COLUMNS,
    )
    return Table(name="Theo quầy", title="Theo quầy", columns=columns, rows=tuple(rows))


def _officers(day: DayFigures, only: str = "") -> Table:
    totals = figures.by_officer(day.visits)
    if only:
        totals = {only: totals.get(only, ServiceTotals(0, None, 0))}
    rows = tuple((_officer_name(day, code), *_service_cells(total)) for code, total in totals.items())
    title = "Việc của mình" if only else "Theo cán bộ"
    return Table(name=title, title=title, columns=(Column("Cán bộ", "text", 34), *_SERVICE_COLUMNS), rows=rows)


_SERVICE_COLUMNS = (Column("Lượt xong", "count", 9), Column("Nửa số lượt làm không quá (phút)", "minutes", 13))


def _service_cells(totals: ServiceTotals | None) -> tuple[int | None, float | None]:
    return (totals.services, totals.p50) if totals else (None, None)


def _officer_name(day: DayFigures, code: str) -> str:
    return day.names.get(code, code)


def _counter_name(context: Context, number: int) -> str:
    counter = context.config.counter(number)
    return counter.name if counter and counter.name else f"Quầy {number}"


def _format_minutes(minutes: float | None) -> str:
    return "–" if minutes is None else f"{minutes:.0f} phút"
