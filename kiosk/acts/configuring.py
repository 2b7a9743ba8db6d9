"""A technician changes kiosk.toml on a page, used at once; the audit trail names the keys, never a value."""

from kiosk.config.edit import SettingsEdit
from kiosk.context import Context
from kiosk.records import audit


def save_settings(context: Context, edit: SettingsEdit, actor: str) -> tuple[str, ...]:
    """Write the changes of an edit; return the changed keys as `section.key`, none where only comments differ.

    Raises:
        SettingsRefused: something is wrong with the changes; nothing is written.
        SettingsChanged: the file has changed since it was read; nothing is written.
        SettingsReadOnly: the file or its folder cannot be written.
    """
    keys = tuple(f"{difference.section}.{difference.key}" for difference in edit.differences())
    if edit.is_same:
        return ()
    edit.save()
    context.use_newest_settings()
    with context.store.write() as db:
        facts: dict[str, audit.AuditFact] = {"keys": " ".join(dict.fromkeys(keys))}
        line = audit.AuditLine(act="settings", actor=actor, subject=context.config.kiosk.id, facts=facts)
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
    return keys
