"""Tests that a run leaves out: most walks in `make test`, tests of one date in `make dates`, six sevenths by day.

A run that names files, folders or marks runs what they name, so `make test ARGS=tests/browser` runs all walks.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from zlib import crc32

import pytest

from tests import machine_date

WHERE = {
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
    return bool(item.get_closest_marker("browser")) and not item.get_closest_marker("smoke")


def _is_on_postgresql(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    return "postgres" in _fixtures_of(item) or (callspec is not None and "postgresql" in callspec.params.values())


def _fixtures_of(item: pytest.Item) -> tuple[str, ...]:
    return tuple(getattr(item, "fixturenames", ()))
