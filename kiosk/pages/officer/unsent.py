"""Answers of posts, each at an address of its own, and what an officer typed in a session that had ended."""

from dataclasses import dataclass

from flask import redirect, url_for
from werkzeug.wrappers import Response as Answer

from kiosk import clock
from kiosk.acts import resending
from kiosk.pages.access import allow, context
from kiosk.pages.officer.blueprint import officer, render, sitting
from kiosk.pages.officer.lock import home_of
from kiosk.pages.officer.sent_posts import KEPT_FIELD, MACHINE_FIELDS


@dataclass(frozen=True)
class KeptPost:
    """A kept post: its hidden fields, and the words that the officer typed."""

    id: str
    at: str
    path: str
    fields: tuple[tuple[str, str], ...]
    words: tuple[str, ...]


@officer.get("/answer/<key>")
@allow("staff")
def answer(key: str) -> Answer | str:
    """Show the page that answered a post of this session; the first page once it is deleted."""
    page = resending.page_of(context(), key, sitting().session)
    return page or redirect(url_for(home_of(sitting().person.role)), 303)


@officer.get("/unsent")
@allow("staff")
def unsent() -> str:
    """Show what the officer typed and could not send, with a button that sends it."""
    posts = [_kept(post) for post in resending.unsent(context(), sitting().person.code)]
    return render("officer/unsent.html", posts=posts, kept_field=KEPT_FIELD)


@officer.post("/unsent/<post_id>/drop")
@allow("staff")
def drop_unsent(post_id: str) -> Answer:
    """Delete a kept post that is not wanted."""
    resending.drop_unsent(context(), sitting().person.code, post_id)
    return redirect(url_for("officer.unsent"), 303)


def _kept(post: resending.TypedPost) -> KeptPost:
    words = tuple(value for name, value in post.fields if name not in MACHINE_FIELDS and len(value) > 1)
    at = f"{clock.local(post.at):%H:%M, %d/%m}"
    return KeptPost(id=post.id, at=at, path=post.path, fields=post.fields, words=words)
