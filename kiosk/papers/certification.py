"""Words of certification for one paper, with number, book, day and the signer's block.

One sheet for each copy, to be put on its last page. A reprint has the same number and no mark: it is the same paper.
A ward compares the words before use. Sources: copies, from memory of the annex of NĐ 23/2015/NĐ-CP; a signature, the
form of TT 01/2020/TT-BTP for a one-stop office as ketoanviethung.vn prints it (secondary; NĐ 280/2025/NĐ-CP has
replaced it by form 03, whose words were not seen), with a fingerprint from memory; a translator's signature, form 08 of
NĐ 280/2025/NĐ-CP as luatvietnam.vn prints it (secondary). The words of a transaction, and those for a person who can
neither sign nor give a fingerprint, were not found: their sheet has dotted lines to write them on.
"""

from kiosk.context import Context
from kiosk.dossiers.certified_copies import listed_papers
from kiosk.dossiers.opened import OpenedSubmission, open_submission
from kiosk.papers.register import capital
from kiosk.papers.signature_blocks import long_date
from kiosk.records import certified_copies
from kiosk.records.certified_copies import CertifiedCopy, CertifiedRegister
from printers.document import Block
from printers.sheet import DottedLines, FormLine, FormText, Sheet, Signature, Signatures, Title

SPACE = 30
"""Millimetres to sign and stamp in."""
TITLES: dict[CertifiedRegister, str] = {
    "copies": "CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH",
    "signature": "CHỨNG THỰC CHỮ KÝ",
    "translation": "CHỨNG THỰC CHỮ KÝ NGƯỜI DỊCH",
    "transaction": "CHỨNG THỰC GIAO DỊCH",
}
SIGNED = {"ky": "ký", "diem_chi": "điểm chỉ"}
"""Verb of a signature's words by the answer `cach_ky`; another answer has words that we do not know."""
DOTS = "…" * 12
"""Place for a name or number that is written by hand."""
UNDERSTOOD = "cam đoan đã hiểu, tự chịu trách nhiệm về nội dung của giấy tờ, văn bản và đã"
BEFORE = "vào giấy tờ, văn bản này trước mặt"
RECEIVES = "là người tiếp nhận hồ sơ."
"""Parts of the words of a signature, between the names."""
FOR_ANOTHER = "KT."
"""Begin of a title of who signs for somebody else: the person's own title is not known."""
OWN_WORDS = 6
"""Dotted lines for words that the ward writes itself."""


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
    number = FormLine((FormText(f"Số chứng thực: {line.number}. Quyển số: {line.book}"),), align="right", space_above=2)
    place_date = f"{office[:1].upper()}{office[1:]}, {long_date(line.day.isoformat())}"
    is_dated_above = line.register != "copies"
    return Sheet(
        (
            Title((TITLES[line.register],)),
            *_words(context, line, opened),
            number,
            Signatures(
                left=_receiving_officer() if _verb(line, opened) else None,
                right=Signature(title=line.signer_title, hint="(Ký, ghi rõ họ tên, đóng dấu)", name=line.signer),
                place_date="" if is_dated_above else place_date,
                space=SPACE,
            ),
        ),
        title=f"Lời chứng số {line.number}",
        foot=_foot(line, name),
        practice=context.config.kiosk.practice,
    )


def _verb(line: CertifiedCopy, opened: OpenedSubmission) -> str:
    """Return how the person signed, in the words of a signature; empty for other registers, and where neither is so."""
    return SIGNED.get(str(opened.answers.get("cach_ky") or ""), "") if line.register == "signature" else ""


def _words(context: Context, line: CertifiedCopy, opened: OpenedSubmission) -> list[Block]:
    """Return the words between title and number; those of copies are the title alone."""
    if line.register == "copies":
        return []
    who = f"Tôi {line.signer or DOTS}, là {_spoken_title(context, line)}"
    at = f"{capital(long_date(line.day.isoformat()))} (bằng chữ: {DOTS}…………)."
    where = f"Tại {context.office.short}."
    if line.register == "translation":
        return _lines(
            at, where, who, "CHỨNG THỰC", f"Ông/bà {DOTS} là người đã ký vào từng trang bản dịch này trước mặt tôi."
        )
    verb = _verb(line, opened)
    if not verb:
        return [*_lines(at, where, who, "CHỨNG THỰC"), DottedLines(OWN_WORDS)]
    applicant = opened.applicant
    name = str(applicant.get("fullName") or DOTS)
    number = str(applicant.get("idNumber") or DOTS)
    return _lines(
        at,
        where,
        who,
        "CHỨNG THỰC",
        f"Ông/bà {name}, giấy tờ tùy thân số {number}, {UNDERSTOOD} {verb} {BEFORE} ông/bà {DOTS} {RECEIVES}",
    )


def _lines(*texts: str) -> list[Block]:
    return [_line(text) for text in texts]


def _line(text: str) -> FormLine:
    is_title = text.isupper()
    return FormLine(
        (FormText(text, bold=is_title),), align="centre" if is_title else "left", space_above=2 if is_title else 1
    )


def _spoken_title(context: Context, line: CertifiedCopy) -> str:
    """Return the signer's title as within a sentence, with the office; dots where the line has none."""
    title = line.signer_title.splitlines()[-1].strip() if line.signer_title.strip() else ""
    return DOTS if not title or title.startswith(FOR_ANOTHER) else f"{title.capitalize()}, {context.office.short}"


def _receiving_officer() -> Signature:
    return Signature(title="NGƯỜI TIẾP NHẬN HỒ SƠ", hint="(Ký, ghi rõ họ tên)")


def _foot(line: CertifiedCopy, name: str) -> str:
    if line.register == "copies":
        return f"{name}: {line.pages} trang. Bản sao từ 2 tờ trở lên thì đóng dấu giáp lai."
    return f"{name}. Giấy từ 2 tờ trở lên thì đóng dấu giáp lai."
