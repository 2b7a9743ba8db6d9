"""Catalogue as JSON, for its cache: reading it back builds dataclasses of `model` only and runs nothing.

A JSON array begins with the name of its type: `["Words", "Khai sinh", "Birth"]`, `["tuple", 1, 2]`.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from kiosk.procedures import model
from kiosk.procedures.documents import Document
from kiosk.procedures.life_events import LifeEvent
from kiosk.procedures.loader import Catalogue
from kiosk.procedures.overrides import Override

_DATACLASSES: Mapping[str, Any] = {
    **{name: item for name, item in vars(model).items() if isinstance(item, type) and is_dataclass(item)},
    "Document": Document,
    "LifeEvent": LifeEvent,
    "Override": Override,
}


def dump(catalogue: Catalogue) -> bytes:
    """Return the catalogue as JSON."""
    values = {
        "documents": _plain(dict(catalogue.documents)),
        "events": _plain(catalogue.events),
        "overrides": _plain(dict(catalogue.overrides)),
        "procedures": _plain(catalogue.every_version()),
    }
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def load(content: bytes) -> Catalogue:
    """Return the catalogue of `dump`.

    Raises:
        ValueError: the content is something else.
    """
    try:
        values = json.loads(content)
        procedures = _value(values["procedures"])
        catalogue = Catalogue(procedures, _value(values["overrides"]), documents=_value(values["documents"]))
        catalogue.events = _value(values["events"])
        return catalogue
    except (AttributeError, IndexError, KeyError, TypeError) as cause:
        raise ValueError from cause


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, list | tuple):
        return [type(value).__name__, *map(_plain, value)]
    if isinstance(value, date):
        return ["date", value.isoformat()]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [type(value).__name__, *(_plain(getattr(value, item.name)) for item in fields(value))]


def _value(plain: Any) -> Any:
    if isinstance(plain, dict):
        return {key: _value(item) for key, item in plain.items()}
    if not isinstance(plain, list):
        return plain
    name = plain[0]
    items = [_value(item) for item in plain[1:]]
    if name in _DATACLASSES:
        record = _DATACLASSES[name]
        return record(**dict(zip((item.name for item in fields(record)), items, strict=True)))
    if name == "date":
        return date.fromisoformat(*items)
    return {"tuple": tuple, "list": list}[name](items)
