"""A command that changes who can read forms asks the lead, as the pages do."""

from collections.abc import Iterator
from contextlib import contextmanager

from kiosk.acts import agreeing
from kiosk.context import Context
from kiosk.health.second_person import AgreementNeeded

ACTOR = "technician"


@contextmanager
def asking_the_lead(context: Context) -> Iterator[None]:
    """Run a change.

    Raises:
        AgreementNeeded: it waits for the lead, who is asked now.
    """
    try:
        yield
    except AgreementNeeded as error:
        agreeing.ask(context, error, ACTOR)
        raise
