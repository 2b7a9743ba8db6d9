"""Staged roll-outs of releases of the program, and of versions of the content: their stages and the acts of operators.

    ward -> tenth -> all        every machine of the stage has the version, and the pace is over
    running -> paused           a machine of the stage went back to its former version or refused this one
    running, paused -> back     an operator sends every machine back to the former version

`allowed_releases` names a version to a kiosk in the answer to its report, and records what became of it there.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, select, update

from sync.encoding import timestamp
from sync.gateway import accounts
from sync.gateway.audit_heads import GATEWAY
from sync.gateway.rollout_tables import rollout_kiosks, rollouts
from sync.gateway.tables import kiosks

RolloutKind = Literal["program", "content"]
Stage = Literal["ward", "tenth", "all"]
KINDS: tuple[RolloutKind, ...] = get_args(RolloutKind)
STAGES: tuple[Stage, ...] = get_args(Stage)
OPEN_STATES = ("running", "paused")
_ABSENT_AFTER = timedelta(days=1)
"""A machine without a request for so long is not chosen for the second stage while there are others."""


class RolloutRefused(Exception):  # noqa: N818 - read as "raise RolloutRefused"
    """A roll-out that cannot begin; `reason` is same, open, ward, or waiting."""

    def __init__(self, reason: Literal["same", "open", "ward", "waiting"]) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A roll-out to begin: `unit_code` is the first ward, `former` the version to go back to."""

    kind: RolloutKind
    version: str
    former: str
    unit_code: str
    pace_hours: int


@dataclass(frozen=True)
class StageProgress:
    """Progress of a stage: its machines, those that have the version or failed, and when the last one took it."""

    stage: Stage
    machines: int
    taken: int
    failed: int
    last_at: str

    @property
    def is_complete(self) -> bool:
        """Whether no machine is waited for; an operator who went on after a failure does not wait for that one."""
        return self.taken + self.failed >= self.machines


@dataclass(frozen=True)
class Actor:
    """Account that acts on a roll-out, and the time."""

    login: str
    now: datetime


def newest(db: Connection, kind: RolloutKind) -> Row[Any] | None:
    """Return the newest roll-out of a kind, which is the one in force; None when there was none."""
    return db.execute(of_kind(kind).limit(1)).one_or_none()


def is_program(db: Connection, no: int) -> bool:
    """Return whether a roll-out is of a release of the program."""
    return db.execute(select(rollouts.c.kind).where(rollouts.c.no == no)).scalar() == "program"


def of_kind(kind: str) -> Select[Any]:
    """Return the statement that selects the roll-outs of a kind, newest first."""
    return select(rollouts).where(rollouts.c.kind == kind).order_by(rollouts.c.no.desc())


def start(db: Connection, plan: Plan, actor: Actor) -> None:
    """Begin a roll-out with its first ward; one that has reached all machines ends.

    Raises:
        RolloutRefused: the newest roll-out of this kind has the same version or is under way, or no machine is in the
            ward.
    """
    before = db.execute(of_kind(plan.kind).limit(1).with_for_update()).one_or_none()
    if before is not None and before.state in OPEN_STATES:
        if before.version == plan.version:
            raise RolloutRefused("same")
        if before.stage != "all" or before.state == "paused":
            raise RolloutRefused("open")
        _set(db, before.no, actor.now, state="done")
    values = {name: getattr(plan, name) for name in ("kind", "version", "former", "unit_code", "pace_hours")}
    at = timestamp(actor.now)
    values |= {"stage": "ward", "state": "running", "started_at": at, "changed_at": at, "paused_by": ""}
    adding = insert(rollouts).values(attempt=_next_attempt(db, plan), **values).returning(rollouts)
    if not _add_machines(db, db.execute(adding).one(), "ward", actor.now):
        raise RolloutRefused("ward")
    _record(db, actor, "rollout_started", plan.kind, plan.version, reason=plan.unit_code)


def pause(db: Connection, no: int, actor: Actor) -> bool:
    """Pause a running roll-out; return False when it does not run."""
    rollout = find_locked(db, no, ("running",))
    if rollout is None:
        return False
    _set(db, no, actor.now, state="paused", paused_by="")
    _record(db, actor, "rollout_paused", rollout.kind, rollout.version)
    return True


def go_on(db: Connection, no: int, actor: Actor) -> bool:
    """Resume a paused roll-out, or begin the next stage of a running one; return False when neither can be done."""
    rollout = find_locked(db, no)
    if rollout is None or (rollout.state == "running" and rollout.stage == "all"):
        return False
    if rollout.state == "paused":
        _set(db, no, actor.now, state="running", paused_by="")
    else:
        _begin_next_stage(db, rollout, actor.now)
    _record(db, actor, "rollout_resumed", rollout.kind, rollout.version)
    return True


def retry(db: Connection, no: int, kiosk_id: str, actor: Actor) -> bool:
    """Let a machine that failed try again; the roll-out stays as it is. Return False when it has not failed."""
    rollout = find_locked(db, no)
    if rollout is None:
        return False
    again = (
        update(rollout_kiosks)
        .where(is_machine(no, kiosk_id) & (rollout_kiosks.c.outcome == "failed"))
        .values(outcome=None, attempt=rollout_kiosks.c.attempt + 1, code="", back_to="", outcome_at=None)
    )
    if db.execute(again).rowcount == 0:
        return False
    _record(db, actor, "rollout_retried", rollout.kind, rollout.version, reason=kiosk_id)
    return True


def go_back(db: Connection, no: int, actor: Actor) -> bool:
    """Send every machine back to the former version; return False when the roll-out is over or was replaced."""
    rollout = find_locked(db, no, ("running", "paused", "done"))
    latest = newest(db, rollout.kind) if rollout is not None else None
    if rollout is None or latest is None or latest.no != no or not rollout.former:
        return False
    _set(db, no, actor.now, state="back", paused_by="")
    _record(db, actor, "rollout_back", rollout.kind, rollout.version, reason=rollout.former)
    return True


def pause_after_failure(db: Connection, rollout: Row[Any], kiosk_id: str, code: str, now: datetime) -> None:
    """Pause a running roll-out, which is locked, because a machine failed."""
    if rollout.state != "running":
        return
    _set(db, rollout.no, now, state="paused", paused_by=kiosk_id)
    reason = f"{kiosk_id} {code}".strip()
    _record(db, Actor(GATEWAY, now), "rollout_paused", rollout.kind, rollout.version, reason=reason)


def advance(db: Connection, kind: RolloutKind, now: datetime) -> None:
    """Begin the next stage of a running roll-out that is ready for it, or end one that all machines have."""
    rollout = db.execute(of_kind(kind).limit(1).with_for_update()).one_or_none()
    if rollout is None or rollout.state != "running":
        return
    progress = stage_progress(db, rollout)[STAGES.index(rollout.stage)]
    if not progress.is_complete:
        return
    since = datetime.fromisoformat(progress.last_at or rollout.changed_at)
    if rollout.stage == "all":
        _set(db, rollout.no, now, state="done")
    elif now - since >= timedelta(hours=rollout.pace_hours):
        _begin_next_stage(db, rollout, now)
        _record(db, Actor(GATEWAY, now), "rollout_advanced", rollout.kind, rollout.version)


def stage_progress(db: Connection, rollout: Row[Any]) -> list[StageProgress]:
    """Return the progress of the three stages; machines that were revoked do not count."""
    joined = select(rollout_kiosks).join(kiosks, kiosks.c.kiosk_id == rollout_kiosks.c.kiosk_id)
    is_of = (rollout_kiosks.c.rollout_no == rollout.no) & kiosks.c.revoked_at.is_(None)
    rows = db.execute(joined.where(is_of)).all()
    enrolled = len(_enrolled(db))
    progress = []
    for stage in STAGES:
        members = [row for row in rows if row.stage == stage]
        taken = [row for row in members if row.outcome == "taken"]
        failed = [row for row in members if row.outcome == "failed"]
        last_at = max((str(row.outcome_at) for row in taken), default="")
        earlier = sum(row.stage != "all" for row in rows)
        # Machines of the last stage have no row before it begins.
        machines = enrolled - earlier if stage == "all" else len(members)
        if stage == "tenth" and not members:
            machines = min(_tenth(enrolled), enrolled - earlier)
        progress.append(
            StageProgress(stage=stage, machines=machines, taken=len(taken), failed=len(failed), last_at=last_at)
        )
    return progress


def failures(db: Connection, no: int) -> list[Row[Any]]:
    """Return the machines on which a roll-out failed, the latest first."""
    is_failed = (rollout_kiosks.c.rollout_no == no) & (rollout_kiosks.c.outcome == "failed")
    return list(db.execute(select(rollout_kiosks).where(is_failed).order_by(rollout_kiosks.c.outcome_at.desc())))


def _begin_next_stage(db: Connection, rollout: Row[Any], now: datetime) -> None:
    stage = STAGES[STAGES.index(rollout.stage) + 1]
    _add_machines(db, rollout, stage, now)
    _set(db, rollout.no, now, stage=stage)


def _add_machines(db: Connection, rollout: Row[Any], stage: Stage, now: datetime) -> int:
    """Add the machines of a stage; return how many."""
    known = set(
        db.execute(select(rollout_kiosks.c.kiosk_id).where(rollout_kiosks.c.rollout_no == rollout.no)).scalars()
    )
    enrolled = _enrolled(db)
    chosen = [row for row in enrolled if row.kiosk_id not in known]
    if stage == "ward":
        chosen = [row for row in chosen if row.unit_code == rollout.unit_code]
    elif stage == "tenth":
        absent_since = timestamp(now - _ABSENT_AFTER)
        chosen.sort(key=lambda row: ((row.seen_at or "") < absent_since, _lot(rollout.no, row.kiosk_id)))
        chosen = chosen[: _tenth(len(enrolled))]
    values = {"rollout_no": rollout.no, "stage": stage, "attempt": rollout.attempt, "code": "", "back_to": ""}
    if chosen:
        db.execute(insert(rollout_kiosks), [{"kiosk_id": row.kiosk_id, **values} for row in chosen])
    return len(chosen)


def _next_attempt(db: Connection, plan: Plan) -> int:
    """Return the attempt of a new roll-out: a machine must not take its failure in an earlier one for this one's."""
    joined = select(func.max(rollout_kiosks.c.attempt)).join(rollouts, rollouts.c.no == rollout_kiosks.c.rollout_no)
    is_same = (rollouts.c.kind == plan.kind) & (rollouts.c.version == plan.version)
    return int(db.execute(joined.where(is_same)).scalar() or 0) + 1


def _tenth(count: int) -> int:
    return math.ceil(count / 10)


def _lot(no: int, kiosk_id: str) -> str:
    """Return a text that orders the machines in another way for each roll-out, so that not always the same begin."""
    return hashlib.sha256(f"{no} {kiosk_id}".encode()).hexdigest()


def _enrolled(db: Connection) -> list[Row[Any]]:
    columns = select(kiosks.c.kiosk_id, kiosks.c.unit_code, kiosks.c.seen_at)
    return list(db.execute(columns.where(kiosks.c.revoked_at.is_(None))))


def find_locked(db: Connection, no: int, states: Sequence[str] = OPEN_STATES) -> Row[Any] | None:
    """Return a roll-out in one of some states, and lock it."""
    is_in = (rollouts.c.no == no) & rollouts.c.state.in_(states)
    return db.execute(select(rollouts).where(is_in).with_for_update()).one_or_none()


def _set(db: Connection, no: int, now: datetime, **values: str) -> None:
    db.execute(update(rollouts).where(rollouts.c.no == no).values(changed_at=timestamp(now), **values))


def is_machine(no: int, kiosk_id: str) -> ColumnElement[bool]:
    """Return the condition for a machine of a roll-out."""
    return (rollout_kiosks.c.rollout_no == no) & (rollout_kiosks.c.kiosk_id == kiosk_id)


def _record(db: Connection, actor: Actor, act: str, kind: str, version: str, reason: str = "") -> None:
    accounts.record(db, login=actor.login, act=act, subject=f"{kind} {version}", now=actor.now, reason=reason)
