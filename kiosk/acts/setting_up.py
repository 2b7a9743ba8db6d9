"""A technician sets up a new machine: what the first run remembers, and its end."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from sqlite_utils import Database

from kiosk.backup.disks import DiskAct
from kiosk.base import clock
from kiosk.base.errors import NotAllowed
from kiosk.config.edit import open_settings
from kiosk.context import Context
from kiosk.health import first_run, readiness, second_person, ways_in
from kiosk.health.readiness import ScannerTest
from kiosk.records import audit
from kiosk.store import owner

FolderKey = Literal["path", "second"]
"""Keys of [backup] that name a folder for copies."""
OPEN_FILE = "setup-open"
"""File in the data folder while the touchscreen of a new machine may open the technician's pages."""


def record_connection(context: Context, passed: int) -> None:
    """Record the result of a connection test."""
    with context.store.write() as db:
        state = first_run.load(db)
        first_run.save(db, replace(state, tested_at=first_run.timestamp(context), passed=passed))


def connect_later(context: Context, actor: str) -> None:
    """Record that the machine serves without a connection for now."""
    with context.store.write() as db:
        state = first_run.load(db)
        first_run.save(db, replace(state, offline_at=first_run.timestamp(context)))
        _note(db, context, act="connect_later", actor=actor, facts={})


def record_scanner(context: Context, *, has_marks: bool, actor: str) -> None:
    """Record that a card was read to try the scanner; nothing of the card is kept."""
    with context.store.write() as db:
        test = ScannerTest(at=clock.timestamp(context.clock.now()), has_marks=has_marks)
        readiness.save_scanner_test(db, test)
        _note(db, context, act="scanner_tried", actor=actor, facts={})


def record_disk(context: Context, disk_act: DiskAct, actor: str) -> None:
    """Record that a disk is set up for copies: formatted, or used with what is on it."""
    with context.store.write() as db:
        _note(db, context, act="backup_disk", actor=actor, facts={"detail": disk_act})


def choose_folder(context: Context, file: Path, folder: Path, key: FolderKey, actor: str) -> None:
    """Make the folder for copies on a disk, and write it into kiosk.toml; the first copy is made at once.

    Args:
        folder: a folder directly below the mount point of the disk.

    Raises:
        NotAllowed: the disk refuses the folder.
        SettingsRefused: kiosk.toml is broken, or would be.
        SettingsReadOnly: kiosk.toml cannot be written.
    """
    edit = open_settings(file)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except PermissionError as error:
        user = owner.user_name(os.geteuid())
        raise NotAllowed(
            f"Ổ ở {folder.parent} là của người dùng khác, máy chưa ghi được. Gõ: sudo chown {user}: {folder.parent}",
            f"The disk at {folder.parent} belongs to another user. Run: sudo chown {user}: {folder.parent}",
        ) from error
    except OSError as error:
        raise NotAllowed(
            f"Ổ ở {folder.parent} không cho ghi. Xem ổ có khóa ghi không, hoặc dùng ổ khác.",
            f"The disk at {folder.parent} cannot be written.",
        ) from error
    edit.change("backup", key, str(folder))
    second_person.require_agreement(context, edit)
    edit.save()
    context.use_newest_settings()
    with context.store.write() as db:
        _note(db, context, act="settings", actor=actor, facts={"keys": f"backup.{key}"})


def finish(context: Context, actor: str) -> None:
    """Open the machine to citizens: the touchscreen opens no technician's page any more.

    Raises:
        NotAllowed: the screen would be locked, and nobody could get into the machine again.
    """
    if (context.config.folder / OPEN_FILE).exists() and not ways_in.leaves_way_in(context):
        raise NotAllowed(*ways_in.NO_WAY_IN)
    with context.store.write() as db:
        state = first_run.load(db)
        first_run.save(db, replace(state, done_at=first_run.timestamp(context)))
        _note(db, context, act="first_run", actor=actor, facts={})
    (context.config.folder / OPEN_FILE).unlink(missing_ok=True)


def _note(db: Database, context: Context, *, act: str, actor: str, facts: Mapping[str, str]) -> None:
    line = audit.AuditLine(act=act, actor=actor, subject=context.config.kiosk.id, facts=facts)
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
