"""Forward target of trials: one small file for each dossier in a folder; it holds references, never a body."""

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, cast, get_args

from sync.encoding import sha256_hex
from sync.gateway.forward_targets import DocumentFile, Dossier, ForwardPlan, StepCheck, StepResult

TargetBehaviour = Literal["takes", "slow", "refuses", "away"]


class FolderTarget:
    """Target with one step: write the references of a dossier into a file.

    The file `mood` in the folder, if there is one, overrides `behaviour`; `stop_waiting` ends a slow delivery.
    """

    name = "folder"

    def __init__(self, folder: Path, seconds: float = 5.0) -> None:
        self.folder = folder
        self.behaviour: TargetBehaviour = "takes"
        self.stop_waiting = threading.Event()
        self._seconds = seconds
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def plan(self, dossier: Dossier, facts: Mapping[str, str]) -> ForwardPlan:
        """Return the one step; its name changes with the revision and the files."""
        files = " ".join(f"{document.item_id}:{document.sha256}" for document in dossier.documents)
        return ForwardPlan(steps=(f"note:{dossier.submission_id}-{sha256_hex(files.encode())[:12]}",))

    def run(self, dossier: Dossier, step: str, facts: Mapping[str, str]) -> StepResult:
        """Write the file, or behave as configured."""
        behaviour = self._current_behaviour()
        if behaviour == "slow":
            self.stop_waiting.wait(self._seconds)
        if behaviour == "refuses":
            return StepResult("refused", "wrong-form")
        if behaviour == "away":
            return StepResult("later", "away")
        temporary = self.folder / f"{dossier.submission_id}.new"
        try:
            temporary.write_text(_references(dossier), encoding="utf-8")
            temporary.replace(self._file(dossier))
        except OSError:
            return StepResult("later", "disk")
        return StepResult("done")

    def verify(self, dossier: Dossier, step: str, facts: Mapping[str, str]) -> StepCheck:
        """Compare the file; another revision or other files are as good as none, because the step replaces them."""
        try:
            is_same = self._file(dossier).read_text(encoding="utf-8") == _references(dossier)
        except FileNotFoundError:
            is_same = False
        except OSError:
            return StepCheck("cannot_tell", "disk")
        return StepCheck("present" if is_same else "absent")

    def close(self) -> None:
        """Close nothing: there is no connection."""

    def _file(self, dossier: Dossier) -> Path:
        return self.folder / f"{dossier.submission_id}.json"

    def _current_behaviour(self) -> TargetBehaviour:
        mood_file = self.folder / "mood"
        mood = mood_file.read_text(encoding="utf-8").strip() if mood_file.exists() else self.behaviour
        return cast("TargetBehaviour", mood) if mood in get_args(TargetBehaviour) else self.behaviour


def _references(dossier: Dossier) -> str:
    references = {
        "submissionId": dossier.submission_id,
        "receiptNo": dossier.receipt_no,
        "revision": dossier.form_revision,
        "digest": dossier.digest,
        "files": [_file_reference(dossier, document) for document in dossier.documents],
    }
    return json.dumps(references)


def _file_reference(dossier: Dossier, document: DocumentFile) -> dict[str, object]:
    """Return hash and size of the content that was really read, as a system would that stores it."""
    content = dossier.read_content(document.sha256) or b""
    return {"documentCode": document.document_code, "sha256": sha256_hex(content), "size": len(content)}
