"""A test that CI repeated twice in a week is red until a commit mends it."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests import repeats

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TEST = "tests/base/test_clock.py::test_a_day[1 March]"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "repeated-tests"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    commit(folder, "Begin", NOW - 20 * DAY)
    return folder


def commit(checkout: Path, message: str, at: datetime) -> None:
    who = ["-c", "user.name=Test", "-c", "user.email=test@kiosk.example"]
    dates = {"GIT_COMMITTER_DATE": at.isoformat(), "GIT_AUTHOR_DATE": at.isoformat()}
    subprocess.run(
        ["git", *who, "commit", "--quiet", "--allow-empty", "-m", message], cwd=checkout, env=dates, check=True
    )


def test_one_repeat_in_a_week_is_allowed(file: Path, checkout: Path) -> None:
    assert repeats.unmended(file, NOW, checkout) == {}
    repeats.add(file, [TEST], NOW - 8 * DAY)
    repeats.add(file, [TEST, "tests/base/test_log.py::test_a_line"], NOW)
    assert repeats.unmended(file, NOW, checkout) == {}


def test_the_second_repeat_is_red_until_a_commit_names_the_test(file: Path, checkout: Path) -> None:
    repeats.add(file, [TEST], NOW - 3 * DAY)
    commit(checkout, "Wait for the day\n\nMends: tests/base/test_clock.py::test_a_day", NOW - 2 * DAY)
    repeats.add(file, [TEST], NOW - DAY)
    assert repeats.unmended(file, NOW, checkout) == {TEST: [NOW - 3 * DAY, NOW - DAY]}
    commit(checkout, "Set the day\n\nIt waited.\n\nMends: tests/base/test_clock.py::test_a_day", NOW)
    assert repeats.unmended(file, NOW, checkout) == {}


def test_the_command_names_the_test_and_the_trailer(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REPEATED_TESTS", str(file))
    assert repeats.main("check", []) == 0
    for _ in range(2):
        assert repeats.main("add", ["tests/base/test_clock.py::test_never"]) == 0
    assert repeats.main("check", []) == 1
    assert "Mends: tests/base/test_clock.py::test_never" in capsys.readouterr().out
