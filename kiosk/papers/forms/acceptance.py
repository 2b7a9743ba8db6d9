"""Form 01: acceptance of a case and appointment; two copies, one for the applicant and one for the ward.

Without the official number it is a provisional paper of the ward's own, with the receipt number: it says that the
official number follows, and is replaced by form 01.
"""

from dataclasses import dataclass
from datetime import datetime

from kiosk.dossiers.case_summary import CaseSummary, ReceivedPaper
from kiosk.papers import letterhead
from kiosk.papers.forms import official
from kiosk.papers.forms.official import answer_line
from printers.document import Block
from printers.render.page_layout import lay_sheet
from printers.sheet import Answer, Barcode, FormLine, FormText, Grid, Sheet, Signatures, Title

NAME = "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"
TITLE = ("GIẤY TIẾP NHẬN HỒ SƠ", "VÀ HẸN TRẢ KẾT QUẢ")
PROVISIONAL_NAME = "Giấy tiếp nhận hồ sơ tạm và hẹn trả kết quả"
PROVISIONAL_TITLE = ("GIẤY TIẾP NHẬN HỒ SƠ TẠM", "VÀ HẸN TRẢ KẾT QUẢ")
NUMBER_FOLLOWS = "sẽ báo sau"
COPIES = ("Liên 1: giao người nộp hồ sơ", "Liên 2: lưu, chuyển kèm hồ sơ")
SPACES = (18, 14)
"""Millimetres to sign in: less than on other forms, because this one is full; the smaller one if it saves a page."""
LONGEST_IN_BARS = 32
"""Letters of the longest number whose bars a scanner can read on A5."""


@dataclass(frozen=True)
class Acceptance:
    """The received papers, the term, and time and place of the result; without `due_at` its line has gaps."""

    papers: tuple[ReceivedPaper, ...]
    sets: int
    term: str
    received_at: datetime
    due_at: datetime | None
    result_at: str
    fees: str


def sheets(case: CaseSummary, accepted: Acceptance) -> tuple[Sheet, Sheet]:
    """Return both copies; the space to sign is smaller where that saves a page."""
    space, smaller = SPACES
    pages = len(lay_sheet(_sheet(case, accepted, copy=COPIES[0], space=space)))
    if pages > 1 and len(lay_sheet(_sheet(case, accepted, copy=COPIES[0], space=smaller))) < pages:
        space = smaller
    first, second = (_sheet(case, accepted, copy=copy, space=space) for copy in COPIES)
    return first, second


def _sheet(case: CaseSummary, accepted: Acceptance, *, copy: str, space: float) -> Sheet:
    blocks = _blocks(case, accepted, copy=copy, space=space)
    if not case.official_no:
        return official.sheet(case, blocks, title=PROVISIONAL_NAME, notice=_notice(case))
    return official.sheet(case, blocks, title=NAME, form_no="01", notice=_notice(case))


def _blocks(case: CaseSummary, accepted: Acceptance, *, copy: str, space: float) -> tuple[Block, ...]:
    return (
        official.head(case, copy=copy),
        *_top(case),
        answer_line("Bộ phận tiếp nhận và trả kết quả", official.centre(case.config)),
        *official.person_lines(case),
        answer_line("Nội dung yêu cầu giải quyết", case.procedure),
        FormLine(
            (FormText("1. Thành phần hồ sơ, yêu cầu và số lượng mỗi loại giấy tờ gồm:"),),
            space_above=0.6,
            keep_with_next=True,
        ),
        _papers(accepted.papers),
        FormLine(
            (FormText("2. Số lượng hồ sơ:"), Answer(f"{accepted.sets:02}", grow=0, align="centre"), FormText("(bộ)"))
        ),
        answer_line("3. Thời gian giải quyết hồ sơ theo quy định là", accepted.term),
        official.time_line("4. Thời gian nhận hồ sơ", accepted.received_at),
        official.time_line("5. Thời gian trả kết quả giải quyết hồ sơ", accepted.due_at),
        answer_line("6. Đăng ký nhận kết quả tại", accepted.result_at),
        answer_line("7. Phí, lệ phí (nếu có)", accepted.fees),
        FormLine((FormText("Vào Sổ theo dõi hồ sơ, Quyển số"), Answer(""), FormText("Số thứ tự"), Answer(""))),
        Signatures(official.applicant_signature(), official.officer_signature(case), space=space),
    )


def _top(case: CaseSummary) -> tuple[Block, ...]:
    """Return the title and the bars of the number; a number without bars is only in words."""
    number = case.official_no
    if not number:
        numbers = answer_line("Mã phiếu", case.receipt_no), answer_line("Mã hồ sơ", NUMBER_FOLLOWS)
        return Title(PROVISIONAL_TITLE, qr=case.receipt_no), *numbers
    if number.isascii() and number.isprintable() and len(number) <= LONGEST_IN_BARS:
        return Title(TITLE), Barcode(number, "Mã hồ sơ:", qr=case.receipt_no)
    return Title(TITLE, qr=case.receipt_no), answer_line("Mã hồ sơ", number)


def _papers(papers: tuple[ReceivedPaper, ...]) -> Grid:
    rows = tuple(
        (str(number), paper.name, f"{paper.kind[:1].upper()}{paper.kind[1:]}", str(paper.count))
        for number, paper in enumerate(papers, 1)
    )
    return Grid(
        head=("STT", "Tên giấy tờ", "Loại", "Số lượng"),
        rows=rows or (("", "", "", ""),),
        shares=(1, 8.6, 2.4, 2.1),
        aligns=("centre", "left", "centre", "centre"),
    )


def _notice(case: CaseSummary) -> tuple[FormText, ...]:
    replaced = "" if case.official_no else " Giấy này tạm dùng, có mã hồ sơ thì quầy in lại."
    digits = "4 số cuối của số định danh" if case.id_number else "4 số ngày, tháng sinh"
    return (
        FormText("Chú ý:", bold=True),
        FormText(" Đến nhận xin mang giấy này, căn cước, lệ phí chưa nộp; nhận thay phải có giấy ủy quyền. Tổng đài "),
        FormText(letterhead.hotline_number(case.config), bold=True),
        FormText(f". Xem đã làm đến đâu tại kiosk bằng mã QR và {digits}.{replaced}"),
    )
