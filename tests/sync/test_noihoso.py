"""The adapter of NoiHoSo: what it sends, how it reads answers, and when a person is asked."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sync.encoding import sha256_hex
from sync.gateway.forward_targets import DocumentFile, Dossier, StepResult
from sync.gateway.targets import open_mapped_target
from sync.gateway.targets.json_call import JsonAnswer, JsonClient
from sync.gateway.targets.mapping import BadMapping, read_mapping
from sync.gateway.targets.noihoso import NoiHoSoTarget, open_target
from sync.gateway.targets.noihoso_twin import NoiHoSoTwin
from sync.gateway.targets.numbered import NumberedTarget
from tests.sync.test_dvcqg import NUMBER, PATIENCE, make_dossier

SCAN = b"scan"
PAPER = DocumentFile(
    item_id="i1",
    document_code="giay_chung_sinh",
    name="Giấy chứng sinh",
    sha256=sha256_hex(SCAN),
    size=4,
    media_type="image/jpeg",
)


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[NoiHoSoTwin]:
    twin = NoiHoSoTwin(tmp_path)
    yield twin
    twin.close()


@pytest.fixture
def target(twin: NoiHoSoTwin) -> Iterator[NoiHoSoTarget]:
    target = open_target(twin.mapping(seconds=PATIENCE))
    yield target
    target.close()


def new_dossier(**changes: Any) -> Dossier:
    """Return a dossier without a number, with one paper."""
    return replace(make_dossier(**changes), official_no=None, documents=(PAPER,), read_content=lambda _: SCAN)


def deliver(target: NumberedTarget, dossier: Dossier, facts: dict[str, str]) -> list[str]:
    """Do every step of a dossier, and keep the facts; return the outcomes."""
    outcomes: list[str] = []
    for step in target.plan(dossier, facts).steps:
        result = target.run(dossier, step, facts)
        facts[step.partition(":")[0]] = result.fact
        outcomes.append(result.outcome)
    return outcomes


def test_a_dossier_has_the_fields_of_the_contract(
    target: NoiHoSoTarget, twin: NoiHoSoTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = []
    write = JsonClient.write

    def keeping(self: JsonClient, method: str, url: str, *rest: Any) -> JsonAnswer | StepResult:
        sent.append(rest[0])
        return write(self, method, url, *rest)

    monkeypatch.setattr(JsonClient, "write", keeping)
    facts: dict[str, str] = {}
    form = {"formId": "khai-sinh", "formVersion": "1", "answers": {"ho_ten": "Lê Văn Thử", "other": "not sent"}}
    assert deliver(target, new_dossier(form=form), facts) == ["done"] * 4
    number = facts["number"]
    item = next(content for content in sent if isinstance(content, dict) and "MaHoSo" in content)
    assert item == {
        "MaHoSo": number,
        "MaTTHC": "1.001193",
        "MaDichVuCong": "1.001193.000",
        "ChuHoSo": "Lê Văn Thử",
        "LoaiDoiTuong": 0,
        "MaDonViTiepNhan": "H57.99.01",
        "NgayNop": "2026-11-24 08:31:00",
        "NgayTiepNhan": "2026-11-24 09:00:00",
        "EformThongTinChiTiet": {"HoTenKS": "Lê Văn Thử"},
        "ThanhPhanHoSo": [
            {
                "TenThanhPhanHoSo": "Giấy chứng sinh",
                "SoLuong": 1,
                "LoaiBan": 2,
                "GiayToDinhKem": [
                    {"IdGiayTo": "tep-1", "HashTepTin": sha256_hex(SCAN), "TenGiayTo": "Giấy chứng sinh"}
                ],
            }
        ],
        "ThongTinNguoiNop": {
            "LoaiDoiTuong": 0,
            "ThongTinChiTiet": {
                "TenNguoiNop": "Lê Văn Thử",
                "SoDinhDanh": "046000000001",
                "TenChuHs": "Lê Văn Thử",
                "SoDinhDanhChuHs": "046000000001",
            },
        },
    }
    progress = next(content for content in sent if isinstance(content, list))
    assert progress == [
        {
            "IDHoSo": f"id-{number}",
            "MaHoSo": number,
            "NguoiXuLy": "CB01",
            "ThoiDiemXuLy": "2026-11-24T09:00:00.000+07:00",
            "NoiDungXuLy": "Tiếp nhận hồ sơ",
            "TrangThai": 2,
        }
    ]
    assert (twin.state.count("numbers"), twin.forbidden()) == (1, [])


def test_a_person_without_an_id_number_gets_no_dummy(target: NoiHoSoTarget) -> None:
    dossier = new_dossier(applicant={"fullName": "Hồ Thị Mẫu"})
    item = target._dossier_item(replace(dossier, documents=()), NUMBER, {})
    assert item["ThongTinNguoiNop"]["ThongTinChiTiet"] == {"TenNguoiNop": "Hồ Thị Mẫu", "TenChuHs": "Hồ Thị Mẫu"}


def test_a_lost_answer_to_a_creation_asks_a_person_unless_the_system_refuses_a_second_one(twin: NoiHoSoTwin) -> None:
    for same_number, presence in (("ask", "different"), ("refused", "absent")):
        content = twin.mapping(seconds=PATIENCE)
        content["service"]["same_number"] = same_number
        target = open_mapped_target(content)
        assert target.verify(new_dossier(), "dossier", {"number": NUMBER}).presence == presence
        target.close()


def test_a_creation_that_was_acknowledged_is_taken_to_be_there(target: NoiHoSoTarget) -> None:
    facts: dict[str, str] = {}
    deliver(target, new_dossier(), facts)
    assert target.verify(new_dossier(), "dossier", facts).presence == "present"
    assert target.verify(new_dossier(), "number", facts).official_no == facts["number"]


def test_what_changes_after_the_creation_is_left_to_a_person(target: NoiHoSoTarget, twin: NoiHoSoTwin) -> None:
    facts: dict[str, str] = {}
    dossier = new_dossier()
    deliver(target, dossier, facts)
    corrected = replace(dossier, digest="e" * 64, official_no=facts["number"])
    change = target.plan(corrected, facts).steps[-1]
    result = target.run(corrected, change, facts)
    assert (result.outcome, result.code) == ("refused", "no-change")
    assert target.plan(replace(dossier, official_no=facts["number"]), facts).steps == (
        "number",
        "dossier",
        "progress-1",
    )
    assert twin.count().dossiers == 1


def test_a_dossier_that_has_a_number_already_waits_for_a_person(target: NoiHoSoTarget) -> None:
    assert target.plan(make_dossier(), {}).waits_for == "number-typed"
    assert target.plan(make_dossier(), {"number": "another"}).waits_for == "number-changed"
    assert target.plan(replace(new_dossier(), unit_code="H57.99.02"), {}).waits_for == "unit"
    assert target.plan(replace(new_dossier(), procedure_code="2.000635"), {}).waits_for == "procedure"


@pytest.mark.parametrize("body", [{}, {"value": ""}, {"value": "H" * 61}, {"value": 7}, []])
def test_an_answer_without_a_number_reserves_none(
    target: NoiHoSoTarget, monkeypatch: pytest.MonkeyPatch, body: object
) -> None:
    monkeypatch.setattr(target.session, "exchange", lambda _send: JsonAnswer(200, body))
    assert target.run(new_dossier(), "number", {}) == StepResult("unknown", "number")


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ({"code": "200", "data": {"idHoSo": "7", "maHoSo": "another"}}, "refused"),
        ({"code": "500", "message": "Lỗi hệ thống"}, "unknown"),
        ({"data": {"idHoSo": 7, "maHoSo": NUMBER}}, "done"),
        ([], "unknown"),
    ],
)
def test_a_creation_is_success_only_with_an_id_and_our_number(
    target: NoiHoSoTarget, monkeypatch: pytest.MonkeyPatch, body: object, outcome: str
) -> None:
    monkeypatch.setattr(target.session, "exchange", lambda _send: JsonAnswer(200, body))
    dossier = replace(new_dossier(), documents=())
    assert target.run(dossier, "dossier", {"number": NUMBER}).outcome == outcome


def test_a_file_with_another_hash_is_not_attached(target: NoiHoSoTarget, monkeypatch: pytest.MonkeyPatch) -> None:
    file = {"IdTepTin": "7", "HashTepTin": "0" * 64}
    answer = JsonAnswer(200, {"data": [{"response": {"data": [file]}}]})
    monkeypatch.setattr(target.session, "exchange", lambda _send: answer)
    step = f"file-i1:{PAPER.sha256[:16]}"
    assert target.run(new_dossier(), step, {}).outcome == "unknown"
    assert target.run(replace(new_dossier(), read_content=lambda _: None), step, {}).code == "file-gone"
    file["HashTepTin"] = "of another kind"
    assert json.loads(target.run(new_dossier(), step, {}).fact) == {"id": "7", "hash": "of another kind"}


def test_a_wrong_secret_is_said(twin: NoiHoSoTwin) -> None:
    content = twin.mapping(seconds=PATIENCE)
    (twin.folder / "noihoso-twin.password").write_text("wrong")
    target = open_mapped_target(content)
    result = target.run(new_dossier(), "number", {})
    target.close()
    assert (result.outcome, result.code, result.words) == ("later", "sign-in", "Sai mật khẩu")


def test_a_mapping_is_checked(twin: NoiHoSoTwin, tmp_path: Path) -> None:
    file = tmp_path / "noihoso.toml"
    file.write_text(twin.mapping_file(), encoding="utf-8")
    content = read_mapping(file)
    open_mapped_target(content).close()
    for change, message in (
        ({"same_number": "maybe"}, "service.same_number"),
        ({"seconds": 60}, "service.seconds"),
        ({"password_file": "/nowhere"}, "service.password_file"),
        ({"url": "http://dvc.bo.example"}, "service.url"),
        ({"create": ""}, "service.create"),
    ):
        with pytest.raises(BadMapping, match=message):
            open_mapped_target({**content, "service": {**content["service"], **change}})
    wrong = {**content, "states": {"x": {"code": "11"}}, "procedures": {"1.001193": {"fields": "?"}}}
    with pytest.raises(BadMapping, match=r"fields: texts\nstates.\"x\".code: 1 to 10"):
        open_mapped_target(wrong)
