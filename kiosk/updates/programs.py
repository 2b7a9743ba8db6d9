"""Releases of the program side by side: `releases/VERSION`, and the link `current` to the one that runs.

A release appears under its name whole and durable, or not at all; the link is replaced atomically. So there is a whole
release at every moment, whatever a power cut interrupts (tests/updates/test_power_cuts.py cuts at every step).
"""

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from venv import EnvBuilder

from kiosk.base import release
from kiosk.config import Config
from kiosk.store import files
from kiosk.updates import archive
from kiosk.updates.errors import BrokenOff, NoRoom, NothingThere, NotSetUp
from sync.versions import parse_version

_PART = ".part"
_NEW_LINK = ".current.new"
_ROOM = 4
"""Free bytes for each byte of the archive while it is unpacked."""


class Programs:
    """The folder of the releases."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, version: str) -> Path:
        """Return the folder of a release."""
        return self.folder / "releases" / version

    def versions(self) -> list[str]:
        """Return the whole releases, the oldest first."""
        with suppress(OSError):
            found = [path.name for path in (self.folder / "releases").iterdir() if path.is_dir()]
            return sorted((name for name in found if parse_version(name)), key=lambda name: parse_version(name) or ())
        return []

    def current(self) -> str:
        """Return the release that `current` leads to; empty for none."""
        with suppress(OSError):
            return (self.folder / "current").readlink().name
        return ""

    def install(self, path: Path, version: str) -> None:
        """Unpack an archive as a release beside the others; a release that is there stays as it is.

        Raises:
            BrokenOff: the archive is damaged, or contains another release.
            NoRoom: the disk is full.
        """
        if self.path(version).is_dir():
            return
        part = self.path(f".{version}{_PART}")
        shutil.rmtree(part, ignore_errors=True)
        part.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        if shutil.disk_usage(part.parent).free < _ROOM * path.stat().st_size:
            raise NoRoom
        try:
            archive.unpack(path, part)
            if release.read(part).version != version:
                raise BrokenOff
            _complete_environment(part)
            _let_everybody_read(part)
        except OSError as cause:
            shutil.rmtree(part, ignore_errors=True)
            raise NoRoom from cause
        except BrokenOff:
            shutil.rmtree(part, ignore_errors=True)
            raise
        part.rename(self.path(version))
        files.sync_folder(part.parent)

    def switch(self, version: str) -> None:
        """Let `current` lead to a release.

        Raises:
            NothingThere: there is no such release.
        """
        if not self.path(version).is_dir():
            raise NothingThere
        new = self.folder / _NEW_LINK
        new.unlink(missing_ok=True)
        new.symlink_to(Path("releases") / version)
        new.replace(self.folder / "current")
        files.sync_folder(self.folder)

    def delete_others(self, *kept: str) -> None:
        """Delete every release but the present one and those that are named, and what a power cut left behind."""
        keep = {self.current(), *kept}
        releases = self.folder / "releases"
        for path in [*(self.path(version) for version in self.versions()), *releases.glob(f".*{_PART}")]:
            if path.name not in keep:
                # Renamed first: a half-deleted folder must not look like a release.
                doomed = releases / f".{path.name.strip('.')}.old{_PART}"
                shutil.rmtree(doomed, ignore_errors=True)
                path.rename(doomed)
                shutil.rmtree(doomed, ignore_errors=True)


def programs_of(config: Config) -> Programs:
    """Return the releases of this machine.

    Raises:
        NotSetUp: this machine is not updated by itself.
    """
    if not config.updates.programs:
        raise NotSetUp
    return Programs(config.root / config.updates.programs)


def is_replaced(config: Config, root: Path = release.ROOT) -> bool:
    """Return whether `current` leads to another release than the one that runs from `root`."""
    if not config.updates.programs:
        return False
    programs = Programs(config.root / config.updates.programs)
    runs_from_here = root.parent == (programs.folder / "releases").resolve()
    return runs_from_here and programs.current() not in ("", root.name)


def _let_everybody_read(folder: Path) -> None:
    """Set the modes that a package gives: the unit that installs releases has a umask of 077, for the data."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _complete_environment(folder: Path) -> None:
    """Make what an archive cannot hold: the links to this machine's Python."""
    environment = folder / ".venv"
    if not environment.is_dir():
        return
    EnvBuilder(symlinks=True, with_pip=False).create(environment)
    python = environment / "bin" / "python"
    if not os.access(python, os.X_OK):
        raise OSError(f"no {python} of {sys.executable}")
    for path in (environment / "bin", environment):
        files.sync_folder(path)
