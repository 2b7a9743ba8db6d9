"""Mapping of a forward target: one TOML file with addresses, units, procedures, parts and fees of the other side.

The whole file is checked at the start, and every mistake is named. A value that was guessed is listed in `inferred` of
its row, and is never sent unless the file says `allow_inferred = true`. An empty value is as good as none.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sync.gateway.forward_targets import TargetConnection

_TOP = {"kind", "name", "allow_inferred", "service", "units", "procedures", "fees", "states"}
_INNER = ("parts", "fields")
"""Tables in a row: document codes and answers of ours by their names there."""
_ROW = {"inferred", *_INNER}
MAX_SECONDS = 12.0
"""A step may need nine requests, and the lease of a dossier is two minutes (`ForwardPace.lease`)."""


class BadMapping(ValueError):  # noqa: N818 - reads well in "raise BadMapping"
    """A mapping file that cannot be used; the message lists every mistake, one a line."""


_STATES = frozenset({"code"})
_CODES = {str(code) for code in range(1, 11)}


@dataclass(frozen=True)
class MappingRow:
    """Row of a unit, procedure or fee: the other side's values by our names; guessed ones are left out."""

    values: Mapping[str, str]
    parts: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)

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
        procedures: by procedure code of the gateway; `parts` maps document codes, `fields` answers of the form.
        fees: by fee code of the gateway.
        states: by the system's own word; `code` is that of the national list.
    """

    kind: str
    name: str
    service: Mapping[str, Any]
    units: Mapping[str, MappingRow]
    procedures: Mapping[str, MappingRow]
    fees: Mapping[str, MappingRow]
    states: Mapping[str, MappingRow] = field(default_factory=dict)

    def status_code(self, word: str) -> int | None:
        """Return the code of the national list for a word of the system; None where there is no row."""
        row = self.states.get(word)
        return int(row.get("code")) if row is not None and row.get("code") else None


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
        for table, known in (
            ("units", fields.units),
            ("procedures", fields.procedures),
            ("fees", fields.fees),
            ("states", _STATES),
        )
    }
    mistakes += [
        f'states."{word}".code: 1 to 10' for word, row in rows["states"].items() if row.get("code") not in _CODES
    ]
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
        states=rows["states"],
    )


def check_seconds(mapping: TargetMapping, default: float = 6.0) -> float:
    """Return the limit of one request in seconds.

    Raises:
        BadMapping: it is longer than `MAX_SECONDS`.
    """
    seconds = float(mapping.service.get("seconds", default))
    if not 0 < seconds <= MAX_SECONDS:
        raise BadMapping(f"service.seconds: at most {MAX_SECONDS:.0f}")
    return seconds


def read_secret(mapping: TargetMapping) -> str:
    """Return the content of the file with the password.

    Raises:
        BadMapping: it cannot be read.
    """
    try:
        return Path(mapping.service["password_file"]).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadMapping(f"service.password_file: {type(error).__name__}") from None


def read_connection(mapping: TargetMapping) -> TargetConnection:
    """Return addresses, certificate authority, limit and password of a mapping.

    Raises:
        BadMapping: the limit is too long, or the password cannot be read.
    """
    service = mapping.service
    addresses = (service[name] for name in ("url", "sign_in") if service.get(name))
    return TargetConnection(
        addresses=tuple(dict.fromkeys(addresses)),
        ca=Path(service["ca"]) if service.get("ca") else None,
        seconds=check_seconds(mapping),
        secret=read_secret(mapping),
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
        inner = {name: row.get(name, {}) for name in _INNER}
        mistakes += [f"{place}.{name}: no such field" for name in texts if name not in known]
        mistakes += [f"{place}.{name}: must be text" for name, value in texts.items() if not isinstance(value, str)]
        if not isinstance(inferred, list) or not set(inferred) <= {*texts, *_INNER}:
            mistakes.append(f"{place}.inferred: names of fields in this row")
            inferred = []
        for name, values in inner.items():
            if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
                mistakes.append(f"{place}.{name}: texts")
                inner[name] = {}
        left_out = set() if allows_inferred else set(inferred)
        rows[code] = MappingRow(
            values={name: value for name, value in texts.items() if name not in left_out and value},
            **{name: {} if name in left_out else values for name, values in inner.items()},
        )
    return rows
