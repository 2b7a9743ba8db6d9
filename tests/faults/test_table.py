"""The page of the matrix and the tests of its rows name the same rows; this runs with every commit."""

import re
from pathlib import Path

from tests.faults.table import Seen, drawn, promises

HERE = Path(__file__).parent
ROWS = set(range(1, 33))


def tried() -> set[int]:
    texts = [path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py")]
    return {int(number) for text in texts for number in re.findall(r"mark\.row\((\d+)\)", text)}


def test_every_row_is_promised_whole() -> None:
    told = promises()
    assert set(told) == ROWS
    assert all(all(vars(one).values()) for one in told.values())
    assert all("“" in one.reads for one in told.values())


def test_every_row_is_tried() -> None:
    assert tried() == ROWS


def test_the_table_shows_what_was_seen_row_by_row() -> None:
    late = Seen(19, "twice", passed=True)
    early = Seen(5, "lost")
    late.saw(kiosk="1 confirmed", portal="1 held")
    lines = drawn([late, early])
    assert [line[:4] for line in lines if line[0] != " "] == ["×  5", "✓ 19"]
    assert lines[-2:] == ["       kiosk       1 confirmed", "       portal      1 held"]
