"""The simulation runs most lines of engine and gateway, and many seeds keep the invariants."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.processes import IS_SHORT

ROOT = Path(__file__).parents[2]
COVERED_MODULES = (
    "engine",
    "link",
    "status_feed",
    "backoff",
    "gateway/submissions",
    "gateway/events",
    "gateway/feed",
    "gateway/epochs",
)


@pytest.mark.faults
@pytest.mark.timeout(1800)
def test_nine_lines_in_ten_of_engine_and_gateway_are_run(tmp_path: Path) -> None:
    env = {**os.environ, "COVERAGE_FILE": str(tmp_path / "covered")}
    coverage = [sys.executable, "-m", "coverage"]
    for args in (["1-4", "3"], ["1-4", "3", "--verify"], ["3", "2", "--http"]):
        command = [*coverage, "run", "--append", "--source=sync", "-m", "tests.simulation", *args]
        subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)
    report = tmp_path / "report.json"
    command = [*coverage, "json", "-q", "--fail-under=0", "-o", str(report)]
    subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)
    files = json.loads(report.read_text(encoding="utf-8"))["files"]
    summaries = {module: files[f"sync/{module}.py"]["summary"] for module in COVERED_MODULES}
    covered_lines = sum(summary["covered_lines"] for summary in summaries.values())
    lines = sum(summary["num_statements"] for summary in summaries.values())
    assert covered_lines >= 0.9 * lines, {module: summary["percent_covered"] for module, summary in summaries.items()}


@pytest.mark.faults
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("options", "short"),
    [([], "100-107"), (["--verify"], "100-102"), (["--http"], "100-101")],
    ids=["batches", "verify", "http"],
)
def test_twenty_days_keep_the_invariants(options: list[str], short: str) -> None:
    """Twenty days of a seed take 11 to 22 s of processor time, so the short run has few."""
    seeds = short if IS_SHORT else "100-139"
    command = [sys.executable, "-m", "tests.simulation", seeds, "20", *options]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-3000:]
