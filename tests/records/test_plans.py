"""Look-ups and the day's pages read by index and scan no table, even after years."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.base.clock import FixedClock
from kiosk.records import (
    counters,
    decisions,
    figures,
    lookups,
    openings,
    procedure_versions,
    submissions,
    tickets,
    work_cases,
)
from kiosk.store.db import Store

DAY = date(2026, 11, 24)


def _scans(store: Store, *reads: Callable[[Database], object]) -> list[str]:
    """Return the steps of SQLite's query plans that scan a whole table, for all statements of some functions."""
    return [step for step in _steps(store, *reads) if step.startswith("SCAN")]


def _steps(store: Store, *reads: Callable[[Database], object]) -> list[str]:
    """Return the steps of SQLite's query plans for all statements of some functions, each with its statement."""
    steps: list[str] = []
    statements: list[str] = []
    with store.read() as db:
        db.conn.set_trace_callback(statements.append)
        for read in reads:
            read(db)
        db.conn.set_trace_callback(None)
        for sql in statements:
            if sql.lstrip().lower().startswith("select"):
                plan = [row[3] for row in db.execute(f"explain query plan {sql}").fetchall()]
                steps += [f"{step}: {sql[:90]}" for step in plan]
    assert len(statements) >= len(reads)
    return steps


def test_look_up_scans_nothing(store: Store, clock: FixedClock) -> None:
    now = clock.now()
    assert _scans(
        store,
        lambda db: submissions.by_receipt(db, "PK03-261124-0001-V"),
        lambda db: submissions.by_official(db, "H57.99-261124-0017"),
        lambda db: submissions.by_applicant(db, "a"),
        lambda db: submissions.last_revisions(db, ["a"]),
        lambda db: lookups.by_name(db, "a"),
        lambda db: tickets.by_label(db, DAY, "A017"),
        lambda db: openings.current(db, "a", "b", now),
        lambda db: openings.between(db, now, now + timedelta(days=1)),
    ) == []  # fmt: skip


def test_the_day_scans_nothing(store: Store) -> None:
    start = datetime(2026, 11, 24, tzinfo=clock.WARD)
    end = start + timedelta(days=1)
    assert _scans(
        store,
        lambda db: figures.visits(db, DAY),
        lambda db: figures.shifts(db, DAY),
        lambda db: figures.cases(db, DAY, start, end),
        lambda db: counters.events(db, DAY),
        lambda db: submissions.of_day(db, DAY),
        lambda db: decisions.accepted_between(db, start, end),
    ) == []  # fmt: skip


def test_the_work_list_reads_open_cases_only(store: Store, clock: FixedClock) -> None:
    steps = _steps(store, lambda db: work_cases.to_do(db, clock.now(), DAY, "CB01"))
    assert [step for step in steps if step.startswith("SCAN")] == []
    found = [step.split(":")[0] for step in steps if "submissions_open" in step]
    assert found == ["SEARCH c USING INDEX submissions_open (desk=?)"] * 3


def test_the_newest_submission_is_found_without_reading_its_day(store: Store) -> None:
    newest = _steps(store, submissions.last_completed_at)[0]
    assert newest.startswith("SEARCH submissions USING COVERING INDEX submissions_by_time (day=?)")


def test_what_start_page_and_maintenance_count_is_read_from_an_index_alone(store: Store) -> None:
    used = _steps(store, lambda db: submissions.counts_by_procedure(db, DAY - timedelta(days=90), DAY))[0]
    assert used.startswith("SEARCH submissions USING COVERING INDEX submissions_by_use (day>? AND day<?)")
    versions = _steps(store, procedure_versions.list_used)
    assert [step for step in versions if "submissions_by_version" in step], versions


def test_the_test_can_fail(store: Store) -> None:
    assert _scans(store, lambda db: db.execute("select * from tickets where state = 'done'")) != []
