"""Files on their way behind the forms, by pieces: one exchange a round, and never before a form that is due.

A round asks how much of a file the portal holds, or hands over the next piece. Where a piece ended in doubt the portal
is asked again, so a cut line or a killed process costs at most that piece. A piece is as long as the line carries in a
few seconds: that is how long a form may wait behind it. A fault of the line waits in ``link``, as everywhere; a fault
of one file sets that file aside and holds up nobody.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from sqlite_utils import Database

from sync import backoff, errors, file_outbox, outbox
from sync.file_outbox import Again, Refusal, Row
from sync.link import Link, Store
from sync.parcel import Held, Piece, sha256
from sync.portals.base import TakesFiles

log = logging.getLogger(__name__)

LEAST, MOST = 16 * 1024, 1 << 20
"""Bytes of a piece; the contract takes no more than 1 MiB."""
QUICK, SLOW = 2.0, 6.0
"""Seconds: a piece that took less may be doubled, one that took more is halved."""
WRONG_HASHES = 2
"""After so many wrong hashes in a row a file is set aside: what is sent is not what arrives."""

Opened: TypeAlias = bytes | Literal["gone", "missing", "changed"]
"""A file's content; or its owner no longer wants it sent, it is not on the disk, or it is not what it was."""
Word: TypeAlias = Literal["kept", "lost", "refused", "dropped"]


class Open(Protocol):
    """The caller's way to read a file."""

    def __call__(self, file: str, /) -> Opened:
        """Give what the file holds, or why it cannot be given."""


class Tell(Protocol):
    """The caller's way to take note of what became of a file."""

    def __call__(self, db: Database, file: str, word: Word, /) -> None:
        """Note it in the write that settles the file."""


def always(_now: datetime) -> bool:
    """Files may go at any hour."""
    return True


@dataclass(frozen=True)
class Leave:
    """How much of the line files may have: bytes a second (None: all of it), and at which hours."""

    rate: float | None = None
    is_open: Callable[[datetime], bool] = always

    @property
    def most(self) -> int:
        """Give the longest piece, so that a limited line is not filled for longer than a few seconds."""
        return MOST if self.rate is None else max(LEAST, min(MOST, int(self.rate * QUICK)))


@dataclass
class _Hand:
    """The file in hand: how much of it the portal holds, and its content once it was read."""

    row: Row
    offset: int
    content: bytes | None = field(default=None, repr=False)


class Carrier:
    """Carries files to one portal; ``line`` is shared with the engine, and the engine goes first."""

    def __init__(
        self, store: Store, portal: TakesFiles, line: Link, *, open_file: Open, tell: Tell, leave: Leave | None = None
    ) -> None:
        self._store = store
        self._portal = portal
        self._line = line
        self._open = open_file
        self._tell = tell
        self._leave = leave or Leave()
        self._size, self._most = 4 * LEAST, MOST
        self._not_before = 0.0
        self._hand: _Hand | None = None

    def round(self, now: datetime) -> bool:
        """Do one thing, if a file is due and the line may be used for it; say whether it did."""
        if not self._leave.is_open(now):
            self._hand = None
            return False
        if not self._line.run or self._line.clock() < self._not_before:
            return False
        with self._store.read() as db:
            is_open = self._line.is_open(db)
            row = file_outbox.due(db, self._line.run, self._line.clock()) if is_open else None
        if row is None:
            self._hand = None
            return False
        if self._hand is None or self._hand.row.file != row.file:
            return self._ask(row, now)
        return self._hand_over(self._hand, now)

    # --- how much is there

    def _ask(self, row: Row, now: datetime) -> bool:
        self._hand = None
        try:
            held = self._portal.held(row.sha256)
        except errors.SyncError as error:
            with self._store.write() as db:
                # Nothing was handed over: whoever answered otherwise stands on the line, not at its end.
                self._failed(db, row, errors.NotSent(error.code) if type(error) is errors.Unsure else error, now)
            return True
        with self._store.write() as db:
            self._worked(db, held, now)
            if held.is_whole:
                self._kept(db, row, held, now)
            elif held.offset > row.size:
                self._later(db, row, "offset", now)
            else:
                self._hand = self._begun(db, row, held, now)
        return True

    def _begun(self, db: Database, row: Row, held: Held, now: datetime) -> _Hand:
        if row.was_kept:
            file_outbox.lose(db, row.file, now)
            self._tell(db, row.file, "lost")
        file_outbox.came(db, row.file, held.offset, now)
        # What the portal holds in full without having found it right can only be begun again.
        return _Hand(row, 0 if held.offset == row.size else held.offset)

    # --- the next piece

    def _hand_over(self, hand: _Hand, now: datetime) -> bool:
        if hand.content is None:
            return self._read(hand, now)
        length = min(self._size, self._most, self._leave.most)
        content = hand.content[hand.offset : hand.offset + length]
        piece = Piece(hand.offset, content, is_last=hand.offset + length >= len(hand.content))
        began = self._line.clock()
        try:
            held = self._portal.append(hand.row.sha256, piece)
        except errors.SyncError as error:
            self._broke(hand, piece, error, now)
        else:
            self._fit(self._line.clock() - began)
            self._went(hand, piece, held, now)
        if self._leave.rate:
            self._not_before = began + len(content) / self._leave.rate
        return True

    def _read(self, hand: _Hand, now: datetime) -> bool:
        """Read the file that is in hand; what cannot be read, or is not what it was, is set aside and said."""
        found, row = self._open(hand.row.file), hand.row
        if isinstance(found, bytes) and (len(found) != row.size or sha256(found) != row.sha256):
            found = "changed"
        if isinstance(found, bytes):
            hand.content = found
            return True
        self._hand = None
        with self._store.write() as db:
            if found == "gone":
                file_outbox.drop(db, row.file, now)
                self._tell(db, row.file, "dropped")
            else:
                self._refuse(db, row, "record", found, now)
        return True

    def _went(self, hand: _Hand, piece: Piece, held: Held, now: datetime) -> None:
        with self._store.write() as db:
            self._worked(db, held, now)
            if held.is_whole:
                self._hand = None
                self._kept(db, hand.row, held, now)
            elif held.offset == piece.end and not piece.is_last:
                hand.offset = held.offset
                file_outbox.came(db, hand.row.file, held.offset, now)
            else:
                self._hand = None
                self._later(db, hand.row, "offset", now)

    def _broke(self, hand: _Hand, piece: Piece, error: errors.SyncError, now: datetime) -> None:
        self._hand, row = None, hand.row
        self._size = max(LEAST, self._size // 2)
        with self._store.write() as db:
            if isinstance(error, errors.TooLarge) and len(piece.content) <= LEAST:
                self._refuse(db, row, "size", error.code, now)
            elif isinstance(error, errors.TooLarge):
                self._most = max(LEAST, len(piece.content) // 2)
                file_outbox.again(db, row.file, Again(0, 0.0, "size", error.code, is_attempt=False), now)
            elif isinstance(error, errors.Poison) and row.attempts + 1 >= WRONG_HASHES:
                self._refuse(db, row, "poison", error.code, now)
            elif isinstance(error, errors.Poison):
                self._later(db, row, error.code, now)
            else:
                self._failed(db, row, error, now)

    # --- what came of it

    def _kept(self, db: Database, row: Row, held: Held, now: datetime) -> None:
        file_outbox.finish(db, row.file, held.epoch, now)
        self._tell(db, row.file, "kept")
        log.info("file kept", extra={"bytes": row.size})

    def _refuse(self, db: Database, row: Row, reason: Refusal, code: str, now: datetime) -> None:
        file_outbox.refuse(db, row.file, reason, code, now)
        self._tell(db, row.file, "refused")
        log.warning("file refused", extra={"class": reason, "code": code})

    def _later(self, db: Database, row: Row, code: str, now: datetime) -> None:
        wait = backoff.after(row.attempts + 1, self._line.pace, self._line.chance)
        file_outbox.again(db, row.file, Again(self._line.run, self._line.clock() + wait, "unknown", code), now)

    def _failed(self, db: Database, row: Row, error: errors.SyncError, now: datetime) -> None:
        """Let the line wait; a file that ended in doubt waits longer than the line does, so that others go first."""
        if type(error) is errors.Unsure:
            wait = backoff.after(row.attempts + 2, self._line.pace, self._line.chance)
            file_outbox.again(
                db, row.file, Again(self._line.run, self._line.clock() + wait, "unknown", error.code), now
            )
        self._line.failed(db, error, now)

    def _worked(self, db: Database, held: Held, now: datetime) -> None:
        if self._line.worked(db, held.epoch, now):
            outbox.hurry(db)
            file_outbox.hurry(db)

    def _fit(self, took: float) -> None:
        """Fit the next piece to the line, by how many seconds the last one took."""
        if took < QUICK:
            self._size = min(MOST, self._size * 2)
        elif took > SLOW:
            self._size = max(LEAST, self._size // 2)
