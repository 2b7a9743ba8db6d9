"""Register of a day, form 07 "Sổ theo dõi hồ sơ": a row for each case received that day, on A4 or as a table.

A case is received when the desk accepts it for the first time, whatever day it was submitted.

Rows are in the order of time: cases, and the services that were done at once.

A row exists as long as its submission: when the body is wiped, name, home and phone are empty, and numbers, times and
states stay. Classes are no cases of the ward, so they are not in the register. The form was compared with secondary
sources only, and its foot says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from kiosk.base import clock
from kiosk.context import Context
from kiosk.dossiers import status_labels
from kiosk.dossiers.opened import OpenedSubmission, open_submission
from kiosk.papers import letterhead
from kiosk.papers.forms.official import NOT_COMPARED
from kiosk.papers.signature_blocks import long_date
from kiosk.papers.workbook import Cell, Column, Table, format_cell
from kiosk.records import decisions, services, submissions
from kiosk.records.decisions import Decision
from kiosk.records.services import ServiceLine, ServiceRecord
from kiosk.records.submissions import Submission
from kiosk.vietnam import places
from kiosk.vietnam.calendar import weekday
from printers.document import Align, Block
from printers.sheet import FormLine, FormText, Grid, NationalHeader, Sheet, Signature, Signatures, Title

LOCAL = "LOCAL-"
WIPED = "(đã xóa theo hạn giữ)"
RESULT_METHODS = {"counter": "Tại quầy", "post": "Bưu chính", "online": "Trực tuyến"}
"""Result place of an acceptance -> words of the register."""
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
RECEIVED = [column.title for column in COLUMNS].index("Nhận hồ sơ") - 1
"""Place of the time of receipt in a row without its number."""
GROUP_TITLE = ("Nhận và trả kết quả", 7, 12)
SHARES = (8.0, 31.0, 27.0, 12.0, 27.0, 34.0, 27.0, 18.5, 18.5, 18.5, 18.0, 19.0, 27.0)
SIZE = 7.6  # points
MIN_ROW_HEIGHT = 8.5  # millimetres, to sign by hand
ALIGNS: tuple[Align, ...] = tuple("centre" if column.kind != "text" else "left" for column in COLUMNS)


@dataclass(frozen=True)
class Milestones:
    """When a case was received and handed out, and how its result was handed out."""

    received: datetime | None
    handed_out: datetime | None
    result_method: str = ""
    sets: int = 1


def table(context: Context, day: date) -> Table:
    """Return the register of a day with typed cells."""
    start = datetime.combine(day, time(), clock.WARD)
    with context.store.read() as db:
        numbers = decisions.accepted_between(db, start, start + timedelta(days=1))
        newest = [submissions.by_receipt(db, number) for number in numbers]
        done = [(service, services.lines_of(db, service.id)) for service in services.of_day(db, day)]
    cases = [case for case in newest if case and not case.procedure.startswith(LOCAL)]
    served = [
        _service_row(context, service, line)
        for service, lines in done
        if service.outcome == "done" and service.day == day and service.void_at is None
        for line in lines
    ]
    by_time = sorted([*(_row(context, case) for case in cases), *served], key=_received)
    rows = tuple((number, *row) for number, row in enumerate(by_time, 1))
    note = f"{capital(weekday(day))}, {day:%d/%m/%Y}. {context.config.ward.center}. Lập lúc {now_words(context)}."
    return Table(name=f"Sổ theo dõi {day:%d-%m-%Y}", title="SỔ THEO DÕI HỒ SƠ", columns=COLUMNS, rows=rows, note=note)


def pdf(context: Context, day: date, *, signer: str = "", trail: str = "") -> bytes:
    """Return the register of a day on A4; `trail` is the end of the audit trail, so that the paper documents it."""
    from printers.render.pdf import render_sheet  # imports the A4 layout, which would slow down the start

    return render_sheet(sheet(context, table(context, day), day=day, signer=signer, trail=trail))


def sheet(context: Context, register: Table, *, day: date, signer: str = "", trail: str = "") -> Sheet:
    """Return the register as a sheet."""
    rows = tuple(_paper_cells(row) for row in register.rows)
    total = f"Tổng số: {len(rows)} hồ sơ." if rows else "Trong ngày không tiếp nhận hồ sơ nào."
    content = (*((_grid(rows),) if rows else ()), FormLine((FormText(total, bold=True),), space_above=1.5))
    foot = f"Mẫu 07 {NOT_COMPARED} Lập ở {letterhead.machine_name(context.config)} lúc {now_words(context)}.{trail}"
    return register_sheet(context, register.title, day=day, content=content, signer=signer, foot=foot)


def register_sheet(
    context: Context, title: str, *, day: date, content: Sequence[Block], signer: str, foot: str
) -> Sheet:
    """Return a register of a day to be signed: its rows and its total between head and signatures."""
    ward = context.config.ward
    office = context.office.short
    return Sheet(
        (
            NationalHeader(agency=(ward.agency_committee.upper(), ward.center.removesuffix(office).strip().upper())),
            Title((title,), subtitle=capital(f"{weekday(day)}, {long_date(day.isoformat())}")),
            *content,
            Signatures(
                Signature("PHỤ TRÁCH BỘ PHẬN", hint="(Ký, ghi rõ họ tên)"),
                Signature("NGƯỜI LẬP SỔ", hint="(Ký, ghi rõ họ tên)", name=signer),
                place_date=f"{capital(office)}, {long_date(context.clock.today().isoformat())}",
                space=15,
            ),
        ),
        title=title.capitalize(),
        size="A4 landscape",
        foot=foot,
        practice=context.config.kiosk.practice,
    )


def _grid(rows: tuple[tuple[str, ...], ...]) -> Grid:
    heads = tuple(column.title for column in COLUMNS)
    return Grid(
        head=heads,
        rows=rows,
        shares=SHARES,
        aligns=ALIGNS,
        size=SIZE,
        min_row_height=MIN_ROW_HEIGHT,
        group_title=GROUP_TITLE,
    )


def _paper_cells(row: tuple[Cell, ...]) -> tuple[str, ...]:
    """Return the cells as text; an unknown value is empty, to be written by hand."""
    return tuple(
        "" if cell is None else format_cell(column.kind, cell) for column, cell in zip(COLUMNS, row, strict=True)
    )


def _row(context: Context, submission: Submission) -> tuple[Cell, ...]:
    opened = open_submission(context, submission.id)
    procedure = context.catalogue.version(submission.procedure, submission.version)
    with context.store.read() as db:
        milestones = case_milestones(submission, decisions.in_force(decisions.of_case(db, submission.receipt_no)))
    return (
        submission.number,
        procedure.short.vi if procedure else submission.procedure,
        milestones.sets,
        _name(opened) if opened else WIPED,
        _contact(opened) if opened else "",
        str((opened.answers.get("kinh_gui") if opened else "") or context.config.ward.agency_committee),
        milestones.received,
        submission.due,
        milestones.handed_out,
        milestones.result_method,
        "",
        f"{submission.receipt_no}. {status_labels.desk_label(submission)}",
    )


def _service_row(context: Context, service: ServiceRecord, line: ServiceLine) -> tuple[Cell, ...]:
    """Return a service that was done at once without a form: received and handed out at one time, without a name."""
    agency = context.config.ward.agency_committee
    note = f"{service.label}, không kèm tờ khai, {line.copies} bản. Sổ việc ở quầy số {service.register_no}"
    return (
        "",
        line.name,
        1,
        "",
        "",
        agency,
        service.at,
        None,
        service.at,
        RESULT_METHODS["counter"],
        "",
        note,
    )


def _received(row: tuple[Cell, ...]) -> str:
    """Return the time of receipt of a row without its number, to sort by; a row without one comes first."""
    at = row[RECEIVED]
    return clock.timestamp(at) if isinstance(at, datetime) else ""


def case_milestones(submission: Submission, case_decisions: list[Decision]) -> Milestones:
    """Return when a case was first accepted and last handed out, with place and sets of its last acceptance."""
    accepted = [decision for decision in case_decisions if decision.kind == "accepted"]
    times = {decision.kind: decision.at for decision in case_decisions}
    place = str(accepted[-1].facts.get("place", "")) if accepted else ""
    handed_out = times.get("handed_out") or submission.closed_at
    return Milestones(
        received=accepted[0].at if accepted else None,
        handed_out=handed_out if submission.desk == "handed_out" else None,
        result_method=RESULT_METHODS.get(place, ""),
        sets=int(accepted[-1].facts.get("sets") or 1) if accepted else 1,
    )


def _name(opened: OpenedSubmission) -> str:
    return str(opened.applicant.get("fullName", ""))


def _contact(opened: OpenedSubmission) -> str:
    """Return the home and the phone number of the applicant."""
    home: Mapping[str, Any] = opened.applicant.get("address") or {}
    phones = [opened.answers.get(item.key) for item in opened.procedure.fields if item.kind == "phone"]
    phone = next((str(number) for number in phones if number), "")
    return ", ".join(part for part in (places.display(home) if home else "", phone) if part)


def capital(text: str) -> str:
    """Return a text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def now_words(context: Context) -> str:
    """Return the time now as a register prints it."""
    return f"{clock.local(context.clock.now()):%H:%M, %d/%m/%Y}"
