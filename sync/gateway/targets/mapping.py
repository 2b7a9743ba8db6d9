"""Mapping of a forward target: one TOML file with addresses, units, procedures, parts and fees of the other side.

The whole file is checked at the start, and every mistake is named. A value that was guessed is listed in `inferred` of
its row, and is never sent unless the file says `allow_inferred = true`. An empty value is as good as none.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_TOP = {"kind", "name", "allow_inferred", "service", "units", "procedures", "fees"}
_ROW = {"inferred", "parts"}


class BadMapping(ValueError):  # noqa: N818 - reads well in "raise BadMapping"
    """A mapping file that cannot be used; the message lists every mistake, one a line."""


@dataclass(frozen=True)
class MappingRow:
    """Row of a unit, procedure or fee: the other side's values by our names; guessed ones are left out."""

    values: Mapping[str, str]
    parts: Mapping[str, str] = field(default_factory=dict)

    def get(self, key: str) -> str:
        """Return a value; "" where there is none."""
        return self.values.get(key, "")


@dataclass(frozen=True)
class TargetMapping:
    """Mapping of one target.

    Attributes:
        kind: the adapter.
        name: the name in the ledger; the kind, unless the file says another.
        service: settings of the connection.
        units: by unit code of the gateway.
        procedures: by procedure code of the gateway; `parts` maps document codes.
        fees: by fee code of the gateway.
    """

    kind: str
    name: str
    service: Mapping[str, Any]
    units: Mapping[str, MappingRow]
    procedures: Mapping[str, MappingRow]
    fees: Mapping[str, MappingRow]


@dataclass(frozen=True)
class MappingFields:
    """Fields that an adapter knows: of the connection with their types, and of each kind of row.

    `required` names those of `service` that must not be empty.
    """

    service: Mapping[str, type]
    required: frozenset[str]
    units: frozenset[str]
    procedures: frozenset[str]
    fees: frozenset[str]


def read_mapping(path: Path) -> dict[str, Any]:
    """Return the content of a mapping file.

    Raises:
        BadMapping: the file is missing or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadMapping(f"{path}: {type(error).__name__}") from None
    except tomllib.TOMLDecodeError as error:
        raise BadMapping(f"{path}: {error}") from None


def check_mapping(content: Mapping[str, Any], fields: MappingFields) -> TargetMapping:
    """Check the content of a mapping file against the fields of its adapter.

    Raises:
        BadMapping: a field is unknown, of another type, or missing.
    """
    mistakes = [f"{name}: no such field" for name in content if name not in _TOP]
    allows_inferred = content.get("allow_inferred", False)
    if not isinstance(allows_inferred, bool):
        mistakes.append("allow_inferred: true or false")
    service = _table(content, "service", mistakes)
    mistakes += _service_mistakes(service, fields)
    rows = {
        table: _rows(content, table, known, allows_inferred is True, mistakes)
        for table, known in (("units", fields.units), ("procedures", fields.procedures), ("fees", fields.fees))
    }
    name = content.get("name", content["kind"])
    if not isinstance(name, str) or not name.replace("-", "").isalnum():
        mistakes.append("name: letters, digits and hyphens")
    if mistakes:
        raise BadMapping("\n".join(mistakes))
    return TargetMapping(
        kind=content["kind"],
        name=name,
        service=service,
        units=rows["units"],
        procedures=rows["procedures"],
        fees=rows["fees"],
    )


def _table(content: Mapping[str, Any], name: str, mistakes: list[str]) -> dict[str, Any]:
    table = content.get(name, {})
    if isinstance(table, dict):
        return table
    mistakes.append(f"{name}: a table")
    return {}


def _service_mistakes(service: Mapping[str, Any], fields: MappingFields) -> list[str]:
    mistakes = [f"service.{name}: no such field" for name in service if name not in fields.service]
    mistakes += [f"service.{name}: missing" for name in sorted(fields.required) if not service.get(name)]
    mistakes += [
        f"service.{name}: must be {kind.__name__}"
        for name, kind in fields.service.items()
        if name in service and not _is_of(service[name], kind)
    ]
    return mistakes


def _is_of(value: object, kind: type) -> bool:
    """Return whether a value has a type; a whole number is good where seconds are asked."""
    return type(value) is kind or (kind is float and type(value) is int)


def _rows(
    content: Mapping[str, Any], table: str, known: frozenset[str], allows_inferred: bool, mistakes: list[str]
) -> dict[str, MappingRow]:
    rows = {}
    for code, row in _table(content, table, mistakes).items():
        place = f'{table}."{code}"'
        if not isinstance(row, dict):
            mistakes.append(f"{place}: a table")
            continue
        texts = {name: value for name, value in row.items() if name not in _ROW}
        inferred = row.get("inferred", [])
        parts = row.get("parts", {})
        mistakes += [f"{place}.{name}: no such field" for name in texts if name not in known]
        mistakes += [f"{place}.{name}: must be text" for name, value in texts.items() if not isinstance(value, str)]
        if not isinstance(inferred, list) or not set(inferred) <= {*texts, "parts"}:
            mistakes.append(f"{place}.inferred: names of fields in this row")
            inferred = []
        if not isinstance(parts, dict) or not all(isinstance(part, str) for part in parts.values()):
            mistakes.append(f"{place}.parts: texts")
            parts = {}
        left_out = set() if allows_inferred else set(inferred)
        rows[code] = MappingRow(
            values={name: value for name, value in texts.items() if name not in left_out and value},
            parts={} if "parts" in left_out else parts,
        )
    return rows
