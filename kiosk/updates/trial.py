"""The first starts of a new release, counted outside the store; after three that fail the release before comes back.

The file `trial` names the new release and the one before. `before-start`, a script of the package and of no release,
counts each start in it, and after the third turns the link `current` back and renames the file to `failed`. The new
release deletes the file when its self-check has passed.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kiosk.store import files

_TRIAL = "trial"
_FAILED = "failed"


@dataclass(frozen=True)
class Trial:
    """A release on trial, and the one to go back to."""

    version: str
    before: str
    starts: int = 0


def begin(folder: Path, version: str, before: str) -> None:
    """Write the trial, before the link is switched."""
    text = f"version={version}\nbefore={before}\nstarts=0\n"
    files.write_atomic(folder / _TRIAL, text.encode())


def read(folder: Path) -> Trial | None:
    """Return the trial; None when there is none."""
    return _read(folder / _TRIAL)


def failed(folder: Path) -> Trial | None:
    """Return the trial that failed, until `forget_failed`."""
    return _read(folder / _FAILED)


def confirm(folder: Path) -> None:
    """End the trial: the release stays."""
    (folder / _TRIAL).unlink(missing_ok=True)


def forget_failed(folder: Path) -> None:
    """Delete the note of a failed trial, when it was reported."""
    (folder / _FAILED).unlink(missing_ok=True)


def _read(path: Path) -> Trial | None:
    with suppress(OSError, ValueError, KeyError):
        lines = dict(line.split("=", 1) for line in path.read_text("ascii").splitlines())
        return Trial(version=lines["version"], before=lines["before"], starts=int(lines["starts"]))
    return None
