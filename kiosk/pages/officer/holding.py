"""May this officer act on this submission now: it stands at the counter, or was opened by look-up with a reason.

Whatever a page shows of a form, or does with it, asks here first. A ticket's own pages ask for the counter alone
(`ticket.at_counter`); a page that also serves an opened case asks for `held`.
"""

from dataclasses import dataclass

from kiosk import clock
from kiosk.acts.looking import Seat
from kiosk.errors import NotAllowed
from kiosk.pages.access import context
from kiosk.pages.officer.blueprint import sitting
from kiosk.records import openings, submissions, tickets
from kiosk.records.openings import Opening
from kiosk.records.submissions import Submission
from kiosk.records.tickets import Ticket


@dataclass(frozen=True)
class Hold:
    """A submission that this officer may act on, and by which right: its number is at the counter, or it was opened."""

    submission: Submission
    ticket: Ticket | None
    opening: Opening | None

    @property
    def until(self) -> str:
        """Until when it is open, as 8:41; empty at the counter."""
        return f"{clock.local(self.opening.closes_at):%H:%M}" if self.opening else ""

    @property
    def seconds(self) -> int:
        """How long it stays open, in seconds from now; 0 at the counter, where it has no end."""
        left = (self.opening.closes_at - context().clock.now()).total_seconds() if self.opening else 0
        return max(0, round(left))


def seat() -> Seat:
    """Return who acts, behind which session."""
    return Seat(sitting().person.code, sitting().session)


def hold_of(submission_id: str) -> Hold | None:
    """Return by which right this officer may act on a submission now; None for none, or where it is unknown."""
    here, number = context(), sitting().counter
    with here.store.read() as db:
        found = submissions.find(db, submission_id)
        if found is None:
            return None
        ticket = tickets.at_counter(db, here.clock.today(), number) if number is not None else None
        called = submissions.find(db, ticket.submission_id) if ticket and ticket.submission_id else None
        if called is not None and called.receipt_no == found.receipt_no:
            return Hold(found, ticket, None)
        opening = openings.standing(db, submission_id, sitting().session, here.clock.now())
    return Hold(found, None, opening) if opening else None


def held(submission_id: str) -> Hold:
    """Return by which right this officer may act on a submission now; NotAllowed for none."""
    found = hold_of(submission_id)
    if found is None:
        raise NotAllowed(
            "Hồ sơ này không ở quầy đang ngồi, hoặc đã hết giờ mở. Mời tra cứu và mở lại.",
            "This case is not at your counter, or its time is over. Please look it up and open it again.",
        )
    return found
