"""The releases that a kiosk may take, by the roll-outs; its report tells what became of them.

Nothing is pushed: the answer to a report names a version, and a later report shows it, or why it failed. A version that
is lower than the kiosk's own is named only by a roll-out that goes back: a technician may have installed a newer one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from sync.encoding import timestamp
from sync.gateway import rollouts
from sync.gateway.fleet import version_key
from sync.gateway.kiosk_reports import StoredKioskReport, UpdateOutcome
from sync.gateway.rollout_tables import rollout_kiosks
from sync.gateway.rollouts import RolloutKind

_FAULTY_RELEASE = frozenset({"K-41", "K-43", "K-50", "K-53"})
"""Why a machine refuses a release that no other machine should try: signature, kind of machine, trial run, files.

Other refusals are of one machine only (no room, no network) and pause nothing.
"""


@dataclass(frozen=True)
class _Reporter:
    """A kiosk that reports: its version of a kind, its whole report, and the time."""

    kiosk_id: str
    present: str
    report: StoredKioskReport
    now: datetime


def handle_report(db: Connection, kiosk_id: str, report: StoredKioskReport, now: datetime) -> dict[str, Any]:
    """Record what a kiosk reports of the roll-outs; return what it may take (`AllowedRelease`). Its row is locked."""
    program, attempt = _handle(
        db, "program", _Reporter(kiosk_id=kiosk_id, present=report.release, report=report, now=now)
    )
    allowed: dict[str, Any] = {"version": program} if program else {}
    if report.content:
        reporter = _Reporter(kiosk_id=kiosk_id, present=report.content, report=report, now=now)
        content, content_attempt = _handle(db, "content", reporter)
        attempt = max(attempt, content_attempt)
        if content:
            allowed["content"] = content
    return allowed | ({"attempt": attempt} if attempt > 1 else {})


def _handle(db: Connection, kind: RolloutKind, reporter: _Reporter) -> tuple[str, int]:
    """Return the version of a kind that the kiosk may take, and the attempt."""
    latest = rollouts.newest(db, kind)
    rollout = rollouts.find_locked(db, latest.no) if latest is not None else None
    if rollout is not None:
        _record_outcome(db, rollout, reporter)
    return _find_version(db, db.execute(rollouts.of_kind(kind)).all(), reporter)


def _record_outcome(db: Connection, rollout: Row[Any], reporter: _Reporter) -> None:
    """Record that a machine has the version, or that it failed there; a failure pauses the roll-out."""
    machine = _find_machine(db, rollout.no, reporter.kiosk_id)
    if machine is None and rollout.stage != "all":
        return
    before = machine.outcome if machine is not None else None
    attempt = machine.attempt if machine is not None else rollout.attempt
    update_of_it = reporter.report.update
    tried = update_of_it if update_of_it and update_of_it.target == rollout.version else None
    is_new_failure = tried is not None and _has_failed(tried) and tried.attempt >= attempt
    if reporter.present == rollout.version:
        is_on_trial = tried is not None and tried.state == "trial"
        if before != "taken" and not is_on_trial:
            _save(db, rollout, reporter, attempt=attempt, outcome="taken", code="", back_to="")
    elif tried is not None and is_new_failure and before != "failed":
        values = {"attempt": attempt, "outcome": "failed", "code": tried.code, "back_to": reporter.present}
        _save(db, rollout, reporter, **values)
        rollouts.pause_after_failure(db, rollout, reporter.kiosk_id, tried.code, reporter.now)
    if machine is not None and machine.stage == rollout.stage:
        rollouts.advance(db, rollout.kind, reporter.now)


def _has_failed(tried: UpdateOutcome) -> bool:
    return tried.state == "went_back" or (tried.state == "refused" and tried.code in _FAULTY_RELEASE)


def _save(db: Connection, rollout: Row[Any], reporter: _Reporter, **values: Any) -> None:
    values["outcome_at"] = timestamp(reporter.now)
    is_machine = rollouts.is_machine(rollout.no, reporter.kiosk_id)
    if db.execute(update(rollout_kiosks).where(is_machine).values(**values)).rowcount == 0:
        added = {"rollout_no": rollout.no, "kiosk_id": reporter.kiosk_id, "stage": "all"}
        db.execute(insert(rollout_kiosks).values(**added, **values))


def _find_version(db: Connection, rows: Sequence[Row[Any]], reporter: _Reporter) -> tuple[str, int]:
    """Return what the newest roll-out that concerns this kiosk names; an empty version for nothing new."""
    present = reporter.present
    for rollout in rows:
        if rollout.state == "back":
            is_before = version_key(present) < version_key(rollout.former)
            return (rollout.former, 1) if present == rollout.version or is_before else ("", 1)
        if present == rollout.version:
            return present, 1
        machine = _find_machine(db, rollout.no, reporter.kiosk_id)
        if _may_take(rollout, machine):
            is_newer = version_key(rollout.version) > version_key(present)
            return (rollout.version, machine.attempt if machine else rollout.attempt) if is_newer else ("", 1)
    return "", 1


def _may_take(rollout: Row[Any], machine: Row[Any] | None) -> bool:
    """Return whether a machine is in a stage that has begun; while it is paused only one that tries again."""
    if machine is None:
        return rollout.stage == "all" and rollout.state in ("running", "done")
    if machine.outcome == "failed":
        return False
    return rollout.state in ("running", "done") or machine.attempt > rollout.attempt


def _find_machine(db: Connection, no: int, kiosk_id: str) -> Row[Any] | None:
    return db.execute(select(rollout_kiosks).where(rollouts.is_machine(no, kiosk_id))).one_or_none()
