"""Drift: what differs between a procedure and its official record, and which side is newer."""

import json
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.procedures.documents import shipped_documents
from kiosk.procedures.drift import RecordDifference, compare
from kiosk.procedures.loader import CATALOGUE, read_catalogue, read_procedure
from kiosk.procedures.model import Procedure
from kiosk.procedures.official_records import SHIPPED, BadRecords, OfficialRecord, read_records

DAY = date(2026, 11, 27)
RECORD = OfficialRecord(
    code="1.004194",
    name="Đăng ký tạm trú",
    day=date(2026, 4, 29),
    decision="",
    days=(3,),
    amounts=(15000,),
    has_open_fee=False,
    papers=("Tờ khai thay đổi thông tin cư trú", "Giấy tờ chứng minh chỗ ở hợp pháp"),
    notes=(),
    legal_basis=("116/2026/TT-BCA",),
    conditions=("Trong thời hạn 15 ngày.",),
    source="Bản ghi thử",
    address="",
)


def small() -> Procedure:
    """Return a procedure that agrees with RECORD in everything but its conditions."""
    form = read_procedure(CATALOGUE / "1.004194.toml")
    time = replace(form.times[0], days=3, sources=("tt116",))
    fee = replace(form.fees[0], amount=15000, sources=("tt75",), online=None, waivers=())
    words = replace(form.papers[0].name, vi="Giấy tờ chứng minh chỗ ở")
    paper = replace(form.papers[0], name=words, sources=("tt116",))
    few = replace(form, name="Đăng ký tạm trú", law=("tt116",), times=(time,), fees=(fee,), papers=(paper,))
    return replace(few, checks=(), notes=(), situations=(), fields=(), declaration=None)


def differences(
    form: Procedure, record: OfficialRecord, earlier: OfficialRecord | None = None
) -> dict[str, RecordDifference]:
    found = compare(
        [form],
        {record.code: record},
        shipped_documents(),
        today=DAY,
        earlier={record.code: earlier} if earlier else None,
    )
    return {difference.aspect: difference for difference in found}


def test_equal_sides_differ_only_where_a_figure_of_the_conditions_is_named_nowhere() -> None:
    found = differences(small(), RECORD)
    assert {aspect: (one.catalogue, one.record) for aspect, one in found.items()} == {"conditions": ("", "15 ngày")}


CHANGES = [
    ("name", {"name": "Gia hạn tạm trú"}, ("Đăng ký tạm trú", "Gia hạn tạm trú")),
    ("days", {"days": (5,)}, ("3", "5")),
    ("amounts", {"amounts": (16000,)}, ("15000", "16000")),
    ("amounts", {"has_open_fee": True}, ("", "theo hội đồng nhân dân")),
    ("papers", {"papers": ("Sổ hộ khẩu",)}, ("Giấy tờ chứng minh chỗ ở", "Sổ hộ khẩu")),
    ("law", {"legal_basis": ("68/2020/QH14",)}, ("116/2026/TT-BCA", "68/2020/QH14")),
]


@pytest.mark.parametrize(("aspect", "change", "sides"), CHANGES)
def test_each_aspect_is_compared(aspect: str, change: dict[str, object], sides: tuple[str, str]) -> None:
    found = differences(small(), replace(RECORD, conditions=(), **change))  # type: ignore[arg-type]
    assert {name: (one.catalogue, one.record) for name, one in found.items()} == {aspect: sides}


def test_conditions_that_changed_since_the_shipped_record_are_reported() -> None:
    found = differences(small(), replace(RECORD, conditions=("Điều kiện mới.",)), RECORD)
    assert (found["conditions"].catalogue, found["conditions"].record) == ("Trong thời hạn 15 ngày.", "Điều kiện mới.")


@pytest.mark.parametrize(
    ("day", "newer"),
    [(date(2026, 4, 29), "catalogue"), (date(2026, 9, 21), "record"), (None, ""), (date(2026, 7, 1), "")],
)
def test_the_newer_side_is_told_by_the_documents_of_the_fact(day: date | None, newer: str) -> None:
    found = differences(small(), replace(RECORD, days=(5,), day=day, conditions=()))
    assert found["days"].newer == newer


def test_a_record_without_a_time_is_not_compared_in_its_time() -> None:
    assert differences(small(), replace(RECORD, days=(), conditions=())) == {}


def test_the_command_prints_what_differs_and_which_side_is_newer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = json.loads(SHIPPED.read_text("utf-8"))
    content["procedures"]["1.004194"]["times"] = [{"days": 9, "unit": "ngày làm việc"}]
    content["procedures"]["1.004194"]["day"] = "2027-05-01"
    newer = tmp_path / "ban-ghi.json"
    newer.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    assert main(["procedure", "diff", str(newer)]) == 1
    printed = capsys.readouterr().out
    assert "1.004194 Đăng ký tạm trú (bản ghi: Cổng Dịch vụ công quốc gia" in printed
    assert "  thời hạn (bản ghi mới hơn: xem lại kho)\n    kho:     3\n    bản ghi: 9\n" in printed
    assert "Không có bản ghi: 1.001653, 1.001766, 1.004837, 2.000528, 2.000806, 3.000722, LOCAL-TAPHUAN." in printed


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "viết sai quy cách JSON ở dòng 1"),
        ("[]", "thiếu 'procedures'"),
        ('{"procedures": {"1.1": {"fees": []}}}', "thủ tục 1.1: thiếu hoặc sai"),
    ],
)
def test_a_file_that_is_no_record_is_refused_with_its_place(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, "utf-8")
    with pytest.raises(BadRecords, match=message):
        read_records(path)


def test_the_shipped_records_have_their_sources() -> None:
    entries = json.loads(SHIPPED.read_text("utf-8"))["procedures"].values()
    assert len(entries) == 34
    assert all(entry["source"]["address"].startswith("https://") for entry in entries)
    assert {entry["source"]["how_seen"] for entry in entries} == {"official-copy"}


KNOWN = tomllib.loads((Path(__file__).parent / "known_differences.toml").read_text("utf-8"))["difference"]


def test_the_known_differences_are_all_there_are_and_each_has_a_reason() -> None:
    catalogue = read_catalogue()
    found = compare(catalogue.all(DAY), read_records(), catalogue.documents, today=DAY)
    known = {(one["code"], one["aspect"], one["catalogue"], one["record"]) for one in KNOWN}
    assert {difference.key for difference in found} == known
    assert all(len(one["reason"]) > 15 for one in KNOWN)


WITHOUT_RECORD = ("1.001653", "1.001766", "1.004837", "2.000528", "2.000806", "3.000722")
"""Procedures whose record of the portal was read, and is not among the shipped ones."""


def test_every_record_of_a_procedure_in_force_is_compared() -> None:
    codes = {form.code for form in read_catalogue().all(DAY)}
    assert codes - read_records().keys() == {"LOCAL-TAPHUAN", *WITHOUT_RECORD}
    assert len(codes & read_records().keys()) == 34
