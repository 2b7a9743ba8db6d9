"""Kept forms: what opens a kept draft besides its slip, and how far it was filled in.

A form opens with its slip and one thing that is not printed on it: a card that was scanned in the form, or four digits
that the person chose. A card counts by number, birth date and day of issue, which a scanner that types does not lose.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from sqlite_utils import Database

from kiosk.context import Context
from kiosk.dossiers import sealed_drafts
from kiosk.errors import FormChanged
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.draft_migration import migrate_draft
from kiosk.procedures.model import Procedure
from kiosk.records import draft_turns, drafts, kept_drafts
from kiosk.vietnam.id_card import Card

VAULT_PURPOSE = "kept draft"
SCANNED_CARD = "_scanned"
"""Prefix of the draft's keys for the hash of a scanned card, by page; they never leave the draft."""
DIGITS = 4


@dataclass(frozen=True)
class KeptSecrets:
    """The code of a slip, the hashes of the cards that open it, and the hash of the digits; empty for none."""

    code: str
    cards: tuple[str, ...]
    digits: str


@dataclass(frozen=True)
class Progress:
    """Finished steps of a form, and all of them; the page before the form counts, as in the strip of each page."""

    done: int
    steps: int


def card_hash(context: Context, card: Card) -> str:
    """Return the hash by which a scanned card opens a kept form."""
    return context.vault.keyed_hash("kept form card", f"{card.id_number}|{card.date_of_birth}|{card.issued_on}")


def scanned_cards(draft: Draft) -> tuple[str, ...]:
    """Return the hashes of the cards that were scanned in a form."""
    by_page = draft.answers.get(SCANNED_CARD) or {}
    return tuple(sorted(_leaves(by_page)))


def _leaves(value: object) -> Iterable[str]:
    """Yield the hashes of a nested answer: the page of a row (`con.0`) is a path of its own."""
    if isinstance(value, dict):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part)
    elif value:
        yield str(value)


def progress(procedure: Procedure | None, draft: Draft, today: date) -> Progress:
    """Return how far a form was filled in; no step of one whose procedure is gone."""
    if procedure is None:
        return Progress(done=0, steps=0)
    page = journey.first_unfinished(procedure, draft, today)
    number, total = journey.page_number(procedure, draft, today=today, page=page)
    return Progress(done=number - 1, steps=total)


def seal(context: Context, draft_id: str, secrets: KeptSecrets) -> bytes:
    """Return the secrets of a kept form encrypted for the store."""
    return context.vault.seal(VAULT_PURPOSE, draft_id, json.dumps(asdict(secrets)).encode())


def unseal(context: Context, draft_id: str, sealed: bytes) -> KeptSecrets:
    """Return the secrets of a kept form."""
    stored = json.loads(context.vault.open(VAULT_PURPOSE, draft_id, sealed))
    return KeptSecrets(code=stored["code"], cards=tuple(stored["cards"]), digits=stored["digits"])


def ends_with_visit(db: Database, draft_id: str) -> bool:
    """Return whether a draft is deleted with its visit: it is not kept, and no desk has it open."""
    return kept_drafts.find(db, draft_id) is None and not draft_turns.is_at_desk(db, draft_id)


def migrate_in_place(db: Database, context: Context, row: drafts.DraftRow) -> bool:
    """Migrate a draft whose version is gone from the catalogue; the draft keeps its id. False where it is not gone.

    Raises:
        FormChanged: no version of the procedure is in force.
    """
    if context.catalogue.version(row.procedure, row.version) is not None:
        return False
    today = context.clock.today()
    procedure = context.catalogue.in_force(row.procedure, today)
    if procedure is None:
        raise FormChanged
    draft = migrate_draft(sealed_drafts.unseal(context, row.id, row.body), procedure, today)
    body = sealed_drafts.seal(context, row.id, draft)
    drafts.save_version(db, row.id, version=draft.version, body=body, now=context.clock.now())
    return True
