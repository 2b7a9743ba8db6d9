"""The epoch of a PostgreSQL database: kept over starts, and another one in a database that was made of a dump."""

import itertools

from sqlalchemy import Engine

from kiosk.base import clock
from sync.gateway import epochs
from sync.gateway.database import open_engine
from tests.sync.postgres import Postgres

NAMES = itertools.count(1)


def start(engine: Engine) -> tuple[str, list[str]]:
    """Start on a database; return its epoch and the notices to the operator."""
    with engine.begin() as db:
        epochs.ensure_epoch(db, clock.now(), lambda: f"token{next(NAMES)}")
        return epochs.current_epoch(db), [row.text for row in epochs.recent_notices(db, 9)]


def test_a_database_that_was_put_back_begins_a_new_epoch_at_the_first_start(postgres: Postgres) -> None:
    """Whether a kiosk's cursor proves the restore depends on what it has read; events prove nothing."""
    url = postgres.new_database("epochs_before", "timezone = 'UTC'")
    engine = open_engine(url)
    epoch, notices = start(engine)
    assert start(engine) == (epoch, notices) == (epoch, [])
    engine.dispose()
    postgres.run("create database epochs_restored template epochs_before")
    restored = open_engine(url.replace("/epochs_before?", "/epochs_restored?"))
    renewed, notices = start(restored)
    assert renewed != epoch
    assert notices == [
        "Kho của cổng là bản phục hồi, hoặc bản của máy dự phòng. Các máy đang được hỏi lại hồ sơ còn thiếu."
    ]
    assert start(restored) == (renewed, notices)
    restored.dispose()


def test_an_epoch_of_an_earlier_release_is_kept(postgres: Postgres) -> None:
    engine = open_engine(postgres.new_url())
    with engine.begin() as db:
        db.exec_driver_sql("insert into epochs values (1, 'e-without-mark', 'x')")
    assert start(engine)[0] == "e-without-mark"
    engine.dispose()
