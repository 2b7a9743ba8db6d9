"""Kinds with options: one or several of a list, own words, yes or no, sex, ethnic group, nationality."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from kiosk.procedures.answer_errors import AnswerError
from kiosk.procedures.base import Words
from kiosk.procedures.kinds.base import ParsedAnswer, Posted
from kiosk.procedures.kinds.text import TextKind
from kiosk.procedures.model import AnswerOption, Field
from kiosk.vietnam import countries, reference_data

SEXES = (AnswerOption("nam", Words("Nam", "Male"), "Nam"), AnswerOption("nu", Words("Nữ", "Female"), "Nữ"))
NOT_LISTED = AnswerError("not_listed")
OTHER = "khac"
OTHERS = AnswerOption(OTHER, Words("Khác", "Other"), "Khác")
YES_NO = (AnswerOption("co", Words("Có", "Yes"), "Có"), AnswerOption("khong", Words("Không", "No"), "Không"))


class ChoiceKind:
    """One option of the field's list; its id is stored, its official value is printed."""

    template = "choice"
    keyboard = ""

    def options(self, field: Field) -> tuple[AnswerOption, ...]:
        """Return the options of the field."""
        return field.options

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:
        """Return the chosen id; nothing chosen is None."""
        chosen = posted.get(field.key, "")
        if not chosen:
            return ParsedAnswer()
        error = self.validate(field, chosen, today)
        return ParsedAnswer(error=error) if error else ParsedAnswer(chosen)

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:
        """Return an error for an answer that is not in the list."""
        return None if any(option.id == value for option in self.options(field)) else NOT_LISTED

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
    """An option or own words: the id of the option is stored, or the words themselves.

    The option "khac" opens the box for own words; a field without it gets it.
    """

    template = "choice_text"
    keyboard = "text"

    def options(self, field: Field) -> tuple[AnswerOption, ...]:
        """Return the options; the last opens the box for own words."""
        quick = tuple(option for option in field.options if option.id != OTHER)
        opens = next((option for option in field.options if option.id == OTHER), OTHERS)
        return (*quick, opens)

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:
        """Return the chosen id, or the own words where "khac" is chosen; blank is None."""
        chosen = posted.get(field.key, "")
        if chosen and chosen != OTHER:
            error = super().validate(field, chosen, today)
            return ParsedAnswer(error=error) if error else ParsedAnswer(chosen)
        reading = TextKind().parse(field, {field.key: posted.get(f"{field.key}.own", "")}, None, today)
        if chosen and not reading.error and reading.value is None:
            return ParsedAnswer(error=AnswerError("own_words", box="own"))
        return reading

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:
        """Return an error for a value that is neither an option id nor a valid text."""
        return None if super().validate(field, value, today) is None else TextKind().validate(field, value, today)

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return the option's words, or the own ones."""
        return super().on_screen(field, value, lang) or str(value or "")

    def on_paper(self, field: Field, value: Any) -> str:
        """Return the option's official words, or the own ones."""
        return super().on_paper(field, value) or str(value or "")


class MultiChoiceKind(ChoiceKind):
    """Several options of the field's list; their ids are stored in the order of the list."""

    template = "multichoice"

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:
        """Return the ticked ids (a box is named `key.id`); none ticked is None."""
        ticked = [option.id for option in self.options(field) if posted.get(f"{field.key}.{option.id}")]
        return ParsedAnswer(ticked or None)

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:
        """Return an error for an empty list, for an id that is not in the list, and for an id given twice."""
        known = {option.id for option in self.options(field)}
        is_list = isinstance(value, list) and all(isinstance(option_id, str) for option_id in value)
        is_valid = is_list and value and known.issuperset(value) and len(set(value)) == len(value)
        return None if is_valid else NOT_LISTED

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return the options' words on the screen."""
        return ", ".join(super(MultiChoiceKind, self).on_screen(field, option_id, lang) for option_id in value or ())

    def on_paper(self, field: Field, value: Any) -> str:
        """Return the options' official words."""
        return ", ".join(super(MultiChoiceKind, self).on_paper(field, option_id) for option_id in value or ())

    def sample(self, field: Field) -> Any:
        """Return the first option."""
        return [self.options(field)[0].id]


class SexKind(ChoiceKind):
    """Nam or Nữ; a field may have other words ("Trai", "Gái") for the same ids."""

    def options(self, field: Field) -> tuple[AnswerOption, ...]:
        """Return the field's words, or the official ones."""
        return field.options or SEXES


class BooleanKind(ChoiceKind):
    """Yes or no, stored as true and false."""

    template = "boolean"

    def options(self, field: Field) -> tuple[AnswerOption, ...]:
        """Return the field's words, or Có and Không."""
        return field.options or YES_NO

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:
        """Return true or false; nothing chosen is None."""
        chosen = posted.get(field.key, "")
        if chosen not in {"co", "khong"}:
            return ParsedAnswer(error=AnswerError("choose")) if chosen else ParsedAnswer()
        return ParsedAnswer(chosen == "co")

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:
        """Return an error for a value that is neither true nor false."""
        return None if isinstance(value, bool) else AnswerError("choose")

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return the words for yes or no."""
        return "" if value is None else super().on_screen(field, "co" if value else "khong", lang)

    def on_paper(self, field: Field, value: Any) -> str:
        """Return Có or Không."""
        return "" if value is None else super().on_paper(field, "co" if value else "khong")

    def sample(self, field: Field) -> Any:
        """Return no: it leads to the shorter form."""
        return False


class ListedKind:
    """One name of a long official list outside the procedure file: quick options first, then a search."""

    template = "listed"
    keyboard = "text"

    def __init__(self, entries: Sequence[tuple[str, str, str]], example: str) -> None:
        self.entries = {entry_id: vi for entry_id, vi, _ in entries}
        self.english = {entry_id: en for entry_id, _, en in entries}
        self.example = example

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:
        """Return the chosen id; nothing chosen is None."""
        chosen = posted.get(field.key, "")
        if not chosen:
            return ParsedAnswer()
        return ParsedAnswer(chosen) if chosen in self.entries else ParsedAnswer(error=AnswerError("not_listed"))

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:
        """Return an error for an answer that is not in the list."""
        return None if isinstance(value, str) and value in self.entries else AnswerError("not_listed")

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return the name in the list."""
        return (self.english if lang == "en" else self.entries).get(value, "")

    def on_paper(self, field: Field, value: Any) -> str:
        """Return the name in the list."""
        return self.entries.get(value, "")

    def sample(self, field: Field) -> Any:
        """Return the most frequent one."""
        return self.example


def ethnicity() -> ListedKind:
    """Return the kind of the 54 ethnic groups (and foreigners), stored by official name."""
    return ListedKind([(name, name, name) for name in reference_data.ethnic_names()], "Kinh")


def nationality() -> ListedKind:
    """Return the kind of countries, stored by ISO 3166 code."""
    return ListedKind([(country.code, country.name, country.name_en) for country in countries.countries()], "VN")
