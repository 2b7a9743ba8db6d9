"""Posts of desk pages are sent again after a fault: each takes effect once, and what was typed is kept.

A post carries an idempotency key. The key is stored in the last write of its act, so a repeated post changes nothing,
also after a power cut or while the first one is still running. A post of an ended session is sealed for its officer.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from kiosk.base import codes
from kiosk.base.errors import SealBroken
from kiosk.context import Context
from kiosk.records import answered_posts, audit, unsent_posts
from kiosk.records.unsent_posts import OpenedSession, UnsentPost


class RepeatedPostError(Exception):
    """The post took effect before; nothing was changed."""


@dataclass(frozen=True)
class TypedPost:
    """A post that had no effect: where it went, and its fields."""

    id: str
    at: datetime
    path: str
    fields: tuple[tuple[str, str], ...]


def begin(context: Context, key: str, session: str) -> None:
    """Store the key of a post in the next write of this thread; a key that is there already rolls the write back."""

    def insert_key(db: Database) -> None:
        if not answered_posts.insert(db, key, session=session, now=context.clock.now()):
            raise RepeatedPostError

    context.store.before_next_commit(insert_key)


@contextmanager
def earlier_write(context: Context) -> Iterator[None]:
    """Do a write of a post that is not its last: the key belongs to the last, so a post that was cut is done again.

    What is done inside must have the same effect twice.
    """
    key = context.store.before_next_commit(None)
    try:
        yield
    finally:
        context.store.before_next_commit(key)


def end(context: Context) -> None:
    """Forget a key that no write has stored."""
    context.store.before_next_commit(None)


def is_answered(context: Context, key: str, session: str) -> bool:
    """Return whether a post of a session was answered."""
    with context.store.read() as db:
        return answered_posts.find(db, key, session) is not None


def keep_page(context: Context, key: str, session: str, page: str) -> None:
    """Seal the page that answers a post, so that the browser can open it like any other page."""
    sealed = context.vault.seal(answered_posts.PAGE, key, page.encode())
    with context.store.write() as db:
        answered_posts.set_page(db, key, session=session, page=sealed, now=context.clock.now())


def page_of(context: Context, key: str, session: str) -> str:
    """Return the page that answered a post of a session; empty where there is none."""
    with context.store.read() as db:
        post = answered_posts.find(db, key, session)
    if post is None or post.page is None:
        return ""
    return context.vault.open(answered_posts.PAGE, key, post.page).decode()


def opened_session(context: Context, session: str) -> OpenedSession | None:
    """Return who opened a session, also one that has ended."""
    with context.store.read() as db:
        return unsent_posts.find_session(db, session)


def keep_unsent(context: Context, person: str, path: str, fields: list[tuple[str, str]]) -> None:
    """Seal a post of an ended session for the officer who typed it."""
    now = context.clock.now()
    post_id = codes.new_id()
    content = json.dumps({"path": path, "form": fields}).encode()
    post = UnsentPost(id=post_id, at=now, content=context.vault.seal(unsent_posts.CONTENT, post_id, content))
    with context.store.write() as db:
        unsent_posts.insert(db, person, post)
        line = audit.AuditLine(act="keep_unsent", actor=person, subject=person)
        audit.append(db, key=context.audit_key(), now=now, line=line)


def unsent(context: Context, person: str) -> list[TypedPost]:
    """Return what an officer typed in ended sessions, oldest first; a post that cannot be opened is left out."""
    with context.store.read() as db:
        posts = unsent_posts.of_person(db, person)
    opened = [_open(context, post) for post in posts]
    return [post for post in opened if post is not None]


def count_unsent(context: Context, person: str) -> int:
    """Return how many posts wait for an officer."""
    with context.store.read() as db:
        return unsent_posts.count(db, person)


def drop_unsent(context: Context, person: str, post_id: str) -> bool:
    """Delete a post that was sent meanwhile, or is not wanted; return False when it is gone."""
    with context.store.write() as db:
        is_deleted = unsent_posts.delete(db, person, post_id)
        if is_deleted:
            line = audit.AuditLine(act="drop_unsent", actor=person, subject=person)
            audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
    return is_deleted


def _open(context: Context, post: UnsentPost) -> TypedPost | None:
    try:
        content: dict[str, Any] = json.loads(context.vault.open(unsent_posts.CONTENT, post.id, post.content))
    except (SealBroken, ValueError):
        return None
    fields = tuple((str(name), str(value)) for name, value in content["form"])
    return TypedPost(id=post.id, at=post.at, path=str(content["path"]), fields=fields)
