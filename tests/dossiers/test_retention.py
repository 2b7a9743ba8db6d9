"""Terms: each table of the store says how long its rows stay, and the sweep of a table changes that table."""

from flask import Flask
from sqlite_utils import Database

from kiosk.dossiers.retention import TERMS
from kiosk.store.db import Store
from kiosk.store.expired_rows import ExpiredRows


def _tables(db: Database) -> set[str]:
    """Return the tables of the store, without those of SQLite and of sqlite-utils."""
    return {name for name in db.table_names() if not name.startswith(("sqlite_", "_sqlite_"))}


def test_each_table_of_the_store_has_a_term(store: Store) -> None:
    with store.read() as db:
        assert _tables(db) == set(TERMS), (
            "add the table to kiosk/dossiers/retention.py, with the reason where its rows stay"
        )


def test_a_table_without_a_term_is_found(store: Store) -> None:
    with store.write() as db:
        db.execute("create table later_thoughts (words text) strict")
        assert _tables(db) - set(TERMS) == {"later_thoughts"}


def test_the_sweeps_of_a_table_change_that_table(app: Flask) -> None:
    context = app.extensions["context"]
    sweeps = [(table, sweep) for table, term in TERMS.items() for sweep in term.sweeps(context)]
    assert len(sweeps) > 25
    assert [table for table, sweep in sweeps if isinstance(sweep, ExpiredRows) and sweep.table != table] == []
