"""Form 05: a case is no longer worked on, because its owner asked or for another reason, and what is given back."""

from dataclasses import dataclass
from datetime import date

from kiosk.dossiers.case_summary import CaseSummary
from kiosk.papers.forms import official
from kiosk.papers.forms.official import said
from printers.document import Block
from printers.render.pdf import render_sheet
from printers.sheet import Sheet, Signatures, Title

TITLE = ("THÔNG BÁO", "DỪNG GIẢI QUYẾT HỒ SƠ")


@dataclass(frozen=True)
class Stop:
    """Why a case stops and how far it was; `asked_on` is the day on which its owner asked for it, if he did.

    Nothing in `returned` means that there is nothing to give back.
    """

    asked_on: date | None
    stage: str
    reason: str
    returned: str


def pdf(case: CaseSummary, stop: Stop) -> bytes:
    """Return the paper as PDF."""
    return render_sheet(sheet(case, stop))


def sheet(case: CaseSummary, stop: Stop) -> Sheet:
    """Return the paper."""
    asked = f"ngày {official.day(stop.asked_on)}" if stop.asked_on else "không có"
    blocks: tuple[Block, ...] = (
        official.head(case),
        Title(TITLE, qr=case.receipt_no),
        *official.person(case, "Kính gửi Ông/Bà"),
        said("Mã hồ sơ", case.official_no),
        said("Nội dung yêu cầu giải quyết", case.procedure),
        said("Đề nghị dừng của người nộp", asked),
        said("Giai đoạn đang giải quyết", stop.stage),
        official.words(f"{case.config.ward.center} thông báo dừng giải quyết hồ sơ nêu trên với lý do như sau:"),
        *official.written(stop.reason, blank=3),
        *official.written(stop.returned.strip() or "không có", "Hoàn trả giấy tờ, phí, lệ phí (nếu có)"),
        official.words("Xin thông báo cho Ông/Bà được biết."),
        Signatures(right=official.chief(), space=official.SPACE),
    )
    return official.sheet(case, blocks, "Thông báo dừng giải quyết hồ sơ", "05")
