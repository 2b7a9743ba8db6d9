"""A technician keeps copies usable: makes the recovery paper, tries it, records a restore drill, trusts a stand-by."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from sqlite_utils import Database

from kiosk.backup import drill_record, recovery
from kiosk.backup.drill_record import DrillRecord
from kiosk.backup.recovery import RecoveryPaper, RecoveryState
from kiosk.backup.verify import CopyReport
from kiosk.base import clock
from kiosk.context import Context
from kiosk.health import second_person
from kiosk.records import audit


def save_paper(context: Context, paper: RecoveryPaper, actor: str = "technician") -> None:
    """Save the public half of a new paper; the next copies are sealed to it, and an older paper opens them no more.

    Raises:
        AgreementNeeded: there is a lead to ask; nothing was saved.
    """
    second_person.require_agreement_for_key(context, "recovery", paper.public)
    made_at = clock.timestamp(context.clock.now())
    with context.store.write() as db:
        recovery.save_state(db, RecoveryState(public=paper.public, made_at=made_at))
        _note(db, context, act="recovery_paper", actor=actor)


def trust_standby(context: Context, public: str) -> None:
    """Save the public half of a stand-by's pair: it opens the next copies by itself.

    Raises:
        AgreementNeeded: there is a lead to ask; nothing was saved.
    """
    second_person.require_agreement_for_key(context, "standby", public)
    with context.store.write() as db:
        recovery.save_standby(db, public)
        _note(db, context, act="standby_key", actor="technician")


def record_drill(context: Context, report: CopyReport, paper: RecoveryPaper | None, actor: str) -> None:
    """Record a drill; one that opened a copy with the paper in use has tried that paper too."""
    at = clock.timestamp(context.clock.now())
    number = 0 if report.copy.is_of_minute else report.copy.number
    record = DrillRecord(at=at, copy=number, forms=report.forms, broken=report.broken, by_paper=paper is not None)
    with context.store.write() as db:
        drill_record.save(db, record)
        _note(db, context, act="drill", actor=actor, facts={"copy": record.copy, "broken": record.broken})
        state = recovery.read_state(db)
        if paper is not None and state is not None and state.public == paper.public:
            recovery.save_state(db, replace(state, tried_at=at))
            _note(db, context, act="recovery_tried", actor=actor)


def record_copy(context: Context, actor: str) -> None:
    """Record that a technician asked for a copy now."""
    with context.store.write() as db:
        _note(db, context, act="copy_asked", actor=actor)


def _note(
    db: Database, context: Context, *, act: str, actor: str, facts: Mapping[str, int] = MappingProxyType({})
) -> None:
    line = audit.AuditLine(act=act, actor=actor, subject=context.config.kiosk.id, facts=facts)
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
