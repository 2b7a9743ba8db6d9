"""Opinions of a month in groups so large that nobody is recognised in them.

A month is shown when it is over, and never in another cut, so that the difference of two figures is no single person.
A group with fewer than `LEAST` answers is added to the others, and so is the next group while the others are too few
(docs/decisions/0045-opinions.md).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kiosk.records import opinions
from kiosk.records.opinions import FACES, NO_ANSWER, Opinion, OpinionCount

LEAST = 5
"""Answers in a group that is shown."""


@dataclass(frozen=True)
class FaceTally:
    """Answers by face, from very bad to very good, and pages that nobody answered."""

    faces: tuple[int, ...] = (0,) * len(FACES)
    unanswered: int = 0

    @property
    def answers(self) -> int:
        """The number of answers."""
        return sum(self.faces)

    @property
    def good(self) -> int:
        """The answers with one of the two good faces."""
        return sum(self.faces[3:])

    @property
    def bad(self) -> int:
        """The answers with one of the two bad faces."""
        return sum(self.faces[:2])

    def __add__(self, other: "FaceTally") -> "FaceTally":
        """Return the sum of two tallies."""
        faces = tuple(one + another for one, another in zip(self.faces, other.faces, strict=True))
        return FaceTally(faces=faces, unanswered=self.unanswered + other.unanswered)


@dataclass(frozen=True)
class OpinionGroups:
    """Groups with enough answers, the most first, and all others as one; `others` is None where they are too few."""

    shown: Mapping[str, FaceTally]
    others: FaceTally | None


def month_days(month: date) -> tuple[date, date]:
    """Return the first and the last day of a month."""
    first = month.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def month_before(day: date) -> date:
    """Return the first day of the month before that of a day."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def finished_months(today: date, keep_days: int) -> list[date]:
    """Return the first days of the months that are over and of which every day is still kept, newest first."""
    months = []
    month = month_before(today)
    while month >= today - timedelta(days=keep_days):
        months.append(month)
        month = month_before(month)
    return months


def tally(counts: Iterable[OpinionCount]) -> FaceTally:
    """Return the tally of some opinions."""
    faces = dict.fromkeys((NO_ANSWER, *FACES), 0)
    for each in counts:
        faces[each.opinion.face] += each.count
    return FaceTally(faces=tuple(faces[face] for face in FACES), unanswered=faces[NO_ANSWER])


def group(counts: Iterable[OpinionCount], key: Callable[[Opinion], str]) -> OpinionGroups:
    """Return the opinions in groups of `LEAST` answers or more."""
    members: dict[str, list[OpinionCount]] = {}
    for each in counts:
        members.setdefault(key(each.opinion), []).append(each)
    tallies = sorted(((name, tally(found)) for name, found in members.items()), key=lambda item: -item[1].answers)
    shown = [(name, found) for name, found in tallies if found.answers >= LEAST]
    others = sum((found for _, found in tallies if found.answers < LEAST), FaceTally())
    while shown and 0 < others.answers < LEAST:
        others += shown.pop()[1]
    is_told = others.answers >= LEAST or (bool(shown) and others != FaceTally())
    return OpinionGroups(shown=dict(shown), others=others if is_told else None)


def words(counts: Iterable[OpinionCount]) -> dict[str, int]:
    """Return how often each word was chosen; a word that fewer than `LEAST` chose is left out."""
    chosen = dict.fromkeys((*opinions.BAD_WORDS, *opinions.GOOD_WORDS), 0)
    for each in counts:
        for word in each.opinion.words:
            chosen[word] += each.count
    return {word: count for word, count in chosen.items() if count >= LEAST}
