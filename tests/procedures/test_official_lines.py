"""Declarations line by line: each printed line is a line of the form, in its order and with its words.

`official_lines/CODE.txt` has the lines of the form as a public copy of it has them.
"""

import re
from pathlib import Path

import pytest

from kiosk.procedures.conditions import holds
from kiosk.procedures.model import DeclarationLine, Procedure
from tests.procedures.texts import DAY, procedure

FOLDER = Path(__file__).parent / "official_lines"
SITUATIONS = {"1.001612": {"chu_the": "gia_dinh", "mat_ket_noi": False}}
"""Answers with which every line of the form is printed once."""
DATE = "… /… /……"
ITALIC = "(in nghiêng) "
AS_ABOVE = "(như trên)"


def official(code: str) -> list[str]:
    """Return the lines of a form, with one kind of dots and written out in full."""
    lines: list[str] = []
    for line in (FOLDER / f"{code}.txt").read_text("utf-8").splitlines():
        label, _, rest = line.partition(": ")
        full = f"{label}: {lines[-1].partition(': ')[2]}" if rest == AS_ABOVE else line
        lines.append(_plain(full.replace(DATE, "……").removeprefix(ITALIC)))
    return lines


def printed(form: Procedure) -> list[str]:
    """Return the lines that a procedure prints, with dots for answers and boxes for options."""
    layout = form.declaration
    assert layout is not None
    lines = [line for line in layout.lines if holds(line.when, SITUATIONS[form.code], DAY)]
    signatures = [text for signature in layout.signatures for text in (signature.title, signature.note)]
    head = [f"{layout.form_code}, {layout.issued_by}", layout.title]
    return [*head, *(_plain(_with_table(form, line)) for line in lines), *signatures]


def _with_table(form: Procedure, line: DeclarationLine) -> str:
    if not line.table:
        return line.text
    columns = (column.official or column.label.vi for column in form.by_key[line.table].fields)
    return f"{line.text} bảng {' | '.join((line.number_head, *columns))}"


def _plain(text: str) -> str:
    boxed = re.sub(r"\{[\w.]+\?[\w-]+\}", "☐", text)
    dotted = re.sub(r"\{[\w.]+\}|…+", "……", boxed)
    return re.sub(r"\s+", " ", dotted).strip()


@pytest.mark.parametrize("code", SITUATIONS)
def test_lines_are_those_of_the_form(code: str) -> None:
    assert printed(procedure(code)) == official(code)


@pytest.mark.parametrize("code", SITUATIONS)
def test_italics_are_in_italics(code: str) -> None:
    layout = procedure(code).declaration
    assert layout is not None
    lines = (FOLDER / f"{code}.txt").read_text("utf-8").splitlines()
    in_italics = [line.removeprefix(ITALIC) for line in lines if line.startswith(ITALIC)]
    assert [line.text for line in layout.lines if line.italic] == in_italics
