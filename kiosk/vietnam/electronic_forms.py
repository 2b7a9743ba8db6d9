"""Electronic civil-status forms of the Ministry of Justice: their fields in order, and who answers each.

electronic_forms.toml holds them with their source. A reader matches labels first: names change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from kiosk.vietnam.reference_data import read

FILE = "electronic_forms.toml"


@dataclass(frozen=True)
class FormField:
    """A field of an electronic form; one of `key`, `value`, `derive`, `late` and `by` says who answers it."""

    label: str
    kind: str
    """text, digits, date, date_or_year, typed_date, list, place, place_lists or file."""
    name: str = ""
    person: str = ""
    """Block of the page: whom or what the field is about."""
    key: str = ""
    """Our key, or `key.part`."""
    value: str = ""
    values: Mapping[str, str] | None = None
    """Code of a procedure -> words that are the same in each of its forms."""
    derive: str = ""
    """copies or parents: how the words follow from several answers."""
    late: Mapping[str, Any] | None = None
    """`key` of a day and `days` within which a registration is on time."""
    by: str = ""
    """officer: asked at the counter; page: filled by the page itself."""
    first: bool = False
    """A choice that rebuilds a block of the page."""
    choices: tuple[str, ...] = ()
    words: Mapping[str, str] | None = None
    """Our option -> words of the page's list; "" where the officer chooses."""
    otherwise: str = ""
    """Words of the list for all of our options that are not in `choices`."""

    @property
    def short(self) -> str:
        """Label without its brackets."""
        return self.label.partition(" (")[0]

    @property
    def title(self) -> str:
        """Short label with the block in front of it."""
        return f"{self.person}: {self.short[:1].lower()}{self.short[1:]}" if self.person else self.short


@dataclass(frozen=True)
class ElectronicForm:
    """An electronic form and the procedures that it belongs to."""

    number: str
    procedures: tuple[str, ...]
    fields: tuple[FormField, ...]
    prefixes: Mapping[str, Mapping[str, str]] | None = None
    turned: Mapping[str, Any] | None = None

    def source(self, key: str, code: str, answers: Mapping[str, Any]) -> str:
        """Return a field's key in a procedure, with these answers: "con_ho_ten" is "nd_ho_ten" in another one."""
        beginning, line, rest = key.partition("_")
        changed = (self.prefixes or {}).get(code, {})
        if self.turned and answers.get(self.turned["key"]) in self.turned["options"]:
            changed = self.turned["prefixes"]
        return changed.get(beginning, beginning) + line + rest


@cache
def forms() -> tuple[ElectronicForm, ...]:
    """Return the eleven forms."""
    return tuple(
        ElectronicForm(
            number=row["number"],
            procedures=tuple(row["procedures"]),
            fields=tuple(FormField(**field | {"choices": tuple(field.get("choices", ()))}) for field in row["fields"]),
            prefixes=row.get("prefixes"),
            turned=row.get("turned"),
        )
        for row in read(FILE)["form"]
    )


@cache
def form_of(code: str) -> ElectronicForm | None:
    """Return the electronic form of a procedure."""
    return next((form for form in forms() if code in form.procedures), None)
