"""Retention in slices: nobody waits for the clean-up, and what is set aside by a restore has a term too."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from kiosk.acts import wiping
from kiosk.backup import aside, create, restore
from kiosk.base.clock import FixedClock, timestamp
from kiosk.config import Config
from kiosk.config.sections import BackupSettings
from kiosk.context import Context
from kiosk.records import counters, drafts, marks
from kiosk.startup.context_factory import open_context
from kiosk.store.db import exclusive


@pytest.fixture
def context(practice: Config, clock: FixedClock) -> Iterator[Context]:
    context = open_context(practice, clock)
    yield context
    context.store.close()


def add_calls(context: Context, count: int) -> None:
    """Add calls that ended two days ago, as rows that have expired."""
    at = timestamp(context.clock.now() - timedelta(days=2))
    rows = [(f"session {number}", "/", at, at) for number in range(count)]
    with context.store.write() as db:
        db.conn.executemany("insert into calls (session, place, since, ended_at) values (?, ?, ?, ?)", rows)


def count_calls(context: Context) -> int:
    with context.store.read() as db:
        return int(db.execute("select count(*) from calls").fetchone()[0])


class CountedWrites:
    """Counts the writes of a store; each lets the clock of the test advance by the seconds that a row costs."""

    def __init__(self, context: Context, seconds_a_row: float, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows: list[int] = []
        self.others = 0
        write = context.store.write

        @contextmanager
        def counted() -> Iterator[Database]:
            before = count_calls(context)
            with write() as db:
                yield db
                left = int(db.execute("select count(*) from calls").fetchone()[0])
                self.rows.append(before - left)
                context.clock.advance(seconds_a_row * (before - left))  # type: ignore[attr-defined]

        monkeypatch.setattr(context.store, "write", counted)


def test_a_slice_holds_the_writer_for_a_short_time_whatever_a_row_costs(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_calls(context, 600)
    writes = CountedWrites(context, 0.002, monkeypatch)
    while not wiping.wipe_expired(context).is_complete:
        pass
    assert count_calls(context) == 0
    slow = [rows * 0.002 for rows in writes.rows]
    assert max(slow[1:]) <= 0.05, "only the first slice does not know what a row costs"
    assert len(slow) >= 600 * 0.002 / 0.05


def test_a_step_ends_after_its_time_and_the_next_goes_on(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    add_calls(context, 600)
    CountedWrites(context, 0.01, monkeypatch)
    assert not wiping.wipe_expired(context).is_complete
    assert 0 < count_calls(context) < 600


def test_nothing_expired_takes_the_writer_not_once(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    writes = CountedWrites(context, 0.0, monkeypatch)
    assert wiping.wipe_expired(context) == wiping.WipeResult(drafts=0, is_complete=True)
    assert writes.rows == []


def test_another_writer_gets_its_turn_between_two_slices(context: Context) -> None:
    add_calls(context, 5000)
    left_at_turn: list[int] = []
    is_wiping = threading.Event()

    def write_between() -> None:
        is_wiping.wait(60)
        for _ in range(3):
            with context.store.write() as db:
                marks.put(db, "turn", "taken")
                left_at_turn.append(int(db.execute("select count(*) from calls").fetchone()[0]))

    other = threading.Thread(target=write_between)
    other.start()
    is_wiping.set()
    wiping.wipe_expired(context)
    other.join(60)
    assert len(left_at_turn) == 3
    assert count_calls(context) == 0


def test_a_row_that_was_used_after_it_was_found_is_not_wiped(context: Context) -> None:
    now = context.clock.now()
    with context.store.write() as db:
        db.execute(
            "insert into drafts (id, session, procedure, version, body, created_at, touched_at)"
            " values (?, 's', 'p', '1', x'00', ?, ?)",
            ["d" * 36, timestamp(now), timestamp(now - timedelta(days=3))],
        )
    expired = drafts.untouched(now - timedelta(days=1), now.date())
    with context.store.read() as db:
        keys = expired.find(db, 10)
    assert len(keys) == 1
    with context.store.write() as db:
        db.execute("update drafts set touched_at = ?", [timestamp(now)])
        assert expired.wipe(db, keys) == 0


def test_finding_is_limited_and_names_each_key_once(context: Context) -> None:
    day = context.clock.today()
    with context.store.write() as db:
        for number in range(1, 6):
            counters.open(db, day - timedelta(days=9), number, now=context.clock.now(), actor="CB01")
    expired = counters.before(day)
    with context.store.read() as db:
        assert len(expired.find(db, 3)) == 3
        assert len(set(expired.find(db, -1))) == 5


@pytest.fixture
def restored(practice: Config, clock: FixedClock, tmp_path: Path) -> Iterator[Context]:
    """Yield a kiosk whose store was restored: the old store lies in data/aside."""
    (tmp_path / "copies").mkdir()
    config = replace(practice, backup=BackupSettings(path="copies"))
    context = open_context(config, clock)
    create.create(context)
    context.store.close()
    with exclusive(config.store_path):
        restore.restore(config, clock)
    context = open_context(config, clock)
    yield context
    context.store.close()


def set_aside(context: Context) -> list[str]:
    return sorted(path.name for path in (context.config.folder / "aside").iterdir())


def test_a_store_that_was_set_aside_is_deleted_after_its_term(restored: Context, clock: FixedClock) -> None:
    wiping.wipe_expired(restored)
    clock.advance(30 * 86400)
    wiping.wipe_expired(restored)
    assert set_aside(restored) == ["001"]
    clock.advance(60)
    wiping.wipe_expired(restored)
    assert set_aside(restored) == []
    with restored.store.read() as db:
        assert marks.get(db, "aside") == "{}"


def test_the_term_does_not_count_from_a_clock_that_was_wrong_during_the_restore(
    restored: Context, clock: FixedClock
) -> None:
    clock.advance(10 * 365 * 86400)
    assert aside.delete_expired(restored) == 0
    assert set_aside(restored) == ["001"]


def test_without_old_stores_nothing_is_written(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> Any:
        raise AssertionError("a write")

    monkeypatch.setattr(context.store, "write", refuse)
    assert aside.delete_expired(context) == 0


def test_a_write_while_the_log_is_copied_is_not_lost(context: Context) -> None:
    add_calls(context, 100)
    with closing(context.store):
        wiping.copy_log(context.store)
        add_calls(context, 1)
        wiping.copy_log(context.store)
        assert count_calls(context) == 101


def test_another_sweep_begins_with_a_small_slice(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    add_calls(context, 2000)
    at = timestamp(context.clock.now() - timedelta(days=400))
    with context.store.write() as db:
        db.conn.executemany(
            "insert into jobs (key, kind, subject, state, next_at, created, updated)"
            " values (?, 'slip', ?, 'printed', ?, ?, ?)",
            [(f"slip:{number}:1", f"{number}", at, at, at) for number in range(2000)],
        )
    sizes: dict[str, list[int]] = {"calls": [], "jobs": []}
    write = context.store.write

    def rows_of(db: Database) -> dict[str, int]:
        return {table: int(db.execute(f"select count(*) from {table}").fetchone()[0]) for table in sizes}

    @contextmanager
    def counted() -> Iterator[Database]:
        with write() as db:
            before = rows_of(db)
            yield db
            for table, left in rows_of(db).items():
                sizes[table] += [before[table] - left] * (before[table] > left)

    monkeypatch.setattr(context.store, "write", counted)
    while not wiping.wipe_expired(context).is_complete:
        pass
    assert [sizes[table][0] for table in sizes] == [wiping.FIRST_SLICE, wiping.FIRST_SLICE]
    assert max(sizes["calls"] + sizes["jobs"]) > wiping.FIRST_SLICE
