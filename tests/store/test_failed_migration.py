"""A migration that fails leaves the store as it was, and the machine says so."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from kiosk.base.clock import FixedClock
from kiosk.base.errors import StoreNotGrown
from kiosk.config import Config
from kiosk.startup.context_factory import open_context
from kiosk.store import schema
from kiosk.web.app import create_app
from tests.conftest import copy_store
from tests.faults.submitting import submit_form


@pytest.fixture
def used(practice: Config, empty_store_file: Path, clock: FixedClock) -> Config:
    """Return the settings of a kiosk with two forms."""
    copy_store(empty_store_file, practice.store_path)
    context = open_context(practice, clock)
    with closing(context.store):
        submit_form(context)
        submit_form(context)
    return practice


@pytest.fixture
def bad_release(used: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """After `used`: install a release whose last step fails after it has changed the store."""
    broken = Migrations("broken")

    @broken()
    def half(db: Database) -> None:
        db.execute("delete from submissions")
        db.execute("alter table submissions add column digest text")  # there is one

    sets = (*schema._migration_sets(), broken)
    with monkeypatch.context() as patch:
        patch.setattr(schema, "_migration_sets", lambda: sets)
        yield patch


def dump(config: Config) -> list[str]:
    with closing(sqlite3.connect(config.store_path)) as db:
        return list(db.iterdump())


def test_a_migration_that_fails_changes_nothing_and_the_release_before_goes_on(
    used: Config, clock: FixedClock, bad_release: pytest.MonkeyPatch
) -> None:
    before = dump(used)
    with pytest.raises(StoreNotGrown):
        open_context(used, clock)
    assert dump(used) == before
    bad_release.undo()
    context = open_context(used, clock)
    with closing(context.store):
        assert submit_form(context)[1][:16] == "PK03-261124-0003"


@pytest.mark.usefixtures("bad_release")
def test_the_technician_reads_that_the_store_is_unchanged(used: Config, clock: FixedClock) -> None:
    app = create_app(used, clock)
    assert app.test_client().get("/").status_code == 503
    page = app.test_client().get("/technician/").text
    assert "K-62" in page
    assert "Nơi lưu còn nguyên" in page
