"""What is printed: one paper a module, composed anew from the store each time.

The spool keeps a reference and no words, so a paper says what the store says now. To add a kind: a module with a
`compose(room, subject, facts)`, a line in `_PAPERS`, and its name among the `use` of a printer in kiosk.toml.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from kiosk import clock
from kiosk.context import Context
from kiosk.papers import fee, letterhead, missing, slip, ticket
from printers.document import Document, mark_as_reprint

_PAPERS: dict[str, Callable[[Context, str, Mapping[str, Any]], Document | None]] = {
    "ticket": ticket.compose,
    "slip": slip.compose,
    "missing": missing.compose,
    "fee": fee.compose,
}


def compose(context: Context, kind: str, subject: str, facts: Mapping[str, Any]) -> Document | None:
    """Return the paper of a print job; None when its kind is unknown or what it tells of has been wiped."""
    maker = _PAPERS.get(kind)
    paper = maker(context, subject, facts) if maker else None
    if paper is None:
        return None
    paper = replace(paper, practice=context.config.kiosk.practice)
    if int(facts.get("copy", 1)) <= 1:
        return paper
    asked_at = clock.parse_timestamp(facts["asked_at"]) if facts.get("asked_at") else context.clock.now()
    return mark_as_reprint(paper, int(facts["copy"]), letterhead.moment(asked_at))
