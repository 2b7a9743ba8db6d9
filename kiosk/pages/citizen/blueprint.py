"""Blueprint of the touchscreen's pages, and the template context that they share."""

from typing import Any

from flask import Blueprint, render_template

from kiosk import clock
from kiosk.i18n import translator
from kiosk.pages import access
from kiosk.pages.access import context, visitor
from kiosk.vietnam import calendar

citizen = Blueprint("citizen", __name__)


@citizen.before_request
def check_request() -> None:
    """Load the visitor's session, or start one, and require the CSRF token."""
    visitor()
    access.check_csrf()


@citizen.after_request
def set_cookie(response: Any) -> Any:
    """Set the cookie of a new session."""
    return access.set_cookie(response)


def render(template: str, **values: Any) -> str:
    """Return a page in the visitor's language, text size and theme."""
    lang = visitor().lang
    config = context().config
    _ = translator(lang)
    return render_template(
        template,
        lang=lang,
        size=visitor().size,
        theme=visitor().theme,
        practice=config.kiosk.practice,
        ward={"name": config.ward.name, "center": _short_center(config.ward.center, config.ward.name)},
        place=_("Làm thủ tục"),
        csrf=access.csrf_token(),
        helped=access.is_help_requested(),
        idle={"seconds": config.screen.idle_seconds, "warning_seconds": config.screen.warning_seconds},
        now=_clock_texts(lang),
        scan_window=config.screen.scan_window,
        tone=config.keyboard.tone,
        _=_,
        **values,
    )


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
