"""State of the updates of this machine, in a file below the data folder: it must survive a store that goes back."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from kiosk.base import release
from kiosk.store import files
from kiosk.updates import content

UpdateState = Literal["none", "fetching", "ready", "trial", "confirmed", "went_back", "refused"]
STATES = get_args(UpdateState)
_FILE = "status.json"


@dataclass(frozen=True)
class UpdateStatus:
    """State of the updates.

    Attributes:
        version: the release that runs.
        content: the content that is laid over the shipped one; empty: the shipped one.
        state: of the newest update that was tried.
        target: its version.
        code: why it was refused or taken back (kiosk/updates/errors.py); empty for none.
        at: when the state began, as a timestamp.
        attempt: the number of the try that the gateway asked for.
        held: versions that were refused or taken back, with the attempt that failed: none is tried again by itself.
    """

    version: str
    content: str = ""
    state: UpdateState = "none"
    target: str = ""
    code: str = ""
    at: str = ""
    attempt: int = 1
    held: Mapping[str, int] = field(default_factory=dict)

    def is_held(self, version: str, attempt: int) -> bool:
        """Return whether a version waits for a later attempt than this one."""
        return attempt <= self.held.get(version, 0)


def read(folder: Path) -> UpdateStatus:
    """Return the state; that of a fresh machine when the file is missing or spoilt."""
    present = UpdateStatus(version=release.current().version, content=content.present(folder / content.FOLDER))
    with suppress(OSError, ValueError, TypeError, LookupError, AttributeError):
        saved = json.loads((folder / _FILE).read_text("utf-8"))
        if saved.get("state") in STATES:
            return replace(present, **_own(saved))
    return present


def write(folder: Path, *, state: UpdateState, target: str, at: str, code: str = "", attempt: int = 1) -> None:
    """Write the state.

    Raises:
        OSError: the disk refuses.
    """
    held = dict(read(folder).held)
    if state in ("went_back", "refused") and target:
        held[target] = attempt
    elif state == "confirmed":
        held.pop(target, None)
    status = UpdateStatus(version="", state=state, target=target, at=at, code=code, attempt=attempt, held=held)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files.write_atomic(folder / _FILE, json.dumps(asdict(status)).encode())


def _own(saved: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a saved state, without the versions, which are those of now."""
    texts = {name: str(saved[name]) for name in ("state", "target", "code", "at")}
    held = {str(version): int(attempt) for version, attempt in saved.get("held", {}).items()}
    return texts | {"attempt": int(saved.get("attempt", 1)), "held": held}
