"""Content of an acceptance: its due time, and the papers and fees as they are when it is stored."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.dossiers import case_summary
from kiosk.dossiers.decision_filing import DecisionContent
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.records import inspections


@dataclass(frozen=True)
class AcceptanceTerms:
    """An acceptance: when the result is due, and where it is handed out.

    Attributes:
        term: position of the term among those of the procedure; None for a day of the officer's choice.
        words: the term in words, for form 01.
        number: official number; empty without one.
    """

    due_at: datetime
    term: int | None
    words: str
    sets: int = 1
    place: str = "counter"
    number: str = ""


def accepted_content(db: Database, opened: OpenedSubmission, acceptance: AcceptanceTerms) -> DecisionContent:
    """Return the decision of an acceptance, with the papers received and the fees, inside a write."""
    due_at = clock.timestamp(acceptance.due_at)
    inspected = inspections.by_paper(db, opened.submission.id)
    return DecisionContent(
        kind="accepted",
        detail={
            "term": acceptance.words,
            "sets": acceptance.sets,
            "papers": case_summary.papers_received(opened, inspected),
            "fees": case_summary.fee_summary(opened),
        },
        facts={"due": due_at, "term": acceptance.term, "place": acceptance.place, "sets": acceptance.sets},
        event={"dueAt": due_at} | ({"officialNo": acceptance.number} if acceptance.number else {}),
        official_no=acceptance.number or None,
        due_at=acceptance.due_at,
    )
