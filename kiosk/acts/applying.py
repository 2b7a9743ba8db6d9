"""A citizen fills in a form: begin, answer, submit, leave.

Acts that only move a draft write no audit line: how an answer came stands beside the answer.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import printers.spool
import sync.attempts
import sync.file_outbox
from kiosk import codes
from kiosk.context import Context
from kiosk.dossiers import filing, sealed_drafts
from kiosk.dossiers.filing import Filed
from kiosk.dossiers.sealed_drafts import OpenedDraft
from kiosk.errors import AlreadySubmitted, DraftGone, FormChanged, StoreFull
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.model import Procedure, Step
from kiosk.records import (
    calls,
    counters,
    decisions,
    drafts,
    inspections,
    lookups,
    openings,
    refusals,
    reuse,
    scans,
    seats,
    sessions,
    submissions,
    tickets,
)
from kiosk.store import disk_reserve, files

REUSE = "reuse"
LONGEST_DAYS = 365
"""A body without any act for a year is wiped, whatever became of its case (docs/security.md)."""
Change = TypeVar("Change")


def begin(
    context: Context, session: str, procedure: Procedure, answers: dict[str, Any], lacking: list[str]
) -> OpenedDraft:
    """Open a form; what was in hand before is wiped. StoreFull when the disk has no room for another one."""
    if not disk_reserve.may_begin(context.config.folder):
        raise StoreFull
    return take_up(context, session, Draft(procedure.code, procedure.version, answers=answers, lacking=lacking))


def take_up(context: Context, session: str, draft: Draft) -> OpenedDraft:
    """Give a session this form; what was in hand before is wiped."""
    draft_id, now = codes.new_id(), context.clock.now()
    with context.store.write() as db:
        held = sessions.read(db, session, "citizen")
        if held and held.draft_id:
            drafts.drop(db, held.draft_id)
        if held is None:
            sessions.open(db, session, "citizen", now)
        drafts.begin(
            db,
            drafts.DraftRow(
                id=draft_id,
                session=session,
                procedure=draft.code,
                version=draft.version,
                body=sealed_drafts.seal(context, draft_id, draft),
                created_at=now,
                touched_at=now,
            ),
        )
        sessions.hold(db, session, draft_id=draft_id)
    return OpenedDraft(draft_id, draft)


def in_hand(context: Context, session: str) -> OpenedDraft:
    """Return the form a session holds; AlreadySubmitted or DraftGone when it holds none."""
    with context.store.read() as db:
        held = sessions.read(db, session, "citizen")
        if held is None or not held.draft_id:
            if held is not None and held.submission_id:
                raise AlreadySubmitted(held.submission_id)
            raise DraftGone
        row = drafts.read(db, held.draft_id)
    return OpenedDraft(row.id, sealed_drafts.unseal(context, row.id, row.body))


def answer(context: Context, draft_id: str, change: Callable[[Draft], Change]) -> Change:
    """Change a draft by what was just said; the change is decided on what the store holds now."""
    with context.store.write() as db:
        row = drafts.read(db, draft_id)
        draft = sealed_drafts.unseal(context, row.id, row.body)
        said = change(draft)
        drafts.save(db, draft_id, sealed_drafts.seal(context, draft_id, draft), context.clock.now())
    return said


def submit(context: Context, session: str, draft_id: str, *, may_keep: bool) -> Filed:
    """Turn a draft into a submission with ticket, outbox row and print jobs; only the first of several touches does.

    What is judged is what was taken, so no other screen changes it in between. AlreadySubmitted, FormChanged, or
    Unfinished, and then the draft stays.
    """
    with context.store.write() as db:
        row = drafts.take(db, draft_id)
        if row is None:
            raise AlreadySubmitted(draft_id)
        draft = sealed_drafts.unseal(context, row.id, row.body)
        procedure = context.catalogue.version(draft.code, draft.version)
        if procedure is None:
            raise FormChanged
        answers = sealed_drafts.judged(context, procedure, draft, context.clock.today())
        filed = filing.file(db, context, draft_id, procedure, answers, draft.sources)
        if may_keep:
            _keep(db, context, procedure, answers)
        sessions.hold(db, session, submission_id=draft_id)
    return filed


def leave(context: Context, session: str) -> None:
    """Wipe whatever a session holds, and the session; the next person finds nothing."""
    with context.store.write() as db:
        held = sessions.read(db, session, "citizen")
        if held and held.draft_id:
            drafts.drop(db, held.draft_id)
        calls.withdraw(db, session)
        sessions.close(db, session)
    context.scans.forget(session)


def arrive(context: Context, session: str) -> None:
    """Open a session for somebody who came to the screen."""
    with context.store.write() as db:
        sessions.open(db, session, "citizen", context.clock.now())


def ease(context: Context, session: str, **settings: str | bool) -> None:
    """Change how the pages look for this person."""
    with context.store.write() as db:
        sessions.change(db, session, **settings)


def call_officer(context: Context, session: str, place: str) -> bool:
    """Raise a hand, or take it down again; return whether it is up."""
    with context.store.write() as db:
        if calls.is_raised(db, session):
            calls.withdraw(db, session)
            return False
        calls.raise_(db, session, place, context.clock.now())
    return True


def forget_old(context: Context) -> int:
    """Wipe drafts, sessions and kept answers whose time is over; return how many drafts."""
    now = context.clock.now()
    with context.store.write() as db:
        gone = drafts.forget_untouched(db, now - timedelta(hours=context.config.keep.draft_hours))
        sessions.forget_unseen(db, now - timedelta(hours=context.config.keep.draft_hours))
        reuse.forget_expired(db, now)
        calls.forget_before(db, now - timedelta(days=1))
        keep = context.config.keep
        submissions.wipe(db, now - timedelta(days=keep.body_days), now - timedelta(days=LONGEST_DAYS))
        inspections.wipe(db)
        lookups.wipe(db)
        openings.wipe(db)
        for scan_id in scans.wipe(db):
            sync.file_outbox.drop(db, scan_id, now)
        scanned = scans.names(db)
        decisions.wipe(db)
        refusals.wipe(db)
        tickets.forget_before(db, context.clock.today() - timedelta(days=keep.ticket_days))
        counters.forget_before(db, context.clock.today() - timedelta(days=keep.ticket_days))
        seats.forget_before(db, context.clock.today() - timedelta(days=keep.ticket_days))
        printers.spool.forget(db, now - timedelta(days=keep.ticket_days))
        sync.attempts.forget(db, now - timedelta(days=LONGEST_DAYS))
    files.sweep(context.config.scans_folder, scanned, now)
    return gone


def recall(context: Context, procedure: Procedure, step: Step, number: str) -> dict[str, Any]:
    """Return what a person let be kept, under the keys of the page; nothing without consent or after its time."""
    owner = context.vault.keyed_hash("applicant", number)
    with context.store.read() as db:
        kept = reuse.find(db, owner, context.clock.now())
    if kept is None:
        return {}
    told = json.loads(context.vault.open(REUSE, owner, kept.body))
    return {key: told[name] for name, key in _kept_keys(procedure, step).items() if name in told}


def _keep(db: Any, context: Context, procedure: Procedure, answers: dict[str, Any]) -> None:
    """Keep what a card does not tell of the applicant, and of nobody else (one cannot consent for another)."""
    today = context.clock.today()
    step = journey.applicant(procedure, answers, today)
    if step is None:
        return
    number = filing.applicant_number(procedure, answers, today)
    told = {name: answers[key] for name, key in _kept_keys(procedure, step).items() if answers.get(key)}
    if not number or not told:
        return
    owner, now = context.vault.keyed_hash("applicant", number), context.clock.now()
    body = context.vault.seal(REUSE, owner, json.dumps(told, ensure_ascii=False).encode())
    reuse.keep(db, reuse.Kept(owner, body, now, _months_on(now, context)))


def _kept_keys(procedure: Procedure, step: Step) -> dict[str, str]:
    """Return the keys of the home and the telephone of a page's person."""
    if step.person is None:
        return {}
    phones = [key for key in step.fields if procedure.by_key[key].kind == "phone"]
    found = {"residence": step.person.fills.get("residence", "_"), "phone": next(iter(phones), "_")}
    return {name: key for name, key in found.items() if not key.startswith("_")}


def _months_on(now: datetime, context: Context) -> datetime:
    return now + timedelta(days=30 * context.config.keep.reuse_months)
