"""Tests that each word of docs/glossary.md names something in the code, and that each record is explained there."""

import re
from pathlib import Path

import pytest

from kiosk.config import ROOT
from tests.project import identifiers

ROW = re.compile(r"^\| (?!in the code)(\w[\w ]*?) \|", re.MULTILINE)
MODULE = '''
"""A term of the law."""
LONGEST_TERM = 30  # a term in days
text = "term"


class OutboxRow:
    """A row; no term here."""

    receipt_no: str


def seal(draft):
    return draft.sealed_bodies
'''


@pytest.fixture(scope="module")
def code() -> dict[str, set[tuple[str, ...]]]:
    return identifiers.of_code()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, ...]]:
    return identifiers.of_store(tmp_path_factory.mktemp("words"))


def _words() -> list[str]:
    return ROW.findall((ROOT / "docs" / "glossary.md").read_text("utf-8"))


def test_every_word_of_the_glossary_names_something_in_the_code(
    code: dict[str, set[tuple[str, ...]]], store: set[tuple[str, ...]]
) -> None:
    assert len(_words()) > 60
    assert [word for word in _words() if not identifiers.is_word_of_code(word, code, store)] == []


@pytest.mark.parametrize("word", ["zeppelin", "receipt_zeppelin", "whosoever"])
def test_a_word_that_the_code_does_not_use_is_found(
    word: str, code: dict[str, set[tuple[str, ...]]], store: set[tuple[str, ...]]
) -> None:
    assert not identifiers.is_word_of_code(word, code, store)


@pytest.mark.parametrize("word", ["term", "law", "day", "no term"])
def test_a_word_of_comments_and_texts_alone_does_not_count(word: str) -> None:
    code = {name: {identifiers.split(found) for found in identifiers.of_source(MODULE)} for name in ("a.py", "b.py")}
    assert not identifiers.is_word_of_code(word, code, store=[])


@pytest.mark.parametrize("word", ["outbox", "row", "receipt", "receipt_no", "seal", "draft", "sealed_body"])
def test_a_word_of_two_modules_counts_and_of_one_does_not(word: str) -> None:
    found = {identifiers.split(identifier) for identifier in identifiers.of_source(MODULE)}
    assert identifiers.is_word_of_code(word, {"a.py": found, "b.py": found}, store=[])
    assert not identifiers.is_word_of_code(word, {"a.py": found, "b.py": set()}, store=[])
    assert identifiers.is_word_of_code(word, {}, store=found)


def test_every_record_is_explained() -> None:
    modules = {path.stem for path in (ROOT / "kiosk" / "records").glob("*.py")} - {"__init__"}
    explained = {identifiers.split(word) for word in _words()}
    assert len(modules) > 20
    assert [name for name in sorted(modules) if identifiers.split(name) not in explained] == []


def test_no_word_is_explained_twice() -> None:
    words = [identifiers.split(word) for word in _words()]
    assert [word for word in words if words.count(word) > 1] == []


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("OutboxRow", ("outbox", "row")),
        ("HTTPPage", ("http", "page")),
        ("receipt_no", ("receipt", "no")),
        ("queries", ("query",)),
        ("_address", ("address",)),
        ("sha256", ("sha", "256")),
    ],
)
def test_an_identifier_is_split_into_singular_words(identifier: str, words: tuple[str, ...]) -> None:
    assert identifiers.split(identifier) == words


def test_the_store_gives_tables_columns_and_states(tmp_path: Path) -> None:
    assert {("outbox",), ("receipt", "no"), ("quarantined",)} <= identifiers.of_store(tmp_path)
