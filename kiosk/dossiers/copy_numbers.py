"""Next number of each register of certification, also after a restore and after a paper book.

A restored store does not know the numbers that were given after its copy, and they stand on certified papers. So none
is given until the lead has typed the last one of each register. The numbers between are lines with a reason. An answer
is kept in a mark, which a later restore may lose together with the lines: then it is asked for again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk.backup import restore
from kiosk.base import clock
from kiosk.records import certified_copies, marks
from kiosk.records.certified_copies import CertifiedRegister

MARK = "certified copies continued"
"""Mark: the answers after restores as JSON, the newest last."""
MOST_MISSING = 500
MOST_ON_PAPER = 99_999
"""Last number of a ward's paper book that a register may begin after."""
GapReason = Literal["handed_out", "not_used", "paper_book"]
GAP_REASONS: Mapping[GapReason, str] = {
    "handed_out": "đã trả, xem sổ giấy",
    "not_used": "chưa trả, không dùng",
}
"""Reasons of the numbers that a restore has lost. Those of a paper book have a reason of their own."""


@dataclass(frozen=True)
class NumberGap:
    """Numbers of a register's year without a line: `after` < number <= `last`; none where equal.

    They were given before a restore, whose time is `restored_at`; or in the ward's paper book, before the register
    began.
    """

    register: CertifiedRegister
    year: int
    after: int
    last: int
    reason: GapReason
    actor: str
    at: datetime
    restored_at: datetime

    @property
    def numbers(self) -> range:
        """The numbers."""
        return range(self.after + 1, self.last + 1)

    @property
    def fields(self) -> dict[str, Any]:
        """The gap as JSON."""
        times = {"at": clock.timestamp(self.at), "restored_at": clock.timestamp(self.restored_at)}
        return vars(self) | times


def gaps(db: Database) -> list[NumberGap]:
    """Return the answers after restores, the newest last."""
    return [_gap(fields) for fields in json.loads(marks.get(db, MARK) or "[]")]


def add_gap(db: Database, gap: NumberGap) -> None:
    """Store an answer after a restore."""
    marks.put(db, MARK, json.dumps([one.fields for one in (*gaps(db), gap)]))


def last_number(db: Database, register: CertifiedRegister, year: int) -> int:
    """Return the last number of a register's year that is known; 0 before the first."""
    return sequence(db, register, year).last


@dataclass(frozen=True)
class NumberSequence:
    """The numbers of a register's year: the last one, cancelled ones, those lost by restores, those of a paper book.

    `unexplained` are the others without a line: 0 unless the table was changed outside the program.
    """

    last: int
    cancelled: int
    lost: int
    on_paper: int
    unexplained: int


def sequence(db: Database, register: CertifiedRegister, year: int) -> NumberSequence:
    """Return whether the numbers of a register's year have a line each."""
    counts = certified_copies.of_year(db, register, year)
    own = [gap for gap in gaps(db) if gap.register == register and gap.year == year]
    on_paper = sum(len(gap.numbers) for gap in own if gap.reason == "paper_book")
    lost = sum(len(gap.numbers) for gap in own) - on_paper
    last = max([counts.last, *(gap.last for gap in own)])
    return NumberSequence(
        last=last,
        cancelled=counts.cancelled,
        lost=lost,
        on_paper=on_paper,
        unexplained=last - counts.count - lost - on_paper,
    )


def proposed_last(db: Database, register: CertifiedRegister, year: int) -> int:
    """Return the last number of a register's year, also from the store that a restore of this year replaced.

    It is a proposal: a damaged store may lack the newest numbers.
    """
    known = last_number(db, register, year)
    restored = restore.last_restore(db)
    if restored is None or clock.local(restored.at).year != year:
        return known
    return max(known, restored.registers.get(register, 0))


def is_last_unknown(db: Database, year: int) -> bool:
    """Return whether the store was restored in a year, and nobody has typed the last numbers since."""
    restored = restore.last_restore(db)
    if restored is None or clock.local(restored.at).year != year:
        return False
    return not any(gap.restored_at >= restored.at for gap in gaps(db))


def _gap(fields: dict[str, Any]) -> NumberGap:
    times = {name: clock.parse_timestamp(fields[name]) for name in ("at", "restored_at")}
    return NumberGap(**fields | times)
