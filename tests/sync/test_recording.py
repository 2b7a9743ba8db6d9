"""Recorded exchanges with a system: requests pass unchanged, and the file has shapes and never a value."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.config import ROOT
from sync.gateway.targets import TRAINING_TWINS, open_mapped_target
from sync.gateway.targets.base_twin import PRACTICE_WORD
from sync.gateway.targets.igate2_twin import IGateTwin
from sync.gateway.targets.mapping import BadMapping
from sync.gateway.targets.recording import Recorder
from sync.gateway.targets.shapes import exchange_shape, shape_of
from sync.portals.http_client import HttpResponse
from tests.sync.test_dvcqg import PATIENCE, make_dossier
from tests.sync.test_noihoso import deliver, new_dossier

CANARIES = ("Chim Hoàng Yến", "Hoàng", "046099887766", "ChimYen", "hoang.yen@thu.example", PRACTICE_WORD)


@pytest.fixture(params=TRAINING_TWINS)
def recorded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Forward a dossier of a person with canary names through a recorder; return the kind and the file."""
    twin = TRAINING_TWINS[request.param](tmp_path)
    text = twin.mapping_file().replace("seconds = 6.0", f"seconds = {PATIENCE}")
    recorder = Recorder(text, tomllib.loads(text), tmp_path)
    target = open_mapped_target(tomllib.loads(recorder.mapping.read_text("utf-8")))
    make = make_dossier if request.param == "dvcqg" else new_dossier
    person = {"fullName": CANARIES[0], "idNumber": CANARIES[2], "email": CANARIES[4], "phone": "0905123456"}
    form = {"formId": "khai-sinh", "formVersion": "1", "answers": {"ho_ten": "ChimYen"}}
    facts: dict[str, str] = {}
    assert set(deliver(target, make(applicant=person, form=form), facts)) == {"done"}  # type: ignore[arg-type]
    assert twin.count().dossiers == 1
    target.close()
    yield request.param, recorder.file.read_text("utf-8")
    recorder.close()
    twin.close()


def test_a_recorded_dossier_has_no_value(recorded: tuple[str, str]) -> None:
    kind, text = recorded
    assert [value for value in (*CANARIES, "0905123456", "H57.99") if value in text] == []
    exchanges = [json.loads(line) for line in text.splitlines()]
    assert {exchange["status"] for exchange in exchanges} == {200}
    if kind == "dvcqg":
        item = exchanges[2]["request"]["data"]["items"][0]
        assert (item["MaHoSo"], item["NgayTiepNhan"], item["ChuHoSo"]) == (
            "A99.99.99-999999-9999",
            "9" * 14,
            "text 14 with marks in words",
        )
        assert exchanges[2]["answer"] == {
            "error_code": "9",
            "message": 'text 18 with marks in words, says "thành công"',
        }
        assert exchanges[2]["request"]["service"] == "DongBoHoSoMC"
    if kind == "igate2":
        by_path = {exchange["path"]: exchange["request"] for exchange in exchanges}
        assert by_path["/auth/realms/digo/protocol/openid-connect/token"]["form"]["client_secret"] == "secret"
        assert by_path["/fi/file/--multiple"]["files"]["files"]["items"][0]["content"] == "bytes 4"
        assert "/bt/pattern/aaa-aa-9/--get-next-value" in by_path


def test_names_of_members_and_parts_of_addresses_are_kept_only_when_they_are_no_values() -> None:
    answer = {"046099887766": 1, "Chim Hoàng Yến": 2, "ChimYen": "ChimYen", "name": "ChimYen", "code": 0, "ok": True}
    response = HttpResponse(200, {"Content-Type": "application/json"}, json.dumps(answer).encode())
    shape = exchange_shape("GET", "/dossier/ChimYen/046099887766?code=046099887766&ten=ChimYen", {}, b"", response)
    text = json.dumps(shape, ensure_ascii=False)
    assert [value for value in CANARIES if value in text] == []
    assert shape["path"] == "/dossier/text 7/999999999999"
    assert shape["answer"]["code"] == "int of 1"
    page = HttpResponse(200, {"Content-Type": "text/html; name=ChimYen"}, "<p>Chim Hoàng Yến".encode())
    assert exchange_shape("GET", "/", {}, b"", page)["answer"] == "bytes 20"
    assert exchange_shape("GET", "/", {}, b"", None)["answer"] == "none"
    assert shape_of({"password": "hoang", "a": None, "b": 1.5}) == {
        "a": "null",
        "b": "float of 3",
        "password": "secret",
    }


def test_a_lost_answer_stays_lost(tmp_path: Path) -> None:
    twin = IGateTwin(tmp_path)
    text = twin.mapping_file()
    recorder = Recorder(text, tomllib.loads(text), tmp_path)
    target = open_mapped_target(tomllib.loads(recorder.mapping.read_text("utf-8")))
    twin.break_next("number", "lost")
    assert target.run(new_dossier(), "number", {}).outcome == "unknown"
    assert json.loads(recorder.file.read_text("utf-8").splitlines()[-1])["answer"] == "none"
    target.close()
    recorder.close()
    twin.close()


def test_only_the_connection_leads_to_the_recorder(tmp_path: Path) -> None:
    twin = TRAINING_TWINS["dvcqg"](tmp_path)
    text = twin.mapping_file().replace("https://tep.tinh.example", twin.url)
    recorder = Recorder(text, tomllib.loads(text), tmp_path)
    service = tomllib.loads(recorder.mapping.read_text("utf-8"))["service"]
    assert service["url"] != twin.url
    assert service["files"] == twin.url + "/{item}"
    recorder.close()
    with pytest.raises(BadMapping, match="line of its own"):
        Recorder("", tomllib.loads(text), tmp_path)
    twin.close()


def test_a_mapping_without_a_safe_address_is_refused(tmp_path: Path) -> None:
    for service in ({}, {"url": "http://dvc.example"}):
        with pytest.raises(BadMapping, match=r"service\.url"):
            Recorder("", {"kind": "dvcqg", "service": service}, tmp_path)


@pytest.mark.machine_date
def test_the_command_prints_where_to_forward(tmp_path: Path) -> None:
    twin = IGateTwin(tmp_path)
    mapping = tmp_path / "igate2.toml"
    mapping.write_text(twin.mapping_file(), encoding="utf-8")
    folder = tmp_path / "recorded"
    command = [sys.executable, "-m", "kiosk", "gateway", "target", "record", str(mapping), str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as recording:
        assert recording.stdout is not None
        ready = recording.stdout.readline().decode()
        recording.kill()
    twin.close()
    assert ready.strip().endswith(f"forward to target:{folder / 'igate2.toml'}")
    assert (folder / "exchanges.jsonl").stat().st_mode & 0o077 == 0
