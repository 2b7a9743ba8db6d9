"""Seals a copy: its content, and the small files that a new machine needs, under a key that seals this copy only.

The vault's key gives the key of a copy. With a recovery paper, or a stand-by, the copy's key is sealed to them too, and
the copy holds the vault's key.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from kiosk.backup import named_files, recovery, sealed_file
from kiosk.backup.pace import Pace
from kiosk.backup.unpack import KEY, PORTAL_KEY, SETTINGS, content_key
from kiosk.base import codes
from kiosk.config import Config
from kiosk.context import Context


@dataclass(frozen=True)
class CopyPart:
    """A part of a copy: its name, its bytes, and their number."""

    name: str
    size: int
    content: Iterable[bytes]


def seal(
    context: Context, file: BinaryIO, fields: Mapping[str, Any], content: CopyPart, settings: Iterable[CopyPart] = ()
) -> str:
    """Write a sealed copy; return its salt, which no other copy has.

    Args:
        context: the context.
        file: an empty file.
        fields: the copy's own members of its head; kiosk, store, salt, parts and the paper's seal are added.
        content: the first part; the key files follow.
        settings: `settings_parts`; none in a copy that follows one with the same settings.
    """
    with context.store.read() as db:
        paper = recovery.read_state(db)
        standby = recovery.read_standby(db)
    readers = {"recovery": paper.public if paper else "", "standby": standby}
    parts = [content, *_key_files(context.config), *settings]
    if any(readers.values()):
        parts.append(CopyPart(KEY, len(context.vault.key_file), [context.vault.key_file]))
    salt = codes.token()
    head: dict[str, Any] = {
        "kiosk": context.config.kiosk.id,
        "store": context.vault.store_id,
        **fields,
        "salt": salt,
        "parts": [(part.name, part.size) for part in parts],
    }
    key = content_key(context.vault, salt)
    head |= {name: recovery.seal(public, key, head) for name, public in readers.items() if public}
    sealed_file.write(
        file,
        key=key,
        head=json.dumps(head).encode(),
        content=chain.from_iterable(part.content for part in parts),
    )
    return salt


def file_part(name: str, path: Path, target: BinaryIO) -> CopyPart:
    """Return a file as a part, read at the pace at which the sealed copy reaches its disk."""
    return CopyPart(name, path.stat().st_size, _read(path, target))


def _key_files(config: Config) -> Iterator[CopyPart]:
    """Yield the small key files that a copy includes."""
    paths = [(PORTAL_KEY, config.portal_key_path)] if config.portal_key_path.is_file() else []
    paths += [(f"tls/{path.name}", path) for path in sorted(config.tls_folder.glob("*.*"))]
    for name, path in paths:
        content = path.read_bytes()
        yield CopyPart(name, len(content), [content])


def settings_parts(config: Config) -> list[CopyPart]:
    """Return kiosk.toml and the files that it names: a machine that replaces this one gets its settings back."""
    if config.file is None or not config.file.is_file():
        return []
    files = {SETTINGS: config.file.read_bytes()} | named_files.read(config)
    return [CopyPart(name, len(content), [content]) for name, content in files.items()]


def _read(path: Path, target: BinaryIO) -> Iterator[bytes]:
    pace = Pace()
    with path.open("rb") as file:
        while piece := file.read(sealed_file.PIECE):
            yield piece
            target.flush()
            pace.end_piece(target.fileno())
