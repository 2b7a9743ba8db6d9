"""Rules about places."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from kiosk.procedures.checks.base import PLACES, TEXTS, Args, CheckContext, Values, takes
from kiosk.vietnam import places, reference_data, viet_text


@takes(PLACES, keys=(1, 1))
def in_ward(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the place is in this ward."""
    code = _ward(values[0])
    return code is None or code == context.office.ward_code


@takes(PLACES, keys=(1, 1))
def in_own_ward_or_other_city(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the place is not in another ward of this province."""
    return in_ward(values, args, context) or not in_city(values, args, context)


@takes(PLACES, keys=(1, 1))
def in_city(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the place is in this province or central city."""
    code = values[0].get("provinceCode") if isinstance(values[0], Mapping) else None
    return not code or code == context.office.province_code


@takes(PLACES)
def any_in_ward(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether one of the places is in this ward."""
    codes = [code for code in map(_ward, values) if code]
    return not codes or context.office.ward_code in codes


@takes(PLACES, keys=(2, 2))
def different_place(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether two addresses differ."""
    first = values[0] or {}
    second = values[1] or {}
    if not _ward(first) or _ward(first) != _ward(second):
        return True
    return viet_text.fold(str(first.get("detail", ""))) != viet_text.fold(str(second.get("detail", "")))


@takes(PLACES, keys=(1, 2))
def other_ward(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether two places, or one place and this office, are in different wards of today.

    A place whose ward is unknown is no error.
    """
    first, *others = map(_ward, values)
    return first is None or first != (others[0] if others else context.office.ward_code)


@takes(TEXTS, keys=(1, 1))
def own_city(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether a typed place names no other province."""
    text = f" {viet_text.fold(str(values[0] or ''))} "
    named = {code for name, code in _province_names() if f" {name} " in text}
    return not named or context.office.province_code in named


def _ward(value: Any) -> str | None:
    return value.get("wardCode") if isinstance(value, Mapping) else None


@cache
def _province_names() -> tuple[tuple[str, str], ...]:
    """Return (folded name, code of today) of the provinces of today and of those before July 2025."""
    former = [(places.split_kind(name)[1], code) for _, name, code in reference_data.read("id_provinces.json")["rows"]]
    current = [(province.short, province.code) for province in places.provinces()]
    return tuple((viet_text.fold(name), code) for name, code in former + current)
