"""The owner of the releases as an update sees it: this process, or a user of its own that is asked (owner.py)."""

import json
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from kiosk.base import codes
from kiosk.updates import owner
from kiosk.updates.errors import OwnerAway, UpdateRefused
from kiosk.updates.programs import Programs
from kiosk.updates.trust import Published

FOLDER = Path("/var/lib/ward-kiosk-releases")
"""Inbox, answers, root of trust and kept metadata of the owner; the package makes it."""
PATIENCE = 900.0
_BETWEEN_LOOKS = 0.1
_FOR_ALL = 0o644
_ROLES = ("snapshot", "targets")


class ReleaseOwner(Protocol):
    """The owner of the folder of the releases, which alone may write it."""

    def install(self, found: Published, archive: Path) -> None:
        """Unpack a downloaded release beside the present one, and delete those that are older.

        Raises:
            UpdateRefused: it cannot be used.
        """

    def switch(self, version: str) -> None:
        """Let `current` lead to a release.

        Raises:
            UpdateRefused: there is no such release, or the owner does not answer.
        """


class OwnReleases:
    """Releases that this process may write: a checkout, or a package of before the owner."""

    def __init__(self, programs: Programs) -> None:
        self._programs = programs

    def install(self, found: Published, archive: Path) -> None:
        """Unpack a verified archive."""
        self._programs.delete_others(found.version)
        self._programs.install(archive, found.version)

    def switch(self, version: str) -> None:
        """Replace the link."""
        self._programs.switch(version)


class OwnerRequests:
    """Requests to the owner of the releases, answered by a unit within `seconds`.

    Args:
        folder: that of the owner.
        metadata: the verified list of this kiosk, which the owner verifies by its own root of trust.
        root: the root of trust of this kiosk, which the owner takes while it has none.
        seconds: how long an answer may take.
    """

    def __init__(self, folder: Path, metadata: Path, root: Path, seconds: float = PATIENCE) -> None:
        self._folder = folder
        self._inbox = folder / owner.INBOX
        self._metadata = metadata
        self._root = root
        self._seconds = seconds

    def install(self, found: Published, archive: Path) -> None:
        """Lay the list and the archive into the inbox, and ask for the release."""
        try:
            self._clear()
            self._lay_metadata()
            target = self._inbox / "targets" / f"{found.target.hashes['sha256']}.{found.name}"
            _make_folder(target.parent)
            shutil.copyfile(archive, target)
            target.chmod(_FOR_ALL)
            self._ask("install", found.version)
        except OSError as cause:
            raise OwnerAway from cause
        finally:
            self._clear()

    def switch(self, version: str) -> None:
        """Ask for the link to be replaced."""
        self._ask("switch", version)

    def _ask(self, act: str, version: str) -> None:
        token = codes.random_bytes(8).hex()
        request = self._inbox / owner.REQUEST
        part = request.with_suffix(".part")
        deadline = time.monotonic() + self._seconds
        try:
            part.write_text(f"{act} {version} {token}\n", encoding="ascii")
            part.chmod(_FOR_ALL)
            part.replace(request)
        except OSError as cause:
            raise OwnerAway from cause
        while (code := self._answer(token)) is None:
            if time.monotonic() > deadline:
                request.unlink(missing_ok=True)
                raise OwnerAway
            time.sleep(_BETWEEN_LOOKS)
        if code != owner.DONE:
            raise next((kind for kind in UpdateRefused.__subclasses__() if kind.code == code), OwnerAway)

    def _answer(self, token: str) -> str | None:
        """Return the code of the answer to a request; None while there is none."""
        with suppress(OSError):
            answered, _, code = (self._folder / owner.ANSWER).read_text("ascii").strip().partition(" ")
            return code if answered == token else None
        return None

    def _lay_metadata(self) -> None:
        """Lay the kept list into the inbox, under the names of a repository."""
        folder = self._inbox / "metadata"
        _make_folder(folder)
        for role in _ROLES:
            path = self._metadata / f"{role}.json"
            _copy(path, folder / f"{json.loads(path.read_bytes())['signed']['version']}.{role}.json")
        for path in (self._metadata / "root_history").glob("*.root.json"):
            _copy(path, folder / path.name)
        _copy(self._metadata / "timestamp.json", folder / "timestamp.json")
        _copy(self._root, self._inbox / owner.ROOT)

    def _clear(self) -> None:
        for name in ("metadata", "targets"):
            shutil.rmtree(self._inbox / name, ignore_errors=True)
        (self._inbox / owner.ROOT).unlink(missing_ok=True)


def owner_of(programs: Programs, metadata: Path, root: Path) -> ReleaseOwner:
    """Return this process as the owner when the folder of the releases is its own, else the requests to their user."""
    with suppress(FileNotFoundError):
        if programs.folder.stat().st_uid != os.geteuid():
            return OwnerRequests(FOLDER, metadata, root)
    return OwnReleases(programs)


def _make_folder(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o755)


def _copy(path: Path, copy: Path) -> None:
    copy.write_bytes(path.read_bytes())
    copy.chmod(_FOR_ALL)
