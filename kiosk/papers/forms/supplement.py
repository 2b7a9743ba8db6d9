"""Form 02: request for all missing papers at once, with the reason."""

from collections.abc import Sequence

from kiosk.dossiers.case_summary import CaseSummary
from kiosk.papers import letterhead
from kiosk.papers.forms import official
from kiosk.papers.forms.official import answer_line
from printers.document import Block
from printers.sheet import Answer, FormLine, FormText, Sheet, Signatures, Title

TITLE = ("PHIẾU YÊU CẦU BỔ SUNG,", "HOÀN THIỆN HỒ SƠ")
BLANK = 3
"""Numbered empty lines when no item is given."""


def sheet(case: CaseSummary, items: Sequence[str], reason: str) -> Sheet:
    """Return the paper; `items` are numbered in their order."""
    requested = [item for item in items if item.strip()] or [""] * BLANK
    blocks: tuple[Block, ...] = (
        official.head(case),
        Title(TITLE, qr=case.receipt_no),
        *official.number_line(case),
        *official.person_lines(case, "Hồ sơ của"),
        answer_line("Nội dung yêu cầu giải quyết", case.procedure),
        FormLine((FormText("Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:"),), space_above=1, keep_with_next=True),
        *(FormLine((FormText(f"{number}."), Answer(item)), keep_size=True) for number, item in enumerate(requested, 1)),
        *official.text_lines(reason, "Lý do"),
        _help(case),
        Signatures(right=official.officer_signature(case, "NGƯỜI HƯỚNG DẪN"), space=official.SPACE),
    )
    return official.sheet(case, blocks, title="Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", form_no="02")


def _help(case: CaseSummary) -> FormLine:
    """Return the line with the contact for questions."""
    return FormLine(
        (
            FormText("Trong quá trình hoàn thiện hồ sơ nếu có vướng mắc, Ông/Bà liên hệ với"),
            Answer(case.officer, grow=0, width=12 if case.officer else 40),
            FormText(", số điện thoại"),
            Answer(letterhead.hotline_number(case.config), grow=0),
            FormText("để được hướng dẫn."),
        ),
        space_above=1,
    )
