"""Words of the code: identifiers of its modules, and names of the store's tables, columns and states."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kiosk.config import ROOT
from kiosk.store.db import Store
from kiosk.store.schema import grow

PACKAGES = ("kiosk", "sync", "printers")
STATES = re.compile(r"check \((\w+) in \(([^)]*)\)")
"""A check clause of a column with a closed list of values."""
BREAKS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
"""The parts of `snake_case`, `CamelCase` and `HTTPPage`."""


def split(identifier: str) -> tuple[str, ...]:
    """Split an identifier into its words, in lower case and singular."""
    return tuple(singular(word.lower()) for word in BREAKS.findall(identifier))


def singular(word: str) -> str:
    """Return a plural noun's singular; other words stay as they are."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


def of_source(source: str) -> Iterator[str]:
    """Yield names of classes, functions, arguments, attributes, fields and our own imports; no comment, no text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            yield node.name
            yield from _fields(node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in PACKAGES:
            yield from (alias.name for alias in node.names)


def _fields(node: ast.ClassDef) -> Iterator[str]:
    for entry in node.body:
        if isinstance(entry, ast.AnnAssign) and isinstance(entry.target, ast.Name):
            yield entry.target.id


def of_code() -> dict[str, set[tuple[str, ...]]]:
    """Collect the identifiers of each module, split into words; its own name is one of them."""
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            name = path.parent.name if path.stem == "__init__" else path.stem
            identifiers = {name, *of_source(path.read_text("utf-8"))}
            found[str(path.relative_to(ROOT))] = {split(identifier) for identifier in identifiers}
    return found


def of_store(folder: Path) -> set[tuple[str, ...]]:
    """Collect the names of all tables, columns and states, split into words."""
    names = set()
    with Store(folder / "words.db") as store:
        grow(store)
        with store.read() as db:
            for table in db.tables:
                names |= {table.name, *table.columns_dict}
                for _column, values in STATES.findall(table.schema):
                    names |= set(re.findall(r"'(\w+)'", values))
    return {split(name) for name in names}


def occurs(words: tuple[str, ...], identifiers: Iterable[tuple[str, ...]]) -> bool:
    """Check whether these words follow each other in one of the identifiers."""
    size = len(words)
    return any(words == found[at : at + size] for found in identifiers for at in range(len(found) - size + 1))


def is_word_of_code(
    term: str, code: Mapping[str, Iterable[tuple[str, ...]]], store: Iterable[tuple[str, ...]], least: int = 2
) -> bool:
    """Check whether a term is in the identifiers of at least `least` modules, or names a table, column or state."""
    words = split(term)
    return occurs(words, store) or sum(occurs(words, identifiers) for identifiers in code.values()) >= least
