"""What every portal can do, whatever it speaks.

An adapter translates its library's exceptions into those of ``sync.errors`` at this border, and answers **by subject
id**: a result that cannot be matched to an id is no result. It keeps no state that a restart may not lose.
"""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from sync.parcel import Audit, Held, Hello, Load, Page, Piece, Presence, Sent


class Portal(Protocol):
    """A portal as the engine sees it; every method may raise ``sync.errors.SyncError``."""

    @property
    def is_repeatable(self) -> bool:
        """Tell whether sending twice is the verification; otherwise an unknown step is asked about first."""

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
