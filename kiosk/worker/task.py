"""A task of the worker: one repeated step in a thread of its own."""

from collections.abc import Callable
from dataclasses import dataclass


def _nothing() -> None:
    """Close nothing."""


@dataclass(frozen=True)
class Task:
    """One repeated step.

    Attributes:
        name: name of the thread and of the heartbeat.
        step: does one due thing; returns whether there was one.
        idle: seconds between two steps when nothing was due.
        limit: seconds after which a step counts as hanging.
        close: called in the task's thread after its last step.
    """

    name: str
    step: Callable[[], bool]
    idle: float
    limit: float
    close: Callable[[], None] = _nothing

    @property
    def kind(self) -> str:
        """The name for the log: that of a printer is free text, which the log does not write."""
        return self.name.partition(":")[0]
