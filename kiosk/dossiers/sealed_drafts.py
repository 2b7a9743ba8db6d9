"""Seal, unseal and validate drafts.

The citizen's form and the desk's correction share this: an officer may not store answers that a citizen may not submit.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar

from sqlite_utils import Database

from kiosk.context import Context
from kiosk.procedures import checks, journey
from kiosk.procedures.answers import Draft, complete
from kiosk.procedures.checks import CheckContext
from kiosk.procedures.model import Check, Procedure
from kiosk.records import draft_turns, drafts
from kiosk.records.draft_turns import Hand

VAULT_PURPOSE = "draft"
Result = TypeVar("Result")
"""The result of a function that changes a draft."""


@dataclass(frozen=True)
class OpenedDraft:
    """An unsealed draft and its id."""

    id: str
    draft: Draft


class UnfinishedForm(Exception):  # noqa: N818 - read in a sentence
    """A form that may not be submitted yet: a page is not filled in (no checks listed), or `failed_checks` fail."""

    def __init__(self, failed_checks: list[Check]) -> None:
        super().__init__(", ".join(check.rule for check in failed_checks))
        self.failed_checks = failed_checks


def seal(context: Context, draft_id: str, draft: Draft) -> bytes:
    """Return a draft encrypted for the store."""
    return context.vault.seal(VAULT_PURPOSE, draft_id, json.dumps(draft.as_json(), ensure_ascii=False).encode())


def unseal(context: Context, draft_id: str, body: bytes) -> Draft:
    """Return the draft of an encrypted body, without the fields that only another release knows."""
    stored = json.loads(context.vault.open(VAULT_PURPOSE, draft_id, body))
    known = {field.name for field in fields(Draft)}
    return Draft(**{name: value for name, value in stored.items() if name in known})


def change_stored(
    db: Database, context: Context, draft_id: str, hand: Hand, change: Callable[[Draft], Result]
) -> Result:
    """Apply a change to the stored draft, in the caller's write, and return what the change returns.

    `change` gets the draft as the store has it now. What it types counts as the hand's.

    Raises:
        TurnLost: the hand does not have the turn of this draft.
    """
    row = drafts.read(db, draft_id)
    draft_turns.require(db, draft_id, hand)
    draft = unseal(context, row.id, row.body)
    draft.writer = hand.officer
    result = change(draft)
    drafts.save(db, draft_id, body=seal(context, draft_id, draft), now=context.clock.now())
    return result


def validated_answers(context: Context, procedure: Procedure, draft: Draft, day: date) -> dict[str, Any]:
    """Return the answers of a draft with all derived answers.

    Checks of level "warning" are not applied: the pages showed them before.

    Raises:
        UnfinishedForm: a page is not filled in, or a check of level "error" fails.
    """
    check_context = CheckContext(day, context.office)
    if journey.first_unfinished(procedure, draft, day):
        raise UnfinishedForm([])
    answers = complete(procedure=procedure, given=draft.answers, office=check_context.office, today=day)
    strict_checks = [check for check in procedure.checks if check.level == "error"]
    failed_checks = [check for check in strict_checks if not checks.passes(check, answers, check_context)]
    if failed_checks:
        raise UnfinishedForm(failed_checks)
    return answers
