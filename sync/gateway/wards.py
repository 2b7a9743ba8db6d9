"""Wards of an account: whose machines and forms its pages show.

A unit is named by its code, such as H57.99.01, or by a beginning up to a dot, such as H57.99 for every unit below it.
An account without units sees the whole province.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from sync.gateway.tables import kiosks

_UNIT = re.compile(r"[A-Z][0-9A-Z]{1,10}(\.[0-9A-Z]{1,6}){0,4}", re.ASCII)


@dataclass(frozen=True)
class Wards:
    """The units that an account sees; none: all of them."""

    units: tuple[str, ...] = ()

    @property
    def is_limited(self) -> bool:
        """Return whether there are units that the account does not see."""
        return bool(self.units)

    def has(self, unit_code: str) -> bool:
        """Return whether the account sees a unit."""
        return not self.units or any(f"{unit_code}.".startswith(f"{unit}.") for unit in self.units)

    def of_units(self, unit_code: ColumnElement[str]) -> ColumnElement[bool]:
        """Return the condition that a column of unit codes has one of the account's."""
        if not self.units:
            return true()
        return or_(
            false(),
            *(or_(unit_code == unit, unit_code.startswith(f"{unit}.", autoescape=True)) for unit in self.units),
        )

    def of_kiosks(self, kiosk_id: ColumnElement[str]) -> ColumnElement[bool]:
        """Return the condition that a column of kiosk ids has a machine of the account's units."""
        if not self.units:
            return true()
        return and_(kiosk_id.in_(select(kiosks.c.kiosk_id).where(self.of_units(kiosks.c.unit_code))))


ALL = Wards()


def parse_units(text: str) -> Wards:
    """Return the wards of a stored text: unit codes between spaces."""
    return Wards(tuple(text.split()))


def is_unit(text: str) -> bool:
    """Return whether a text may be a unit's code, or the beginning of one up to a dot."""
    return len(text) <= 35 and _UNIT.fullmatch(text) is not None


def units_text(units: Sequence[str]) -> str:
    """Return units as they are stored."""
    return " ".join(dict.fromkeys(units))
