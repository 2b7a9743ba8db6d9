"""Order of procedures on the pages that offer them: by event for citizens, and by how often the ward does them."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta

from kiosk.context import Context
from kiosk.procedures.model import Procedure
from kiosk.records import services, submissions

COUNTED = timedelta(days=90)
"""Forms and services of this time are counted: long enough for a ward with few of them, short enough for a season."""


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


def _counts(context: Context) -> Counter[str]:
    since = context.clock.today() - COUNTED
    with context.store.read() as db:
        return Counter(submissions.counts_by_procedure(db, since)) + Counter(services.counts_by_procedure(db, since))


def _places(context: Context) -> Callable[[Procedure], tuple[int, int]]:
    """Return the function of a procedure's event and its place in it."""
    events = {event.id: (place, event.procedures) for place, event in enumerate(context.catalogue.events)}

    def place_of(procedure: Procedure) -> tuple[int, int]:
        place, listed = events[procedure.event]
        return place, listed.index(procedure.code) if procedure.code in listed else len(listed)

    return place_of
