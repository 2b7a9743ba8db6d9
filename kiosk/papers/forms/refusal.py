"""Form 03, a refusal: a case is not accepted, and why, in words that its owner understands."""

from kiosk.dossiers.case_summary import CaseSummary
from kiosk.papers.forms import official
from kiosk.papers.forms.official import said
from printers.document import Block
from printers.render.pdf import render_sheet
from printers.sheet import Sheet, Signatures, Title

TITLE = ("PHIẾU TỪ CHỐI TIẾP NHẬN", "GIẢI QUYẾT HỒ SƠ")


def pdf(case: CaseSummary, reason: str) -> bytes:
    """Return the paper as PDF."""
    return render_sheet(sheet(case, reason))


def sheet(case: CaseSummary, reason: str) -> Sheet:
    """Return the paper."""
    blocks: tuple[Block, ...] = (
        official.head(case),
        Title(TITLE, qr=case.receipt_no),
        *official.numbered(case),
        *official.person(case),
        said("Nội dung yêu cầu giải quyết", case.procedure),
        official.words(
            f"Qua xem xét, {case.config.ward.center} thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể "
            "như sau:"
        ),
        *official.written(reason, blank=5),
        official.words("Xin thông báo cho Ông/Bà được biết và thực hiện."),
        Signatures(official.giver(), official.taker(case), space=official.SPACE),
    )
    return official.sheet(case, blocks, "Phiếu từ chối tiếp nhận giải quyết hồ sơ", "03")
