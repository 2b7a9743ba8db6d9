"""A citizen's screen is covered while the form stays open, is opened again, or is put away after the longest wait.

A cover opens for a card that was scanned in the form, for four digits that the person chose, or for the digits that the
desk shows to the officer who comes. A form without a personal answer opens by a touch.
"""

import hmac
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Literal

from sqlite_utils import Database

from kiosk.base.errors import SealBroken
from kiosk.context import Context
from kiosk.dossiers import kept_forms, sealed_drafts
from kiosk.dossiers.draft_owner import has_personal_answers, scanned_numbers
from kiosk.dossiers.help_calls import append_line, end_call, officer_code
from kiosk.dossiers.kept_forms import KeptVisit
from kiosk.procedures.answers import Draft
from kiosk.records import drafts, help_calls, screen_covers, sessions
from kiosk.records.help_calls import CallPlace, OfficerCall
from kiosk.records.screen_covers import ScreenCover

Opening = Literal["open", "wrong", "officer", "gone"]
"""Result of a try: open; wrong; only an officer can open it; the screen is not covered any more."""


def cover(context: Context, session: str, place: str, digits: str = "") -> bool:
    """Cover the screen of a session that has a form; False when it has none, or is covered.

    Args:
        place: the page that the opened screen shows.
        digits: four digits that the person chose; empty for none.
    """
    chosen = _hash_digits(context, session, digits) if digits else None
    with context.store.write() as db:
        row = sessions.find(db, session, "citizen")
        if row is None or not row.draft_id:
            return False
        is_new = screen_covers.insert(db, session, place=place, digits=chosen, now=context.clock.now())
    context.card_inbox.end_session(session)
    return is_new


def open_by_card(context: Context, session: str, id_number: str) -> Opening:
    """Open a covered screen for a card that was scanned in its form.

    Args:
        id_number: the number of the card; empty for a code that is no card.
    """
    with context.store.write() as db:
        screen = screen_covers.find(db, session)
        if screen is None:
            return "gone"
        draft = _draft(db, context, session)
        return _try(db, screen, is_right=id_number in scanned_numbers(draft))


def open_by_digits(context: Context, session: str, digits: str) -> Opening:
    """Open a covered screen for the four digits that the person chose."""
    with context.store.write() as db:
        screen = screen_covers.find(db, session)
        if screen is None:
            return "gone"
        is_right = hmac.compare_digest(_hash_digits(context, session, digits), screen.digits or "")
        return _try(db, screen, is_right=is_right)


def open_by_touch(context: Context, session: str) -> Opening:
    """Open a covered screen whose form has no personal answer yet."""
    with context.store.write() as db:
        screen = screen_covers.find(db, session)
        if screen is None:
            return "gone"
        if screen.digits is not None or has_personal_answers(_draft(db, context, session)):
            return "wrong"
        screen_covers.delete(db, session)
        return "open"


def open_by_officer(context: Context, session: str, digits: str) -> Opening:
    """Open a covered screen for the digits that the desk shows; the officer of the call has arrived."""
    with context.store.write() as db:
        screen = screen_covers.find(db, session)
        call = help_calls.find_open(db, session)
        if screen is None:
            return "gone"
        if call is None:
            return "wrong"
        code = officer_code(context, call)
        if not code or not hmac.compare_digest(code.encode(), digits.encode()):
            help_calls.count_code_miss(db, call.id)
            append_line(db, context, act="cover_missed", actor="screen", call=call)
            return "wrong"
        screen_covers.delete(db, session)
        help_calls.mark_arrived(db, call.id, context.clock.now())
        append_line(db, context, act="cover_opened", actor=call.officer or "screen", call=call)
    return "open"


def put_away_overdue(context: Context) -> int:
    """Put away the forms that were covered for too long, and end calls without a form; return how many.

    The session ends, so the screen goes to the start page. The form is kept like one whose person asked for it, without
    a slip: the desk opens it or prints the slip.
    """
    now = context.clock.now()
    before = now - timedelta(minutes=context.config.screen.cover_minutes)
    with context.store.read() as db:
        if not screen_covers.made_before(db, before) and not _calls_without_form(db, before):
            return 0
    ended = []
    with context.store.write() as db:
        for screen in screen_covers.made_before(db, before):
            _put_away(db, context, screen)
            ended.append(screen.session)
        for call in _calls_without_form(db, before):
            end_call(db, context, call, by="timeout", actor="worker")
            ended.append(call.session)
    for session in ended:
        context.card_inbox.end_session(session)
    return len(ended)


def _try(db: Database, screen: ScreenCover, *, is_right: bool) -> Opening:
    """Open a cover for a right try of the person; count a wrong one."""
    if screen.is_for_officer:
        return "officer"
    if is_right:
        screen_covers.delete(db, screen.session)
        return "open"
    screen_covers.count_miss(db, screen.session)
    left = screen_covers.find(db, screen.session)
    return "officer" if left and left.is_for_officer else "wrong"


def _put_away(db: Database, context: Context, screen: ScreenCover) -> None:
    """Keep the form of a covered session and end it; the desk finds the form as a call that ended by the longest wait.

    The chosen digits of the cover are a hash that only this session can repeat, so they do not open the kept form.
    """
    row = sessions.find(db, screen.session, "citizen")
    draft_id = row.draft_id if row else None
    call = help_calls.find_open(db, screen.session) or _call_for_desk(db, screen, draft_id)
    if call is not None:
        end_call(db, context, call, by="timeout", actor="worker")
    if draft_id is not None:
        visit = KeptVisit(screen.session, sessions.screen_of(db, screen.session))
        # A damaged form is read before anything is written; it must not keep this screen, and all others, covered.
        with suppress(SealBroken):
            kept_forms.keep_in_place(db, context, drafts.read(db, draft_id), visit=visit, actor="worker")
    sessions.delete(db, screen.session)


def _calls_without_form(db: Database, before: datetime) -> list[OfficerCall]:
    """Return the open calls that were made, or answered, before a time and concern no form."""
    return [
        call
        for call in help_calls.open_calls(db)
        if call.draft_id is None and (call.answered_at or call.since) < before
    ]


def _call_for_desk(db: Database, screen: ScreenCover, draft_id: str | None) -> OfficerCall | None:
    """Insert a call for a screen that was covered without one, so that the desk finds its form."""
    if draft_id is None:
        return None
    draft = drafts.read(db, draft_id)
    place = CallPlace(
        screen=sessions.screen_of(db, screen.session),
        page=screen.place,
        draft_id=draft_id,
        procedure=draft.procedure,
        version=draft.version,
    )
    help_calls.insert(db, screen.session, place, screen.since)
    return help_calls.find_open(db, screen.session)


def _draft(db: Database, context: Context, session: str) -> Draft:
    row = sessions.find(db, session, "citizen")
    draft = drafts.read(db, row.draft_id if row and row.draft_id else "")
    return sealed_drafts.unseal(context, draft.id, draft.body)


def _hash_digits(context: Context, session: str, digits: str) -> str:
    return context.vault.keyed_hash("chosen digits", f"{session} {digits}")
