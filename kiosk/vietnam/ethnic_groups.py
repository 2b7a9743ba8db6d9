"""The ethnic groups of Viet Nam: official name, other names, and the order in which a ward lists them.

None is preselected: `common` only lists groups first. Answers store the official name ("Ta-ôi").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kiosk.vietnam import list_search, viet_text
from kiosk.vietnam.reference_data import read


@dataclass(frozen=True)
class EthnicGroup:
    """An ethnic group; `label` is the text of its button."""

    code: str
    name: str
    label: str
    aliases: tuple[str, ...]


@cache
def ethnic_groups() -> tuple[EthnicGroup, ...]:
    """Return all groups by the alphabet, foreigners last."""
    rows = read("ethnic_groups.toml")["group"]
    groups = [
        EthnicGroup(
            code=row["code"], name=row["name"], label=row.get("label", row["name"]), aliases=tuple(row["aliases"])
        )
        for row in rows
    ]
    return tuple(sorted(groups, key=lambda group: (group.code == "55", viet_text.sort_key(group.name))))


def common() -> tuple[str, ...]:
    """Return the official names of the commonest groups in Huế."""
    return tuple(read("ethnic_groups.toml")["meta"]["common"])


def search(query: str, first: Sequence[str] | None = None, limit: int = 60) -> tuple[EthnicGroup, ...]:
    """Search groups; those in `first` (default: `common`) come before the others of their rank."""
    ahead = {name: place for place, name in enumerate(common() if first is None else first)}
    ordered = sorted(ethnic_groups(), key=lambda group: ahead.get(group.name, len(ahead)))
    entries = ((group, (group.name, group.label, *group.aliases)) for group in ordered)
    return list_search.find(query, entries, limit)
