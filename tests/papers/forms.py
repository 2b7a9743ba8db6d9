"""Made-up answers of people who submit a form, and a reader of printed words."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2

from kiosk.dossiers.filing import FilingResult
from kiosk.procedures.loader import read_catalogue
from kiosk.procedures.model import Procedure
from tests.papers import made_up
from tests.papers.made_up import card

BIRTH = "1.001193"
COPY = "2.000635"
STAY = "1.004194"
FORMS = (BIRTH, COPY, STAY)
DAY = date(2026, 11, 24)
DECLARED = tuple(procedure.code for procedure in read_catalogue().all(DAY) if procedure.declaration)

EXPECTED = Path(__file__).parents[1] / "procedures" / "expected"
HandIn = Callable[..., FilingResult]

HOME = {"provinceCode": "46", "wardCode": "19753", "detail": "Tổ 5"}
HOSPITAL = {"provinceCode": "46", "wardCode": "19774", "detail": "Bệnh viện Trung ương Huế"}


ANSWERS: dict[str, dict[str, Any]] = {
    BIRTH: {
        "cha_me": "da_ket_hon",
        "noi_de": "co_so_y_te",
        "nyc_ho_ten": "Nguyễn Thị Diệu Hiền",
        "nyc_ngay_sinh": "1996-03-12",
        "nyc_giay_to_tuy_than": card("046196000123"),
        "nyc_noi_cu_tru": HOME,
        "nyc_quan_he": "me",
        "con_ho_ten": "Trần Nguyễn Bảo Ngọc",
        "con_ngay_sinh": "2026-11-12",
        "con_noi_sinh": HOSPITAL,
        "con_gioi_tinh": "nu",
        "con_que_quan": HOME | {"detail": ""},
        "cha_ho_ten": "Trần Văn Phước",
        "cha_ngay_sinh": "1993-09-02",
        "cha_giay_to_tuy_than": card("046093000456"),
        "cha_noi_cu_tru": HOME,
        "gcnkh_so": "42/2024",
        "gcnkh_quyen": "01/2024",
        "gcnkh_ngay": "2024-03-18",
        "gcnkh_tai": "Ủy ban nhân dân phường Phú Xuân",
        "de_nghi_cap_ban_sao": True,
        "so_luong_ban_sao": 2,
    },
    COPY: {
        "nyc_ho_ten": "Lê Văn An",
        "nyc_giay_to_tuy_than": card("046085000789"),
        "nyc_quan_he": "con",
        "nd_ho_ten": "Hồ Thị Kăn Nữ",
        "so_luong": 3,
    },
    STAY: {
        "o_dau": "nguoi_than",
        "ho_ten": "Phan Thị Minh Châu",
        "ngay_sinh": "2010-01-09",
        "gioi_tinh": "nu",
        "so_dinh_danh": "046310000321",
        "chu_ho_ten": "Hoàng Trọng Nghĩa",
        "chu_ho_so_dinh_danh": "046070000654",
        "quan_he_chu_ho": "o_nho",
        "dien_thoai": "0905000123",
        "email": "chau.mau@example.vn",
        "noi_dung_de_nghi": {"dia_chi": HOME, "tu_ngay": "2026-12-01", "den_ngay": "2027-11-30"},
        "thanh_vien": [
            {
                "ho_ten": "Phan Văn Bách",
                "ngay_sinh": "1984-07-22",
                "gioi_tinh": "nam",
                "so_dinh_danh": "046084000987",
                "quan_he": "o_nho",
            }
        ],
    },
    "1.004859": {
        "nd_ho_ten": "Trần Văn Phước",
        "noi_dung": [
            {"muc": "nam_sinh", "tu": "1959", "thanh": "1958"},
            {"muc": "chu_dem", "tu": "Văng", "thanh": "Văn"},
        ],
    },
    "1.001612": {"ten_nuoc_ngoai": "O Lanh Beef Noodle", "ten_viet_tat": "BBOL"},
}
"""Answers by procedure; the other answers and procedures are those of `made_up`."""


def made_up_answers(procedure: Procedure) -> dict[str, Any]:
    """Return made-up answers to all fields of a procedure."""
    return made_up.typical(procedure) | ANSWERS.get(procedure.code, {})


def in_gaps(procedure: Procedure, key: str, words: str) -> str:
    """Return a date as its line prints it: "16 tháng 11 năm 2026" where the form has three gaps, else the words."""
    lines = procedure.declaration.lines if procedure.declaration else ()
    if not words or not any(line.text.count(f"{{{key}}}") == 3 for line in lines):
        return words
    day, month, year = ["", "", *words.split("/")][-3:]
    return f"{day} tháng {month} năm {year}"


@cache
def unprinted_keys(code: str) -> frozenset[str]:
    """Return the fields of a procedure that its form does not have."""
    expected = json.loads((EXPECTED / f"{code}.json").read_text("utf-8"))
    return frozenset(field["key"] for field in expected["fields"] if not field.get("printed", True))


def left_out_keys(code: str, answers: Mapping[str, Any]) -> frozenset[str]:
    """Return the fields that the form prints only with certain answers, which these are not."""
    expected = json.loads((EXPECTED / f"{code}.json").read_text("utf-8"))
    conditions = {field["key"]: field["printed_when"] for field in expected["fields"] if "printed_when" in field}
    return frozenset(
        key for key, wanted in conditions.items() if any(answers.get(name) != value for name, value in wanted.items())
    )


def words_of_pdf(document: bytes) -> str:
    """Return all words of a PDF in reading order, one space between them."""
    pdf = pypdfium2.PdfDocument(document)
    try:
        return re.sub(r"\s+", " ", " ".join(page.get_textpage().get_text_bounded() for page in pdf))
    finally:
        pdf.close()
