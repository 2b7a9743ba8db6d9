"""Settings of kiosk.toml, read again while the kiosk runs: a change is used at once.

A change replaces the whole `Config`, so a page or a task that has read a section keeps all of it. What was used when
the process began, such as ports, threads and the connection to the portal, waits for a restart (`AT_START`).
"""

import shutil
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from kiosk.config import Config, load

FileState = tuple[int, int, int] | None
"""Inode, size and time of a file; None where it is missing. A file that was replaced has another one."""
AT_START: Mapping[str, frozenset[str]] = {
    "kiosk": frozenset(),
    "web": frozenset(),
    "lan": frozenset(),
    "scanner": frozenset(),
    "portal": frozenset({"kind", "url", "ca"}),
    "opencps": frozenset(),
    "eforms": frozenset(),
    "gateway": frozenset(),
    "procedures": frozenset({"own", "overrides"}),
    "updates": frozenset({"programs", "source", "root"}),
}
"""Field of `Config` -> its keys that are read at the start alone; no keys: all of them."""
_BY_COMMAND = frozenset({"web", "gateway"})
"""Sections that an option of the command line may replace: whether they wait cannot be known."""


def file_state(file: Path | None) -> FileState:
    """Return the state of a file, without reading it."""
    try:
        status = file.stat() if file is not None else None
    except OSError:
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns) if status is not None else None


def source_file(config: Config) -> Path | None:
    """Return the file that the settings are read from: in practice its own, else the one that it begins with."""
    if config.kiosk.practice and config.file is not None and not config.file.exists():
        return config.base_file
    return config.file


def writable_file(config: Config) -> Path | None:
    """Return the file that a page or a command writes; practice gets its own copy at the first change."""
    file = config.file
    if file is not None and config.kiosk.practice and not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if config.base_file is None:
            file.touch()
        else:
            shutil.copyfile(config.base_file, file)
    return file


def newest_settings(config: Config) -> Config:
    """Return the settings as the next start of this kiosk, or of its practice, will read them.

    Raises:
        BadSettings: the file cannot be read, is not TOML, or has errors.
    """
    source = source_file(config)
    if source is None:
        return config
    newest = load(source)
    if config.kiosk.practice:
        begun = replace(newest, root=config.root, file=config.base_file)
        return replace(begun.on_port(config.web.port).practising(), file=config.file)
    return newest


def with_newest(config: Config) -> Config:
    """Return settings with all that kiosk.toml has now, but for what is read at the start alone.

    Raises:
        BadSettings: the file cannot be read, is not TOML, or has errors.
    """
    newest = newest_settings(config)
    kept = {name: _with_kept(getattr(config, name), getattr(newest, name), keys) for name, keys in AT_START.items()}
    return replace(newest, **kept, root=config.root, file=config.file, base_file=config.base_file)


def waiting_for_restart(config: Config, written: Config) -> list[tuple[str, str]]:
    """Return section and key of the written settings that a restart would bring into use; no key for a list."""
    waiting: list[tuple[str, str]] = []
    for name, keys in AT_START.items():
        used = getattr(config, name)
        new = getattr(written, name)
        if name in _BY_COMMAND or used == new:
            continue
        if not is_dataclass(used):
            waiting.append((name, ""))
            continue
        names = keys or {item.name for item in fields(used)} - {"practice"}
        waiting += [(name, key) for key in sorted(names) if getattr(used, key) != getattr(new, key)]
    return waiting


def is_at_start(section: str, key: str) -> bool:
    """Return whether a setting is read at the start alone."""
    keys = AT_START.get(section)
    return keys is not None and (not keys or key in keys)


def _with_kept(used: Any, newest: Any, keys: frozenset[str]) -> Any:
    """Return a section in which the keys keep the value that is in use; all keep theirs where none is named."""
    return replace(newest, **{key: getattr(used, key) for key in keys}) if keys else used
