"""Common parts of the official papers: head, foot, applicant, times and signatures.

Labels are those of the forms. None of the forms has been compared with the ward's own sheets yet; the foot says so.
"""

import re
from datetime import date, datetime

from kiosk.base import clock
from kiosk.config import Config
from kiosk.dossiers.case_summary import CaseSummary
from kiosk.papers import letterhead
from kiosk.vietnam.id_card import mask_on_paper
from printers.document import Block
from printers.render.line_layout import SHEET_MEASURES, lay_line
from printers.sheet import Answer, DottedLines, FormLine, FormText, NationalHeader, Part, Sheet, Signature

NOT_COMPARED = "chưa so với bản gốc: cán bộ xem lại trước khi ký."
"""Foot of a form of the circular: honest, and says who makes it valid."""
SPACE = 24
"""Millimetres to sign in."""
SIGN_HINT = "(Ký và ghi rõ họ tên)"
_COMMITTEE = re.compile("^ủy ban nhân dân", re.IGNORECASE)
_KIND = re.compile("^(phường|xã|đặc khu) ", re.IGNORECASE)
_SHORTER = ("Phục vụ hành chính công", "PVHCC")
_A5 = SHEET_MEASURES["A5"]


def sheet(
    case: CaseSummary, blocks: tuple[Block, ...], *, title: str, form_no: str = "", notice: tuple[FormText, ...] = ()
) -> Sheet:
    """Return an official paper; `form_no` is that of the circular, or "" for a paper of the ward itself."""
    return Sheet(
        blocks,
        title=title,
        size="A5",
        foot=_foot(case, form_no),
        receipt=case.receipt_no,
        notice=notice,
        practice=case.config.kiosk.practice,
    )


def _foot(case: CaseSummary, form_no: str) -> str:
    ward = case.config.ward.name
    place = f"{ward[:1].lower()}{ward[1:]}, {letterhead.machine_name(case.config)}"
    compared = f"Mẫu {form_no} {NOT_COMPARED}" if form_no else "Giấy riêng của quầy."
    return f"Lập tại quầy {place}, {letterhead.format_moment(case.at)}. {compared}"


def head(case: CaseSummary, *, copy: str = "", numbered: bool = True) -> NationalHeader:
    """Return the national header with the agency; the number of the paper is written by hand."""
    ward = case.config.ward
    return NationalHeader(
        agency=(_COMMITTEE.sub("UBND", ward.agency_committee).upper(), letterhead.centre(case.config).upper()),
        number="Số: ………/TTPVHCC" if numbered else "",
        place_date=f"{_KIND.sub('', ward.name)}, {date_in_words(case.at)}",
        copy=copy,
    )


def centre(config: Config) -> str:
    """Return the short name of the centre: Trung tâm PVHCC phường Phú Xuân."""
    return config.ward.center.replace(*_SHORTER)


def date_in_words(at: datetime) -> str:
    """Return "ngày 25 tháng 11 năm 2026"; days under 10, January and February have a zero, as in decrees."""
    day = clock.local(at).date()
    return f"ngày {day:%d} tháng {f'{day:%m}' if day.month < 3 else day.month} năm {day.year}"


def format_day(on: date) -> str:
    """Return 25/11/2026."""
    return f"{on:%d/%m/%Y}"


def format_minute(at: datetime) -> str:
    """Return "8 giờ 52 phút, ngày 25/11/2026" in the ward's time."""
    local = clock.local(at)
    return f"{local.hour} giờ {local:%M} phút, ngày {format_day(local.date())}"


def time_line(label: str, at: datetime | None) -> FormLine:
    """Return a line with a time, or with gaps to write by hand."""
    if at:
        return answer_line(label, format_minute(at))
    gaps = (Answer("", grow=0), FormText("giờ"), Answer("", grow=0), FormText("phút, ngày"), Answer(""))
    return FormLine((FormText(f"{label}:"), *gaps))


def answer_line(label: str, answer: str) -> FormLine:
    """Return a line with a label and an answer on dots."""
    return FormLine((FormText(f"{label}:"), Answer(answer)))


def join_lines(*lines: FormLine) -> tuple[FormLine, ...]:
    """Return lines joined to one if it needs only one row, else the lines."""
    joined = FormLine(tuple(part for line in lines for part in line.parts))
    return (joined,) if len(lay_line(joined, _A5, _A5.content_width)) == 1 else lines


def text_lines(text: str, label: str = "", blank: int = 2) -> tuple[Block, ...]:
    """Return a text line by line as typed, on dots after the label; an empty text becomes `blank` dotted lines."""
    first, *rest = [line for line in text.splitlines() if line.strip()] or [""]
    if not first and not label:
        return (DottedLines(blank),)
    label_parts: tuple[Part, ...] = (FormText(f"{label}:"),) if label else ()
    more = (DottedLines(blank - 1),) if not first and blank > 1 else ()
    return (
        FormLine((*label_parts, Answer(first)), keep_size=True),
        *(FormLine((Answer(line),), keep_size=True) for line in rest),
        *more,
    )


def person_lines(case: CaseSummary, label: str = "Tiếp nhận hồ sơ của") -> tuple[FormLine, ...]:
    """Return the applicant: name and masked id number, address, phone and e-mail."""
    return (
        *join_lines(answer_line(label, case.applicant.upper()), answer_line("CCCD/MST", mask_on_paper(case.id_number))),
        answer_line("Địa chỉ", case.address),
        *join_lines(answer_line("Số điện thoại", case.phone), answer_line("Email", case.email)),
    )


def number_line(case: CaseSummary) -> tuple[FormLine, ...]:
    """Return the line with the official number, if there is one."""
    return (answer_line("Mã hồ sơ", case.official_no),) if case.official_no else ()


def paragraph(text: str, before: float = 1) -> FormLine:
    """Return a paragraph of the form."""
    return FormLine((FormText(text),), align="justify", space_above=before)


def officer_signature(case: CaseSummary, title: str = "NGƯỜI TIẾP NHẬN HỒ SƠ") -> Signature:
    """Return the place where the officer signs."""
    return Signature(title, SIGN_HINT, case.officer)


def applicant_signature() -> Signature:
    """Return the place where the applicant signs."""
    return Signature("NGƯỜI NỘP HỒ SƠ", SIGN_HINT)


def chief_signature() -> Signature:
    """Return the place where the head of the agency signs, with the seal."""
    return Signature("THỦ TRƯỞNG CƠ QUAN", "(Ký, ghi rõ họ tên, đóng dấu)")
