"""The result of a check: state, words, and what to do."""

from dataclasses import dataclass
from typing import Literal

CheckState = Literal["ok", "note", "warning", "fault"]
Stops = Literal["", "some", "all"]
"""Citizens whom a fault keeps from being served: nobody, some, or all."""


@dataclass(frozen=True)
class CheckResult:
    """Result of one check.

    `do` is what to do in one sentence, or `steps` in order; both are empty when there is nothing to do. `code` is short
    enough to read out on the telephone and is explained in docs/technician.md. `ends` says when the machine retries by
    itself. `stops` says whom it keeps from being served: who gets no paper or a wrong date counts too.
    """

    name: str
    state: CheckState
    words: str
    do: str = ""
    code: str = ""
    steps: tuple[str, ...] = ()
    ends: str = ""
    stops: Stops = ""

    @property
    def todo(self) -> tuple[str, ...]:
        """The steps, also when there is only one."""
        return self.steps or ((self.do,) if self.do else ())
