"""What a check found: how it stands, in which words, and what to do about it."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "note", "warning", "fault"]


@dataclass(frozen=True)
class CheckResult:
    """One check: its name, how it stands, what was found, and what to do (empty when nothing).

    ``code`` is short, to read out and to look up in docs/technician.md; ``steps`` are what to do with one's hands, one
    after another, in place of ``do``; ``ends`` says when the machine tries or goes on by itself.
    """

    name: str
    state: State
    words: str
    do: str = ""
    code: str = ""
    steps: tuple[str, ...] = ()
    ends: str = ""

    @property
    def todo(self) -> tuple[str, ...]:
        """What to do, step by step."""
        return self.steps or ((self.do,) if self.do else ())
