"""The opinions table: counts of faces and words by month, procedure and counter; and the sealed texts.

Face 0 counts a page that was opened and not answered. No row holds a person, a number or a time of day, and a text has
a random id, so that neither a row nor the order of rows leads to a person (docs/decisions/0045-opinions.md).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from kiosk.base import clock, codes
from kiosk.store.expired_rows import ExpiredRows

NO_ANSWER = 0
FACES = (1, 2, 3, 4, 5)
"""From very bad to very good."""
BAD_WORDS = ("wait", "unclear", "manner")
GOOD_WORDS = ("fast", "easy", "kind")
MAX_TEXT = 300
TEXT = "opinion text"
"""Vault purpose of a sealed text."""
TURN_SPAN = timedelta(hours=1)
_LONG_NUMBER = re.compile(r"[0-9](?:[\s.\-]?[0-9]){8,}")
"""Nine digits or more, also in groups: the shortest number of a person in Vietnam, the old identity card's."""
NUMBER_LEFT_OUT = "(bỏ số)"
TOUCHSCREEN = 0
"""The counter of an opinion that was given at a touchscreen."""


@dataclass(frozen=True)
class Opinion:
    """Opinion of a citizen: procedure, counter, one of `FACES` or `NO_ANSWER`, and words."""

    procedure: str
    counter: int
    face: int
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpinionCount:
    """How many citizens had the same opinion."""

    opinion: Opinion
    count: int


@dataclass(frozen=True)
class OpinionText:
    """A sealed text, and the opinion that it was written with."""

    id: str
    day: date
    procedure: str
    face: int
    body: bytes


def words_of(face: int) -> tuple[str, ...]:
    """Return the words that a face offers; none for the middle one."""
    if face == NO_ANSWER or face == FACES[2]:
        return ()
    return BAD_WORDS if face < FACES[2] else GOOD_WORDS


def note(db: Database, day: date, opinion: Opinion) -> None:
    """Count one more opinion in the month of a day; words that its face does not offer are left out.

    Figures are of months. A count of a day could be joined with the tickets of that day, often to one person.
    """
    words = ",".join(word for word in words_of(opinion.face) if word in opinion.words)
    sql = """insert into opinions (day, procedure, counter, face, words, count) values (?, ?, ?, ?, ?, 1)
             on conflict do update set count = count + 1"""
    db.execute(sql, [day.replace(day=1).isoformat(), opinion.procedure, opinion.counter, opinion.face, words])


def new_text_id() -> str:
    """Return a random id: one in order of time, as other rows have, would show who wrote a text."""
    return codes.random_bytes(16).hex()


def without_numbers(text: str) -> str:
    """Return a text without long numbers: a telephone, id or receipt number names a person."""
    return _LONG_NUMBER.sub(NUMBER_LEFT_OUT, text)


def add_text(db: Database, text: OpinionText) -> None:
    """Insert a sealed text."""
    sql = "insert into opinion_texts (id, day, procedure, face, body) values (?, ?, ?, ?, ?)"
    db.execute(sql, [text.id, text.day.isoformat(), text.procedure, text.face, text.body])


def between(db: Database, first: date, last: date) -> list[OpinionCount]:
    """Return the counts of some months: from the first day of one to the last of another."""
    sql = """select procedure, counter, face, words, sum(count) from opinions where day >= ? and day <= ?
             group by procedure, counter, face, words order by procedure, counter, face, words"""
    rows = db.execute(sql, [first.isoformat(), last.isoformat()]).fetchall()
    return [
        OpinionCount(
            opinion=Opinion(
                procedure=procedure, counter=counter, face=face, words=tuple(filter(None, words.split(",")))
            ),
            count=count,
        )
        for procedure, counter, face, words, count in rows
    ]


def months(db: Database) -> list[str]:
    """Return the months that have counts, such as 2026-11, oldest first."""
    rows = db.execute("select distinct substr(day, 1, 7) as month from opinions order by month").fetchall()
    return [month for (month,) in rows]


def texts_between(db: Database, first: date, last: date) -> list[OpinionText]:
    """Return the texts of some days, both included, in the order of their random ids."""
    sql = "select id, day, procedure, face, body from opinion_texts where day >= ? and day <= ? order by id"
    rows = db.execute(sql, [first.isoformat(), last.isoformat()]).fetchall()
    return [
        OpinionText(id=text_id, day=date.fromisoformat(day), procedure=procedure, face=face, body=body)
        for text_id, day, procedure, face, body in rows
    ]


def take_turn(db: Database, counter: int, ended_at: datetime) -> bool:
    """Note that a counter's screen has asked about a service; return False when it was noted before.

    Notes that are an hour older, or later than this one by a clock that went back, are deleted.
    """
    near = [clock.timestamp(ended_at - TURN_SPAN), clock.timestamp(ended_at + TURN_SPAN)]
    db.execute("delete from opinion_turns where counter = ? and ended_at not between ? and ?", [counter, *near])
    sql = "insert or ignore into opinion_turns (counter, ended_at) values (?, ?)"
    return db.execute(sql, [counter, clock.timestamp(ended_at)]).rowcount > 0


def turns_taken(db: Database, counter: int) -> set[datetime]:
    """Return the ends of the services that a counter's screen has asked about lately."""
    rows = db.execute("select ended_at from opinion_turns where counter = ?", [counter]).fetchall()
    return {clock.parse_timestamp(ended_at) for (ended_at,) in rows}


def before(day: date) -> ExpiredRows:
    """Return the counts of earlier days."""
    args = {"day": day.isoformat()}
    return ExpiredRows(table="opinions", change="delete from opinions", where="day < :day", args=args, key="day")


def texts_before(day: date) -> ExpiredRows:
    """Return the texts of earlier days."""
    args = {"day": day.isoformat()}
    return ExpiredRows(
        table="opinion_texts", change="delete from opinion_texts", where="day < :day", args=args, key="id"
    )
