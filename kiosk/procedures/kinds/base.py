"""Interface of the kinds of question."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from kiosk.procedures.answer_errors import AnswerError
from kiosk.procedures.model import Field


@dataclass(frozen=True)
class ParsedAnswer:
    """Result of a posted answer: a value (None for blank) or an error, never both."""

    value: Any = None
    error: AnswerError | None = None


Posted = Mapping[str, str]


class QuestionKind(Protocol):
    """A kind of question: how it is asked, parsed, validated, shown and printed."""

    template: str
    """Name of the template that shows it."""
    keyboard: str

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:
        """Return the answer posted under `field.key`; `before` is the answer in the draft."""
        ...

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:
        """Return the error of a value that was not posted by a form, or None."""
        ...

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return the answer as text for the screen."""
        ...

    def on_paper(self, field: Field, value: Any) -> str:
        """Return the answer as text for the paper (Vietnamese)."""
        ...

    def sample(self, field: Field) -> Any:
        """Return a sample answer, for tests and for a preview of a form."""
        ...
