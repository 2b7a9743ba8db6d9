"""docs/portals.md: each adapter with its settings, its limits, the faults of its twin, and a mapping that works."""

import re
import tomllib

import pytest

from kiosk.config import ROOT
from sync.gateway.targets import TRAINING_TWINS, dvcqg, igate2, noihoso
from sync.gateway.targets.mapping import MappingFields, check_mapping
from sync.gateway.targets.twin import LINE_FAULTS

PAGE = (ROOT / "docs" / "portals.md").read_text("utf-8")
COMMON, *SECTIONS = re.split(r"^(?=## .*\(`\w+`\)$)", PAGE, flags=re.M)
SECTION_OF = {re.search(r"\(`(\w+)`\)", section)[1]: section for section in SECTIONS}  # type: ignore[index]
FIELDS: dict[str, MappingFields] = {"dvcqg": dvcqg.FIELDS, "igate2": igate2.FIELDS, "noihoso": noihoso.FIELDS}


def test_each_adapter_with_a_twin_has_a_section() -> None:
    assert set(SECTION_OF) == set(FIELDS) == set(TRAINING_TWINS)
    assert all(f"`{fault}`" in COMMON for fault in LINE_FAULTS)


@pytest.mark.parametrize("kind", FIELDS)
def test_a_section_names_settings_faults_sources_and_limits(kind: str) -> None:
    section = SECTION_OF[kind]
    names = {name for name in FIELDS[kind].service if f"`{name}`" not in COMMON}
    assert {name for name in names if f"`{name}`" not in section} == set()
    oddities = set(TRAINING_TWINS[kind].faults) - set(LINE_FAULTS)
    assert {fault for fault in oddities if f"`{fault}`" not in section} == set()
    assert all(f"**{title}" in section for title in ("Sources.", "Never tried live:", "Twin."))


@pytest.mark.parametrize("kind", FIELDS)
def test_the_mapping_of_a_section_can_be_used(kind: str) -> None:
    match = re.search(r"```toml\n(.*?)```", SECTION_OF[kind], re.S)
    assert match is not None
    assert check_mapping(tomllib.loads(match[1]), FIELDS[kind]).kind == kind
