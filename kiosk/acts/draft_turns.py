"""One draft, two hands: an officer opens a citizen's draft at the desk, and the turn to type goes to and fro.

Each act is one write. The citizen takes the turn at once; the desk asks for it, and no answer for 20 s means no. A
screen that has been silent for 5 s cannot answer, so the desk then gets the turn without one. Opening and ending are in
the audit trail; who gave each answer is in the draft.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlite_utils import Database

from kiosk.base.errors import DraftElsewhere, TurnLost
from kiosk.context import Context
from kiosk.dossiers import help_calls, sealed_drafts
from kiosk.dossiers.sealed_drafts import Result
from kiosk.procedures.answers import Draft
from kiosk.records import audit, desk_drafts, draft_turns, drafts, sessions, staff
from kiosk.records import help_calls as help_call_records
from kiosk.records.desk_drafts import Begun, DeskDraft
from kiosk.records.draft_turns import DraftTurn, Hand, Side

ANSWER_SECONDS = 20.0
"""Time for which a question for the turn waits for the citizen's answer; without one it means no."""
SILENT_SECONDS = 5.0
"""Time after which a side that no longer asks counts as disconnected."""


@dataclass(frozen=True)
class Desk:
    """An officer (a code of the staff) at a counter; `ticket_id` is the citizen's number there, if there is one."""

    officer: str
    counter: int | None
    ticket_id: str | None = None


def open_at_desk(
    context: Context, draft_id: str, desk: Desk, *, is_forced: bool = False, reason: str = ""
) -> DraftTurn:
    """Open a draft at a desk and return the turn: number 0 of a draft that an officer has begun, which has no turns.

    Where no screen shows the draft, the desk has the turn at once. The screen of a citizen who called gives it by
    itself, with the text that is in its boxes. A citizen who did not call keeps it, and the officer asks for it.

    Args:
        is_forced: take the draft over from another officer who has it open.
        reason: why a draft is opened that was found by a name, for the trail.

    Raises:
        DraftGone: the draft was deleted or submitted.
        DraftElsewhere: another officer has it open.
    """
    with context.store.write() as db:
        row = drafts.read(db, draft_id)
        current = draft_turns.find(db, draft_id)
        if current is not None and current.officer == desk.officer:
            return draft_turns.save(db, replace(current, counter=desk.counter))
        before = desk_drafts.find(db, draft_id)
        is_taken = before is not None and before.actor != desk.officer
        if before and is_taken and not is_forced:
            raise _elsewhere(db, before.actor, current)
        if before and before.begun == "desk":
            turn = DraftTurn(draft_id=draft_id, turn=0, holder="desk", officer=desk.officer, counter=desk.counter)
        else:
            turn = _begin_turn(db, context, draft_id, desk, current if is_taken else None)
        _put_on_desk(db, context, draft_id, desk)
        facts: dict[str, audit.AuditFact] = {"procedure": row.procedure}
        if reason:
            facts["reason"] = reason
        if before and is_taken:
            facts["before"] = before.actor
        act = "draft_take" if is_taken else "draft_open"
        _audit(db, context, act=act, turn=turn, actor=desk.officer, facts=facts)
        help_calls.open_call_at_desk(db, context, draft_id, officer=desk.officer, counter=desk.counter)
        return turn


def find_turn(context: Context, draft_id: str) -> DraftTurn | None:
    """Return the turn of a draft; a question that has waited too long is no question any more."""
    with context.store.read() as db:
        turn = draft_turns.find(db, draft_id)
    if turn is not None and turn.is_asked and _is_overdue(context, turn):
        return replace(turn, is_asked=False)
    return turn


def is_at_desk(context: Context, draft_id: str | None) -> bool:
    """Return whether a desk has a draft open."""
    with context.store.read() as db:
        return draft_id is not None and draft_turns.is_at_desk(db, draft_id)


def ask(context: Context, draft_id: str, officer: str) -> DraftTurn:
    """Ask the citizen for the turn; a screen that is silent, or gone, gives it at once.

    Raises:
        TurnLost: another officer has the draft open, or none.
    """
    with context.store.write() as db:
        turn = _turn_of(db, draft_id, officer)
        if turn.holder == "desk" or (turn.is_asked and not _is_overdue(context, turn)):
            return turn
        if not _is_screen_there(db, context, draft_id):
            return draft_turns.pass_to(db, turn, "desk")
        turn = draft_turns.ask(db, turn)
    context.presence.begin_question(draft_id, turn.ask_no, context.clock.monotonic())
    return turn


def answer(
    context: Context,
    draft_id: str,
    ask_no: int,
    *,
    is_granted: bool,
    change: Callable[[Draft], object] | None = None,
) -> DraftTurn | None:
    """Answer the desk's question for the turn; an answer that is late or repeated changes nothing.

    Args:
        change: stores what stands in the boxes of the citizen's page, before the turn changes hands.
    """
    with context.store.write() as db:
        turn = draft_turns.find(db, draft_id)
        if turn is None or not turn.is_asked or turn.ask_no != ask_no or _is_overdue(context, turn):
            return turn
        if not is_granted:
            return draft_turns.decline(db, turn)
        if change is not None:
            sealed_drafts.change_stored(db, context, draft_id, hand=Hand("screen", turn.turn), change=change)
        return draft_turns.pass_to(db, turn, "desk")


def take(context: Context, draft_id: str) -> DraftTurn | None:
    """Give the turn to the citizen, who types on; the desk goes on watching."""
    with context.store.write() as db:
        turn = draft_turns.find(db, draft_id)
        if turn is None or (turn.holder == "screen" and not turn.is_asked):
            return turn
        return draft_turns.pass_to(db, turn, "screen") if turn.holder == "desk" else draft_turns.decline(db, turn)


def give_back(context: Context, draft_id: str, officer: str) -> DraftTurn:
    """Give the turn to the citizen's screen; without a screen the desk keeps it.

    Raises:
        TurnLost: another officer has the draft open, or none.
    """
    with context.store.write() as db:
        turn = _turn_of(db, draft_id, officer)
        if turn.holder == "screen" or sessions.of_draft(db, draft_id) is None:
            return turn
        return draft_turns.pass_to(db, turn, "screen")


def end(context: Context, draft_id: str, officer: str) -> DraftTurn | None:
    """End the desk's part; the draft goes on at its screen, with everything that was typed.

    A draft that no screen has stays at the desk: nobody else could go on with it.
    """
    with context.store.write() as db:
        turn = draft_turns.find(db, draft_id)
        if turn is None or turn.officer != officer or sessions.of_draft(db, draft_id) is None:
            return turn
        ended = draft_turns.end(db, turn)
        desk_drafts.delete(db, draft_id)
        _audit(db, context, act="draft_end", turn=ended, actor=officer, facts={})
        return ended


def update_draft(context: Context, draft_id: str, hand: Hand, change: Callable[[Draft], Result]) -> Result:
    """Apply a change of the desk to the stored draft and return what the change returns.

    Raises:
        TurnLost: the desk no longer has the turn; nothing was written.
        DraftGone: the draft was deleted or submitted.
    """
    with context.store.write() as db:
        return sealed_drafts.change_stored(db, context, draft_id, hand=hand, change=change)


def _turn_of(db: Database, draft_id: str, officer: str) -> DraftTurn:
    turn = draft_turns.find(db, draft_id)
    if turn is None or turn.officer != officer:
        raise TurnLost
    return turn


def _begin_turn(db: Database, context: Context, draft_id: str, desk: Desk, taken: DraftTurn | None) -> DraftTurn:
    """Begin the turn of a draft at a desk; one that is taken over from another desk stays with its side."""
    holder: Side = taken.holder if taken else _first_holder(db, context, draft_id)
    turn = draft_turns.opened(db, draft_id, holder=holder, officer=desk.officer, counter=desk.counter)
    if holder == "screen" and _has_called(db, draft_id):
        turn = draft_turns.ask(db, turn)
        context.presence.begin_question(draft_id, turn.ask_no, context.clock.monotonic(), is_granted=True)
    return turn


def _first_holder(db: Database, context: Context, draft_id: str) -> Side:
    return "screen" if _is_screen_there(db, context, draft_id) else "desk"


def _put_on_desk(db: Database, context: Context, draft_id: str, desk: Desk) -> None:
    """Show the draft among those of the desk."""
    session = sessions.of_draft(db, draft_id)
    begun: Begun = "screen" if session else "kept"
    origin = sessions.screen_of(db, session.id) if session else ""
    desk_drafts.insert(
        db,
        DeskDraft(
            draft_id=draft_id,
            actor=desk.officer,
            ticket_id=desk.ticket_id,
            begun=begun,
            opened_at=context.clock.now(),
            origin=origin,
        ),
    )


def _has_called(db: Database, draft_id: str) -> bool:
    session = sessions.of_draft(db, draft_id)
    return session is not None and help_call_records.find_open(db, session.id) is not None


def _is_screen_there(db: Database, context: Context, draft_id: str) -> bool:
    """Return whether a screen shows the draft and has asked for its turn in the last seconds."""
    if sessions.of_draft(db, draft_id) is None:
        return False
    return context.presence.silent_seconds(draft_id, "screen", context.clock.monotonic()) < SILENT_SECONDS


def _is_overdue(context: Context, turn: DraftTurn) -> bool:
    waited = context.presence.asked_seconds(turn.draft_id, turn.ask_no, context.clock.monotonic())
    return waited >= ANSWER_SECONDS


def _elsewhere(db: Database, officer: str, turn: DraftTurn | None) -> DraftElsewhere:
    return DraftElsewhere(staff.names(db).get(officer, officer), turn.counter if turn else None)


def _audit(
    db: Database, context: Context, *, act: str, turn: DraftTurn, actor: str, facts: dict[str, audit.AuditFact]
) -> None:
    line = audit.AuditLine(act=act, actor=actor, subject=turn.draft_id, facts=facts)
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
