"""The way back: a copy is opened and looked over apart, made ready to go on, and only then takes the store's place.

Nothing is ever deleted: what lay in the store's place is set aside. The renaming of the finished file to RESTORED is
the moment that counts; a power cut before it leaves the old store, and one after it is finished at the next start
(``finish``). What the restored store cannot know by itself is settled before that moment: the numbers of the day move
to a block of their own, nobody stays signed in, the audit trail says it, and a mark tells which numbers are missing.
"""

import json
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from kiosk import clock as clocks
from kiosk.backup import restore_log, rotation
from kiosk.backup.create import STORE, mirror_of
from kiosk.backup.restore_log import Gap
from kiosk.backup.rotation import Copy
from kiosk.backup.verify import Looked, look
from kiosk.clock import Clock
from kiosk.config import Config
from kiosk.context import AUDIT
from kiosk.errors import NoCopy, NumbersSpent, SealBroken, StoreDamaged, StoreFull
from kiosk.records import audit, marks, receipts, scans, sessions
from kiosk.store import files
from kiosk.store.db import Store
from kiosk.store.vault import Vault, read_vault

log = logging.getLogger(__name__)

MARK = "restored"
"""Mark: the restores of this store as JSON, the newest last."""
RESTORED = "kiosk.restored"
_MOST_DAYS = timedelta(days=31)
_KEPT = 20


@dataclass(frozen=True)
class Restored:
    """A restore that is done: from which copy, which numbers are missing, and where the old store lies now."""

    looked: Looked
    gaps: tuple[Gap, ...]
    aside: Path | None


def drill(config: Config, number: int | None = None) -> Looked:
    """Open a copy (the newest, or one by number), look it through, and throw it away again; NoCopy, SealBroken, ..."""
    vault = read_vault(config.key_path)
    with _place(config, "drill") as place:
        return look(_chosen(config, number)[0], vault, place)


def restore(config: Config, clock: Clock, number: int | None = None) -> Restored:
    """Put the newest copy that is sound, or the one with a number, in the store's place; the caller is alone.

    A copy that opens but has records which do not is taken only when no other is better.
    """
    copies = _chosen(config, number)
    vault = read_vault(config.key_path)
    for most_broken in (0, None):
        for copy in copies:
            with suppress(SealBroken, StoreDamaged), _place(config, "restoring") as place:
                looked = look(copy, vault, place)
                if most_broken is None or looked.broken <= most_broken:
                    gaps = _make_ready(config, vault, looked, clock, place / STORE)
                    _lay_keys(config, place)
                    _fetch_scans(config, place / STORE, mirror_of(copy.path.parent, config.kiosk.id))
                    (place / STORE).rename(config.folder / RESTORED)
                    return _finished(config, looked, gaps)
            log.warning("copy unusable", extra={"number": copy.number})
    raise NoCopy


def finish(config: Config) -> Path | None:
    """Let a restored store that is ready take the old one's place; return where the old one lies, None for nowhere."""
    ready, store = config.folder / RESTORED, config.store_path
    if not ready.exists():
        return None
    aside = config.folder / "aside" / f"{len(restore_log.restores(config)):03d}"
    aside.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The log goes first: a log that stays beside another store would be read into it.
    for path in (*(store.with_name(store.name + end) for end in ("-wal", "-shm")), store):
        if path.exists():
            path.rename(aside / path.name)
    files.sync_folder(aside)
    ready.rename(store)
    files.sync_folder(config.folder)
    return aside if any(aside.iterdir()) else None


def last(db: Database) -> tuple[datetime, list[Gap]] | None:
    """Tell when this store was restored the last time, and which numbers are missing since; None for never."""
    listed = _told(db)
    if not listed:
        return None
    gaps = [Gap(date.fromisoformat(one["day"]), one["after"], one["known"]) for one in listed[-1]["gaps"]]
    return clocks.read(listed[-1]["at"]), gaps


def _told(db: Database) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(marks.get(db, MARK) or "[]")
    return listed


def _finished(config: Config, looked: Looked, gaps: tuple[Gap, ...]) -> Restored:
    aside = finish(config)
    log.warning("store restored", extra={"number": looked.copy.number, "count": looked.forms})
    return Restored(looked, gaps, aside)


def _chosen(config: Config, number: int | None) -> list[Copy]:
    found = rotation.listed(config.backup_folder, config.kiosk.id) if config.backup_folder else []
    chosen = [copy for copy in found if number in (None, copy.number)]
    if not chosen:
        raise NoCopy
    return chosen


@contextmanager
def _place(config: Config, name: str) -> Iterator[Path]:
    """Give a private folder beside the store, empty at the start and gone at the end."""
    place = config.folder / name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700, parents=True)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _make_ready(config: Config, vault: Vault, looked: Looked, clock: Clock, path: Path) -> tuple[Gap, ...]:
    now, days = clock.now(), _days(looked.copy, clock.today())
    known = restore_log.last_given(config.store_path, days)
    before = [day for one in restore_log.restores(config) for day in one["days"]]
    told = [day.isoformat() for day in days]
    restore_log.note(config, {"at": clocks.stamp(now), "days": told, "copy": looked.copy.number})
    with Store(path) as store, store.write() as db:
        gaps = [Gap(day, receipts.last_seq(db, day), known.get(day)) for day in days]
        gaps = [gap for gap in gaps if _is_missing(gap, looked.copy, clock.today())]
        for day in days:
            _move_on(db, day, 1 + before.count(day.isoformat()))
        sessions.end_all(db)
        line = audit.AuditLine("restore", "worker", config.kiosk.id, {"copy": looked.copy.number})
        audit.note(db, vault.key_for(AUDIT), now, line)
        _tell(db, looked.copy, gaps, clocks.stamp(now))
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return tuple(gaps)


def _days(copy: Copy, today: date) -> list[date]:
    """List the days on which a number may have been given after the copy, up to today.

    A clock that stands before the copy, or far beyond it, is likely to be wrong (a dead battery, before anybody has
    told the machine the time): then as many days as may be lie behind the copy, for it may be any of them.
    """
    made = _day_of(copy)
    if made <= today <= made + _MOST_DAYS:
        return _span(made, today)
    return sorted({*_span(made, made + _MOST_DAYS), *_span(today - _MOST_DAYS, today)})


def _day_of(copy: Copy) -> date:
    return clocks.local(copy.made_at).date()


def _span(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _is_missing(gap: Gap, copy: Copy, today: date) -> bool:
    """Tell whether a day lacks numbers; of a day that nobody can tell of, where it can have been after the copy."""
    made = _day_of(copy)
    if gap.known is None:
        return gap.day == made or made < gap.day <= today <= made + _MOST_DAYS
    return gap.known > gap.after


def _move_on(db: Database, day: date, count: int) -> None:
    try:
        receipts.move_after_restore(db, day, count)
    except NumbersSpent:  # the third restore of a day: paper until tomorrow
        receipts.spend(db, day)


def _tell(db: Database, copy: Copy, gaps: list[Gap], at: str) -> None:
    missing = [{"day": gap.day.isoformat(), "after": gap.after, "known": gap.known} for gap in gaps]
    one = {"at": at, "copy": copy.number, "made_at": clocks.stamp(copy.made_at), "gaps": missing}
    marks.put(db, MARK, json.dumps([*_told(db), one][-_KEPT:]))


def _lay_keys(config: Config, place: Path) -> None:
    """Put the copy's small keys where there are none: a new machine goes on under the old one's name."""
    for path in (one for one in place.rglob("*") if one.is_file() and not one.name.startswith(STORE)):
        target = config.folder / path.relative_to(place)
        if not target.exists():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            path.rename(target)
            files.sync_folder(target.parent)


def _fetch_scans(config: Config, path: Path, mirror: Path) -> None:
    """Fetch the scans that the restored store names and the disk has not, as far as they lie beside the ring."""
    with Store(path) as store, store.read() as db:
        wanted = scans.names(db)
    for name in sorted(wanted):
        if not (config.scans_folder / name).exists() and (content := files.read(mirror, name)) is not None:
            try:
                files.keep(config.scans_folder, name, content)
            except StoreFull:
                log.warning("scans not fetched")
                return
