"""Forward targets: the port to the provincial or national system that receives accepted dossiers.

`deliver` may be repeated for the same `submission_id` (an answer was lost, a process died), and the system must end up
with one dossier. An adapter of a system that does not know its callers' ids must ask there before it sends again.
`FolderTarget` is a stub for trials: it writes references into a folder, never a body, and can be slow or refuse.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, cast, get_args

from sync.encoding import sha256_hex

ForwardOutcome = Literal["taken", "refused", "later"]
TargetBehaviour = Literal["takes", "slow", "refuses", "away"]


@dataclass(frozen=True)
class DocumentFile:
    """Document of a dossier whose file is complete; `size` in bytes, `sha256` in hex."""

    item_id: str
    document_code: str
    name: str
    sha256: str
    size: int
    media_type: str


def _no_content(_sha256: str) -> bytes | None:
    return None


@dataclass(frozen=True)
class Dossier:
    """An accepted dossier in its latest revision.

    Attributes:
        kiosk_id: the kiosk that sent it.
        receipt_no: its receipt number.
        submission_id: its latest revision.
        form_revision: the number of that revision.
        unit_code: the ward's unit.
        procedure_code: the procedure.
        digest: SHA-256 of the body in hex.
        body: the submission as received, JSON in UTF-8.
        accepted_at: time of the desk's acceptance, UTC text.
        tries: attempts to forward it, this one included.
        documents: its documents with a complete file, ordered by code.
        read_content: returns the content of a file by its SHA-256, None when it was deleted.
    """

    kiosk_id: str
    receipt_no: str
    submission_id: str
    form_revision: int
    unit_code: str
    procedure_code: str
    digest: str
    body: bytes
    accepted_at: str
    tries: int
    documents: tuple[DocumentFile, ...] = ()
    read_content: Callable[[str], bytes | None] = field(default=_no_content, compare=False, repr=False)


@dataclass(frozen=True)
class ForwardAnswer:
    """Answer of a target: taken, refused for good, or later; `code` is a short word without personal data.

    `retry_after`: seconds until the next attempt, when the target names them.
    """

    outcome: ForwardOutcome
    code: str = "ok"
    official_no: str | None = None
    retry_after: float | None = None


class ForwardTarget(Protocol):
    """A system behind the gateway; a failure of the connection is the answer `later`, not an exception."""

    def deliver(self, dossier: Dossier) -> ForwardAnswer:
        """Deliver one dossier, for the first time or again."""


class FolderTarget:
    """Stub of a provincial system: writes one small file for each dossier into a folder.

    The file `mood` in the folder, if there is one, overrides `behaviour`; `stop_waiting` ends a slow delivery.
    """

    def __init__(self, folder: Path, seconds: float = 5.0) -> None:
        self.folder = folder
        self.behaviour: TargetBehaviour = "takes"
        self.stop_waiting = threading.Event()
        self._seconds = seconds
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def deliver(self, dossier: Dossier) -> ForwardAnswer:
        """Write the references of a dossier, or behave as configured."""
        behaviour = self._current_behaviour()
        if behaviour == "slow":
            self.stop_waiting.wait(self._seconds)
        if behaviour == "refuses":
            return ForwardAnswer("refused", "wrong-form")
        if behaviour == "away":
            return ForwardAnswer("later", "away")
        references = {
            "submissionId": dossier.submission_id,
            "receiptNo": dossier.receipt_no,
            "revision": dossier.form_revision,
            "digest": dossier.digest,
            "files": [_file_reference(dossier, document) for document in dossier.documents],
        }
        temporary = self.folder / f"{dossier.submission_id}.new"
        try:
            temporary.write_text(json.dumps(references), encoding="utf-8")
            temporary.replace(self.folder / f"{dossier.submission_id}.json")
        except OSError:
            return ForwardAnswer("later", "disk")
        return ForwardAnswer("taken")

    def _current_behaviour(self) -> TargetBehaviour:
        mood_file = self.folder / "mood"
        mood = mood_file.read_text(encoding="utf-8").strip() if mood_file.exists() else self.behaviour
        return cast("TargetBehaviour", mood) if mood in get_args(TargetBehaviour) else self.behaviour


def _file_reference(dossier: Dossier, document: DocumentFile) -> dict[str, object]:
    """Return hash and size of the content that was really read, as a system would that stores it."""
    content = dossier.read_content(document.sha256) or b""
    return {"documentCode": document.document_code, "sha256": sha256_hex(content), "size": len(content)}


def open_forward_target(place: str) -> ForwardTarget | None:
    """Open the target at a place such as `folder:/var/lib/noted`; None for an empty place.

    Raises:
        ValueError: there is no target of this kind.
    """
    if not place:
        return None
    kind, colon, path = place.partition(":")
    if kind == "folder" and colon and path:
        return FolderTarget(Path(path))
    raise ValueError(f"{place!r} is no place to forward to; there is folder:<path>")
