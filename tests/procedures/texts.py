"""Every text of a procedure, with the place where it stands."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any

from kiosk.procedures.loader import CATALOGUE, BadProcedure, Catalogue, read_procedure
from kiosk.procedures.model import Procedure, Words

DAY = date(2026, 11, 24)
ASK_FOR_AN_ANSWER = frozenset({"at_least_one_of", "at_least_rows"})
"""Rules that fail while nothing is answered."""


def _read() -> tuple[dict[str, Procedure], dict[str, str]]:
    """Read every file of the shelf; one that cannot be read fails its own test and no other's."""
    found, broken = {}, {}
    for path in sorted(CATALOGUE.glob("*.toml")):
        try:
            found[path.stem] = read_procedure(path)
        except BadProcedure as cause:
            broken[path.stem] = str(cause)
    return found, broken


FILES, BROKEN = _read()
"""Procedures by the name of their file, `code` or `code@day`; what cannot be read, with what is said about it."""
CONTINUED = tuple(
    path.stem for path in sorted(CATALOGUE.glob("*.toml")) if "extends" in tomllib.loads(path.read_text("utf-8"))
)
"""Versions that say only what changes; the file that they continue is walked and compared (test_versions.py)."""
CODES = tuple(code for code in FILES if code not in CONTINUED)


@cache
def catalogue() -> Catalogue:
    return Catalogue(FILES.values())


def procedure(code: str) -> Procedure:
    return FILES[code]


def texts(one: Any, where: str = "") -> Iterator[tuple[str, Words]]:
    """Yield (place, words) of all that a citizen may read."""
    if isinstance(one, Words):
        yield where, one
    elif is_dataclass(one):
        for item in fields(one):
            yield from texts(getattr(one, item.name), f"{where}.{item.name}".strip("."))
    elif isinstance(one, tuple):
        for at, inner in enumerate(one):
            name = getattr(inner, "key", None) or getattr(inner, "id", None) or at
            yield from texts(inner, f"{where}[{name}]")


def sentences(text: str) -> list[str]:
    """Split where a reader takes breath for good: 8.000 and 15/8/2026 are not split."""
    return [piece.strip() for piece in re.split(r"[.?;:](?=[\s”)]|$)", text) if piece.strip(" ”)")]
