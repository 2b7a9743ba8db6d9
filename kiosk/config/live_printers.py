"""Printers of kiosk.toml, read again while the kiosk runs: they are the only settings that need no restart."""

from dataclasses import replace
from pathlib import Path

from kiosk.config import Config, load

FileState = tuple[int, int, int] | None
"""Inode, size and time of a file; None where it is missing. A file that was replaced has another one."""


def file_state(file: Path | None) -> FileState:
    """Return the state of a file, without reading it."""
    try:
        status = file.stat() if file is not None else None
    except OSError:
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns) if status is not None else None


def with_newest_printers(config: Config) -> Config:
    """Return settings with the printers that kiosk.toml has now.

    Raises:
        BadSettings: the file cannot be read, is not TOML, or has errors.
    """
    newest = load(config.file)
    if config.kiosk.practice:
        newest = newest.on_port(config.web.port).practising()
    return replace(config, printers=newest.printers, office_printers=newest.office_printers)
