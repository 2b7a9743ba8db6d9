"""Arrival of a transfer, as the pages with a VietQR show it: of the desk and of the touchscreen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from kiosk.dossiers.payment_balance import PaymentBalance
from kiosk.pages.access import context
from kiosk.portal import practice_bank
from kiosk.records import payment_notices


@dataclass(frozen=True, kw_only=True)
class TransferArrival:
    """Money of a transfer in dong, and when the bank booked its last movement."""

    due: int
    received: int
    at: datetime | None

    @property
    def state(self) -> Literal["waits", "short", "paid", "excess"]:
        """How what came is related to what is due."""
        if not self.received:
            return "waits"
        if self.received < self.due:
            return "short"
        return "paid" if self.received == self.due else "excess"

    @property
    def missing(self) -> int:
        """Dong that have not come."""
        return max(0, self.due - self.received)

    @property
    def too_much(self) -> int:
        """Dong that have to be paid back."""
        return max(0, self.received - self.due)


def is_told(db: Database, balance: PaymentBalance) -> bool:
    """Return whether a bank tells this ward anything."""
    last_noticed = payment_notices.last_noticed(db)
    return last_noticed is not None or balance.arrivals > 0 or practice_bank.is_open(context().config)


def arrival_of(balance: PaymentBalance, due: int, before: int) -> TransferArrival:
    """Return what the bank told of a payment beyond `before` dong, which were written down already."""
    received = max(0, balance.surplus + balance.transferred - before)
    return TransferArrival(due=due, received=received, at=balance.last_at)
