"""How citizens are spoken to: as a good officer speaks, in Vietnamese and in English."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from babel.messages.pofile import read_po

from kiosk import errors
from kiosk.config import ROOT
from kiosk.errors import KioskError
from kiosk.i18n import LOCALE
from kiosk.procedures.answer_errors import MESSAGES

NEVER = re.compile(
    r"(?<!\w)(bạn|quý khách|quý vị|người dùng|không hợp lệ|vui lòng|lỗi hệ thống|thành công|submit|kiosk)(?!\w)|!",
    re.IGNORECASE,
)
NEVER_EN = re.compile(r"\b(invalid|illegal|error|failed|user|please note|oops)\b|!", re.IGNORECASE)
# "bạn" is part of other words: "bạn" as a relation does not occur on any form.


def _of_table(table: Any, where: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(table, dict):
        for key, value in table.items():
            if key not in {"law", "source", "official", "value", "search", "summary", "lines", "kinh_gui"}:
                yield from _of_table(value, f"{where}.{key}")
    elif isinstance(table, list):
        for at, one in enumerate(table):
            yield from _of_table(one, f"{where}[{at}]")
    elif isinstance(table, str) and " " in table:
        yield where, table


def _vietnamese() -> Iterator[tuple[str, str]]:
    with (LOCALE / "en" / "LC_MESSAGES" / "kiosk.po").open("rb") as file:
        yield from (("page", str(one.id)) for one in read_po(file) if one.id)
    yield from ((word, words.vi) for word, words in MESSAGES.items())
    yield from ((one.__name__, one.vi) for one in vars(errors).values() if isinstance(one, type) and _is_shown(one))
    for path in sorted((ROOT / "kiosk" / "procedures" / "catalogue").glob("*.toml")):
        table = tomllib.loads(path.read_text("utf-8"))
        yield from ((f"{path.stem}{where}", text) for where, text in _of_table(table) if not where.endswith("_en"))


def _english() -> Iterator[tuple[str, str]]:
    with (LOCALE / "en" / "LC_MESSAGES" / "kiosk.po").open("rb") as file:
        yield from (("page", str(one.string)) for one in read_po(file) if one.id)
    yield from ((word, words.en) for word, words in MESSAGES.items())
    for path in sorted((ROOT / "kiosk" / "procedures" / "catalogue").glob("*.toml")):
        table = tomllib.loads(path.read_text("utf-8"))
        yield from ((f"{path.stem}{where}", text) for where, text in _of_table(table) if where.endswith("_en"))


def _is_shown(one: type) -> bool:
    return issubclass(one, KioskError) and one.code not in {"K-01"} and bool(getattr(one, "vi", ""))


def test_no_text_of_a_citizen_speaks_like_an_office_or_a_shop() -> None:
    texts = list(_vietnamese())
    assert len(texts) > 400
    assert [(where, text) for where, text in texts if NEVER.search(text)] == []


def test_no_english_text_scolds() -> None:
    texts = list(_english())
    assert len(texts) > 300
    assert [(where, text) for where, text in texts if NEVER_EN.search(text)] == []


@pytest.mark.parametrize("text", ["Chào bạn", "Dữ liệu không hợp lệ", "Vui lòng thử lại", "Xong!", "Quý khách đợi"])
def test_the_rule_bites(text: str) -> None:
    assert NEVER.search(text)


def test_a_text_of_a_page_is_short() -> None:
    with (LOCALE / "en" / "LC_MESSAGES" / "kiosk.po").open("rb") as file:
        long = [str(one.id) for one in read_po(file) if one.id and len(str(one.id)) > 110]
    assert long == []
