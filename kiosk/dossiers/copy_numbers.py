"""Next number of each register of certification, also after a restore and after a paper book.

A restored store does not know the numbers that were given after its copy, and they stand on certified papers. So none
is given until the lead has typed the last one of each register. The numbers between are lines with a reason. An answer
is kept in a mark, which a later restore may lose together with the lines: then it is asked for again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk.backup import register_numbers
from kiosk.backup.register_numbers import ReplacedNumbers
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
    """Return the last number of a register's year, also from the stores that restores replaced and nobody answered.

    It is a proposal: a damaged store may lack the newest numbers.
    """
    replaced = [numbers.years[year].get(register, 0) for numbers in _unanswered(db, year)]
    return max([last_number(db, register, year), *replaced])


def unknown_years(db: Database, today: date) -> list[int]:
    """Return the years whose last numbers nobody has typed since a restore: last year and this year, if any."""
    return [year for year in (today.year - 1, today.year) if _unanswered(db, year)]


def last_unanswered(db: Database, year: int) -> datetime | None:
    """Return the time of the last restore for which nobody has typed the last numbers of a year; None without one."""
    return max((numbers.restored_at for numbers in _unanswered(db, year)), default=None)


def _unanswered(db: Database, year: int) -> list[ReplacedNumbers]:
    """Return the restores after which numbers of a year may be missing, and nobody has typed the last ones since."""
    answers = [gap.restored_at for gap in gaps(db) if gap.year == year and gap.reason != "paper_book"]
    last = max(answers, default=None)
    restores = [numbers for numbers in register_numbers.of_restores(db) if year in numbers.years]
    return [numbers for numbers in restores if last is None or numbers.restored_at > last]


def _gap(fields: dict[str, Any]) -> NumberGap:
    times = {name: clock.parse_timestamp(fields[name]) for name in ("at", "restored_at")}
    return NumberGap(**fields | times)
