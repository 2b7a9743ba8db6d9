"""The glossary says what the code says: every word of its first column is a word of the code."""

import re

from kiosk.config import ROOT


def test_every_word_of_the_glossary_is_a_word_of_the_code() -> None:
    table = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    words = [row.split("|")[1].strip() for row in table.splitlines() if row.startswith("| ")]
    words = [word for word in words if word != "in the code"]
    assert len(words) > 25
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "kiosk").rglob("*.py"))
    assert [word for word in words if not re.search(rf"\b{word}(s|ies)?\b", code, re.IGNORECASE)] == []


def test_no_word_is_explained_twice() -> None:
    table = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    words = re.findall(r"^\| (\w+) \|", table, re.MULTILINE)
    assert len(words) == len(set(words))
