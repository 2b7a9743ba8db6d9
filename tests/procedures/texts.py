"""The shipped procedures, and every text of a procedure with its place."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any

from kiosk.procedures.base import Words
from kiosk.procedures.life_events import shipped_events
from kiosk.procedures.loader import CATALOGUE, BadProcedure, Catalogue, read_procedure
from kiosk.procedures.model import Procedure

DAY = date(2026, 11, 24)
ASK_FOR_AN_ANSWER = frozenset({"at_least_one_of", "at_least_rows"})
"""Rules that fail while nothing is answered."""


def _read() -> tuple[dict[str, Procedure], dict[str, str]]:
    """Read every file of the catalogue; a file with errors fails its own test only."""
    procedures: dict[str, Procedure] = {}
    broken: dict[str, str] = {}
    for path in sorted(CATALOGUE.glob("*.toml")):
        try:
            procedures[path.stem] = read_procedure(path)
        except BadProcedure as cause:
            broken[path.stem] = str(cause)
    return procedures, broken


FILES, BROKEN = _read()
"""Procedures by the name of their file (`code` or `code@day`), and the errors of files that cannot be read."""
CONTINUED = tuple(
    path.stem for path in sorted(CATALOGUE.glob("*.toml")) if "extends" in tomllib.loads(path.read_text("utf-8"))
)
"""Versions that extend another file; that file is walked, and the two are compared (test_versions.py)."""
EVENT_IDS = tuple(event.id for event in shipped_events())
"""Life events in the order of the tiles."""
CODES = tuple(code for code in FILES if code not in CONTINUED)


@cache
def catalogue() -> Catalogue:
    return Catalogue(FILES.values())


def procedure(code: str) -> Procedure:
    return FILES[code]


def texts(record: Any, where: str = "") -> Iterator[tuple[str, Words]]:
    """Yield (place, words) of every text that a citizen may read."""
    if isinstance(record, Words):
        yield where, record
    elif is_dataclass(record):
        for item in fields(record):
            yield from texts(getattr(record, item.name), f"{where}.{item.name}".strip("."))
    elif isinstance(record, tuple):
        for at, inner in enumerate(record):
            name = getattr(inner, "key", None) or getattr(inner, "id", None) or at
            yield from texts(inner, f"{where}[{name}]")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; 8.000 and 15/8/2026 are not split."""
    return [piece.strip() for piece in re.split(r"[.?;:](?=[\s”)]|$)", text) if piece.strip(" ”)")]
