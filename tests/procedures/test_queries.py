"""Shares of made-up queries of citizens that find the meant procedure at the first place and among the first three."""

import tomllib
from pathlib import Path

import pytest

from kiosk.procedures import search
from tests.procedures.texts import DAY, catalogue

LISTS: dict[str, dict[str, str]] = tomllib.loads((Path(__file__).parent / "queries.toml").read_text("utf-8"))
CATALOGUE = catalogue().all(DAY)
QUERIES = [pair for queries in LISTS.values() for pair in queries.items()]
AT_FIRST_PLACE = 0.95
AMONG_THREE = 0.99


def found(query: str, places: int) -> list[str]:
    return [result.procedure.code for result in search.find(CATALOGUE, query, "vi")[:places]]


@pytest.mark.parametrize(("places", "least"), [(1, AT_FIRST_PLACE), (3, AMONG_THREE)])
def test_the_meant_procedure_is_found(places: int, least: float) -> None:
    missed = [query for query, code in QUERIES if code not in found(query, places)]
    assert len(missed) <= (1 - least) * len(QUERIES), missed


def test_each_procedure_is_asked_for() -> None:
    assert len(QUERIES) >= 60
    assert {code for _, code in QUERIES} == {procedure.code for procedure in CATALOGUE}
