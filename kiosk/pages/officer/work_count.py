"""Cases that need work, as the top bar of every officer's page counts them."""

from collections.abc import Sequence

from flask import g

from kiosk.dossiers import work_list
from kiosk.dossiers.work_list import NOT_TODAY, WorkItem
from kiosk.pages.access import context
from kiosk.records import work_cases
from kiosk.records.staff import Sitting


def items_of_ward() -> list[WorkItem]:
    """Return the work of the whole ward, the most urgent first."""
    now = context().clock.now()
    with context().store.read() as db:
        today = context().clock.today()
        waiting = work_cases.waiting_tickets(db, today)
        return work_list.work_items(work_cases.to_do(db, now, today), now, waiting)


def own(items: Sequence[WorkItem]) -> list[WorkItem]:
    """Return the part that is of this officer."""
    sitting: Sitting = g.sitting
    return [item for item in items if item.case.officer == sitting.person.code]


def count_today(items: Sequence[WorkItem]) -> int:
    """Count the cases that the desk must do something about; not those that wait for somebody else."""
    return sum(item.state not in NOT_TODAY for item in items)
