"""Access to the pages: session, role, and CSRF token of a form.

An endpoint that `ALLOWED_ROLES` does not name is refused.
"""

from datetime import UTC, datetime, timedelta, timezone

from flask import abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from sync.gateway import accounts
from sync.gateway.accounts import Session
from sync.gateway.api_request import BYTES_LIMIT
from sync.gateway.context import context, public_address
from sync.gateway.pages import labels
from sync.gateway.roles import MAY, Act
from sync.gateway.wards import Wards

COOKIE = "gateway_session"
_WARD_TIME = timezone(timedelta(hours=7))

ACT_OF: dict[str, Act] = {
    "pages.sign_out": "see",
    "pages.show_second_factor": "see",
    "pages.turn_on_second_factor": "see",
    "pages.turn_off_second_factor": "see",
    "pages.arrivals": "see",
    "pages.submission": "see",
    "pages.open_submission": "forms",
    "pages.set_status": "forms",
    "pages.redeliver": "forms",
    "pages.file_by_hand": "forms",
    "pages.show_fleet": "see",
    "pages.export_fleet": "see",
    "pages.start_rollout": "propose",
    "pages.retry_rollout": "approve",
    "pages.change_rollout": "approve",
    "pages.approve_content": "approve",
    "pages.withdraw_content": "withdraw",
    "pages.show_kiosk": "see",
    "pages.show_enrolment": "machines",
    "pages.make_code": "machines",
    "pages.rename": "machines",
    "pages.revoke": "machines",
    "pages.show_forwards": "see",
    "pages.show_refused": "see",
    "pages.show_stick": "sticks",
    "pages.import_parcels": "sticks",
    "pages.show_faults": "faults",
    "pages.switch_fault": "faults",
    "pages.show_payments": "see",
    "pages.import_statement": "payments",
    "pages.show_messages": "see",
    "pages.show_opinions": "see",
    "pages.show_servers": "see",
    "pages.show_connection": "see",
    "pages.examine_connection": "forms",
    "pages.show_trail": "trail",
}
"""The act of each page; `roles.MAY` says who may do it."""
ALLOWED_ROLES = {endpoint: MAY[act] for endpoint, act in ACT_OF.items()}
OF_PROVINCE = frozenset(
    {
        "pages.start_rollout",
        "pages.retry_rollout",
        "pages.change_rollout",
        "pages.approve_content",
        "pages.withdraw_content",
        "pages.show_servers",
        "pages.show_connection",
        "pages.examine_connection",
        "pages.show_stick",
        "pages.import_parcels",
        "pages.show_faults",
        "pages.switch_fault",
        "pages.show_trail",
    }
)
"""Pages for accounts that see every unit: what they show or change has no ward."""
NAVIGATION = (
    ("pages.show_fleet", "Máy của các phường"),
    ("pages.arrivals", "Hồ sơ đến"),
    ("pages.show_forwards", "Chuyển tỉnh"),
    ("pages.show_refused", "Trả lại"),
    ("pages.show_stick", "Nhận USB"),
    ("pages.show_payments", "Khoản thu"),
    ("pages.show_messages", "Tin nhắn"),
    ("pages.show_opinions", "Ý kiến"),
    ("pages.show_servers", "Máy chủ"),
    ("pages.show_trail", "Sổ việc"),
)
_PRACTICE_LINK = ("pages.show_faults", "Sự cố")
_PAGE_OF = {
    "pages.show_kiosk": "pages.show_fleet",
    "pages.show_enrolment": "pages.show_fleet",
    "pages.make_code": "pages.show_fleet",
    "pages.submission": "pages.arrivals",
    "pages.show_connection": "pages.show_forwards",
    "pages.examine_connection": "pages.show_forwards",
}
"""The page of the navigation that a page belongs to, where it is not its own."""
MAX_FORM_BYTES = 64 * 1024
MAX_BODY_BYTES = {
    "pages.sign_in": 4096,
    "pages.import_parcels": BYTES_LIMIT + MAX_FORM_BYTES,
    "pages.import_statement": BYTES_LIMIT + MAX_FORM_BYTES,
}
"""Largest body of a form in bytes; a sign-in is parsed for anybody, an import for an operator."""
HOME = "pages.arrivals"
_WITHOUT_SECOND_FACTOR = frozenset({"pages.sign_out", "pages.show_second_factor", "pages.turn_on_second_factor"})
"""Endpoints that are open to an account which still has to set up its second factor."""


def require_access() -> AnyResponse | None:
    """Refuse a request without a session, the right role and, in a form, the CSRF token.

    The sign-in page is open to all, and the fault switch to the operator's password.
    """
    request.max_content_length = MAX_BODY_BYTES.get(str(request.endpoint), MAX_FORM_BYTES)
    if _is_cross_site():
        abort(403)
    if request.endpoint == "pages.sign_in" or _has_switch_password():
        return None
    token = request.cookies.get(COOKIE, "")
    # The session's last use need not be on the disk of a standby: while none is connected, pages are still read.
    with context().auth_engine.begin() as db:
        session = accounts.find_session(db, token, context().settings.now()) if token else None
    if session is None:
        return redirect(url_for("pages.sign_in"))
    g.session = session
    if not _is_allowed(session, str(request.endpoint)):
        g.is_wrong_role = True
        abort(403)
    if must_set_up_second_factor(session) and request.endpoint not in _WITHOUT_SECOND_FACTOR:
        return redirect(url_for("pages.show_second_factor"))
    if request.method == "POST" and not accounts.is_valid_csrf(session, request.form.get("csrf", "")):
        abort(403)
    if request.method == "POST" and request.endpoint != "pages.sign_out":
        context().replication.require()
    return None


def _is_allowed(session: Session, endpoint: str) -> bool:
    """Return whether the account's role and wards open a page."""
    if session.wards.is_limited and endpoint in OF_PROVINCE:
        return False
    return session.role in ALLOWED_ROLES.get(endpoint, frozenset())


def needs_second_factor(session: Session) -> bool:
    """Return whether the account's role may not work without a second factor."""
    return session.role in context().settings.second_factor_roles


def must_set_up_second_factor(session: Session) -> bool:
    """Return whether the account has to set up its second factor before anything else."""
    return needs_second_factor(session) and not session.has_second_factor


def may(act: Act) -> bool:
    """Return whether the account of this request may do an act."""
    session: Session | None = g.get("session")
    return session is not None and session.role in MAY[act]


def require(act: Act) -> None:
    """Refuse a request of an account that may not do an act."""
    if not may(act):
        g.is_wrong_role = True
        abort(403)


def current_session() -> Session:
    """Return the session of this request."""
    session: Session = g.session
    return session


def current_wards() -> Wards:
    """Return the wards that the account of this request sees."""
    return current_session().wards


def template_context() -> dict[str, object]:
    """Return the variables of every template: labels, session and navigation."""
    session: Session | None = g.get("session")
    return {
        "status_labels": labels.STATUSES,
        "event_labels": labels.KINDS,
        "forward_labels": labels.FORWARDS,
        "code_labels": labels.ANSWER_CODES,
        "wait_labels": labels.WAITS,
        "step_labels": labels.STEPS,
        "step_state_labels": labels.STEP_STATES,
        "answer_labels": labels.ANSWERS,
        "act_labels": labels.ACTS,
        "role_labels": labels.ROLES,
        "csrf": session.csrf if session else "",
        "account": session,
        "navigation": _navigation(session),
        "current_page": _PAGE_OF.get(str(request.endpoint), request.endpoint),
        "home": HOME if session else "pages.sign_in",
        "may": may,
        "is_practice": context().settings.practice,
        "is_alone": session is not None and context().replication.is_alone(),
    }


def _navigation(session: Session | None) -> tuple[tuple[str, str], ...]:
    """Return endpoint and name of the pages that an account may open."""
    if session is None or must_set_up_second_factor(session):
        return ()
    links = (*NAVIGATION, _PRACTICE_LINK) if context().settings.practice else NAVIGATION
    allowed = [link for link in links if session.role in ALLOWED_ROLES[link[0]]]
    return tuple(link for link in allowed if not (session.wards.is_limited and link[0] in OF_PROVINCE))


def in_local_time(text: str) -> str:
    """Return a stored time in the ward's time zone."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(_WARD_TIME).strftime("%H:%M %d/%m/%Y")


def short_time(text: str) -> str:
    """Return a stored time of today as its hour, of yesterday with that word, of any other day with the date."""
    at = datetime.fromisoformat(text).astimezone(_WARD_TIME)
    days = (context().settings.now().astimezone(_WARD_TIME).date() - at.date()).days
    hour = f"{at.hour}:{at:%M}"
    if days == 0:
        return hour
    return f"hôm qua {hour}" if days == 1 else f"{hour} {at:%d/%m}"


def ago(text: str) -> str:
    """Return how long ago a stored time is, in words."""
    minutes = int((context().settings.now() - datetime.fromisoformat(text)).total_seconds() // 60)
    if minutes < 1:
        return "vừa xong"
    if minutes < 60:
        return f"{minutes} phút trước"
    if minutes < 48 * 60:
        return f"{minutes // 60} giờ trước"
    return f"{minutes // (24 * 60)} ngày trước"


def _is_cross_site() -> bool:
    """Return whether another site's page sent this form."""
    origin = request.headers.get("Origin")
    return request.method == "POST" and origin is not None and origin != public_address().origin


def _has_switch_password() -> bool:
    """Return whether the kiosk's practice tray switches a fault: it sends the operator's password, not a cookie."""
    authorization = request.authorization
    if request.endpoint != "pages.switch_fault" or authorization is None or authorization.type != "basic":
        return False
    settings = context().settings
    return settings.practice and accounts.check_password(
        context().engine,
        login=accounts.OPERATOR,
        password=authorization.password or "",
        address=request.remote_addr or "",
        now=settings.now(),
    )
