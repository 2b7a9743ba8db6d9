"""Who may open which page: signed in, of the right role, and from our own form.

What no line below allows is refused.
"""

from datetime import UTC, datetime, timedelta, timezone

from flask import abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from sync.gateway import accounts
from sync.gateway.accounts import Session
from sync.gateway.context import context
from sync.gateway.pages import labels as said

COOKIE = "gateway_session"
_WARD_TIME = timezone(timedelta(hours=7))

_BOTH = frozenset({"operator", "auditor"})
_OPERATOR = frozenset({"operator"})
MAY = {
    "pages.sign_out": _BOTH,
    "pages.arrivals": _OPERATOR,
    "pages.submission": _OPERATOR,
    "pages.set_status": _OPERATOR,
    "pages.redeliver": _OPERATOR,
    "pages.show_machines": _OPERATOR,
    "pages.give_code": _OPERATOR,
    "pages.revoke": _OPERATOR,
    "pages.show_forwards": _OPERATOR,
    "pages.show_refused": _OPERATOR,
    "pages.show_stick": _OPERATOR,
    "pages.take_stick": _OPERATOR,
    "pages.show_faults": _OPERATOR,
    "pages.turn_fault": _OPERATOR,
    "pages.show_trail": frozenset({"auditor"}),
}
PLACES = {
    "operator": (
        ("pages.arrivals", "Hồ sơ đã đến"),
        ("pages.show_forwards", "Chuyển lên tỉnh"),
        ("pages.show_machines", "Các máy"),
        ("pages.show_refused", "Đã trả lại"),
        ("pages.show_stick", "Nhận từ USB"),
    ),
    "auditor": (("pages.show_trail", "Sổ việc đã làm"),),
}
_PRACTICE = ("pages.show_faults", "Sự cố để tập")
HOME = {"operator": "pages.arrivals", "auditor": "pages.show_trail"}


def ask_who() -> AnyResponse | None:
    """Let in only who may; the sign-in page itself stands open, and so does the practice switch to its key."""
    if _is_from_elsewhere():
        abort(403)
    if request.endpoint == "pages.sign_in" or _holds_key():
        return None
    token = request.cookies.get(COOKIE, "")
    with context().engine.begin() as db:
        found = accounts.find_session(db, token, context().settings.now()) if token else None
    if found is None:
        return redirect(url_for("pages.sign_in"))
    g.session = found
    if found.role not in MAY.get(str(request.endpoint), frozenset()):
        return _turned_away(found)
    if request.method == "POST" and not accounts.is_valid_csrf(found, request.form.get("csrf", "")):
        abort(403)
    return None


def session() -> Session:
    """Give who is signed in."""
    found: Session = g.session
    return found


def words() -> dict[str, object]:
    """Give every page the words and the session's mark."""
    found: Session | None = g.get("session")
    return {
        "statuses": said.STATUSES,
        "kinds": said.KINDS,
        "forward_words": said.FORWARDS,
        "answers": said.ANSWERS,
        "acts": said.ACTS,
        "roles": said.ROLES,
        "csrf": found.csrf if found else "",
        "who": found,
        "places": _places(found),
        "home": HOME[found.role] if found else "pages.sign_in",
        "is_practice": context().settings.practice,
    }


def _places(found: Session | None) -> tuple[tuple[str, str], ...]:
    """List where somebody may go."""
    if found is None:
        return ()
    return PLACES[found.role] + ((_PRACTICE,) if context().settings.practice and found.role == "operator" else ())


def in_local_time(text: str) -> str:
    """Write a stored time as the ward reads it."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(_WARD_TIME).strftime("%H:%M %d/%m/%Y")


def ago(text: str) -> str:
    """Say how long ago a stored time is."""
    minutes = int((context().settings.now() - datetime.fromisoformat(text)).total_seconds() // 60)
    if minutes < 1:
        return "vừa xong"
    if minutes < 60:
        return f"{minutes} phút trước"
    if minutes < 48 * 60:
        return f"{minutes // 60} giờ trước"
    return f"{minutes // (24 * 60)} ngày trước"


def _turned_away(found: Session) -> AnyResponse:
    """Show an auditor the trail instead of the operator's first page; refuse everything else."""
    if request.endpoint != "pages.arrivals":
        g.is_for_others = True
        abort(403)
    return redirect(url_for(HOME[found.role]))


def _is_from_elsewhere() -> bool:
    """Tell whether another site's page sent this form."""
    origin = request.headers.get("Origin")
    return request.method == "POST" and origin is not None and origin != request.host_url.rstrip("/")


def _holds_key() -> bool:
    """Tell whether the kiosk's practice tray turns the switch: by the operator's password, not by a cookie."""
    given = request.authorization
    if request.endpoint != "pages.turn_fault" or given is None or given.type != "basic":
        return False
    settings = context().settings
    return settings.practice and accounts.check_password(
        context().engine, accounts.OPERATOR, given.password or "", request.remote_addr or "", settings.now()
    )
