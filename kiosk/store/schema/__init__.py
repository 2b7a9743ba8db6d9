"""The schema migrations of the store; one module a step.

A released step is never edited: a change is a new step below, tested on a store with data from the step before it.
Tables are strict and states have check clauses, so that the store itself refuses invalid values. Times are texts of
`clock.timestamp`, days are YYYY-MM-DD of the ward, hashes are hex. `grow` also migrates what sync and printers own.
"""

import sqlite3
from contextlib import AbstractContextManager
from functools import cache
from types import ModuleType
from typing import Protocol

from sqlite_utils import Database, Migrations

import printers.schema
import sync.schema
from kiosk.base.errors import StoreNewer, StoreNotGrown
from kiosk.store.schema import (
    acceptances_by_time,
    assisted_drafts,
    case_lookups,
    change_requests,
    class_call_backs,
    class_seats,
    desk_corrections,
    desk_decisions,
    desk_papers,
    desk_views,
    draft_turns,
    fact_comparisons,
    fees_taken,
    first_tables,
    help_calls,
    kept_details,
    kept_drafts,
    key_renewals,
    opinions,
    page_counts,
    people_and_doors,
    portal_refusals,
    posts_of_desks,
    procedure_versions,
    queue_lines,
    scans,
    screen_addresses,
    screen_limits,
    screen_sizes,
    service_plans,
    services_done,
    staff_and_sittings,
    submissions_by_time,
    turn_backs,
    undone_decisions,
    wrong_guesses,
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
    kept_details,
    wrong_guesses,
    screen_limits,
    fact_comparisons,
    draft_turns,
    acceptances_by_time,
    help_calls,
    assisted_drafts,
    undone_decisions,
    desk_views,
    kept_drafts,
    posts_of_desks,
    services_done,
    turn_backs,
    service_plans,
    opinions,
    page_counts,
    class_call_backs,
    screen_sizes,
    submissions_by_time,
    screen_addresses,
    change_requests,
    procedure_versions,
)
"""In the order of migration; the name of a step is the name of its module."""
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
        StoreNotGrown: a step failed; the store is as it was.
    """
    with store.read() as db:
        migration_sets = _migration_sets()
        refuse_newer(db)
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
    with Database(memory=True, execute_plugins=False) as empty:  # to look for plugins takes 10 ms
        for each in _migration_sets():
            known = {step.name for step in each.pending(empty)}
            if {step.name for step in each.applied(db)} - known:
                raise StoreNewer


def _add(step: ModuleType) -> None:
    @migrations(name=step.__name__.rpartition(".")[2])
    def add(db: Database) -> None:
        for statement in _statements(step.SQL):
            db.execute(statement)


@cache
def _statements(script: str) -> tuple[str, ...]:
    """Split a script whose statements end with their lines; sqlite-utils would split it letter by letter each time."""
    statements: list[str] = []
    rest = ""
    for line in script.splitlines(keepends=True):
        rest += line
        if sqlite3.complete_statement(rest):
            statements.append(rest)
            rest = ""
    return tuple(statements)


for _step in STEPS:
    _add(_step)
