"""Order of procedures on the page that offers them: by event, and in an event by how often the ward does them."""

from collections import Counter
from collections.abc import Iterable
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
    since = context.clock.today() - COUNTED
    with context.store.read() as db:
        done = Counter(submissions.counts_by_procedure(db, since)) + Counter(services.counts_by_procedure(db, since))
    events = {event.id: (place, event.procedures) for place, event in enumerate(context.catalogue.events)}

    def key(procedure: Procedure) -> tuple[int, int, int, str]:
        place, listed = events[procedure.event]
        at = listed.index(procedure.code) if procedure.code in listed else len(listed)
        return place, -done[procedure.code], at, procedure.code

    return sorted(procedures, key=key)
