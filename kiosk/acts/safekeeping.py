"""A technician keeps the recovery paper: makes a new one, and tries it in a drill."""

from dataclasses import replace

from sqlite_utils import Database

from kiosk import clock
from kiosk.backup import recovery
from kiosk.backup.recovery import RecoveryPaper, RecoveryState
from kiosk.context import Context
from kiosk.records import audit


def save_paper(context: Context, paper: RecoveryPaper) -> None:
    """Save the public half of a new paper; the next copies are sealed to it, and an older paper opens them no more."""
    made_at = clock.timestamp(context.clock.now())
    with context.store.write() as db:
        recovery.save_state(db, RecoveryState(public=paper.public, made_at=made_at))
        _note(db, context, "recovery_paper")


def mark_paper_tried(context: Context, paper: RecoveryPaper) -> None:
    """Record that a drill has opened a copy with the paper."""
    with context.store.write() as db:
        state = recovery.read_state(db)
        if state is not None and state.public == paper.public:
            recovery.save_state(db, replace(state, tried_at=clock.timestamp(context.clock.now())))
            _note(db, context, "recovery_tried")


def _note(db: Database, context: Context, act: str) -> None:
    line = audit.AuditLine(act=act, actor="technician", subject=context.config.kiosk.id, facts={})
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
