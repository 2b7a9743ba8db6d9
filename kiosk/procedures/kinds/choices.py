"""Kinds that are chosen: one of a list, yes or no, sex, ethnic group, nationality."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from kiosk import reference
from kiosk.procedures.faults import Fault
from kiosk.procedures.kinds.base import Posted, Reading
from kiosk.procedures.model import Field, Option, Words

SEXES = (Option("nam", Words("Nam", "Male"), "Nam"), Option("nu", Words("Nữ", "Female"), "Nữ"))
YES_NO = (Option("co", Words("Có", "Yes"), "Có"), Option("khong", Words("Không", "No"), "Không"))


class Choice:
    """One option of the field's list; its id is kept, its official value is printed."""

    part = "choice"
    keyboard = ""

    def options(self, field: Field) -> tuple[Option, ...]:
        """Return what can be chosen."""
        return field.options

    def read(self, field: Field, posted: Posted, before: Any, today: date) -> Reading:  # noqa: ARG002
        """Return the chosen id; nothing chosen is None."""
        chosen = posted.get(field.key, "")
        if not chosen:
            return Reading()
        fault = self.judge(field, chosen, today)
        return Reading(fault=fault) if fault else Reading(chosen)

    def judge(self, field: Field, value: Any, today: date) -> Fault | None:  # noqa: ARG002
        """Only what stands in the list can be chosen."""
        return None if any(option.id == value for option in self.options(field)) else Fault("not_listed")

    def say(self, field: Field, value: Any, lang: str) -> str:
        """Return the option's words on the screen."""
        return next((option.label.of(lang) for option in self.options(field) if option.id == value), "")

    def write(self, field: Field, value: Any) -> str:
        """Return the option's official words."""
        return next((option.value or option.label.vi for option in self.options(field) if option.id == value), "")

    def sample(self, field: Field) -> Any:
        """Return the first option."""
        return self.options(field)[0].id


class Sex(Choice):
    """Nam or Nữ; a field may give its own words ("Trai", "Gái") for the same ids."""

    def options(self, field: Field) -> tuple[Option, ...]:
        """Return the field's words, or the official ones."""
        return field.options or SEXES


class Boolean(Choice):
    """Yes or no, kept as true and false."""

    part = "boolean"

    def options(self, field: Field) -> tuple[Option, ...]:
        """Return the field's words, or Có and Không."""
        return field.options or YES_NO

    def read(self, field: Field, posted: Posted, before: Any, today: date) -> Reading:  # noqa: ARG002
        """Return true or false; nothing chosen is None."""
        chosen = posted.get(field.key, "")
        if chosen not in {"co", "khong"}:
            return Reading(fault=Fault("choose")) if chosen else Reading()
        return Reading(chosen == "co")

    def judge(self, field: Field, value: Any, today: date) -> Fault | None:  # noqa: ARG002
        """Return a fault for what is neither true nor false."""
        return None if isinstance(value, bool) else Fault("choose")

    def say(self, field: Field, value: Any, lang: str) -> str:
        """Return the words for yes or no."""
        return "" if value is None else super().say(field, "co" if value else "khong", lang)

    def write(self, field: Field, value: Any) -> str:
        """Return Có or Không."""
        return "" if value is None else super().write(field, "co" if value else "khong")

    def sample(self, field: Field) -> Any:  # noqa: ARG002
        """Return no: the shorter way."""
        return False


class Listed:
    """One name of a long official list that is kept outside the procedure: its quick options first, search behind."""

    part = "listed"
    keyboard = "text"

    def __init__(self, entries: "Iterable[tuple[str, str]]", example: str) -> None:
        self.entries = dict(entries)
        self.example = example

    def read(self, field: Field, posted: Posted, before: Any, today: date) -> Reading:  # noqa: ARG002
        """Return the chosen id; nothing chosen is None."""
        chosen = posted.get(field.key, "") or posted.get(f"{field.key}.other", "")
        if not chosen:
            return Reading()
        return Reading(chosen) if chosen in self.entries else Reading(fault=Fault("not_listed"))

    def judge(self, field: Field, value: Any, today: date) -> Fault | None:  # noqa: ARG002
        """Only what stands in the list can be chosen."""
        return None if isinstance(value, str) and value in self.entries else Fault("not_listed")

    def say(self, field: Field, value: Any, lang: str) -> str:  # noqa: ARG002
        """Return the listed name."""
        return self.entries.get(value, "")

    def write(self, field: Field, value: Any) -> str:  # noqa: ARG002
        """Return the listed name."""
        return self.entries.get(value, "")

    def sample(self, field: Field) -> Any:  # noqa: ARG002
        """Return the usual one."""
        return self.example


def ethnicity() -> Listed:
    """Return the kind of the 54 ethnic groups (and foreigners), kept by official name."""
    return Listed(((name, name) for name in reference.ethnic_names()), "Kinh")


def nationality() -> Listed:
    """Return the kind of countries, kept by ISO 3166 code."""
    return Listed(reference.countries().items(), "VN")
