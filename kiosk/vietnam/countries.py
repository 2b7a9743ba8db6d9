"""Countries, for the question of nationality.

Answers store the ISO 3166-1 code ("VN"). Việt Nam is listed first, the others by the Vietnamese alphabet.
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
    """Return all countries, Việt Nam first."""
    rows = [
        Country(code=code, name=vi, name_en=en, aliases=tuple(other))
        for code, vi, en, other in read("countries.json")["rows"]
    ]
    return tuple(sorted(rows, key=lambda country: (country.code != "VN", viet_text.sort_key(country.name))))


def search(query: str, limit: int = 250) -> tuple[Country, ...]:
    """Search countries by their Vietnamese, English or other names."""
    entries = ((country, (country.name, country.name_en, *country.aliases)) for country in countries())
    return list_search.find(query, entries, limit)
