"""A technician changes kiosk.toml on a page, used at once; the audit trail names the keys, never a value."""

from kiosk.config.edit import SettingsEdit, settings_refused
from kiosk.config.toml_reader import SettingsError
from kiosk.context import Context
from kiosk.health import second_person
from kiosk.records import audit, touchscreens


def find_errors(context: Context, edit: SettingsEdit) -> list[SettingsError]:
    """Return the errors of the changes, as the start of the kiosk finds them; also a screen name that is in use."""
    config, errors = edit.check()
    name = config.screen.name
    is_renamed = any((difference.section, difference.key) == ("screen", "name") for difference in edit.differences())
    if errors or not is_renamed:
        return errors
    with context.store.read() as db:
        named = touchscreens.list_named(db, name, context.clock.now())
    if not any(screen.is_open or screen.waits for screen in named):
        return []
    return [
        SettingsError(
            f"[screen] name trùng với màn hình “{name}” ở trang Màn hình của phường. Mời đặt tên khác.",
            f"[screen] name “{name}” is the name of another touchscreen. Choose another name.",
        )
    ]


def save_settings(context: Context, edit: SettingsEdit, actor: str) -> tuple[str, ...]:
    """Write the changes of an edit; return the changed keys as `section.key`, none where only comments differ.

    Raises:
        SettingsRefused: something is wrong with the changes; nothing is written.
        SettingsChanged: the file has changed since it was read; nothing is written.
        SettingsReadOnly: the file or its folder cannot be written.
        AgreementNeeded: the change decides who can read forms, and there is a lead; nothing is written.
    """
    keys = tuple(f"{difference.section}.{difference.key}" for difference in edit.differences())
    if edit.is_same:
        return ()
    if errors := find_errors(context, edit):
        raise settings_refused(edit.file, errors)
    second_person.require_agreement(context, edit)
    edit.save()
    context.use_newest_settings()
    with context.store.write() as db:
        facts: dict[str, audit.AuditFact] = {"keys": " ".join(dict.fromkeys(keys))}
        line = audit.AuditLine(act="settings", actor=actor, subject=context.config.kiosk.id, facts=facts)
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
    return keys
