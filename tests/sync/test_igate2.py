"""The adapter of VNPT iGate 2: what it sends, how it finds a dossier again, and the states that come back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sync.gateway.forward_targets import Dossier, SentDossier, StepResult
from sync.gateway.targets import open_mapped_target
from sync.gateway.targets.igate2 import IGateTarget, open_target
from sync.gateway.targets.igate2_twin import IGateTwin
from sync.gateway.targets.json_call import JsonAnswer
from sync.gateway.targets.mapping import BadMapping, read_mapping
from tests.sync.test_dvcqg import NUMBER, PATIENCE
from tests.sync.test_noihoso import PAPER, deliver, new_dossier


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[IGateTwin]:
    twin = IGateTwin(tmp_path)
    yield twin
    twin.close()


@pytest.fixture
def target(twin: IGateTwin) -> Iterator[IGateTarget]:
    target = open_target(twin.mapping(seconds=PATIENCE))
    yield target
    target.close()


def question(dossier: Dossier, facts: dict[str, str]) -> SentDossier:
    return SentDossier(
        receipt_no=dossier.receipt_no,
        submission_id=dossier.submission_id,
        unit_code=dossier.unit_code,
        procedure_code=dossier.procedure_code,
        official_no=facts.get("number"),
        facts=facts,
    )


def answering(monkeypatch: pytest.MonkeyPatch, target: IGateTarget, answer: JsonAnswer | StepResult) -> None:
    monkeypatch.setattr(target.session, "exchange", lambda _send: answer)


def test_a_dossier_is_numbered_and_submitted_once(target: IGateTarget, twin: IGateTwin) -> None:
    facts: dict[str, str] = {}
    assert deliver(target, new_dossier(), facts) == ["done"] * 3
    assert (twin.numbers(), twin.forbidden()) == ({facts["number"]}, [])
    assert target.verify(new_dossier(), "dossier", facts).presence == "present"
    assert target.find(new_dossier(), NUMBER).presence == "absent"


def test_an_item_has_the_ids_of_the_mapping_and_no_invented_value(target: IGateTarget) -> None:
    dossier = replace(new_dossier(applicant={"fullName": "Hồ Thị Mẫu"}), documents=())
    assert target._dossier_item(dossier, {}, ("quy-trinh-1", "eform-1")) == {
        "agency": {"id": "don-vi-1", "code": "H57.99.01"},
        "procedure": {"id": "thu-tuc-1", "code": "1.001193"},
        "procedureProcessDefinition": {"id": "quy-trinh-1"},
        "dossierReceivingKind": {"id": "truc-tuyen"},
        "applicant": {"eformId": "eform-1", "data": {"fullname": "Hồ Thị Mẫu"}},
        "dossierStatus": 0,
    }


def test_the_catalogue_is_asked_once_a_day_and_not_where_the_mapping_has_the_ids(
    target: IGateTarget, twin: IGateTwin
) -> None:
    for _ in range(2):
        assert deliver(target, new_dossier(), {}) == ["done"] * 3
    twin.break_next("pattern", "error")
    assert target.run(new_dossier(), "number", {}).outcome == "done", "it is not asked again"
    content = twin.mapping(seconds=PATIENCE)
    content["procedures"]["1.001193"] |= {"process": "quy-trinh-1", "eform": "eform-1", "pattern": "mau-so-1"}
    mapped = open_mapped_target(content)
    twin.break_next("process", "error")
    assert mapped.run(new_dossier(), "number", {}).outcome == "done", "the fault of the catalogue still waits"
    mapped.close()


def test_a_procedure_that_the_catalogue_does_not_have_is_refused(twin: IGateTwin) -> None:
    content = twin.mapping(seconds=PATIENCE)
    content["procedures"]["1.001193"]["id"] = "retired"
    target = open_mapped_target(content)
    assert target.run(new_dossier(), "number", {}) == StepResult("refused", "catalogue")
    target.close()


def test_a_catalogue_that_does_not_answer_is_asked_later(target: IGateTarget, twin: IGateTwin) -> None:
    twin.break_next("pattern", "error")
    assert target.run(new_dossier(), "number", {}).outcome == "later"


@pytest.mark.parametrize("body", [[], [{}], [{"id": "1", "filename": "a", "size": 0}], {"id": "1"}, [{"id": 1}, {}]])
def test_a_file_that_was_not_stored_whole_is_not_attached(
    target: IGateTarget, monkeypatch: pytest.MonkeyPatch, body: object
) -> None:
    answering(monkeypatch, target, JsonAnswer(200, body))
    assert target.run(new_dossier(), f"file-i1:{PAPER.sha256[:16]}", {}) == StepResult("unknown", "file")


@pytest.mark.parametrize(
    ("answer", "presence"),
    [
        (JsonAnswer(200, [{"id": "1", "code": NUMBER}]), "present"),
        (JsonAnswer(200, {"content": [{"id": "1", "code": NUMBER + "9"}]}), "absent"),
        (JsonAnswer(200, [{"id": "1", "code": NUMBER}, {"id": "2", "code": NUMBER}]), "different"),
        (JsonAnswer(200, {"error": "busy"}), "cannot_tell"),
        (StepResult("later", "deadline"), "cannot_tell"),
    ],
)
def test_a_search_that_fails_is_never_not_there(
    target: IGateTarget, monkeypatch: pytest.MonkeyPatch, answer: JsonAnswer | StepResult, presence: str
) -> None:
    answering(monkeypatch, target, answer)
    assert target.find(new_dossier(), NUMBER).presence == presence


def test_a_state_is_translated_by_the_mapping(target: IGateTarget, twin: IGateTwin) -> None:
    facts: dict[str, str] = {}
    dossier = new_dossier()
    assert target.read_state(question(dossier, facts)).code == "no-id"
    deliver(target, dossier, facts)
    number = facts["number"]
    twin.set_status(number, "3")
    state = target.read_state(question(dossier, facts))
    assert (state.outcome, state.status_code, state.official_no, state.words) == ("known", 4, number, "Trạng thái 3")
    twin.set_status(number, "77")
    assert target.read_state(question(dossier, facts)).status_code is None
    assert target.read_state(question(dossier, facts | {"number": NUMBER})).code == "other-dossier"
    twin.reset()
    assert target.read_state(question(dossier, facts)).outcome == "unknown"


def test_a_mapping_for_training_can_be_used(twin: IGateTwin, tmp_path: Path) -> None:
    file = tmp_path / "igate2.toml"
    file.write_text(twin.mapping_file(), encoding="utf-8")
    content: dict[str, Any] = read_mapping(file)
    open_mapped_target(content).close()
    with pytest.raises(BadMapping, match=r"service\.url"):
        open_mapped_target({**content, "service": {**content["service"], "sign_in": "http://dangnhap.example"}})
