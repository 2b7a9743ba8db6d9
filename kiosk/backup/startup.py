"""Before the store is opened for a day's work: a restore that was cut short is finished, a damaged store set aside.

A store is never deleted, mended or made anew because SQLite cannot read it (a dying disk says that of a sound file):
the newest sound copy takes its place, and where there is none everything stays as it lies. A store that has vanished
while its key is still there is damage too: a fresh one would give receipt numbers that people hold in their hands.
"""

import logging
from contextlib import suppress

from kiosk.backup import restore
from kiosk.clock import Clock
from kiosk.config import Config
from kiosk.errors import BackupAway, NoCopy, Running, StoreDamaged, StoreUnavailable
from kiosk.store.db import alone, is_sound

log = logging.getLogger(__name__)


def ready(config: Config, clock: Clock) -> None:
    """See to it that the store can be opened; StoreDamaged when it cannot and no copy can take its place."""
    if not config.folder.is_dir():
        return
    with suppress(Running), alone(config.store_path):  # whoever has it open already has looked
        restore.finish(config)
        if is_lost(config):
            log.error("store damaged")
            try:
                restore.restore(config, clock)
            except (NoCopy, BackupAway) as fault:
                raise StoreDamaged from fault
            except OSError as fault:
                raise StoreUnavailable from fault


def is_lost(config: Config) -> bool:
    """Tell whether the store is damaged, or gone although its key is there. StoreUnavailable when the disk refuses."""
    store = config.store_path
    if not store.exists() or store.stat().st_size == 0:
        return config.key_path.exists()
    return not is_sound(store)
