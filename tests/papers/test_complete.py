"""Nothing that the form asks is missing on the paper, in whatever situation: counted key by key."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest

from kiosk.papers import signature_blocks, wording
from kiosk.procedures import kinds
from kiosk.procedures.answers import complete, field_at, is_empty
from kiosk.procedures.conditions import holds, value_at
from kiosk.procedures.loader import read_catalogue
from kiosk.procedures.model import Declaration, DeclarationLine, Field, Procedure
from printers.document import Block
from printers.sheet import Box, Grid, Sheet
from printers.sheet import FormLine as SheetLine
from tests.papers import made_up
from tests.papers.forms import DAY, DECLARED, told
from tests.papers.pictures import OFFICE, drawn

BY_HAND = ("signature", "consent_block")
ALL_FORMS = 13
"""Procedures that have a declaration (facts: declarations.yaml)."""
UNOFFICIAL = "1.001776"


def declared(code: str) -> tuple[Procedure, Declaration]:
    procedure = read_catalogue().in_force(code, DAY)
    assert procedure is not None
    assert procedure.declaration is not None
    return procedure, procedure.declaration


def squashed(text: str) -> str:
    return re.sub(r"\s+", "", text).casefold()


def paths(item: Field) -> list[str]:
    """The answers that a field consists of."""
    return [f"{item.key}.{part.key}" for part in item.fields] if item.kind == "group" else [item.key]


def is_oath(item: Field) -> bool:
    return bool(item.derive) and item.derive is not None and item.derive.get("from") == "oath"


def texts(line: DeclarationLine) -> list[str]:
    return [line.text, *line.cells]


# --- the forms


def test_thirteen_procedures_have_a_declaration() -> None:
    assert len(DECLARED) == ALL_FORMS


@pytest.mark.parametrize("code", DECLARED)
def test_every_printed_field_has_its_place_on_the_form(code: str) -> None:
    procedure, form = declared(code)
    named = set(wording.keys(form.place_and_date))
    named |= {key for line in form.lines for text in texts(line) for key in wording.keys(text)}
    named |= {key for line in form.lines for key in (line.boxes, line.table) if key}
    named |= {key for one in form.signatures for key in (one.key, one.name) if key}
    has_oath = any(line.oath for line in form.lines)
    for item in procedure.fields:
        if item.printed and not (has_oath and is_oath(item)):
            parts = {f"{item.key}.{part.key}" for part in item.fields}
            assert item.key in named or (parts and parts <= named), item.key


@pytest.mark.parametrize("code", DECLARED)
def test_a_field_that_is_not_printed_is_on_no_line(code: str) -> None:
    procedure, form = declared(code)
    for line in form.lines:
        for key in chain.from_iterable(wording.keys(text) for text in texts(line)):
            assert procedure.by_key[key.split(".")[0]].printed, key


@pytest.mark.parametrize("code", DECLARED)
def test_every_box_stands_for_an_option_that_there_is(code: str) -> None:
    procedure, form = declared(code)
    for key, option in chain.from_iterable(wording.ticks(text) for line in form.lines for text in texts(line)):
        item = field_at(procedure, key)
        assert item is not None, key
        assert option in options_of(item), (key, option)


def options_of(item: Field) -> set[str]:
    return {"true", "false"} if item.kind == "boolean" else {one.id for one in item.options}


@pytest.mark.parametrize("code", DECLARED)
def test_an_option_in_boxes_leaves_none_out(code: str) -> None:
    """What can be answered can be ticked, unless the answer is also written out."""
    procedure, form = declared(code)
    boxes: dict[str, set[str]] = {}
    for line in form.lines:
        for text in texts(line):
            for key, option in wording.ticks(text):
                boxes.setdefault(key, set()).add(option)
    for key, ticked in boxes.items():
        item = field_at(procedure, key)
        assert item is not None
        left = options_of(item) - ticked
        assert len(left) <= 1 or written_out(form, key), (key, left)


def written_out(form: Declaration, key: str) -> bool:
    return any(f"{{{key}}}" in text for line in form.lines for text in texts(line))


def test_the_form_that_was_never_compared_does_not_pass_for_one() -> None:
    """Eight official variants are unchecked: the machine prints a list for the officer to copy, and says so."""
    _, form = declared(UNOFFICIAL)
    assert "chưa theo mẫu" in form.subtitle
    assert not form.form_code
    assert "TỜ KHAI" not in form.title


# --- the papers


def situations(procedure: Procedure) -> Iterator[dict[str, Any]]:
    """What somebody says, with each situation and each choice changed to each of its options in turn."""
    usual = told(procedure)
    yield usual
    for key, options in ((one.key, one.options) for one in procedure.situations):
        yield from (usual | {key: one.id} for one in options if not one.officer)
    for item in procedure.fields:
        if not item.asked or item.derive:
            continue
        if item.kind == "boolean":
            yield from (usual | {item.key: value} for value in (True, False))
        elif item.kind in ("choice", "choice_text", "sex"):
            yield from (usual | {item.key: one.id} for one in item.options)
        elif item.kind == "multichoice":
            yield from (usual | {item.key: [one.id]} for one in item.options)


def words(block: Block | str) -> Iterator[str]:
    """All words of a block, however deep they lie."""
    if isinstance(block, str):
        yield block
        return
    for inner in (value for name, value in vars(block).items() if name not in ("align", "aligns", "note")):
        for one in inner if isinstance(inner, tuple) else (inner,):
            if isinstance(one, tuple):
                yield from chain.from_iterable(map(words, one))
            elif isinstance(one, Block | str):
                yield from words(one)


def ticked(sheet: Sheet) -> int:
    lines = [block for block in sheet.blocks if isinstance(block, SheetLine)]
    lines += [cell for grid in sheet.blocks if isinstance(grid, Grid) for cell in chain(*grid.rows)
              if isinstance(cell, SheetLine)]  # fmt: skip
    return sum(part.ticked for line in lines for part in line.parts if isinstance(part, Box))


def yes_or_no(text: str) -> list[tuple[str, str]]:
    keys = re.findall(rf"{wording.YES_NO}\{{([\w.]+)\}}", text)
    return [(key, option) for key in keys for option in ("true", "false")]


class Reader:
    """Looks for every answer of a procedure on its declaration, and remembers what was tried."""

    def __init__(self, procedure: Procedure, form: Declaration) -> None:
        self.procedure = procedure
        self.form = form
        self.seen: set[str] = set()

    def missing(self, said: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The (path, words) that should stand on the paper and do not."""
        answers = complete(self.procedure, said, OFFICE, DAY)
        sheet = drawn(replace(self.procedure, declaration=self.form), said)
        applied = [text for line in self.form.lines if holds(line.when, answers, DAY) for text in texts(line)]
        boxes = {pair for text in applied for pair in (*wording.ticks(text), *yes_or_no(text))}
        ticks = {key for key, option in boxes if wording.is_ticked(value_at(answers, key), option)}
        left_empty = {key for key, _ in boxes if value_at(answers, key) is False}
        found = [] if ticked(sheet) >= len(ticks) else [("boxes", str(ticks))]
        text = squashed(" ".join(chain.from_iterable(map(words, sheet.blocks))))
        for path in self._answered(answers):
            item = field_at(self.procedure, path)
            assert item is not None
            self.seen.add(path)
            if path not in ticks | left_empty:
                found += [
                    (path, said)
                    for said in written(item, value_at(answers, path), answers)
                    if squashed(said) not in text
                ]
        return found

    def _answered(self, answers: Mapping[str, Any]) -> Iterator[str]:
        for item in self.procedure.fields:
            if item.printed and item.kind not in BY_HAND and not is_oath(item):
                yield from (path for path in paths(item) if not is_empty(value_at(answers, path)))


@pytest.mark.parametrize("code", DECLARED)
def test_every_answer_is_on_the_paper_in_every_situation(code: str) -> None:
    procedure, form = declared(code)
    reader = Reader(procedure, form)
    for said in situations(procedure):
        assert reader.missing(said) == [], changed(procedure, said)
    for item in procedure.fields:
        if item.printed and item.asked and not item.derive and item.kind not in BY_HAND:
            assert reader.seen.intersection(paths(item)), f"{item.key} was never answered here, so nothing was tried"


@pytest.mark.parametrize("code", ["1.000656", "1.001731", "1.014027"])
def test_a_line_that_is_left_out_is_noticed(code: str) -> None:
    """The test above can fail: of a form without one of its lines something is missing."""
    procedure, form = declared(code)
    said = made_up.distinct(procedure)
    answers = complete(procedure, said, OFFICE, DAY)
    tried = 0
    for line in form.lines:
        keys = [key for text in texts(line) for key in wording.keys(text) if value_at(answers, key) not in (None, "")]
        if keys and holds(line.when, answers, DAY) and not any(wording.ticks(text) for text in texts(line)):
            without = replace(form, lines=tuple(one for one in form.lines if one is not line))
            assert Reader(procedure, without).missing(said), line
            tried += 1
    assert tried >= 6


def changed(procedure: Procedure, said: Mapping[str, Any]) -> dict[str, Any]:
    usual = told(procedure)
    return {key: value for key, value in said.items() if usual.get(key) != value}


def written(item: Field, value: Any, answers: Mapping[str, Any]) -> Iterator[str]:
    if item.kind == "group_list":
        for row in value:
            yield from (
                "X" if part.kind == "boolean" else kinds.of(part).on_paper(part, row[part.key])
                for part in item.fields
                if row.get(part.key) not in (None, "", False) and holds(part.when, answers, DAY)
            )
    elif item.kind == "money":
        yield f"{value:,}".replace(",", ".")
    elif item.kind == "boolean":
        yield "a box that is ticked"
    elif item.key == "lam_ngay":
        yield signature_blocks.long_date(value)
    else:
        yield kinds.of(item).on_paper(item, value)
