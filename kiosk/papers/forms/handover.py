"""Handover sheet: the receiver of a result signs for it. No circular has this form."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.dossiers.case_summary import CaseSummary
from kiosk.papers.forms import official
from kiosk.papers.forms.official import answer_line
from printers.document import Block
from printers.sheet import Sheet, Signature, Signatures, Title

TITLE = ("PHIẾU GIAO NHẬN KẾT QUẢ", "GIẢI QUYẾT HỒ SƠ")


@dataclass(frozen=True)
class Handover:
    """The result, its receiver, and the receiver's relation to the applicant ("chính chủ", "con")."""

    what: str
    taken_by: str
    relation: str
    at: datetime


def sheet(case: CaseSummary, handover: Handover) -> Sheet:
    """Return the paper."""
    blocks: tuple[Block, ...] = (
        official.head(case, numbered=False),
        Title(TITLE, qr=case.receipt_no),
        *official.number_line(case),
        *official.person_lines(case, "Hồ sơ của"),
        answer_line("Nội dung yêu cầu giải quyết", case.procedure),
        *official.text_lines(handover.what, "Kết quả đã giao"),
        answer_line("Người nhận kết quả", handover.taken_by.upper()),
        answer_line("Quan hệ với người nộp hồ sơ", handover.relation),
        official.time_line("Thời gian giao nhận", handover.at),
        official.paragraph("Người nhận đã xem lại, nhận đúng và đủ kết quả ghi trên."),
        Signatures(
            Signature("NGƯỜI NHẬN KẾT QUẢ", hint=official.SIGN_HINT, name=handover.taken_by),
            official.officer_signature(case, "NGƯỜI TRẢ KẾT QUẢ"),
            space=official.SPACE,
        ),
    )
    return official.sheet(case, blocks, title="Phiếu giao nhận kết quả giải quyết hồ sơ")
