"""Balance of a payment: what the bank told of a case or queue number, against what the desk has written down.

The state follows from sums alone, so it does not depend on the order in which notices and presses came:

    surplus = received - paid back - written down as transfers

What an accountant has to pay back counts as paid back. A notice that pays back more than that counts by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlite_utils import Database

from kiosk.context import Context
from kiosk.dossiers import open_fees
from kiosk.records import fees, payment_notices, payment_refunds, services, tickets
from kiosk.records.fees import FeeRow
from kiosk.records.payment_notices import NoticeRow
from kiosk.records.services import ServiceRecord

BalanceState = Literal[
    "settled", "credit", "short", "excess", "twice", "after_cash", "waiting", "returned", "unseen", "refunding"
]
"""State of a payment:

    settled     sums are equal            credit    equals what is due, and is not written down
    short       less than is due          excess    more than is due
    twice       all is paid by transfer   after_cash    all is paid in cash
    waiting     no amount is known yet    returned  paid back, and still written down as paid
    unseen      an officer confirmed it, the bank has not    refunding   an accountant has to pay back
"""


@dataclass(frozen=True, kw_only=True)
class PaymentBalance:
    """Sums of a subject in dong; `due` is None where an officer has to state an amount."""

    subject: str
    received: int
    paid_back: int
    promised: int
    transferred: int
    cash: int
    due: int | None
    arrivals: int
    last_at: datetime | None
    """When the bank booked the last movement."""

    @property
    def surplus(self) -> int:
        """Money on the account that nothing is written down for; negative: the desk wrote down more."""
        return self.received - max(self.promised, self.paid_back) - self.transferred

    @property
    def state(self) -> BalanceState:
        """The state of the payment."""
        if self.surplus > 0:
            return self._surplus_state()
        if self.surplus < 0:
            return "unseen" if not self.arrivals else "returned" if self.paid_back else "short"
        return "refunding" if self.promised > self.paid_back else "settled"

    @property
    def is_case(self) -> bool:
        """Whether the subject is a receipt number; else a queue number and its day, which the desk settles."""
        return is_receipt_no(self.subject)

    @property
    def missing(self) -> int:
        """Money that is still to be collected where the bank told of a part."""
        return (self.due or 0) - self.surplus if self.surplus > 0 else -self.surplus

    @property
    def too_much(self) -> int:
        """Money to pay back."""
        return max(0, self.surplus - (self.due or 0))

    def _surplus_state(self) -> BalanceState:
        if self.due is None:
            return "waiting"
        if self.surplus == self.due:
            return "credit"
        if self.surplus < self.due:
            return "short"
        if self.due or not (self.transferred or self.cash):
            return "excess"
        return "twice" if self.transferred else "after_cash"


def find_balance(context: Context, db: Database, subject: str) -> PaymentBalance:
    """Return the balance of a receipt number, or of a queue number and its day."""
    notices = payment_notices.of_subject(db, subject)
    paid = _written_down(db, subject)
    is_case = is_receipt_no(subject)
    due = open_fees.open_sum(open_fees.open_fees(context, subject)) if is_case else 0 if paid else None
    return PaymentBalance(
        subject=subject,
        received=_sum_of(notices, "in"),
        paid_back=_sum_of(notices, "out"),
        promised=sum(refund.amount for refund in payment_refunds.of_subject(db, subject)),
        transferred=sum(row.amount for row in paid if row.method == "transfer"),
        cash=sum(row.amount for row in paid if row.method == "cash"),
        due=due,
        arrivals=sum(notice.direction == "in" for notice in notices),
        last_at=max((notice.booked_at for notice in notices), default=None),
    )


def is_receipt_no(subject: str) -> bool:
    """Return whether a subject is a case; else it is a queue number and its day."""
    return " " not in subject


def parse_label(subject: str) -> tuple[str, date]:
    """Return the queue number and the day of a subject that is no case."""
    label, day = subject.split(" ")
    return label, date.fromisoformat(day)


def _written_down(db: Database, subject: str) -> list[FeeRow | ServiceRecord]:
    """Return what the desk has written down as paid."""
    if is_receipt_no(subject):
        return [row for row in fees.of_case(db, subject) if row.method]
    label, day = parse_label(subject)
    ticket = tickets.by_label(db, day, label)
    return [row for row in services.of_ticket(db, ticket.id) if row.method] if ticket else []


def _sum_of(notices: Sequence[NoticeRow], direction: str) -> int:
    return sum(notice.amount for notice in notices if notice.direction == direction)
