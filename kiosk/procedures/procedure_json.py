"""One version of a procedure as JSON, for the store: reading it back builds dataclasses of `model` only, runs nothing.

The JSON is an array of entries, one for each distinct value, after the entries that it contains. An entry begins with
the name of its type; `[7]` in it is the value of entry 7: `["Words", "Khai sinh", "Birth", [7]]`, `["dict", "key", 1]`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from kiosk.procedures import base, model

_FORMAT: Mapping[str, Any] = vars(base) | vars(model)
"""Names of the modules that hold the records of the format."""
_DATACLASSES: Mapping[str, Any] = {
    name: item for name, item in _FORMAT.items() if isinstance(item, type) and is_dataclass(item)
}
_FIELDS: Mapping[str, tuple[str, ...]] = {
    name: tuple(item.name for item in fields(record)) for name, record in _DATACLASSES.items()
}


def dump(procedure: model.Procedure) -> bytes:
    """Return one version of a procedure as JSON that later releases read too: it names the fields of its types."""
    distinct = _DistinctValues()
    distinct.add(procedure)
    names = {entry[0] for entry in distinct.entries}
    known = {name: _FIELDS[name] for name in sorted(names) if name in _FIELDS}
    return _text({"fields": known, "entries": distinct.entries}).encode()


def load(content: bytes) -> model.Procedure:
    """Return the procedure of `dump`; a field that this release does not have is left out.

    Raises:
        ValueError: the content is something else, or lacks a field without a default.
    """
    try:
        plain = json.loads(content)
        procedure = _last_value(plain["entries"], plain["fields"])
    except (AttributeError, IndexError, KeyError, TypeError) as cause:
        raise ValueError from cause
    if not isinstance(procedure, model.Procedure):
        raise ValueError
    return procedure


class _DistinctValues:
    """The entries of the JSON."""

    def __init__(self) -> None:
        self.entries: list[list[Any]] = []
        self._places: dict[str, int] = {}

    def add(self, value: Any) -> Any:
        """Return a text, number or None as it is; of any other value, the reference to its entry."""
        if value is None or isinstance(value, str | int | float):
            return value
        entry = self._entry(value)
        place = self._places.setdefault(_text(entry), len(self.entries))  # as text: 1 and True are equal
        if place == len(self.entries):
            self.entries.append(entry)
        return [place]

    def _entry(self, value: Any) -> list[Any]:
        if isinstance(value, date):
            return ["date", value.isoformat()]
        if isinstance(value, Mapping):
            return ["dict", *(self.add(item) for pair in value.items() for item in pair)]
        if isinstance(value, list | tuple):
            return [type(value).__name__, *map(self.add, value)]
        name = type(value).__name__
        return [name, *(self.add(getattr(value, field)) for field in _FIELDS[name])]


def _text(plain: Any) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def _last_value(entries: Any, names: Mapping[str, Sequence[str]]) -> Any:
    """Return the value of the last entry, which contains all others."""
    values: list[Any] = []
    for name, *plain in entries:
        items = [values[item[0]] if isinstance(item, list) else item for item in plain]
        values.append(_value(name, items, names))
    return values[-1]


def _value(name: str, items: list[Any], names: Mapping[str, Sequence[str]]) -> Any:
    if name in _DATACLASSES:
        given = dict(zip(names[name], items, strict=True))
        return _DATACLASSES[name](**{field: value for field, value in given.items() if field in _FIELDS[name]})
    if name == "date":
        return date.fromisoformat(*items)
    if name == "dict":
        return dict(zip(items[::2], items[1::2], strict=True))
    return {"tuple": tuple, "list": list}[name](items)
