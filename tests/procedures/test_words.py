import re
from dataclasses import replace

import pytest

from kiosk.procedures import finding
from kiosk.procedures.faults import WORDS
from kiosk.procedures.kinds.choices import SEXES, YES_NO
from kiosk.procedures.kinds.documents import SORTS
from kiosk.procedures.model import Words
from tests.procedures.texts import CODES, procedure, sentences, texts

LONGEST = 20
SHELF = [(f"{code} {where}", words) for code in CODES for where, words in texts(procedure(code))]
HOUSE = [
    *((f"fault {name}", words) for name, words in WORDS.items()),
    *texts((*SEXES, *YES_NO, *SORTS), "kinds"),
    *texts(tuple(finding.events(replace(procedure(CODES[0]), event=name) for name in finding.known_events())), "event"),
]
EVERY = [pytest.param(where, words, id=where) for where, words in (*SHELF, *HOUSE)]
NEVER = ("bạn", "quý khách", "vui lòng", "không hợp lệ", "lỗi", "thành công", "hệ thống", "kiosk", "UBND", "CCCD")
SAME = re.compile(r"examples?$")
"""Examples are names and numbers: the same in both languages."""


@pytest.mark.parametrize(("where", "words"), EVERY)
def test_no_sentence_is_longer_than_a_breath(where: str, words: Words) -> None:
    for text in (words.vi, words.en):
        assert [one for one in sentences(text) if len(one.split()) > LONGEST] == []


@pytest.mark.parametrize(("where", "words"), EVERY)
def test_vietnamese_and_english_are_both_there(where: str, words: Words) -> None:
    assert words.vi.strip()
    assert words.en.strip()
    assert words.vi != words.en or SAME.search(where)


@pytest.mark.parametrize(("where", "words"), EVERY)
def test_the_voice_is_an_officers(where: str, words: Words) -> None:
    said = words.vi.casefold()
    assert [word for word in NEVER if re.search(rf"(?<!\w){word.casefold()}(?!\w)", said)] == []
    assert "!" not in words.vi + words.en


@pytest.mark.parametrize(("where", "words"), EVERY)
def test_english_is_not_left_in_vietnamese(where: str, words: Words) -> None:
    """Vietnamese letters stand in English only within quotation marks, in names and in examples."""
    if SAME.search(where):
        return
    plain = re.sub(r"“[^”]*”|A Lưới|\d+/\d+ Đặng Văn Ngữ, phường An Cựu, thành phố Huế", "", words.en)
    assert re.search("[ăâđêôơưĂÂĐÊÔƠƯạ-ỹẠ-Ỹ]", plain) is None


@pytest.mark.parametrize(("where", "words"), SHELF)
def test_figures_are_the_same_in_both_languages(where: str, words: Words) -> None:
    def figures(text: str) -> set[str]:
        return {number.replace(".", "").replace(",", "") for number in re.findall(r"\d[\d.,/]*\d|\d", text)}

    clock = {"15", "3"}  # 15 giờ, 3 pm
    assert figures(words.vi) ^ figures(words.en) <= clock


def test_placeholders_of_faults_are_the_same_in_both_languages() -> None:
    for words in WORDS.values():
        assert set(re.findall(r"\{\w+\}", words.vi)) >= set(re.findall(r"\{\w+\}", words.en))


def test_sentences_are_split_where_they_end() -> None:
    assert sentences("Từ 15/8/2026, phí 8.000 đồng. Mời xem lại; đúng rồi thì đi tiếp.") == [
        "Từ 15/8/2026, phí 8.000 đồng",
        "Mời xem lại",
        "đúng rồi thì đi tiếp",
    ]
