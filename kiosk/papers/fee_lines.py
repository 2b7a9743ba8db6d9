"""Fees of a situation as lines of a paper, with strong amounts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kiosk.dossiers import checklist
from kiosk.procedures.model import Procedure
from printers.document import Run, Text


def fees(procedure: Procedure, known: Mapping[str, Any], today: date) -> tuple[Text, ...]:
    """Return "Lệ phí: ... 0 đồng; ... 16.000 đồng."; empty when no fee applies."""
    due = checklist.fees_due(procedure, known, today)
    runs: list[Run] = []
    for fee in due:
        line = checklist.fee_line(fee, known)
        runs.append(Run("; " if runs else "Lệ phí: "))
        runs.append(Run(line.label))
        if line.amount:
            runs.append(Run(line.amount, "strong"))
    if not runs:
        return ()
    has_exemptions = any(fee.exempt or fee.local_options for fee in due)
    exemption_notes = (Text("Diện được miễn thì nói với cán bộ."),) if has_exemptions else ()
    resolutions = dict.fromkeys(filter(None, map(checklist.resolution_words, due)))
    sources = tuple(Text(f"Mức theo {words}.") for words in resolutions)
    return (Text((*runs, Run("."))), *sources, *exemption_notes)
