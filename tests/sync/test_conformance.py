"""The conformance suite: adapters pass it, planted defects turn it red, and a real kill loses and doubles nothing."""

import subprocess
import sys
from collections.abc import Generator, Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from sync.gateway.forward_run import ForwardRun
from sync.gateway.forward_targets import Dossier, StepCheck, StepResult
from sync.gateway.targets import open_twin, target_kinds, twin_kinds
from sync.gateway.targets.conformance import CaseResult, ConformanceSuite
from sync.gateway.targets.dvcqg import DvcqgTarget
from sync.gateway.targets.dvcqg_twin import DvcqgTwin
from sync.gateway.targets.example import ExampleTarget
from sync.gateway.targets.json_call import JsonAnswer


def _examine(name: str, folder: Path) -> Generator[CaseResult]:
    twin = open_twin(name, folder)
    assert twin is not None
    suite = ConformanceSuite(twin, folder)
    try:
        yield from suite.run(25)
    finally:
        suite.close()
        twin.close()


def _red(results: Iterable[CaseResult]) -> list[str]:
    return [f"{result.name}: {result.problems}" for result in results if result.problems]


def _first_red(name: str, folder: Path) -> str:
    """Return what is wrong with the first red case."""
    results = _examine(name, folder)
    red = next((str(result) for result in results if result.problems), "")
    results.close()
    return red


@pytest.mark.parametrize("name", ["folder", "example", "dvcqg", "noihoso", "igate2"])
def test_an_adapter_passes_every_request_with_every_fault_and_every_kill(name: str, tmp_path: Path) -> None:
    results = list(_examine(name, tmp_path))
    assert _red(results) == []
    assert len(results) == {"folder": 11, "example": 84, "dvcqg": 82, "noihoso": 81, "igate2": 118}[name]


def test_the_array_envelope_passes_too(tmp_path: Path) -> None:
    twin = DvcqgTwin(tmp_path, envelope="array")
    suite = ConformanceSuite(twin, tmp_path)
    assert _red(islice(suite.run(), 12)) == []
    suite.close()
    twin.close()


def test_an_insert_without_a_look_up_is_red(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DvcqgTarget, "_look_up", lambda _self, _dossier: "absent")
    assert "forbidden" in _first_red("dvcqg", tmp_path)


def test_a_number_reserved_twice_is_red(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verify = ExampleTarget.verify

    def reserves_again(target: ExampleTarget, dossier: Dossier, step: str, facts: Mapping[str, str]) -> StepCheck:
        return StepCheck("absent") if step == "number" else verify(target, dossier, step, facts)

    monkeypatch.setattr(ExampleTarget, "verify", reserves_again)
    assert "forbidden" in _first_red("example", tmp_path)


def test_results_matched_by_position_are_red(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def by_position(_self: ExampleTarget, files: list[dict[str, str]], rows: list[Any]) -> dict[str, str]:
        return {file["itemId"]: row["fileId"] for file, row in zip(files, rows, strict=True)}

    monkeypatch.setattr(ExampleTarget, "_match", by_position)
    assert "forbidden" in _first_red("example", tmp_path)


def test_a_dossier_that_is_found_by_its_form_alone_is_red(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verify = ExampleTarget.verify

    def by_form(target: ExampleTarget, dossier: Dossier, step: str, facts: Mapping[str, str]) -> StepCheck:
        if not step.startswith("dossier"):
            return verify(target, dossier, step, facts)
        answer = target._client.read("GET", f"{target._url}/dossiers/{facts['number']}")
        is_there = isinstance(answer, JsonAnswer) and answer.body.get("digest") == dossier.digest
        return StepCheck("present" if is_there else "absent")

    monkeypatch.setattr(ExampleTarget, "verify", by_form)
    assert "1 files instead of 2" in _first_red("example", tmp_path)


@pytest.mark.parametrize("name", ["example", "dvcqg"])
def test_a_begun_step_repeated_unverified_is_red(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ForwardRun, "_verify", lambda _self, _step, _facts: None)
    assert "forbidden" in _first_red(name, tmp_path)


def test_a_step_that_is_committed_after_its_request_is_red(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = ForwardRun._run

    def request_first(self: ForwardRun, step: str, facts: dict[str, str]) -> StepResult:
        self.target.run(self.dossier, step, facts)
        self.reached("begun")
        return run(self, step, facts)

    monkeypatch.setattr(ForwardRun, "_run", request_first)
    assert _first_red("example", tmp_path)


def test_an_unknown_outcome_taken_for_success_is_red(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = DvcqgTarget.run

    def believes(target: DvcqgTarget, dossier: Dossier, step: str, facts: Mapping[str, str]) -> StepResult:
        result = run(target, dossier, step, facts)
        return StepResult("done") if result.outcome == "unknown" else result

    monkeypatch.setattr(DvcqgTarget, "run", believes)
    assert "0 dossiers" in _first_red("dvcqg", tmp_path)


def test_a_package_of_a_province_adds_its_target_and_its_twin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Point:
        name = "que-tuong"

        def load(self) -> Any:
            return lambda folder: f"a twin in {folder}"

    monkeypatch.setattr("sync.gateway.targets.entry_points", lambda group: [Point()])
    assert "que-tuong" in target_kinds()
    assert "que-tuong" in twin_kinds()
    assert open_twin("que-tuong", tmp_path) == f"a twin in {tmp_path}"
    assert open_twin("none", tmp_path) is None


@pytest.mark.machine_date
@pytest.mark.parametrize(("point", "turn"), [("begun", 1), ("answered", 1), ("begun", 2), ("answered", 2)])
def test_a_process_that_is_killed_at_a_labelled_point_loses_and_doubles_nothing(
    point: str, turn: int, tmp_path: Path
) -> None:
    twin = DvcqgTwin(tmp_path)
    suite = ConformanceSuite(twin, tmp_path)
    mapping = tmp_path / "dvcqg.toml"
    mapping.write_text(twin.mapping_file(), encoding="utf-8")
    gateway = suite.gateway
    subject = gateway.submit(has_number=True, file_count=2)
    command = [sys.executable, "-m", "tests.sync.forward_child", str(tmp_path / "examined.db"), str(mapping)]
    child = subprocess.run([*command, gateway.now.isoformat(), point, str(turn)], check=False, timeout=120)
    assert child.returncode == -9
    suite.forward(rounds=5)
    assert suite.problems([subject], 2) == []
    suite.close()
    twin.close()
