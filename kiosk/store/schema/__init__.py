"""The tables of the store, grown step by step; one module a step.

A released step is never edited: a change is a new step below, tested on a store with data from the step before it.
Tables are strict and states have check clauses, so that what cannot be is refused by the store itself. Times are
``clock.stamp`` texts, days are YYYY-MM-DD of the ward, hashes are hex. ``grow`` also grows what sync and printers own.
"""

import sqlite3
from contextlib import AbstractContextManager
from functools import cache
from types import ModuleType
from typing import Protocol

from sqlite_utils import Database, Migrations

import printers.schema
import sync.schema
from kiosk.errors import StoreNewer
from kiosk.store.schema import (
    case_lookups,
    class_seats,
    desk_corrections,
    desk_decisions,
    desk_papers,
    fees_taken,
    first_tables,
    key_renewals,
    people_and_doors,
    portal_refusals,
    queue_lines,
    scans,
    staff_and_sittings,
)

STEPS = (
    first_tables,
    class_seats,
    staff_and_sittings,
    queue_lines,
    desk_papers,
    scans,
    desk_decisions,
    case_lookups,
    people_and_doors,
    desk_corrections,
    fees_taken,
    portal_refusals,
    key_renewals,
)
"""In the order in which a store grows; a step is called what its module is called."""
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


def _add(step: ModuleType) -> None:
    @migrations(name=step.__name__.rpartition(".")[2])
    def add(db: Database) -> None:
        for statement in _statements(step.SQL):
            db.execute(statement)


@cache
def _statements(script: str) -> tuple[str, ...]:
    """Part a script whose statements end with their lines; sqlite-utils would part it letter by letter each time."""
    found, rest = [], ""
    for line in script.splitlines(keepends=True):
        rest += line
        if sqlite3.complete_statement(rest):
            found.append(rest)
            rest = ""
    return tuple(found)


for _step in STEPS:
    _add(_step)
