"""A form in hand: sealed in its draft, opened, and judged before it may become a submission.

The citizen's form and the desk's correction share it: what a citizen may not hand in, an officer may not write down.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from kiosk.context import Context
from kiosk.procedures import checks, journey
from kiosk.procedures.answers import Draft, complete
from kiosk.procedures.checks import Scene
from kiosk.procedures.model import Check, Procedure

DRAFT = "draft"
"""The kind of record that a sealed draft is, for the vault."""


@dataclass(frozen=True)
class OpenedDraft:
    """The form that somebody holds."""

    id: str
    draft: Draft


class Unfinished(Exception):  # noqa: N818 - read in a sentence
    """A form that may not be handed in yet: a page of its way is open, or these checks are broken."""

    def __init__(self, faults: list[Check]) -> None:
        super().__init__(", ".join(check.rule for check in faults))
        self.faults = faults


def seal(context: Context, draft_id: str, draft: Draft) -> bytes:
    """Return a draft as the store keeps it."""
    return context.vault.seal(DRAFT, draft_id, json.dumps(draft.as_table(), ensure_ascii=False).encode())


def unseal(context: Context, draft_id: str, body: bytes) -> Draft:
    """Return a draft that the store kept."""
    return Draft(**json.loads(context.vault.open(DRAFT, draft_id, body)))


def judged(context: Context, procedure: Procedure, draft: Draft, day: date) -> dict[str, Any]:
    """Return the answers with all that follows from them; Unfinished. Doubts (warnings) were shown before."""
    scene = Scene(day, context.office)
    if journey.first_open(procedure, draft, day):
        raise Unfinished([])
    answers = complete(procedure, draft.answers, scene.office, day)
    strict = [check for check in procedure.checks if check.level == "error"]
    faults = [check for check in strict if not checks.is_well(check, answers, scene)]
    if faults:
        raise Unfinished(faults)
    return answers
