"""The report of a month's opinions that goes to the portal with a batch: counts in groups, no texts."""

from kiosk.context import Context
from kiosk.dossiers import opinion_groups
from kiosk.papers.opinion_figures import KEPT_DAYS
from kiosk.records import opinions
from sync.portals.base import OpinionGroup, OpinionReport


def find_report(context: Context, held: str = "") -> OpinionReport | None:
    """Return the report of the next month after `held`, such as 2026-10; without it that of the oldest month.

    A month is reported when it is over. One without counts is left out: a new machine knows nothing of the months
    before it, and must not replace what the portal has of them. None where the portal has them all.
    """
    finished = {f"{month:%Y-%m}": month for month in opinion_groups.finished_months(context.clock.today(), KEPT_DAYS)}
    with context.store.read() as db:
        name = next((name for name in opinions.months(db) if name > held and name in finished), None)
        if name is None:
            return None
        counts = opinions.between(db, *opinion_groups.month_days(finished[name]))
    found = opinion_groups.group(counts, lambda opinion: opinion.procedure)
    groups = [
        OpinionGroup(procedure=code, faces=tally.faces, unanswered=tally.unanswered)
        for code, tally in found.shown.items()
    ]
    if found.others:
        groups.append(OpinionGroup(procedure="", faces=found.others.faces, unanswered=found.others.unanswered))
    return OpinionReport(month=name, groups=tuple(groups), words=opinion_groups.words(counts))
