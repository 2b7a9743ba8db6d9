import re
from dataclasses import replace

from kiosk.pages.forms.parsing import missing_message
from kiosk.procedures import search
from kiosk.procedures.answer_errors import MESSAGES
from kiosk.procedures.kinds.choices import SEXES, YES_NO
from kiosk.procedures.kinds.documents import ID_DOCUMENT_TYPES
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


NO_NOUN = re.compile(r"Chưa có ((từ|đến|sửa|trên|đang|gia hạn)\b|[^.]* là\.)")
"""Errors made of a label that names no thing: "Chưa có từ ngày"."""


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
    errors = {str(missing_message(field, lang)) for field in required for lang in ("vi", "en")}
    assert [error for error in errors if NO_NOUN.match(error) or "iD " in error] == []
