"""The practice visit of a request."""

from kiosk.context.practice_visits import PracticeVisit
from kiosk.pages import access
from kiosk.pages.access import context, live_visit, visitor


def current_visit() -> PracticeVisit:
    """Return the visit of this request; a new screen gets one."""
    live = live_visit()
    return context().practice_visits.open(
        session=visitor().id,
        live_session=live.visitor.id if live else "",
        screen=access.screen_name(),
        now=context().clock.now(),
    )


def visit_mark() -> str:
    """Return the mark by which a page knows whether its visit goes on: the beginning of the session's hash."""
    return visitor().id[:16]
