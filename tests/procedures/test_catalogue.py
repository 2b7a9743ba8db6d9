import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kiosk.procedures import kinds
from kiosk.procedures.checks import CheckContext, passes
from kiosk.procedures.examples import example_errors
from kiosk.procedures.model import Check, Field
from kiosk.procedures.shared_parts import choice_sets
from tests.procedures.form_walk import OFFICE
from tests.procedures.texts import ASK_FOR_AN_ANSWER, BROKEN, CODES, DAY, FILES, catalogue, procedure

EXPECTED = Path(__file__).parent / "expected"
OLDEST = ("1.001193", "1.004194", "2.000635")
CHECK_CONTEXT = CheckContext(DAY, OFFICE)
CHECKS = [pytest.param(check, id=f"{code}-{check.id}") for code in CODES for check in procedure(code).checks]
FIELDS = [pytest.param(code, item, id=f"{code}-{item.key}") for code in CODES for item in procedure(code).fields]


def test_every_file_can_be_read() -> None:
    assert BROKEN == {}


def test_the_catalogue_has_the_forms_in_force() -> None:
    assert [form.code for form in catalogue().all(DAY)] == [code for code in CODES if "@" not in code]


@pytest.mark.parametrize("code", FILES)
def test_a_file_has_the_name_of_its_code_and_first_day(code: str) -> None:
    form = procedure(code)
    form_code, _, day = code.partition("@")
    assert form.code == form_code
    assert not day or day == form.effective_from.isoformat()


def test_a_version_follows_another_without_a_gap_or_an_overlap() -> None:
    for code in {name.partition("@")[0] for name in FILES}:
        versions = sorted((form for form in FILES.values() if form.code == code), key=lambda form: form.effective_from)
        for before, after in pairwise(versions):
            assert before.version != after.version
            assert before.effective_to == after.effective_from - timedelta(days=1)


def test_a_version_is_found_in_force_or_not() -> None:
    last_day = date(2027, 2, 28)
    next_day = date(2027, 3, 1)
    assert catalogue().in_force("2.000635", last_day) is procedure("2.000635")
    later = catalogue().in_force("2.000635", next_day)
    assert later is None or later.effective_from == next_day
    assert catalogue().in_force("1.004194", date(2025, 6, 30)) is None
    assert catalogue().in_force("0.000000", DAY) is None
    assert catalogue().version("2.000635", "2026-11") is procedure("2.000635")
    assert catalogue().version("2.000635", "1999-01") is None


# --- every box of the official form


def facts(code: str) -> list[dict[str, Any]]:
    fields: list[dict[str, Any]] = json.loads((EXPECTED / f"{code}.json").read_text("utf-8"))["fields"]
    return fields


@pytest.mark.parametrize("code", CODES)
def test_the_keys_are_those_of_the_form_in_its_order(code: str) -> None:
    assert [item.key for item in procedure(code).fields] == [fact["key"] for fact in facts(code)]


@pytest.mark.parametrize("code", CODES)
def test_every_field_matches_the_form_or_gives_a_reason(code: str) -> None:
    for fact in facts(code):
        item = procedure(code).by_key[fact["key"]]
        wanted = {"kind": fact["type"], "required": fact["required"]} | fact.get("here", {})
        assert {"kind": item.kind, "required": item.required} == wanted, fact["key"]
        assert ("here" in fact) <= ("why" in fact)
        parts = [(part["key"], part["type"]) for part in fact.get("parts", ()) if "absent" not in part]
        assert [(part.key, part.kind) for part in item.fields] == parts


@pytest.mark.parametrize("code", CODES)
def test_every_deviation_is_a_real_one(code: str) -> None:
    for fact in facts(code):
        for name, value in fact.get("here", {}).items():
            assert value != fact["type" if name == "kind" else name]


@pytest.mark.parametrize("code", [code for code in CODES if procedure(code).declaration])
def test_every_key_is_on_the_printed_form_or_never_was(code: str) -> None:
    layout = procedure(code).declaration
    assert layout is not None
    dates = (layout.place_and_date, *(signature.date_line for signature in layout.signatures))
    text = " ".join([*dates, *(text for line in layout.lines for text in (line.text, *line.cells))])
    keys = {*re.findall(r"\{([^}.?]+)", text), *(line.boxes for line in layout.lines)}
    keys |= {line.table for line in layout.lines} | {signature.key for signature in layout.signatures}
    if any(line.oath for line in layout.lines):
        keys |= {item.key for item in procedure(code).fields if item.derive == {"from": "oath"}}
    expected = {fact["key"] for fact in facts(code) if fact.get("printed", True)}
    assert {item.key for item in procedure(code).fields} & keys == expected


@pytest.mark.parametrize(("code", "item"), FIELDS)
def test_every_sample_is_a_good_answer(code: str, item: Field) -> None:
    for part in (part for part in (item, *item.fields) if item.asked and part.asked):
        kind = kinds.of(part)
        sample = kind.sample(part)
        assert kind.validate(part, sample, DAY) is None
        assert isinstance(kind.on_screen(part, sample, "en"), str)
        assert kind.on_paper(part, sample)


def test_the_printed_lines_are_those_of_the_papers() -> None:
    lines = {code: [line.text for line in procedure(code).declaration.lines] for code in OLDEST}  # type: ignore[union-attr]
    assert lines["2.000635"][5] == "Quan hệ với người được cấp bản sao Trích lục hộ tịch: {nyc_quan_he}"
    assert lines["2.000635"][13] == "Số lượng bản sao yêu cầu cấp: (6) {so_luong} bản"
    assert [text.split(".")[0] for text in lines["1.004194"][1:]] == [
        "1",
        "2",
        "4",
        "5",
        "7",
        "9",
        "10",
        "Địa giới hành chính theo giấy tờ: {dia_gioi_cu}",
        "11",
    ]
    assert [len(lines[code]) for code in OLDEST] == [23, 10, 15]


def test_the_residence_form_has_boxes_a_table_and_four_signatures() -> None:
    layout = procedure("1.004194").declaration
    assert layout is not None
    assert [line.boxes for line in layout.lines if line.boxes] == ["so_dinh_danh", "chu_ho_so_dinh_danh"]
    assert [line.table for line in layout.lines if line.table] == ["thanh_vien"]
    assert [signature.key for signature in layout.signatures] == [
        "y_kien_chu_ho",
        "y_kien_chu_so_huu",
        "y_kien_cha_me",
        "nguoi_ke_khai",
    ]
    assert not any(signature.when for signature in layout.signatures)


# --- rules


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_lets_pass_what_is_right(check: Check) -> None:
    assert check.passes is not None
    assert passes(check, check.passes, CHECK_CONTEXT)


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_speaks_when_something_is_wrong(check: Check) -> None:
    assert check.fails is not None
    assert not passes(check, check.fails, CHECK_CONTEXT)


@pytest.mark.parametrize("name", FILES)
def test_the_examples_are_valid_on_the_day_on_which_the_file_was_checked(name: str) -> None:
    assert example_errors(procedure(name), OFFICE) == []


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_is_silent_while_nothing_is_answered(check: Check) -> None:
    assert passes(check, {}, CHECK_CONTEXT) == (check.rule not in ASK_FOR_AN_ANSWER)


# --- search words, fees and laws


@pytest.mark.parametrize("code", CODES)
def test_there_are_enough_words_to_find_it_by(code: str) -> None:
    words = procedure(code).search
    assert len(words) >= 15
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("code", CODES)
def test_fee_time_law_and_date_are_there(code: str) -> None:
    form = procedure(code)
    assert form.times
    assert form.fees
    assert form.law or code.startswith("LOCAL")
    assert form.checked_on <= DAY


def test_exemptions_of_a_temporary_stay_are_complete() -> None:
    fee, of_a_list = procedure("1.004194").fees
    assert (of_a_list.amount, of_a_list.when[0].is_) == (10000, "danh_sach")
    assert fee.amount == 15000
    assert fee.exempt is not None
    for group in (
        *("dưới 16 tuổi", "cao tuổi", "khuyết tật", "có công", "hộ nghèo", "mồ côi từ 16 đến dưới 18"),
        *("dân tộc thiểu số", "biên giới như A Lưới", "đặc khu"),
    ):
        assert group in fee.exempt.vi


def test_copies_are_paid_one_by_one() -> None:
    (fee,) = procedure("2.000635").fees
    assert (fee.amount, fee.per) == (8000, "so_luong")


# --- shared lists


def lists() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    yield from choice_sets().items()


@pytest.mark.parametrize(("name", "options"), list(lists()))
def test_a_shared_list_has_each_answer_once(name: str, options: list[dict[str, Any]]) -> None:
    for column in ("id", "value", "label"):
        values = [option[column] for option in options]
        assert len(set(values)) == len(values), column


HOME_NOT_ASKED = {
    # Note (4) of the two forms: the homes are written only where a number is missing.
    "1.000894",
    "1.004746",
    # Father's or mother's ward: with their numbers the officer finds both homes.
    "1.000689",
    "2.000528",
    "2.000806",
    "1.001193",
    "3.000722",
}


@pytest.mark.parametrize("code", [code for code in CODES if code not in HOME_NOT_ASKED])
def test_a_home_that_decides_where_to_file_is_asked_of_who_types(code: str) -> None:
    sources = {copy.to: copy.source for copy in procedure(code).copies}
    for check in procedure(code).checks:
        if check.at != "check" or check.rule not in ("in_ward", "any_in_ward"):
            continue
        homes = [procedure(code).by_key[name] for key in check.keys for name in (key, sources.get(key)) if name]
        assert any(home.required or home.required_when for home in homes), check.id
