"""One ward for rows that only break its line, one of its own for those that leave marks, and the table at the end."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

import sync.outbox
from tests.faults.processes import until
from tests.faults.table import Seen, drawn
from tests.faults.ward import Ward
from tests.sync.postgres import Postgres

_seen: list[Seen] = []


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """An empty place for a gateway's tables, of either kind; "" is a file of the ward's own."""
    if request.param == "sqlite":
        return ""
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_url()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    with Ward(tmp_path_factory.mktemp("ward")) as ward:
        yield ward


@pytest.fixture
def ward(shared: Ward) -> Iterator[Ward]:
    """The ward of the run, whole and at rest; whoever breaks it heals it, and leaves nothing in quarantine."""
    yield shared
    shared.heal()
    shared.kiosk.send_now()
    until(lambda: _is_at_rest(shared), 60, "the ward at rest again")


@pytest.fixture
def own_ward(tmp_path: Path) -> Iterator[Ward]:
    """A ward that nobody else uses."""
    with Ward(tmp_path) as ward:
        yield ward


@pytest.fixture
def row(request: pytest.FixtureRequest) -> Iterator[Seen]:
    """The row of the matrix that a test is about, by its mark; what it saw is printed at the end."""
    mark = request.node.get_closest_marker("row")
    seen = Seen(mark.args[0], request.node.name.removeprefix("test_"))
    before = request.session.testsfailed
    yield seen
    seen.passed = request.session.testsfailed == before
    request.node.user_properties.append(("row", asdict(seen)))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Gather what the rows saw where the table is drawn: tests run in several processes at once."""
    if report.when == "teardown":
        _seen.extend(Seen(**told) for name, told in report.user_properties if name == "row" and isinstance(told, dict))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _seen:
        terminalreporter.section("fault matrix")
        for line in drawn(_seen):
            terminalreporter.write_line(line)


def _is_at_rest(ward: Ward) -> bool:
    with ward.kiosk.context.store.read() as db:
        return not sync.outbox.count_open(db)
