"""What every kind of question can do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from kiosk.procedures.answer_errors import AnswerError
from kiosk.procedures.model import Field


@dataclass(frozen=True)
class ParsedAnswer:
    """What came of a posted answer: a value (None when left blank) or a error, never both."""

    value: Any = None
    error: AnswerError | None = None


Posted = Mapping[str, str]


class QuestionKind(Protocol):
    """A kind of question: how it is asked, read, judged, said and written on paper."""

    template: str
    """Which template part shows it."""
    keyboard: str

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:
        """Return the answer posted under `field.key`; `before` is what the draft already holds."""
        ...

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:
        """Return what is wrong with a value that came by another way than a form."""
        ...

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return the answer as the screen says it."""
        ...

    def on_paper(self, field: Field, value: Any) -> str:
        """Return the answer as the paper has it (Vietnamese)."""
        ...

    def sample(self, field: Field) -> Any:
        """Return a made-up answer, for walks and for trying a form."""
        ...
