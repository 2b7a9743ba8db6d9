"""Blueprint of the touchscreen's pages, and the template context that they share."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import draft_turns
from kiosk.base import clock
from kiosk.base.i18n import translator
from kiosk.pages import access
from kiosk.pages.access import context, visitor
from kiosk.pages.citizen.call_notice import call_notice
from kiosk.pages.citizen.page_voice import page_voice
from kiosk.records import screen_covers
from kiosk.vietnam import calendar

citizen = Blueprint("citizen", __name__)
WHILE_COVERED = {
    "citizen.measure",
    "citizen.covered",
    "citizen.covered_state",
    "citizen.open_cover",
    "citizen.help",
}
"""Endpoints that a covered session may request."""


@citizen.before_request
def check_request() -> Answer | None:
    """Load the visitor's session, or start one; require the CSRF token; a covered screen shows its cover alone."""
    visitor()
    access.check_csrf()
    return redirect_if_covered()


@citizen.after_request
def set_cookie(response: Any) -> Any:
    """Set the cookie of a new session."""
    return access.set_cookie(response)


def render(template: str, call_page: str = "", **values: Any) -> str:
    """Return a page in the visitor's language, text size, theme, voice and typing method.

    Args:
        template: the page's file.
        call_page: path of the page that a call for an officer is made on, where it is not the requested one.
        values: what the template shows.
    """
    lang = visitor().lang
    config = context().config
    _ = translator(lang)
    return render_template(
        template,
        lang=lang,
        size=visitor().size,
        theme=visitor().theme,
        typing_method=visitor().typing,
        voice=page_voice(),
        voice_settings=visitor(),
        practice=config.kiosk.practice,
        beside=access.live_visit() is not None,
        ward={"name": config.ward.name, "center": _short_center(config.ward.center, config.ward.name)},
        place=_("Làm thủ tục"),
        csrf=access.csrf_token(),
        call=call_notice(),
        call_page=call_page or access.own_path(),
        idle={
            "seconds": config.screen.idle_seconds,
            "reading_seconds": config.screen.reading_seconds,
            "warning_seconds": config.screen.warning_seconds,
        },
        own_path=access.own_path(),
        has_form=visitor().draft_id is not None and not access.live_visit(),
        turn=_turn(),
        now=_clock_texts(lang),
        scan_window=config.screen.scan_window,
        tone=config.keyboard.tone,
        _=_,
        **values,
    )


def redirect_if_covered() -> Answer | None:
    """Return a redirect to the cover for every page of a covered session; None where the page may be shown."""
    if visitor().draft_id is None or request.endpoint in WHILE_COVERED:
        return None
    with context().store.read() as db:
        is_covered = screen_covers.find(db, visitor().id) is not None
    return redirect(url_for("citizen.covered"), 303) if is_covered else None


def _turn() -> dict[str, str | int] | None:
    """Return the number of the turn that a page of the form is shown in, and its page; None without a form.

    No desk takes part in practice beside the live kiosk.
    """
    if visitor().draft_id is None or access.live_visit():
        return None
    turn = draft_turns.find_turn(context(), visitor().draft_id or "")
    page = (request.view_args or {}).get("page", "")
    return {"number": turn.turn if turn else 0, "page": str(page)}


def _short_center(center: str, ward: str) -> str:
    """Return the center's name without the ward's name, which is shown above it."""
    tail = ward[:1].lower() + ward[1:]
    return center.removesuffix(tail).strip() or center


def _clock_texts(lang: str) -> dict[str, str]:
    now = clock.local(context().clock.now())
    time = f"{now.hour}:{now.minute:02d}"
    if lang == "en":
        return {"clock": time, "day": f"{now:%a} {now.day}/{now.month}"}
    weekday = calendar.weekday(now.date())
    return {"clock": time, "day": f"{weekday[:1].upper()}{weekday[1:]}, {now.day}/{now.month}"}
