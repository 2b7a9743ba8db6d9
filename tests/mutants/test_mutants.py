"""The planted defects still fit the house; whether each is found is `make mutants`."""

import pytest

from tests.mutants.__main__ import HOUSE, names, plant, words


@pytest.mark.parametrize("name", names())
def test_a_defect_still_fits(name: str) -> None:
    plant(HOUSE, name, "--check")
    assert words(name).endswith(".")


def test_there_are_the_fourteen() -> None:
    assert len(names()) == 14
