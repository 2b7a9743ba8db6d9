"""The register of a day, form 07 "Sổ theo dõi hồ sơ": a row a case that was handed in that day, on A4 or as a table.

A row stands as long as its submission: when its body is wiped the name, the home and the telephone are gone, and
numbers, times and states stay. Classes are no cases of the ward, so they are in no register. Compared with secondary
sources only, which its foot says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kiosk import clock
from kiosk.context import Context
from kiosk.dossiers import status_labels
from kiosk.dossiers.opened import OpenedSubmission, open_submission
from kiosk.papers import letterhead
from kiosk.papers.signature_blocks import long_date
from kiosk.records import decisions, submissions
from kiosk.records.decisions import Decision
from kiosk.records.submissions import Submission
from kiosk.vietnam import places
from kiosk.vietnam.calendar import weekday
from kiosk.workbook import Cell, Column, Table, shown
from printers.document import Align
from printers.sheet import Grid, FormLine, NationalHeader, FormText, Sheet, Signature, Signatures, Title

LOCAL = "LOCAL-"
AT_COUNTER = "Tại quầy"
WIPED = "(đã xóa theo hạn giữ)"
COLUMNS = (
    Column("TT", "count", 5),
    Column("Mã hồ sơ", "text", 24),
    Column("Tên TTHC", "text", 28),
    Column("Số lượng hồ sơ (bộ)", "count", 9),
    Column("Tên cá nhân, tổ chức", "text", 26),
    Column("Địa chỉ, số điện thoại", "text", 36),
    Column("Cơ quan chủ trì giải quyết", "text", 26),
    Column("Nhận hồ sơ", "moment", 17),
    Column("Hẹn trả kết quả", "moment", 17),
    Column("Trả kết quả", "moment", 17),
    Column("Phương thức nhận kết quả", "text", 14),
    Column("Ký nhận", "text", 14),
    Column("Ghi chú", "text", 28),
)
OVER = ("Nhận và trả kết quả", 7, 12)
SHARES = (8.0, 31.0, 27.0, 12.0, 27.0, 34.0, 27.0, 18.5, 18.5, 18.5, 18.0, 19.0, 27.0)
SIZE = 7.6
LEAST = 8.5  # points, and millimetres for a hand to sign in
ALIGNS: tuple[Align, ...] = tuple("centre" if one.kind != "text" else "left" for one in COLUMNS)


@dataclass(frozen=True)
class Milestones:
    """When a case was received and handed out, and in which way."""

    received: datetime
    handed_out: datetime | None
    way: str = ""


def table(context: Context, day: date) -> Table:
    """Return the register of a day with typed cells."""
    with context.store.read() as db:
        found = submissions.of_day(db, day)
    last = {one.receipt_no: one for one in found}
    listed = [one for one in last.values() if not one.procedure.startswith(LOCAL)]
    rows = tuple((at, *_row(context, one)) for at, one in enumerate(listed, 1))
    note = f"{_capital(weekday(day))}, {day:%d/%m/%Y}. {context.config.ward.center}. Lập lúc {_now(context)}."
    return Table(name=f"Sổ theo dõi {day:%d-%m-%Y}", title="SỔ THEO DÕI HỒ SƠ", columns=COLUMNS, rows=rows, note=note)


def pdf(context: Context, day: date, signer: str = "", trail: str = "") -> bytes:
    """Return the register of a day on A4; `trail` is the end of the audit trail, so that paper remembers it."""
    from printers.render.pdf import render_sheet  # lays out A4: no start waits for it

    return render_sheet(sheet(context, table(context, day), day, signer, trail))


def sheet(context: Context, found: Table, day: date, signer: str = "", trail: str = "") -> Sheet:
    """Return the register as a sheet."""
    ward = context.config.ward
    beside = context.office.short
    rows = tuple(_written(row) for row in found.rows)
    written = f"Tổng số: {len(rows)} hồ sơ." if rows else "Trong ngày không có hồ sơ nào nộp ở máy."
    place_date = f"{_capital(beside)}, {long_date(context.clock.today().isoformat())}"
    return Sheet(
        (
            NationalHeader(agency=(ward.agency_committee.upper(), ward.center.removesuffix(beside).strip().upper())),
            Title((found.title,), subtitle=_capital(f"{weekday(day)}, {long_date(day.isoformat())}")),
            *((_grid(rows),) if rows else ()),
            FormLine((FormText(written, bold=True),), space_above=1.5),
            Signatures(
                Signature("PHỤ TRÁCH BỘ PHẬN", hint="(Ký, ghi rõ họ tên)"),
                Signature("NGƯỜI LẬP SỔ", hint="(Ký, ghi rõ họ tên)", name=signer),
                place_date=place_date,
                space=15,
            ),
        ),
        title="Sổ theo dõi hồ sơ",
        size="A4 landscape",
        foot=f"Mẫu 07, CHƯA ĐỐI CHIẾU. Lập ở {letterhead.machine(context.config)} lúc {_now(context)}.{trail}",
        practice=context.config.kiosk.practice,
    )


def _grid(rows: tuple[tuple[str, ...], ...]) -> Grid:
    heads = tuple(column.title for column in COLUMNS)
    return Grid(head=heads, rows=rows, shares=SHARES, aligns=ALIGNS, size=SIZE, min_row_height=LEAST, group_title=OVER)


def _written(row: tuple[Cell, ...]) -> tuple[str, ...]:
    """The cells as paper has them; what is not known yet is left empty, to be written by hand."""
    return tuple("" if cell is None else shown(column.kind, cell) for column, cell in zip(COLUMNS, row, strict=True))


def _row(context: Context, found: Submission) -> tuple[Cell, ...]:
    held = open_submission(context, found.id)
    procedure = context.catalogue.version(found.procedure, found.version)
    with context.store.read() as db:
        mile = milestones(found, decisions.of_case(db, found.receipt_no))
    return (
        found.number,
        procedure.short.vi if procedure else found.procedure,
        1,
        _name(held) if held else WIPED,
        _reach(held) if held else "",
        str((held.answers.get("kinh_gui") if held else "") or context.config.ward.agency_committee),
        mile.received,
        found.due,
        mile.handed_out,
        mile.way,
        "",
        f"{found.receipt_no}. {status_labels.desk_label(found)}",
    )


def milestones(found: Submission, done: list[Decision]) -> Milestones:
    """Return when a case was received and handed out: the one place that reads what the desk decided.

    A case that the desk has not accepted stands with the hour at which it was handed in.
    """
    at = {one.kind: one.at for one in done}
    handed_out = at.get("handed_out") or (found.closed_at if found.desk == "handed_out" else None)
    return Milestones(at.get("accepted", found.completed_at), handed_out, AT_COUNTER if "handed_out" in at else "")


def _name(held: OpenedSubmission) -> str:
    return str(held.applicant.get("fullName", ""))


def _reach(held: OpenedSubmission) -> str:
    """Home and telephone of who applies."""
    home: Mapping[str, Any] = held.applicant.get("address") or {}
    phones = [held.answers.get(item.key) for item in held.procedure.fields if item.kind == "phone"]
    phone = next((str(one) for one in phones if one), "")
    return ", ".join(part for part in (places.display(home) if home else "", phone) if part)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _now(context: Context) -> str:
    return f"{clock.local(context.clock.now()):%H:%M, %d/%m/%Y}"
