"""Form 01: a case is accepted, and when to come back; two copies, one to go home with and one to stay.

It exists only with the city's number: without one there is the kiosk's slip, and nothing else.
"""

from dataclasses import dataclass
from datetime import datetime

from kiosk.dossiers.case_summary import CaseSummary, ReceivedPaper
from kiosk.papers import letterhead
from kiosk.papers.forms import official
from kiosk.papers.forms.official import said
from printers.document import Block
from printers.render.page_layout import lay_sheet
from printers.render.pdf import render_sheet
from printers.sheet import Answer, Barcode, Grid, FormLine, FormText, Sheet, Signatures, Title

NAME = "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"
TITLE = ("GIẤY TIẾP NHẬN HỒ SƠ", "VÀ HẸN TRẢ KẾT QUẢ")
COPIES = ("Liên 1: giao người nộp hồ sơ", "Liên 2: lưu, chuyển kèm hồ sơ")
SPACES = (18, 14)
"""Millimetres to sign in: this form is full, so less than on others, and the least where that saves a page."""
LONGEST_IN_BARS = 32
"""Signs of a number whose bars a reader at the counter can still tell apart on A5."""


@dataclass(frozen=True)
class Acceptance:
    """What was taken in, for how long, and when and where the result is to be had; no `due_at` leaves gaps."""

    papers: tuple[ReceivedPaper, ...]
    sets: int
    term: str
    received_at: datetime
    due_at: datetime | None
    result_at: str
    fees: str


def pdf(case: CaseSummary, accepted: Acceptance) -> bytes:
    """Return both copies as PDF; ValueError while the case has no official number."""
    return render_sheet(*sheets(case, accepted))


def sheets(case: CaseSummary, accepted: Acceptance) -> tuple[Sheet, Sheet]:
    """Return both copies; the room to sign is smaller where that keeps each on fewer pages."""
    if not case.official_no:
        raise ValueError("form 01 needs the official number of the case")
    space, least = SPACES
    pages = len(lay_sheet(_sheet(case, accepted, COPIES[0], space)))
    if pages > 1 and len(lay_sheet(_sheet(case, accepted, COPIES[0], least))) < pages:
        space = least
    first, second = (_sheet(case, accepted, copy, space) for copy in COPIES)
    return first, second


def _sheet(case: CaseSummary, accepted: Acceptance, copy: str, space: float) -> Sheet:
    return official.sheet(case, _blocks(case, accepted, copy, space), NAME, "01", _notice(case))


def _blocks(case: CaseSummary, accepted: Acceptance, copy: str, space: float) -> tuple[Block, ...]:
    return (
        official.head(case, copy=copy),
        *_top(case),
        said("Bộ phận tiếp nhận và trả kết quả", official.centre(case.config)),
        *official.person(case),
        said("Nội dung yêu cầu giải quyết", case.procedure),
        FormLine((FormText("1. Thành phần hồ sơ, yêu cầu và số lượng mỗi loại giấy tờ gồm:"),), space_above=0.6, keep_with_next=True),
        _papers(accepted.papers),
        FormLine((FormText("2. Số lượng hồ sơ:"), Answer(f"{accepted.sets:02}", grow=0, align="centre"), FormText("(bộ)"))),
        said("3. Thời gian giải quyết hồ sơ theo quy định là", accepted.term),
        official.when("4. Thời gian nhận hồ sơ", accepted.received_at),
        official.when("5. Thời gian trả kết quả giải quyết hồ sơ", accepted.due_at),
        said("6. Đăng ký nhận kết quả tại", accepted.result_at),
        said("7. Phí, lệ phí (nếu có)", accepted.fees),
        FormLine((FormText("Vào Sổ theo dõi hồ sơ, Quyển số"), Answer(""), FormText("Số thứ tự"), Answer(""))),
        Signatures(official.giver(), official.taker(case), space=space),
    )


def _top(case: CaseSummary) -> tuple[Block, ...]:
    """The title over the bars; a number that bars cannot carry stands in words alone."""
    number = case.official_no
    if number.isascii() and number.isprintable() and len(number) <= LONGEST_IN_BARS:
        return Title(TITLE), Barcode(number, "Mã hồ sơ:", qr=case.receipt_no)
    return Title(TITLE, qr=case.receipt_no), said("Mã hồ sơ", number)


def _papers(papers: tuple[ReceivedPaper, ...]) -> Grid:
    rows = tuple(
        (str(number), one.name, f"{one.kind[:1].upper()}{one.kind[1:]}", str(one.count))
        for number, one in enumerate(papers, 1)
    )
    return Grid(
        ("STT", "Tên giấy tờ", "Loại", "Số lượng"),
        rows or (("", "", "", ""),),
        shares=(1, 8.6, 2.4, 2.1),
        aligns=("centre", "left", "centre", "centre"),
    )


def _notice(case: CaseSummary) -> tuple[FormText, ...]:
    return (
        FormText("Chú ý:", bold=True),
        FormText(" Đến nhận xin mang giấy này, căn cước, lệ phí chưa nộp; nhận thay phải có giấy ủy quyền. Tổng đài "),
        FormText(letterhead.hotline_number(case.config), bold=True),
        FormText(". Xem đã làm đến đâu tại kiosk bằng mã QR và 4 số cuối căn cước."),
    )
