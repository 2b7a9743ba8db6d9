"""Words of certification for the copies of one original, with number, book, day and the signer's block.

One sheet for each copy, to be put on its last page. A reprint has the same number and no mark: it is the same paper.
The words are from memory of the annex of NĐ 23/2015/NĐ-CP; a ward compares them before use.
"""

from kiosk.context import Context
from kiosk.dossiers.certified_copies import listed_papers
from kiosk.dossiers.opened import open_submission
from kiosk.papers.signature_blocks import long_date
from kiosk.records import certified_copies
from printers.sheet import FormLine, FormText, Sheet, Signature, Signatures, Title

SPACE = 30
"""Millimetres to sign and stamp in."""


def certification(context: Context, line_id: str) -> Sheet | None:
    """Return the sheet of one copy; None where the number is cancelled or the form was wiped."""
    with context.store.read() as db:
        line = certified_copies.find(db, line_id)
    opened = open_submission(context, line.submission_id) if line and line.cancelled_at is None else None
    if line is None or opened is None:
        return None
    papers = {paper.place: paper for paper in listed_papers(opened)}
    name = papers[line.place].name if line.place in papers else ""
    office = context.office.short
    return Sheet(
        (
            Title(("CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH",)),
            FormLine((FormText(f"Số chứng thực: {line.number}. Quyển số: {line.book}"),), align="right"),
            Signatures(
                right=Signature(title=line.signer_title, hint="(Ký, ghi rõ họ tên, đóng dấu)", name=line.signer),
                place_date=f"{office[:1].upper()}{office[1:]}, {long_date(line.day.isoformat())}",
                space=SPACE,
            ),
        ),
        title=f"Lời chứng số {line.number}",
        foot=f"{name}: {line.pages} trang. Bản sao từ 2 tờ trở lên thì đóng dấu giáp lai.",
        practice=context.config.kiosk.practice,
    )
