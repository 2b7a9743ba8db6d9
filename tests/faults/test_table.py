"""docs/faults.md and the tests name the same rows; this runs with every commit."""

import re
from pathlib import Path

from tests.faults.table import RowResult, read_matrix, render_table

FOLDER = Path(__file__).parent
ROWS = set(range(1, 48))


def rows_with_tests() -> set[int]:
    rows = set()
    for path in FOLDER.glob("test_*.py"):
        rows.update(int(number) for number in re.findall(r"mark\.row\((\d+)\)", path.read_text(encoding="utf-8")))
    return rows


def test_every_row_of_the_matrix_is_complete() -> None:
    matrix = read_matrix()
    assert set(matrix) == ROWS
    assert all(all(vars(row).values()) for row in matrix.values())
    assert all("“" in row.page_text for row in matrix.values())


def test_every_row_has_a_test() -> None:
    assert rows_with_tests() == ROWS


def test_the_table_shows_the_results_row_by_row() -> None:
    passed = RowResult(19, "twice", passed=True)
    failed = RowResult(5, "lost")
    passed.observe(kiosk="1 confirmed", portal="1 stored")
    lines = render_table([passed, failed])
    assert [line[:4] for line in lines if line[0] != " "] == ["×  5", "✓ 19"]
    assert lines[-2:] == ["       kiosk       1 confirmed", "       portal      1 stored"]
