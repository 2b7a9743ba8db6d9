"""docs/procedures-reference.md is the format of today."""

from kiosk.procedures.toml_dataclasses import toml_fields
from tests.procedures.reference import PAGE, TITLES, meaning, page, records


def test_the_reference_is_made_from_the_model() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `make reference`"


def test_every_table_has_a_title_and_every_key_a_meaning() -> None:
    assert [record.__name__ for record in records() if record.__name__ not in TITLES] == []
    bare = [f"{record.__name__}.{item.name}" for record in records() for item in toml_fields(record)]
    assert [
        name
        for name in bare
        if not next(
            meaning(record, name.partition(".")[2]) for record in records() if record.__name__ == name.partition(".")[0]
        )
    ] == []
