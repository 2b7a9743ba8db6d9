"""Background thread of each gateway process: forwards dossiers, reads their states, deletes what has expired.

`step` forwards one dossier. The forward target is never asked inside a transaction (`forward_run`).
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from sync.gateway import files, forwarding, kiosks, queues, reported_states, retention, status_keys
from sync.gateway.context import GatewayContext
from sync.gateway.database import run_transaction
from sync.gateway.forward_run import ForwardRun, reached_nothing
from sync.gateway.forward_targets import Dossier, ForwardAnswer, ForwardPlan, ForwardTarget, StateAnswer, StateReader
from sync.gateway.forwarding import ForwardAttempt, ForwardPace
from sync.gateway.payments import payment_notices
from sync.gateway.replication import StandbyAway

IDLE_SECONDS = 1.0
DATABASE_RETRY_SECONDS = 5.0
CLEANUP_INTERVAL = timedelta(minutes=1)

_log = logging.getLogger(__name__)


class ForwardWorker:
    """Forwards due dossiers to a target; without a target it only deletes what has expired.

    `reached` is called at each labelled point of a step (`ForwardRun.reached`).
    """

    def __init__(
        self,
        context: GatewayContext,
        target: ForwardTarget | None,
        pace: ForwardPace | None = None,
        reached: Callable[[str], None] | None = None,
    ) -> None:
        self._context = context
        self._target = target
        self._pace = pace or ForwardPace()
        self._reached = reached or reached_nothing
        self._cleaned_at: datetime | None = None
        self._reads_from: datetime | None = None

    def step(self) -> bool:
        """Forward one dossier; return False when none is due or the meter allows none now.

        Raises:
            StandbyAway: a step that is recorded on one machine could be forwarded twice after that machine's loss.
        """
        self._context.replication.require()
        self._clean_up()
        if self._target is None:
            return False
        self._read_state(self._target)
        dossier = run_transaction(self._context.engine, self._claim_due)
        if dossier is None:
            return False
        began = self._context.settings.now()
        answer = self._deliver(self._target, dossier)
        ended = self._context.settings.now()
        if isinstance(answer, ForwardPlan):
            missing = answer.waits_for
            run_transaction(
                self._context.engine,
                lambda db: forwarding.record_wait(db, dossier, waits_for=missing, now=ended, pace=self._pace),
            )
            _log.info("dossier waits", extra={"receipt_no": dossier.receipt_no, "code": missing})
            return True
        attempt = ForwardAttempt(dossier=dossier, answer=answer, began=began, ended=ended)
        run_transaction(self._context.engine, lambda db: forwarding.record_attempt(db, attempt, self._pace))
        _log.info(
            "dossier forwarded",
            extra={"receipt_no": dossier.receipt_no, "outcome": answer.outcome, "code": answer.code},
        )
        return True

    def _deliver(self, target: ForwardTarget, dossier: Dossier) -> ForwardAnswer | ForwardPlan:
        """Do the steps of a dossier; a fault of the adapter refuses this one, and a person looks at it."""
        attempt = ForwardRun(
            engine=self._context.engine,
            target=target,
            dossier=replace(dossier, read_content=partial(self._read_content, dossier.kiosk_id)),
            now=self._context.settings.now,
            lease=self._pace.lease,
            reached=self._reached,
        )
        try:
            return attempt.deliver()
        except DBAPIError:
            raise
        except Exception as error:  # noqa: BLE001 # any adapter, also a province's own
            # The class alone: a message may have what the dossier says.
            _log.error("forward target failed", extra={"receipt_no": dossier.receipt_no, "code": type(error).__name__})
            return ForwardAnswer("refused", type(error).__name__)

    def _read_state(self, target: ForwardTarget) -> None:
        """Ask for the state of one dossier, beside the forwarding; after no answer ask for none for a while."""
        now = self._context.settings.now()
        if not isinstance(target, StateReader) or (self._reads_from is not None and now < self._reads_from):
            return
        claimed = run_transaction(
            self._context.engine, lambda db: reported_states.claim_read(db, target.name, self._context.settings.now())
        )
        self._reads_from = now + timedelta(seconds=self._pace.read_interval)
        if claimed is None:
            return
        kiosk_id, dossier = claimed
        try:
            answer = target.read_state(dossier)
        except DBAPIError:
            raise
        except Exception as error:  # noqa: BLE001 # any adapter, also a province's own
            answer = StateAnswer(outcome="unknown", code=type(error).__name__)
        if answer.outcome == "later":
            self._reads_from = self._context.settings.now() + timedelta(seconds=self._pace.read_pause)
        has_changed = run_transaction(
            self._context.engine,
            lambda db: reported_states.record_state(
                db,
                kiosk_id=kiosk_id,
                receipt_no=dossier.receipt_no,
                answer=answer,
                now=self._context.settings.now(),
            ),
        )
        if has_changed or answer.outcome != "known":
            _log.info(
                "state read",
                extra={"receipt_no": dossier.receipt_no, "outcome": answer.outcome, "code": answer.code},
            )

    def run(self, stop: threading.Event) -> None:
        """Call `step` until `stop` is set; wait while the database is unavailable."""
        while not stop.is_set():
            try:
                seconds = 0.0 if self.step() else min(IDLE_SECONDS, self._pace.interval)
            except DBAPIError:
                _log.warning("database unavailable")
                seconds = DATABASE_RETRY_SECONDS
            except StandbyAway:
                _log.warning("standby away")
                seconds = DATABASE_RETRY_SECONDS
            stop.wait(seconds)

    def _claim_due(self, db: Connection) -> Dossier | None:
        return forwarding.claim_due(db, self._context.settings.now(), self._pace)

    def _read_content(self, kiosk_id: str, sha256: str) -> bytes | None:
        key = files.FileKey(kiosk_id, sha256)
        return run_transaction(self._context.engine, lambda db: files.read_content(db, key))

    def _clean_up(self) -> None:
        now = self._context.settings.now()
        if self._cleaned_at is not None and abs(now - self._cleaned_at) < CLEANUP_INTERVAL:
            return
        self._cleaned_at = now
        with self._context.engine.begin() as db:
            kiosks.delete_old_nonces(db, now)
            files.delete_expired(db, now)
            retention.delete_expired(db, now, self._context.settings.keep_days)
            status_keys.delete_old_tries(db, now)
            queues.delete_old_queues(db, now)
            payment_notices.delete_old_notices(db, now)
