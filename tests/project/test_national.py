"""The names of the national forms: each beside a key of its procedure, each form whose names are known among them."""

import re
from collections.abc import Iterator

import pytest

from kiosk.procedures.loader import read_catalogue
from kiosk.procedures.model import Procedure
from kiosk.vietnam import form_field_names
from kiosk.vietnam.reference_data import read
from tests.papers.forms import DAY

PARTS = {"id_document": {"loai", "so", "ngay_cap", "noi_cap"}, "time": {"", "gio", "phut"}}
KNOWN = {
    "1.001193": "khai sinh",
    "1.000656": "khai tử",
    "1.000894": "kết hôn",
    "1.004873": "xác nhận tình trạng hôn nhân",
    "2.000635": "trích lục",
    "1.004859": "cải chính",
    "1.001731": "mai táng",
    "1.014027": "hưu trí xã hội",
}
"""The procedures of our shelf whose box names a public source gives."""


def _listed() -> list[str]:
    return [one["code"] for one in read(form_field_names.FILE)["procedure"]]


def _procedures() -> Iterator[Procedure]:
    catalogue = read_catalogue()
    for code in _listed():
        found = catalogue.in_force(code, DAY)
        assert found is not None, code
        yield found


def test_every_form_whose_names_are_known_is_there_once() -> None:
    assert sorted(_listed()) == sorted(KNOWN)


@pytest.mark.parametrize("procedure", list(_procedures()), ids=lambda one: one.id)
def test_every_name_stands_beside_a_key_of_its_procedure(procedure: Procedure) -> None:
    for key, boxes in form_field_names.field_names(procedure.code).items():
        item = procedure.by_key.get(key)
        assert item is not None, key
        assert item.asked, key
        for box in boxes:
            assert box.part in PARTS.get(item.kind, {""}), (key, box.part)
            assert box.portal or box.justice, key


@pytest.mark.parametrize("procedure", list(_procedures()), ids=lambda one: one.id)
def test_no_name_is_given_to_two_answers(procedure: Procedure) -> None:
    boxes = [box for found in form_field_names.field_names(procedure.code).values() for box in found]
    for names in ([one.portal for one in boxes if one.portal], [one.justice for one in boxes if one.justice]):
        assert len(names) == len(set(names))
        assert [one for one in names if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*|data\[\w+\]", one)] == []


def test_what_is_called_inferred_is_a_name_of_its_form() -> None:
    for one in read(form_field_names.FILE)["procedure"]:
        names = {name for pair in one["names"].values() for name in pair.values()}
        assert set(one.get("inferred", ())) <= names, one["code"]


def test_the_data_say_where_they_come_from_and_how_sure_they_are() -> None:
    meta = read(form_field_names.FILE)["meta"]
    assert {"source", "as_of", "confidence", "licence"} <= meta.keys()
