"""Twin of the folder target: the folder itself, in which a fault is a mood or a file that was lost."""

import json
from pathlib import Path

from sync.gateway.targets.folder import FolderTarget, TargetBehaviour
from sync.gateway.targets.twin import TwinCounts


class FolderTwin:
    """A folder of references; its target has no connection, so that only its own faults can strike."""

    requests = ("note",)
    faults = ("away",)
    gives_number = False
    actions_each = 0
    takes_files = True
    takes_changes = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "noted"
        self._mood = self._folder / "mood"
        self._folder.mkdir(exist_ok=True)

    def open_target(self) -> FolderTarget:
        """Open the target."""
        return _CalmingTarget(self._folder)

    def break_next(self, request: str, fault: str) -> None:
        """Let the next delivery find the folder away."""
        if request in self.requests:
            self._mood.write_text(fault, encoding="utf-8")

    def break_often(self, rate: float) -> None:
        """Let the next delivery find the folder away: a folder counts no requests."""
        if rate:
            self.break_next("note", "away")

    def count(self) -> TwinCounts:
        """Return the number of references and of the files that they name."""
        notes = [json.loads(path.read_text(encoding="utf-8")) for path in self._folder.glob("*.json")]
        receipts = {note["receiptNo"]: note for note in sorted(notes, key=lambda note: note["revision"])}
        files = sum(len(note["files"]) for note in receipts.values())
        return TwinCounts(dossiers=len(receipts), files=files, actions=0, forbidden=0)

    def numbers(self) -> set[str]:
        """Return no numbers: a folder gives none."""
        return set()

    def reset(self) -> None:
        """Delete all references."""
        for path in self._folder.iterdir():
            path.unlink()

    def close(self) -> None:
        """Close nothing."""


class _CalmingTarget(FolderTarget):
    """Folder target whose mood passes with one attempt, as a fault does that strikes once."""

    def _current_behaviour(self) -> TargetBehaviour:
        behaviour = super()._current_behaviour()
        (self.folder / "mood").unlink(missing_ok=True)
        return behaviour
