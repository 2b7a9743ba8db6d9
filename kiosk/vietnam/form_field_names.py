"""What the boxes of the national forms are called, beside our keys; data with its source in national_names.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kiosk.vietnam.reference_data import read

FILE = "national_names.toml"


@dataclass(frozen=True)
class Box:
    """A box of a national form: our key, a part of its answer or nothing, its name at the portal and the ministry."""

    key: str
    part: str
    portal: str
    justice: str
    inferred: frozenset[str]
    """Which of the two names is known by its pattern only."""


@cache
def boxes(code: str) -> Mapping[str, tuple[Box, ...]]:
    """Return the boxes of a procedure by our key; none where no name is known."""
    found: dict[str, tuple[Box, ...]] = {}
    for one in read(FILE)["procedure"]:
        for place, names in one["names"].items() if one["code"] == code else ():
            key, _, part = place.partition(".")
            known = {names.get("portal", ""), names.get("justice", "")} & set(one.get("inferred", ()))
            box = Box(
                key=key,
                part=part,
                portal=names.get("portal", ""),
                justice=names.get("justice", ""),
                inferred=frozenset(known),
            )
            found[key] = (*found.get(key, ()), box)
    return found
