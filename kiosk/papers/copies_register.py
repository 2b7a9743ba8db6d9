"""Register of certified copies of a day: a row for each number that was given, on A4 or as a table.

A cancelled number keeps its row, with the reason. When the form is wiped, the names of person and original are empty;
number, day, pages, copies and fee stay. The columns are those of the register of certified copies from originals (NĐ
23/2015/NĐ-CP, its annex), from memory: the foot of the paper says that they were not compared.
"""

from datetime import date
from operator import itemgetter

from kiosk.base import clock
from kiosk.context import Context
from kiosk.dossiers import copy_numbers
from kiosk.dossiers.certified_copies import CANCEL_REASONS, listed_papers
from kiosk.dossiers.copy_numbers import GAP_REASONS, NumberGap
from kiosk.dossiers.opened import open_submission
from kiosk.papers import letterhead
from kiosk.papers.forms.official import NOT_COMPARED
from kiosk.papers.register import WIPED, capital, now_words, register_sheet
from kiosk.papers.workbook import Cell, Column, Table, format_cell
from kiosk.records import certified_copies
from kiosk.records.certified_copies import CertifiedCopy
from kiosk.vietnam.calendar import weekday
from printers.document import Align
from printers.sheet import FormLine, FormText, Grid, Sheet

COLUMNS = (
    Column("Số chứng thực", "count", 10),
    Column("Giờ chứng thực", "hour", 10),
    Column("Họ tên người yêu cầu chứng thực", "text", 28),
    Column("Tên của bản chính giấy tờ, văn bản", "text", 34),
    Column("Họ tên, chức danh người ký chứng thực", "text", 32),
    Column("Số trang", "count", 8),
    Column("Số bản sao", "count", 8),
    Column("Phí (đồng)", "count", 12),
    Column("Ghi chú", "text", 28),
)
SHARES = (16.0, 18.0, 46.0, 56.0, 52.0, 14.0, 14.0, 20.0, 40.0)
ALIGNS: tuple[Align, ...] = tuple("centre" if column.kind != "text" else "left" for column in COLUMNS)


def table(context: Context, day: date) -> Table:
    """Return the register of a day with typed cells."""
    with context.store.read() as db:
        lines = certified_copies.of_day(db, day)
        gaps = [gap for gap in copy_numbers.gaps(db) if clock.local(gap.at).date() == day]
    rows = [_row(context, line) for line in lines] + [row for gap in gaps for row in _missing_rows(gap)]
    book = f"quyển {lines[0].book}. " if lines else ""
    note = f"{capital(weekday(day))}, {day:%d/%m/%Y}, {book}{context.config.ward.center}. Lập lúc {now_words(context)}."
    return Table(
        name=f"Sổ bản sao {day:%d-%m-%Y}",
        title="SỔ CHỨNG THỰC BẢN SAO TỪ BẢN CHÍNH",
        columns=COLUMNS,
        rows=tuple(sorted(rows, key=itemgetter(0))),
        note=note,
    )


def pdf(context: Context, day: date, *, signer: str = "", trail: str = "") -> bytes:
    """Return the register of a day on A4; `trail` is the end of the audit trail."""
    from printers.render.pdf import render_sheet  # imports the A4 layout, which would slow down the start

    return render_sheet(sheet(context, table(context, day), day=day, signer=signer, trail=trail))


def sheet(context: Context, register: Table, *, day: date, signer: str = "", trail: str = "") -> Sheet:
    """Return the register as a sheet."""
    rows = tuple(
        tuple(format_cell(column.kind, cell) for column, cell in zip(COLUMNS, row, strict=True))
        for row in register.rows
    )
    total = f"Tổng số: {len(rows)} số." if rows else "Trong ngày không cấp số nào."
    content = (*((_grid(rows),) if rows else ()), FormLine((FormText(total, bold=True),), space_above=1.5))
    foot = f"{NOT_COMPARED} Lập ở {letterhead.machine_name(context.config)} lúc {now_words(context)}.{trail}"
    return register_sheet(context, register.title, day=day, content=content, signer=signer, foot=foot)


def _grid(rows: tuple[tuple[str, ...], ...]) -> Grid:
    return Grid(
        head=tuple(column.title for column in COLUMNS),
        rows=rows,
        shares=SHARES,
        aligns=ALIGNS,
        size=8.4,
        min_row_height=7,
    )


def _missing_rows(gap: NumberGap) -> list[tuple[Cell, ...]]:
    """Return a row for each number that was given before a restore."""
    remark = f"cấp trước khi khôi phục máy: {GAP_REASONS[gap.reason]}"
    return [(number, gap.at, *[""] * 3, *[None] * 3, remark) for number in gap.numbers]


def _row(context: Context, line: CertifiedCopy) -> tuple[Cell, ...]:
    opened = open_submission(context, line.submission_id)
    names = {paper.place: paper.name for paper in listed_papers(opened)} if opened else {}
    remarks = [
        f"đã hủy: {CANCEL_REASONS[line.cancel_reason]}" if line.cancel_reason else "",
        f"người dân ghi {line.declared_pages} trang" if line.declared_pages != line.pages else "",
    ]
    return (
        line.number,
        line.at,
        str(opened.applicant.get("fullName", "")) if opened else WIPED,
        names.get(line.place, ""),
        ", ".join(filter(None, [line.signer, " ".join(line.signer_title.split())])),
        line.pages,
        line.copies,
        line.amount,
        ", ".join(filter(None, remarks)),
    )
