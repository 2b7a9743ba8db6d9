"""Order of procedures on the pages that offer them: by event for citizens, and by how often the ward does them."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from kiosk.context import Context
from kiosk.procedures.model import Procedure
from kiosk.records import services, submissions

COUNTED = timedelta(days=90)
"""Forms and services of this time are counted: long enough for a ward with few of them, short enough for a season."""
RECENT = timedelta(days=30)
"""Forms and services of this time before today decide which procedures have tiles on the start page."""
ON_START = 2
"""Procedures with tiles of their own on the start page: one row of tiles."""


def sort_procedures(context: Context, procedures: Iterable[Procedure]) -> list[Procedure]:
    """Return procedures in the order of the events, the most frequent of an event first.

    Procedures that were done equally often have the order of `events.toml`, then of their codes.
    """
    done = _counts(context)
    place = _places(context)
    return sorted(procedures, key=lambda one: (place(one)[0], -done[one.code], place(one)[1], one.code))


def sort_by_frequency(context: Context, procedures: Iterable[Procedure]) -> list[Procedure]:
    """Return procedures by how often the ward does them, the most frequent first; then as `sort_procedures`."""
    done = _counts(context)
    place = _places(context)
    return sorted(procedures, key=lambda one: (-done[one.code], *place(one), one.code))


def start_procedures(context: Context) -> list[Procedure]:
    """Return the procedures with tiles of their own on the start page: the ward's, else the most used of 30 days.

    Today does not count, so that no tile moves under a hand. A class has a tile of its own.
    """
    today = context.clock.today()
    chosen = context.config.procedures.on_start
    if chosen:
        named = [context.catalogue.in_force(code, today) for code in chosen]
        return [procedure for procedure in named if procedure is not None][:ON_START]
    done = _counts(context, RECENT, until=today)
    used = [procedure for procedure in context.catalogue.all(today) if procedure.queue and done[procedure.code]]
    place = _places(context)
    return sorted(used, key=lambda one: (-done[one.code], *place(one), one.code))[:ON_START]


def _counts(context: Context, length: timedelta = COUNTED, until: date | None = None) -> Counter[str]:
    """Return how often each procedure was done in the last days, before a day where one is named."""
    since = context.clock.today() - length
    with context.store.read() as db:
        done = Counter(submissions.counts_by_procedure(db, since, until))
        return done + Counter(services.counts_by_procedure(db, since, until))


def _places(context: Context) -> Callable[[Procedure], tuple[int, int]]:
    """Return the function of a procedure's event and its place in it."""
    events = {event.id: (place, event.procedures) for place, event in enumerate(context.catalogue.events)}

    def place_of(procedure: Procedure) -> tuple[int, int]:
        place, listed = events[procedure.event]
        return place, listed.index(procedure.code) if procedure.code in listed else len(listed)

    return place_of
