"""The schema migrations of the store: `tables.sql` is the first step, and each later step is a module.

A released step is never edited: a change is a new step below, tested on a store of the release before it. `grow` also
migrates what sync and printers own.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Protocol

from sqlite_utils import Database, Migrations

import printers.schema
import sync.schema
from kiosk.base.errors import StoreNewer, StoreNotGrown, StoreOlder
from kiosk.store.schema import (
    certification_registers,
    certified_copies,
    draft_pages,
    matters,
    message_consents,
    paper_counts,
    payment_answers,
    payment_choices,
    payments,
    reported_states,
    scanned_pages,
    signed_scans,
    submission_indexes,
)

FIRST = "procedure_versions"
"""Name of the step that creates the tables of the first release (`tables.sql`).

It is the name of the last step of the trial builds, so their stores have it. `FIRST` of sync and printers is the same.
"""
STEPS: tuple[ModuleType, ...] = (
    certified_copies,
    signed_scans,
    draft_pages,
    certification_registers,
    reported_states,
    paper_counts,
    matters,
    payments,
    payment_answers,
    scanned_pages,
    message_consents,
    submission_indexes,
    payment_choices,
)
"""Steps after the first, in the order of migration: modules with `SQL`. The name of a step is that of its module."""
migrations = Migrations("kiosk")


class Growing(Protocol):
    """A store with read and write transactions."""

    def read(self) -> AbstractContextManager[Database]:
        """Open a read transaction."""

    def write(self) -> AbstractContextManager[Database]:
        """Open a write transaction."""


def grow(store: Growing) -> None:
    """Migrate a store to this release in one transaction.

    Raises:
        StoreNewer: a later release has migrated it.
        StoreOlder: a trial build wrote it that was not the last one; the store is as it was.
        StoreNotGrown: a step failed; the store is as it was.
    """
    with store.read() as db:
        migration_sets = _migration_sets()
        steps = _steps(db)
        _refuse_newer(steps)
        _refuse_older(steps)
        is_grown = not any(each.pending(db) for each in migration_sets)
    if is_grown:
        return
    try:
        with store.write() as db:
            for each in migration_sets:
                each.apply(db)
    except sqlite3.Error as error:
        raise StoreNotGrown from error


def _migration_sets() -> tuple[Migrations, ...]:
    return (migrations, sync.schema.migrations, printers.schema.migrations)


def refuse_newer(db: Database) -> None:
    """Refuse a store that a later release has migrated.

    Raises:
        StoreNewer: it has steps that this release does not know.
    """
    _refuse_newer(_steps(db))


@dataclass(frozen=True)
class _Steps:
    """Names of the steps of a set: those that this release knows, and those that a store has, in order."""

    known: Sequence[str]
    applied: Sequence[str]


def _steps(db: Database) -> list[_Steps]:
    with Database(memory=True, execute_plugins=False) as empty:  # to look for plugins takes 10 ms
        return [
            _Steps(known=[step.name for step in each.pending(empty)], applied=[step.name for step in each.applied(db)])
            for each in _migration_sets()
        ]


def _refuse_newer(sets: Iterable[_Steps]) -> None:
    """Raise `StoreNewer` for a step that is not known; those before the first step are of the trial builds."""
    for steps in sets:
        first = steps.known[0]
        later = steps.applied[steps.applied.index(first) :] if first in steps.applied else []
        if set(later) - set(steps.known):
            raise StoreNewer


def _refuse_older(sets: Iterable[_Steps]) -> None:
    if any(steps.applied and steps.known[0] not in steps.applied for steps in sets):
        raise StoreOlder


@migrations(name=FIRST)
def tables(db: Database) -> None:
    """Create all tables."""
    _execute(db, Path(__file__).with_name("tables.sql").read_text("utf-8"))


def _add(step: ModuleType) -> None:
    @migrations(name=step.__name__.rpartition(".")[2])
    def add(db: Database) -> None:
        _execute(db, step.SQL)


def _execute(db: Database, script: str) -> None:
    """Execute a script whose statements end with their lines; `executescript` would commit the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""


for _step in STEPS:
    _add(_step)
