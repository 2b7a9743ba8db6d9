import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.procedures.loader import CATALOGUE
from kiosk.procedures.toml_writer import write_toml

SCALARS = st.booleans() | st.integers(-(2**60), 2**60) | st.text() | st.dates()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
)


@pytest.mark.parametrize("path", sorted(CATALOGUE.glob("*.toml")), ids=lambda path: path.stem)
def test_a_file_of_the_shelf_is_written_as_it_was_read(path: Path) -> None:
    table = tomllib.loads(path.read_text("utf-8"))
    assert tomllib.loads(write_toml(table)) == table


@given(st.dictionaries(st.sampled_from(["code", "field", "step", "declaration", "a b", "x"]), VALUES))
def test_any_table_is_read_back_as_it_was(table: dict[str, object]) -> None:
    assert tomllib.loads(write_toml(table)) == table
