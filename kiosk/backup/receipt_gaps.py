"""Receipt gaps: numbers that are on paper, but whose forms are in no restored store.

The replaced store proves them, if it is sound and has the copy's id: it holds each form, and a mark with the gaps of
its own restores. Any other store proves nothing. The unused numbers of a block are no gap.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from kiosk.base.errors import StoreUnavailable
from kiosk.records import marks, receipts, submissions
from kiosk.store.db import is_sound
from kiosk.store.vault import read_store_id

MARK = "restored"
"""Mark: the last restores of this store as JSON, the newest last."""


@dataclass(frozen=True)
class ReceiptGap:
    """A day's receipt numbers issued after the copy: greater than `after`, up to `known` (None: unknown)."""

    day: date
    after: int
    known: int | None

    @property
    def words(self) -> str:
        """The day and the numbers, in Vietnamese."""
        if self.known is None:
            return f"ngày {self.day:%d/%m}, sau số {self.after:04d}, chưa rõ đến số nào"
        return f"ngày {self.day:%d/%m}, từ {self.after + 1:04d} đến {self.known:04d}"

    @property
    def seqs(self) -> range:
        """The missing numbers; none where they are unknown."""
        return range(self.after + 1, (self.after if self.known is None else self.known) + 1)

    @property
    def fields(self) -> dict[str, Any]:
        """The gap as JSON for the mark."""
        return {"day": self.day.isoformat(), "after": self.after, "known": self.known}


def marked_restores(db: Database) -> list[dict[str, Any]]:
    """Return the restores of a store, the newest last."""
    restores: list[dict[str, Any]] = json.loads(marks.get(db, MARK) or "[]")
    return restores


def parse_gaps(entry: Mapping[str, Any]) -> tuple[ReceiptGap, ...]:
    """Return the gaps of a restore of the mark."""
    fields = entry["gaps"]
    return tuple(ReceiptGap(date.fromisoformat(gap["day"]), gap["after"], gap["known"]) for gap in fields)


def find_gaps(db: Database, replaced: Path, *, store_id: str, days: Sequence[date]) -> list[ReceiptGap]:
    """Return the numbers of some days that a copy lacks, in their order.

    Args:
        db: the copy.
        replaced: the store that the copy replaces.
        store_id: the id of the copy's store.
        days: the days on which a number may have been issued after the copy.
    """
    in_copy = {day: receipts.last_seq(db, day) for day in days}
    last = _last_receipts(replaced, store_id, days)
    if any(last.get(day, number) < number for day, number in in_copy.items()):
        last = {}  # an older store than the copy knows nothing of what came after it
    if last.keys() == in_copy.keys() and _is_undamaged(replaced):
        return _proven_gaps(db, replaced, days)
    gaps: list[ReceiptGap] = []
    for day, number in in_copy.items():
        gaps += _doubtful_gaps(day, after=number, last=last.get(day, number))
    return gaps


def _proven_gaps(db: Database, replaced: Path, days: Sequence[date]) -> list[ReceiptGap]:
    """Return the numbers that a sound store has issued, or lacks itself, and that are not in the copy."""
    restores = marked_restores(db)
    with closing(connect(replaced)) as connection:
        old = Database(connection, execute_plugins=False)
        earlier = [gap for entry in marked_restores(old) if entry not in restores for gap in parse_gaps(entry)]
        since = min([*days, *(gap.day for gap in earlier)])
        missing = defaultdict(set, submissions.seqs_by_day(old, since))
    for gap in earlier:
        missing[gap.day] |= set(gap.seqs)
    in_copy = submissions.seqs_by_day(db, since)
    gaps = {gap for gap in earlier if gap.known is None}
    for day, seqs in missing.items():
        gaps.update(_runs(day, seqs - in_copy.get(day, set())))
    return sorted(gaps, key=lambda gap: (gap.day, gap.after))


def _runs(day: date, seqs: set[int]) -> list[ReceiptGap]:
    """Return numbers as gaps, one for each run without a hole."""
    starts = [seq for seq in sorted(seqs) if seq - 1 not in seqs]
    ends = [seq for seq in sorted(seqs) if seq + 1 not in seqs]
    return [ReceiptGap(day, start - 1, end) for start, end in zip(starts, ends, strict=True)]


def _doubtful_gaps(day: date, after: int, last: int) -> list[ReceiptGap]:
    """Return the gaps of a day of which only the last number could be read, if any.

    In a later block than the copy's it says nothing about the copy's own block.
    """
    start = receipts.block_of(last)
    if last <= after:
        return [ReceiptGap(day, after, None)]
    if start <= after:
        return [ReceiptGap(day, after, last)]
    return [ReceiptGap(day, after, None), *([ReceiptGap(day, start, last)] if last > start else [])]


def _last_receipts(store: Path, store_id: str, days: Sequence[date]) -> dict[date, int]:
    """Return the last receipt number of each day from a store that may be damaged; unreadable days are left out."""
    last: dict[date, int] = {}
    if not store.exists():
        return last
    with suppress(sqlite3.Error), closing(connect(store)) as connection:
        db = Database(connection, execute_plugins=False)
        if read_store_id(db) != store_id:
            return last
        for day in days:
            last[day] = receipts.last_seq(db, day)
    return last


def connect(store: Path) -> sqlite3.Connection:
    """Open a store for reading only, also a damaged one."""
    return sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)


def _is_undamaged(store: Path) -> bool:
    with suppress(StoreUnavailable):
        return is_sound(store)
    return False
