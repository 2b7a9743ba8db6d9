"""Service plan: series, counters and opening hours, which a lead may change on a page while the kiosk runs.

kiosk.toml gives the first plan. A saved plan has all three parts, and the names of those that were changed on the page:
only these replace the parts of the file.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from kiosk.config import Config
from kiosk.config.sections import Counter, HoursSettings, Series
from kiosk.config.validation import service_plan_errors

PARTS = ("series", "counters", "hours")


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
    """Return a plan that was stored."""
    return ServicePlan(
        series=tuple(Series(**entry) for entry in values["series"]),
        counters=tuple(Counter(**{**entry, "series": tuple(entry["series"])}) for entry in values["counters"]),
        hours=HoursSettings(**{name: tuple(spans) for name, spans in values["hours"].items()}),
    )


def effective_parts(file_plan: ServicePlan, saved: ServicePlan, parts: Collection[str]) -> tuple[str, ...]:
    """Return the parts that are taken from a saved plan.

    They are all three where the file has changed since, so that its parts do not fit those of the page any more.
    """
    if not parts:
        return ()
    mixed = replace(file_plan, **{part: getattr(saved, part) for part in parts})
    has_errors = any(service_plan_errors(with_plan(Config(), mixed)))
    return PARTS if has_errors else tuple(part for part in PARTS if part in parts)


def in_force(file_plan: ServicePlan, saved: ServicePlan, parts: Collection[str]) -> ServicePlan:
    """Return the plan that is used: the file's, with the parts that are taken from a saved plan."""
    return replace(file_plan, **{part: getattr(saved, part) for part in effective_parts(file_plan, saved, parts)})
