"""The figures of a day as tables: on the page, printed on one A4 sheet, and of many days as a workbook.

An officer sees the ward's figures and their own work; a lead sees every counter and everybody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlite_utils import Database

from kiosk import clock
from kiosk.context import Context
from kiosk.papers import letterhead
from kiosk.records import figures, staff
from kiosk.records.figures import CaseCounts, ServiceTotals, Shift, Tally, Visit
from kiosk.vietnam.calendar import weekday
from kiosk.vietnam.viet_text import sort_key
from kiosk.workbook import Cell, Column, Table, shown
from printers.document import Align, Block
from printers.sheet import Columns, Grid, Heading, FormLine, FormText, Sheet, Title

MOST_DAYS = 366
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
    """Who looks: a lead sees everybody, an officer their own work."""

    code: str
    is_lead: bool


@dataclass(frozen=True)
class Day:
    """What a day's figures are made of."""

    day: date
    visits: list[Visit]
    shifts: list[Shift]
    cases: CaseCounts
    names: dict[str, str]
    is_over: bool
    is_alone: bool = True
    """False where many days were put together."""


def of_day(context: Context, day: date) -> Day:
    """Gather a day; today's lateness is reckoned now, an earlier day's at its end."""
    start, end = bounds(day)
    now = context.clock.now()
    with context.store.read() as db:
        return _gathered(db, day, (start, min(end, max(start, now))), is_over=end <= now)


def _gathered(db: Database, day: date, span: tuple[datetime, datetime], *, is_over: bool) -> Day:
    found = figures.visits(db, day)
    return Day(
        day=day,
        visits=found,
        shifts=figures.shifts(db, day),
        cases=figures.cases(db, day, *span),
        names=staff.names(db),
        is_over=is_over,
    )


def bounds(day: date) -> tuple[datetime, datetime]:
    """Return when a day of the ward begins and ends."""
    start = datetime.combine(day, time(), clock.WARD)
    return start, start + timedelta(days=1)


def named(day: date) -> str:
    """Return Thứ Ba, 24/11/2026."""
    said = f"{weekday(day)}, {day:%d/%m/%Y}"
    return said[:1].upper() + said[1:]


def tables(context: Context, told: Day, viewer: Viewer) -> list[Table]:
    """Return the tables of a day that somebody may see."""
    own = [] if viewer.is_lead else [_officers(told, viewer.code)]
    every = [_counters(context, told), _officers(told)] if viewer.is_lead else []
    return [_series(context, told), _procedures(context, told), _hours(told), *own, *every]


def headline(told: Day) -> list[tuple[str, str]]:
    """Return the figures of a day that stand first, each with what it is."""
    all_ = figures.tally(told.visits)
    cases = told.cases
    timely = cases.on_time + cases.late
    return [
        ("số đã lấy", str(all_.drawn)),
        ("đã làm xong", str(all_.served)),
        ("nửa số người chờ không quá", _in_minutes(all_.wait_p50)),
        ("9 trong 10 người chờ không quá", _in_minutes(all_.wait_p90)),
        ("tờ khai nộp ở máy", str(sum(cases.filed.values()))),
        ("trả đúng hẹn", f"{cases.on_time} trên {timely}" if timely else "–"),
        ("quá hẹn chưa trả", str(cases.overdue)),
        ("số ưu tiên", f"{all_.priority / all_.drawn:.0%}" if all_.drawn else "–"),
    ]


def pdf(context: Context, told: Day, viewer: Viewer, trail: str = "") -> bytes:
    """Return the figures of a day on one A4 sheet."""
    from printers.render.pdf import render_sheet  # lays out A4: no start waits for it

    return render_sheet(sheet(context, told, viewer, trail))


def sheet(context: Context, told: Day, viewer: Viewer, trail: str = "") -> Sheet:
    """Return the figures of a day as a sheet, its tables as small as one page needs."""
    grids = tables(context, told, viewer)
    made = f"Lập ở {letterhead.machine(context.config)} lúc {letterhead.moment(context.clock.now())}."

    def compose(size: float) -> Sheet:
        series, procedures, hours, *others = (_grid(table, size) for table in grids)
        blocks = [*series, Columns(procedures, hours, share=0.62)]
        blocks += [Columns(others[0], others[1] if len(others) > 1 else (), share=0.6)] if others else []
        return Sheet(
            (
                FormLine((FormText(context.config.ward.center.upper(), bold=True),), align="centre"),
                Title(("SỐ LIỆU TRONG NGÀY",), subtitle=named(told.day)),
                _first(headline(told)),
                *blocks,
                *(() if told.is_over else _OPEN_ENDED),
            ),
            title="Số liệu trong ngày",
            foot=f"Tính từ nhật ký gọi số. {made}{trail}",
            practice=context.config.kiosk.practice,
        )

    tried = (compose(size) for size in SIZES)
    from printers.render.page_layout import lay_sheet  # as above

    return next((one for one in tried if len(lay_sheet(one)) == 1), compose(SIZES[-1]))


_OPEN_ENDED = (FormLine((FormText("Ngày chưa hết: số liệu tính đến lúc lập.", italic=True),), space_above=2),)


def _first(told: list[tuple[str, str]]) -> Grid:
    aligns: tuple[Align, ...] = tuple("centre" for _ in told)
    heads = tuple(words for words, _ in told)
    values = tuple(value for _, value in told)
    return Grid(head=heads, rows=(values,), shares=(1.0,) * len(told), aligns=aligns, size=8)


def _grid(table: Table, size: float) -> tuple[Block, ...]:
    rows = tuple(
        tuple(shown(column.kind, cell) for column, cell in zip(table.columns, row, strict=True)) for row in table.rows
    )
    if not rows:
        return (Heading(table.title), FormLine((FormText("Chưa có gì.", italic=True),)))
    shares = tuple(column.width for column in table.columns)
    aligns: tuple[Align, ...] = tuple("left" if column.kind == "text" else "centre" for column in table.columns)
    heads = tuple(column.title for column in table.columns)
    return (Heading(table.title), Grid(head=heads, rows=rows, shares=shares, aligns=aligns, size=size))


def days(context: Context, first: date, last: date) -> list[Table]:
    """Return the figures of many days: day by day, and together by series, procedure, hour, counter and officer."""
    now = context.clock.now()
    span = min((last - first).days + 1, MOST_DAYS)
    listed = [first + timedelta(days=at) for at in range(span)]
    found: list[Day] = []
    with context.store.read() as db:
        for day in listed:
            start, end = bounds(day)
            if start <= now:
                found.append(_gathered(db, day, (start, min(end, now)), is_over=end <= now))
    all_ = _together(found, first)
    of_span = f"từ {first:%d/%m/%Y} đến {listed[-1]:%d/%m/%Y}"
    summed = [
        _series(context, all_),
        _procedures(context, all_),
        _hours(all_),
        _counters(context, all_),
        _officers(all_),
    ]
    note = (
        f"Số thứ tự giữ {context.config.keep.ticket_days} ngày; ngày trước đó chỉ còn số tờ khai. Lập {_moment(now)}."
    )
    return [
        Table(
            name="Theo ngày",
            title=f"Số liệu theo ngày, {of_span}",
            columns=_DAYS,
            rows=tuple(map(_day_row, found)),
            note=note,
        ),
        *(
            Table(name=one.name, title=f"{one.title}, {of_span}", columns=one.columns, rows=one.rows, note=one.note)
            for one in summed
        ),
    ]


def _together(found: Iterable[Day], first: date) -> Day:
    """All days as one; late at the end of the last."""
    listed = list(found)
    filed: dict[str, int] = {}
    for one in listed:
        for code, count in one.cases.filed.items():
            filed[code] = filed.get(code, 0) + count
    counted = [sum(getattr(one.cases, name) for one in listed) for name in ("on_time", "late", "without_due")]
    cases = CaseCounts(
        filed=filed,
        on_time=counted[0],
        late=counted[1],
        without_due=counted[2],
        overdue=listed[-1].cases.overdue if listed else 0,
    )
    visits = [visit for one in listed for visit in one.visits]
    shifts = [shift for one in listed for shift in one.shifts]
    return Day(
        day=first,
        visits=visits,
        shifts=shifts,
        cases=cases,
        names=listed[-1].names if listed else {},
        is_over=True,
        is_alone=False,
    )


_DAYS = (
    Column("Ngày", "date", 12),
    *COUNTS,
    *WAITS,
    SERVED,
    *(Column(title, "count", 10) for title in ("Tờ khai", "Trả đúng hẹn", "Trả trễ hẹn", "Quá hẹn chưa trả")),
)


def _day_row(told: Day) -> tuple[date | int | float | None, ...]:
    cases = told.cases
    late = (sum(cases.filed.values()), cases.on_time, cases.late, cases.overdue)
    return (told.day, *_counts(figures.tally(told.visits)), *late)


def _counts(one: Tally) -> tuple[int | float | None, ...]:
    counts = (one.drawn, one.served, one.absent, one.closed, one.left, one.priority)
    return (*counts, one.wait_p50, one.wait_p90, one.service_p50)


def _series(context: Context, told: Day) -> Table:
    names = {one.letter: f"{one.letter}, {one.name}" for one in context.config.series}
    rows = [(names.get(letter, letter), *_counts(one)) for letter, one in figures.by_series(told.visits).items()]
    rows += [(TOTAL, *_counts(figures.tally(told.visits)))] if len(rows) > 1 else []
    columns = (Column("Dãy số", "text", 26), *COUNTS, *WAITS, SERVED)
    return Table(name="Theo dãy số", title="Theo dãy số", columns=columns, rows=tuple(rows))


def _procedures(context: Context, told: Day) -> Table:
    today = context.clock.today()
    counted = figures.by_procedure(told.visits)
    nobody = figures.tally(())

    def name(code: str) -> str:
        procedure = context.catalogue.in_force(code, today) if code else None
        return procedure.short.vi if procedure else code or "Số không kèm tờ khai"

    codes = sorted({*counted, *told.cases.filed}, key=lambda code: (code == "", sort_key(name(code))))
    rows = []
    for code in codes:
        one = counted.get(code, nobody)
        rows.append((name(code), told.cases.filed.get(code, 0), one.drawn, one.served, one.wait_p50, one.service_p50))
    columns = (
        Column("Thủ tục", "text", 36),
        *(Column(title, "count", 10) for title in ("Tờ khai", "Lấy số", "Đã xong")),
        WAITS[0],
        SERVED,
    )
    return Table(name="Theo thủ tục", title="Theo thủ tục", columns=columns, rows=tuple(rows))


def _hours(told: Day) -> Table:
    rows = tuple((f"{hour} đến {hour + 1} giờ", *counts) for hour, counts in figures.by_hour(told.visits).items())
    columns = (Column("Giờ", "text", 16), Column("Lấy số", "count", 10), Column("Được gọi lần đầu", "count", 12))
    return Table(name="Theo giờ", title="Theo giờ", columns=columns, rows=rows)


def _counters(context: Context, told: Day) -> Table:
    """When each counter was open and with whom; what was done there stands with its first line."""
    work = figures.by_counter(told.visits)
    rows: list[tuple[Cell, ...]] = []
    seen = set[int]()
    for one in told.shifts:
        done = work.get(one.counter) if one.counter not in seen else None
        seen.add(one.counter)
        rows.append((_counter(context, one.counter), one.since, one.until, _who(told, one.actor), *_worked(done)))
    rows += [(_counter(context, one), None, None, "", *_worked(work[one])) for one in work if one not in seen]
    columns = (
        Column("Quầy", "text", 11),
        Column("Mở lúc", "hour" if told.is_alone else "moment", 9),
        Column("Đóng lúc", "hour" if told.is_alone else "moment", 9),
        Column("Cán bộ", "text", 34),
        *_WORK,
    )
    return Table(name="Theo quầy", title="Theo quầy", columns=columns, rows=tuple(rows))


def _officers(told: Day, only: str = "") -> Table:
    work = figures.by_officer(told.visits)
    listed = {only: work.get(only, ServiceTotals(0, None, 0))} if only else work
    rows = tuple((_who(told, code), *_worked(one)) for code, one in listed.items())
    title = "Việc của mình" if only else "Theo cán bộ"
    return Table(name=title, title=title, columns=(Column("Cán bộ", "text", 34), *_WORK), rows=rows)


_WORK = (Column("Lượt xong", "count", 9), Column("Nửa số lượt làm không quá (phút)", "minutes", 13))


def _worked(one: ServiceTotals | None) -> tuple[int | None, float | None]:
    return (one.services, one.p50) if one else (None, None)


def _who(told: Day, code: str) -> str:
    return told.names.get(code, code)


def _counter(context: Context, number: int) -> str:
    found = context.config.counter(number)
    return found.name if found and found.name else f"Quầy {number}"


def _in_minutes(minutes: float | None) -> str:
    return "–" if minutes is None else f"{minutes:.0f} phút"


def _moment(at: datetime) -> str:
    return letterhead.moment(at)
