"""Declarations of deaths and corrections line by line, and what the other civil-status forms have in public copies.

`official_lines/CODE.txt` has the lines of the form as public copies have them, in their order.
"""

import re
from itertools import chain
from pathlib import Path

import pytest

from kiosk.procedures.conditions import holds
from kiosk.procedures.model import DeclarationLine, Procedure
from tests.procedures.texts import DAY, procedure

FOLDER = Path(__file__).parent / "official_lines"
SITUATIONS = {"1.000656": {}, "1.004859": {"loai_yeu_cau": "sai", "cach_ky": "ky"}}
"""Answers with which every line of the form is printed once."""
BOLD = "(in đậm) "
NOT_ON_THE_FORM = "(Phần phường thêm, ngoài mẫu."


def official(code: str) -> list[str]:
    return [_plain(line) for line in (FOLDER / f"{code}.txt").read_text("utf-8").splitlines()]


def printed(form: Procedure) -> list[str]:
    """Return what a procedure prints, in its order: title, lines, place and date, signatures."""
    layout = form.declaration
    assert layout is not None
    lines = [line for line in layout.lines if holds(line.when, SITUATIONS[form.code], DAY)]
    last = max(at for at, line in enumerate(lines) if line.oath or line.above_signature) + 1
    signed = [sign for sign in layout.signatures if holds(sign.when, SITUATIONS[form.code], DAY)]
    return [
        layout.title,
        *_texts(form, lines[:last]),
        _plain(layout.place_and_date.replace("{lam_ngay}", "… tháng … năm ……")),
        *_texts(form, lines[last:]),
        *chain.from_iterable((sign.title, sign.note) for sign in signed),
    ]


def _texts(form: Procedure, lines: list[DeclarationLine]) -> list[str]:
    """Return the texts of lines; the rows of a list are the answer to the line before it."""
    return [_plain((BOLD if line.bold else "") + _gaps(form, line.text)) for line in lines if not line.each]


def _gaps(form: Procedure, text: str) -> str:
    """Return a line with the gaps of the form in place of its keys."""
    text = text.replace("Có / Không {de_nghi_cap_ban_sao}", "Có □ Không □")
    for item in form.fields:
        if item.kind == "time":
            text = text.replace(f"{{{item.key}}}", "… giờ … phút")
    return text


def _plain(text: str) -> str:
    """Return a line with one kind of dots, and without the dots at its end."""
    dotted = re.sub(r"\{[\w.]+\}|…+", "…", text)
    return re.sub(r"\s+", " ", dotted).strip().removesuffix("…").rstrip()


@pytest.mark.parametrize("code", SITUATIONS)
def test_lines_are_those_of_the_form(code: str) -> None:
    assert printed(procedure(code)) == official(code)


def test_a_line_of_another_order_is_noticed() -> None:
    lines = printed(procedure("1.000656"))
    assert [*lines[1:2], *lines[:1], *lines[2:]] != official("1.000656")


def test_consent_blocks_of_a_correction_are_the_wards_own() -> None:
    layout = procedure("1.004859").declaration
    assert layout is not None
    consents = [sign for sign in layout.signatures if sign.title.startswith("Ý kiến")]
    assert len(consents) == 2
    assert all(sign.note.startswith(NOT_ON_THE_FORM) for sign in consents)


CONFIRMED = {
    "2.000635": (
        "Quan hệ với người được cấp bản sao Trích lục hộ tịch",
        "Đề nghị cơ quan cấp bản sao trích lục (4) … cho người có tên dưới đây:",
        "Đã đăng ký tại: (5) … ngày … tháng … năm … Số: … Quyển số:",
        "Số lượng bản sao yêu cầu cấp: (6) … bản",
    ),
    "1.004873": (
        "Quan hệ với người được cấp Giấy xác nhận tình trạng hôn nhân:",
        "Tình trạng hôn nhân: (4)",
        "Mục đích sử dụng Giấy xác nhận tình trạng hôn nhân: (5)",
    ),
}
"""Lines that public copies confirm on forms whose whole text nobody has seen."""


@pytest.mark.parametrize("code", CONFIRMED)
def test_confirmed_lines_are_printed_in_their_words(code: str) -> None:
    layout = procedure(code).declaration
    assert layout is not None
    texts = [_plain(line.text) for line in layout.lines]
    assert [line for line in CONFIRMED[code] if not any(text.startswith(line) for text in texts)] == []
