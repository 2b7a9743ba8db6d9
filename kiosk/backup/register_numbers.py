"""Last numbers of the registers of certification in the store that a copy replaces, as a proposal after a restore.

A damaged store may lack the newest lines, so its numbers are never taken without the word of the lead. A restore after
New Year may lack numbers of both years.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from kiosk.backup import receipt_gaps
from kiosk.base import clock
from kiosk.records import certified_copies
from kiosk.records.certified_copies import BOOKS
from kiosk.store.vault import read_store_id

FIELD = "register_years"
"""Field of a restore in its mark: year -> register -> last number."""


@dataclass(frozen=True)
class ReplacedNumbers:
    """A restore, and the last numbers of the replaced store: year -> register -> number.

    Its years are those in which numbers may be missing; a year is empty where the replaced store could not be read.
    """

    restored_at: datetime
    years: Mapping[int, Mapping[str, int]]


def read_last(store: Path, store_id: str, years: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return the last number of each register for each year; empty years from another store, or a broken one."""
    last: dict[int, dict[str, int]] = {year: {} for year in years}
    if not store.exists():
        return last
    with suppress(sqlite3.Error), closing(receipt_gaps.connect(store)) as connection:
        db = Database(connection, execute_plugins=False)
        if read_store_id(db) != store_id:
            return last
        for year, numbers in last.items():
            for register in BOOKS:
                numbers[register] = certified_copies.of_year(db, register, year).last
    return last


def years_of(days: Iterable[date]) -> list[int]:
    """Return the years of some days, each once."""
    return sorted({day.year for day in days})


def of_restores(db: Database) -> list[ReplacedNumbers]:
    """Return the replaced numbers of the restores of a store, the newest last."""
    return [_parse(entry) for entry in receipt_gaps.marked_restores(db)]


def _parse(entry: Mapping[str, Any]) -> ReplacedNumbers:
    """Return the numbers of a restore; a mark of an earlier release has those of the restore's year alone."""
    at = clock.parse_timestamp(entry["at"])
    years = entry.get(FIELD) or {clock.local(at).year: entry.get("registers", {})}
    return ReplacedNumbers(restored_at=at, years={int(year): numbers for year, numbers in years.items()})
