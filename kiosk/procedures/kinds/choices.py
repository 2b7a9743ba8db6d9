"""Kinds that are chosen: one or several of a list, one or own words, yes or no, sex, ethnic group, nationality."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from kiosk.procedures.answer_errors import AnswerError
from kiosk.procedures.kinds.base import ParsedAnswer, Posted
from kiosk.procedures.kinds.text import TextKind
from kiosk.procedures.model import Field, Option, Words
from kiosk.vietnam import countries, reference_data

SEXES = (Option("nam", Words("Nam", "Male"), "Nam"), Option("nu", Words("Nữ", "Female"), "Nữ"))
FOREIGN = AnswerError("not_listed")
OTHER = "khac"
OTHERS = Option(OTHER, Words("Khác", "Other"), "Khác")
YES_NO = (Option("co", Words("Có", "Yes"), "Có"), Option("khong", Words("Không", "No"), "Không"))


class ChoiceKind:
    """One option of the field's list; its id is kept, its official value is printed."""

    template = "choice"
    keyboard = ""

    def options(self, field: Field) -> tuple[Option, ...]:
        """Return what can be chosen."""
        return field.options

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:  # noqa: ARG002
        """Return the chosen id; nothing chosen is None."""
        chosen = posted.get(field.key, "")
        if not chosen:
            return ParsedAnswer()
        error = self.validate(field, chosen, today)
        return ParsedAnswer(error=error) if error else ParsedAnswer(chosen)

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:  # noqa: ARG002
        """Only what stands in the list can be chosen."""
        return None if any(option.id == value for option in self.options(field)) else FOREIGN

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return the option's words on the screen."""
        return next((option.label.of(lang) for option in self.options(field) if option.id == value), "")

    def on_paper(self, field: Field, value: Any) -> str:
        """Return the option's official words."""
        return next((option.value or option.label.vi for option in self.options(field) if option.id == value), "")

    def sample(self, field: Field) -> Any:
        """Return the first option."""
        return self.options(field)[0].id


class ChoiceTextKind(ChoiceKind):
    """A quick option or one's own words: the option's id is kept, or else the words themselves.

    The option "khac" opens the line for own words; a field that has none gets one.
    """

    template = "choice_text"
    keyboard = "text"

    def options(self, field: Field) -> tuple[Option, ...]:
        """Return the quick options, the one that opens the line last."""
        quick = tuple(option for option in field.options if option.id != OTHER)
        opens = next((option for option in field.options if option.id == OTHER), OTHERS)
        return (*quick, opens)

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:  # noqa: ARG002
        """Return the chosen id, or the own words where they were asked for; nothing at all is None."""
        chosen = posted.get(field.key, "")
        if chosen and chosen != OTHER:
            error = super().validate(field, chosen, today)
            return ParsedAnswer(error=error) if error else ParsedAnswer(chosen)
        reading = TextKind().parse(field, {field.key: posted.get(f"{field.key}.own", "")}, None, today)
        if chosen and not reading.error and reading.value is None:
            return ParsedAnswer(error=AnswerError("own_words"))
        return reading

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:
        """An option's id, or a line of text."""
        return None if super().validate(field, value, today) is None else TextKind().validate(field, value, today)

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return the option's words, or the own ones."""
        return super().on_screen(field, value, lang) or str(value or "")

    def on_paper(self, field: Field, value: Any) -> str:
        """Return the option's official words, or the own ones."""
        return super().on_paper(field, value) or str(value or "")


class MultiChoiceKind(ChoiceKind):
    """Several options of the field's list; their ids are kept in the order of the list."""

    template = "multichoice"

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:  # noqa: ARG002
        """Return the ticked ids (a box is named `key.id`); none ticked is None."""
        found = [option.id for option in self.options(field) if posted.get(f"{field.key}.{option.id}")]
        return ParsedAnswer(found or None)

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:  # noqa: ARG002
        """Only what stands in the list can be chosen, each once."""
        known = {option.id for option in self.options(field)}
        is_list = isinstance(value, list) and all(isinstance(one, str) for one in value)
        return None if is_list and value and known.issuperset(value) and len(set(value)) == len(value) else FOREIGN

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return the options' words on the screen."""
        return ", ".join(super(MultiChoiceKind, self).on_screen(field, one, lang) for one in value or ())

    def on_paper(self, field: Field, value: Any) -> str:
        """Return the options' official words."""
        return ", ".join(super(MultiChoiceKind, self).on_paper(field, one) for one in value or ())

    def sample(self, field: Field) -> Any:
        """Return the first option."""
        return [self.options(field)[0].id]


class SexKind(ChoiceKind):
    """Nam or Nữ; a field may give its own words ("Trai", "Gái") for the same ids."""

    def options(self, field: Field) -> tuple[Option, ...]:
        """Return the field's words, or the official ones."""
        return field.options or SEXES


class BooleanKind(ChoiceKind):
    """Yes or no, kept as true and false."""

    template = "boolean"

    def options(self, field: Field) -> tuple[Option, ...]:
        """Return the field's words, or Có and Không."""
        return field.options or YES_NO

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:  # noqa: ARG002
        """Return true or false; nothing chosen is None."""
        chosen = posted.get(field.key, "")
        if chosen not in {"co", "khong"}:
            return ParsedAnswer(error=AnswerError("choose")) if chosen else ParsedAnswer()
        return ParsedAnswer(chosen == "co")

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:  # noqa: ARG002
        """Return a error for what is neither true nor false."""
        return None if isinstance(value, bool) else AnswerError("choose")

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return the words for yes or no."""
        return "" if value is None else super().on_screen(field, "co" if value else "khong", lang)

    def on_paper(self, field: Field, value: Any) -> str:
        """Return Có or Không."""
        return "" if value is None else super().on_paper(field, "co" if value else "khong")

    def sample(self, field: Field) -> Any:  # noqa: ARG002
        """Return no: the shorter way."""
        return False


class ListedKind:
    """One name of a long official list that is kept outside the procedure: its quick options first, search behind."""

    template = "listed"
    keyboard = "text"

    def __init__(self, entries: Sequence[tuple[str, str, str]], example: str) -> None:
        self.entries = {one: vi for one, vi, _ in entries}
        self.english = {one: en for one, _, en in entries}
        self.example = example

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:  # noqa: ARG002
        """Return the chosen id; nothing chosen is None."""
        chosen = posted.get(field.key, "")
        if not chosen:
            return ParsedAnswer()
        return ParsedAnswer(chosen) if chosen in self.entries else ParsedAnswer(error=AnswerError("not_listed"))

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:  # noqa: ARG002
        """Only what stands in the list can be chosen."""
        return None if isinstance(value, str) and value in self.entries else AnswerError("not_listed")

    def on_screen(self, field: Field, value: Any, lang: str) -> str:  # noqa: ARG002
        """Return the listed name."""
        return (self.english if lang == "en" else self.entries).get(value, "")

    def on_paper(self, field: Field, value: Any) -> str:  # noqa: ARG002
        """Return the listed name."""
        return self.entries.get(value, "")

    def sample(self, field: Field) -> Any:  # noqa: ARG002
        """Return the usual one."""
        return self.example


def ethnicity() -> ListedKind:
    """Return the kind of the 54 ethnic groups (and foreigners), kept by official name."""
    return ListedKind([(name, name, name) for name in reference_data.ethnic_names()], "Kinh")


def nationality() -> ListedKind:
    """Return the kind of countries, kept by ISO 3166 code."""
    return ListedKind([(one.code, one.name, one.name_en) for one in countries.countries()], "VN")
