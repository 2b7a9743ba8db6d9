"""The report of a month's opinions that goes to the portal with a batch: counts in groups, no texts."""

from kiosk import opinion_groups
from kiosk.context import Context
from kiosk.papers.opinion_figures import KEPT_DAYS
from kiosk.records import opinions
from sync.portals.base import OpinionGroup, OpinionReport


def find_report(context: Context, held: str = "") -> OpinionReport | None:
    """Return the report of the month after `held`, a month such as 2026-10; without it that of the oldest month.

    A month is reported when it is over. None where the portal has them all.
    """
    today = context.clock.today()
    months = opinion_groups.finished_months(today, KEPT_DAYS)[::-1]
    month = next((month for month in months if f"{month:%Y-%m}" > held), None)
    if month is None:
        return None
    with context.store.read() as db:
        counts = opinions.between(db, *opinion_groups.month_days(month))
    found = opinion_groups.group(counts, lambda opinion: opinion.procedure)
    groups = [
        OpinionGroup(procedure=code, faces=tally.faces, unanswered=tally.unanswered)
        for code, tally in found.shown.items()
    ]
    if found.others:
        groups.append(OpinionGroup(procedure="", faces=found.others.faces, unanswered=found.others.unanswered))
    return OpinionReport(month=f"{month:%Y-%m}", groups=tuple(groups), words=opinion_groups.words(counts))
