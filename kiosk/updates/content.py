"""Content releases: procedures and reference data laid over the shipped ones, each version in a folder of its own.

`content/current` leads to the one in use. A content is used only when this program reads all of its procedures, so a
mistake in it never takes a procedure away. Procedures are in use at once; places and holidays at the next start.
"""

import logging
import shutil
from contextlib import suppress
from pathlib import Path

from kiosk.procedures.loader import CATALOGUE, read_usable_catalogue
from kiosk.store import files
from kiosk.updates import archive
from kiosk.updates import authorities as authority_files
from kiosk.updates.errors import BadContent, NoRoom, NothingThere
from kiosk.vietnam import reference_data

log = logging.getLogger(__name__)

FOLDER = "content"
"""Name of the folder of the contents, in that of the updates."""
_CURRENT = "current"
_PROCEDURES = "procedures"
_REFERENCE = "reference"
_AUTHORITIES = "authorities"


def present(folder: Path) -> str:
    """Return the version of the content in use; empty for the shipped one."""
    with suppress(OSError):
        return (folder / _CURRENT).readlink().name
    return ""


def procedures_folder(folder: Path) -> Path | None:
    """Return the folder of procedures laid over the shipped ones; None for none."""
    version = present(folder)
    path = folder / version / _PROCEDURES
    return path if version and path.is_dir() else None


def use_reference_data(folder: Path) -> None:
    """Let reference data be read from the content in use; called before anything is read."""
    version = present(folder)
    path = folder / version / _REFERENCE
    reference_data.lay_over(path if version and path.is_dir() else None)


def authorities(folder: Path) -> list[Path]:
    """Return certificates and revocation lists of trusted signers, by name; none with the shipped content."""
    version = present(folder)
    path = folder / version / _AUTHORITIES
    return sorted(path.iterdir()) if version and path.is_dir() else []


def install(folder: Path, path: Path, version: str) -> None:
    """Unpack a content beside the others, check it, and use it.

    Raises:
        BadContent: it has files that this program cannot read.
        NoRoom: the disk is full.
    """
    into = folder / version
    part = into.with_name(f".{version}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not into.is_dir():
        try:
            archive.unpack(path, part)
            _require_readable(part)
            part.rename(into)
            files.sync_folder(into.parent)
        except OSError as cause:
            raise NoRoom from cause
        finally:
            shutil.rmtree(part, ignore_errors=True)
    use(folder, version)


def use(folder: Path, version: str) -> None:
    """Let `current` lead to an installed content; empty: to the shipped one.

    Raises:
        NothingThere: it is not installed.
    """
    link = folder / _CURRENT
    if not version:
        link.unlink(missing_ok=True)
        return
    if not (folder / version).is_dir():
        raise NothingThere
    new = link.with_name(".current.new")
    new.unlink(missing_ok=True)
    new.symlink_to(version)
    new.replace(link)
    files.sync_folder(link.parent)


def _require_readable(part: Path) -> None:
    procedures = part / _PROCEDURES
    if procedures.is_dir() and read_usable_catalogue(CATALOGUE, procedures).errors:
        raise BadContent
    reference = part / _REFERENCE
    for path in sorted(reference.iterdir()) if reference.is_dir() else ():
        if not reference_data.is_readable(path):
            raise BadContent
    known = part / _AUTHORITIES
    if not all(authority_files.is_readable(path) for path in (known.iterdir() if known.is_dir() else ())):
        raise BadContent
