"""Fields of the eleven electronic forms: each is answered, derived, or asked by the officer; no key is unknown."""

import re

import pytest

from kiosk.procedures.loader import read_catalogue
from kiosk.procedures.model import Procedure
from kiosk.vietnam.electronic_forms import FILE, ElectronicForm, FormField, forms
from kiosk.vietnam.reference_data import read
from tests.papers.forms import DAY

COUNTS = {
    "1927": 35,
    "2028": 35,
    "2053": 35,
    "2054": 39,
    "2056": 49,
    "2057": 41,
    "2059": 39,
    "2086": 30,
    "2089": 47,
    "2092": 48,
    "2093": 44,
}
"""Number of a form -> its fields, those included that an answer opens."""
PARTS = {"id_document": {"loai", "so", "ngay_cap", "noi_cap"}, "time": {"gio", "phut"}}
KINDS = {"text", "digits", "date", "date_or_year", "typed_date", "list", "place", "place_lists", "file"}
DATES = {"date", "date_or_year", "typed_date"}
FORMS = [(form, code) for form in forms() for code in form.procedures]


def procedure(code: str) -> Procedure:
    found = read_catalogue().in_force(code, DAY)
    assert found is not None, code
    return found


def answered_by(field: FormField) -> list[str]:
    told = {"key": field.key, "value": field.value, "derive": field.derive, "late": field.late, "by": field.by}
    return [name for name, content in told.items() if content]


def test_all_fields_of_the_eleven_forms_are_there() -> None:
    assert {form.number: len(form.fields) for form in forms()} == COUNTS


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.number)
def test_each_field_is_answered_derived_or_asked_by_the_officer(form: ElectronicForm) -> None:
    assert [field.label for field in form.fields if len(answered_by(field)) != 1] == []
    assert {field.kind for field in form.fields} <= KINDS
    assert {field.by for field in form.fields} <= {"", "officer", "page"}
    assert {field.derive for field in form.fields} <= {"", "copies", "parents"}
    names = [field.name for field in form.fields if field.name and field.by != "officer"]
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name)] == []


@pytest.mark.parametrize(("form", "code"), FORMS, ids=[f"{form.number}-{code}" for form, code in FORMS])
def test_each_key_is_an_answer_of_the_procedure(form: ElectronicForm, code: str) -> None:
    by_key = procedure(code).by_key
    sources = {*(field.key for field in form.fields), *(field.late["key"] for field in form.fields if field.late)}
    for source in filter(None, sources):
        key, _, part = form.source(source, code, {}).partition(".")
        assert key in by_key, source
        assert by_key[key].asked, key
        assert part in {"", *PARTS.get(by_key[key].kind, ())}, source


@pytest.mark.parametrize(("form", "code"), FORMS, ids=[f"{form.number}-{code}" for form, code in FORMS])
def test_dates_go_into_dates_and_options_into_lists(form: ElectronicForm, code: str) -> None:
    by_key = procedure(code).by_key
    for field in form.fields:
        key, _, part = form.source(field.key, code, {}).partition(".")
        item = by_key.get(key)
        if item is None:
            continue
        assert (field.kind in DATES) == (part == "ngay_cap" or item.kind == "date"), field.name
        assert set(field.words or ()) <= {option.id for option in item.options}, field.name


def test_a_child_who_recognises_a_parent_is_not_in_the_block_of_the_parent() -> None:
    (form,) = [form for form in forms() if "1.001022" in form.procedures]
    assert form.source("a_ho_ten", "1.001022", {"viec": "cha_nhan_con"}) == "a_ho_ten"
    assert form.source("a_ho_ten", "1.001022", {"viec": "con_nhan_cha"}) == "b_ho_ten"
    assert form.source("b_giay_to.so", "1.001022", {"viec": "con_nhan_me"}) == "a_giay_to.so"


def test_a_late_birth_has_its_own_words_and_keys() -> None:
    (form,) = [form for form in forms() if "1.004772" in form.procedures]
    assert form.source("con_ho_ten", "1.004772", {}) == "nd_ho_ten"
    (field,) = [field for field in form.fields if field.name == "LoaiDangKy"]
    assert field.values == {"1.004772": "Đăng ký cho người đã có hồ sơ, giấy tờ cá nhân"}


def test_the_data_say_where_they_come_from_and_how_sure_they_are() -> None:
    assert {"source", "as_of", "confidence", "licence"} <= read(FILE)["meta"].keys()
