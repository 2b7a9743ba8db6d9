"""View model of a touchscreen's call for an officer, and the place in the form of the call."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from kiosk.acts import applying
from kiosk.base.errors import DraftGone
from kiosk.pages import access
from kiosk.pages.access import context, visitor
from kiosk.procedures import journey
from kiosk.records import staff
from kiosk.records.help_calls import CallPlace, OfficerCall
from kiosk.vietnam.calendar import time_of_day

BUSY_AFTER = timedelta(minutes=5)
"""Without an answer for so long, the screen says that the officers are busy."""
FORM_PAGE = re.compile(r"/form/([^/]+)")


@dataclass(frozen=True)
class CallNotice:
    """The call of a screen in words: when and for how many minutes; who comes, from which counter, since when."""

    state: Literal["called", "coming", "opened", "here"]
    at: str
    minutes: int
    is_busy: bool
    name: str = ""
    full_name: str = ""
    counter: int | None = None
    answered_at: str = ""


def call_notice() -> CallNotice | None:
    """Return the visitor's open call as the pages show it."""
    call = access.open_call()
    return as_notice(call) if call is not None else None


def as_notice(call: OfficerCall) -> CallNotice:
    """Return an open call as the pages show it; "here" after the officer has opened the covered screen."""
    now = context().clock.now()
    waited = max(now - call.since, timedelta())
    at = time_of_day(call.since)
    if call.answered_at is None:
        return CallNotice("called", at=at, minutes=int(waited.total_seconds() // 60), is_busy=waited >= BUSY_AFTER)
    with access.call_context().store.read() as db:
        officer = staff.find(db, call.officer or "")
    full_name = officer.name if officer else ""
    return CallNotice(
        "here" if call.arrived_at else "opened" if call.opened_at else "coming",
        at=at,
        minutes=int(waited.total_seconds() // 60),
        is_busy=False,
        name=full_name.rpartition(" ")[2],
        full_name=full_name,
        counter=call.counter,
        answered_at=time_of_day(call.answered_at),
    )


def call_place(page: str) -> CallPlace:
    """Return the place of a call made on a page: its screen, and procedure and step where it is in a form.

    A call from practice has no form that a desk could open.
    """
    screen = access.screen_name()
    if access.live_visit():
        return CallPlace(screen=screen, page=page)
    try:
        opened = applying.current_draft(context(), visitor().id) if visitor().draft_id else None
    except DraftGone:
        opened = None
    if opened is None:
        return CallPlace(screen=screen, page=page)
    procedure = context().catalogue.version(opened.draft.code, opened.draft.version)
    step: int | None = None
    steps: int | None = None
    if procedure is not None:
        match = FORM_PAGE.fullmatch(page)
        step_id, _, part = (match[1] if match else "").partition(".")
        form_step = procedure.by_step.get(step_id)
        form_page = journey.FormPage(form_step, part) if form_step else None
        step, steps = journey.page_number(procedure, opened.draft, context().clock.today(), form_page)
    return CallPlace(
        screen=screen,
        page=page,
        draft_id=opened.id,
        procedure=opened.draft.code,
        version=opened.draft.version,
        step=step,
        steps=steps,
    )
