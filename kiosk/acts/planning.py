"""A lead changes series, counters and opening hours; the change is in force at once, in every process.

A series in which people wait, and a counter that is open or to which people were passed, cannot be removed. A form that
was made from an older plan changes nothing: two leads may have the page open.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from kiosk.base.errors import NotAllowed
from kiosk.config.service_plan import ServicePlan, effective_parts, plan_of
from kiosk.context import Context
from kiosk.records import audit, counters, service_plans, staff, tickets

SHOWN = 5
"""Numbers that an obstacle names; the others are counted."""
_NEEDS_COUNTER = (*tickets.IN_LINE, *tickets.AT_COUNTER)


@dataclass(frozen=True)
class Obstacle:
    """A reason that forbids a change now: the part, the id of the series or the counter's number, and a sentence."""

    part: str
    key: str
    vi: str


class PlanChanged(NotAllowed):
    """Another plan was saved since the form was made."""

    vi = "Vừa có người khác lưu trang này. Chỗ vừa gõ vẫn còn ở dưới: xem lại rồi lưu."
    en = "Somebody else has just saved this page. What was typed is still below: look through it and save again."


class PlanHindered(NotAllowed):
    """People wait in a series that the plan lacks, or a counter that it lacks is open."""

    def __init__(self, obstacles: Collection[Obstacle]) -> None:
        super().__init__(" ".join(obstacle.vi for obstacle in obstacles), "A series or counter is in use now.")
        self.obstacles = tuple(obstacles)


def save_plan(context: Context, plan: ServicePlan, *, revision: int, actor: str) -> None:
    """Save a plan, which must have no error of `service_plan_errors`; nothing is saved where it changes nothing.

    Args:
        revision: that of the plan which the form was made from.

    Raises:
        PlanChanged: another plan was saved since.
        PlanHindered: a series or counter that it removes is in use.
    """
    with context.store.write() as db:
        context.use_newest_plan()
        changed = plan.changed_parts(plan_of(context.config))
        if not changed:
            return
        owned = {*changed, *parts_of_page(db, context)}
        _save(db, context, plan=plan, parts=owned, revision=revision, actor=actor)


def use_file(context: Context, *, revision: int, actor: str) -> None:
    """Put the plan of kiosk.toml in force again.

    Raises:
        PlanChanged: another plan was saved since the page was shown.
        PlanHindered: a series or counter that the file lacks is in use.
    """
    with context.store.write() as db:
        context.use_newest_plan()
        if parts_of_page(db, context):
            _save(db, context, plan=context.file_plan, parts=(), revision=revision, actor=actor)


def parts_of_page(db: Database, context: Context) -> tuple[str, ...]:
    """Return the parts that are taken from the page, not from kiosk.toml."""
    saved = service_plans.newest(db)
    return effective_parts(context.file_plan, saved.plan, saved.parts) if saved else ()


def obstacles(db: Database, context: Context, plan: ServicePlan) -> list[Obstacle]:
    """Return what forbids a plan now."""
    return [*_series_in_use(db, context, plan), *_counters_in_use(db, context, plan)]


def _save(
    db: Database, context: Context, *, plan: ServicePlan, parts: Collection[str], revision: int, actor: str
) -> None:
    if service_plans.newest_revision(db) != revision:
        raise PlanChanged
    if found := obstacles(db, context, plan):
        raise PlanHindered(found)
    now = context.clock.now()
    ordered = tuple(part for part in ("series", "counters", "hours") if part in parts)
    new_revision = service_plans.insert(db, parts=ordered, plan=plan.to_json(), actor=actor, now=now)
    facts: dict[str, audit.AuditFact] = {"parts": " ".join(ordered) or "none", "revision": new_revision}
    line = audit.AuditLine(act="service_plan", actor=actor, subject="kiosk.toml", facts=facts)
    audit.append(db, key=context.audit_key(), now=now, line=line)
    # If the commit fails, the revision does not exist, and the next request returns to the one that does.
    context.use_newest_plan()


def _series_in_use(db: Database, context: Context, plan: ServicePlan) -> Iterator[Obstacle]:
    """Yield the lines that people are in and that the plan lacks, or gives to another series."""
    kept = {(series.id, series.letter) for series in plan.series}
    unfinished = (*_NEEDS_COUNTER, "held")
    today = [ticket for ticket in tickets.of_day(db, context.clock.today()) if ticket.state in unfinished]
    for series in context.config.series:
        labels = [ticket.label for ticket in today if ticket.line == series.letter]
        if labels and (series.id, series.letter) not in kept:
            words = (
                f"Dãy {series.letter} còn {_people(labels)}. "
                "Gọi hết, hoặc chuyển họ sang dãy khác, rồi mới bỏ dãy hay đổi chữ cái."
            )
            yield Obstacle(part="series", key=series.id, vi=words)


def _people(labels: Sequence[str]) -> str:
    more = f" và {len(labels) - SHOWN} số nữa" if len(labels) > SHOWN else ""
    return f"{len(labels)} người chưa xong ({', '.join(labels[:SHOWN])}{more})"


def _counters_in_use(db: Database, context: Context, plan: ServicePlan) -> Iterator[Obstacle]:
    """Yield the counters that the plan lacks and that are open, or to which people were passed: no other calls them."""
    numbers = {counter.number for counter in plan.counters}
    names = staff.names(db)
    for number, actor in counters.open_counters(db, context.clock.today()).items():
        if number not in numbers:
            words = (
                f"Quầy {number} đang mở ({names.get(actor, actor)}). Đóng quầy ở trang Nhân sự và quầy, rồi mới bỏ "
                "hay đổi số quầy."
            )
            yield Obstacle(part="counters", key=str(number), vi=words)
    today = [ticket for ticket in tickets.of_day(db, context.clock.today()) if ticket.state in _NEEDS_COUNTER]
    for counter in context.config.counters:
        labels = [ticket.label for ticket in today if ticket.counter == counter.number]
        if labels and counter.number not in numbers:
            words = (
                f"Quầy {counter.number} còn {_people(labels)}. "
                "Gọi hết, hoặc chuyển họ sang quầy khác, rồi mới bỏ hay đổi số quầy."
            )
            yield Obstacle(part="counters", key=str(counter.number), vi=words)
