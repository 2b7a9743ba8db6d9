"""The lines of the audit trail that a batch names, so that the portal notices a trail that lost lines."""

from kiosk.context import Context
from kiosk.records import audit
from sync.portals.base import AuditHead


def find_head(context: Context, count: int | None = None) -> AuditHead | None:
    """Return the last line of the trail, or a line by its number; None when there is no such line."""
    with context.store.read() as db:
        head = audit.head(db) if count is None else audit.head_at(db, count)
    return AuditHead(head.seq, head.mac) if head is not None and head.seq else None
