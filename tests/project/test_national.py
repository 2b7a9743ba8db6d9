"""Field names of the national forms: each belongs to a key of its procedure, and no known form is missing."""

import itertools
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
    "1.001731": "mai táng",
    "1.014027": "hưu trí xã hội",
}
"""The procedures of the catalogue whose field names are in a public source."""


def _listed() -> list[str]:
    return [row["code"] for row in read(form_field_names.FILE)["procedure"]]


def _procedures() -> Iterator[Procedure]:
    catalogue = read_catalogue()
    for code in _listed():
        procedure = catalogue.in_force(code, DAY)
        assert procedure is not None, code
        yield procedure


def _id_of(procedure: Procedure) -> str:
    return procedure.id


def test_every_form_whose_names_are_known_is_there_once() -> None:
    assert sorted(_listed()) == sorted(KNOWN)


@pytest.mark.parametrize("procedure", list(_procedures()), ids=_id_of)
def test_every_name_stands_beside_a_key_of_its_procedure(procedure: Procedure) -> None:
    for key, boxes in form_field_names.field_names(procedure.code).items():
        item = procedure.by_key.get(key)
        assert item is not None, key
        assert item.asked, key
        for box in boxes:
            assert box.part in PARTS.get(item.kind, {""}), (key, box.part)
            assert box.portal or box.justice, key


@pytest.mark.parametrize("procedure", list(_procedures()), ids=_id_of)
def test_no_name_is_given_to_two_answers(procedure: Procedure) -> None:
    boxes = list(itertools.chain.from_iterable(form_field_names.field_names(procedure.code).values()))
    for names in ([box.portal for box in boxes if box.portal], [box.justice for box in boxes if box.justice]):
        assert len(names) == len(set(names))
        assert [name for name in names if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*|data\[\w+\]", name)] == []


def test_what_is_called_inferred_is_a_name_of_its_form() -> None:
    for row in read(form_field_names.FILE)["procedure"]:
        names = {name for pair in row["names"].values() for name in pair.values()}
        assert set(row.get("inferred", ())) <= names, row["code"]


def test_the_data_say_where_they_come_from_and_how_sure_they_are() -> None:
    meta = read(form_field_names.FILE)["meta"]
    assert {"source", "as_of", "confidence", "licence"} <= meta.keys()
