"""Form 05: a case is stopped, at the request of the applicant or for another reason; papers are given back."""

from dataclasses import dataclass
from datetime import date

from kiosk.dossiers.case_summary import CaseSummary
from kiosk.papers.forms import official
from kiosk.papers.forms.official import answer_line
from printers.document import Block
from printers.sheet import Sheet, Signatures, Title

TITLE = ("THÔNG BÁO", "DỪNG GIẢI QUYẾT HỒ SƠ")


@dataclass(frozen=True)
class Stop:
    """Reason and stage of a stop; `asked_on` is the day of the applicant's request, if there was one.

    An empty `returned` means that there is nothing to give back.
    """

    asked_on: date | None
    stage: str
    reason: str
    returned: str


def sheet(case: CaseSummary, stop: Stop) -> Sheet:
    """Return the paper."""
    request = f"ngày {official.format_day(stop.asked_on)}" if stop.asked_on else "không có"
    blocks: tuple[Block, ...] = (
        official.head(case),
        Title(TITLE, qr=case.receipt_no),
        *official.person_lines(case, "Kính gửi Ông/Bà"),
        answer_line("Mã hồ sơ", case.official_no),
        answer_line("Nội dung yêu cầu giải quyết", case.procedure),
        answer_line("Đề nghị dừng của người nộp", request),
        answer_line("Giai đoạn đang giải quyết", stop.stage),
        official.paragraph(f"{case.config.ward.center} thông báo dừng giải quyết hồ sơ nêu trên với lý do như sau:"),
        *official.text_lines(stop.reason, blank=3),
        *official.text_lines(stop.returned.strip() or "không có", "Hoàn trả giấy tờ, phí, lệ phí (nếu có)"),
        official.paragraph("Xin thông báo cho Ông/Bà được biết."),
        Signatures(right=official.chief_signature(), space=official.SPACE),
    )
    return official.sheet(case, blocks, title="Thông báo dừng giải quyết hồ sơ", form_no="05")
