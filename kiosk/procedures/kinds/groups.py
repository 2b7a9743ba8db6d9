"""Several answers under one key: groups of parts, and lists of rows."""

from datetime import date
from typing import Any

from kiosk.procedures import kinds
from kiosk.procedures.answer_errors import AnswerError
from kiosk.procedures.kinds.base import ParsedAnswer, Posted
from kiosk.procedures.kinds.numbers import counted
from kiosk.procedures.model import Field


class GroupKind:
    """Parts that belong together ("temporary residence at ... from ... to ..."), each with its own kind."""

    template = "group"
    keyboard = ""

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:
        """Return the parts that are filled in, or the first error of a part."""
        parts_before = before if isinstance(before, dict) else {}
        value: dict[str, Any] = {}
        for part in kinds.parts_of(field):
            name = part.key.rpartition(".")[2]
            parsed = kinds.of(part).parse(part, posted, parts_before.get(name), today)
            if parsed.error:
                return parsed
            if parsed.value is not None:
                value[name] = parsed.value
        return ParsedAnswer(value or None)

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:
        """Return the first error of a part, or an error for a missing required part."""
        if not isinstance(value, dict):
            return AnswerError("required")
        for part in _asked_parts(field):
            if part.key in value:
                error = kinds.of(part).validate(part, value[part.key], today)
                if error:
                    return error
            elif part.required:
                return AnswerError("required")
        return None

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return the parts; all but the first follow their labels: "Tổ 5, ..., từ ngày 01/12/2026"."""
        answers = value or {}
        texts: list[str] = []
        for part in _asked_parts(field):
            if part.key in answers:
                text = kinds.of(part).on_screen(part, answers[part.key], lang)
                labelled = f"{_lower_first(part.label.of(lang))} {_option_in_sentence(part, text)}"
                texts.append(labelled if texts else text)
        return ", ".join(texts)

    def on_paper(self, field: Field, value: Any) -> str:
        """Return the parts after their official labels: "Đăng ký tạm trú tại Tổ 5, ..."."""
        answers = value or {}
        parts = [part for part in _asked_parts(field) if part.key in answers]
        texts = (f"{part.official} {kinds.of(part).on_paper(part, answers[part.key])}" for part in parts)
        return ", ".join(text.strip() for text in texts)

    def sample(self, field: Field) -> Any:
        """Return a sample answer for each part."""
        return {part.key: kinds.of(part).sample(part) for part in _asked_parts(field)}


def _asked_parts(field: Field) -> tuple[Field, ...]:
    """Return the parts that are asked; others (a signature) are written by hand on the paper."""
    return tuple(part for part in field.fields if part.asked)


def _lower_first(label: str) -> str:
    return label[:1].lower() + label[1:]


def _option_in_sentence(part: Field, words: str) -> str:
    """Return the text of an option with a small first letter ("mức độ nặng"), other texts unchanged."""
    return _lower_first(words) if part.kind == "choice" and words[1:2].islower() else words


class GroupListKind:
    """Rows of a table (people who move together); each row is asked on its own page."""

    template = "rows"
    keyboard = ""

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:
        """Return the rows of the draft: rows are added and removed one at a time."""
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
        """Return names of people, or things with their other columns: "Học bạ (12 trang, 2 bản)"."""
        return ", ".join(_row(field, row, lang) for row in value or ())

    def on_paper(self, field: Field, value: Any) -> str:
        """Return every column of every row, for the desk and the readable body; the declaration prints a table."""
        return "; ".join(_row_on_paper(field, row) for row in value or ())

    def sample(self, field: Field) -> Any:
        """Return one sample row."""
        return [GroupKind().sample(field)]


def _row(field: Field, row: Any, lang: str) -> str:
    first, *others = _asked_parts(field)
    name = kinds.of(first).on_screen(first, row.get(first.key), lang)
    rest = [(part, row[part.key]) for part in others if row.get(part.key) is not None]
    if first.kind == "person_name" or not rest:
        return name
    return f"{name} ({', '.join(_column(part, value, lang) for part, value in rest)})"


def _row_on_paper(field: Field, row: Any) -> str:
    first, *others = _asked_parts(field)
    name = kinds.of(first).on_paper(first, row.get(first.key))
    rest = [(part, row[part.key]) for part in others if not _is_blank(row.get(part.key))]
    return f"{name} ({', '.join(_column_on_paper(part, value) for part, value in rest)})" if rest else name


def _is_blank(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _column_on_paper(part: Field, value: Any) -> str:
    text = kinds.of(part).on_paper(part, value)
    if part.unit:
        return counted(part.unit.vi, text, "vi")
    return f"{_lower_first(part.official or part.label.vi).rstrip('?')} {text}"


def _column(part: Field, value: Any, lang: str) -> str:
    """Return "12 trang" for a column with a unit, else its label and text."""
    text = kinds.of(part).on_screen(part, value, lang)
    if part.unit:
        return counted(part.unit.of(lang), text, lang)
    return f"{_lower_first(part.label.of(lang))} {text}"
