"""Kept details: an applicant's address and phone, stored with consent and offered when the same card is scanned again.

The text of a card is not signed and a number is easily known, so the owner is a keyed hash of number, name, birth date
and day of issue together. A card that was typed, or that lacks one of these, neither finds nor changes anything.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from kiosk.context import Context
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.model import FormStep, Procedure
from kiosk.records import reuse
from kiosk.vietnam.id_card import Card

BODY = "reuse"
"""Vault purpose of kept details."""
CARD_OWNER = "_card"
"""Prefix of the draft's keys for the owner of a scanned card, by step; they never leave the draft."""


@dataclass(frozen=True)
class Applicant:
    """The applicant's step of a form, and the owner of the card that filled it."""

    step: FormStep
    owner: str


def owner_of_card(context: Context, card: Card) -> str | None:
    """Return the owner of a card's details; None where the card does not have all four facts.

    The birth date is as on the card: of some old people only the year is known.
    """
    facts = (card.id_number, card.full_name, card.date_of_birth, card.issued_on)
    return None if card.lossy else owner_of_facts(context, facts)


def owner_of_facts(context: Context, facts: Sequence[str]) -> str | None:
    """Return the owner of number, name, birth date and day of issue; None where one of them lacks."""
    return context.vault.keyed_hash("kept details", "|".join(facts)) if all(facts) else None


def applicant(procedure: Procedure, draft: Draft, today: date) -> Applicant | None:
    """Return the applicant of a draft; None where nobody in the form applies, or no card of theirs was scanned."""
    step = journey.applicant_step(procedure, journey.answers_with_situations(procedure, draft, today), today)
    owner = draft.get(f"{CARD_OWNER}.{step.id}") if step else None
    if step is None or not owner or step.id in draft.by_hand or step.id in draft.skipped:
        return None
    return Applicant(step=step, owner=owner)


def find(db: Database, context: Context, procedure: Procedure, draft: Draft) -> dict[str, Any]:
    """Return the kept details of a draft's applicant, by the keys of their step; none without consent or card."""
    found = applicant(procedure, draft, context.clock.today())
    row = reuse.find(db, found.owner, context.clock.now()) if found else None
    if found is None or row is None:
        return {}
    details = json.loads(context.vault.open(BODY, row.owner, row.body))
    return {key: details[name] for name, key in _keys(procedure, found.step).items() if name in details}


def save(db: Database, context: Context, procedure: Procedure, draft: Draft, answers: Mapping[str, Any]) -> None:
    """Save the applicant's address and phone. Not those of others: nobody can consent for another person."""
    found = applicant(procedure, draft, context.clock.today())
    if found is None:
        return
    details = {name: answers[key] for name, key in _keys(procedure, found.step).items() if answers.get(key)}
    if not details:
        return
    body = context.vault.seal(BODY, found.owner, json.dumps(details, ensure_ascii=False).encode())
    now = context.clock.now()
    reuse.save(db, reuse.ReuseRow(owner=found.owner, body=body, consented_at=now, expires_at=_expiry(context, now)))


def restore(draft: Draft, details: Mapping[str, Any]) -> bool:
    """Fill in kept details; return whether there were any to fill in.

    A residence is restored only if the card still has the same text; a phone only if none was given.
    """
    wanted = missing(draft, details)
    for key, value in wanted.items():
        draft.put(key, value, "kept")
    return bool(wanted)


def missing(draft: Draft, details: Mapping[str, Any]) -> dict[str, Any]:
    """Return the kept details that the draft does not have yet."""
    return {key: value for key, value in details.items() if _is_missing(draft.get(key), value)}


def _is_missing(current: Any, kept: Any) -> bool:
    if not isinstance(kept, dict):
        return current is None
    return isinstance(current, dict) and current.get("card") == kept.get("card") and current != kept


def _keys(procedure: Procedure, step: FormStep) -> dict[str, str]:
    """Return the answer keys of address and phone of a step's person, by the names "residence" and "phone".

    A helper key begins with an underscore; its answer is only on the card, so it is not kept.
    """
    if step.person is None:
        return {}
    phones = [key for key in step.fields if procedure.by_key[key].kind == "phone"]
    keys = {"residence": step.person.fills.get("residence", "_"), "phone": next(iter(phones), "_")}
    return {name: key for name, key in keys.items() if not key.startswith("_")}


def _expiry(context: Context, now: datetime) -> datetime:
    return now + timedelta(days=30 * context.config.keep.reuse_months)
