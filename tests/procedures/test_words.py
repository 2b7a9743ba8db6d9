import re
from dataclasses import replace

import pytest
from babel.messages.pofile import read_po

from kiosk.base.i18n import ENGLISH
from kiosk.dossiers.need_rows import SPARED
from kiosk.pages.forms.parsing import missing_message
from kiosk.procedures import search
from kiosk.procedures.answer_errors import MESSAGES
from kiosk.procedures.kinds.choices import SEXES, YES_NO
from kiosk.procedures.kinds.documents import ID_DOCUMENT_TYPES
from kiosk.procedures.model import PaperToBring
from tests.procedures.texts import CODES, EVENT_IDS, procedure, sentences, texts

LONGEST = 20
CATALOGUE = [(f"{code} {where}", words) for code in CODES for where, words in texts(procedure(code))]
OTHER_TEXTS = [
    *((f"fault {name}", words) for name, words in MESSAGES.items()),
    *texts((*SEXES, *YES_NO, *ID_DOCUMENT_TYPES), "kinds"),
    *texts(tuple(search.life_events(replace(procedure(CODES[0]), event=name) for name in EVENT_IDS)), "event"),
]
EVERY = [*CATALOGUE, *OTHER_TEXTS]
NEVER = ("bạn", "quý khách", "vui lòng", "không hợp lệ", "lỗi", "thành công", "hệ thống", "kiosk", "UBND", "CCCD")
VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯạ-ỹẠ-Ỹ]")
FORMER_TERMS = {
    "bỏ dấu": "xóa dấu",
    "chôn cất": "an táng",
    "nấy": "thì",
    "đứng tờ khai": "đứng tên tờ khai",
    "chỉ đưa xem": "đưa xem",
    "cho xem": "đưa xem",
    "mã vuông": "mã QR",
    "nhận lời": "trả lời",
    "số căn cước": "số định danh",
    "cổng dvcqg": "Cổng Dịch vụ công quốc gia",
    "người đi xin": "người đi khai",
    "sao y": "chứng thực bản sao",
}
"""Word -> the term that the pages use instead."""
PORTAL = re.compile("[Cc]ổng [Dd]ịch vụ công(?! quốc gia)")
MERIT = re.compile("người có công(?! với cách mạng)", re.IGNORECASE)


def is_example(where: str) -> bool:
    """Return whether a text is an example: names and numbers are the same in both languages."""
    return where.endswith("example")


def test_no_sentence_is_longer_than_a_breath() -> None:
    too_long = []
    for where, words in EVERY:
        for sentence in (*sentences(words.vi), *sentences(words.en)):
            if len(sentence.split()) > LONGEST:
                too_long.append((where, sentence))
    assert too_long == []


def test_vietnamese_and_english_are_both_there() -> None:
    assert [where for where, words in EVERY if not (words.vi.strip() and words.en.strip())] == []
    assert [where for where, words in EVERY if words.vi == words.en and not is_example(where)] == []


def test_the_voice_is_an_officers() -> None:
    forbidden = [
        (where, word)
        for where, words in EVERY
        for word in NEVER
        if re.search(rf"(?<!\w){word.casefold()}(?!\w)", words.vi.casefold())
    ]
    assert forbidden == []
    assert [where for where, words in EVERY if "!" in words.vi + words.en] == []


def test_pages_and_procedures_use_one_term_for_one_thing() -> None:
    with ENGLISH.open("rb") as file:
        pages = [("page", str(message.id)) for message in read_po(file) if message.id]
    every = [*pages, *((where, words.vi) for where, words in EVERY)]
    former = [
        (where, word)
        for where, text in every
        for word in FORMER_TERMS
        if re.search(rf"(?<!\w){word}(?!\w)", text.casefold())
    ]
    assert former == []
    assert [(where, text) for where, text in every if PORTAL.search(text) or MERIT.search(text)] == []


def test_english_is_not_left_in_vietnamese() -> None:
    """English has Vietnamese letters only in quotation marks, names and examples."""
    plain = ((where, re.sub("“[^”]*”|A Lưới", "", words.en)) for where, words in EVERY if not is_example(where))
    assert [where for where, text in plain if VIETNAMESE.search(text)] == []


def test_figures_are_the_same_in_both_languages() -> None:
    clock = {"15", "3"}  # 15 giờ, 3 pm
    assert [where for where, words in CATALOGUE if figures(words.vi) ^ figures(words.en) not in (set(), clock)] == []


def figures(text: str) -> set[str]:
    return {number.replace(".", "").replace(",", "") for number in re.findall(r"\d[\d.,/]*\d|\d", text)}


def test_placeholders_of_faults_are_the_same_in_both_languages() -> None:
    for words in MESSAGES.values():
        assert set(re.findall(r"\{\w+\}", words.vi)) == set(re.findall(r"\{\w+\}", words.en))


def test_there_are_texts_to_read() -> None:
    assert len(EVERY) > 400


def test_sentences_are_split_where_they_end() -> None:
    assert sentences("Từ 15/8/2026, phí 8.000 đồng. Mời xem lại; đúng rồi thì đi tiếp.") == [
        "Từ 15/8/2026, phí 8.000 đồng",
        "Mời xem lại",
        "đúng rồi thì đi tiếp",
    ]


def test_the_error_of_an_empty_field_is_a_sentence() -> None:
    fields = [field for code in CODES for field in procedure(code).fields]
    asked = [part for field in fields if field.asked for part in (field, *field.fields)]
    required = [field for field in asked if field.required or field.required_when]
    without_words = [field for field in required if not field.missing and not field.label.vi.endswith("?")]
    named = [field for field in without_words if field.kind != "id_document"]
    assert len(named) > 50
    for field in named:
        assert f"“{field.label.vi}”" in missing_message(field, "vi")
        assert f"“{field.label.en}”" in missing_message(field, "en")


PAPERS = [(code, paper) for code in CODES for paper in procedure(code).papers]
PAPER_IDS = [f"{code} {paper.id}" for code, paper in PAPERS]
LONGEST_NAME = 32
LONGEST_REASON = 42
SAID = {
    "on_file": r"tra được.* không phải nộp",
    "vneid": "chưa có tài khoản định danh điện tử",
    "uncertified": "không (phải|cần|bắt buộc) công chứng",
    "kin_uncertified": "không (phải|cần) chứng thực|chứng thực, trừ khi",
}
"""What spares a paper -> its words in the sentence about the paper."""


@pytest.mark.parametrize(("code", "paper"), PAPERS, ids=PAPER_IDS)
def test_a_paper_is_called_in_few_letters_before_the_form(code: str, paper: PaperToBring) -> None:
    name = paper.short or paper.name
    assert len(name.vi) <= LONGEST_NAME
    assert not paper.short or len(paper.name.vi) > LONGEST_NAME
    if paper.short:
        assert len(paper.short.en) <= LONGEST_NAME


@pytest.mark.parametrize(("code", "paper"), PAPERS, ids=PAPER_IDS)
def test_what_spares_a_paper_is_what_its_sentence_says(code: str, paper: PaperToBring) -> None:
    said = {reason for reason, words in SAID.items() if re.search(words, paper.bring.vi.casefold())}
    assert set(paper.spared) == said
    assert all(len(SPARED[reason]) <= LONGEST_REASON for reason in paper.spared)
