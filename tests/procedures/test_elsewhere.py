"""Queries for matters that are not on the kiosk: an honest answer, and no word of a procedure is taken away."""

import pytest

from kiosk.procedures import elsewhere
from tests.journeys.walker import Walker
from tests.procedures.test_queries import CATALOGUE, QUERIES


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("làm thẻ căn cước", "Công an"),
        ("lam can cuoc cho con", "Công an"),
        ("Mất thẻ căn cước", "Công an"),
        ("sổ đỏ", "lấy số"),
        ("xin cap lai so do", "lấy số"),
        ("tách thửa", "lấy số"),
        ("làm hộ chiếu", "Công an"),
        ("đổi bằng lái xe", "Công an"),
        ("giấy phép xây dựng", "lấy số"),
        ("làm đơn ly hôn", "Tòa án"),
        ("đóng thuế", "nơi làm"),
        ("thue dat", "nơi làm"),
    ],
)
def test_a_matter_that_is_not_on_the_kiosk_is_named(query: str, told: str) -> None:
    matter = elsewhere.matter_of(query, CATALOGUE)
    assert matter is not None
    assert told in matter.say.vi
    assert matter.say.en


@pytest.mark.parametrize(
    "query", ["photo căn cước", "chứng thực sổ đỏ", "photo sổ hồng", "dịch hộ chiếu", "làm", "cho con", ""]
)
def test_a_copy_of_such_a_paper_is_still_found(query: str) -> None:
    assert elsewhere.matter_of(query, CATALOGUE) is None


def test_no_search_word_and_no_query_for_a_procedure_is_taken_away() -> None:
    words = {word for procedure in CATALOGUE for word in procedure.search}
    taken = [query for query in {*words, *(query for query, _ in QUERIES)} if elsewhere.matter_of(query, CATALOGUE)]
    assert taken == []


def test_each_answer_is_short() -> None:
    sentences = [part for matter in elsewhere.matters() for part in matter.say.vi.split(". ")]
    assert [part for part in sentences if len(part.split()) > 20] == []


def test_the_search_page_says_where_to_ask_and_offers_no_other_procedure(walker: Walker) -> None:
    walker.go("/choose?q=s%E1%BB%95+%C4%91%E1%BB%8F")
    assert "Phường chưa đưa việc cấp, đổi sổ đỏ" in walker.words
    assert "Gọi cán bộ" in walker.words
    assert "/need/" not in walker.page
