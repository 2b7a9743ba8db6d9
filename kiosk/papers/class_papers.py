"""Papers of a class: the list of participants as a workbook, and a certificate slip for each of them.

The slip says that a person attended the ward's class; no circular has this form.
"""

from datetime import date

from kiosk.base import clock
from kiosk.context import Context
from kiosk.dossiers.call_back_list import CallBackEntry
from kiosk.dossiers.class_lists import Participant
from kiosk.papers import letterhead
from kiosk.papers.signature_blocks import long_date
from kiosk.papers.workbook import Column, Table
from kiosk.procedures.kinds.sessions import begins_at, session_text
from printers.document import Block
from printers.sheet import Answer, FormLine, FormText, NationalHeader, PageBreak, Sheet, Signature, Signatures, Title

COLUMNS = (
    Column("TT", "count", 5),
    Column("Họ và tên", "text", 28),
    Column("Năm sinh", "text", 10),
    Column("Số điện thoại", "text", 16),
    Column("Đối tượng", "text", 24),
    Column("Muốn học, cần giúp", "text", 40),
    Column("Mã tờ khai", "text", 22),
    Column("Có mặt (ký)", "text", 18),
)

CALL_BACK_COLUMNS = (
    *COLUMNS[:-1],
    Column("Ghi tên ngày", "date", 12),
    Column("Gọi chưa gặp (lần)", "count", 10),
    Column("Kết quả", "text", 40),
)


def table(session: str, people: list[Participant]) -> Table:
    """Return the list of participants of a session."""
    rows = tuple(
        (number, one.name, one.birth_year, one.phone, one.group, one.wishes, one.receipt_no, "")
        for number, one in enumerate(people, 1)
    )
    return Table(name="Người học", title="DANH SÁCH NGƯỜI HỌC", columns=COLUMNS, rows=rows, note=session_text(session))


def call_back_table(entries: list[CallBackEntry], day: date) -> Table:
    """Return the call-back list, with an empty column for what is noted on paper."""
    rows = tuple(
        (
            number,
            one.person.name,
            one.person.birth_year,
            one.person.phone,
            one.person.group,
            one.person.wishes,
            one.person.receipt_no,
            clock.local(one.call_back.added_at).date(),
            one.call_back.tries,
            _outcome(one),
        )
        for number, one in enumerate(entries, 1)
    )
    note = f"Lập ngày {day.day}/{day.month}/{day.year}. Có tên và số điện thoại: dùng xong thì xóa tệp."
    return Table(name="Chờ gọi", title="DANH SÁCH CHỜ GỌI HỌC LỚP", columns=CALL_BACK_COLUMNS, rows=rows, note=note)


def _outcome(entry: CallBackEntry) -> str:
    if entry.call_back.outcome == "invited":
        return session_text(entry.session) if entry.session else "đã xếp buổi"
    return "không học nữa" if entry.call_back.outcome else "chờ gọi"


def pdf(context: Context, session: str, people: list[Participant], trainer: str, trail: str) -> bytes:
    """Return a slip for each participant, an A5 page each, to be signed by hand."""
    from printers.render.pdf import render_sheet  # imports the layout, which would slow down the start

    blocks: list[Block] = []
    for one in people:
        blocks += [*([PageBreak()] if blocks else []), *_slip(context, session, one, trainer)]
    return render_sheet(
        Sheet(
            tuple(blocks),
            title="Giấy xác nhận đã học",
            size="A5",
            foot=f"Giấy riêng của lớp. Lập lúc {letterhead.format_moment(context.clock.now())}.{trail}",
            practice=context.config.kiosk.practice,
        )
    )


def _slip(context: Context, session: str, one: Participant, trainer: str) -> tuple[Block, ...]:
    ward = context.config.ward
    office = context.office.short
    begin = begins_at(session)
    day = begin.date() if begin else context.clock.today()
    place_date = f"{office[:1].upper()}{office[1:]}, {long_date(day.isoformat())}"
    return (
        NationalHeader(agency=(ward.agency_committee.upper(), ward.center.removesuffix(office).strip().upper())),
        Title(("GIẤY XÁC NHẬN", "ĐÃ HỌC LỚP TẬP HUẤN")),
        _answer("Họ và tên", one.name.upper()),
        _answer("Năm sinh", one.birth_year),
        _answer("Đã học lớp", "Làm thủ tục hành chính trên máy và trên Cổng Dịch vụ công quốc gia"),
        _answer("Buổi học", session_text(session)),
        Signatures(
            None,
            Signature("NGƯỜI PHỤ TRÁCH LỚP", hint="(Ký, ghi rõ họ tên)", name=trainer),
            place_date=place_date,
            space=20,
        ),
    )


def _answer(label: str, answer: str) -> FormLine:
    return FormLine((FormText(f"{label}:"), Answer(answer)))
