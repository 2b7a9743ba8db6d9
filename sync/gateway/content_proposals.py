"""A version of the content that an editor proposes and another person approves before it reaches a kiosk.

At most one waits. Who has proposed it cannot approve it, whatever the account's role.
"""

from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, insert, select

from sync.encoding import timestamp
from sync.gateway import accounts, rollouts
from sync.gateway.rollout_tables import content_proposals
from sync.gateway.rollouts import Actor, Plan, RolloutRefused

_KIND: Literal["content"] = "content"


class SamePerson(Exception):  # noqa: N818 - read as "raise SamePerson"
    """The person who approves is the one who has proposed."""


def find(db: Connection) -> Row[Any] | None:
    """Return the proposal that waits, or None."""
    return db.execute(select(content_proposals)).one_or_none()


def propose(db: Connection, plan: Plan, actor: Actor) -> None:
    """Store a version of the content for an approver.

    Raises:
        RolloutRefused: a proposal waits already.
    """
    if find(db) is not None:
        raise RolloutRefused("waiting")
    values = {name: getattr(plan, name) for name in ("kind", "version", "former", "unit_code", "pace_hours")}
    at = timestamp(actor.now)
    db.execute(insert(content_proposals).values(proposed_by=actor.login, proposed_at=at, **values))
    _record(db, actor, "content_proposed", plan.version, plan.unit_code)


def approve(db: Connection, version: str, actor: Actor) -> bool:
    """Start the roll-out that was proposed; return False when this version does not wait any more.

    Raises:
        SamePerson: the proposal is of the same account.
        RolloutRefused: the roll-out cannot begin; the proposal stays.
    """
    row = db.execute(select(content_proposals).with_for_update()).one_or_none()
    if row is None or row.version != version:
        return False
    if row.proposed_by == actor.login:
        raise SamePerson
    plan = Plan(
        kind=_KIND,
        version=row.version,
        former=row.former,
        unit_code=row.unit_code,
        pace_hours=row.pace_hours,
    )
    rollouts.start(db, plan, actor)
    _record(db, actor, "content_approved", version, row.proposed_by)
    db.execute(delete(content_proposals))
    return True


def withdraw(db: Connection, version: str, actor: Actor) -> bool:
    """Delete the proposal of a version; return False when it does not wait any more."""
    row = db.execute(select(content_proposals).with_for_update()).one_or_none()
    if row is None or row.version != version:
        return False
    db.execute(delete(content_proposals))
    _record(db, actor, "content_withdrawn", version, row.proposed_by)
    return True


def _record(db: Connection, actor: Actor, act: str, version: str, reason: str) -> None:
    subject = f"{_KIND} {version}"
    accounts.record(db, login=actor.login, act=act, subject=subject, now=actor.now, reason=reason)
