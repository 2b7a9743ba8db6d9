"""Printed forms of a procedure file for made-up people, in the branches that show all their lines and options."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

from kiosk.base.clock import SYSTEM
from kiosk.config import Config
from kiosk.context import office_of
from kiosk.procedures.answers import complete
from kiosk.procedures.branches import Branch, branches
from kiosk.procedures.conditions import holds
from kiosk.procedures.model import Procedure
from kiosk.procedures.printed_forms import needed_forms
from kiosk.procedures.trial import answered


@dataclass(frozen=True)
class PrintedBranches:
    """A PDF with a declaration for each branch, and a line of text for each: its pages and its answers."""

    pdf: bytes
    pages: tuple[str, ...]


def compose(config: Config) -> Callable[[Procedure, Mapping[str, Any]], object]:
    """Return a function that makes the declaration of a procedure from complete answers; None without a form."""
    from kiosk.papers import declaration, letterhead  # lays out A4: no other command waits for it

    header = declaration.FormHeader(
        ward=office_of(config.ward).short,
        machine=letterhead.machine_name(config),
        receipt_no=f"{config.kiosk.id}-TAP",
        at=SYSTEM.now(),
        practice=True,
    )
    row_count = cache(declaration.row_count)  # a thousand branches share most lines

    def compose(procedure: Procedure, answers: Mapping[str, Any]) -> object:
        if procedure.declaration is None:
            return None
        return declaration.complete_sheet(procedure, answers=answers, header=header, row_count_of=row_count)

    return compose


def every_branch(procedure: Procedure, config: Config, today: date) -> PrintedBranches:
    """Return the declaration in as few branches as show each line, signature, printed answer and option once."""
    import pypdfium2

    from printers.render.pdf import render_sheet

    sheet_of = compose(config)
    merged = pypdfium2.PdfDocument.new()
    lines: list[str] = []
    for branch, answers in shown_branches(procedure, config, today):
        with pypdfium2.PdfDocument(render_sheet(sheet_of(procedure, answers))) as part:  # type: ignore[arg-type]
            first = len(merged) + 1
            merged.import_pages(part)
        choices = ", ".join(f"{key} = {value}" for key, value in branch.items()) or "trả lời như mẫu"
        lines.append(f"trang {first}: {choices}")
    out = BytesIO()
    merged.save(out)
    merged.close()
    return PrintedBranches(out.getvalue(), tuple(lines))


def shown_branches(procedure: Procedure, config: Config, today: date) -> list[tuple[Branch, dict[str, Any]]]:
    """Return (branch, complete answers) of the fewest branches that show all that any branch shows."""
    office = office_of(config.ward)
    shown: list[tuple[Branch, dict[str, Any], frozenset[object]]] = []
    for branch in branches(procedure, today):
        answers = complete(procedure, given=answered(procedure, branch, today), office=office, today=today)
        shown.append((branch, answers, _shown(procedure, answers, today)))
    open_items = frozenset[object]().union(*(items for _, _, items in shown))
    chosen: list[tuple[Branch, dict[str, Any]]] = []
    while open_items:
        branch, answers, items = max(shown, key=lambda entry: len(entry[2] & open_items))
        chosen.append((branch, answers))
        open_items -= items
    return chosen


def _shown(procedure: Procedure, answers: Mapping[str, Any], today: date) -> frozenset[object]:
    """Return the lines, signatures, answers and ticked boxes that a branch prints."""
    forms = needed_forms(procedure, answers, today)
    if not forms:
        return frozenset()
    lines = [
        ("line", form.title, number)
        for form in forms
        for number, line in enumerate(form.lines)
        if holds(line.when, answers, today)
    ]
    signatures = [
        ("signature", form.title, item.key)
        for form in forms
        for item in form.signatures
        if holds(item.when, answers, today)
    ]
    texts = " ".join(text for form in forms for line in form.lines for text in (line.text, *line.cells))
    boxes = re.findall(r"\{([^{}?]+)\?([\w-]+)\}", texts)
    options = [("option", key, box) for key, box in boxes if box in _ticked(answers.get(key))]
    return frozenset([*lines, *signatures, *options, *(("answer", key) for key in answers)])


def _ticked(answer: Any) -> list[str]:
    """Return the ids of the boxes that an answer ticks."""
    if isinstance(answer, bool):
        return [str(answer).lower()]
    return [str(option) for option in answer] if isinstance(answer, list) else [str(answer)]
