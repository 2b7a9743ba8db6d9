"""Cash sheet of an officer and a day, or of one shift: every payment, the notes counted, three places to sign.

The payments are the fees of forms, and services without a form. A void payment stays on the sheet, struck through, with
its time and reason below, and is not counted. A payment of an earlier day that was given back today is counted with a
minus, and so is one of an earlier shift on the sheet of a shift. Each further page begins with the sum of the pages
before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.context import Context
from kiosk.dossiers.desk_services import register_words, service_words
from kiosk.papers import fee as slips
from kiosk.papers import letterhead
from kiosk.papers.workbook import Cell, Column, Table
from kiosk.records import fees, figures, services, staff, submissions
from kiosk.records.fees import FeeRow, PaymentMethod
from kiosk.records.figures import Shift
from kiosk.records.services import ServiceRecord
from kiosk.vietnam.calendar import number_in_words
from printers.document import Block, Gap
from printers.sheet import Answer, Columns, FormLine, FormText, Grid, Heading, NationalHeader, Sheet, Title

NOTES = (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000)
"""Values of the bank notes in dong."""
MAX_NOTES = 9999
CARRIED = "Cộng các trang trước mang sang"
HOW_PAID = (slips.METHOD_LABELS["cash"], slips.SEEN_BY_BANK, slips.SEEN_BY_OFFICER)
COLUMNS = (
    Column("STT", "count", 6),
    Column("Giờ", "hour", 8),
    Column("Mã tờ khai, số", "text", 24),
    Column("Nội dung", "text", 44),
    Column("Cách thu", "text", 28),
    Column("Số tiền (đồng)", "count", 14),
    Column("Ghi chú", "text", 34),
)


@dataclass(frozen=True)
class CashLine:
    """A payment, a void one, or one of an earlier day that was given back.

    Attributes:
        number: the form's number, or the ticket and its place in the register of services.
        counted: what the line adds to the sum.
        bank_at: when the bank's notice of the transfer was received.
    """

    at: datetime
    number: str
    title: str
    method: PaymentMethod
    amount: int
    counted: int
    note: str = ""
    bank_at: datetime | None = None

    @property
    def how(self) -> str:
        """How it was paid: in cash, or by a transfer that the bank or an officer alone has seen."""
        return slips.how_paid(self.method, self.bank_at)

    @property
    def is_void(self) -> bool:
        """Whether the payment was voided on its own day."""
        return self.counted == 0 and self.amount > 0


@dataclass(frozen=True)
class CashDay:
    """The payments of an officer on a day or in one of their shifts, and the notes that were counted."""

    day: date
    officer: str
    lines: tuple[CashLine, ...]
    notes: Mapping[int, int]
    shift: Shift | None = None
    """None: the whole day."""

    @property
    def title(self) -> str:
        """The officer, the shift and the day in words."""
        shift = f", {shift_words(self.shift)}" if self.shift else ""
        return f"Người thu {self.officer}{shift}, ngày {self.day:%d/%m/%Y}"

    def total(self, method: PaymentMethod | None = None) -> int:
        """Return the sum of a method, or of all."""
        return sum(line.counted for line in self.lines if method in {None, line.method})

    def total_of(self, how: str) -> int:
        """Return the sum of one way to pay, as `CashLine.how` names it."""
        return sum(line.counted for line in self.lines if line.how == how)

    @property
    def counted(self) -> int:
        """The sum of the notes that were counted."""
        return sum(value * number for value, number in self.notes.items())


@dataclass(frozen=True)
class _Entry:
    """A payment as a sheet counts it: taken, void (counts nothing), or given back (counts as a minus)."""

    kind: Literal["taken", "void", "returned"]
    at: datetime


def shifts_of(db: Database, day: date, officer: str) -> list[Shift]:
    """Return the shifts of an officer on a day, by time."""
    return sorted((shift for shift in figures.shifts(db, day) if shift.actor == officer), key=lambda shift: shift.since)


def shift_words(shift: Shift) -> str:
    """Return a shift in words: quầy 1, ca 07:05 đến 11:30."""
    until = f" đến {clock.local(shift.until):%H:%M}" if shift.until else ", còn mở"
    return f"quầy {shift.counter}, ca {clock.local(shift.since):%H:%M}{until}"


def load(context: Context, day: date, officer: str, notes: Mapping[int, int], shift: Shift | None = None) -> CashDay:
    """Load the payments of an officer on a day or in a shift: those of forms, and of services without a form."""
    lines = []
    with context.store.read() as db:
        name = slips.BANK_NAME if officer == fees.BANK else staff.names(db).get(officer, officer)
        shifts = figures.shifts(db, day)
        for row in _payments_of(db, day):
            for entry in _shift_entries(row, day, officer, shifts) if shift else _day_entries(row, day, officer):
                if shift is None or _contains(shift, entry.at):
                    lines.append(_line(row, day, entry=entry, title=_title_of(context, db, row)))
    lines.sort(key=lambda line: line.at)
    return CashDay(day=day, officer=name, lines=tuple(lines), notes=notes, shift=shift)


def officers(db: Database, day: date) -> set[str]:
    """Return the officers who took money or gave it back on a day."""
    return {_officer_of(row, day) for row in _payments_of(db, day)}


def count_outside(db: Database, day: date, officer: str) -> int:
    """Count what is on no sheet of a shift: taken or given back while the officer had no counter open."""
    shifts = figures.shifts(db, day)
    own = [shift for shift in shifts if shift.actor == officer]
    entries = [entry for row in _payments_of(db, day) for entry in _shift_entries(row, day, officer, shifts)]
    return sum(not any(_contains(shift, entry.at) for shift in own) for entry in entries)


def _payments_of(db: Database, day: date) -> list[FeeRow | ServiceRecord]:
    rows: list[FeeRow | ServiceRecord] = [*fees.of_day(db, day), *services.of_day(db, day)]
    return [row for row in rows if row.method]


def _officer_of(row: FeeRow | ServiceRecord, day: date) -> str:
    """Return the officer whose sheet has a row of the day: a refund is on the sheet of the officer who made it."""
    return row.actor if row.day == day else str(row.void_actor)


def _day_entries(row: FeeRow | ServiceRecord, day: date, officer: str) -> Iterator[_Entry]:
    """Yield what the sheet of a day counts of a payment."""
    if _officer_of(row, day) != officer:
        return
    if row.day != day and row.void_at:
        yield _Entry(kind="returned", at=row.void_at)
    else:
        yield _Entry(kind="void" if row.void_day == day else "taken", at=row.at)


def _shift_entries(row: FeeRow | ServiceRecord, day: date, officer: str, shifts: Sequence[Shift]) -> Iterator[_Entry]:
    """Yield what the sheets of shifts count of a payment.

    The sheet of a shift that is over was signed: a payment that is voided later stays on it, and is a minus on the
    sheet of the shift in which it is voided.
    """
    in_same_shift = row.void_day == row.day and any(
        shift.actor == row.actor and _contains(shift, row.at) and row.void_at and _contains(shift, row.void_at)
        for shift in shifts
    )
    if row.day == day and row.actor == officer:
        yield _Entry(kind="void" if in_same_shift else "taken", at=row.at)
    if row.void_at and row.void_day == day and row.void_actor == officer and not in_same_shift:
        yield _Entry(kind="returned", at=row.void_at)


def _contains(shift: Shift, at: datetime) -> bool:
    return shift.since <= at and (shift.until is None or at < shift.until)


def _number_of(row: FeeRow | ServiceRecord) -> str:
    return row.receipt_no if isinstance(row, FeeRow) else register_words(row)


def _title_of(context: Context, db: Database, row: FeeRow | ServiceRecord) -> str:
    if isinstance(row, FeeRow):
        return _fee_title(context, db, row)
    return "; ".join(map(service_words, services.lines_of(db, row.id)))


def _fee_title(context: Context, db: Database, row: FeeRow) -> str:
    case = submissions.find(db, row.submission_id)
    procedure = context.catalogue.version(case.procedure, case.version) if case else None
    listed = next((fee for fee in procedure.fees if fee.id == row.listed_fee), None) if procedure else None
    return f"{procedure.short.vi}: {listed.name.vi}" if procedure and listed else row.fee


def _line(row: FeeRow | ServiceRecord, day: date, *, entry: _Entry, title: str) -> CashLine:
    """Return the line of a payment."""
    assert row.method is not None  # noqa: S101  # nosec B101 # only payments have a line
    note = ""
    if row.void_at and row.void_day == day:
        later = " sau ca này" if entry.kind == "taken" else ""
        note = f"hủy {clock.local(row.void_at):%H:%M}{later}, {slips.VOID_REASONS.get(row.void_reason or '', '')}"
        if entry.kind == "returned":
            taken_on = f"ngày {row.day:%d/%m}" if row.day != day else f"lúc {clock.local(row.at):%H:%M}"
            note = f"trả lại khoản thu {taken_on}, {note}"
    return CashLine(
        at=entry.at,
        number=_number_of(row),
        title=title,
        method=row.method,
        amount=row.amount,
        counted={"taken": 1, "void": 0, "returned": -1}[entry.kind] * row.amount,
        note=note,
        bank_at=row.bank_at,
    )


def table(context: Context, cash: CashDay) -> Table:
    """Return the sheet with typed cells, the sums below."""
    rows: list[tuple[Cell, ...]] = [
        (number, line.at, line.number, line.title, line.how, line.counted, line.note)
        for number, line in enumerate(cash.lines, 1)
    ]
    for how in HOW_PAID:
        rows.append((None, None, "", f"Cộng {how}", "", cash.total_of(how), ""))
    rows.append((None, None, "", "Cộng", "", cash.total(), ""))
    rows.append((None, None, "", "Tiền mặt đếm được", "", cash.counted, ""))
    note = f"{cash.title}. {context.config.ward.center}."
    name = f"Thu tiền {cash.day:%d-%m-%Y}"
    return Table(name=name, title="BẢNG THU TIỀN TRONG NGÀY", columns=COLUMNS, rows=tuple(rows), note=note)


def pdf(context: Context, cash: CashDay, *, lead: str = "", trail: str = "") -> bytes:
    """Return the sheet on A4."""
    from printers.render.pdf import render_sheet  # imports the A4 layout, which would slow down the start

    return render_sheet(sheet(context, cash, lead=lead, trail=trail))


def sheet(context: Context, cash: CashDay, *, lead: str = "", trail: str = "") -> Sheet:
    """Return the sheet to print and sign."""
    from kiosk.papers.signature_blocks import long_date  # as above

    ward = context.config.ward
    office = context.office.short
    place_date = f"{office[:1].upper()}{office[1:]}, {long_date(cash.day.isoformat())}"
    agency = (ward.agency_committee.upper(), ward.center.removesuffix(office).strip().upper())
    words = number_in_words(cash.counted)
    return Sheet(
        (
            NationalHeader(agency=agency, place_date=place_date),
            Title(("BẢNG THU TIỀN TRONG NGÀY",), subtitle=cash.title),
            _payments(cash),
            FormLine((FormText(_sum_words(cash), bold=True),), space_above=1),
            Columns(_counted(cash), _by_method(cash), share=0.55),
            FormLine(
                (FormText("Tiền mặt giao, bằng chữ:"), Answer(f"{words[:1].upper()}{words[1:]} đồng")), space_above=1
            ),
            Gap(3),
            _signatures(cash, lead),
        ),
        title="Bảng thu tiền trong ngày",
        foot=f"Dòng gạch ngang là khoản đã hủy, không tính. Lập ở {letterhead.machine_name(context.config)} "
        f"lúc {letterhead.format_moment(context.clock.now())}.{trail}",
        practice=context.config.kiosk.practice,
    )


def _payments(cash: CashDay) -> Grid:
    """Return the payments; the reason of a void one is in a row of its own, because its line is struck through."""
    rows: list[tuple[str, ...]] = []
    carried: list[tuple[str, ...]] = []
    struck: list[int] = []
    total = 0
    for number, line in enumerate(cash.lines, 1):
        before = ("", "", "", CARRIED, "", _dong(total))
        carried.append(before)
        title = f"{line.title} ({line.note})" if line.note and not line.is_void else line.title
        amount = _dong(line.amount if line.is_void else line.counted)
        at = f"{clock.local(line.at):%H:%M}"
        rows.append((str(number), at, line.number, title, line.how, amount))
        if line.is_void:
            struck.append(len(rows) - 1)
            rows.append(("", "", "", f"Dòng {number}: {line.note}", "", ""))
            carried.append(before)
        total += line.counted
    return Grid(
        head=("STT", "Giờ", "Mã tờ khai, số", "Nội dung", "Cách thu", "Số tiền"),
        rows=tuple(rows) or (("", "", "", "Không thu khoản nào", "", "0"),),
        shares=(1, 1.3, 3.7, 5.2, 3.4, 2),
        aligns=("centre", "centre", "left", "left", "centre", "right"),
        size=9.5,
        struck=tuple(struck),
        carried=tuple(carried),
    )


def _sum_words(cash: CashDay) -> str:
    void = sum(1 for line in cash.lines if line.is_void)
    besides = f", không kể {void} dòng đã hủy" if void else ""
    return f"Cộng {len(cash.lines) - void} dòng{besides}: {_dong(cash.total())} đồng"


def _counted(cash: CashDay) -> tuple[Block, ...]:
    rows = [(_dong(value), str(cash.notes.get(value, "")), _amount_of(cash, value)) for value in NOTES]
    rows.append(("Cộng", "", _dong(cash.counted)))
    return (
        Heading("Tiền mặt đếm được"),
        Grid(
            head=("Mệnh giá", "Số tờ", "Thành tiền"),
            rows=tuple(rows),
            shares=(1, 0.8, 1.3),
            aligns=("right", "centre", "right"),
            size=9.5,
        ),
    )


def _amount_of(cash: CashDay, value: int) -> str:
    return _dong(value * cash.notes[value]) if cash.notes.get(value) else ""


def _by_method(cash: CashDay) -> tuple[Block, ...]:
    rows = [(how.capitalize(), _dong(cash.total_of(how))) for how in HOW_PAID]
    rows += [("Cộng", _dong(cash.total())), ("Tiền mặt thừa, thiếu", _dong(cash.counted - cash.total("cash")))]
    grid = Grid(
        head=("Theo cách thu", "Số tiền"), rows=tuple(rows), shares=(2.4, 1), aligns=("left", "right"), size=9.5
    )
    return (Heading("Theo cách thu"), grid)


def _signatures(cash: CashDay, lead: str) -> Columns:
    """Return three places to sign side by side; `Columns` has two, so that they are nested."""
    taker = _signature("NGƯỜI THU", cash.officer)
    receiver = _signature("NGƯỜI NHẬN TIỀN", "")
    head = _signature("PHỤ TRÁCH BỘ PHẬN", lead)
    return Columns(taker, (Columns(receiver, head),), share=0.31)


def _signature(title: str, name: str) -> tuple[Block, ...]:
    return (
        FormLine((FormText(title, bold=True),), align="centre"),
        FormLine((FormText("(Ký, ghi rõ họ tên)", italic=True),), align="centre"),
        Gap(18),
        FormLine((FormText(name),), align="centre"),
    )


def _dong(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
