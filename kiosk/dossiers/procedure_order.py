"""Order of procedures on the pages that offer them: by event for citizens, and by how often the ward does them."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta

from kiosk.context import Context
from kiosk.procedures.life_events import LifeEvent
from kiosk.procedures.loader import Catalogue
from kiosk.procedures.model import Procedure
from kiosk.records import services, submissions

COUNTED = timedelta(days=90)
"""Forms and services of this time before today are counted: enough for a ward with few, short enough for a season."""
RECENT = timedelta(days=30)
"""Forms and services of this time before today decide which procedures have tiles on the start page."""
ON_START = 2
"""Procedures with tiles of their own on the start page: one row of tiles."""


def sort_events(context: Context) -> list[LifeEvent]:
    """Return the life events by how often the ward does their procedures, then in the order of the file."""
    return _sort_events(context, _counts(context))


def _sort_events(context: Context, done: Counter[str]) -> list[LifeEvent]:
    events = {event.id: 0 for event in context.catalogue.events}
    for procedure in context.catalogue.all(context.clock.today()):
        events[procedure.event] += done[procedure.code]
    return sorted(context.catalogue.events, key=lambda event: -events[event.id])


def sort_procedures(context: Context, procedures: Iterable[Procedure]) -> list[Procedure]:
    """Return procedures in the order of the events, the most frequent of an event first.

    Procedures that were done equally often have the order of `events.toml`, then of their codes.
    """
    done = _counts(context)
    place = _places(_sort_events(context, done))
    return sorted(procedures, key=lambda one: (place(one)[0], -done[one.code], place(one)[1], one.code))


def sort_by_frequency(context: Context, procedures: Iterable[Procedure]) -> list[Procedure]:
    """Return procedures by how often the ward does them, the most frequent first; then as `events.toml` says."""
    return _sort_by_counts(context, procedures, _counts(context))


def sort_as_listed(catalogue: Catalogue, procedures: Iterable[Procedure]) -> list[Procedure]:
    """Return procedures in the order of `events.toml`, whatever the ward does most: the order stays the same."""
    place = _places(catalogue.events)
    return sorted(procedures, key=lambda one: (*place(one), one.code))


def start_procedures(context: Context) -> list[Procedure]:
    """Return the procedures with tiles of their own on the start page: the ward's, else the most used of 30 days.

    A class has a tile of its own.
    """
    today = context.clock.today()
    chosen = context.config.procedures.on_start
    if chosen:
        named = [context.catalogue.in_force(code, today) for code in chosen]
        return [procedure for procedure in named if procedure is not None][:ON_START]
    done = _counts(context, RECENT)
    used = [procedure for procedure in context.catalogue.all(today) if procedure.queue and done[procedure.code]]
    return _sort_by_counts(context, used, done)[:ON_START]


def _sort_by_counts(context: Context, procedures: Iterable[Procedure], done: Counter[str]) -> list[Procedure]:
    place = _places(context.catalogue.events)
    return sorted(procedures, key=lambda one: (-done[one.code], *place(one), one.code))


def _counts(context: Context, length: timedelta = COUNTED) -> Counter[str]:
    """Return how often each procedure was done in the days before today.

    Today does not count, so that no tile moves under a hand.
    """
    today = context.clock.today()
    with context.store.read() as db:
        done = Counter(submissions.counts_by_procedure(db, today - length, today))
        return done + Counter(services.counts_by_procedure(db, today - length, today))


def _places(events: Iterable[LifeEvent]) -> Callable[[Procedure], tuple[int, int]]:
    """Return the function of the place of a procedure's event, and of its own place in it."""
    places = {event.id: (place, event.procedures) for place, event in enumerate(events)}

    def place_of(procedure: Procedure) -> tuple[int, int]:
        place, listed = places[procedure.event]
        return place, listed.index(procedure.code) if procedure.code in listed else len(listed)

    return place_of
