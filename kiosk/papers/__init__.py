"""Printed papers: one module for each kind of paper, composed from the store for each print.

The spool has a reference and no words, so a paper has the present content of the store. To add a kind: a module with
`compose(context, subject, facts)`, a line in `_PAPERS`, and its name in the `use` of a printer in kiosk.toml. Sheets of
an office printer are composed by `case_papers`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from kiosk.base import clock
from kiosk.config.list_sections import OFFICE_JOBS, TRIAL_JOBS
from kiosk.context import Context
from kiosk.papers import (
    case_papers,
    fee,
    kept_slip,
    letterhead,
    missing,
    practice_sheet,
    printer_test,
    readiness_sheet,
    refund,
    slip,
    ticket,
)
from printers.devices.base import Printable
from printers.document import Document, mark_as_reprint, repeat

_PAPERS: dict[str, Callable[[Context, str, Mapping[str, Any]], Document | None]] = {
    "ticket": ticket.compose,
    "slip": slip.compose,
    "kept": kept_slip.compose,
    "missing": missing.compose,
    "fee": fee.compose,
    "refund": refund.compose,
    "practice": practice_sheet.compose,
    "readiness": readiness_sheet.compose,
}


def compose(context: Context, kind: str, subject: str, facts: Mapping[str, Any]) -> Printable | None:
    """Return the paper of a print job; None when its kind is unknown or its subject has been wiped."""
    if kind.startswith(OFFICE_JOBS):
        return case_papers.compose(context, subject, facts)
    compose_paper = printer_test.compose if kind.startswith(TRIAL_JOBS) else _PAPERS.get(kind)
    paper = compose_paper(context, subject, facts) if compose_paper else None
    if paper is None:
        return None
    paper = replace(paper, practice=paper.practice or context.config.kiosk.practice)
    if int(facts.get("copy", 1)) > 1:
        asked_at = clock.parse_timestamp(facts["asked_at"]) if facts.get("asked_at") else context.clock.now()
        paper = mark_as_reprint(paper, int(facts["copy"]), letterhead.format_moment(asked_at))
    copies = int(facts.get("copies", 1))
    return repeat(paper, copies) if copies > 1 else paper
