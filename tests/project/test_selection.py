"""What `make test` leaves out: every file of walks has one that it runs, and the run says what it left out."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kiosk.config import ROOT
from tests import selection

TESTS = Path(__file__).parents[1]
WITHOUT_SMOKE = {
    "test_canary.py": "a kiosk and a profile of their own; tests/base/test_log.py lets only known facts into the log",
    "test_connection.py": "one page of the gateway; tests/sync/test_connection_check.py reads it in process",
    "test_copy_counts.py": "the lane of copies at four screens, counted; test_certified_copies.py walks it on one",
    "test_desk_widths.py": "every page of the desk at every width; test_desk.py looks whether one is cut",
    "test_gateway_down.py": "a kiosk of its own; tests/portal and tests/faults stop gateways in process",
    "test_landscape.py": "a form at four screens; test_tap_through.py walks one on a landscape screen",
    "test_pages.py": "pages on the way of a form, measured; tests/look measures all kinds of page in the gallery",
    "test_paper_edges.py": "edges in ten made pictures; test_paper_camera.py takes one paper",
    "test_preview.py": "a kiosk of its own; tests/cli/test_procedure.py has the command",
    "test_registered_again.py": "five procedures by touch, which tests/journeys walks in process",
    "test_session_file.py": "the profile of the ward's browser; test_next_person.py looks at storage and cookies",
    "test_technician_session.py": "the cache of the back button; test_next_person.py presses it too",
}
"""Files of walks that only `make walks-all` runs, and what runs in `make test` instead."""


def test_each_file_of_walks_has_one_that_make_test_runs() -> None:
    files = [*(TESTS / "browser").glob("test_*.py"), *(TESTS / "keyboard").glob("test_key*.py")]
    without = {path.name for path in files if "pytest.mark.smoke" not in path.read_text("utf-8")}
    assert len(files) > 50
    assert without == set(WITHOUT_SMOKE)


def test_make_walks_all_reads_the_folders_of_all_walks() -> None:
    told = re.search(r"^WALKS = (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert told
    folders = [ROOT / folder for folder in told[1].split()]
    files = [path for path in TESTS.rglob("test_*.py") if "pytest.mark.browser" in path.read_text("utf-8")]
    assert len(files) > 5
    assert TESTS / "browser" in folders
    assert [path for path in files if path != Path(__file__) and not set(folders) & set(path.parents)] == []


class Item:
    """A test of a run, as far as its selection reads it."""

    def __init__(
        self,
        name: str,
        *,
        marks: tuple[str, ...] = (),
        fixtures: tuple[str, ...] = (),
        database: str = "",
        case: int = 0,
        cases: dict[str, int] | None = None,
    ) -> None:
        self.path = Path(name)
        self.marks = marks
        self.cases = cases or {}
        self.fixturenames = fixtures
        self.callspec = SimpleNamespace(params={"database": database}, indices={"size": case, "screen": 0})

    def get_closest_marker(self, mark: str) -> SimpleNamespace | None:
        return SimpleNamespace(kwargs=self.cases) if mark in self.marks else None


class Run:
    """A run with some options; `left_out` has the names of what it left out."""

    def __init__(self, items: list[Item], *, named: bool = False, **options: Any) -> None:
        sources = pytest.Config.ArgsSource
        self.option = SimpleNamespace(**({"quick": False, "dates": False, "seventh": None, "markexpr": ""} | options))
        self.args_source = sources.ARGS if named else sources.TESTPATHS
        self.hook = self
        self.left_out: set[str] = set()
        self.items = list(items)
        self.counts = selection.leave_out(self, self.items)  # type: ignore[arg-type]

    def pytest_deselected(self, items: list[Item]) -> None:
        self.left_out = {str(item.path) for item in items}


ITEMS = [
    Item("in process"),
    Item("with the machine's date", marks=("machine_date",)),
    Item("walk", marks=("browser",), fixtures=("clock",)),
    Item("smoke walk", marks=("browser", "smoke"), fixtures=("clock",)),
    Item("second case of a smoke walk", marks=("browser", "smoke"), fixtures=("clock",), case=1),
    Item("first case", marks=("browser", "smoke"), fixtures=("clock",), cases={"cases": 1}),
    Item("second case", marks=("browser", "smoke"), fixtures=("clock",), case=1, cases={"cases": 1}),
    Item("on PostgreSQL", database="postgresql"),
    Item("with a server", fixtures=("postgres",)),
]


@pytest.mark.parametrize(
    ("options", "left_out"),
    [
        pytest.param({}, set(), id="all"),
        pytest.param({"quick": True}, {"walk", "second case", "on PostgreSQL", "with a server"}, id="quick"),
        pytest.param({"quick": True, "named": True}, set(), id="quick and named"),
        pytest.param({"quick": True, "markexpr": "browser"}, set(), id="quick and marked"),
        pytest.param(
            {"dates": True}, {"walk", "second case", "in process", "on PostgreSQL", "with a server"}, id="dates"
        ),
    ],
)
def test_a_run_leaves_out_what_its_option_says(options: dict[str, Any], left_out: set[str]) -> None:
    run = Run(ITEMS, **options)
    assert run.left_out == left_out
    assert {str(item.path) for item in run.items} == {str(item.path) for item in ITEMS} - left_out
    assert sum(run.counts.values()) == len(left_out)
    assert len(selection.report(run.counts)) == len(run.counts)


def files_left_out(*, named: bool = False, **options: Any) -> set[str]:
    """Return the files that a run does not read."""
    config: Any = Run([], named=named, **options)
    files = (path for path in TESTS.rglob("test_*.py") if selection.leave_out_file(path, config))
    return {path.relative_to(TESTS).as_posix() for path in files}


def names(**options: Any) -> set[str]:
    """Return the names of the files of tests that a run reads."""
    config: Any = Run([], **options)
    return {path.name for path in TESTS.rglob("test_*.py") if not selection.leave_out_file(path, config)}


def test_only_make_test_leaves_out_files_of_whole_programs() -> None:
    assert files_left_out(quick=True) == set(selection.WHOLE_PROGRAMS)
    assert files_left_out(quick=True, named=True) == set()
    assert files_left_out(quick=True, markexpr="not browser") == set()
    assert files_left_out() == set()


def test_make_test_runs_a_test_of_each_promise_that_it_leaves_out() -> None:
    for other in selection.WHOLE_PROGRAMS.values():
        file, _, promise = other.partition(": ")
        assert (TESTS / file).is_file()
        assert file not in selection.WHOLE_PROGRAMS
        assert promise


def test_seven_days_run_every_file_once() -> None:
    days = [names(seventh=day) for day in range(7)]
    assert set.union(*days) == names()
    assert sum(len(day) for day in days) == len(names())
    assert min(len(day) for day in days) > 50


def test_a_run_at_another_date_reads_the_files_that_see_the_machines_date() -> None:
    read = names(dates=True)
    assert {"test_dates.py", "test_restart.py", "test_desk.py"} <= read
    assert len(read) < len(names()) / 3


def test_what_is_no_file_of_tests_is_read(tmp_path: Path) -> None:
    config: Any = SimpleNamespace(option=SimpleNamespace(seventh=0, dates=True))
    assert not selection.leave_out_file(tmp_path, config)
    assert not selection.leave_out_file(TESTS / "conftest.py", config)
