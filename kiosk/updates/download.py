"""Downloads a release by pieces: what has arrived stays, and the file counts only when its hash is the signed one."""

import os
import shutil
from pathlib import Path

from kiosk.store import files
from kiosk.updates.errors import BrokenOff, NoRoom, NothingThere
from kiosk.updates.sources import PIECE_BYTES, NotThere, Source
from kiosk.updates.trust import Published

ROOM = 3
"""Free bytes for each byte of the archive: the archive, and its unpacked files."""


def path_of(folder: Path, release: Published) -> Path:
    """Return where a downloaded file lies."""
    return folder / release.name


def percent(folder: Path, release: Published) -> int:
    """Return how much of a release has arrived, in percent."""
    whole = path_of(folder, release)
    sizes = (path.stat().st_size for path in (whole, whole.with_name(f"{whole.name}.part")) if path.exists())
    return min(100, 100 * max(sizes, default=0) // max(release.target.length, 1))


def fetch_piece(folder: Path, release: Published, source: Source) -> bool:
    """Download the next piece; return whether the file is whole and verified now.

    Raises:
        NoRoom: the disk has too little room for the whole.
        NothingThere: the source does not have the file.
        BrokenOff: the whole differs from what was signed; it is deleted.
        SourceAway: the source does not answer; what arrived stays.
    """
    whole = path_of(folder, release)
    if whole.exists():
        release.verify(whole)
        return True
    part = whole.with_name(f"{whole.name}.part")
    length = release.target.length
    held = part.stat().st_size if part.exists() else 0
    if held < length:
        held = _append(part, held, release, source)
    if held < length:
        return False
    try:
        release.verify(part)
    except BrokenOff:
        part.unlink()
        raise
    part.rename(whole)
    files.sync_folder(folder)
    return True


def _append(part: Path, held: int, release: Published, source: Source) -> int:
    length = release.target.length
    part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(part.parent).free < ROOM * length - held + files.MIN_FREE_BYTES:
        raise NoRoom
    digest = release.target.hashes["sha256"]
    try:
        piece = source.read(f"targets/{digest}.{release.name}", held, min(PIECE_BYTES, length - held))
    except NotThere as cause:
        raise NothingThere from cause
    if not piece:
        raise BrokenOff
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
        file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return held + len(piece)
