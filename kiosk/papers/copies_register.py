"""Registers of certification of a day: a row for each number that was given, on A4 or as a table.

A cancelled number keeps its row, with the reason. When the form is wiped, the names of person and paper are empty;
number, day, pages, copies and fee stay. The columns are those of form 21 of NĐ 280/2025/NĐ-CP for translators as
luatvietnam.vn prints it (secondary), and from memory of the annex of NĐ 23/2015/NĐ-CP for the others: the foot of the
paper says that they were not compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from kiosk.records.certified_copies import CertifiedCopy, CertifiedRegister
from kiosk.vietnam.calendar import weekday
from kiosk.vietnam.money import money
from printers.document import Align
from printers.sheet import FormLine, FormText, Grid, Sheet


@dataclass(frozen=True)
class RegisterForm:
    """What differs between the registers: title on paper, name on a tab, and heads of the columns."""

    title: str
    tab: str
    paper: str
    counted: str
    person: str = "Họ tên người yêu cầu chứng thực"


FORMS: Mapping[CertifiedRegister, RegisterForm] = {
    "copies": RegisterForm(
        title="SỔ CHỨNG THỰC BẢN SAO TỪ BẢN CHÍNH",
        tab="Bản sao",
        paper="Tên của bản chính giấy tờ, văn bản",
        counted="Số bản sao",
    ),
    "signature": RegisterForm(
        title="SỔ CHỨNG THỰC CHỮ KÝ, ĐIỂM CHỈ",
        tab="Chữ ký",
        paper="Tên của giấy tờ, văn bản",
        counted="Số lượng giấy tờ",
    ),
    "translation": RegisterForm(
        title="SỔ CHỨNG THỰC CHỮ KÝ NGƯỜI DỊCH",
        tab="Người dịch",
        paper="Tên của giấy tờ đã dịch, thứ tiếng",
        counted="Số lượng bản dịch",
    ),
    "transaction": RegisterForm(
        title="SỔ CHỨNG THỰC GIAO DỊCH",
        tab="Giao dịch",
        paper="Tên giao dịch",
        counted="Số bản",
        person="Họ tên người yêu cầu, các bên ghi thêm",
    ),
}
COUNTED = 6
AMOUNT = 7
REMARK = 8
"""Places of the columns that are summed, and of the remark."""
CANCELLED = "đã hủy"
SHARES = (16.0, 18.0, 46.0, 56.0, 52.0, 14.0, 14.0, 20.0, 40.0)


def columns(register: CertifiedRegister) -> tuple[Column, ...]:
    """Return the columns of a register."""
    form = FORMS[register]
    return (
        Column("Số chứng thực", "count", 10),
        Column("Giờ chứng thực", "hour", 10),
        Column(form.person, "text", 28),
        Column(form.paper, "text", 34),
        Column("Họ tên, chức danh người ký chứng thực", "text", 32),
        Column("Số trang", "count", 8),
        Column(form.counted, "count", 8),
        Column("Phí (đồng)", "count", 12),
        Column("Ghi chú", "text", 28),
    )


def table(context: Context, register: CertifiedRegister, day: date) -> Table:
    """Return a register of a day with typed cells."""
    with context.store.read() as db:
        lines = [line for line in certified_copies.of_day(db, day) if line.register == register]
        gaps = [gap for gap in copy_numbers.gaps(db) if gap.register == register and _day_of(gap) == day]
    rows = [_row(context, line) for line in lines] + [row for gap in gaps for row in _missing_rows(gap)]
    book = f"quyển {lines[0].book}. " if lines else ""
    note = f"{capital(weekday(day))}, {day:%d/%m/%Y}, {book}{context.config.ward.center}. Lập lúc {now_words(context)}."
    return Table(
        name=f"Sổ {FORMS[register].tab.lower()} {day:%d-%m-%Y}",
        title=FORMS[register].title,
        columns=columns(register),
        rows=tuple(sorted(rows, key=itemgetter(0))),
        note=note,
    )


def pdf(context: Context, register: CertifiedRegister, day: date, *, signer: str = "", trail: str = "") -> bytes:
    """Return a register of a day on A4; `trail` is the end of the audit trail."""
    from printers.render.pdf import render_sheet  # imports the A4 layout, which would slow down the start

    return render_sheet(sheet(context, table(context, register, day), day=day, signer=signer, trail=trail))


def sheet(context: Context, register: Table, *, day: date, signer: str = "", trail: str = "") -> Sheet:
    """Return the register as a sheet."""
    total = FormLine((FormText(_total(register), bold=True),), space_above=1.5)
    content = (*((_grid(register),) if register.rows else ()), total)
    foot = f"{NOT_COMPARED} Lập ở {letterhead.machine_name(context.config)} lúc {now_words(context)}.{trail}"
    return register_sheet(context, register.title, day=day, content=content, signer=signer, foot=foot)


def _total(register: Table) -> str:
    """Return the sum of a day: cancelled numbers are counted as numbers alone."""
    if not register.rows:
        return "Trong ngày không cấp số nào."
    in_force = [row for row in register.rows if not is_cancelled(row)]
    cancelled = len(register.rows) - len(in_force)
    counted = sum(cell for row in in_force if isinstance(cell := row[COUNTED], int))
    amount = sum(cell for row in in_force if isinstance(cell := row[AMOUNT], int))
    void = f", trong đó hủy {cancelled} số" if cancelled else ""
    return (
        f"Tổng số: {len(register.rows)} số{void}. {register.columns[COUNTED].title}: {counted}. Phí: {money(amount)}."
    )


def is_cancelled(row: Sequence[Cell]) -> bool:
    """Return whether the number of a row is cancelled."""
    return str(row[REMARK]).startswith(CANCELLED)


def _grid(register: Table) -> Grid:
    """Return the rows; the reason of a cancelled number is in a row of its own, because its line is struck through."""
    rows: list[tuple[str, ...]] = []
    struck: list[int] = []
    for row in register.rows:
        cells = [format_cell(column.kind, cell) for column, cell in zip(register.columns, row, strict=True)]
        if is_cancelled(row):
            struck.append(len(rows))
            rows.append((*cells[:REMARK], ""))
            rows.append(("",) * REMARK + (f"số {cells[0]} {cells[REMARK]}",))
        else:
            rows.append(tuple(cells))
    aligns: tuple[Align, ...] = tuple("centre" if column.kind != "text" else "left" for column in register.columns)
    return Grid(
        head=tuple(column.title for column in register.columns),
        rows=tuple(rows),
        shares=SHARES,
        aligns=aligns,
        size=8.4,
        min_row_height=7,
        struck=tuple(struck),
    )


def _day_of(gap: NumberGap) -> date:
    """Return the day that lists lost numbers: that of the answer, or the last one of their year."""
    return min(clock.local(gap.at).date(), date(gap.year, 12, 31))


def _missing_rows(gap: NumberGap) -> list[tuple[Cell, ...]]:
    """Return a row for each number that was given before a restore; none for those of the paper book."""
    if gap.reason == "paper_book":
        return []
    remark = f"cấp trước khi khôi phục máy: {GAP_REASONS[gap.reason]}"
    return [(number, gap.at, *[""] * 3, *[None] * 3, remark) for number in gap.numbers]


def _row(context: Context, line: CertifiedCopy) -> tuple[Cell, ...]:
    opened = open_submission(context, line.submission_id)
    names = {paper.place: paper.name for paper in listed_papers(opened)} if opened else {}
    remarks = [
        f"{CANCELLED}: {CANCEL_REASONS[line.cancel_reason]}" if line.cancel_reason else "",
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
