"""Startup check of the store: finishes an interrupted restore, and restores a damaged store from a copy.

A store that SQLite cannot read is never deleted, repaired or created again (a failing disk makes a good file
unreadable): the newest undamaged copy replaces it, and without a copy nothing is changed. A store that is missing while
its key exists is damaged too: a new one would issue receipt numbers again that citizens already hold.
"""

import logging
from contextlib import suppress

from kiosk.backup import restore
from kiosk.clock import Clock
from kiosk.config import Config
from kiosk.errors import BackupMissing, KioskRunning, NoCopy, StoreDamaged, StoreUnavailable
from kiosk.store.db import exclusive, is_sound

log = logging.getLogger(__name__)


def prepare_store(config: Config, clock: Clock) -> None:
    """Make sure that the store can be opened.

    Raises:
        StoreDamaged: the store is damaged and there is no usable copy.
        StoreUnavailable: the disk refuses.
    """
    if not config.folder.is_dir():
        return
    with suppress(KioskRunning), exclusive(config.store_path):  # a process that has it open has checked it
        restore.finish(config)
        if is_lost(config):
            log.error("store damaged")
            try:
                restore.restore(config, clock)
            except (NoCopy, BackupMissing) as fault:
                raise StoreDamaged from fault
            except OSError as fault:
                raise StoreUnavailable from fault


def is_lost(config: Config) -> bool:
    """Return whether the store is damaged, or missing while its key exists.

    Raises:
        StoreUnavailable: the disk refuses.
    """
    store = config.store_path
    if not store.exists() or store.stat().st_size == 0:
        return config.key_path.exists()
    return not is_sound(store)
