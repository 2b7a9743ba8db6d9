"""A technician asks the update unit on a page to switch to a downloaded release, or to go back."""

from kiosk.context import Context
from kiosk.records import audit


def request_update(context: Context, act: str, actor: str) -> None:
    """Leave a request for the update unit.

    Args:
        act: "apply" or "back".
    """
    from kiosk.updates import update  # imports TUF and requests, which would slow down the start

    update.request(context.config.updates_folder, act)
    with context.store.write() as db:
        facts: dict[str, audit.AuditFact] = {"detail": act}
        line = audit.AuditLine(act="update_asked", actor=actor, subject=context.config.kiosk.id, facts=facts)
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
