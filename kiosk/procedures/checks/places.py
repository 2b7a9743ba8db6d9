"""Rules about places."""

# ruff: noqa: ARG001 - all rules have one signature

from collections.abc import Mapping
from functools import cache
from typing import Any

from kiosk.procedures.checks.base import Args, CheckContext, Values
from kiosk.vietnam import places, reference_data, viet_text


def in_ward(values: Values, args: Args, scene: CheckContext) -> bool:
    """The place lies in this ward."""
    code = _ward(values[0])
    return code is None or code == scene.office.ward_code


def any_in_ward(values: Values, args: Args, scene: CheckContext) -> bool:
    """One of the places lies in this ward."""
    codes = [code for code in map(_ward, values) if code]
    return not codes or scene.office.ward_code in codes


def different_place(values: Values, args: Args, scene: CheckContext) -> bool:
    """Two addresses are not the same house."""
    first, second = values[0] or {}, values[1] or {}
    if not _ward(first) or _ward(first) != _ward(second):
        return True
    return viet_text.fold(str(first.get("detail", ""))) != viet_text.fold(str(second.get("detail", "")))


def own_city(values: Values, args: Args, scene: CheckContext) -> bool:
    """A written place does not name another province."""
    text = f" {viet_text.fold(str(values[0] or ''))} "
    named = {code for name, code in _province_names() if f" {name} " in text}
    return not named or scene.office.province_code in named


def _ward(value: Any) -> str | None:
    return value.get("wardCode") if isinstance(value, Mapping) else None


@cache
def _province_names() -> tuple[tuple[str, str], ...]:
    """Provinces of today and those of before July 2025, folded, with the code of today."""
    former = [(places.split_kind(name)[1], code) for _, name, code in reference_data.read("id_provinces.json")["rows"]]
    return tuple(
        (viet_text.fold(name), code) for name, code in former + [(p.short, p.code) for p in places.provinces()]
    )
