"""Figures of the pages of forms, for a lead and for the author of a procedure: time, checks, leaving, calls."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from kiosk.context import Context
from kiosk.papers.plots import MOST_BARS, Plot, PlotBar, procedure_name, step_name, turning_back
from kiosk.papers.workbook import Cell, Chart, Column, Table
from kiosk.procedures.answer_errors import MESSAGES
from kiosk.procedures.model import Procedure
from kiosk.records import page_counts
from kiosk.records.page_counts import BUCKETS, LONGER, PageCount, PagePlace

BUCKET_NAMES = {
    "15": "15 giây",
    "30": "30 giây",
    "60": "1 phút",
    "120": "2 phút",
    "300": "5 phút",
    LONGER: "hơn 5 phút",
}
SLOW = ("300", LONGER)
"""Buckets of more than two minutes."""


@dataclass
class PageSum:
    """Sums of a page: finished by bucket, stopped by check, forms left, officers called."""

    times: dict[str, int] = field(default_factory=dict)
    checks: dict[str, int] = field(default_factory=dict)
    left: int = 0
    called: int = 0

    @property
    def finished(self) -> int:
        """How often the page was finished, with a known time."""
        return sum(self.times.values())

    @property
    def stopped(self) -> int:
        """How often a check stopped it."""
        return sum(self.checks.values())

    @property
    def slow(self) -> int:
        """How often it took more than two minutes."""
        return sum(self.times.get(bucket, 0) for bucket in SLOW)

    @property
    def median(self) -> str:
        """The bucket that half of the times are in or below, in words; empty without any."""
        seen = 0
        for bucket in (*map(str, BUCKETS), LONGER):
            seen += self.times.get(bucket, 0)
            if seen and 2 * seen >= self.finished:
                return BUCKET_NAMES[bucket]
        return ""

    @property
    def trouble(self) -> int:
        """How often something went wrong on it."""
        return self.stopped + self.left + self.called


def load(context: Context, first: date, last: date) -> list[PageCount]:
    """Load the counts of some days, both included."""
    with context.store.read() as db:
        return page_counts.between(db, first, last)


def tables(context: Context, counts: Sequence[PageCount]) -> list[Table]:
    """Return the pages with the most trouble first, and the checks that stop the most."""
    sums = _sums(counts)
    return [_page_table(context, sums), _check_table(context, sums)]


def plots(context: Context, counts: Sequence[PageCount]) -> tuple[Plot, ...]:
    """Return the plots: slow pages, checks that stop, leaving and calling."""
    sums = _sums(counts)
    return (_slow_plot(context, sums), _check_plot(context, sums), turning_back(context, counts))


def workbook(context: Context, counts: Sequence[PageCount]) -> list[Table]:
    """Return all tables for a workbook, with their charts."""
    return [*tables(context, counts), *(plot.table for plot in plots(context, counts))]


def _sums(counts: Sequence[PageCount]) -> dict[PagePlace, PageSum]:
    sums: dict[PagePlace, PageSum] = {}
    for each in counts:
        page = sums.setdefault(each.place, PageSum())
        kind = each.event.kind
        if kind == "left":
            page.left += each.count
        elif kind == "called":
            page.called += each.count
        else:
            found = page.times if kind == "time" else page.checks
            found[each.event.detail] = found.get(each.event.detail, 0) + each.count
    return sums


def _ordered(sums: dict[PagePlace, PageSum], size: Callable[[PageSum], float]) -> list[tuple[PagePlace, PageSum]]:
    """Return the pages for which a number is not 0, the largest first."""
    found = [(place, page) for place, page in sums.items() if size(page)]
    return sorted(found, key=lambda item: (-size(item[1]), item[0].procedure, item[0].version, item[0].step))


def _names(context: Context, place: PagePlace) -> tuple[str, str, str]:
    step = step_name(context, place.procedure, place.step, place.version)
    return procedure_name(context, place.procedure), place.version, step


def _page_table(context: Context, sums: dict[PagePlace, PageSum]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            *_names(context, place),
            page.finished,
            page.median,
            page.slow,
            page.stopped,
            page.left,
            page.called,
        )
        for place, page in _ordered(sums, lambda page: page.trouble + page.finished / 1_000_000)
    ]
    columns = (
        Column("Thủ tục", "text", 26),
        Column("Bản", "text", 10),
        Column("Trang", "text", 32),
        Column("Lượt khai xong", "count", 9),
        Column("Nửa số lượt không quá", "text", 12),
        Column("Lượt quá 2 phút", "count", 9),
        Column("Bị kiểm tra giữ lại", "count", 9),
        Column("Bỏ dở", "count", 9),
        Column("Gọi cán bộ", "count", 9),
    )
    title = "Trang khai, trang vướng nhiều ở trên"
    return Table(name="Trang khai", title=title, columns=columns, rows=tuple(rows))


def _check_rows(context: Context, sums: dict[PagePlace, PageSum]) -> list[tuple[str, str, str, str, str, int]]:
    rows = [
        (*_names(context, place), *_check_names(context, place, detail), count)
        for place, page in sums.items()
        for detail, count in page.checks.items()
    ]
    return sorted(rows, key=lambda row: (-row[-1], row[:-1]))


def _check_table(context: Context, sums: dict[PagePlace, PageSum]) -> Table:
    columns = (
        Column("Thủ tục", "text", 26),
        Column("Bản", "text", 10),
        Column("Trang", "text", 28),
        Column("Câu hỏi", "text", 28),
        Column("Máy nhắc", "text", 40),
        Column("Lượt", "count", 9),
    )
    rows = tuple(_check_rows(context, sums))
    return Table(name="Chỗ kiểm tra giữ lại", title="Chỗ kiểm tra giữ lại", columns=columns, rows=rows)


def _check_names(context: Context, place: PagePlace, detail: str) -> tuple[str, str]:
    """Return the question and the message of a check that stopped a page, as its version has them."""
    key, _, check = detail.partition(" ")
    procedure = context.catalogue.version(place.procedure, place.version)
    question = _question(procedure, key)
    if check in MESSAGES:
        return question, MESSAGES[check].vi
    rule = (
        next((rule for rule in procedure.checks if rule.rule == check and key in rule.keys), None)
        if procedure
        else None
    )
    return question, rule.say.vi if rule else check


def _question(procedure: Procedure | None, key: str) -> str:
    """Return the label of a question; of a row the label of its column."""
    if key == "main" or procedure is None:
        return "cả trang" if key == "main" else key
    name, _, column = key.partition(".")
    field = procedure.by_key.get(name)
    if field is None:
        return key
    inner = next((one for one in field.fields if one.key == column), None)
    return (inner or field).label.vi


def _slow_plot(context: Context, sums: dict[PagePlace, PageSum]) -> Plot:
    rows = [
        (*_names(context, place), page.slow, page.finished) for place, page in _ordered(sums, lambda page: page.slow)
    ]
    bars = tuple(
        PlotBar(label=f"{matter}, {step}", value=slow, words=f"{slow} trên {finished}")
        for matter, _, step, slow, finished in rows[:MOST_BARS]
    )
    columns = (
        Column("Thủ tục", "text", 26),
        Column("Bản", "text", 10),
        Column("Trang", "text", 32),
        Column("Lượt quá 2 phút", "count", 9),
        Column("Lượt khai xong", "count", 9),
    )
    chart = Chart("bar", columns=(3,), title="Trang lâu")
    table = Table(name="Trang lâu", title="Trang quá 2 phút", columns=columns, rows=tuple(rows), chart=chart)
    return Plot(name="lau", title=table.title, note="lượt quá 2 phút trên lượt khai xong", bars=bars, table=table)


def _check_plot(context: Context, sums: dict[PagePlace, PageSum]) -> Plot:
    rows = [
        (f"{matter}: {question}", check, count) for matter, _, _, question, check, count in _check_rows(context, sums)
    ]
    bars = tuple(PlotBar(label=label, value=count, words=f"{count} lượt") for label, _, count in rows[:MOST_BARS])
    columns = (Column("Câu hỏi", "text", 40), Column("Máy nhắc", "text", 40), Column("Lượt", "count", 9))
    chart = Chart("bar", columns=(2,), title="Câu hỏi hay bị giữ lại")
    table = Table(
        name="Câu hỏi hay bị giữ lại",
        title="Câu hỏi hay bị giữ lại",
        columns=columns,
        rows=tuple(rows),
        chart=chart,
    )
    return Plot(name="giu", title=table.title, note="lượt kiểm tra giữ lại", bars=bars, table=table)
