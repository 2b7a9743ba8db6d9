"""The adapter of DongBoHoSoMC: what it sends, how it reads answers, and what the twin refuses."""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sync.gateway.forward_targets import DeskDecision, DocumentFile, Dossier
from sync.gateway.targets import open_mapped_target
from sync.gateway.targets.dvcqg import FIELDS, DvcqgTarget, open_target
from sync.gateway.targets.dvcqg_items import cut, dossier_item, progress_item
from sync.gateway.targets.dvcqg_twin import DvcqgTwin
from sync.gateway.targets.json_call import JsonAnswer
from sync.gateway.targets.mapping import MAX_SECONDS, BadMapping, TargetMapping, check_mapping, read_mapping
from tests.faults.processes import wait_until
from tests.sync.practice_gateway import PracticeGateway, make_body
from tests.sync.test_operator import send_submission

PATIENCE = MAX_SECONDS
"""Seconds: only a hang takes so long."""
NUMBER = "H57.99.01-261124-0001"
ACCEPTED = DeskDecision(
    seq=1, kind="accepted", status_code=2, at=datetime(2026, 11, 24, 2, 0, tzinfo=UTC), officer="CB01"
)


def make_dossier(**changes: Any) -> Dossier:
    body = make_body("0193b0e2-7c7e-7d7e-8d7e-000000000001", **changes)
    return Dossier(
        kiosk_id="PK03",
        receipt_no=body["receiptNo"],
        submission_id=body["submissionId"],
        form_revision=1,
        unit_code=body["unitCode"],
        procedure_code=body["procedureCode"],
        digest="d" * 64,
        body=json.dumps(body).encode(),
        accepted_at="2026-11-24T02:00:00.000Z",
        tries=1,
        official_no=NUMBER,
        due_at="2026-11-27T17:00:00+07:00",
        decisions=(ACCEPTED,),
    )


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[DvcqgTwin]:
    twin = DvcqgTwin(tmp_path)
    yield twin
    twin.close()


@pytest.fixture
def target(twin: DvcqgTwin) -> Iterator[DvcqgTarget]:
    target = open_target(twin.mapping(seconds=PATIENCE))
    yield target
    target.close()


@pytest.fixture
def mapping(twin: DvcqgTwin) -> TargetMapping:
    return check_mapping(twin.mapping(seconds=PATIENCE), FIELDS)


def deliver(target: DvcqgTarget, dossier: Dossier) -> list[str]:
    """Do every step of a dossier; return the outcomes."""
    return [target.run(dossier, step, {}).outcome for step in target.plan(dossier, {}).steps]


def test_an_item_has_texts_only_and_times_of_vietnam(mapping: TargetMapping) -> None:
    item = dossier_item(make_dossier(), mapping)
    assert item == {
        "MaHoSo": NUMBER,
        "MaTTHC": "1.001193",
        "TenTTHC": "Đăng ký khai sinh",
        "MaLinhVuc": "G15",
        "TenLinhVuc": "Hộ tịch",
        "KenhThucHien": "1",
        "ChuHoSo": "Lê Văn Thử",
        "LoaiDoiTuong": "1",
        "TrichYeuHoSo": "Đăng ký khai sinh: Lê Văn Thử",
        "NgayNopHoSo": "20261124083100",
        "NgayTiepNhan": "20261124090000",
        "NgayHenTra": "20261127170000",
        "TrangThaiHoSo": "2",
        "HinhThuc": "0",
        "DonViXuLy": "UBND phường Mẫu",
        "NoiNopHoSo": "2",
        "HoSoCoThanhPhanSoHoa": "0",
        "TaiKhoanDuocXacThucVoiVNeID": "0",
        "DinhDanhCHS": [{"LoaiDinhDanh": "1", "SoDinhDanh": "046000000001"}],
    }


@pytest.mark.parametrize("number", ["", "12345", "A12345678", "0460000000012"])
def test_an_id_number_that_the_portal_has_no_kind_for_is_left_out(mapping: TargetMapping, number: str) -> None:
    item = dossier_item(make_dossier(applicant={"fullName": "Hồ Thị Mẫu", "idNumber": number}), mapping)
    assert "DinhDanhCHS" not in item
    assert "000000001" not in json.dumps(item)


def test_a_summary_is_cut_between_letters(mapping: TargetMapping) -> None:
    name = "Thử " * 400
    item = dossier_item(make_dossier(applicant={"fullName": name}), mapping)
    assert len(item["TrichYeuHoSo"]) == 1000
    assert cut("Thu\u031b\u0309", 4) == "Th", "the horn and the hook stay with their letter"
    assert len(progress_item(make_dossier(), replace(ACCEPTED, officer="C" * 80))["NguoiXuLy"]) == 50


def test_papers_fees_and_removed_papers_have_the_codes_of_the_mapping(twin: DvcqgTwin) -> None:
    content = twin.mapping(seconds=PATIENCE)
    content["procedures"]["1.001193"]["parts"] = {"giay_chung_sinh": "G15-HT01-TP01"}
    content["fees"] = {"le_phi": {"code": "LP01", "kind": "1"}}
    paper = DocumentFile(
        item_id="i1", document_code="giay_chung_sinh", name="Giấy", sha256="a" * 64, size=9, media_type="image/jpeg"
    )
    fees = [{"code": "le_phi", "name": "Lệ phí", "amount": 8000}, {"code": "khac", "name": "Khác", "amount": 1}]
    dossier = replace(make_dossier(fees=fees), documents=(paper,), removed=("i0",))
    item = dossier_item(dossier, check_mapping(content, FIELDS))
    assert item["TaiLieuNop"] == [
        {
            "TepDinhKemId": "i1",
            "TenTepDinhKem": "Giấy",
            "IsDeleted": "False",
            "MaThanhPhanHoSo": "G15-HT01-TP01",
            "DuongDanTaiTepTin": "https://tep.tinh.example/i1",
            "DuocSoHoa": "1",
        },
        {"TepDinhKemId": "i0", "IsDeleted": "True"},
    ]
    assert item["DanhSachLePhi"] == [
        {"TenPhiLePhi": "Lệ phí", "MaPhiLePhi": "LP01", "HinhThucThu": "1", "Gia": "8000", "LoaiPhiLePhi": "1"}
    ]
    content["service"]["files"] = ""
    assert "TaiLieuNop" not in dossier_item(replace(dossier, removed=()), check_mapping(content, FIELDS))


def test_a_dossier_waits_for_its_number_and_for_rows_of_the_mapping(target: DvcqgTarget) -> None:
    assert target.plan(replace(make_dossier(), official_no=None), {}).waits_for == "official-number"
    assert target.plan(replace(make_dossier(), unit_code="H57.99.02"), {}).waits_for == "unit"
    assert target.plan(replace(make_dossier(), procedure_code="1.000656"), {}).waits_for == "procedure"


def test_a_number_that_changes_after_the_dossier_was_sent_makes_no_second_one(
    target: DvcqgTarget, twin: DvcqgTwin
) -> None:
    dossier = make_dossier()
    changed = replace(dossier, official_no="H57.99.01-261124-0002")
    sent = target.run(dossier, target.plan(dossier, {}).steps[0], {})
    twin.break_next("dossier", "lost")
    unknown = target.run(dossier, "dossier:x", {})
    assert (sent.outcome, unknown.outcome) == ("done", "unknown")
    assert sent.fact == unknown.fact == NUMBER
    assert target.plan(changed, {"dossier": NUMBER}).waits_for == "number-changed"
    assert target.plan(dossier, {"dossier": NUMBER}).steps


def test_the_number_of_another_dossier_writes_nothing_over_it(target: DvcqgTarget) -> None:
    taken = replace(make_dossier(), is_number_taken=True)
    assert target.plan(taken, {}).waits_for == "number-taken"


def test_the_twin_gets_one_dossier_and_one_line_of_progress(target: DvcqgTarget, twin: DvcqgTwin) -> None:
    assert deliver(target, make_dossier()) == ["done", "done"]
    assert deliver(target, replace(make_dossier(), status_code=10, decisions=())) == ["done"]
    assert (twin.count().dossiers, twin.count().actions, twin.forbidden()) == (1, 1, [])


def test_a_procedure_that_the_portal_does_not_know_is_refused_with_its_words(target: DvcqgTarget) -> None:
    target._mapping.procedures["1.000656"] = target._mapping.procedures["1.001193"]  # type: ignore[index]
    dossier = replace(make_dossier(), procedure_code="1.000656")
    result = target.run(dossier, target.plan(dossier, {}).steps[0], {})
    assert (result.outcome, result.code) == ("refused", "error5")
    assert "không tồn tại" in result.words


def test_a_failed_look_up_inserts_nothing(target: DvcqgTarget, twin: DvcqgTwin) -> None:
    twin.break_next("look-up", "look-up-fails")
    assert target.run(make_dossier(), "dossier:x", {}).outcome == "later"
    assert twin.count().dossiers == 0


@pytest.mark.parametrize("fault", ["expired", "signed-out"])
def test_an_expired_session_is_renewed_once(target: DvcqgTarget, twin: DvcqgTwin, fault: str) -> None:
    twin.break_next("dossier", fault)
    assert target.run(make_dossier(), "dossier:x", {}).outcome == "done"
    twin.faults_ahead.standing = fault
    assert target.run(make_dossier(), "dossier:x", {}).outcome == "later"


def test_a_wrong_password_sends_nothing(twin: DvcqgTwin) -> None:
    content = twin.mapping(seconds=PATIENCE)
    Path(content["service"]["password_file"]).write_text("sai")
    target = open_mapped_target(content)
    result = target.run(make_dossier(), "dossier:x", {})
    assert (result.outcome, result.code) == ("later", "sign-in")
    target.close()


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ({"error_code": 0}, "done"),
        ({"error_code": "0", "message": "Đồng bộ thành công"}, "done"),
        ({"error_code": "0", "message": "Thành công"}, "done"),
        ({"error_code": "0", "message": unicodedata.normalize("NFD", "THÀNH CÔNG")}, "done"),
        ({"error_code": "0", "message": "Đã tồn tại, cập nhật thành công"}, "refused"),
        ({"error_code": "0", "message": "Chờ duyệt"}, "refused"),
        ({"error_code": "-3", "message": "Hồ sơ đã tồn tại"}, "refused"),
        ({"error_code": "x"}, "unknown"),
        ([], "unknown"),
        ({}, "unknown"),
    ],
)
def test_only_error_code_0_and_words_of_success_count(
    target: DvcqgTarget, monkeypatch: pytest.MonkeyPatch, body: Any, outcome: str
) -> None:
    monkeypatch.setattr(target, "_write", lambda *_args: JsonAnswer(200, body))
    assert target.run(make_dossier(), "progress-1", {}).outcome == outcome


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        ([{"MaHoSo": "H57.99.01-261124-0009"}, {"MAHOSO": NUMBER}], "done"),
        ([{"MaHoSo": "H57.99.01-261124-0009"}], "refused"),
        ({"mahoso": NUMBER}, "done"),
    ],
)
def test_a_look_up_is_matched_by_number_and_never_by_position(
    target: DvcqgTarget, twin: DvcqgTwin, monkeypatch: pytest.MonkeyPatch, rows: Any, outcome: str
) -> None:
    assert deliver(target, make_dossier()) == ["done", "done"]
    read = target._client.read

    def answer(method: str, url: str, content: Any) -> Any:
        is_look_up = content.get("service") == "TraCuuHoSo"
        return JsonAnswer(200, {"error_code": 0, "result": rows}) if is_look_up else read(method, url, content)

    monkeypatch.setattr(target._client, "read", answer)
    assert target.run(make_dossier(), "dossier:x", {}).outcome == outcome
    assert twin.forbidden() == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"TrangThaiHoSo": "11"}, "status"),
        ({"TrangThaiHoSo": 2}, "TrangThaiHoSo is no text"),
        ({"TrichYeuHoSo": "x" * 1001}, "TrichYeuHoSo is too long"),
        ({"NgayNopHoSo": "2026-11-24"}, "NgayNopHoSo is no time"),
        ({"mahoso": NUMBER}, "keys"),
    ],
)
def test_the_twin_refuses_what_the_service_is_reported_to_refuse(
    target: DvcqgTarget, twin: DvcqgTwin, mapping: TargetMapping, change: dict[str, Any], why: str
) -> None:
    item = {**dossier_item(make_dossier(), mapping), **change}
    answer = target._write(make_dossier(), "DongBoHoSoMC", {"isUpdating": "False", "data": [item]})
    assert isinstance(answer, JsonAnswer)
    assert (answer.body["error_code"], twin.forbidden()) == ("2", [why])


def test_the_twin_refuses_eleven_lines_of_progress_and_an_update_of_an_unknown_number(
    target: DvcqgTarget, twin: DvcqgTwin, mapping: TargetMapping
) -> None:
    lines = [progress_item(make_dossier(), ACCEPTED)] * 11
    target._write(make_dossier(), "CapNhatTienDoHoSoMC", {"data": lines})
    target._send(make_dossier(), is_update=True)
    assert twin.forbidden() == ["more than 10 lines of progress", "update of an unknown number"]


def test_every_mistake_of_a_mapping_is_named(twin: DvcqgTwin, tmp_path: Path) -> None:
    content = twin.mapping(seconds=PATIENCE)
    content["service"] = {"url": "https://x.example", "seconds": "6", "color": 1}
    content |= {"unit": {}, "allow_inferred": 1, "name": "", "fees": 3}
    content["procedures"] = {"1.001193": {"nam": "x", "inferred": ["code"], "parts": 3}, "1.000656": 2}
    content["units"] = {"H57.99.01": {"code": 1}}
    with pytest.raises(BadMapping) as error:
        open_mapped_target(content)
    assert str(error.value).splitlines() == [
        "unit: no such field",
        "allow_inferred: true or false",
        "service.color: no such field",
        "service.account: missing",
        "service.dstcode: missing",
        "service.integration: missing",
        "service.login: missing",
        "service.password_file: missing",
        "service.seconds: must be float",
        'units."H57.99.01".code: must be text',
        'procedures."1.001193".nam: no such field',
        'procedures."1.001193".inferred: names of fields in this row',
        'procedures."1.001193".parts: texts',
        'procedures."1.000656": a table',
        "fees: a table",
        "name: letters, digits and hyphens",
    ]
    (tmp_path / "bad.toml").write_text("kind = ")
    for path in (tmp_path / "bad.toml", tmp_path / "none.toml"):
        with pytest.raises(BadMapping):
            read_mapping(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seconds": 13}, "service.seconds: at most 12"),
        ({"seconds": 0}, "service.seconds: at most 12"),
        ({"envelope": "xml"}, "service.envelope: session or array"),
        ({"url": "http://lgsp.tinh.example"}, "service.url: the portal's address must begin with https://"),
        ({"files": "https://tep.tinh.example/{id}"}, "service.files: "),
        ({"files": "https://tep.tinh.example/{"}, "service.files: "),
        ({"password_file": "/none"}, "service.password_file: FileNotFoundError"),
    ],
)
def test_a_connection_that_cannot_work_is_refused_at_the_start(
    twin: DvcqgTwin, change: dict[str, Any], message: str
) -> None:
    content = twin.mapping(seconds=PATIENCE)
    content["service"] |= change
    with pytest.raises(BadMapping, match=message):
        open_mapped_target(content)
    with pytest.raises(BadMapping, match="is no adapter"):
        open_mapped_target({"kind": "que-tuong"})


def test_a_guessed_value_is_not_sent_unless_allowed(twin: DvcqgTwin) -> None:
    content = twin.mapping(seconds=PATIENCE)
    row = content["procedures"]["1.001193"]
    row |= {"inferred": ["field_code", "parts"], "parts": {"giay": "G15"}}
    mapping = check_mapping(content, FIELDS)
    assert "MaLinhVuc" not in dossier_item(make_dossier(), mapping)
    assert mapping.procedures["1.001193"].parts == {}
    allowed = check_mapping({**content, "allow_inferred": True}, FIELDS)
    assert dossier_item(make_dossier(), allowed)["MaLinhVuc"] == "G15"
    assert allowed.procedures["1.001193"].parts == {"giay": "G15"}


def test_a_gateway_forwards_a_form_of_a_kiosk_to_the_system_that_its_mapping_names(
    twin: DvcqgTwin, tmp_path: Path
) -> None:
    mapping = tmp_path / "dvcqg.toml"
    mapping.write_text(twin.mapping_file(), encoding="utf-8")
    practice = PracticeGateway(tmp_path, forward_to=f"target:{mapping}")
    try:
        kiosk, form = send_submission(practice)
        kiosk.add_event(form, 1, officialNo=NUMBER)
        kiosk.drain()
        wait_until(lambda: practice.sql("select state from forwards") == [("done",)])
    finally:
        practice.close()
    assert twin.numbers() == {NUMBER}
    assert (twin.count().actions, twin.forbidden()) == (1, [])
