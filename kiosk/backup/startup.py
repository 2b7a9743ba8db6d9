"""Startup check of the store: finishes an interrupted restore, and restores a damaged store from a copy.

A store that SQLite cannot read is never deleted, repaired or created again (a failing disk makes a good file
unreadable): the newest undamaged copy replaces it, and without a copy nothing is changed. A store that is missing while
its key lies beside it is damaged too. An empty data folder is refused: a disk that is not mounted looks like that, and
a new store would issue receipt numbers again that citizens already hold.
"""

import logging
from contextlib import suppress

from kiosk.backup import lost_log, restore
from kiosk.base.clock import Clock
from kiosk.base.errors import BackupMissing, KioskRunning, NoCopy, StoreDamaged, StoreMissing, StoreUnavailable
from kiosk.config import Config
from kiosk.store.db import exclusive, is_sound
from kiosk.updates.settle import settle_failed

log = logging.getLogger(__name__)


def prepare_store(config: Config, clock: Clock) -> None:
    """Make sure that the store can be opened.

    Raises:
        StoreDamaged: the store is damaged and there is no usable copy.
        StoreUnavailable: the disk refuses.
    """
    if not config.folder.is_dir():
        return
    lost_log.notice(config, clock)  # before the check below, which makes a new log
    with suppress(KioskRunning), exclusive(config.store_path):  # a process that has it open has checked it
        settle_failed(config, clock)
        restore.finish(config)
        if is_lost(config):
            log.error("store damaged")
            try:
                restore.restore(config, clock)
            except (NoCopy, BackupMissing) as fault:
                raise StoreDamaged from fault
            except OSError as fault:
                raise StoreUnavailable from fault


def require_store(config: Config) -> None:
    """Refuse to open a store that does not exist; practice creates its own.

    Raises:
        StoreMissing: there is none.
    """
    if not config.kiosk.practice and is_missing(config):
        raise StoreMissing(
            f"Không thấy nơi lưu của máy ở {config.store_path}. Máy đã dùng rồi: xem ổ đĩa đã gắn chưa và [kiosk] data "
            "trong kiosk.toml, hoặc khôi phục từ bản sao (kiosk restore). Máy mới: kiosk init.",
            f"There is no store at {config.store_path}. A machine that was in use: check that its disk is mounted and "
            "[kiosk] data in kiosk.toml, or restore a copy (kiosk restore). A new machine: kiosk init.",
        )


def is_missing(config: Config) -> bool:
    """Return whether there is no store, or only the empty file of one that was never made."""
    return not config.store_path.exists() or config.store_path.stat().st_size == 0


def is_lost(config: Config) -> bool:
    """Return whether the store is damaged, or missing while its key lies beside it.

    With the key on another medium, a missing store can also be a disk that is not mounted.

    Raises:
        StoreUnavailable: the disk refuses.
    """
    if is_missing(config):
        return config.key_path.is_relative_to(config.folder) and config.key_path.exists()
    return not is_sound(config.store_path)
