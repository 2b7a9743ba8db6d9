"""Words of the pages and papers for officers, technicians and the province: short sentences, one word for one thing."""

import re
from functools import cache

import pytest

from kiosk.config import ROOT
from kiosk.pages.officer.case.refusal_words import CLASSES, refusal_words
from tests.procedures.texts import sentences
from tests.project.staff_texts import staff_texts

SCHEMA = ROOT / "sync" / "schema.py"
LONGEST = 20  # words
NEVER = {
    "bà con": "người dân, người nộp hồ sơ",
    "mã vuông": "mã QR",
    "giấy hẹn": "Giấy tiếp nhận",
    "vào ca": "đăng nhập",
    "ra ca": "đăng xuất",
    "ấy": "đó",
    "sao y": "chứng thực bản sao",
    "hộ khẩu": "thường trú",
    "bộ phận một cửa": "Trung tâm Phục vụ hành chính công",
    "lời của cổng": "thông báo của cổng",
    "quý khách": "người dân",
    "vui lòng": "mời, xin",
    "không hợp lệ": "say what is wrong",
    "lỗi hệ thống": "say what happened",
    "công an": "Công an",
}
"""Word -> the word to use."""


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Return (file, text) of each text, read when the first test asks: every worker imports this module."""
    return tuple(staff_texts())


def forbidden_in(text: str) -> list[str]:
    # "Công an" is the name of the police: only its small letter is wrong.
    return [
        word for word in NEVER if re.search(rf"(?<!\w){word}(?!\w)", text if word == "công an" else text.casefold())
    ]


def test_no_sentence_for_staff_is_longer_than_twenty_words() -> None:
    long = [(at, one) for at, text in texts() for one in sentences(text) if len(one.split()) > LONGEST]
    assert long == []


def test_staff_read_one_word_for_one_thing() -> None:
    assert [(at, word, text) for at, text in texts() for word in forbidden_in(text)] == []


def test_all_staff_texts_are_read() -> None:
    folders = {at.rpartition("/")[0] for at, _ in texts()}
    assert {"templates/officer", "templates/technician", "kiosk/papers", "kiosk/health"} <= folders
    assert len(texts()) > 1500


@pytest.mark.parametrize("text", ["Bà con chờ ở quầy", "Mã vuông trên phiếu", "Ra ca", "Hỏi công an phường"])
def test_the_rule_finds_a_forbidden_word(text: str) -> None:
    assert forbidden_in(text)


def test_officers_read_no_code_of_a_delivery() -> None:
    classes = set(re.findall(r"'(\w+)'", " ".join(re.findall(r"last_class in \(([^)]*)\)", SCHEMA.read_text("utf-8")))))
    assert {"record", "link", "later"} <= classes
    assert classes - set(CLASSES) == set(), "give each class of a failure its words"
    for last_class in classes:
        assert refusal_words(last_class, "some-new-code") == CLASSES[last_class]
    assert refusal_words("record", "422") == "nội dung gửi, số 422"


def test_no_page_of_an_officer_writes_class_and_code_itself() -> None:
    pages = ROOT / "kiosk" / "pages" / "officer"
    assert [path.name for path in pages.glob("*.py") if "last_code}" in path.read_text("utf-8")] == []
