"""Parts of a call for an officer that several acts share: its audit line, its end, and the code for the screen."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from sqlite_utils import Database

from kiosk.context import Context
from kiosk.records import audit, help_calls, sessions
from kiosk.records.audit import AuditFact
from kiosk.records.help_calls import OfficerCall

CODE_MINUTES = 5
"""Minutes for which the officer's four digits open a covered screen."""


def append_line(
    db: Database,
    context: Context,
    *,
    act: str,
    actor: str,
    call: OfficerCall,
    facts: Mapping[str, AuditFact] | None = None,
) -> None:
    """Append an audit line about a call: with the screen, and in a form with procedure and step."""
    where: dict[str, AuditFact] = {"screen": call.screen}
    if call.procedure:
        where |= {"procedure": call.procedure, "step": f"{call.step}/{call.steps}" if call.step else None}
    line = audit.AuditLine(act=act, actor=actor, subject=f"call {call.id}", facts=where | dict(facts or {}))
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def end_call(
    db: Database, context: Context, call: OfficerCall, by: Literal["citizen", "officer", "timeout"], actor: str
) -> bool:
    """End a call and note it; return False when it had ended."""
    if not help_calls.end(db, call.id, by, context.clock.now()):
        return False
    append_line(db, context, act="help_end", actor=actor, call=call, facts={"ended_by": by})
    return True


def open_call_at_desk(db: Database, context: Context, draft_id: str, officer: str, counter: int | None) -> None:
    """Record that an officer has opened the form of a call at a desk; nothing where no call is about this draft.

    A call from before the form was begun counts too: it is the call of the same visit.
    """
    session = sessions.of_draft(db, draft_id)
    call = help_calls.find_of_draft(db, draft_id) or (help_calls.find_open(db, session.id) if session else None)
    if call and help_calls.open_at_desk(db, call.id, officer=officer, counter=counter, now=context.clock.now()):
        append_line(db, context, act="help_open", actor=officer, call=call)


def end_call_of_session(db: Database, context: Context, session: str) -> None:
    """End the open call of a session whose citizen leaves."""
    call = help_calls.find_open(db, session)
    if call is not None:
        end_call(db, context, call, by="citizen", actor="citizen")


def officer_code(context: Context, call: OfficerCall) -> str:
    """Return the four digits that open the screen of a call; empty when they are not valid.

    They are computed from the store's key and the time at which they began, so that no table holds them.
    """
    if (
        not call.code_at
        or call.code_misses >= help_calls.MAX_CODE_MISSES
        or not _is_within(call.code_at, context.clock.now())
    ):
        return ""
    digest = context.vault.keyed_hash("screen digits", f"{call.id} {call.code_at.isoformat()}")
    return f"{int(digest[:12], 16) % 10_000:04d}"


def _is_within(begun: datetime, now: datetime) -> bool:
    # A clock that was set back must not make the code valid for longer.
    return begun <= now < begun + timedelta(minutes=CODE_MINUTES)
