"""Unpacks a copy into files: the parts of a whole copy, then the changed pages of each file that follows it.

The head of each file is bound to each piece of its content. A file of changed pages names the salt of the one that it
follows, and its head has the digest of all pages: what is unpacked is the snapshot that was copied, or is refused.
"""

import errno
import json
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.backup import rotation, sealed_file
from kiosk.backup.recovery import RecoveryPaper
from kiosk.backup.rotation import BackupCopy
from kiosk.base.errors import BackupMissing, SealBroken, StoreFull
from kiosk.store.pages import digests_of_file
from kiosk.store.vault import Vault

STORE = "kiosk.db"
"""Name of the store in a copy."""
PORTAL_KEY = "portal.key"
"""Name of the portal's key in a copy."""
KEY = "kiosk.key"
"""Name of the key file in a copy: it is there when the store has a recovery paper, and is never unpacked to a disk."""
SETTINGS = "kiosk.toml"
"""Name of the settings in a copy (`settings_copy`); they are not unpacked with the store."""
NAMED = "named/"
"""Begin of the names of files that the settings name (`named_files`); they are not unpacked with the store either."""
PAGES = "pages"
"""Name of the changed pages in a copy that follows another: for each its number (4 bytes) and its content."""
_PAGE_NUMBER = 4
_MAX_KEY_FILE = 1000


@dataclass(frozen=True)
class CopyKeys:
    """Keys that open a copy: the machine's, or the recovery paper, which opens the key file in the copy."""

    vault: Vault | None = None
    paper: RecoveryPaper | None = None

    def content_key(self, head: Mapping[str, Any]) -> bytes:
        """Return the key of a copy's content.

        Raises:
            RecoveryPaperWrong: the copy is not sealed to this paper.
            SealBroken: there is neither key nor paper.
        """
        if self.paper is not None:
            return self.paper.open(head)
        if self.vault is None:
            raise SealBroken
        return content_key(self.vault, head["salt"])


def is_setting(name: str) -> bool:
    """Return whether a part of a copy is kiosk.toml, or a file that it names."""
    return name == SETTINGS or name.startswith(NAMED)


def content_key(vault: Vault, salt: str) -> bytes:
    """Return the key that seals the content of the copy with this salt."""
    return vault.key_for(f"copy {salt}")


def unpack(copy: BackupCopy, keys: CopyKeys, folder: Path) -> bytes:
    """Write the parts of a copy as files into an empty folder; return the key file, which is not written.

    Raises:
        SealBroken: it does not open under these keys, was changed or cut, or is not the snapshot that was copied.
        RecoveryPaperWrong: it is not sealed to this paper.
        BackupMissing: the medium does not give it.
        StoreFull: the disk is full.
    """
    try:
        key_file = _unpack_whole(copy, keys, folder)
        if copy.is_of_minute:
            _apply_changes(copy, keys, folder)
    except (KeyError, ValueError, TypeError) as error:
        raise SealBroken from error
    except OSError as error:
        raise (StoreFull if error.errno == errno.ENOSPC else BackupMissing) from error
    return key_file


def read_parts(path: Path, keys: CopyKeys, is_wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """Return parts of a copy by their names; nothing is written.

    Raises:
        SealBroken: it does not open under these keys, or was changed or cut.
        RecoveryPaperWrong: it is not sealed to this paper.
        OSError: the medium does not give it.
    """
    found = dict[str, bytes]()
    with path.open("rb") as file:
        head = sealed_file.read_head(file)
        try:
            fields = json.loads(head)
            key = keys.content_key(fields)
            if not any(is_wanted(name) for name, _size in fields["parts"]):
                return found
            stream = _Stream(sealed_file.read(file, key, head))
            for name, size in fields["parts"]:
                pieces = stream.read(int(size))
                if is_wanted(name):
                    found[name] = b"".join(pieces)
                else:
                    deque(pieces, maxlen=0)
        except (KeyError, ValueError, TypeError) as error:
            raise SealBroken from error
    if not stream.is_at_end():
        raise SealBroken
    return found


def _unpack_whole(copy: BackupCopy, keys: CopyKeys, folder: Path) -> bytes:
    """Write the parts of a copy, of each minute of its first file, as files into a folder; return the key file."""
    with copy.path.open("rb") as file:
        head = sealed_file.read_head(file)
        fields = json.loads(head)
        if not copy.is_of_minute and fields["number"] != copy.number:
            raise SealBroken
        content = sealed_file.read(file, keys.content_key(fields), head)
        return _write_parts(content, [(str(name), int(size)) for name, size in fields["parts"]], folder)


def _apply_changes(copy: BackupCopy, keys: CopyKeys, folder: Path) -> None:
    """Make an unpacked whole copy the generation of a copy of each minute."""
    fields: dict[str, Any] = rotation.read_head(copy.path)
    salt = fields["salt"]
    with (folder / STORE).open("r+b") as file:
        for path in copy.changes:
            fields, parts = open_change(path, keys)
            if fields["follows"] != salt:
                raise SealBroken
            salt = fields["salt"]
            size = int(fields["page_size"])
            for number, page in _split_pages(parts.pop(PAGES), size):
                file.seek((number - 1) * size)
                file.write(page)
            file.truncate(int(fields["page_count"]) * size)
            for name, content in parts.items():
                if not is_setting(name):
                    _write_key_file(folder, name, content)
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        if digests_of_file(file, int(fields["page_size"])).root != fields["root"]:
            raise SealBroken


def open_change(path: Path, keys: CopyKeys) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the head of a file of changed pages, and its parts by name; the whole file is opened.

    Raises:
        SealBroken: it does not open under these keys, or was changed or cut.
        RecoveryPaperWrong: it is not sealed to this paper.
        OSError: the medium does not give it.
    """
    with path.open("rb") as file:
        head = sealed_file.read_head(file)
        try:
            fields: dict[str, Any] = json.loads(head)
            content = b"".join(sealed_file.read(file, keys.content_key(fields), head))
            parts = {}
            for name, size in fields["parts"]:
                parts[name] = content[:size]
                content = content[size:]
        except (KeyError, ValueError, TypeError) as error:
            raise SealBroken from error
    if content or PAGES not in parts:
        raise SealBroken
    return fields, parts


def join_pages(pages: Mapping[int, bytes]) -> bytes:
    """Return changed pages, by their number from 1, as the content of a part."""
    return b"".join(number.to_bytes(_PAGE_NUMBER, "big") + page for number, page in pages.items())


def _split_pages(content: bytes, page_size: int) -> Iterator[tuple[int, bytes]]:
    for start in range(0, len(content), _PAGE_NUMBER + page_size):
        number = int.from_bytes(content[start : start + _PAGE_NUMBER], "big")
        yield number, content[start + _PAGE_NUMBER : start + _PAGE_NUMBER + page_size]


def _write_key_file(folder: Path, name: str, content: bytes) -> None:
    """Write a small key file over the one of the whole copy, which may have been renewed since."""
    if name == KEY:
        return
    path = _path_in(folder, name)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


def _path_in(folder: Path, name: str) -> Path:
    """Return the path of a part in a folder, which is made; a name that leads out of it is refused."""
    path = folder / name
    if ".." in path.parts or not path.is_relative_to(folder):
        raise SealBroken
    path.parent.mkdir(mode=0o700, exist_ok=True)
    return path


def _write_parts(content: Iterator[bytes], parts: list[tuple[str, int]], folder: Path) -> bytes:
    stream = _Stream(content)
    key_file = b""
    for name, size in parts:
        if name == KEY and size <= _MAX_KEY_FILE:
            key_file = b"".join(stream.read(size))
            continue
        if is_setting(name):
            deque(stream.read(size), maxlen=0)
            continue
        path = _path_in(folder, name)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in stream.read(size):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    if not stream.is_at_end():
        raise SealBroken
    return key_file


class _Stream:
    """The opened pieces of a copy as one stream of bytes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._buffer = b""

    def read(self, size: int) -> Iterator[bytes]:
        """Yield the next `size` bytes.

        Raises:
            SealBroken: there are fewer.
        """
        while size:
            self._buffer = self._buffer or next(self._pieces, b"")
            if not self._buffer:
                raise SealBroken
            chunk = self._buffer[:size]
            self._buffer = self._buffer[len(chunk) :]
            size -= len(chunk)
            yield chunk

    def is_at_end(self) -> bool:
        """Return whether nothing is left."""
        return not self._buffer and not next(self._pieces, b"")
