"""The planted defects still apply to the code; `make mutants` checks whether each is found."""

import pytest

from tests.mutants.__main__ import ROOT, apply_patch, description, names


@pytest.mark.parametrize("name", names())
def test_a_defect_still_applies(name: str) -> None:
    apply_patch(ROOT, name, "--check")
    assert description(name).endswith(".")


def test_there_are_fourteen_defects() -> None:
    assert len(names()) == 14
