"""What to bring and what to pay, in a citizen's situation, as papers say it.

`known` are the answers with the situations, chosen and derived: what the conditions of a procedure ask for.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from kiosk.papers.letterhead import money
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
    due = [fee for fee in procedure.fees if _is_due(fee, known, today)]
    runs: list[Run] = []
    for fee in due:
        runs.append(Run("; " if runs else "Lệ phí: "))
        runs += _words(fee, known)
    if not runs:
        return ()
    spared = (Text("Diện được miễn thì nói với cán bộ."),) if any(fee.exempt for fee in due) else ()
    return (Text((*runs, Run("."))), *spared)


def _is_due(fee: Fee, known: Mapping[str, Any], today: date) -> bool:
    is_in_force = (fee.from_ or today) <= today <= (fee.to or today)
    return is_in_force and holds(fee.when, known, today) and (not fee.per or bool(known.get(fee.per)))


def _words(fee: Fee, known: Mapping[str, Any]) -> Iterator[Run]:
    label = fee.name.vi[:1].lower() + fee.name.vi[1:]
    count = int(known.get(fee.per) or 0) if fee.per else 1
    if fee.amount is None:
        yield Run(f"{label} theo mức của thành phố")
        return
    yield Run(f"{label}, {count} bản, " if fee.per else f"{label} ")
    yield Run(money(fee.amount * count), "strong")
