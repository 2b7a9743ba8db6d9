"""The map of former wards against a second source, so that a wrong new name of one old ward is noticed."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from kiosk.vietnam import places, reference_data
from kiosk.vietnam.viet_text import spelling_key

RESOLUTION = tomllib.loads((Path(__file__).parent / "wards_of_resolution_1675.toml").read_text("utf-8"))
MERGED = re.compile("[Hh]ợp nhất (?P<names>.+?)(?: thành (?:phường|xã) .*)?$")
KINDS = re.compile(r"^(?:các )?(?:phường|xã|thị trấn) ")


def old_wards() -> list[list[str]]:
    rows: list[list[str]] = json.loads((Path(reference_data.FOLDER) / "old_wards.json").read_text("utf-8"))["rows"]
    return rows


def bare_key(name: str) -> str:
    """Return the key of a ward's name without its kind: "Thị trấn Phú Đa" and "thị trấn Phú Đa" are one."""
    return spelling_key(KINDS.sub("", name[0].lower() + name[1:]))


def names_in(words: str, name: str) -> set[str]:
    """Return the keys of the wards that a sentence of the resolution merges; one that is kept merges itself."""
    match = MERGED.search(words)
    if match is None:
        return {bare_key(name)}
    return {bare_key(part.strip()) for part in re.split(", | và ", match["names"])}


@pytest.mark.parametrize("code", RESOLUTION)
def test_each_ward_of_today_has_the_former_wards_that_the_resolution_names(code: str) -> None:
    entry = RESOLUTION[code]
    mapped = {bare_key(name) for name, _, new_code in old_wards() if new_code == code}
    assert mapped == names_in(entry["words"], entry["name"])


def test_both_sources_have_the_same_forty_wards() -> None:
    today = {ward.code: ward.name for ward in places.wards("46")}
    assert {code: spelling_key(entry["name"]) for code, entry in RESOLUTION.items()} == {
        code: spelling_key(name) for code, name in today.items()
    }


def test_the_resolution_names_each_former_ward_once_or_in_its_own_district() -> None:
    named = sum(len(names_in(entry["words"], entry["name"])) for entry in RESOLUTION.values())
    assert named == len(old_wards()) == 133


@pytest.mark.parametrize("query", ["Thuỷ Biều", "Thủy Biều", "thuy bieu", "Thuỷ Xuân", "Thủy Xuân", "thuỷ xuan"])
def test_both_spellings_of_thuy_find_the_same_ward(query: str) -> None:
    assert places.search(query)[0].ward.name == "Phường Thủy Xuân"


def test_former_wards_are_written_in_the_official_spelling() -> None:
    assert [name for name, _, _ in old_wards() if "uỷ" in name] == []
    assert places.search("Thuỷ Biều")[0].old.casefold() == "phường thủy biều"
    assert (
        places.resolve_card("Thuỷ Biều, Thành phố Huế, Thừa Thiên Huế").candidates[0].old.casefold()
        == "phường thủy biều"
    )
