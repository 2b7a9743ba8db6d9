"""The tables of sync: their constraints."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlite_utils import Database

from sync import attempts, link, outbox
from sync.encoding import timestamp
from sync.schema import migrations

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


@pytest.fixture
def db() -> Iterator[Database]:
    with Database(memory=True) as db:
        migrations.apply(db)
        yield db


@pytest.mark.parametrize(
    "change",
    [
        "state = 'lost'",
        "kind = 'letter'",
        "state = 'sending'",
        "lease = 3",
        "state = 'done'",
        "done_no = 1",
        "attempts = -1",
        "attempts = 'many'",
        "digest = 'short'",
        "last_class = 'mood'",
        "kind = 'event'",
        "created = null",
    ],
)
def test_an_inconsistent_row_is_refused(db: Database, change: str) -> None:
    outbox.enqueue(db, "a", NOW)
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(f"update outbox set {change}")


def test_a_subject_is_enqueued_once(db: Database) -> None:
    outbox.enqueue(db, "a", NOW)
    with pytest.raises(sqlite3.IntegrityError):
        outbox.enqueue(db, "a", NOW)


def test_there_is_one_row_for_the_connection(db: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("insert into link (id) values (2)")
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("update link set is_held = 1")


def test_a_new_link_knows_nothing_of_the_portal(db: Database) -> None:
    state = link.state(db)
    assert (state.is_up, state.paused, state.failures, state.epoch) == (None, None, 0, None)


def test_no_column_can_hold_a_body(db: Database) -> None:
    for table in ("outbox", "link", "attempts"):
        types = {row["type"] for row in db.query(f"pragma table_info({table})")}
        assert types <= {"INTEGER", "REAL", "TEXT"}
        names = {row["name"] for row in db.query(f"pragma table_info({table})")}
        assert not names & {"body", "note", "errors", "message", "receipt_no", "name"}


def test_due_rows_are_found_by_an_index(db: Database) -> None:
    sql = f"explain query plan select kind {outbox._DUE} order by no limit 1"
    plan = " ".join(row["detail"] for row in db.query(sql, {"run": 1, "at": 0.0}))
    assert "outbox_open" in plan
    assert "outbox_parent" in plan


def test_a_time_without_a_zone_is_refused() -> None:
    assert timestamp(NOW) == "2026-11-24T01:30:00.000Z"
    with pytest.raises(ValueError, match="zone"):
        timestamp(datetime(2026, 11, 24))


def test_open_rows_are_listed_by_an_index(db: Database) -> None:
    statements: list[str] = []
    db.conn.set_trace_callback(statements.append)
    outbox.list_open(db, 12)
    db.conn.set_trace_callback(None)
    plan = " ".join(row[3] for row in db.execute(f"explain query plan {statements[-1]}"))
    assert "outbox_left" in plan


def test_attempts_of_the_connection_are_counted_by_an_index(db: Database) -> None:
    attempts.add(db, None, NOW, "down", "link", "refused")
    assert attempts.count_since(db, "a", timestamp(NOW)) == 1
    db.execute("drop index attempts_of_line")
    with pytest.raises(sqlite3.OperationalError, match="no such index"):
        attempts.count_since(db, "a", timestamp(NOW))
