"""Form 04: apology for a delay, its reason and a new date; the head of the agency signs."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.base import clock
from kiosk.dossiers.case_summary import CaseSummary
from kiosk.papers.forms import official
from kiosk.papers.forms.official import answer_line
from printers.document import Block
from printers.sheet import Sheet, Signatures, Title

TITLE = ("VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ", "GIA HẠN THỜI GIAN GIẢI QUYẾT")


@dataclass(frozen=True)
class Extension:
    """Time of receipt, the old and the new due time, and the reason."""

    received_at: datetime
    old_due_at: datetime
    new_due_at: datetime
    reason: str


def sheet(case: CaseSummary, extension: Extension) -> Sheet:
    """Return the paper."""
    ward = case.config.ward
    blocks: tuple[Block, ...] = (
        official.head(case),
        Title(TITLE, qr=case.receipt_no),
        *official.person_lines(case, "Kính gửi Ông/Bà"),
        official.paragraph(f"{ward.center} đã tiếp nhận hồ sơ của Ông/Bà:"),
        *official.join_lines(
            answer_line("Ngày tiếp nhận", official.format_day(clock.local(extension.received_at).date())),
            answer_line("Mã hồ sơ", case.official_no),
        ),
        answer_line("Nội dung yêu cầu giải quyết", case.procedure),
        official.time_line("Thời gian hẹn trả kết quả cũ", extension.old_due_at),
        official.paragraph(
            "Đến nay chưa trả được kết quả đúng thời hạn ghi trong Giấy tiếp nhận hồ sơ và hẹn trả kết quả."
        ),
        *official.text_lines(extension.reason, "Lý do chậm trả"),
        official.time_line("Đề nghị gia hạn, hẹn trả kết quả đến", extension.new_due_at),
        official.paragraph(
            "Sự chậm trễ này đã gây phiền hà, tốn kém chi phí, công sức của Ông/Bà. "
            f"{ward.center} xin lỗi Ông/Bà và mong nhận được sự thông cảm của Ông/Bà."
        ),
        Signatures(right=official.chief_signature(), space=official.SPACE),
    )
    title = "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết"
    return official.sheet(case, blocks, title=title, form_no="04")
