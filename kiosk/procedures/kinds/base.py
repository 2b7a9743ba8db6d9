"""What every kind of question can do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from kiosk.procedures.answer_errors import Fault
from kiosk.procedures.model import Field


@dataclass(frozen=True)
class Reading:
    """What came of a posted answer: a value (None when left blank) or a fault, never both."""

    value: Any = None
    fault: Fault | None = None


Posted = Mapping[str, str]


class Kind(Protocol):
    """A kind of question: how it is asked, read, judged, said and written on paper."""

    part: str
    """Which template part shows it."""
    keyboard: str

    def read(self, field: Field, posted: Posted, before: Any, today: date) -> Reading:
        """Return the answer posted under `field.key`; `before` is what the draft already holds."""
        ...

    def judge(self, field: Field, value: Any, today: date) -> Fault | None:
        """Return what is wrong with a value that came by another way than a form."""
        ...

    def say(self, field: Field, value: Any, lang: str) -> str:
        """Return the answer as the screen says it."""
        ...

    def write(self, field: Field, value: Any) -> str:
        """Return the answer as the paper has it (Vietnamese)."""
        ...

    def sample(self, field: Field) -> Any:
        """Return a made-up answer, for walks and for trying a form."""
        ...
