"""The peoples of Viet Nam: official name, other names, and the order in which a ward sees them.

Nothing is chosen beforehand: `common` only says who stands first. Answers keep the official name ("Ta-ôi").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kiosk.vietnam import list_search, viet_text
from kiosk.vietnam.reference_data import read


@dataclass(frozen=True)
class People:
    """An ethnic group by its official name and code; `label` is what a button says."""

    code: str
    name: str
    label: str
    aliases: tuple[str, ...]


@cache
def peoples() -> tuple[People, ...]:
    """Return all in the order of the alphabet, foreigners last."""
    rows = read("peoples.toml")["group"]
    found = [
        People(code=r["code"], name=r["name"], label=r.get("label", r["name"]), aliases=tuple(r["aliases"]))
        for r in rows
    ]
    return tuple(sorted(found, key=lambda people: (people.code == "55", viet_text.sort_key(people.name))))


def common() -> tuple[str, ...]:
    """Return the official names that are most met in Huế."""
    return tuple(read("peoples.toml")["meta"]["common"])


def people(name: str) -> People | None:
    """Find one by its official name, or else by another name of it."""
    return next(
        (one for one in peoples() if viet_text.same(one.name, name)),
        next(
            (one for one in peoples() if any(viet_text.same(alias, name) for alias in (one.label, *one.aliases))), None
        ),
    )


def search(query: str, first: Sequence[str] | None = None, limit: int = 60) -> tuple[People, ...]:
    """Find peoples by what is typed; those named in `first` (else `common`) stand before the others of their rank."""
    ahead = {name: place for place, name in enumerate(common() if first is None else first)}
    ordered = sorted(peoples(), key=lambda one: ahead.get(one.name, len(ahead)))
    return list_search.find(query, ((one, (one.name, one.label, *one.aliases)) for one in ordered), limit)
