"""The sheet on which somebody signs for a result: what it was, who took it, and when. No circular has this form."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.dossiers.case_summary import CaseSummary
from kiosk.papers.forms import official
from kiosk.papers.forms.official import said
from printers.document import Block
from printers.render.pdf import render_sheet
from printers.sheet import Sheet, Signature, Signatures, Title

TITLE = ("PHIẾU GIAO NHẬN KẾT QUẢ", "GIẢI QUYẾT HỒ SƠ")


@dataclass(frozen=True)
class Handover:
    """What was handed out, to whom, and what he is to the one whose case it was ("chính chủ", "con")."""

    what: str
    taken_by: str
    relation: str
    at: datetime


def pdf(case: CaseSummary, handover: Handover) -> bytes:
    """Return the paper as PDF."""
    return render_sheet(sheet(case, handover))


def sheet(case: CaseSummary, handover: Handover) -> Sheet:
    """Return the paper."""
    blocks: tuple[Block, ...] = (
        official.head(case, numbered=False),
        Title(TITLE, qr=case.receipt_no),
        *official.numbered(case),
        *official.person(case, "Hồ sơ của"),
        said("Nội dung yêu cầu giải quyết", case.procedure),
        *official.written(handover.what, "Kết quả đã giao"),
        said("Người nhận kết quả", handover.taken_by.upper()),
        said("Quan hệ với người nộp hồ sơ", handover.relation),
        official.when("Thời gian giao nhận", handover.at),
        official.words("Người nhận đã xem lại, nhận đúng và đủ kết quả ghi trên."),
        Signatures(
            Signature("NGƯỜI NHẬN KẾT QUẢ", official.SIGN, handover.taken_by),
            official.taker(case, "NGƯỜI TRẢ KẾT QUẢ"),
            space=official.SPACE,
        ),
    )
    return official.sheet(case, blocks, "Phiếu giao nhận kết quả giải quyết hồ sơ")
