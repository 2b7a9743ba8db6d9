"""Last good text of each of the ward's procedure files, and of its override file, in the data folder of the kiosk.

A file with a mistake is left out, and the text that was last good is served in its place. A file that the ward deletes
is deleted here too; while the whole folder is missing, nothing is deleted: the disk may come back. Shared lists and
forms are copied and deleted only while every file is good: the last good text of a procedure needs those of its time.
"""

from collections.abc import Collection, Container
from contextlib import suppress
from pathlib import Path

from kiosk.procedures.documents import FILE_NAME as REGISTER
from kiosk.procedures.shared_parts import is_shared
from kiosk.store import files


def keep(own: Path, kept: Path, bad: Collection[str]) -> None:
    """Copy the good files of the ward's folder; a full disk costs only the copy.

    Args:
        own: the ward's folder.
        kept: the folder of the copies.
        bad: names of the files that have errors.
    """
    if not own.is_dir():
        return
    with suppress(OSError):
        kept.mkdir(mode=0o700, exist_ok=True)
        present = {path.name: path for path in own.glob("*.toml")}
        for name, path in present.items():
            if _follows(name, bad):
                _copy(path, kept / name)
        for copy in kept.glob("*.toml"):
            if copy.name not in present and _follows(copy.name, bad):
                copy.unlink()


def _follows(name: str, bad: Collection[str]) -> bool:
    """Return whether the copy of a file follows the ward's file now."""
    return not bad if is_shared(name) else name not in bad


def keep_overrides(path: Path, kept: Path, bad: Container[str]) -> None:
    """Copy the override file and the register of documents beside it, unless they have errors or are gone."""
    with suppress(OSError):
        kept.mkdir(mode=0o700, exist_ok=True)
        for file in (path, path.with_name(REGISTER)):
            if file.name not in bad and file.is_file():
                _copy(file, kept / file.name)


def _copy(path: Path, copy: Path) -> None:
    content = path.read_bytes()
    if not copy.is_file() or copy.read_bytes() != content:
        files.write_atomic(copy, content)
