"""An officer shows a person at the desk their own data, and deletes on request what is not submitted.

The person's card is scanned. Found are the forms in progress and the kept forms in which they are the applicant, their
kept home and telephone, and their submitted forms, which stay: a register of the authority is not deleted on request.
Each act leaves an audit line with counts and receipt numbers.

Source: law 91/2025/QH15 art. 4 and 14.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

import printers.spool
from kiosk.base.errors import NotAllowed
from kiosk.context import Context
from kiosk.dossiers import applicant, kept_details, kept_forms, sealed_drafts
from kiosk.procedures.model import Procedure
from kiosk.records import audit, corrections, drafts, kept_drafts, reuse, submissions
from kiosk.records.submissions import Submission
from kiosk.vietnam.id_card import Card

Requester = Literal["self", "proxy"]
REQUESTERS: tuple[Requester, ...] = ("self", "proxy")
"""Who asks: the person of the card, or somebody with a paper that lets them act for the person."""
MAX_NAMED = 20
"""Submitted forms that the audit line names."""


@dataclass(frozen=True)
class OwnForm:
    """A form that is not submitted, with its answers."""

    draft_id: str
    procedure: Procedure
    answers: Mapping[str, Any]
    begun_at: datetime
    is_kept: bool


@dataclass(frozen=True)
class OwnData:
    """Data of one person: unsubmitted forms, kept details ("residence", "phone"), submitted forms, newest first."""

    forms: tuple[OwnForm, ...]
    details: Mapping[str, Any]
    cases: tuple[Submission, ...]


@dataclass(frozen=True)
class Deleted:
    """Number of deleted unsubmitted forms, and whether kept details were deleted."""

    forms: int
    details: bool


def show(context: Context, card: Card, requester: str, actor: str) -> OwnData:
    """Return the data of the person of a card, and record that it was shown.

    Raises:
        NotAllowed: it is not said who asks.
    """
    _require_requester(requester)
    with context.store.write() as db:
        data = OwnData(
            forms=_find_forms(db, context, card),
            details=_find_details(db, context, card),
            cases=_find_cases(db, context, card),
        )
        facts: dict[str, audit.AuditFact] = {
            "reason": requester,
            "forms": len(data.forms),
            "details": bool(data.details),
            "cases": " ".join(case.receipt_no for case in data.cases[:MAX_NAMED]),
        }
        _audit(db, context, act="own_data_shown", actor=actor, facts=facts)
    return data


def delete(context: Context, card: Card, requester: str, actor: str) -> Deleted:
    """Delete the unsubmitted forms and the kept details of the person of a card; submitted forms stay.

    Raises:
        NotAllowed: it is not said who asks.
    """
    _require_requester(requester)
    owner = kept_details.owner_of_card(context, card)
    with context.store.write() as db:
        forms = _find_forms(db, context, card)
        for form in forms:
            _delete_form(db, form.draft_id, actor=actor, now=context.clock.now())
        deleted = Deleted(forms=len(forms), details=owner is not None and reuse.delete(db, owner))
        facts: dict[str, audit.AuditFact] = {
            "reason": requester,
            "forms": deleted.forms,
            "details": deleted.details,
        }
        _audit(db, context, act="own_data_deleted", actor=actor, facts=facts)
    return deleted


def _require_requester(requester: str) -> None:
    if requester not in REQUESTERS:
        raise NotAllowed("Mời chọn ai yêu cầu.", "Please say who asks.")


def _find_forms(db: Database, context: Context, card: Card) -> tuple[OwnForm, ...]:
    """Return the unsubmitted forms whose applicant has the number of the card, the newest change first.

    A correction of a submitted form is the desk's.
    """
    found = []
    for row in drafts.list_all(db):
        draft = sealed_drafts.unseal(context, row.id, row.body)
        procedure = context.catalogue.version(row.procedure, row.version)
        if procedure is None:
            continue
        number = applicant.id_number(procedure, draft.answers, context.clock.today())
        if number == card.id_number and not corrections.is_correction(db, row.id):
            found.append(
                OwnForm(
                    draft_id=row.id,
                    procedure=procedure,
                    answers=draft.answers,
                    begun_at=row.created_at,
                    is_kept=kept_drafts.find(db, row.id) is not None,
                )
            )
    return tuple(found)


def _find_details(db: Database, context: Context, card: Card) -> Mapping[str, Any]:
    owner = kept_details.owner_of_card(context, card)
    row = reuse.find(db, owner, context.clock.now()) if owner else None
    details: dict[str, Any] = json.loads(context.vault.open(kept_details.BODY, row.owner, row.body)) if row else {}
    return details


def _find_cases(db: Database, context: Context, card: Card) -> tuple[Submission, ...]:
    found = submissions.by_applicant(db, context.vault.keyed_hash("applicant", card.id_number))
    return tuple(submissions.last_revisions(db, [case.id for case in found]))


def _delete_form(db: Database, draft_id: str, *, actor: str, now: datetime) -> None:
    """Delete a form, what opens it, and slips that are not printed yet; a screen that has it open loses it."""
    kept_forms.take_from_screen(db, draft_id)
    for job in printers.spool.of_subject(db, draft_id):
        if job.state in ("queued", "waiting"):
            printers.spool.cancel(db, job.id, by=actor, now=now)
    kept_drafts.delete(db, draft_id)
    drafts.delete(db, draft_id)


def _audit(db: Database, context: Context, *, act: str, actor: str, facts: dict[str, audit.AuditFact]) -> None:
    line = audit.AuditLine(act=act, actor=actor, subject=actor, facts=facts)
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
