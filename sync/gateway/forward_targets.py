"""The far side: the provincial or national system that accepted dossiers are handed to, as a port.

``deliver`` may be asked again for the same ``submission_id`` (an answer was lost, a process died): the system must end
up with one dossier, so an adapter of a system that does not know its callers' ids asks there before it sends again.
``Noted`` is the twin that ships: it takes note in a folder (references only, never a body), and can be slow or refuse.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, cast, get_args

from sync.encoding import sha256_hex

Word = Literal["taken", "refused", "later"]
Mood = Literal["takes", "slow", "refuses", "away"]


@dataclass(frozen=True)
class Paper:
    """A paper of a dossier whose file is here whole; ``size`` in bytes, ``sha256`` in hex."""

    item_id: str
    document_code: str
    name: str
    sha256: str
    size: int
    media_type: str


def _nothing(_sha256: str) -> bytes | None:
    return None


@dataclass(frozen=True)
class Dossier:
    """An accepted dossier in its latest revision; ``tries`` counts this attempt too.

    ``papers`` are those whose files are here, in the order of their codes; ``read`` gives what a file holds, by its
    SHA-256, None when it is no longer here.
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
    papers: tuple[Paper, ...] = ()
    read: Callable[[str], bytes | None] = field(default=_nothing, compare=False, repr=False)


@dataclass(frozen=True)
class Answer:
    """What the far side said: taken, refused for good, or later; ``code`` is a short word that quotes nobody."""

    word: Word
    code: str = "ok"
    official_no: str | None = None
    retry_after: float | None = None


class FarSide(Protocol):
    """A system behind the gateway. What goes wrong on the way is ``later``, not an exception."""

    def deliver(self, dossier: Dossier) -> Answer:
        """Hand over one dossier, again or for the first time."""


class Noted:
    """The twin: one small file a dossier in a folder; ``mood`` is how it behaves, also read from the file ``mood``."""

    def __init__(self, folder: Path, seconds: float = 5.0) -> None:
        self.folder = folder
        self.mood: Mood = "takes"
        self.hurry = threading.Event()
        self._seconds = seconds
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def deliver(self, dossier: Dossier) -> Answer:
        """Take note, or behave as asked."""
        mood = self._asked()
        if mood == "slow":
            self.hurry.wait(self._seconds)
        if mood == "refuses":
            return Answer("refused", "wrong-form")
        if mood == "away":
            return Answer("later", "away")
        said = {
            "submissionId": dossier.submission_id,
            "receiptNo": dossier.receipt_no,
            "revision": dossier.form_revision,
            "digest": dossier.digest,
            "files": [_seen(dossier, paper) for paper in dossier.papers],
        }
        fresh = self.folder / f"{dossier.submission_id}.new"
        try:
            fresh.write_text(json.dumps(said), encoding="utf-8")
            fresh.replace(self.folder / f"{dossier.submission_id}.json")
        except OSError:
            return Answer("later", "disk")
        return Answer("taken")

    def _asked(self) -> Mood:
        told = self.folder / "mood"
        word = told.read_text(encoding="utf-8").strip() if told.exists() else self.mood
        return cast("Mood", word) if word in get_args(Mood) else self.mood


def _seen(dossier: Dossier, paper: Paper) -> dict[str, object]:
    """Note a file by what was really read of it, as a system would that keeps it."""
    content = dossier.read(paper.sha256) or b""
    return {"documentCode": paper.document_code, "sha256": sha256_hex(content), "size": len(content)}


def open_far_side(place: str) -> FarSide | None:
    """Open the far side at a place such as ``folder:/var/lib/noted``, none for no place; ValueError for other words."""
    if not place:
        return None
    kind, colon, rest = place.partition(":")
    if kind == "folder" and colon and rest:
        return Noted(Path(rest))
    raise ValueError(f"{place!r} is no place to forward to; there is folder:<path>")
