"""A citizen calls an officer to a touchscreen; an officer sees the call, answers it, and ends it.

Every state of a call is a line of the audit trail. The first officer who answers gets the call.
"""

from kiosk.context import Context
from kiosk.dossiers import turning_back
from kiosk.dossiers.help_calls import append_line, end_call
from kiosk.records import help_calls, sessions
from kiosk.records.help_calls import CallPlace


def call_officer(context: Context, session: str, place: CallPlace) -> bool:
    """Call an officer to the screen; False when a call of this session is open."""
    with context.store.write() as db:
        if not help_calls.insert(db, session, place, context.clock.now()):
            return False
        call = help_calls.find_open(db, session)
        if call is not None:
            append_line(db, context, act="help_call", actor="citizen", call=call)
        row = sessions.find(db, session, "citizen")
        turning_back.count(db, context, row.draft_id if row else None, kind="called")
    return True


def withdraw(context: Context, session: str) -> bool:
    """End the call of a session at the citizen's wish; False when none is open."""
    with context.store.write() as db:
        call = help_calls.find_open(db, session)
        return call is not None and end_call(db, context, call, by="citizen", actor="citizen")


def follow_citizen(context: Context, session: str, place: CallPlace) -> None:
    """Store on which page the citizen of an open call is now."""
    with context.store.write() as db:
        call = help_calls.find_open(db, session)
        if call is not None:
            help_calls.move_page(db, call.id, place)


def restart_visit(context: Context, old: str, new: str, screen: str) -> None:
    """Begin a new session at a screen that was left idle; the open call goes on, everything else of the visit ends."""
    with context.store.write() as db:
        sessions.insert(db, new, audience="citizen", now=context.clock.now(), screen=screen)
        help_calls.move_session(db, old, new)
        sessions.delete(db, old)
    context.card_inbox.end_session(old)


def see(context: Context, call_id: int, actor: str) -> bool:
    """Record that an officer has seen a call; False when that is recorded, or the call is answered or ended."""
    with context.store.write() as db:
        call = help_calls.find(db, call_id)
        if call is None or not help_calls.mark_seen(db, call_id, context.clock.now()):
            return False
        append_line(db, context, act="help_seen", actor=actor, call=call)
    return True


def answer(context: Context, call_id: int, actor: str, counter: int | None = None) -> bool:
    """Record that an officer comes; False when another officer answered, or the call has ended."""
    with context.store.write() as db:
        call = help_calls.find(db, call_id)
        if call is None or not help_calls.answer(db, call_id, officer=actor, counter=counter, now=context.clock.now()):
            return False
        append_line(db, context, act="help", actor=actor, call=call, facts={"counter": counter})
    return True


def renew_code(context: Context, call_id: int, actor: str) -> bool:
    """Give the officer who comes new digits for the screen; False when the call is another one's or has ended."""
    with context.store.write() as db:
        call = help_calls.find(db, call_id)
        if call is None or not help_calls.renew_code(db, call_id, officer=actor, now=context.clock.now()):
            return False
        append_line(db, context, act="help_code", actor=actor, call=call)
    return True


def finish(context: Context, call_id: int, actor: str) -> bool:
    """End a call at a desk; False when it had ended."""
    with context.store.write() as db:
        call = help_calls.find(db, call_id)
        return call is not None and end_call(db, context, call, by="officer", actor=actor)
