"""Answers of posts, each at an address of its own, and what an officer typed that was refused or came too late."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, jsonify, redirect, url_for
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.exceptions import NotFound as NotFoundPath
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as Answer

from kiosk.acts import desk_posts
from kiosk.acts.correcting import REASON_LABELS
from kiosk.acts.desk_posts import TypedPost
from kiosk.base import clock
from kiosk.base.errors import NotFound
from kiosk.dossiers.opened import open_submission
from kiosk.pages.access import allow, context
from kiosk.pages.officer.case.current_case import OPENING_REASONS, find_access
from kiosk.pages.officer.case.decide import TITLES
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.pages.officer.session.lock import home_of
from kiosk.pages.officer.session.sent_posts import KEPT_FIELD, MACHINE_FIELDS
from kiosk.records import submissions, tickets
from kiosk.vietnam import viet_text


@dataclass(frozen=True)
class KeptPost:
    """A kept post: its title, its case, and the words that the officer typed."""

    id: str
    at: str
    act: str
    case: str
    words: tuple[str, ...]


ACTS = {
    "officer.notes": "Ghi chú",
    "officer.tap": "Ghi chú khi chuyển số",
    "officer.number": "Mã hồ sơ",
    "officer.case_messages": "Nhắn tin",
    "officer.assist_step": "Khai giúp",
    "officer.assist_review": "Khai giúp, xem lại",
    "officer.assist_begin": "Khai giúp",
    "officer.end": "Ghi việc đã làm",
    "officer.set_priority": "Ưu tiên",
    "officer.reopen_case": "Mở lại hồ sơ",
}
"""Title of a post by its endpoint; a decision has its own title."""
CHOICES = frozenset({"exemption", "paper", "place", "relation", "service", "term", "why"})
"""Fields of the desk's own pages that are ticked or chosen."""
REASONS = frozenset({*OPENING_REASONS, *REASON_LABELS})


@officer.get("/answer/<key>")
@allow("staff")
def answer(key: str) -> Answer | str:
    """Show the page that answered a post of this session; the first page once it is deleted."""
    page = desk_posts.page_of(context(), key, sitting().session)
    return page or redirect(url_for(home_of(sitting().person.role)), 303)


@officer.get("/unsent")
@allow("staff")
def unsent() -> str:
    """Show what the officer typed and could not send, with a button that opens its page."""
    posts = [_kept(post) for post in desk_posts.unsent(context(), sitting().person.code)]
    return render("officer/unsent.html", posts=posts)


@officer.get("/unsent/<post_id>")
@allow("staff")
def open_unsent(post_id: str) -> Answer:
    """Open the page that a kept post came from; its form has the text again, and the officer decides."""
    post = _find(post_id)
    endpoint, args = _route(post)
    submission_id = _submission_id(args)
    may_open = not submission_id or find_access(submission_id) is not None
    if may_open and (page := _page_of(endpoint, args)):
        return redirect(url_for(page, **args, typed=post.id), 303)
    if submission_id:
        return redirect(url_for("officer.case", submission_id=submission_id, typed=post.id), 303)
    return redirect(url_for(home_of(sitting().person.role), typed=post.id), 303)


@officer.get("/unsent/<post_id>/fields")
@allow("staff")
def unsent_fields(post_id: str) -> Answer:
    """Return the path and the typed fields of a kept post, for the page that has its form."""
    post = _find(post_id)
    fields = [field for field in post.fields if field[0] not in MACHINE_FIELDS]
    return jsonify(id=post.id, field=KEPT_FIELD, path=post.path.partition("?")[0], fields=fields)


@officer.post("/unsent/<post_id>/drop")
@allow("staff")
def drop_unsent(post_id: str) -> Answer:
    """Delete a kept post that is not wanted."""
    desk_posts.drop_unsent(context(), sitting().person.code, post_id)
    return redirect(url_for("officer.unsent"), 303)


def _find(post_id: str) -> TypedPost:
    """Return a kept post of this officer.

    Raises:
        NotFound: it is gone.
    """
    posts = desk_posts.unsent(context(), sitting().person.code)
    found = next((post for post in posts if post.id == post_id), None)
    if found is None:
        raise NotFound("Chỗ gõ dở này không còn nữa.", "This text is gone.")
    return found


def _kept(post: TypedPost) -> KeptPost:
    endpoint, args = _route(post)
    words = tuple(value for name, value in post.fields if len(value) > 1 and not _is_choice(name, value))
    at = f"{clock.local(post.at):%H:%M, %d/%m}"
    decision = TITLES.get(str(args.get("act", "")), ("", ""))[0]  # type: ignore[call-overload] # any text is asked for
    act = decision or ACTS.get(endpoint, "Một trang ở quầy")
    return KeptPost(id=post.id, at=at, act=act, case=_case_words(_submission_id(args)), words=words)


def _is_choice(name: str, value: str) -> bool:
    """Return whether a field holds a code of the page: an option, a reason, what the page fills in itself."""
    if name in MACHINE_FIELDS or name.partition(".")[0] in CHOICES or value in REASONS:
        return True
    procedures = context().catalogue.all(context().clock.today())
    return any(
        value == option.id
        for procedure in procedures
        if (field := procedure.by_key.get(name.rpartition(".")[2]))
        for option in field.options
    )


def _route(post: TypedPost) -> tuple[str, dict[str, Any]]:
    """Return the endpoint and the arguments of a post's path; empty for one that this release does not have."""
    try:
        endpoint, args = current_app.url_map.bind("").match(post.path.partition("?")[0], method="POST")
    except (NotFoundPath, MethodNotAllowed, RequestRedirect):
        return "", {}
    return str(endpoint), dict(args)


def _page_of(endpoint: str, args: Mapping[str, Any]) -> str:
    """Return the endpoint of the page at the path of a post; empty where it has none."""
    if not endpoint:
        return ""
    path = url_for(endpoint, **args)
    try:
        page, _args = current_app.url_map.bind("").match(path, method="GET")
    except (NotFoundPath, MethodNotAllowed, RequestRedirect):
        return ""
    return str(page)


def _submission_id(args: Mapping[str, Any]) -> str:
    """Return the submission that a path is about, by its own id or that of its number; empty for none."""
    handle = str(args.get("submission_id") or args.get("ticket_id") or "")
    with context().store.read() as db:
        ticket = tickets.find(db, handle)
        submission = submissions.find(db, (ticket.submission_id or "") if ticket else handle)
    return submission.id if submission else ""


def _case_words(submission_id: str) -> str:
    """Return number, receipt and person of a case; empty for none."""
    if not submission_id:
        return ""
    with context().store.read() as db:
        submission = submissions.find(db, submission_id)
        ticket = tickets.of_submission(db, submission_id)
    opened = open_submission(context(), submission_id)
    name = viet_text.title_case(str(opened.applicant.get("fullName", ""))) if opened else ""
    number = f"số {ticket.label}" if ticket else ""
    return ", ".join(text for text in (name, number, submission.receipt_no if submission else "") if text)
