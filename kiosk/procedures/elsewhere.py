"""Matters that no procedure of the catalogue does: what the search says instead of wrong results."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kiosk.procedures.base import Words
from kiosk.procedures.file_errors import FileErrors
from kiosk.procedures.model import Procedure
from kiosk.procedures.toml_dataclasses import parse_table
from kiosk.vietnam.viet_text import fold

FILE = Path(__file__).parent / "elsewhere.toml"


@dataclass(frozen=True)
class ElsewhereMatter:
    """A matter that the ward has not put on the kiosk."""

    say: Words
    words: tuple[str, ...]


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


@cache
def matters() -> tuple[ElsewhereMatter, ...]:
    """Return the shipped matters."""
    errors: FileErrors = []
    found = tuple(
        parse_table(dataclass_type=ElsewhereMatter, table=table, place=f"matter[{number}]", errors=errors)
        for number, table in enumerate(_table()["matter"], 1)
    )
    if errors:
        raise ValueError("\n".join([FILE.name, *map(str, errors)]))
    return found


def matter_of(query: str, procedures: Iterable[Procedure]) -> ElsewhereMatter | None:
    """Return the matter that a query names; None where it is a search word or a name of a procedure."""
    wanted = _main_words(query)
    found = next((matter for matter in matters() if any(_main_words(word) == wanted for word in matter.words)), None)
    if found is None or not wanted:
        return None
    typed = fold(query).strip()
    names = (text for item in procedures for text in (item.short.vi, item.plain.vi, item.name, *item.search))
    return None if any(fold(name) == typed for name in names) else found


def _main_words(text: str) -> tuple[str, ...]:
    return tuple(word for word in fold(text).split() if word not in _table()["small_words"])
