"""What every portal can do, whatever it speaks.

An adapter translates its library's exceptions into those of ``sync.errors`` at this border, and answers **by subject
id**: a result that cannot be matched to an id is no result. It keeps no state that a restart may not lose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from sync.parcel import Audit, Held, Hello, Load, Page, Piece, Presence, Receipt, Sent


class Portal(Protocol):
    """A portal as the engine sees it; every method may raise ``sync.errors.SyncError``."""

    @property
    def is_repeatable(self) -> bool:
        """Tell whether sending twice is the verification; otherwise an unknown step is asked about first."""

    @property
    def has_feed(self) -> bool:
        """Tell whether the portal says by itself what became of a submission; otherwise ``changes`` is not asked."""

    def hello(self) -> Hello:
        """Ask whether the portal is there."""

    def send(self, loads: Sequence[Load]) -> Sent:
        """Hand over loads of one kind, in this order."""

    def verify(self, load: Load) -> Presence:
        """Ask whether the portal has exactly this."""

    def missing(self, known: Sequence[tuple[str, str]]) -> Audit:
        """Ask which of these (id, digest) the portal lacks or holds otherwise; at most 1,000."""

    def changes(self, cursor: str | None) -> Page:
        """Read the next page of the portal's later word; ``Restored`` when it does not know the cursor."""

    def close(self) -> None:
        """Let go of the line."""


@runtime_checkable
class TakesFiles(Protocol):
    """A portal that takes files behind their forms, by pieces, named by their SHA-256 (64 letters of hex)."""

    def held(self, sha256: str) -> Held:
        """Ask how much of a file it holds."""

    def append(self, sha256: str, piece: Piece) -> Held:
        """Hand over a piece, and give how much it holds now; ``Poison`` when the hash of the whole was wrong."""


@dataclass(frozen=True)
class Refused:
    """A portal's no to one step; ``words`` are for the officer. ``is_final``: it would say the same the next time."""

    code: str
    words: str
    is_final: bool


class Stepwise(Protocol):
    """A portal that takes a submission in steps, each of which can be looked at; ``steps.Stepper`` makes it a Portal.

    ``facts`` holds what ``do`` gave for the steps before: ids and numbers of the portal, never anything personal.
    """

    @property
    def epoch(self) -> str:
        """Name the portal's store, if it can be told."""

    def hello(self) -> Hello:
        """Ask whether the portal is there; a batch of one is what it takes."""

    def plan(self, load: Load) -> Sequence[str] | Refused:
        """Name the steps, in order."""

    def do(self, load: Load, step: str, facts: Mapping[str, str]) -> str | Refused:
        """Take a step that does not stand yet; give what later steps need of it."""

    def verify(self, load: Load, step: str, facts: Mapping[str, str]) -> Presence:
        """Look whether a step stands."""

    def receipt(self, load: Load, facts: Mapping[str, str]) -> Receipt:
        """Say what the kiosk should know when all steps stand."""

    def missing(self, known: Sequence[tuple[str, str]]) -> Audit:
        """Ask which of these (id, digest) the portal lacks or holds otherwise."""

    def close(self) -> None:
        """Let go of the line."""
