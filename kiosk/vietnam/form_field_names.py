"""Names of the fields of the national forms, by our keys; national_names.toml holds them with their source."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kiosk.vietnam.reference_data import read

FILE = "national_names.toml"


@dataclass(frozen=True)
class FieldName:
    """A field of a national form: our key, the part of its answer (or ""), its name at the portal and the ministry."""

    key: str
    part: str
    portal: str
    justice: str
    inferred: frozenset[str]
    """Those of the two names that were only inferred from a pattern."""


@cache
def field_names(code: str) -> Mapping[str, tuple[FieldName, ...]]:
    """Return the field names of a procedure by our key; empty where no name is known."""
    by_key: dict[str, tuple[FieldName, ...]] = {}
    for procedure in read(FILE)["procedure"]:
        if procedure["code"] != code:
            continue
        for path, names in procedure["names"].items():
            key, _, part = path.partition(".")
            inferred = {names.get("portal", ""), names.get("justice", "")} & set(procedure.get("inferred", ()))
            field_name = FieldName(
                key=key,
                part=part,
                portal=names.get("portal", ""),
                justice=names.get("justice", ""),
                inferred=frozenset(inferred),
            )
            by_key[key] = (*by_key.get(key, ()), field_name)
    return by_key
