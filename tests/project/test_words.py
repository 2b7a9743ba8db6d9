"""Words of the citizens' texts, in Vietnamese and English: polite, short, without office or shop language."""

import importlib
import pkgutil
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from babel.messages.pofile import read_po

import kiosk
import printers
import sync
from kiosk.base import errors
from kiosk.base.errors import KioskError
from kiosk.base.i18n import ENGLISH
from kiosk.config import ROOT
from kiosk.procedures.answer_errors import MESSAGES

NEVER = re.compile(
    r"(?<!\w)(bạn|quý khách|quý vị|người dùng|không hợp lệ|vui lòng|lỗi hệ thống|thành công|submit|kiosk)(?!\w)|!",
    re.IGNORECASE,
)
NEVER_EN = re.compile(r"\b(invalid|illegal|error|failed|user|please note|oops)\b|!", re.IGNORECASE)
# "bạn" is part of other words: "bạn" as a relation does not occur on any form.

SHORT_PORTAL = re.compile(r"cổng dịch vụ công(?! quốc gia)", re.IGNORECASE)
"""The portal without "quốc gia": since July 2025 citizens file at the national one alone (c58)."""

FILE_LEFT_OUT = "K-02"
"""Code of two errors with one meaning: a file of procedures or official records is left out."""
PAPER_WORDS = {"official", "value", "summary", "kinh_gui", "subtitle", "issued_by"}
"""Keys whose words are printed and not shown: a sheet without an official form says "bản khai tại kiosk"."""


def _texts_of(table: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Yield path and text of each text with a space in a TOML table, except words that citizens do not read."""
    if isinstance(table, dict):
        for key, value in table.items():
            if key not in PAPER_WORDS | {"law", "source", "search", "lines"}:
                yield from _texts_of(value, f"{where}.{key}")
    elif isinstance(table, list):
        for at, item in enumerate(table):
            yield from _texts_of(item, f"{where}[{at}]")
    elif isinstance(table, str) and " " in table:
        yield where, table


def _vietnamese() -> Iterator[tuple[str, str]]:
    with ENGLISH.open("rb") as file:
        yield from (("page", str(message.id)) for message in read_po(file) if message.id)
    yield from ((word, words.vi) for word, words in MESSAGES.items())
    for error in vars(errors).values():
        if isinstance(error, type) and issubclass(error, KioskError) and _is_shown(error):
            yield error.__name__, error.vi
    for path in sorted((ROOT / "kiosk" / "procedures" / "catalogue").glob("*.toml")):
        table = tomllib.loads(path.read_text("utf-8"))
        yield from ((f"{path.stem}{where}", text) for where, text in _texts_of(table) if not where.endswith("_en"))


def _english() -> Iterator[tuple[str, str]]:
    with ENGLISH.open("rb") as file:
        yield from (("page", str(message.string)) for message in read_po(file) if message.id)
    yield from ((word, words.en) for word, words in MESSAGES.items())
    for path in sorted((ROOT / "kiosk" / "procedures" / "catalogue").glob("*.toml")):
        table = tomllib.loads(path.read_text("utf-8"))
        yield from ((f"{path.stem}{where}", text) for where, text in _texts_of(table) if where.endswith("_en"))


def _is_shown(error: type[KioskError]) -> bool:
    return error.code not in {"K-01"} and bool(getattr(error, "vi", ""))


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


def test_the_portal_is_named_in_full() -> None:
    """Texts and printed values alike; forms of ministries and records keep their own words."""
    own = [path for ending in ("py", "html", "js") for path in (ROOT / "kiosk").rglob(f"*.{ending}")]
    own += [*(ROOT / "templates").rglob("*.html"), *(ROOT / "kiosk" / "procedures" / "catalogue").glob("*.toml")]
    assert [path.name for path in own if SHORT_PORTAL.search(path.read_text("utf-8"))] == []


def test_a_text_of_a_page_is_short() -> None:
    with ENGLISH.open("rb") as file:
        long = [str(message.id) for message in read_po(file) if message.id and len(str(message.id)) > 110]
    assert long == []


def test_a_code_has_one_meaning() -> None:
    for package in (kiosk, sync, printers):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith("errors"):
                importlib.import_module(module.name)
    names: dict[str, set[str]] = defaultdict(set)
    for error in _subclasses(KioskError):
        if "code" in vars(error):
            names[error.code].add(error.__name__)
    assert len(names) > 40
    assert {code: found for code, found in names.items() if len(found) > 1 and code != FILE_LEFT_OUT} == {}


def _subclasses(error: type[KioskError]) -> Iterator[type[KioskError]]:
    for child in error.__subclasses__():
        yield child
        yield from _subclasses(child)
