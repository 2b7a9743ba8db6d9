"""Attempt to forward one dossier, step by step through the ledger.

Three rules hold whatever is killed: a step is committed before its request; a begun step is verified before it is
repeated; only one process asks the system for a dossier (`forward_steps.hold`). The system is never asked inside a
transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row

from sync.gateway import forward_steps
from sync.gateway.database import run_transaction
from sync.gateway.forward_targets import Dossier, ForwardAnswer, ForwardOutcome, ForwardPlan, ForwardTarget, StepResult

LOST = ForwardAnswer("later", "lost")
"""Answer of an attempt whose lease has ended: another process has the dossier."""


def reached_nothing(_point: str) -> None:
    """Ignore a point."""


@dataclass(frozen=True, kw_only=True)
class ForwardRun:
    """Attempt to forward a dossier.

    Attributes:
        engine: the gateway's database.
        target: the system.
        dossier: the dossier, claimed by this process.
        now: returns the time.
        lease: how long one request may take, in seconds.
        reached: called at each labelled point (`begun`, `answered`, `verified`), where a test ends the process.
    """

    engine: Engine
    target: ForwardTarget
    dossier: Dossier
    now: Callable[[], datetime]
    lease: float
    reached: Callable[[str], None] = field(default=reached_nothing)

    def deliver(self) -> ForwardAnswer | ForwardPlan:
        """Do every step that is not done; return the answer of the attempt, or the plan when something is missing."""
        ledger = run_transaction(self.engine, lambda db: forward_steps.read_steps(db, self.target.name, self.dossier))
        facts = forward_steps.read_facts(ledger)
        plan = self.target.plan(self.dossier, facts)
        if plan.waits_for:
            return plan
        official_no = None
        for step in plan.steps:
            row = ledger.get(step)
            if row is not None and row.state in ("done", "doubtful"):
                official_no = row.official_no or official_no
                continue
            result = self._verify_or_run(step, row, facts)
            if result.outcome != "done":
                return _failed(result)
            if result.fact:
                facts[forward_steps.kind_of(step)] = result.fact
            official_no = result.official_no or official_no
        return ForwardAnswer("taken", official_no=official_no)

    def _verify_or_run(self, step: str, row: Row[Any] | None, facts: dict[str, str]) -> StepResult:
        """Verify a step that was begun before; run it unless it is there."""
        if row is not None and row.tries > 0:
            result = self._verify(step, facts)
            if result is not None:
                return result
        return self._run(step, facts)

    def _verify(self, step: str, facts: dict[str, str]) -> StepResult | None:
        """Ask for a begun step; None when it is absent, so that it may be repeated."""
        until = self.now() + timedelta(seconds=self.lease)
        if not run_transaction(self.engine, lambda db: forward_steps.hold(db, self.dossier, until)):
            return StepResult("later", LOST.code)
        check = self.target.verify(self.dossier, step, facts)
        self.reached("verified")
        if check.presence == "absent":
            return None
        if check.presence == "different":
            return StepResult("refused", check.code or "different")
        if check.presence == "cannot_tell":
            return StepResult("later", check.code or "cannot-tell")
        run_transaction(
            self.engine,
            lambda db: forward_steps.record_check(
                db, target=self.target.name, dossier=self.dossier, step=step, check=check, now=self.now()
            ),
        )
        return StepResult("done", fact=check.fact, official_no=check.official_no)

    def _run(self, step: str, facts: dict[str, str]) -> StepResult:
        """Commit the step, do it, and commit its result."""
        is_own = run_transaction(
            self.engine,
            lambda db: forward_steps.begin(
                db, target=self.target.name, dossier=self.dossier, step=step, now=self.now(), lease=self.lease
            ),
        )
        if not is_own:
            return StepResult("later", LOST.code)
        self.reached("begun")
        result = self.target.run(self.dossier, step, facts)
        self.reached("answered")
        run_transaction(
            self.engine,
            lambda db: forward_steps.record_result(
                db, target=self.target.name, dossier=self.dossier, step=step, result=result, now=self.now()
            ),
        )
        return result


def _failed(result: StepResult) -> ForwardAnswer:
    """Return the answer of an attempt that stopped at a step: an unknown outcome is asked for at the next attempt."""
    outcome: ForwardOutcome = "refused" if result.outcome == "refused" else "later"
    return ForwardAnswer(outcome, result.code, retry_after=result.retry_after)
