"""Reference data: places, ethnic groups, countries, holidays, telephone prefixes, practice cards.

Each file has its source, date and licence in `meta`; NOTICE.md holds the licences. A file is read once, on first use.
To update one, replace the whole file; tests/vietnam/test_reference_data.py reports what no longer fits.
"""

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def read(name: str) -> dict[str, Any]:
    """Return a .json or .toml file of this folder; callers share the result and must not change it."""
    path = FOLDER / name
    if path.suffix == ".toml":
        return tomllib.loads(path.read_text("utf-8"))
    loaded: dict[str, Any] = json.loads(path.read_bytes())
    return loaded


def ethnic_names() -> tuple[str, ...]:
    """Return the official names of the ethnic groups, in the order of the official list."""
    return tuple(row["name"] for row in read("ethnic_groups.toml")["group"])


def countries() -> dict[str, str]:
    """Return the countries' Vietnamese names by ISO 3166-1 code."""
    return {code: name for code, name, *_ in read("countries.json")["rows"]}
