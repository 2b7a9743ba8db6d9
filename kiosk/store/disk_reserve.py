"""Room that is kept in hand for the day when the disk is full: a file that is let go then.

With it gone, what is begun can be handed in, the queue can leave, and a technician can sign in and read what to do.
It is laid down only while there is plenty of room, and comes back by itself.
"""

import os
import shutil
from pathlib import Path

from kiosk.store import files

BYTES = 16 * 1024 * 1024
PLENTY = 1_200_000_000
"""Bytes that must be free before ballast is laid down."""
NEED = 16 * 1024 * 1024
"""With less than so many bytes free the ballast is let go."""
FORMS_NEED = 200_000_000
"""With less than so many bytes free no form is begun any more: those that are begun need the room."""


def may_begin(folder: Path) -> bool:
    """Tell whether the disk of a folder has room for another form."""
    return shutil.disk_usage(folder).free >= FORMS_NEED


def tend(folder: Path) -> bool:
    """Lay the ballast down while there is plenty of room, let it go when there is none; True when it was let go."""
    ballast, free = folder / "ballast", shutil.disk_usage(folder).free
    if free >= PLENTY and not ballast.exists():
        draft = folder / ".ballast"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.posix_fallocate(handle, 0, BYTES)
        finally:
            os.close(handle)
        draft.rename(ballast)
    elif free < NEED and ballast.exists():
        ballast.unlink()
        files.sync_folder(folder)
        return True
    return False
