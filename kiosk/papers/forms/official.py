"""What all official papers of the desk share: head, foot, who it is about, times, and where one signs.

Labels are those of the forms. None of the forms was compared with the ward's own sheets yet; the foot says so.
"""

import re
from datetime import date, datetime

from kiosk import clock
from kiosk.config import Config
from kiosk.dossiers.case_summary import CaseSummary
from kiosk.papers import letterhead
from kiosk.vietnam.id_card import mask
from printers.document import Block
from printers.render.line_layout import SHEET_MEASURES, lay_line
from printers.sheet import Answer, DottedLines, FormLine, NationalHeader, Part, FormText, Sheet, Signature

SPACE = 24
"""Millimetres left for the hand."""
SIGN = "(Ký và ghi rõ họ tên)"
_COMMITTEE = re.compile("^ủy ban nhân dân", re.IGNORECASE)
_KIND = re.compile("^(phường|xã|đặc khu) ", re.IGNORECASE)
_SHORTER = ("Phục vụ hành chính công", "PVHCC")
_A5 = SHEET_MEASURES["A5"]


def sheet(
    case: CaseSummary, blocks: tuple[Block, ...], title: str, form_no: str = "", notice: tuple[FormText, ...] = ()
) -> Sheet:
    """Return a paper of the desk; `form_no` of the circular, or "" for one that is the ward's own."""
    return Sheet(
        blocks,
        title,
        size="A5",
        foot=_foot(case, form_no),
        receipt=case.receipt_no,
        notice=notice,
        practice=case.config.kiosk.practice,
    )


def _foot(case: CaseSummary, form_no: str) -> str:
    ward = case.config.ward.name
    where = f"{ward[:1].lower()}{ward[1:]}, {letterhead.machine(case.config)}"
    compared = f"Mẫu {form_no} CHƯA ĐỐI CHIẾU." if form_no else "Giấy riêng của quầy."
    return f"Lập tại quầy {where}, {letterhead.moment(case.at)}. {compared}"


def head(case: CaseSummary, *, copy: str = "", numbered: bool = True) -> NationalHeader:
    """Return agency and state; the number in the book is written by hand, and `copy` says which copy this is."""
    ward = case.config.ward
    return NationalHeader(
        agency=(_COMMITTEE.sub("UBND", ward.agency_committee).upper(), letterhead.centre(case.config).upper()),
        number="Số: ………/TTPVHCC" if numbered else "",
        place_date=f"{_KIND.sub('', ward.name)}, {in_words(case.at)}",
        copy=copy,
    )


def centre(config: Config) -> str:
    """Return Trung tâm PVHCC phường Phú Xuân: short, as people call it, to stand in one line."""
    return config.ward.center.replace(*_SHORTER)


def in_words(at: datetime) -> str:
    """Return "ngày 25 tháng 11 năm 2026"; days under 10 and January and February with a nought, as decrees write."""
    day = clock.local(at).date()
    return f"ngày {day:%d} tháng {f'{day:%m}' if day.month < 3 else day.month} năm {day.year}"


def day(on: date) -> str:
    """Return 25/11/2026."""
    return f"{on:%d/%m/%Y}"


def minute(at: datetime) -> str:
    """Return "8 giờ 52 phút, ngày 25/11/2026" in the ward's time."""
    local = clock.local(at)
    return f"{local.hour} giờ {local:%M} phút, ngày {day(local.date())}"


def when(label: str, at: datetime | None) -> FormLine:
    """Return a line with a time, or with gaps for the hand."""
    if at:
        return said(label, minute(at))
    gaps = (Answer("", grow=0), FormText("giờ"), Answer("", grow=0), FormText("phút, ngày"), Answer(""))
    return FormLine((FormText(f"{label}:"), *gaps))


def said(label: str, answer: str) -> FormLine:
    """Return a line of the form: its words and the answer on dots."""
    return FormLine((FormText(f"{label}:"), Answer(answer)))


def together(*lines: FormLine) -> tuple[FormLine, ...]:
    """Return lines as one where they fit in a row, as they are where they do not."""
    joined = FormLine(tuple(part for line in lines for part in line.parts))
    return (joined,) if len(lay_line(joined, _A5, _A5.content_width)) == 1 else lines


def written(text: str, label: str = "", blank: int = 2) -> tuple[Block, ...]:
    """Return words of many lines as they were typed, on dots after the label; empty, so many dotted lines."""
    first, *rest = [line for line in text.splitlines() if line.strip()] or [""]
    if not first and not label:
        return (DottedLines(blank),)
    lead: tuple[Part, ...] = (FormText(f"{label}:"),) if label else ()
    more = (DottedLines(blank - 1),) if not first and blank > 1 else ()
    return (FormLine((*lead, Answer(first)), keep_size=True), *(FormLine((Answer(line),), keep_size=True) for line in rest), *more)


def person(case: CaseSummary, label: str = "Tiếp nhận hồ sơ của") -> tuple[FormLine, ...]:
    """Return whose case it is: name and masked number, address, telephone and e-mail."""
    return (
        *together(said(label, case.applicant.upper()), said("CCCD/MST", mask(case.id_number))),
        said("Địa chỉ", case.address),
        *together(said("Số điện thoại", case.phone), said("Email", case.email)),
    )


def numbered(case: CaseSummary) -> tuple[FormLine, ...]:
    """Return the line with the city's number, if there is one yet."""
    return (said("Mã hồ sơ", case.official_no),) if case.official_no else ()


def words(text: str, before: float = 1) -> FormLine:
    """Return running words of the form."""
    return FormLine((FormText(text),), align="justify", space_above=before)


def taker(case: CaseSummary, title: str = "NGƯỜI TIẾP NHẬN HỒ SƠ") -> Signature:
    """Return where the officer signs."""
    return Signature(title, SIGN, case.officer)


def giver() -> Signature:
    """Return where the one who hands in signs."""
    return Signature("NGƯỜI NỘP HỒ SƠ", SIGN)


def chief() -> Signature:
    """Return where the head of the agency signs, with the seal."""
    return Signature("THỦ TRƯỞNG CƠ QUAN", "(Ký, ghi rõ họ tên, đóng dấu)")
