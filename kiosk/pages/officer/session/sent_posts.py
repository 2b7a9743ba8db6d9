"""Posts that a script of the desk sends: answered by an address to open, once for each idempotency key.

The browser stays on its page until the answer is there, so a fault of server or network loses nothing that was typed.
A page that answers a post is stored sealed; the browser opens it at an address of its own.
"""

import hmac
import re
from collections import OrderedDict

from flask import Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import desk_posts
from kiosk.pages.access import FORM_BYTES, STAFF_COOKIES, accepts_file, context, hash_token

HEADER = "Idempotency-Key"
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
KEPT_FIELD = "kept_post"
"""Field of a post that was kept for its officer and is sent again: the id of the kept one."""
MACHINE_FIELDS = frozenset(
    {"csrf", "nonce", "ticket", "seen", "base", "then", "sure", "this", "to", "act", "scan", KEPT_FIELD}
)
"""Fields that the page fills in; a post with no other field holds nothing that somebody typed."""
SECRETS = ("officer.unlock", "officer.change_password", "officer.set_pin")
"""Endpoints whose posts hold passwords: they are never kept."""
MAX_FIELDS_CHARACTERS = 40_000
NOT_DONE = ("said=late", "said=moved", "said=gone", "said=unsaved")
MAX_KNOWN = 500
_targets: "OrderedDict[tuple[int, str], str]" = OrderedDict()
"""(store, key) -> the address that answered a post, so that a repeated one gets the same; lost with the process."""


def begin(session: str) -> Answer | None:
    """Answer a post that was answered before; let the write of a new one store its key."""
    key = _key()
    if not key:
        return None
    if desk_posts.is_answered(context(), key, session):
        return repeated()
    desk_posts.begin(context(), key, session)
    return None


def repeated() -> Answer:
    """Return the answer of a post that took effect before."""
    known = _targets.get((context().store.instance_no, _key()))
    page = desk_posts.page_of(context(), _key(), g.sitting.session)
    if page and known is None:
        return _go(url_for("officer.answer", key=_key()))
    return _go(known or url_for("officer.desk", said="repeated"))


def end(response: Response) -> Response:
    """Turn the answer of a script's post into an address to open; delete a kept post that took effect."""
    key = _key()
    if not key or "sitting" not in g:
        return response
    desk_posts.end(context())
    if response.status_code in (204, 423, 502, 503, 504):
        return response
    if response.status_code in (301, 302, 303, 307, 308):
        target = response.headers["Location"]
        _remember(key, target)
        return _keep_cookies(response, _go(target))
    if response.mimetype != "text/html":
        return response
    desk_posts.keep_page(context(), key, session=g.sitting.session, page=response.get_data(as_text=True))
    return _keep_cookies(response, _go(url_for("officer.answer", key=key)))


def drop_kept(response: Response) -> Response:
    """Delete a kept post once it was sent again and took effect."""
    target = response.headers.get("Location", "")
    if request.method != "POST" or response.status_code != 303 or any(word in target for word in NOT_DONE):
        return response
    if "sitting" not in g:  # the body of a stranger is not read
        return response
    post_id = request.form.get(KEPT_FIELD, "")
    if post_id:
        desk_posts.drop_unsent(context(), g.sitting.person.code, post_id)
    return response


def keep_of_ended_session() -> Answer | None:
    """Seal a post of a session that has ended, for the officer who opened it at this workstation; None for no such.

    A file is not kept: its body is not read, and the answer does not call it too large.
    """
    token = request.cookies.get(STAFF_COOKIES["officer"], "")
    if request.method != "POST" or not token or request.endpoint in SECRETS:
        return None
    session = hash_token(token)
    opened = desk_posts.opened_session(context(), session)
    if opened is None or opened.workstation != (request.remote_addr or ""):
        return None
    if (request.content_length or 0) > FORM_BYTES:
        return None
    fields = _typed_fields()
    csrf = context().vault.keyed_hash("csrf-officer", session)
    if not hmac.compare_digest(request.form.get("csrf", "").encode(), csrf.encode()):
        return None
    if not fields:
        return None
    desk_posts.keep_unsent(context(), opened.person, path=request.full_path.rstrip("?"), fields=fields)
    target = url_for("signin.sign_in", said="kept")
    return _go(target) if _key() else redirect(target, 303)


def keep_typed() -> bool:
    """Seal what this post has typed for its officer, because it is refused; return whether there was something.

    A post that came from the tray is there already.
    """
    if request.method != "POST" or request.endpoint in SECRETS or "sitting" not in g:
        return False
    if accepts_file() or request.form.get(KEPT_FIELD):
        return False
    fields = _typed_fields()
    if not fields:
        return False
    desk_posts.keep_unsent(context(), g.sitting.person.code, path=request.full_path.rstrip("?"), fields=fields)
    return True


def _typed_fields() -> list[tuple[str, str]]:
    """Return the fields of this post without its CSRF token; none where nothing was typed, or too much."""
    fields = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf"]
    is_typed = any(value.strip() for name, value in fields if name not in MACHINE_FIELDS)
    return fields if is_typed and sum(len(value) for _, value in fields) <= MAX_FIELDS_CHARACTERS else []


def _key() -> str:
    key = request.headers.get(HEADER, "") if request.method == "POST" else ""
    return key if KEY.fullmatch(key) else ""


def _go(target: str) -> Response:
    return Response(status=204, headers={"Location": target})


def _keep_cookies(old: Response, new: Response) -> Response:
    for cookie in old.headers.getlist("Set-Cookie"):
        new.headers.add("Set-Cookie", cookie)
    return new


def _remember(key: str, target: str) -> None:
    _targets[(context().store.instance_no, key)] = target
    while len(_targets) > MAX_KNOWN:
        _targets.popitem(last=False)
