"""The simulation turns the product's own lines, not a model of them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.processes import IS_SHORT

HOUSE = Path(__file__).parents[2]
TURNED = (
    "engine",
    "link",
    "statuses",
    "backoff",
    "gateway/submissions",
    "gateway/events",
    "gateway/feed",
    "gateway/epochs",
)


@pytest.mark.faults
@pytest.mark.timeout(1800)
def test_nine_lines_in_ten_of_engine_and_taking_are_turned(tmp_path: Path) -> None:
    around = {**os.environ, "COVERAGE_FILE": str(tmp_path / "covered")}
    coverage = [sys.executable, "-m", "coverage"]
    for words in (["1-4", "3"], ["1-4", "3", "--asking"], ["3", "2", "--whole"]):
        run = [*coverage, "run", "--append", "--source=sync", "-m", "tests.simulation", *words]
        subprocess.run(run, cwd=HOUSE, env=around, check=True, capture_output=True)
    told = tmp_path / "told.json"
    report = [*coverage, "json", "-q", "--fail-under=0", "-o", str(told)]
    subprocess.run(report, cwd=HOUSE, env=around, check=True, capture_output=True)
    files = json.loads(told.read_text(encoding="utf-8"))["files"]
    found = [files[f"sync/{name}.py"]["summary"] for name in TURNED]
    covered, lines = (sum(one[what] for one in found) for what in ("covered_lines", "num_statements"))
    assert covered >= 0.9 * lines, {name: one["percent_covered"] for name, one in zip(TURNED, found, strict=True)}


@pytest.mark.faults
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("ways", [[], ["--asking"], ["--whole"]])
def test_wards_live_through_twenty_days(ways: list[str]) -> None:
    seeds = "100-107" if IS_SHORT else "100-139"
    run = [sys.executable, "-m", "tests.simulation", seeds, "20", *ways]
    done = subprocess.run(run, cwd=HOUSE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
