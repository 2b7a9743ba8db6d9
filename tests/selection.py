"""Tests that a run leaves out: most walks and whole programs in `make test`, six sevenths by day, others by date.

A run that names files, folders or marks runs what they name, so `make test ARGS=tests/browser` runs all walks.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from zlib import crc32

import pytest

from tests import machine_date

TESTS = Path(__file__).parent
WHOLE_PROGRAMS = MappingProxyType(
    {
        "backup/test_kills.py": "backup/test_recovery.py: a power cut at any rename, in process",
        "cli/test_practice_beside.py": "journeys/test_practice_beside.py: the folder of practice, in process",
        "cli/test_restart.py": "web/test_app.py: a key that is put back opens everything again, in process",
        "lan_server/test_memory.py": "lan_server/test_limits.py: the limits that bound the memory, in process",
        "lan_server/test_roles.py": "project/test_who_may.py: every route, role and listener, in process",
        "sync/test_contract_generated.py": "sync/test_contract.py: every answer of the contract, by hand",
        "updates/test_two_releases.py": "updates/test_update.py: an update, its trial and the way back, in process",
    }
)
"""Files that start programs or sockets again and again, or generate requests, for 220 of 1,870 processor seconds: path
below tests, and the tests of the same promise that `make test` runs."""
WHERE = {
    "whole programs": "files with whole programs: make check, .ci/run",
    "walks": "walks in Chromium: make walks-all, .ci/run",
    "PostgreSQL": "gateway tests on PostgreSQL: make check, .ci/run",
    "dates": "tests that never see the machine's date",
    "files without dates": "files of such tests",
    "sevenths": "files of tests of the other days of a week",
}
"""Text of the report for each kind of tests that a run leaves out: the tests, and the command that runs them."""
WORDS_OF_DATES = ("machine_date", "smoke")
"""Marks of the tests that `--dates` runs; a file of tests names its marks."""


def add_options(parser: pytest.Parser) -> None:
    """Add the options of a run."""
    group = parser.getgroup("selection")
    group.addoption("--quick", action="store_true", help="leave out most browser walks, and the gateway on PostgreSQL")
    group.addoption("--seventh", type=int, metavar="0-6", help="run a seventh of the test files")
    group.addoption("--dates", action="store_true", help="run tests that see the machine's date, and smoke walks")


def leave_out_file(path: Path, config: pytest.Config) -> str:
    """Return why a run reads no test of a file, a key of `WHERE`; an empty string for a file that it reads.

    All files together take a worker 23 s of the processor to read.
    """
    if not path.match("test_*.py"):
        return ""
    if config.option.quick and not _is_named(config) and path.relative_to(TESTS).as_posix() in WHOLE_PROGRAMS:
        return "whole programs"
    seventh = config.option.seventh
    if seventh is not None and crc32(path.name.encode()) % 7 != seventh:
        return "sevenths"
    if config.option.dates and not any(word in path.read_text("utf-8") for word in WORDS_OF_DATES):
        return "files without dates"
    return ""


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> Counter[str]:
    """Deselect what this run leaves out; return how many tests, by a key of `WHERE`."""
    reasons = {item: _reason_to_leave_out(item, config) for item in items}
    left_out = [item for item, reason in reasons.items() if reason]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not reasons[item]]
    return Counter(reasons[item] for item in left_out)


def is_one_file(config: pytest.Config) -> bool:
    """Return whether the command line names tests of one file."""
    files = {argument.partition("::")[0] for argument in config.args}
    return len(files) == 1 and files.pop().endswith(".py")


def report(left_out: Mapping[str, int]) -> list[str]:
    """Return a line for each kind of tests that a run left out."""
    return [f"Not run: {count} {WHERE[kind]}" for kind, count in sorted(left_out.items())]


def _reason_to_leave_out(item: pytest.Item, config: pytest.Config) -> str:
    """Return why a run leaves a test out, a key of `WHERE`; an empty string for a test that runs."""
    is_chosen = config.option.quick or config.option.dates
    if is_chosen and _is_long_walk(item) and not _is_named(config):
        return "walks"
    if config.option.quick and _is_on_postgresql(item) and not _is_named(config):
        return "PostgreSQL"
    if config.option.dates and not machine_date.is_seen(item):
        return "dates"
    return ""


def _is_named(config: pytest.Config) -> bool:
    """Return whether the command line names files, folders or marks."""
    return bool(config.option.markexpr) or config.args_source == pytest.Config.ArgsSource.ARGS


def _is_long_walk(item: pytest.Item) -> bool:
    smoke = item.get_closest_marker("smoke")
    return bool(item.get_closest_marker("browser")) and (
        smoke is None or (bool(smoke.kwargs) and not _is_first_case(item))
    )


def _is_first_case(item: pytest.Item) -> bool:
    """Return whether a test has the first of each of its parameters."""
    return not any(item.callspec.indices.values())  # type: ignore[attr-defined]


def _is_on_postgresql(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    return "postgres" in _fixtures_of(item) or (callspec is not None and "postgresql" in callspec.params.values())


def _fixtures_of(item: pytest.Item) -> tuple[str, ...]:
    return tuple(getattr(item, "fixturenames", ()))
