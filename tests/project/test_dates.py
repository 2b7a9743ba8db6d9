"""No test's verdict hangs on the date: a test has one clock, which code that asks the machine reads too.

Tests that see the machine's date have a mark, and `make dates` runs them at other dates.
"""

import ast
import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.base import clock as clock_module
from kiosk.base.clock import SYSTEM, WARD, FixedClock
from kiosk.config import ROOT
from tests.other_date import DATES, date_of_day, main, seconds_to
from tests.project.sources import parse_modules

TESTS = Path(__file__).parents[1]
MACHINE_TIME = {
    "datetime.now", "datetime.today", "datetime.utcnow", "date.today", "time.time", "time.time_ns", "time.localtime",
    "time.gmtime", "time.strftime", "time.ctime",
}  # fmt: skip
"""Calls that read the machine's time; `base/clock.py` is asked instead, for `one_date` of tests/conftest.py sets it."""
ALLOWED = {
    "faults/child_process.py": "replaces the machine's clock of a kiosk's process by one that is wrong",
    "other_date.py": "moves the machine's clock of a run",
}


def _calls_of_the_machine() -> Iterator[str]:
    for path, module in parse_modules(TESTS.rglob("*.py"), MACHINE_TIME).items():
        for node in ast.walk(module):
            if isinstance(node, ast.Call):
                name = ".".join(ast.unparse(node.func).split(".")[-2:])
                if name in MACHINE_TIME:
                    yield f"{path.relative_to(TESTS)}:{node.lineno}: {name}"


def test_tests_ask_the_clock_of_the_project_for_the_time() -> None:
    asked = list(_calls_of_the_machine())
    assert [call for call in asked if call.partition(":")[0] not in ALLOWED] == []
    assert {call.partition(":")[0] for call in asked} == set(ALLOWED)


def test_a_test_with_a_fixed_clock_has_no_other_date(clock: FixedClock) -> None:
    clock.advance(86_400)
    assert (SYSTEM.now(), SYSTEM.today()) == (clock.now(), clock.today())


def test_a_test_without_a_clock_has_one_date_too() -> None:
    assert clock_module.today() == date(2026, 11, 24)


@pytest.mark.machine_date
def test_a_test_with_the_mark_sees_the_machines_date() -> None:
    told = int(subprocess.run(["date", "+%s"], check=True, capture_output=True).stdout)
    assert SYSTEM.now().timestamp() == pytest.approx(told, abs=3600)


def test_a_test_without_the_mark_starts_no_kiosk_and_checks_no_certificate() -> None:
    with pytest.raises(AssertionError, match="machine_date"):
        subprocess.run([sys.executable, "-m", "kiosk", "--help"], check=True)
    with pytest.raises(AssertionError, match="machine_date"), socket.socket() as open_socket:
        ssl.create_default_context().wrap_socket(open_socket)


def test_tests_run_at_another_date_each_day() -> None:
    days = [date_of_day(date(2026, 12, 1) + timedelta(days=n)) for n in range(6)]
    assert len(set(days)) == 6
    assert set(DATES) < set(days)


def test_the_date_of_the_day_is_printed_for_the_runs_of_one_change(capsys: pytest.CaptureFixture[str]) -> None:
    main("day", [])
    main("2027-02-06 09:00:00", [])
    of_day, given = capsys.readouterr().out.splitlines()
    assert datetime.fromisoformat(of_day) > datetime(2026, 12, 1)
    assert given == "2027-02-06 09:00:00"


def test_ci_runs_a_seventh_at_another_date_and_repeats_its_tests_at_the_same() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert script.count("tests.other_date day") == 1
    assert len(re.findall(r'^.*\b(?:run|repeat) seventh seventh .*DATE="\$date" \|\|', script, re.MULTILINE)) == 2


def test_a_time_of_the_ward_moves_the_clock_by_seconds() -> None:
    now = datetime(2026, 12, 1, 9, 0, tzinfo=WARD)
    assert seconds_to(datetime(2026, 12, 1, 8, 59, 30), now) == "-30"
    assert seconds_to(datetime(2026, 12, 5, 10, 0), now) == f"+{4 * 86_400 + 3600}"
