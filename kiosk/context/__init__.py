"""Application context: config, store, vault, catalogue, clock."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property, lru_cache
from threading import Lock

from kiosk.base.clock import Clock
from kiosk.base.errors import BadSettings
from kiosk.config import Config
from kiosk.config.live_settings import FileState, file_state, source_file, with_newest
from kiosk.config.service_plan import ServicePlan, in_force, plan_of, with_plan
from kiosk.config.ward_sections import HoursSettings, WardSettings
from kiosk.context.draft_presence import DraftPresence
from kiosk.context.long_work import LongWork
from kiosk.context.practice_visits import PracticeVisits
from kiosk.context.scanner import CardInbox
from kiosk.paper_scanner import PaperScanner
from kiosk.procedures.answers import Office
from kiosk.procedures.checks import CheckContext
from kiosk.procedures.loader import Catalogue
from kiosk.records import service_plans
from kiosk.records.service_plans import SavedPlan
from kiosk.store.db import Store
from kiosk.store.vault import Vault
from kiosk.vietnam.calendar import Calendar, calendar

log = logging.getLogger(__name__)

AUDIT = "audit"
NO_SEATS: Mapping[str, int] = {}


def _no_classes(_context: "Context") -> Mapping[str, int]:
    return NO_SEATS


class _LazySeats(Mapping[str, int]):
    """Free seats by session, counted at the first access: only forms of a class need the query."""

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


def _parse_hours(spans: tuple[str, ...]) -> tuple[tuple[time, time], ...]:
    pairs = (span.partition("-") for span in spans)
    return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, _, end in pairs)


@lru_cache(maxsize=8)
def calendar_of(hours: HoursSettings) -> Calendar:
    """Return the calendar of opening hours and of the days that a ward adds."""
    week = {day: _parse_hours(hours.weekdays) for day in range(5)}
    week[5] = _parse_hours(hours.saturday)
    off = [date.fromisoformat(day) for day in hours.off]
    worked = [date.fromisoformat(day) for day in hours.worked]
    return calendar(off=off, worked=worked, hours=week)


def office_of(ward: WardSettings, seats: Mapping[str, int] = NO_SEATS) -> Office:
    """Return the names and codes of a ward as forms and procedures use them."""
    return Office(
        committee=ward.agency_committee,
        police=ward.agency_police,
        economy=ward.agency_economy,
        short=ward.name[:1].lower() + ward.name[1:],
        ward_code=ward.code,
        province_code=ward.province_code,
        seats=seats,
        amounts={"social_pension": ward.social_pension} if ward.social_pension else {},
        not_for_marriage=ward.not_for_marriage,
    )


@dataclass(eq=False)
class Context:
    """The objects that pages pass to acts; made once, in `web/app.py`.

    Of these `config` changes, when a lead has saved another service plan (`use_newest_plan`) or kiosk.toml was changed
    (`use_newest_settings`), and `catalogue`, when another content release is in use (`app.use_new_content`).
    """

    config: Config
    store: Store
    vault: Vault
    catalogue: Catalogue
    clock: Clock
    card_inbox: CardInbox
    presence: DraftPresence = field(default_factory=DraftPresence)
    """Presence of both sides of a shared draft, and the page that each shows."""
    work: LongWork = field(default_factory=LongWork)
    """Long work that a technician's page began."""
    paper_scanner: PaperScanner = field(default_factory=PaperScanner)
    """Scanners for papers, and what people scanned and have not kept yet."""
    practice_visits: PracticeVisits = field(default_factory=PracticeVisits)
    """Visits of people who practise beside this kiosk; the practice app has the same."""
    count_seats: "Callable[[Context], Mapping[str, int]]" = _no_classes
    """Counts the free seats in the ward's classes, by session."""
    content: str = ""
    """Version of the content release that the catalogue was read with; empty: the shipped content."""
    plan_revision: int = 0
    """Revision of the saved service plan that `config` has; 0: none was saved."""
    file_plan: ServicePlan = field(init=False)
    """The service plan of kiosk.toml, also while another is in force."""
    settings_error: BadSettings | None = None
    """Errors of the changed kiosk.toml; while there are some, the former settings are used."""
    _plan_lock: Lock = field(default_factory=Lock, repr=False)
    """Held while `config` and `plan_revision` change: two requests must not leave them of two plans."""
    _file_state: FileState = field(init=False, repr=False)
    """State of kiosk.toml when it was read."""
    _saved_plan: SavedPlan | None = field(default=None, init=False, repr=False)
    """The service plan that a lead saved last."""

    def __post_init__(self) -> None:
        """Remember the plan and the state of the file, before `config` is replaced."""
        self.file_plan = plan_of(self.config)
        self.settings_error = self.config.broken
        self._file_state = file_state(source_file(self.config))

    @property
    def office(self) -> Office:
        """The ward's names, codes and free seats."""
        return office_of(self.config.ward, _LazySeats(lambda: self.count_seats(self)))

    @property
    def calendar(self) -> Calendar:
        """The ward's working days and opening hours."""
        return calendar_of(self.config.hours)

    def use_newest_plan(self) -> None:
        """Use the service plan that was saved last, by this process or another; one short query where it is in use."""
        with self.store.read() as db:
            if service_plans.newest_revision(db) == self.plan_revision:
                return
        with self._plan_lock, self.store.read() as db:
            self._saved_plan = service_plans.newest(db)
            self.config = with_plan(self.config, self._plan_in_force())
            self.plan_revision = self._saved_plan.revision if self._saved_plan else 0

    def _plan_in_force(self) -> ServicePlan:
        saved = self._saved_plan
        return in_force(self.file_plan, saved.plan, saved.parts) if saved else self.file_plan

    def use_newest_settings(self) -> None:
        """Use the settings that kiosk.toml has now; one look at the file where it has not changed.

        Those of `live_settings.AT_START` wait for a restart. While the file is broken, the settings of before stay, and
        `settings_error` says why.
        """
        state = file_state(source_file(self.config))
        if state == self._file_state:
            return
        with self._plan_lock:
            self._file_state = state
            try:
                newest = with_newest(self.config)
            except BadSettings as error:
                self.settings_error = error
                log.warning("settings not read again", extra={"code": error.code})
                return
            self.settings_error = None
            self.file_plan = plan_of(newest)
            self.config = with_plan(newest, self._plan_in_force())

    @property
    def check_context(self) -> CheckContext:
        """The day and the office that the rules of a form are checked with."""
        return CheckContext(self.clock.today(), self.office)

    def audit_key(self) -> bytes:
        """Return the key that seals the audit trail."""
        return self.vault.key_for(AUDIT)
