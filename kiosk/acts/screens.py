"""Touchscreens on the LAN: a technician creates a one-time code, the screen's browser enrols with it, or is revoked."""

from sqlite_utils import Database

from kiosk import codes
from kiosk.context import Context
from kiosk.errors import NotAllowed, NotFound
from kiosk.records import audit, touchscreens
from kiosk.records.touchscreens import Touchscreen

MAX_NAME_LENGTH = 40
WRONG_CODE = (
    "Mã chưa đúng hoặc đã hết hạn. Gõ lại mã cán bộ kỹ thuật vừa đưa; sai 5 lần thì phải xin mã khác.",
    "This code is wrong or too old. Type it again; after five wrong ones ask the technician for another.",
)


def create_code(context: Context, name: str, actor: str) -> str:
    """Create a touchscreen by its name and return its one-time code; only the code's hash is stored.

    Raises:
        NotAllowed: the name is empty, too long or not printable.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= MAX_NAME_LENGTH or not name.isprintable():
        raise NotAllowed(
            "Mời gõ tên màn hình, ví dụ: Máy cạnh cửa, tầng 1.", "Name the screen, for example: by the door."
        )
    code = codes.enrol_code()
    with context.store.write() as db:
        screen_id = touchscreens.insert(db, name, code=_hash(context, code), made_by=actor, now=context.clock.now())
        _note(db, context, act="screen_code", actor=actor, subject=screen_id)
    return code


def enrol(context: Context, text: str, token: str) -> Touchscreen:
    """Enrol a browser with a typed code, so that it may show the citizens' pages.

    Args:
        token: the hash of the browser's cookie.

    Raises:
        NotAllowed: the code is wrong or has expired.
    """
    code = codes.parse_enrol_code(text)
    with context.store.write() as db:
        screen = touchscreens.enrol(db, _hash(context, code or ""), token=token, now=context.clock.now())
        act = "screen_enrol" if screen else "screen_missed"
        _note(db, context, act=act, actor="screen", subject=screen.id if screen else "screen")
    if screen is None:
        raise NotAllowed(*WRONG_CODE)
    return screen


def revoke(context: Context, screen_id: str, actor: str) -> None:
    """Revoke a touchscreen: its browser may show no page any more.

    Raises:
        NotFound: it was revoked already.
    """
    with context.store.write() as db:
        if not touchscreens.revoke(db, screen_id, context.clock.now()):
            raise NotFound("Màn hình này đã thôi dùng rồi.", "This screen was revoked already.")
        _note(db, context, act="screen_revoke", actor=actor, subject=screen_id)


def _hash(context: Context, code: str) -> str:
    return context.vault.keyed_hash("screen code", code)


def _note(db: Database, context: Context, *, act: str, actor: str, subject: str) -> None:
    line = audit.AuditLine(act=act, actor=actor, subject=subject)
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
