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
_over: Path | None = None


@cache
def read(name: str) -> dict[str, Any]:
    """Return a .json or .toml file of this folder; callers share the result and must not change it."""
    path = _path(name)
    return _parse(path)


def lay_over(folder: Path | None) -> None:
    """Read files from a folder of newer ones first (a content release); None: only the shipped ones.

    Called at a start, before anything is read: what was read keeps its value.
    """
    global _over  # noqa: PLW0603 - one folder for the process, as the cache of `read` is one
    _over = folder


def is_readable(path: Path) -> bool:
    """Return whether a file is a newer one of this folder, and has the same tables as the shipped one."""
    shipped = FOLDER / path.name
    try:
        return shipped.suffix in (".toml", ".json") and _parse(shipped).keys() <= _parse(path).keys()
    except (OSError, ValueError, AttributeError):
        return False


def _path(name: str) -> Path:
    over = _over / name if _over is not None else None
    return over if over is not None and over.is_file() else FOLDER / name


def _parse(path: Path) -> dict[str, Any]:
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
