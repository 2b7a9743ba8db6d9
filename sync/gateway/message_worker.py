"""Background thread of each gateway process: sends due messages, one after the other.

The provider is never asked inside a transaction. A message is committed as `sending` before its request. One that was
begun before is asked for, and never sent again by guess (`messages`).
"""

import logging
import threading
from collections.abc import Callable, Sequence

from sqlalchemy.exc import DBAPIError

from sync.gateway import messages
from sync.gateway.context import GatewayContext
from sync.gateway.database import run_transaction
from sync.gateway.message_port import MessageSender, SendResult
from sync.gateway.messages import SEND_MARGIN, ClaimedMessage
from sync.gateway.replication import StandbyAway

IDLE_SECONDS = 2.0
DATABASE_RETRY_SECONDS = 5.0
_log = logging.getLogger(__name__)


def _reached_nothing(_point: str) -> None:
    """Ignore a point."""


class MessageWorker:
    """Sends messages by the first sender, and by the next one to a phone that it never reaches.

    Without a sender it only ends old ones. `reached` is called at the points `claimed` and `answered`, where a test
    ends the process.
    """

    def __init__(
        self,
        context: GatewayContext,
        senders: Sequence[MessageSender],
        reached: Callable[[str], None] = _reached_nothing,
    ) -> None:
        self._context = context
        self._senders = {sender.name: sender for sender in senders}
        self._reached = reached

    def step(self) -> bool:
        """Send or ask for one message; return False when none is due.

        Raises:
            StandbyAway: a message that is recorded on one machine could be sent twice after that machine's loss.
        """
        self._context.replication.require()
        engine = self._context.engine
        now = self._context.settings.now
        names = tuple(self._senders)
        if not names:
            run_transaction(engine, lambda db: messages.drop_old(db, now()))
            return False
        claimed = run_transaction(engine, lambda db: messages.claim_due(db, names, now()))
        if claimed is None:
            return False
        sender = self._senders[claimed.sender]
        self._reached("claimed")
        if claimed.has_begun:
            presence = sender.find(claimed.message)
            run_transaction(engine, lambda db: messages.record_presence(db, claimed, presence, now()))
            self._log(claimed, presence, "")
            return True
        if now() > claimed.lease_ends - SEND_MARGIN:
            return True  # the process was suspended: the next claim asks the provider
        result = self._send(sender, claimed)
        self._reached("answered")
        next_sender = next(iter(names[names.index(claimed.sender) + 1 :]), "")
        run_transaction(engine, lambda db: messages.record_result(db, claimed, result, next_sender, now()))
        self._log(claimed, result.outcome, result.code)
        return True

    def _send(self, sender: MessageSender, claimed: ClaimedMessage) -> SendResult:
        """Send a message; after a fault of the adapter it may be there."""
        try:
            return sender.send(claimed.message)
        except DBAPIError:
            raise
        except Exception as error:  # noqa: BLE001 # any adapter
            return SendResult(outcome="unknown", code=type(error).__name__)

    def _log(self, claimed: ClaimedMessage, outcome: str, code: str) -> None:
        message = claimed.message
        _log.info("message", extra={"receipt_no": message.receipt_no, "outcome": outcome, "code": code})

    def run(self, stop: threading.Event) -> None:
        """Call `step` until `stop` is set; wait while the database is unavailable."""
        while not stop.is_set():
            try:
                seconds = 0.0 if self.step() else IDLE_SECONDS
            except DBAPIError:
                _log.warning("database unavailable")
                seconds = DATABASE_RETRY_SECONDS
            except StandbyAway:
                _log.warning("standby away")
                seconds = DATABASE_RETRY_SECONDS
            stop.wait(seconds)
