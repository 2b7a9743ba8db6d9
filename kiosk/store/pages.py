"""Pages of the store in one snapshot, and which of them differ from an earlier one.

SQLite shows the pages of a read transaction as the table `sqlite_dbpage`, whether they are in the store's file or still
in its write-ahead log. Where it was built without that table (Debian 12), a copy by its backup API has the same pages;
the copy is a file beside the store, deleted before most of it was written to the disk. A digest of each page is
enough to know what has changed since. Page 1 is written as that of a file without a write-ahead log, so that the pages
in their order are a store that opens by itself.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from sqlite_utils import Database

PIECE = 64
"""Pages between two rests: some 0.3 ms of work."""
_DIGEST = 16
"""Bytes of a page's digest: two pages with one digest would be a lost change."""
_JOURNAL_VERSIONS = slice(18, 20)
_WITHOUT_LOG = b"\1\1"


@dataclass(frozen=True)
class PageDigests:
    """The digests of all pages of a snapshot, in their order."""

    page_size: int
    digests: bytes = field(repr=False)

    @property
    def count(self) -> int:
        """The number of pages."""
        return len(self.digests) // _DIGEST

    @property
    def root(self) -> str:
        """One digest of all pages, as hex."""
        return sha256(self.digests).hexdigest()


@dataclass(frozen=True)
class PageChanges:
    """What makes a snapshot of an earlier one: its changed and new pages by their number from 1."""

    digests: PageDigests
    pages: dict[int, bytes] = field(repr=False)


def write_snapshot(db: Database, file: BinaryIO, after_piece: Callable[[], None]) -> PageDigests:
    """Write all pages of a snapshot to a file, in their order.

    Args:
        db: the store, inside a read.
        file: an empty file.
        after_piece: called after every `PIECE` pages.
    """
    digests = bytearray()
    for page in _pages(db, after_piece):
        file.write(page)
        digests += _digest(page)
    return PageDigests(_page_size(db), bytes(digests))


def find_changes(
    db: Database, before: PageDigests, max_bytes: int, after_piece: Callable[[], None]
) -> PageChanges | None:
    """Return the changes of a snapshot since an earlier one; None when they are more than `max_bytes`.

    Args:
        db: the store, inside a read.
        before: the digests of the earlier snapshot.
        max_bytes: the pages are kept in memory.
        after_piece: called after every `PIECE` pages.
    """
    digests = bytearray()
    changed: dict[int, bytes] = {}
    for number, page in enumerate(_pages(db, after_piece), 1):
        digest = _digest(page)
        if digest != before.digests[len(digests) : len(digests) + _DIGEST]:
            changed[number] = page
            if len(changed) * before.page_size > max_bytes:
                return None
        digests += digest
    return PageChanges(PageDigests(_page_size(db), bytes(digests)), changed)


def digests_of_file(file: BinaryIO, page_size: int) -> PageDigests:
    """Return the digests of a file of pages."""
    digests = bytearray()
    while page := file.read(page_size):
        digests += _digest(page)
    return PageDigests(page_size, bytes(digests))


def _pages(db: Database, after_piece: Callable[[], None]) -> Iterator[bytes]:
    for number, page in enumerate(_pages_of_table(db) if _has_page_table(db) else _pages_of_copy(db, after_piece)):
        yield page if number else _without_log(page)
        if number % PIECE == PIECE - 1:
            after_piece()


def _has_page_table(db: Database) -> bool:
    try:
        db.execute("select 1 from sqlite_dbpage limit 0")
    except sqlite3.OperationalError:
        return False
    return True


def _pages_of_table(db: Database) -> Iterator[bytes]:
    rows: Iterator[tuple[bytes]] = db.execute("select data from sqlite_dbpage")
    for (page,) in rows:
        yield page


def _pages_of_copy(db: Database, after_piece: Callable[[], None]) -> Iterator[bytes]:
    store = Path(db.execute("pragma database_list").fetchone()[2])
    path = store.with_name(f"{store.name}.pages")
    path.unlink(missing_ok=True)  # of a process that was killed
    try:
        path.touch(mode=0o600)
        with closing(sqlite3.connect(path)) as copy:
            copy.execute("pragma synchronous = off")  # after a power cut the copy is made again
            db.execute("select count(*) from sqlite_schema").fetchone()  # takes the snapshot, unless the read has
            db.conn.backup(copy, pages=PIECE, progress=lambda *_: after_piece())
        with path.open("rb") as file:
            yield from iter(partial(file.read, _page_size(db)), b"")
    finally:
        path.unlink(missing_ok=True)


def _without_log(first_page: bytes) -> bytes:
    page = bytearray(first_page)
    page[_JOURNAL_VERSIONS] = _WITHOUT_LOG
    return bytes(page)


def _page_size(db: Database) -> int:
    return int(db.execute("pragma page_size").fetchone()[0])


def _digest(page: bytes) -> bytes:
    return sha256(page).digest()[:_DIGEST]
