"""Opinions of a month as tables and plots, for a lead: on the page, on paper and as a workbook."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kiosk.context import Context
from kiosk.dossiers import opinion_groups
from kiosk.dossiers.opinion_groups import LEAST, FaceTally, OpinionGroups
from kiosk.papers import letterhead
from kiosk.papers.figure_blocks import plot_blocks, table_blocks
from kiosk.papers.plots import Plot, PlotBar, procedure_name
from kiosk.papers.workbook import Cell, Chart, Column, Table
from kiosk.records import opinions
from kiosk.records.opinions import TEXT, TOUCHSCREEN, OpinionCount
from printers.document import Block
from printers.sheet import FormLine, FormText, Sheet, Title

FACE_NAMES = ("Rất kém", "Kém", "Tạm ổn", "Tốt", "Rất tốt")
WORD_NAMES = {
    "wait": "Chờ lâu",
    "unclear": "Khó hiểu",
    "manner": "Thái độ",
    "fast": "Nhanh",
    "easy": "Dễ khai",
    "kind": "Cán bộ tận tình",
}
NOTE = f"Nhóm dưới {LEAST} ý kiến gộp vào dòng “Các nhóm nhỏ”, để không ai bị nhận ra."
OTHERS = "Các nhóm nhỏ"
SIZE = 7.4  # points of the tables on paper
KEPT_DAYS = 365
"""Days for which the counts are kept (`acts.wiping`)."""


@dataclass(frozen=True)
class MonthOpinions:
    """The opinions of a month."""

    month: date
    counts: list[OpinionCount]

    @property
    def name(self) -> str:
        """The month in words."""
        return f"tháng {self.month.month}/{self.month.year}"


@dataclass(frozen=True)
class ShownText:
    """A text that a citizen wrote, with its procedure, its face and the week in which it was written."""

    matter: str
    face: str
    week: date
    words: str


def months(context: Context) -> list[date]:
    """Return the months that can be shown, newest first."""
    return opinion_groups.finished_months(context.clock.today(), KEPT_DAYS)


def load(context: Context, month: date) -> MonthOpinions:
    """Load the opinions of a month."""
    with context.store.read() as db:
        counts = opinions.between(db, *opinion_groups.month_days(month))
    return MonthOpinions(month=month, counts=counts)


def tables(context: Context, found: MonthOpinions) -> list[Table]:
    """Return the tables: by procedure, by counter, words."""
    by_procedure = opinion_groups.group(found.counts, lambda opinion: opinion.procedure)
    by_counter = opinion_groups.group(found.counts, lambda opinion: str(opinion.counter))
    return [
        _face_table("Ý kiến theo thủ tục", "Thủ tục", _named(by_procedure, lambda code: _matter(context, code))),
        _face_table("Ý kiến theo nơi", "Nơi", _named(by_counter, _place)),
        _word_table(found),
    ]


def plots(context: Context, found: MonthOpinions) -> tuple[Plot, ...]:
    """Return the plots: faces of the ward, and procedures with the part of the bad ones hatched."""
    by_procedure = opinion_groups.group(found.counts, lambda opinion: opinion.procedure)
    named = _named(by_procedure, lambda code: _matter(context, code))
    return (_face_plot(found), _procedure_plot(named))


def texts(context: Context) -> list[ShownText]:
    """Return the texts of the weeks that are over, the newest week first, in no order within it."""
    today = context.clock.today()
    monday = today - timedelta(days=today.weekday())
    with context.store.read() as db:
        kept = opinions.texts_between(db, date.min, monday - timedelta(days=1))
    shown = [
        ShownText(
            matter=_matter(context, text.procedure),
            face=FACE_NAMES[text.face - 1],
            week=text.day - timedelta(days=text.day.weekday()),
            words=context.vault.open(TEXT, text.id, text.body).decode(),
        )
        for text in kept
    ]
    return sorted(shown, key=lambda text: text.week, reverse=True)


def sheet(context: Context, found: MonthOpinions, *, trail: str = "") -> Sheet:
    """Return the tables and the plots of a month on A4; the texts stay on the page."""
    blocks: list[Block] = [block for table in tables(context, found) for block in table_blocks(table, SIZE)]
    for plot in plots(context, found):
        blocks += plot_blocks(plot)
    made = f"Lập ở {letterhead.machine_name(context.config)} lúc {letterhead.format_moment(context.clock.now())}."
    return Sheet(
        (
            FormLine((FormText(context.config.ward.center.upper(), bold=True),), align="centre"),
            Title(("Ý KIẾN CỦA NGƯỜI DÂN",), subtitle=found.name),
            *blocks,
            FormLine((FormText(NOTE, italic=True),), space_above=2),
        ),
        title="Ý kiến của người dân",
        foot=f"{made}{trail}",
        practice=context.config.kiosk.practice,
    )


def pdf(context: Context, found: MonthOpinions, *, trail: str = "") -> bytes:
    """Return the sheet as PDF."""
    from printers.render.pdf import render_sheet  # imports the A4 layout, which would slow down the start

    return render_sheet(sheet(context, found, trail=trail))


def workbook(context: Context, found: MonthOpinions) -> list[Table]:
    """Return the tables of a month for a workbook, with their charts."""
    drawn = [plot.table for plot in plots(context, found)]
    return [replace(table, title=f"{table.title}, {found.name}") for table in [*tables(context, found), *drawn]]


def _named(groups: OpinionGroups, name: Callable[[str], str]) -> list[tuple[str, FaceTally]]:
    rows = [(name(key), tally) for key, tally in groups.shown.items()]
    return [*rows, (OTHERS, groups.others)] if groups.others else rows


def _matter(context: Context, code: str) -> str:
    return procedure_name(context, code) if code else "Việc không kèm tờ khai"


def _place(counter: str) -> str:
    return "Màn hình khai" if counter == str(TOUCHSCREEN) else f"Quầy {counter}"


def _face_table(title: str, first: str, rows: list[tuple[str, FaceTally]]) -> Table:
    columns = (
        Column(first, "text", 34),
        Column("Ý kiến", "count", 9),
        *(Column(name, "count", 9) for name in FACE_NAMES),
        Column("Không trả lời", "count", 9),
        Column("Tốt, rất tốt", "percent", 9),
    )
    cells: list[tuple[Cell, ...]] = [
        (
            name,
            tally.answers,
            *tally.faces,
            tally.unanswered,
            tally.good / tally.answers if tally.answers else None,
        )
        for name, tally in rows
    ]
    return Table(name=title, title=title, columns=columns, rows=tuple(cells), note=NOTE)


def _word_table(found: MonthOpinions) -> Table:
    chosen = opinion_groups.words(found.counts)
    rows: list[tuple[Cell, ...]] = [
        (WORD_NAMES[word], "tốt" if word in opinions.GOOD_WORDS else "chưa được", count)
        for word, count in sorted(chosen.items(), key=lambda item: -item[1])
    ]
    columns = (Column("Lời đã chạm", "text", 24), Column("Về", "text", 14), Column("Lượt", "count", 9))
    title = "Chỗ tốt, chỗ chưa được"
    note = f"Lời có dưới {LEAST} lượt không ghi."
    return Table(name=title, title=title, columns=columns, rows=tuple(rows), note=note)


def _face_plot(found: MonthOpinions) -> Plot:
    tally = opinion_groups.tally(found.counts)
    is_shown = tally.answers >= LEAST
    rows = list(zip(FACE_NAMES, tally.faces, strict=True)) if is_shown else []
    bars = tuple(PlotBar(label=name, value=count, words=str(count)) for name, count in rows)
    title = "Cả phường"
    table = Table(
        name="Mặt đã chấm",
        title="Mặt đã chấm, cả phường",
        columns=(Column("Mặt", "text", 20), Column("Ý kiến", "count", 10)),
        rows=tuple(rows),
        chart=Chart("bar", columns=(1,), title="Mặt đã chấm"),
    )
    note = f"{tally.answers} ý kiến, {tally.unanswered} lượt không trả lời" if is_shown else f"dưới {LEAST} ý kiến"
    return Plot(name="mat", title=title, note=note, bars=bars, table=table)


def _procedure_plot(rows: list[tuple[str, FaceTally]]) -> Plot:
    answered = [(name, tally) for name, tally in rows if tally.answers]
    bars = tuple(
        PlotBar(
            label=name,
            value=tally.answers,
            words=f"{tally.good} tốt, {tally.bad} kém",
            late=tally.bad / tally.answers,
        )
        for name, tally in answered
    )
    table = Table(
        name="Tốt và kém theo thủ tục",
        title="Tốt và kém theo thủ tục",
        columns=(Column("Thủ tục", "text", 36), Column("Không kém", "count", 10), Column("Kém, rất kém", "count", 10)),
        rows=tuple((name, tally.answers - tally.bad, tally.bad) for name, tally in answered),
        chart=Chart("bar", columns=(1, 2), title="Tốt và kém theo thủ tục"),
    )
    return Plot(
        name="thu-tuc",
        title="Theo thủ tục",
        note="phần gạch chéo: kém, rất kém",
        bars=bars,
        table=table,
        legend=(("past", "tạm ổn, tốt"), ("late", "kém, rất kém")),
    )
