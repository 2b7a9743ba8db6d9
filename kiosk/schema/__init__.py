"""The tables of the store, grown step by step; one module a step.

A released step is never edited: a change is a new step below, tested on a store with data from the step before it.
Tables are strict and states have check clauses, so that what cannot be is refused by the store itself. Times are
``clock.stamp`` texts, days are YYYY-MM-DD of the ward, hashes are hex. ``grow`` also grows what sync and printers own.
"""

from contextlib import AbstractContextManager
from typing import Protocol

from sqlite_utils import Database, Migrations

import printers.schema
import sync.schema
from kiosk.errors import StoreNewer
from kiosk.schema import class_seats as seats
from kiosk.schema import desk_papers as papers
from kiosk.schema import fees, staff
from kiosk.schema import first_tables as first
from kiosk.schema import queue_lines as lines

migrations = Migrations("kiosk")


class Growing(Protocol):
    """A store that can be read and written."""

    def read(self) -> AbstractContextManager[Database]:
        """Give a view."""

    def write(self) -> AbstractContextManager[Database]:
        """Open a transaction."""


def grow(store: Growing) -> None:
    """Bring a store to this release in one transaction; StoreNewer when a later release has written it."""
    with store.read() as db:
        sets = _sets()
        _refuse_newer(db, sets)
        is_grown = not any(each.pending(db) for each in sets)
    if not is_grown:
        with store.write() as db:
            for each in sets:
                each.apply(db)


def _sets() -> tuple[Migrations, ...]:
    return (migrations, sync.schema.migrations, printers.schema.migrations)


def _refuse_newer(db: Database, sets: tuple[Migrations, ...]) -> None:
    with Database(memory=True) as empty:
        for each in sets:
            ours = {step.name for step in each.pending(empty)}
            if {step.name for step in each.applied(db)} - ours:
                raise StoreNewer


@migrations()
def first_tables(db: Database) -> None:
    """Make what a citizen's visit needs: drafts, submissions, tickets, sessions, calls, reuse, audit."""
    db.executescript(first.SQL)


@migrations()
def class_seats(db: Database) -> None:
    """Make what says who has a seat in which session of a class."""
    db.executescript(seats.SQL)


@migrations()
def staff_and_sittings(db: Database) -> None:
    """Make who works at the ward, and who sits behind which session."""
    db.executescript(staff.SQL)


@migrations()
def queue_lines(db: Database) -> None:
    """Let a number be held, called to a counter and passed on, and a day's events say where and why."""
    db.executescript(lines.SQL)


@migrations()
def desk_papers(db: Database) -> None:
    """Make what officers saw of the papers, and what they noted."""
    db.executescript(papers.SQL)


@migrations()
def fees_taken(db: Database) -> None:
    """Make what was asked for, paid, waived and taken back."""
    db.executescript(fees.SQL)
