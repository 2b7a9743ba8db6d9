"""Countries, for the question of nationality.

Answers keep the ISO 3166-1 code ("VN"); Việt Nam stands first, the others by the Vietnamese alphabet.
"""

from dataclasses import dataclass
from functools import cache

from kiosk.vietnam import list_search, viet_text
from kiosk.vietnam.reference_data import read


@dataclass(frozen=True)
class Country:
    """A country by its ISO 3166-1 code, with its name in both languages."""

    code: str
    name: str
    name_en: str
    aliases: tuple[str, ...]


@cache
def countries() -> tuple[Country, ...]:
    """Return all, Việt Nam first."""
    found = [
        Country(code=code, name=vi, name_en=en, aliases=tuple(other))
        for code, vi, en, other in read("countries.json")["rows"]
    ]
    return tuple(sorted(found, key=lambda one: (one.code != "VN", viet_text.sort_key(one.name))))


@cache
def _by_code() -> dict[str, Country]:
    return {one.code: one for one in countries()}


def country(code: str) -> Country | None:
    """Return the country of an ISO code, in capitals."""
    return _by_code().get(code)


def search(query: str, limit: int = 250) -> tuple[Country, ...]:
    """Find countries by their Vietnamese, English or other names."""
    return list_search.find(query, ((one, (one.name, one.name_en, *one.aliases)) for one in countries()), limit)
