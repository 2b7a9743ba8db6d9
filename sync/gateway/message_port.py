"""Port of messages: what is told to a phone, and the protocol of a provider that sends it.

A message has a receipt number and a day; no name, no identity number and no procedure. Its tracking id is the same at
each attempt, so that a provider that can be asked is asked whether it has the message.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

Occasion = Literal["received", "paper-missing", "new-day", "result-ready"]
OCCASIONS: tuple[Occasion, ...] = ("received", "paper-missing", "new-day", "result-ready")
WITH_DAY = ("received", "new-day")
"""Occasions whose text has the day of the result."""
NO_DAY = "trên Giấy tiếp nhận"
"""In place of a day where the desk named none; at most 30 characters, the limit of a template's value."""


@dataclass(frozen=True, kw_only=True)
class OutgoingMessage:
    """A message to one phone.

    Attributes:
        tracking_id: its id, the same at each attempt.
        phone: ten digits that begin with 0.
        occasion: why it is sent.
        receipt_no: the receipt number.
        day: the day of the result as people write it; "" where the occasion has none.
    """

    tracking_id: str
    phone: str
    occasion: Occasion
    receipt_no: str
    day: str = ""


@dataclass(frozen=True, kw_only=True)
class SendResult:
    """Result of sending.

    Attributes:
        outcome: `accepted`; `refused` for good; `later`: nothing has reached the provider; `unknown`: it may have.
        code: a short word without personal data.
        retry_after: seconds until the next attempt, where the provider or the adapter names them.
        is_unreachable: the provider never reaches this phone; another one may.
    """

    outcome: Literal["accepted", "refused", "later", "unknown"]
    code: str = "ok"
    retry_after: float | None = None
    is_unreachable: bool = False


MessagePresence = Literal["present", "absent", "cannot-tell", "untraceable"]
"""Whether a provider has a message. `untraceable`: it has no question for it, so the message is never sent again."""


class MessageSender(Protocol):
    """A provider; a failure of the connection is a result, never an exception."""

    @property
    def name(self) -> str:
        """Return the name of the provider in the ledger."""

    def send(self, message: OutgoingMessage) -> SendResult:
        """Send a message."""

    def find(self, message: OutgoingMessage) -> MessagePresence:
        """Return whether a message whose answer was lost is at the provider."""

    def close(self) -> None:
        """Close the connection."""
