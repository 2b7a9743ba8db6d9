"""Form 02: what is still missing, all of it at once, and why."""

from collections.abc import Sequence

from kiosk.dossiers.case_summary import CaseSummary
from kiosk.papers import letterhead
from kiosk.papers.forms import official
from kiosk.papers.forms.official import said
from printers.document import Block
from printers.render.pdf import render_sheet
from printers.sheet import Answer, FormLine, FormText, Sheet, Signatures, Title

TITLE = ("PHIẾU YÊU CẦU BỔ SUNG,", "HOÀN THIỆN HỒ SƠ")
BLANK = 3
"""Numbered lines to write on where nothing is named."""


def pdf(case: CaseSummary, items: Sequence[str], reason: str) -> bytes:
    """Return the paper as PDF."""
    return render_sheet(sheet(case, items, reason))


def sheet(case: CaseSummary, items: Sequence[str], reason: str) -> Sheet:
    """Return the paper; `items` are numbered as they come."""
    asked = [item for item in items if item.strip()] or [""] * BLANK
    blocks: tuple[Block, ...] = (
        official.head(case),
        Title(TITLE, qr=case.receipt_no),
        *official.numbered(case),
        *official.person(case, "Hồ sơ của"),
        said("Nội dung yêu cầu giải quyết", case.procedure),
        FormLine((FormText("Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:"),), space_above=1, keep_with_next=True),
        *(FormLine((FormText(f"{number}."), Answer(item)), keep_size=True) for number, item in enumerate(asked, 1)),
        *official.written(reason, "Lý do"),
        _help(case),
        Signatures(right=official.taker(case, "NGƯỜI HƯỚNG DẪN"), space=official.SPACE),
    )
    return official.sheet(case, blocks, "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "02")


def _help(case: CaseSummary) -> FormLine:
    """Whom to ask, as the form says it."""
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
