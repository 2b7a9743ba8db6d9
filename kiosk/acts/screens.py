"""Touchscreens on the LAN: a technician makes a code for one, its browser tells it once, and it can be revoked."""

from sqlite_utils import Database

from kiosk import codes
from kiosk.context import Context
from kiosk.errors import NotAllowed, NotFound
from kiosk.records import audit, touchscreens
from kiosk.records.touchscreens import Touchscreen

WRONG = (
    "Mã chưa đúng hoặc đã hết hạn. Gõ lại mã cán bộ kỹ thuật vừa đưa; sai 5 lần thì phải xin mã khác.",
    "This code is wrong or too old. Type it again; after five wrong ones ask the technician for another.",
)


def make_code(context: Context, name: str, actor: str) -> str:
    """Prepare a touchscreen by its name and return its one-time code, which is shown once and kept as a hash."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 40 or not name.isprintable():
        raise NotAllowed(
            "Mời gõ tên màn hình, ví dụ: Máy cạnh cửa, tầng 1.", "Name the screen, for example: by the door."
        )
    code = codes.enrol_code()
    with context.store.write() as db:
        found = touchscreens.prepare(db, name, _hash(context, code), actor, context.clock.now())
        _note(context, db, "screen_code", actor, found)
    return code


def enrol(context: Context, told: str, token: str) -> Touchscreen:
    """Let the browser behind a cookie's hash show the citizens' pages; NotAllowed when the code opens nothing."""
    code = codes.read_enrol_code(told)
    with context.store.write() as db:
        found = touchscreens.enrol(db, _hash(context, code or ""), token, context.clock.now())
        _note(context, db, "screen_enrol" if found else "screen_missed", "screen", found.id if found else "screen")
    if found is None:
        raise NotAllowed(*WRONG)
    return found


def revoke(context: Context, screen_id: str, actor: str) -> None:
    """Let a touchscreen open nothing any more."""
    with context.store.write() as db:
        if not touchscreens.revoke(db, screen_id, context.clock.now()):
            raise NotFound("Màn hình này đã thôi dùng rồi.", "This screen was revoked already.")
        _note(context, db, "screen_revoke", actor, screen_id)


def _hash(context: Context, code: str) -> str:
    return context.vault.keyed_hash("screen code", code)


def _note(context: Context, db: Database, act: str, actor: str, subject: str) -> None:
    audit.note(db, context.audit_key(), context.clock.now(), audit.AuditLine(act, actor, subject))
