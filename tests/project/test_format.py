"""Every word of the procedure format has a reader: an attribute of that name is read in kiosk/, outside the loader."""

import ast
import typing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from kiosk.config import ROOT
from kiosk.procedures.base import Words
from kiosk.procedures.model import AnswerOption, Field, Procedure, Signature

LOADER = ("loader", "toml_dataclasses", "file_errors", "cross_checks", "overrides", "toml_file")
"""Modules of kiosk/procedures that read every word of a file, or check it: they are no readers."""


def _readers() -> list[Path]:
    loader = {ROOT / "kiosk" / "procedures" / f"{name}.py" for name in LOADER}
    assert all(path.exists() for path in loader)
    return [path for path in sorted((ROOT / "kiosk").rglob("*.py")) if path not in loader]


def attributes_read(source: str) -> set[str]:
    """Return the names of the attributes that a module reads; an assignment to an attribute is no reading."""
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute))
    return {node.attr for node in nodes if isinstance(node.ctx, ast.Load)}


def records(record: Any) -> Iterator[Any]:
    """Yield a record of the format and every record inside it, each once."""
    all_records = [record]
    for outer in all_records:
        for hint in typing.get_type_hints(outer).values():
            all_records += [inner for inner in _records_in(hint) if inner not in all_records]
    yield from all_records


def _records_in(hint: Any) -> Iterator[Any]:
    if is_dataclass(hint):
        yield hint
    for inner in typing.get_args(hint):
        yield from _records_in(inner)


def words_without_reader(record: Any, sources: Iterable[str]) -> list[str]:
    """Return `Record.word` of each word that no source reads."""
    words = [(part.__name__, item.name) for part in records(record) for item in fields(part)]
    unread = {word for _name, word in words}
    for source in sources:
        if any(f".{word}" in source for word in unread):
            unread -= attributes_read(source)
    return [f"{name}.{word}" for name, word in words if word in unread]


def test_the_format_has_all_its_records() -> None:
    assert {Procedure, Field, AnswerOption, Signature, Words} <= set(records(Procedure))
    assert len(list(records(Procedure))) > 12


def test_every_word_of_the_format_has_a_reader() -> None:
    unread = words_without_reader(Procedure, (path.read_text("utf-8") for path in _readers()))
    assert unread == []


@dataclass(frozen=True)
class Part:
    """A record inside the other."""

    colour: str = ""


@dataclass(frozen=True)
class Whole:
    """A small format."""

    size: int
    parts: tuple[Part, ...] = ()
    last: Part | None = None


READS_PARTS = "def show(whole):\n    return [part.colour for part in (*whole.parts, whole.last)]\n"
EXAMPLES = [
    (READS_PARTS + "def measure(whole):\n    return whole.size\n", []),
    (READS_PARTS, ["Whole.size"]),
    (READS_PARTS + "def set_size(whole):\n    whole.size = 1\n", ["Whole.size"]),
    (READS_PARTS + "size = 'whole.size'\n", ["Whole.size"]),
    ("def measure(whole):\n    return whole.size, whole.parts, whole.last\n", ["Part.colour"]),
    ("", ["Whole.size", "Whole.parts", "Whole.last", "Part.colour"]),
]


@pytest.mark.parametrize(("source", "expected"), EXAMPLES)
def test_a_word_that_nobody_reads_is_found(source: str, expected: list[str]) -> None:
    assert words_without_reader(Whole, [source]) == expected
