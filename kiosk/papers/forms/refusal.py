"""Form 03: refusal of a case with its reason."""

from kiosk.dossiers.case_summary import CaseSummary
from kiosk.papers.forms import official
from kiosk.papers.forms.official import answer_line
from printers.document import Block
from printers.sheet import Sheet, Signatures, Title

TITLE = ("PHIẾU TỪ CHỐI TIẾP NHẬN", "GIẢI QUYẾT HỒ SƠ")


def sheet(case: CaseSummary, reason: str) -> Sheet:
    """Return the paper."""
    blocks: tuple[Block, ...] = (
        official.head(case),
        Title(TITLE, qr=case.receipt_no),
        *official.number_line(case),
        *official.person_lines(case),
        answer_line("Nội dung yêu cầu giải quyết", case.procedure),
        official.paragraph(
            f"Qua xem xét, {case.config.ward.center} thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể "
            "như sau:"
        ),
        *official.text_lines(reason, blank=5),
        official.paragraph("Xin thông báo cho Ông/Bà được biết và thực hiện."),
        Signatures(official.applicant_signature(), official.officer_signature(case), space=official.SPACE),
    )
    return official.sheet(case, blocks, title="Phiếu từ chối tiếp nhận giải quyết hồ sơ", form_no="03")
