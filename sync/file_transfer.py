"""File transfer after the forms, in chunks: one exchange a round, and never before a form that is due.

A round asks how much of a file the portal holds, or sends the next chunk. After a failed chunk the portal is asked
again, so a broken connection or a killed process costs at most that chunk. A chunk is as long as the connection carries
in a few seconds: a form may wait behind it for that long. A fault of the connection is recorded in `link`, which waits
with exponential back-off. A fault of one file sets that file to `refused` (dead letter) and blocks no other.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from sqlite_utils import Database

from sync import backoff, errors, file_outbox, outbox
from sync.encoding import sha256_hex
from sync.errors import RefusalReason
from sync.file_outbox import FileRetry, FileRow
from sync.link import Link, Store
from sync.parcel import FileChunk, FileProgress
from sync.portals.base import TakesFiles

log = logging.getLogger(__name__)

MIN_CHUNK = 16 * 1024
MAX_CHUNK = 1 << 20
"""Bytes of a chunk; the contract takes no more than 1 MiB."""
FAST_SECONDS = 2.0
"""After a chunk that took less, the next one may be twice as long."""
SLOW_SECONDS = 6.0
"""After a chunk that took more, the next one is half as long."""
MAX_WRONG_HASHES = 2
"""After so many wrong hashes a file becomes `refused`: its bytes change on the way."""

FileContent: TypeAlias = bytes | Literal["gone", "missing", "changed"]
"""A file's bytes; or its owner has removed it, it is not on the disk, or its content has changed."""
FileResult: TypeAlias = Literal["kept", "lost", "refused", "dropped"]


class OpenFile(Protocol):
    """Callback that reads a file."""

    def __call__(self, file: str, /) -> FileContent:
        """Return the content of a file, or why there is none."""


class ApplyFileResult(Protocol):
    """Callback that records the result for a file."""

    def __call__(self, db: Database, file: str, result: FileResult, /) -> None:
        """Record the result in the write that settles the file."""


def always(_now: datetime) -> bool:
    """Allow files at any hour."""
    return True


@dataclass(frozen=True)
class TransferLimits:
    """Limits for files: bytes a second (None: no limit), and a function that says whether the hour is allowed."""

    rate: float | None = None
    is_open: Callable[[datetime], bool] = always

    @property
    def max_chunk(self) -> int:
        """Return the longest chunk in bytes, so that a slow connection is not blocked for longer than a few seconds."""
        return MAX_CHUNK if self.rate is None else max(MIN_CHUNK, min(MAX_CHUNK, int(self.rate * FAST_SECONDS)))


@dataclass
class _Transfer:
    """The file that is being sent: how much of it the portal holds, and its content once it was read."""

    row: FileRow
    offset: int
    content: bytes | None = field(default=None, repr=False)


class FileTransfer:
    """The sender of files to one portal; `link` is the engine's, and the caller runs the engine's round first."""

    def __init__(
        self,
        store: Store,
        portal: TakesFiles,
        link: Link,
        *,
        open_file: OpenFile,
        apply_result: ApplyFileResult,
        limits: TransferLimits | None = None,
    ) -> None:
        self._store = store
        self._portal = portal
        self._link = link
        self._open_file = open_file
        self._apply_result = apply_result
        self.limits = limits or TransferLimits()
        self._chunk_size = 4 * MIN_CHUNK
        self._max_size = MAX_CHUNK
        self._not_before = 0.0
        self._transfer: _Transfer | None = None
        self._wrong_hashes = Counter[str]()
        """How often the portal has found a wrong hash, by file, since the start of this process."""

    def round(self, now: datetime) -> bool:
        """Do one thing, if a file is due and the connection may be used for it; return whether it did."""
        if not self.limits.is_open(now):
            self._transfer = None
            return False
        if not self._link.run or self._link.clock() < self._not_before:
            return False
        with self._store.read() as db:
            is_open = self._link.is_open(db)
            row = file_outbox.next_due(db, self._link.run, self._link.clock()) if is_open else None
        if row is None:
            self._transfer = None
            return False
        if self._transfer is None or self._transfer.row.file != row.file:
            return self._ask_progress(row, now)
        return self._send_chunk(self._transfer, now)

    # --- how much the portal holds

    def _ask_progress(self, row: FileRow, now: datetime) -> bool:
        self._transfer = None
        try:
            progress = self._portal.held(row.sha256)
        except errors.SyncError as error:
            with self._store.write() as db:
                # Nothing was sent: a foreign answer is a fault of the connection.
                self._failed(db, row, errors.NotSent(error.code) if type(error) is errors.Unsure else error, now=now)
            return True
        with self._store.write() as db:
            self._record_success(db, progress, now)
            if progress.is_whole:
                self._mark_done(db, row, progress, now=now)
            elif progress.offset > row.size:
                self._postpone(db, row, "offset", now=now)
            else:
                self._transfer = self._begin(db, row, progress, now=now)
        return True

    def _begin(self, db: Database, row: FileRow, progress: FileProgress, *, now: datetime) -> _Transfer:
        if row.was_confirmed:
            file_outbox.mark_lost(db, row.file, now)
            self._apply_result(db, row.file, "lost")
        file_outbox.set_progress(db, row.file, progress.offset, now=now)
        # A file of full length without a right hash can only be sent again from the start.
        return _Transfer(row, 0 if progress.offset == row.size else progress.offset)

    # --- the next chunk

    def _send_chunk(self, transfer: _Transfer, now: datetime) -> bool:
        if transfer.content is None:
            return self._read(transfer, now)
        length = min(self._chunk_size, self._max_size, self.limits.max_chunk)
        content = transfer.content[transfer.offset : transfer.offset + length]
        chunk = FileChunk(transfer.offset, content, is_last=transfer.offset + length >= len(transfer.content))
        began = self._link.clock()
        try:
            progress = self._portal.append(transfer.row.sha256, chunk)
        except errors.SyncError as error:
            self._chunk_failed(transfer, chunk, error, now=now)
        else:
            self._adapt_size(self._link.clock() - began)
            self._chunk_sent(transfer, chunk, progress, now=now)
        if self.limits.rate:
            self._not_before = began + len(content) / self.limits.rate
        return True

    def _read(self, transfer: _Transfer, now: datetime) -> bool:
        """Read the file to send; refuse it when it cannot be read or has changed."""
        row = transfer.row
        content = self._open_file(row.file)
        if isinstance(content, bytes) and (len(content) != row.size or sha256_hex(content) != row.sha256):
            content = "changed"
        if isinstance(content, bytes):
            transfer.content = content
            return True
        self._transfer = None
        with self._store.write() as db:
            if content == "gone":
                file_outbox.drop(db, row.file, now)
                self._apply_result(db, row.file, "dropped")
            else:
                self._refuse(db, row, "record", code=content, now=now)
        return True

    def _chunk_sent(self, transfer: _Transfer, chunk: FileChunk, progress: FileProgress, *, now: datetime) -> None:
        with self._store.write() as db:
            self._record_success(db, progress, now)
            if progress.is_whole:
                self._transfer = None
                self._mark_done(db, transfer.row, progress, now=now)
            elif progress.offset == chunk.end and not chunk.is_last:
                transfer.offset = progress.offset
                file_outbox.set_progress(db, transfer.row.file, progress.offset, now=now)
            else:
                self._transfer = None
                self._postpone(db, transfer.row, "offset", now=now)

    def _chunk_failed(self, transfer: _Transfer, chunk: FileChunk, error: errors.SyncError, *, now: datetime) -> None:
        self._transfer = None
        self._chunk_size = max(MIN_CHUNK, self._chunk_size // 2)
        row = transfer.row
        with self._store.write() as db:
            if isinstance(error, errors.TooLarge) and len(chunk.content) <= MIN_CHUNK:
                self._refuse(db, row, "size", code=error.code, now=now)
            elif isinstance(error, errors.TooLarge):
                self._max_size = max(MIN_CHUNK, len(chunk.content) // 2)
                retry = FileRetry(reason="size", code=error.code, is_attempt=False)
                file_outbox.put_back(db, row.file, retry, now=now)
            elif isinstance(error, errors.BadRequestBody):
                self._count_wrong_hash(db, row, error.code, now=now)
            else:
                self._failed(db, row, error, now=now)

    def _count_wrong_hash(self, db: Database, row: FileRow, code: str, *, now: datetime) -> None:
        """Refuse a file whose hash was wrong too often; failures of the connection do not count."""
        self._wrong_hashes[row.file] += 1
        if self._wrong_hashes[row.file] < MAX_WRONG_HASHES:
            self._postpone(db, row, code, now=now)
            return
        del self._wrong_hashes[row.file]
        self._refuse(db, row, "poison", code=code, now=now)

    # --- results

    def _mark_done(self, db: Database, row: FileRow, progress: FileProgress, *, now: datetime) -> None:
        self._wrong_hashes.pop(row.file, None)
        file_outbox.mark_done(db, row.file, progress.epoch, now=now)
        self._apply_result(db, row.file, "kept")
        log.info("file kept", extra={"bytes": row.size})

    def _refuse(self, db: Database, row: FileRow, reason: RefusalReason, *, code: str, now: datetime) -> None:
        file_outbox.mark_refused(db, row.file, reason, code=code, now=now)
        self._apply_result(db, row.file, "refused")
        log.warning("file refused", extra={"class": reason, "code": code})

    def _postpone(self, db: Database, row: FileRow, code: str, *, now: datetime) -> None:
        wait = backoff.retry_delay(row.attempts + 1, self._link.backoff_settings, self._link.rng)
        self._put_back(db, row, code, wait=wait, now=now)

    def _failed(self, db: Database, row: FileRow, error: errors.SyncError, *, now: datetime) -> None:
        """Record a failure.

        A file whose chunk may have arrived waits one doubling longer than the connection does after as many failures
        (`attempts + 2`), so that others are sent first.
        """
        if type(error) is errors.Unsure:
            wait = backoff.retry_delay(row.attempts + 2, self._link.backoff_settings, self._link.rng)
            self._put_back(db, row, error.code, wait=wait, now=now)
        self._link.record_failure(db, error, now)

    def _put_back(self, db: Database, row: FileRow, code: str, *, wait: float, now: datetime) -> None:
        next_at = self._link.clock() + wait
        retry = FileRetry(reason="unknown", code=code, run=self._link.run, next_at=next_at)
        file_outbox.put_back(db, row.file, retry, now=now)

    def _record_success(self, db: Database, progress: FileProgress, now: datetime) -> None:
        if self._link.record_success(db, progress.epoch, now):
            outbox.make_due(db)
            file_outbox.make_due(db)

    def _adapt_size(self, seconds: float) -> None:
        """Adapt the size of the next chunk to how many seconds the last one took."""
        if seconds < FAST_SECONDS:
            self._chunk_size = min(MAX_CHUNK, self._chunk_size * 2)
        elif seconds > SLOW_SECONDS:
            self._chunk_size = max(MIN_CHUNK, self._chunk_size // 2)
