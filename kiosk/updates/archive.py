"""The archive of a release: a tar of its folder with plain files alone, packed and unpacked.

Links, devices and names that lead out of the folder are refused, also in a signed archive: a signature says who packed
it, not that nothing went wrong. Each file is durable before the folder gets its name, so that a power cut leaves a
whole release or none.
"""

import compileall
import gzip
import os
import py_compile
import sys
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from kiosk.store import files
from kiosk.updates.errors import BrokenOff

MAX_BYTES = 2 << 30
"""Unpacked bytes of an archive at most."""
_PIECE = 1 << 20
_LEFT_OUT = {"__pycache__", ".git", "bin", "pyvenv.cfg"}
"""Of `.venv`: what `programs` makes on the machine itself."""


def pack(folder: Path, archive: Path, *, compiled: bool = False) -> None:
    """Pack a folder; equal folders give equal archives.

    Args:
        folder: the folder, whose files lie at the top of the archive.
        archive: the file to write.
        compiled: it is a program, whose compiled files belong into the archive: the kiosk may not write its folder.
            Modules are compiled here unless the folder is for another Python, whose builder has done so; templates are
            packed as the builder has left them.
    """
    if compiled and python_of(folder) in ("", f"{sys.version_info[0]}.{sys.version_info[1]}"):
        mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
        compileall.compile_dir(folder, quiet=2, invalidation_mode=mode, stripdir=str(folder))
    with (
        files.open_atomic(archive, 0o644) as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in _paths(folder, compiled=compiled):
            _add(tar, path, path.relative_to(folder).as_posix())


def python_of(folder: Path) -> str:
    """Return the version of Python that a program's packages are for, such as 3.13; empty when it has none."""
    found = sorted((folder / ".venv" / "lib").glob("python3.*"))
    return found[0].name.removeprefix("python") if found else ""


def unpack(archive: Path, folder: Path) -> None:
    """Unpack an archive into a new folder, durably.

    Raises:
        BrokenOff: the archive is damaged, or has something else than plain files below its folder.
        OSError: the disk refuses.
    """
    folder.mkdir(mode=0o755)
    try:
        with tarfile.open(archive, "r:gz") as tar:
            left = MAX_BYTES
            for member in tar:
                left -= member.size
                _extract(tar, member, folder, left=left)
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, ValueError) as cause:
        raise BrokenOff from cause
    for path in [*(path for path in folder.rglob("*") if path.is_dir()), folder]:
        files.sync_folder(path)


def _paths(folder: Path, *, compiled: bool) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        is_made = parts[0] == ".venv" and len(parts) > 1 and parts[1] in _LEFT_OUT
        is_cache = "__pycache__" in parts and not compiled
        if path.is_file() and not path.is_symlink() and not is_made and not is_cache and ".git" not in parts:
            yield path


def _add(tar: tarfile.TarFile, path: Path, name: str) -> None:
    info = tarfile.TarInfo(name)
    info.size = path.stat().st_size
    info.mode = 0o755 if os.access(path, os.X_OK) else 0o644
    with path.open("rb") as file:
        tar.addfile(info, file)


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, *, left: int) -> None:
    name = PurePosixPath(member.name)
    if name.is_absolute() or ".." in name.parts or "\\" in member.name or left < 0:
        raise ValueError("a name that leads out of the folder, or too many bytes")
    if member.isdir():
        return
    content = tar.extractfile(member) if member.isreg() else None
    if content is None:
        raise ValueError("no plain file")
    path = folder.joinpath(*name.parts)
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o755 if member.mode & 0o100 else 0o644)
    with os.fdopen(handle, "wb") as file:
        for piece in _pieces(content):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _pieces(content: IO[bytes]) -> Iterable[bytes]:
    while piece := content.read(_PIECE):
        yield piece
