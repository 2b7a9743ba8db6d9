"""Kept forms: what opens a kept draft besides its slip, and how far it was filled in.

A form opens with its slip and one thing that is not printed on it: a card that was scanned in the form, or four digits
that the person chose. A card counts by number, birth date and day of issue, which a scanner that types does not lose.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Literal

from sqlite_utils import Database

from kiosk.base import codes
from kiosk.base.errors import FormChanged
from kiosk.context import Context
from kiosk.dossiers import kept_versions, sealed_drafts
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.draft_migration import migrate_draft
from kiosk.procedures.model import Procedure
from kiosk.records import audit, draft_turns, drafts, kept_drafts, screen_covers, sessions
from kiosk.records.kept_drafts import KeptDraft
from kiosk.vietnam.id_card import Card

VAULT_PURPOSE = "kept draft"
SCANNED_CARD = "_scanned"
"""Prefix of the draft's keys for the hash of a scanned card, by page; they never leave the draft."""
DIGITS = 4
MAX_MISSES = 5
"""Number of wrong cards or digits at touchscreens after which only the desk opens the form."""
OpenedBy = Literal["card", "digits", "officer"]


@dataclass(frozen=True)
class KeptSecrets:
    """The code of a slip, the hashes of the cards that open it, and the hash of the digits; empty for none."""

    code: str
    cards: tuple[str, ...]
    digits: str


@dataclass(frozen=True)
class Progress:
    """Finished parts of a form, and all of them; the page before the form counts, as on the bridge of each page."""

    done: int
    steps: int


@dataclass(frozen=True)
class KeptForm:
    """A form that is kept, as slip and pages show it; `job_id` is the print job of its slip."""

    kept: KeptDraft
    code: str
    opened_by: OpenedBy
    job_id: int | None = None


@dataclass(frozen=True)
class KeptVisit:
    """The session whose form is kept, with its queue number, and the name of its touchscreen, for the slip."""

    session: str
    screen: str


def last_day(context: Context) -> date:
    """Return the day until whose end a form is kept from today."""
    return context.clock.today() + timedelta(days=context.config.keep.kept_days)


def code_hash(context: Context, code: str) -> str:
    """Return the hash under which the code of a slip is stored."""
    return context.vault.keyed_hash("kept form code", code)


def opened_by(kept: KeptDraft, secrets: KeptSecrets) -> OpenedBy:
    """Return what opens a kept form besides its slip; without card and digits, or after wrong tries, an officer."""
    if kept.misses >= MAX_MISSES or not (secrets.cards or secrets.digits):
        return "officer"
    return "card" if secrets.cards else "digits"


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


def keep_in_place(
    db: Database, context: Context, row: drafts.DraftRow, *, visit: KeptVisit, actor: str, digits: str = ""
) -> KeptForm:
    """Keep the draft of a visit until a day of the settings, and take it from its screen; no slip is printed here.

    The only way in which a form becomes a kept one: at the citizen's wish, and after the longest cover. A form that was
    kept before keeps its code, so that the first slip still opens it.

    Args:
        actor: "citizen", or "worker" after the longest cover.
        digits: the hash of the digits that the person chose; empty for none.
    """
    draft = sealed_drafts.unseal(context, row.id, row.body)
    earlier = kept_drafts.find(db, row.id)
    secrets = _secrets(context, row.id, earlier, cards=scanned_cards(draft), digits=digits)
    reached = progress(context.catalogue.version(draft.code, draft.version), draft, context.clock.today())
    kept = KeptDraft(
        draft_id=row.id,
        code_hash=code_hash(context, secrets.code),
        sealed=seal(context, row.id, secrets),
        procedure=draft.code,
        version=draft.version,
        steps_done=reached.done,
        steps=reached.steps,
        screen=visit.screen,
        kept_at=context.clock.now(),
        kept_until=last_day(context),
        times=earlier.times + 1 if earlier else 1,
        ticket_id=kept_drafts.ticket_of_visit(db, visit.session) or (earlier.ticket_id if earlier else None),
    )
    kept_drafts.save(db, kept)
    take_from_screen(db, row.id)
    append_line(db, context, act="keep_form", actor=actor, kept=kept)
    return KeptForm(kept=kept, code=secrets.code, opened_by=opened_by(kept, secrets))


def _secrets(
    context: Context, draft_id: str, earlier: KeptDraft | None, cards: tuple[str, ...], digits: str
) -> KeptSecrets:
    if earlier is None or earlier.sealed is None:
        return KeptSecrets(code=codes.kept_code(context.config.kiosk.id), cards=cards, digits=digits)
    known = unseal(context, draft_id, earlier.sealed)
    return KeptSecrets(code=known.code, cards=tuple(sorted({*known.cards, *cards})), digits=digits or known.digits)


def take_from_screen(db: Database, draft_id: str) -> None:
    """Take a draft from the screen that has it open; a cover hides nothing then, so it ends."""
    session = sessions.of_draft(db, draft_id)
    if session is not None:
        screen_covers.delete(db, session.id)
        sessions.release_draft(db, draft_id)


def append_line(db: Database, context: Context, *, act: str, actor: str, kept: KeptDraft, reason: str = "") -> None:
    """Append an audit line about a kept form: procedure and last day, and why it was opened without its slip."""
    facts: dict[str, audit.AuditFact] = {"procedure": kept.procedure, "until": kept.kept_until.isoformat()}
    if reason:
        facts["reason"] = reason
    line = audit.AuditLine(act=act, actor=actor, subject=kept.draft_id, facts=facts)
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


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
    kept_versions.keep(db, context, procedure)
    drafts.save_version(db, row.id, version=draft.version, body=body, now=context.clock.now())
    return True
