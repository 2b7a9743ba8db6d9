"""State of the updates of this machine, in a file below the data folder: it must survive a store that goes back."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from kiosk import release
from kiosk.config import Config
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
    """

    version: str
    content: str = ""
    state: UpdateState = "none"
    target: str = ""
    code: str = ""
    at: str = ""
    attempt: int = 1


def folder(config: Config) -> Path:
    """Return the folder of everything about updates."""
    return config.folder / "updates"


def read(config: Config) -> UpdateStatus:
    """Return the state; that of a fresh machine when the file is missing or spoilt."""
    present = UpdateStatus(version=release.current().version, content=content.present(config))
    with suppress(OSError, ValueError, TypeError):
        saved = json.loads((folder(config) / _FILE).read_text("utf-8"))
        if saved.get("state") in STATES:
            return replace(present, **_own(saved))
    return present


def write(config: Config, *, state: UpdateState, target: str, at: str, code: str = "", attempt: int = 1) -> None:
    """Write the state.

    Raises:
        OSError: the disk refuses.
    """
    status = UpdateStatus(version="", state=state, target=target, at=at, code=code, attempt=attempt)
    folder(config).mkdir(mode=0o700, parents=True, exist_ok=True)
    files.write_atomic(folder(config) / _FILE, json.dumps(asdict(status)).encode())


def _own(saved: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a saved state, without the versions, which are those of now."""
    texts = {name: str(saved[name]) for name in ("state", "target", "code", "at")}
    return texts | {"attempt": int(saved.get("attempt", 1))}
