"""What to bring and what to pay, in a citizen's situation, as papers say it.

`known` are the answers with the situations, chosen and derived: what the conditions of a procedure ask for.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from kiosk.papers.letterhead import money
from kiosk.procedures import fees as amounts
from kiosk.procedures.conditions import holds
from kiosk.procedures.model import Fee, Paper, Procedure
from printers.document import Run, Text


def papers(procedure: Procedure, known: Mapping[str, Any], today: date) -> list[Paper]:
    """Return the papers of a situation, those that one need not have at the end."""
    found = [one for one in procedure.papers if holds(one.when, known, today)]
    return sorted(found, key=lambda one: one.optional)


def name(paper: Paper) -> str:
    """Return a paper's name, and that it may be absent."""
    return f"{paper.name.vi}, nếu có" if paper.optional else paper.name.vi


def fees(procedure: Procedure, known: Mapping[str, Any], today: date) -> tuple[Text, ...]:
    """Return "Lệ phí: ... 0 đồng; ... 16.000 đồng." with the money strong; nothing where no fee applies."""
    due = amounts.due(procedure, known, today)
    runs: list[Run] = []
    for fee in due:
        runs.append(Run("; " if runs else "Lệ phí: "))
        runs += _words(fee, known)
    if not runs:
        return ()
    spared = (Text("Diện được miễn thì nói với cán bộ."),) if any(fee.exempt for fee in due) else ()
    return (Text((*runs, Run("."))), *spared)


def _words(fee: Fee, known: Mapping[str, Any]) -> Iterator[Run]:
    label = fee.name.vi[:1].lower() + fee.name.vi[1:]
    total = amounts.total(fee, known)
    if total is None:
        yield Run(f"{label} theo mức của thành phố")
        return
    unit = fee.unit.vi if fee.unit else "bản"
    yield Run(f"{label}, {amounts.count(fee, known)} {unit}, " if fee.per else f"{label} ")
    yield Run(money(total), "strong")
