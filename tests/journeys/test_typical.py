"""The typical case of every procedure is submitted, with and without cards; docs/counts.md has the counts."""

import re

from flask import Flask

from tests.journeys.counts import FILE, copies_part, table
from tests.journeys.typical import CASES
from tests.procedures.texts import CODES

MOST_FOR_A_BIRTH = 8


def test_every_procedure_has_a_typical_case() -> None:
    assert sorted(CASES) == [code for code in CODES if "@" not in code]


def test_every_typical_case_is_submitted_with_the_counts_of_the_table(app: Flask) -> None:
    page = table(app)
    assert FILE.read_text("utf-8") == page + copies_part(), "run `make counts`"
    (birth,) = re.findall(r"\| 1\.001193 \|[^|]*\| (\d+),", page)
    assert int(birth) <= MOST_FOR_A_BIRTH
