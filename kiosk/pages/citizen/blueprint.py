"""What every page of the touchscreen shares: its blueprint and what its templates are given."""

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
    """Know who stands here before a page is made."""
    visitor()
    access.check_csrf()


@citizen.after_request
def set_cookie(answer: Any) -> Any:
    """Hand out a new cookie."""
    return access.set_cookie(answer)


def render(template: str, **shown: Any) -> str:
    """Return a page in the visitor's language, size and ground."""
    who = visitor()
    config = context().config
    _ = translator(who.lang)
    return render_template(
        template,
        lang=who.lang,
        size=who.size,
        theme=who.theme,
        practice=config.kiosk.practice,
        ward={"name": config.ward.name, "center": _short_center(config.ward.center, config.ward.name)},
        place=_("Làm thủ tục"),
        csrf=access.csrf_token(),
        helped=access.is_help_requested(),
        idle={"seconds": config.screen.idle_seconds, "warning_seconds": config.screen.warning_seconds},
        now=_now(who.lang),
        scan_window=config.screen.scan_window,
        tone=config.keyboard.tone,
        _=_,
        **shown,
    )


def _short_center(center: str, ward: str) -> str:
    """The ward's name stands above it already."""
    tail = ward[:1].lower() + ward[1:]
    return center.removesuffix(tail).strip() or center


def _now(lang: str) -> dict[str, str]:
    at = clock.local(context().clock.now())
    if lang == "en":
        return {"clock": f"{at.hour}:{at.minute:02d}", "day": f"{at:%a} {at.day}/{at.month}"}
    weekday = calendar.weekday(at.date())
    return {"clock": f"{at.hour}:{at.minute:02d}", "day": f"{weekday[:1].upper()}{weekday[1:]}, {at.day}/{at.month}"}
