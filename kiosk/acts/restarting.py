"""A technician restarts the kiosk: each of its processes sees the request in the store."""

from kiosk.base import codes
from kiosk.context import Context
from kiosk.records import audit, marks

MARK = "restart"
"""Mark: a random value that each request changes. A process compares it with the value at its own start."""


def request_restart(context: Context, actor: str) -> None:
    """Ask all processes of this store to restart."""
    with context.store.write() as db:
        marks.put(db, MARK, codes.new_id())
        line = audit.AuditLine(act="restart_asked", actor=actor, subject=context.config.kiosk.id)
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def last_request(context: Context) -> str:
    """Return the value of the last request; empty when there was none."""
    with context.store.read() as db:
        return marks.get(db, MARK) or ""
