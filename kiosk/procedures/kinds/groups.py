"""Several answers under one key: a group of parts, and a list of rows."""

from datetime import date
from typing import Any

from kiosk.procedures import kinds
from kiosk.procedures.answer_errors import AnswerError
from kiosk.procedures.kinds.base import ParsedAnswer, Posted
from kiosk.procedures.kinds.numbers import counted
from kiosk.procedures.model import Field


class GroupKind:
    """Parts that belong together ("temporary residence at ... from ... to ..."), each with a kind of its own."""

    template = "group"
    keyboard = ""

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:
        """Return the parts that were filled in; the first error stands for the group."""
        held = before if isinstance(before, dict) else {}
        value: dict[str, Any] = {}
        for part in kinds.parts_of(field):
            name = part.key.rpartition(".")[2]
            reading = kinds.of(part).parse(part, posted, held.get(name), today)
            if reading.error:
                return reading
            if reading.value is not None:
                value[name] = reading.value
        return ParsedAnswer(value or None)

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:
        """Return the first error of a part."""
        if not isinstance(value, dict):
            return AnswerError("required")
        for part in _asked(field):
            if part.key in value:
                error = kinds.of(part).validate(part, value[part.key], today)
                if error:
                    return error
            elif part.required:
                return AnswerError("required")
        return None

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return the parts, all but the first after their labels: "Tổ 5, ..., từ ngày 01/12/2026"."""
        held = value or {}
        words: list[str] = []
        for part in _asked(field):
            if part.key in held:
                said = kinds.of(part).on_screen(part, held[part.key], lang)
                words.append(f"{_small(part.label.of(lang))} {_small_choice(part, said)}" if words else said)
        return ", ".join(words)

    def on_paper(self, field: Field, value: Any) -> str:
        """Return the parts in the order and with the words of the paper: "Đăng ký tạm trú tại Tổ 5, ..."."""
        held = value or {}
        parts = [part for part in _asked(field) if part.key in held]
        return ", ".join(f"{part.official} {kinds.of(part).on_paper(part, held[part.key])}".strip() for part in parts)

    def sample(self, field: Field) -> Any:
        """Return a made-up answer for each part."""
        return {part.key: kinds.of(part).sample(part) for part in _asked(field)}


def _asked(field: Field) -> tuple[Field, ...]:
    """A column may be for the pen alone (a signature)."""
    return tuple(part for part in field.fields if part.asked)


def _small(label: str) -> str:
    return label[:1].lower() + label[1:]


def _small_choice(part: Field, words: str) -> str:
    """An option begins small within a line ("mức độ nặng")."""
    return _small(words) if part.kind == "choice" and words[1:2].islower() else words


class GroupListKind:
    """Rows of a table (people who move together); each row is asked on its own page."""

    template = "rows"
    keyboard = ""

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:  # noqa: ARG002
        """Return what the draft holds: rows are added and taken out one at a time."""
        return ParsedAnswer(before or None)

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:
        """Return the first error of a row."""
        if not isinstance(value, list):
            return AnswerError("required")
        for row in value:
            error = GroupKind().validate(field, row, today)
            if error:
                return error
        return None

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return people by their names, things with what was said of them: "Học bạ (12 trang, 2 bản)"."""
        return ", ".join(_row(field, row, lang) for row in value or ())

    def on_paper(self, field: Field, value: Any) -> str:
        """Return the rows as the screen says them; the paper prints them as a table."""
        return self.on_screen(field, value, "vi")

    def sample(self, field: Field) -> Any:
        """Return one made-up row."""
        return [GroupKind().sample(field)]


def _row(field: Field, row: Any, lang: str) -> str:
    first, *others = _asked(field)
    name = kinds.of(first).on_screen(first, row.get(first.key), lang)
    rest = [(part, row[part.key]) for part in others if row.get(part.key) is not None]
    if first.kind == "person_name" or not rest:
        return name
    return f"{name} ({', '.join(_told(part, value, lang) for part, value in rest)})"


def _told(part: Field, value: Any, lang: str) -> str:
    """Return "12 trang" of what has a unit, else the label and the words."""
    words = kinds.of(part).on_screen(part, value, lang)
    if part.unit:
        return counted(part.unit.of(lang), words, lang)
    return f"{_small(part.label.of(lang))} {words}"
