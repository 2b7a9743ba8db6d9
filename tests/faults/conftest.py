"""Fixtures: wards of real processes, the result of a matrix row, and the table at the end of a run."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

import sync.outbox
from tests.faults.processes import wait_until
from tests.faults.table import RowResult, render_table
from tests.faults.ward import Ward
from tests.sync.postgres import Postgres

_results: list[RowResult] = []


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database for a gateway; "" for an SQLite file of the ward."""
    if request.param == "sqlite":
        return ""
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_url()


@pytest.fixture(scope="session")
def shared_ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    with Ward(tmp_path_factory.mktemp("ward")) as ward:
        yield ward


@pytest.fixture
def ward(shared_ward: Ward) -> Iterator[Ward]:
    """Return the ward of the run without faults; a test leaves nothing in quarantine."""
    yield shared_ward
    shared_ward.end_faults()
    shared_ward.kiosk.send_now()
    wait_until(lambda: _has_nothing_open(shared_ward), 60, "the ward has nothing open")
    assert shared_ward.false_notices() == []


@pytest.fixture
def own_ward(tmp_path: Path) -> Iterator[Ward]:
    """Return a ward for one test only."""
    with Ward(tmp_path) as ward:
        yield ward


@pytest.fixture
def row(request: pytest.FixtureRequest) -> Iterator[RowResult]:
    """Return the result of the matrix row that the test's mark names; it is printed at the end."""
    mark = request.node.get_closest_marker("row")
    result = RowResult(mark.args[0], request.node.name.removeprefix("test_"))
    before = request.session.testsfailed
    yield result
    result.passed = request.session.testsfailed == before
    request.node.user_properties.append(("row", asdict(result)))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Collect the results in the process that prints the table: tests run in several processes."""
    if report.when == "teardown":
        rows = [value for name, value in report.user_properties if name == "row" and isinstance(value, dict)]
        _results.extend(RowResult(**row) for row in rows)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _results:
        terminalreporter.section("fault matrix")
        for line in render_table(_results):
            terminalreporter.write_line(line)


def _has_nothing_open(ward: Ward) -> bool:
    with ward.kiosk.context.store.read() as db:
        return not sync.outbox.count_open(db)
