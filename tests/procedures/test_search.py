from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.procedures import search
from kiosk.procedures.model import Procedure
from kiosk.procedures.search import SearchResult
from kiosk.vietnam import viet_text
from tests.procedures.phrases import PHRASES
from tests.procedures.texts import DAY, EVENT_IDS, catalogue

CATALOGUE = catalogue().all(DAY)
BY_ID = {form.id: form for form in CATALOGUE}
BIRTH = "khai_sinh"
STAY = "tam_tru"
COPY = "trich_luc_ho_tich"
MARRY = "ket_hon"
DEATH = "khai_tu"
HOME = "thuong_tru"
PROOF = "xac_nhan_cu_tru"
AGAIN = "khai_sinh_lai"
LEAST = 15
SPOKEN = [pytest.param(id_, phrase, id=f"{id_}-{phrase}") for id_, phrases in PHRASES.items() for phrase in phrases]


def results(query: str, lang: str = "vi") -> list[SearchResult]:
    return search.find(CATALOGUE, query, lang)


def ids(query: str) -> list[str]:
    return [result.procedure.id for result in results(query)]


@pytest.mark.parametrize(("procedure_id", "phrase"), SPOKEN)
def test_a_phrase_finds_the_meant_procedure_first(procedure_id: str, phrase: str) -> None:
    assert ids(phrase)[:1] == [procedure_id]


@pytest.mark.parametrize("form", CATALOGUE, ids=[form.id for form in CATALOGUE])
def test_there_are_enough_phrases_that_are_no_search_words(form: Procedure) -> None:
    own = {viet_text.fold(text) for text in (*form.search, form.name, form.short.vi, form.plain.vi)}
    new = {viet_text.fold(phrase) for phrase in PHRASES[form.id]} - own
    assert len(new) >= LEAST


# query, and the ids of the meant procedures, best first
TYPED = [
    ("khai sinh", [BIRTH]),
    ("giay khai sinh", [BIRTH]),
    ("dat ten con", [BIRTH]),
    ("dang ky tam tru", [STAY]),
    ("tam chu", [STAY]),
    ("giay khai sanh", [BIRTH]),
    ("kt3", [STAY]),
    ("KT 3", [STAY]),
    ("trich luc khai sinh", [COPY, BIRTH]),
    ("mat giay khai sinh", [COPY, AGAIN]),
    ("ban sao khai sinh", [COPY]),
    ("ket hon", [MARRY]),
    ("khai xinh", [BIRTH]),
    ("Khai Sinh", [BIRTH]),
    ("KHAI SINH", [BIRTH]),
    ("khai   sinh", [BIRTH]),
    ("khai-sinh", [BIRTH]),
    ("đăng ký tạm trú", [STAY]),
    ("ct01", [STAY]),
    ("o tro", [STAY]),
    ("birth certificate copy", [COPY, BIRTH]),
    ("temporary", [STAY]),
]
MISSPELT = [
    ("khay sinh", BIRTH),
    ("khai xin", BIRTH),
    ("khai sihn", BIRTH),
    ("khai sin", BIRTH),
    ("giai khai sinh", BIRTH),
    ("dang ki tam chu", STAY),
    ("dang ky tam tu", STAY),
    ("tamm tru", STAY),
    ("tam trus", STAY),
    ("tich luc", COPY),
    ("chich luc", COPY),
    ("trich luk", COPY),
    ("bang sao khai sinh", COPY),
]
WHOLE_SENTENCES = [
    ("toi muon dang ky tam tru o day", STAY),
    ("làm giấy khai sinh cho con mới sinh", BIRTH),
    ("xin lại giấy khai sinh bị mất", COPY),
    ("phòng trọ sinh viên", STAY),
    ("khai tạm trú cho sinh viên", STAY),
]


@pytest.mark.parametrize(("query", "wanted"), TYPED)
def test_a_query_finds_the_meant_procedures_best_first(query: str, wanted: list[str]) -> None:
    assert ids(query)[: len(wanted)] == wanted


@pytest.mark.parametrize(("query", "wanted"), MISSPELT)
def test_a_misspelt_query_finds_its_procedure(query: str, wanted: str) -> None:
    assert ids(query)[:1] == [wanted]


@pytest.mark.parametrize(("query", "wanted"), WHOLE_SENTENCES)
def test_a_whole_sentence_is_understood(query: str, wanted: str) -> None:
    assert ids(query)[:1] == [wanted]


@pytest.mark.parametrize("query", ["", "   ", "?!", "\u200b", "xyz", "bằng lái xe máy", "123456", "đ" * 500])
def test_an_unknown_query_finds_nothing(query: str) -> None:
    assert ids(query) == []


@pytest.mark.parametrize(
    ("text", "wanted"), [("dang ky tam tru", STAY), ("lam giay khai sinh", BIRTH), ("trich luc", COPY)]
)
def test_the_meant_procedure_is_found_after_each_letter(text: str, wanted: str) -> None:
    for end in range(1, len(text) + 1):
        assert wanted in ids(text[:end]), text[:end]


@pytest.mark.parametrize("form", CATALOGUE, ids=[form.id for form in CATALOGUE])
def test_every_word_of_a_file_finds_its_procedure(form: Procedure) -> None:
    for text in (*form.search, form.name, form.short.vi, form.plain.vi, form.short.en, form.plain.en):
        assert form.id in ids(text), text
        assert form.id in ids(viet_text.fold(text)), text
    first = [text for text in form.search if ids(text)[0] != form.id and text not in _shared(form)]
    assert first == []


def _shared(form: Procedure) -> set[str]:
    """Return the search words that another file has too: CT01 is the form of three procedures."""
    return {text for other in CATALOGUE if other is not form for text in other.search}


def test_life_events_are_found_by_their_words_too() -> None:
    assert {HOME, STAY, PROOF} <= set(ids("chuyển nhà"))
    assert ids("Sinh con")[:1] == [BIRTH]
    assert ids("chứng tử")[:1] == [DEATH]


# --- marks of a match


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("khai sinh", "Làm giấy [khai sinh]"),
        ("khai xinh", "Làm giấy [khai sinh]"),
        ("khai s", "Làm giấy [khai s]inh"),
        ("sinh con", "Làm giấy khai [sinh]"),
        ("dat ten con", "Làm giấy khai sinh[]"),
        ("dang ki tam chu", "[Đăng ký tạm trú]"),
        ("toi muon dang ky tam tru", "[Đăng ký tạm trú]"),
    ],
)
def test_the_match_is_marked_in_the_plain_name(query: str, marked: str) -> None:
    first = results(query)[0]
    if not first.match:
        assert marked == f"{first.before}[]{first.after}"
    else:
        assert marked == f"{first.before}[{first.match}]{first.after}"


def test_names_are_shown_in_the_readers_language() -> None:
    first = results("birth", "en")[0]
    assert (first.before, first.match, first.after) == ("Get a ", "birth", " certificate")
    assert results("khai sinh", "en")[0].before == "Get a birth certificate"


@given(st.text(max_size=80), st.sampled_from(["vi", "en"]))
def test_any_query_finds_whole_names_or_nothing(query: str, lang: str) -> None:
    for result in results(query, lang):
        assert result.before + result.match + result.after == result.procedure.plain.of(lang)


@settings(deadline=None)  # a busy machine is no fault; bench/search_procedures.py measures
@given(st.text("abcdefghiklmnopqrstuvxy ", max_size=60))
def test_marks_and_capitals_change_nothing(query: str) -> None:
    assert ids(query) == ids(query.upper())


def test_the_order_of_the_catalogue_does_not_matter() -> None:
    for query, _ in TYPED:
        turned = [result.procedure.id for result in search.find(reversed(CATALOGUE), query, "vi")]
        assert turned[:1] == ids(query)[:1]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("tru", "chu"),
        ("sinh", "xinh"),
        ("ky", "ki"),
        ("gia", "da"),
        ("nghi", "ngi"),
        ("ghi", "gi"),
        ("ban", "bang"),
        ("sat", "sac"),
        ("quy", "cui"),
    ],
)
def test_words_that_sound_alike_are_equal(first: str, second: str) -> None:
    assert search.phonetic(first) == search.phonetic(second)


@pytest.mark.parametrize(
    ("first", "second"), [("khai", "cai"), ("thi", "ti"), ("cho", "co"), ("nha", "na"), ("tam", "tan")]
)
def test_words_that_sound_different_are_not_equal(first: str, second: str) -> None:
    assert search.phonetic(first) != search.phonetic(second)


# --- life events


def test_only_events_with_a_procedure_are_shown_in_their_order() -> None:
    some = [BY_ID[COPY], BY_ID[STAY], BY_ID[BIRTH]]
    assert [event.id for event in search.life_events(some)] == ["co_con", "cho_o", "giay_to"]
    assert [event.id for event in search.life_events(CATALOGUE)] == list(EVENT_IDS)
    assert search.life_events([]) == []
    every = [replace(CATALOGUE[0], event=name) for name in reversed(EVENT_IDS)]
    assert [event.id for event in search.life_events(every)] == list(EVENT_IDS)


def test_there_are_eight_events_each_once() -> None:
    assert len(EVENT_IDS) == 8
    assert all(left != right for left, right in pairwise(sorted(EVENT_IDS)))


def test_an_event_fits_its_tile() -> None:
    """A title of a tile has at most 18 letters, its line 46."""
    for event in search.life_events([replace(CATALOGUE[0], event=name) for name in EVENT_IDS]):
        assert len(event.name.vi) <= 18
        assert len(event.line.vi) <= 46
