"""What an act stands in: the settings, the store and its key, the shelf, the clock."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property

from kiosk.clock import Clock
from kiosk.config import Config
from kiosk.config.sections import Ward
from kiosk.procedures.answers import Office
from kiosk.procedures.checks import CheckContext
from kiosk.procedures.loader import Catalogue
from kiosk.scanner import ScanDesk
from kiosk.store.db import Store
from kiosk.store.vault import Vault
from kiosk.vietnam.calendar import Calendar, calendar

AUDIT = "audit"
NO_SEATS: Mapping[str, int] = {}


def _no_classes(_context: "Context") -> Mapping[str, int]:
    return NO_SEATS


class _Counted(Mapping[str, int]):
    """Seats that are counted once somebody asks: no other page pays for it."""

    def __init__(self, count: Callable[[], Mapping[str, int]]) -> None:
        self._count = count

    @cached_property
    def _seats(self) -> Mapping[str, int]:
        return self._count()

    def __getitem__(self, session: str) -> int:
        return self._seats[session]

    def __iter__(self) -> Iterator[str]:
        return iter(self._seats)

    def __len__(self) -> int:
        return len(self._seats)


def _spans(told: tuple[str, ...]) -> tuple[tuple[time, time], ...]:
    pairs = (span.partition("-") for span in told)
    return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, _, end in pairs)


def office_of(ward: Ward, seats: Mapping[str, int] = NO_SEATS) -> Office:
    """Return a ward of the settings as the forms name it."""
    return Office(
        committee=ward.agency_committee,
        police=ward.agency_police,
        economy=ward.agency_economy,
        short=ward.name[:1].lower() + ward.name[1:],
        ward_code=ward.code,
        province_code=ward.province_code,
        seats=seats,
    )


@dataclass(frozen=True)
class Context:
    """Everything a page hands to an act; made once, in app.py."""

    config: Config
    store: Store
    vault: Vault
    catalogue: Catalogue
    clock: Clock
    scans: ScanDesk
    seats: "Callable[[Context], Mapping[str, int]]" = _no_classes
    """Counts the seats that are left in the ward's classes, by session; asked only where a form wants to know."""

    @property
    def office(self) -> Office:
        """The ward as the forms name it."""
        return office_of(self.config.ward, _Counted(lambda: self.seats(self)))

    @cached_property
    def calendar(self) -> Calendar:
        """The ward's days and hours."""
        hours = self.config.hours
        week = {day: _spans(hours.weekdays) for day in range(5)} | {5: _spans(hours.saturday)}
        days = [[date.fromisoformat(day) for day in listed] for listed in (hours.off, hours.worked)]
        return calendar(off=days[0], worked=days[1], hours=week)

    @property
    def scene(self) -> CheckContext:
        """Today, in this ward: what a form is judged by."""
        return CheckContext(self.clock.today(), self.office)

    def audit_key(self) -> bytes:
        """Return the key that seals the audit trail."""
        return self.vault.key_for(AUDIT)
