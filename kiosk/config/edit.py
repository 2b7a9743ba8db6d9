"""Changes of kiosk.toml by a page or a command: checked before anything is written, atomic, and undone in one step.

`open_settings` reads the file; `change`, `add_table` and `remove_table` change the text in memory; `save` checks it as
the start of the kiosk does, keeps the present file as a former one, and writes. Comments and order stay. A page sends
the `digest` of the file that it has shown, so that a change by hand meanwhile is noticed and not overwritten.
"""

import fcntl
import hashlib
import os
import stat
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kiosk.base import clock, toml_text
from kiosk.base.errors import SettingsBusy, SettingsChanged, SettingsReadOnly, SettingsRefused
from kiosk.base.toml_text import TomlMistake
from kiosk.config import Config, parse
from kiosk.config.toml_reader import SettingsError
from kiosk.config.toml_tables import TableText, TomlText
from kiosk.store.files import open_atomic

LOCK_SECONDS = 10.0
"""A page waits so long for a command that writes, and the other way round; a write takes milliseconds."""
_LOCK_PAUSE = 0.05
FORMER = 5
"""Former files that are kept: kiosk.toml.1 is the newest."""


@dataclass(frozen=True)
class SettingDifference:
    """A key that an edit has changed; None where it is not written. `table` counts the tables of one name from 0."""

    section: str
    table: int
    key: str
    old: Any
    new: Any


@dataclass(frozen=True)
class FormerFile:
    """A former kiosk.toml, and when it was replaced."""

    number: int
    path: Path
    replaced_at: datetime


class SettingsEdit:
    """kiosk.toml as it was read, with changes that are not written yet."""

    def __init__(self, file: Path, content: bytes, text: str) -> None:
        """Begin an edit; `text` is the content as text, or another that takes its place when the content is broken."""
        self.file = file
        self._content = content
        self._old = text
        self._toml = TomlText(text)

    @property
    def digest(self) -> str:
        """Digest of the file as it was read."""
        return _digest(self._content)

    @property
    def text(self) -> str:
        """The text with the changes."""
        return self._toml.text

    @property
    def is_same(self) -> bool:
        """Whether the file would stay as it is."""
        return self.text.encode() == self._content

    def value(self, section: str, key: str) -> Any:
        """Return what the file writes for a key of `[section]`; None when it is not written."""
        tables = self._toml.tables(section)
        return tables[0].values.get(key) if tables else None

    def change(self, section: str, key: str, value: Any) -> None:
        """Set a key of `[section]`, or remove it with None: then its default applies."""
        tables = self._toml.tables(section)
        if tables:
            tables[0].change(key, value)
        elif value is not None:
            self._toml.add(section, {key: value}, is_repeated=False)

    def tables(self, name: str) -> list[dict[str, Any]]:
        """Return what the file writes in each `[[name]]`, in order."""
        return [table.values for table in self._toml.tables(name)]

    def change_table(self, name: str, place: int, values: Mapping[str, Any]) -> None:
        """Set keys of one `[[name]]`; None removes a key."""
        table = self._table(name, place)
        for key, value in values.items():
            table.change(key, value)

    def add_table(self, name: str, values: Mapping[str, Any]) -> None:
        """Add a `[[name]]` after the others of its name."""
        self._toml.add(name, dict(values), is_repeated=True)

    def remove_table(self, name: str, place: int) -> None:
        """Remove one `[[name]]`; comments around it stay."""
        self._toml.remove(self._table(name, place))

    def swap_tables(self, name: str, place: int, other: int) -> None:
        """Let two `[[name]]` change places, each with the comment right above it."""
        self._toml.swap(self._table(name, place), self._table(name, other))

    def replace_text(self, text: str) -> None:
        """Replace the whole text.

        Raises:
            SettingsRefused: it is not TOML.
        """
        self._toml = TomlText(_checked_toml(self.file, text))

    def _table(self, name: str, place: int) -> TableText:
        return self._toml.tables(name)[place]

    def differences(self) -> list[SettingDifference]:
        """Return what is changed, key by key, in the order of the new text."""
        before = tomllib.loads(self._old)
        after = tomllib.loads(self.text)
        found: list[SettingDifference] = []
        for section in dict.fromkeys([*after, *before]):
            old_tables = _as_tables(before.get(section))
            new_tables = _as_tables(after.get(section))
            for place in range(max(len(old_tables), len(new_tables))):
                old = old_tables[place] if place < len(old_tables) else {}
                new = new_tables[place] if place < len(new_tables) else {}
                found += [
                    SettingDifference(section=section, table=place, key=key, old=old.get(key), new=new.get(key))
                    for key in dict.fromkeys([*new, *old])
                    if old.get(key) != new.get(key)
                ]
        return found

    def before(self) -> Config | None:
        """Return the settings of the file as it was read; None where they have errors."""
        config, errors = parse(self._old)
        return None if errors else config

    def check(self) -> tuple[Config, list[SettingsError]]:
        """Return the settings with the changes, and what is wrong with them, as the start of the kiosk finds it."""
        return parse(self.text)

    def save(self) -> Config:
        """Check and write the changes; the present file becomes a former one. Return the new settings.

        Raises:
            SettingsRefused: something is wrong with the changes; nothing is written.
            SettingsChanged: the file has changed since it was read; nothing is written.
            SettingsReadOnly: the file or its folder cannot be written.
        """
        config, errors = self.check()
        if errors:
            raise settings_refused(self.file, errors)
        with _locked(self.file):
            current = self.file.read_bytes()
            if current != self._content:
                raise SettingsChanged
            new = self.text.encode()
            if new != current:
                _keep_former(self.file, current)
                write_like(self.file, self.file, new)
        self._content = new
        self._old = self.text
        return config


def open_settings(file: Path, digest: str | None = None) -> SettingsEdit:
    """Read kiosk.toml to change it.

    Args:
        file: the settings; a link is followed.
        digest: of the file that a page has shown; None: whatever is there.

    Raises:
        SettingsRefused: it is missing, or broken by hand: not TOML.
        SettingsChanged: it is no longer the file of the digest.
    """
    file = file.resolve()
    content = _read(file)
    if digest is not None and _digest(content) != digest:
        raise SettingsChanged
    return SettingsEdit(file, content, _decode(file, content))


def require_writable(file: Path) -> None:
    """Make sure that a file can be replaced, before something else is done with its new settings.

    Raises:
        SettingsReadOnly: the file cannot be written, or a new file cannot take its place in the folder.
    """
    if not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)):
        raise read_only(file)


def former_files(file: Path) -> list[FormerFile]:
    """Return the former files, the one that was replaced last first."""
    paths = [(number, _former_path(file.resolve(), number)) for number in range(1, FORMER + 1)]
    return [
        FormerFile(number=number, path=path, replaced_at=datetime.fromtimestamp(path.stat().st_mtime, tz=UTC))
        for number, path in paths
        if path.exists()
    ]


def open_former(file: Path, number: int = 1, digest: str | None = None) -> SettingsEdit:
    """Return an edit that puts a former file back: to show its differences, and to save.

    The file of today becomes a former one by that, so that an undo can be undone. A file that was broken by hand since
    is replaced too.

    Raises:
        SettingsRefused: there is no such former file.
        SettingsChanged: the file is no longer that of the digest.
    """
    file = file.resolve()
    former = _former_path(file, number)
    text = _decode(former, _read(former))
    try:
        edit = open_settings(file, digest)
    except SettingsRefused:
        return SettingsEdit(file, _read(file), text)
    edit.replace_text(text)
    return edit


def undo(file: Path, digest: str | None = None) -> Config:
    """Put the file back that was replaced last; a second call takes that back.

    Raises:
        SettingsRefused: there is none, or this release cannot use it.
        SettingsChanged: the file is no longer that of the digest.
        SettingsReadOnly: the file or its folder cannot be written.
    """
    return open_former(file, digest=digest).save()


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise settings_refused(file, [SettingsError(f"không đọc được {file}", f"{file} cannot be read")]) from error


def _decode(file: Path, content: bytes) -> str:
    try:
        return _checked_toml(file, toml_text.decode(content))
    except TomlMistake as mistake:
        raise settings_refused(file, [SettingsError.of(mistake)]) from mistake


def _checked_toml(file: Path, text: str) -> str:
    try:
        toml_text.parse(text)
    except TomlMistake as mistake:
        raise settings_refused(file, [SettingsError.of(mistake)]) from mistake
    return text


def settings_refused(file: Path, errors: list[SettingsError]) -> SettingsRefused:
    """Return the error of a file with errors."""
    return SettingsRefused(
        file=file.name,
        vi=[error.in_language("vi").strip() for error in errors],
        en=[error.in_language("en").strip() for error in errors],
    )


def _as_tables(value: Any) -> list[dict[str, Any]]:
    tables = value if isinstance(value, list) else [value]
    return [table for table in tables if isinstance(table, dict)]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _former_path(file: Path, number: int) -> Path:
    return file.with_name(f"{file.name}.{number}")


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Hold the lock of the file's folder: a page and a command do not write at once.

    Raises:
        SettingsReadOnly: the file cannot be written, or a new file cannot take its place in the folder.
        SettingsBusy: another program holds the folder.
    """
    require_writable(file)
    handle = os.open(file.parent, os.O_RDONLY)
    try:
        _lock(handle, file)
        yield
    except OSError as error:
        raise read_only(file) from error
    finally:
        os.close(handle)


def _lock(handle: int, file: Path) -> None:
    deadline = clock.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if clock.monotonic() >= deadline:
                raise _busy(file) from error
            time.sleep(_LOCK_PAUSE)
        else:
            return


def _busy(file: Path) -> SettingsBusy:
    return SettingsBusy(
        f"Một chương trình khác đang giữ thư mục {file.parent} nên máy chưa ghi gì vào {file.name}. Chờ một phút rồi "
        f"làm lại. Vẫn vậy thì xem chương trình nào đang giữ: fuser -v {file.parent}",
        f"Another program holds the folder {file.parent}, so nothing was written to {file.name}. Do it again in a "
        f"minute. See which one it is: fuser -v {file.parent}",
    )


def read_only(file: Path) -> SettingsReadOnly:
    """Return the error of a file that cannot be written."""
    return SettingsReadOnly(
        f"Máy không ghi được {file} nên chưa đổi gì. Cho người chạy máy ghi tệp đó và thư mục {file.parent}, rồi làm "
        "lại.",
        f"{file} cannot be written, so nothing was changed. Let the kiosk's user write it and {file.parent}.",
    )


def _keep_former(file: Path, content: bytes) -> None:
    for number in range(FORMER - 1, 0, -1):
        path = _former_path(file, number)
        if path.exists():
            path.rename(_former_path(file, number + 1))
    write_like(file, _former_path(file, 1), content)


def write_like(model: Path, path: Path, content: bytes) -> None:
    """Write a file atomically, with the mode and the owner of another one."""
    status = model.stat()
    with open_atomic(path) as file:
        file.write(content)
        os.fchmod(file.fileno(), stat.S_IMODE(status.st_mode))
        if (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
            os.fchown(file.fileno(), status.st_uid, status.st_gid)
