"""What the house knows without asking anybody: places, peoples, countries, holidays, prefixes, practice cards.

Each data file carries its source, date and licence in `meta`, and NOTICE.md the licences themselves; a file is read
once, when first asked for. To renew one, replace it whole and let tests/reference say what no longer fits.
"""

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def read(name: str) -> dict[str, Any]:
    """Read a data file of this folder, .json or .toml; callers share the result and must not change it."""
    path = FOLDER / name
    if path.suffix == ".toml":
        return tomllib.loads(path.read_text("utf-8"))
    loaded: dict[str, Any] = json.loads(path.read_bytes())
    return loaded


def ethnic_names() -> tuple[str, ...]:
    """Return the official names of the peoples, in the order of the official list."""
    return tuple(row["name"] for row in read("peoples.toml")["group"])


def countries() -> dict[str, str]:
    """Return the countries' Vietnamese names by ISO 3166-1 code."""
    return {code: name for code, name, *_ in read("countries.json")["rows"]}
