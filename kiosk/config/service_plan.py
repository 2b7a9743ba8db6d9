"""Service plan: series, counters and opening hours, which a lead may change on a page while the kiosk runs.

kiosk.toml gives the first plan. A saved plan has all three parts, and the names of those that were changed on the page:
only these replace the parts of the file.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from kiosk.config import Config
from kiosk.config.cross_checks import impossible_days, service_plan_errors
from kiosk.config.list_sections import Counter, Series
from kiosk.config.toml_reader import read_tables
from kiosk.config.ward_sections import HoursSettings

PARTS = ("series", "counters", "hours")


class UnreadablePlan(ValueError):  # noqa: N818 - named after what happened, as in errors.py
    """A stored plan that this release cannot use."""


@dataclass(frozen=True)
class ServicePlan:
    """Series, counters and opening hours."""

    series: tuple[Series, ...]
    counters: tuple[Counter, ...]
    hours: HoursSettings

    def to_json(self) -> dict[str, Any]:
        """Return the plan as values for JSON."""
        return asdict(self)

    def changed_parts(self, other: "ServicePlan") -> tuple[str, ...]:
        """Return the names of the parts that differ from another plan."""
        return tuple(part for part in PARTS if getattr(self, part) != getattr(other, part))


def plan_of(config: Config) -> ServicePlan:
    """Return the plan of some settings."""
    return ServicePlan(series=config.series, counters=config.counters, hours=config.hours)


def with_plan(config: Config, plan: ServicePlan) -> Config:
    """Return settings with another plan."""
    return replace(config, series=plan.series, counters=plan.counters, hours=plan.hours)


def from_json(values: Mapping[str, Any]) -> ServicePlan:
    """Return a plan that was stored; a name that only another release knows is left out.

    Raises:
        UnreadablePlan: a part is missing, or has a value that kiosk.toml could not have.
    """
    try:
        tables = {
            "series": [_known(Series, entry) for entry in values["series"]],
            "counters": [_known(Counter, entry) for entry in values["counters"]],
            "hours": _known(HoursSettings, values["hours"]),
        }
        plan, errors = read_tables(ServicePlan, tables)
    except (KeyError, TypeError, AttributeError) as cause:
        raise UnreadablePlan from cause
    if errors or impossible_days(plan.hours):
        raise UnreadablePlan
    return plan


def _known(kind: type, entry: Mapping[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in entry.items() if name in names}


def effective_parts(file_plan: ServicePlan, saved: Mapping[str, Any], parts: Collection[str]) -> tuple[str, ...]:
    """Return the parts that are taken from a stored plan; none where it cannot be read.

    They are all three where the file has changed since, so that its parts do not fit those of the page any more.
    """
    known = tuple(part for part in PARTS if part in parts)
    if not known:
        return ()
    try:
        plan = from_json(saved)
    except UnreadablePlan:
        return ()
    mixed = replace(file_plan, **{part: getattr(plan, part) for part in known})
    has_errors = any(service_plan_errors(with_plan(Config(), mixed)))
    return PARTS if has_errors else known


def in_force(file_plan: ServicePlan, saved: Mapping[str, Any], parts: Collection[str]) -> ServicePlan:
    """Return the plan that is used: the file's, with the parts that are taken from a stored plan."""
    used = effective_parts(file_plan, saved, parts)
    if not used:
        return file_plan
    plan = from_json(saved)
    return replace(file_plan, **{part: getattr(plan, part) for part in used})
