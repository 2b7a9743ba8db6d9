"""A 16 MB reserve file, deleted when the disk is full.

The freed space lets citizens submit the forms they have begun, the queue drain, and a technician sign in and read the
instructions. The file is created only while the disk has much free space, and again when it has.
"""

import os
import shutil
from pathlib import Path

from kiosk.store import files

BYTES = 16 * 1024 * 1024
CREATE_ABOVE = 1_200_000_000
"""Free bytes from which the reserve is created."""
DELETE_BELOW = 16 * 1024 * 1024
"""Free bytes below which the reserve is deleted."""
FORM_MIN_FREE = 200_000_000
"""Free bytes below which no form is begun, so that the begun ones have space."""


def has_room_for_form(folder: Path) -> bool:
    """Return whether the disk of a folder has space for another form."""
    return shutil.disk_usage(folder).free >= FORM_MIN_FREE


def maintain(folder: Path) -> bool:
    """Create the reserve on a disk with much free space, delete it on a full one; return True when it was deleted."""
    reserve = folder / "ballast"
    free = shutil.disk_usage(folder).free
    if free >= CREATE_ABOVE and not reserve.exists():
        temporary = folder / ".ballast"
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            # Allocated, not only sized: a sparse file would reserve nothing.
            os.posix_fallocate(handle, 0, BYTES)
        finally:
            os.close(handle)
        temporary.rename(reserve)
    elif free < DELETE_BELOW and reserve.exists():
        reserve.unlink()
        files.sync_folder(folder)
        return True
    return False
