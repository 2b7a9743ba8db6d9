"""Plots of the figures: bars with their words, and the same data as a table.

A plot is data. The page draws it as SVG (templates/officer/plots.html), the paper as bars, the workbook as a chart of
its table. Each bar has its value in words, and what is late is hatched, so that print without colour shows it.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from kiosk.base import clock
from kiosk.context import Context
from kiosk.papers.workbook import Cell, Chart, Column, Table
from kiosk.records import figures, page_counts
from kiosk.records.figures import Visit
from kiosk.records.page_counts import CARD, PageCount

BarState = Literal["past", "now", "usual", "good"]
LegendState = Literal["past", "now", "usual", "good", "late"]
MOST_BARS = 6
"""Bars of a plot by procedure; the others are one bar."""
OTHERS = "Việc khác"
USUAL_WEEKS = 4
MAX_GRID_LINES = 4
GRID_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000)
MINUTES = Column("Nửa số người chờ không quá (phút)", "minutes", 17)


@dataclass(frozen=True)
class PlotBar:
    """A bar: its label, length and words; `late` is the part of the length that is hatched."""

    label: str
    value: float
    words: str
    state: BarState = "past"
    late: float = 0


@dataclass(frozen=True)
class Plot:
    """A plot: upright bars by hour, or lying ones by name; `legend` names the states that occur."""

    name: str
    title: str
    note: str
    bars: tuple[PlotBar, ...]
    table: Table
    is_upright: bool = False
    legend: tuple[tuple[LegendState, str], ...] = ()

    @property
    def top(self) -> float:
        """The length of the longest bar, at least 1."""
        return max([1.0, *(bar.value for bar in self.bars)])

    @property
    def steps(self) -> list[int]:
        """The numbers at the grid lines of an upright plot."""
        step = next(step for step in GRID_STEPS if step * MAX_GRID_LINES >= self.top)
        return [step * line for line in range(math.ceil(self.top / step) + 1)]

    @property
    def ceiling(self) -> int:
        """The number at the highest grid line."""
        return self.steps[-1]


@dataclass(frozen=True)
class HourContext:
    """The hour that runs now, and the usual number of tickets by hour; neither for a day that is over."""

    now: int | None = None
    usual: Mapping[int, float] | None = None
    usual_name: str = ""


def hours(visits: Iterable[Visit], context: HourContext) -> Plot:
    """Return the tickets of each hour with the median wait above them."""
    counts = figures.waits_by_hour(visits)
    usual = context.usual or {}
    rows: list[tuple[Cell, ...]] = []
    bars = []
    for hour in _span([*counts, *usual]):
        count, wait = counts.get(hour, (0, None))
        is_ahead = context.now is not None and hour > context.now
        state: BarState = "usual" if is_ahead else "now" if hour == context.now else "past"
        value = usual.get(hour, 0.0) if is_ahead else float(count)
        words = "" if is_ahead or wait is None else f"{wait:.0f} phút"
        bars.append(PlotBar(label=f"{hour} giờ", value=value, words=words, state=state))
        rows.append((f"{hour} đến {hour + 1} giờ", count, wait, usual.get(hour)))
    columns = (Column("Giờ", "text", 16), Column("Lấy số", "count", 10), MINUTES, Column("Thường lệ", "minutes", 12))
    legend: tuple[tuple[LegendState, str], ...] = (("past", "đã qua"),)
    if context.now is not None:
        legend = (("past", "đã qua"), ("now", "giờ này"), ("usual", f"thường lệ {context.usual_name}".strip()))
    return Plot(
        name="gio",
        title="Lượt theo giờ",
        note="số trên cột: chờ bao lâu",
        bars=tuple(bars),
        table=Table(
            name="Lượt theo giờ",
            title="Lượt theo giờ",
            columns=columns,
            rows=tuple(rows),
            chart=Chart("column", columns=(1,), title="Lượt theo giờ"),
        ),
        is_upright=True,
        legend=legend,
    )


def series_waits(context: Context, visits: Iterable[Visit]) -> Plot:
    """Return the median wait of each series."""
    names = {series.letter: f"{series.letter}, {series.name}" for series in context.config.series}
    tallies = figures.by_series(visits)
    waits = [(names.get(letter, letter), tally.wait_p50, tally.wait_p90) for letter, tally in tallies.items()]
    bars = tuple(
        PlotBar(label=name, value=wait, words=f"{wait:.0f} phút") for name, wait, _ in waits if wait is not None
    )
    columns = (Column("Dãy số", "text", 26), MINUTES, Column("9 trong 10 người chờ không quá (phút)", "minutes", 17))
    table = _chart_table("Chờ theo dãy số", columns, waits, 1)
    return Plot(name="cho", title=table.title, note="nửa số người chờ không quá", bars=bars, table=table)


def services(context: Context, visits: Iterable[Visit], title: str = "Dịch vụ đã làm xong") -> Plot:
    """Return the number of services done, by procedure."""
    done = [visit for visit in visits if visit.ended == "done"]
    counts: dict[str, int] = {}
    for visit in done:
        name = procedure_name(context, visit.procedure)
        counts[name] = counts.get(name, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = _with_others([(name, count, 0) for name, count in ordered])
    bars = tuple(PlotBar(label=name, value=count, words=str(count)) for name, count, _ in shown)
    columns = (Column("Việc", "text", 36), Column("Đã xong", "count", 10))
    table = _chart_table(title, columns, ordered, 1)
    return Plot(name="viec", title=title, note=f"{len(done)} lượt", bars=bars, table=table)


def timely(context: Context, counts: Mapping[str, tuple[int, int]], title: str) -> Plot:
    """Return the results handed out in time and late, by procedure, the most first."""
    named = [(procedure_name(context, code), on_time, late) for code, (on_time, late) in counts.items()]
    ordered = sorted(named, key=lambda row: (-(row[1] + row[2]), row[0]))
    shown = _with_others(ordered)
    bars = tuple(
        PlotBar(
            label=name,
            value=1,
            words=f"{on_time} trên {on_time + late}",
            state="good",
            late=late / (on_time + late),
        )
        for name, on_time, late in shown
        if on_time + late
    )
    total = sum(on_time + late for _, on_time, late in ordered)
    columns = (Column("Việc", "text", 36), Column("Đúng hẹn", "count", 10), Column("Quá hẹn", "count", 10))
    legend: tuple[tuple[LegendState, str], ...] = (("good", "đúng hẹn"), ("late", "quá hẹn"))
    table = _chart_table(title, columns, ordered, 1, 2)
    return Plot(name="hen", title=title, note=f"{total} hồ sơ", bars=bars, table=table, legend=legend)


def turning_back(context: Context, counts: Sequence[PageCount]) -> Plot:
    """Return at which steps citizens leave a form or call an officer, the most first."""
    places: dict[tuple[str, str], dict[str, int]] = {}
    for each in counts:
        if each.event.kind in ("left", "called"):
            sums = places.setdefault((each.place.procedure, each.place.step), {"left": 0, "called": 0})
            sums[each.event.kind] += each.count
    ordered = sorted(places.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    rows = [
        (procedure_name(context, code), step_name(context, code, step), sums["left"], sums["called"])
        for (code, step), sums in ordered
    ]
    bars = tuple(
        PlotBar(label=f"{matter}, {step}", value=left + called, words=f"{left} bỏ dở, {called} gọi")
        for matter, step, left, called in rows[:MOST_BARS]
    )
    columns = (
        Column("Thủ tục", "text", 30),
        Column("Trang", "text", 30),
        Column("Bỏ dở", "count", 10),
        Column("Gọi cán bộ", "count", 12),
    )
    table = replace(_chart_table("Chỗ người dân bỏ dở hoặc gọi giúp", columns, rows, 2, 3), name="Bỏ dở, gọi giúp")
    return Plot(name="dung", title=table.title, note="ở trang nào", bars=bars, table=table)


def of_days(context: Context, visits: Sequence[Visit], first: date, last: date) -> tuple[Plot, ...]:
    """Return all plots of some days: hours, waits by series, services, results on time, and turning back."""
    start = datetime.combine(first, time(), clock.WARD)
    end = datetime.combine(last, time(), clock.WARD) + timedelta(days=1)
    with context.store.read() as db:
        on_time = figures.timely_by_procedure(db, start, end)
        places = page_counts.between(db, first, last)
    return (
        hours(visits, HourContext()),
        series_waits(context, visits),
        services(context, visits),
        timely(context, on_time, "Trả kết quả đúng hẹn"),
        turning_back(context, places),
    )


def usual_days(day: date) -> list[date]:
    """Return the same weekday of the last weeks."""
    return [day - timedelta(weeks=week) for week in range(1, USUAL_WEEKS + 1)]


def month_start(day: date) -> datetime:
    """Return the beginning of a day's month in the ward."""
    return datetime(day.year, day.month, 1, tzinfo=clock.WARD)


def procedure_name(context: Context, code: str | None) -> str:
    """Return the short name of a procedure, or that a ticket has no form."""
    if not code:
        return "Không kèm tờ khai"
    procedure = context.catalogue.in_force(code, context.clock.today())
    return procedure.short.vi if procedure else code


def step_name(context: Context, code: str, step_id: str, version: str = "") -> str:
    """Return the title of a step: of its version where that is known, else of the one in force."""
    procedure = context.catalogue.version(code, version) if version else None
    procedure = procedure or context.catalogue.in_force(code, context.clock.today())
    name = step_id.removesuffix(CARD)
    step = procedure.by_step.get(name) if procedure else None
    title = step.title.vi if step else name or "xem lại"
    return f"{title}, đưa thẻ" if step_id.endswith(CARD) else title


def _span(hours: Sequence[int]) -> range:
    return range(min(hours), max(hours) + 1) if hours else range(0)


def _with_others(rows: Sequence[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Return the first rows, and the sums of the others as one."""
    if len(rows) <= MOST_BARS:
        return list(rows)
    rest = rows[MOST_BARS - 1 :]
    others = (OTHERS, sum(first for _, first, _ in rest), sum(second for _, _, second in rest))
    return [*rows[: MOST_BARS - 1], others]


def _chart_table(title: str, columns: tuple[Column, ...], rows: Sequence[tuple[Cell, ...]], *numbers: int) -> Table:
    """Return the table of a lying plot, with a chart of these columns."""
    chart = Chart("bar", columns=numbers, title=title)
    return Table(name=title, title=title, columns=columns, rows=tuple(rows), chart=chart)
