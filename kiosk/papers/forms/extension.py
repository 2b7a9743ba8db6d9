"""Form 04: the ward is late, says why, begs pardon and names another day; the head of the agency signs."""

from dataclasses import dataclass
from datetime import datetime

from kiosk import clock
from kiosk.dossiers.case_summary import CaseSummary
from kiosk.papers.forms import official
from kiosk.papers.forms.official import said
from printers.document import Block
from printers.render.pdf import render_sheet
from printers.sheet import Sheet, Signatures, Title

TITLE = ("VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ", "GIA HẠN THỜI GIAN GIẢI QUYẾT")


@dataclass(frozen=True)
class Extension:
    """When the case came, when its result was promised, when it is promised now, and why."""

    received_at: datetime
    old_due_at: datetime
    new_due_at: datetime
    reason: str


def pdf(case: CaseSummary, extension: Extension) -> bytes:
    """Return the paper as PDF."""
    return render_sheet(sheet(case, extension))


def sheet(case: CaseSummary, extension: Extension) -> Sheet:
    """Return the paper."""
    ward = case.config.ward
    blocks: tuple[Block, ...] = (
        official.head(case),
        Title(TITLE, qr=case.receipt_no),
        *official.person(case, "Kính gửi Ông/Bà"),
        official.words(f"{ward.center} đã tiếp nhận hồ sơ của Ông/Bà:"),
        *official.together(
            said("Ngày tiếp nhận", official.day(clock.local(extension.received_at).date())),
            said("Mã hồ sơ", case.official_no),
        ),
        said("Nội dung yêu cầu giải quyết", case.procedure),
        official.when("Thời gian hẹn trả kết quả cũ", extension.old_due_at),
        official.words(
            "Đến nay chưa trả được kết quả đúng thời hạn ghi trong Giấy tiếp nhận hồ sơ và hẹn trả kết quả."
        ),
        *official.written(extension.reason, "Lý do chậm trả"),
        official.when("Đề nghị gia hạn, hẹn trả kết quả đến", extension.new_due_at),
        official.words(
            "Sự chậm trễ này đã gây phiền hà, tốn kém chi phí, công sức của Ông/Bà. "
            f"{ward.center} xin lỗi Ông/Bà và mong nhận được sự thông cảm của Ông/Bà."
        ),
        Signatures(right=official.chief(), space=official.SPACE),
    )
    return official.sheet(case, blocks, "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết", "04")
