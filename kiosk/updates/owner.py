"""The owner of the releases: a user of its own, which alone may write their folder, and installs what it has verified.

It runs as a unit without a network and reads no settings. The kiosk leaves a list of releases, an archive and a request
in the inbox; the owner verifies the list by its own root of trust and its own kept metadata, so that a kiosk that was
taken over can neither choose whom to trust nor show an older list (docs/decisions/0071). Run as a program:

    python -m kiosk.updates.owner /opt/ward-kiosk /var/lib/ward-kiosk-releases
"""

import logging
import re
import shutil
import stat
import sys
from pathlib import Path

from kiosk.base.log import JsonFormatter
from kiosk.store import files
from kiosk.updates import download, trust
from kiosk.updates.errors import NothingThere, NotSetUp, UpdateRefused
from kiosk.updates.programs import Programs
from kiosk.updates.sources import FolderSource
from kiosk.updates.trust import PROGRAM, Published
from sync.versions import is_older

log = logging.getLogger("kiosk.updates.owner")  # also as a program

INBOX = "inbox"
REQUEST = "request"
ANSWER = "answer"
ROOT = "root.json"
ACTS = ("install", "switch")
DONE = "done"
_METADATA = "metadata"
_DOWNLOADS = "downloads"
_REQUEST_LINE = re.compile(rf"({'|'.join(ACTS)}) ([0-9A-Za-z.+~-]{{1,40}}) ([0-9a-f]{{16}})\n", re.ASCII)
_MAX_ROOT = 1 << 20


def answer_request(programs: Programs, folder: Path) -> None:
    """Do what the request in the inbox asks for, and write the answer: the token of the request and a code.

    A request of another shape is deleted unread.
    """
    path = folder / INBOX / REQUEST
    found = _REQUEST_LINE.fullmatch(_read(path, 100).decode("ascii", "replace"))
    path.unlink(missing_ok=True)
    if found is None:
        log.error("release request not understood")
        return
    act, version, token = found.groups()
    try:
        if act == "install":
            _install(programs, folder, version)
        else:
            programs.switch(version)
        code = DONE
    except UpdateRefused as refused:
        code = refused.code
    log.warning("release request answered", extra={"step": act, "release": version, "code": code})
    files.write_atomic(folder / ANSWER, f"{token} {code}\n".encode(), 0o644)


def _install(programs: Programs, folder: Path, version: str) -> None:
    """Verify a release of the inbox by the own root of trust, and unpack it beside the others.

    Raises:
        UpdateRefused: the list or the archive is not what was signed, or the release is not newer than the present one.
    """
    source = FolderSource(folder / INBOX)
    found = _choose(trust.refresh(folder / _METADATA, _root(folder), source), version)
    present = programs.current()
    if not is_older(present, version):
        raise NothingThere
    found.require_fit(present)
    copies = folder / _DOWNLOADS
    shutil.rmtree(copies, ignore_errors=True)
    try:
        while not download.fetch_piece(copies, found, source):
            continue
        programs.delete_others(version)
        programs.install(download.path_of(copies, found), version)
    finally:
        shutil.rmtree(copies, ignore_errors=True)


def _choose(published: list[Published], version: str) -> Published:
    own = [each for each in published if each.product == PROGRAM and each.version == version]
    if not own:
        raise NothingThere
    return own[0]


def _root(folder: Path) -> Path:
    """Return the own root of trust; the first one comes from the inbox, later ones are signed by the one before."""
    root = folder / ROOT
    if not root.exists():
        offered = _read(folder / INBOX / ROOT, _MAX_ROOT)
        if not offered:
            raise NotSetUp
        files.write_atomic(root, offered, 0o644)
        log.warning("release root taken")
    return root


def _read(path: Path, most: int) -> bytes:
    """Return the beginning of a plain file; empty when there is none."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return b""
        with path.open("rb") as file:
            return file.read(most)
    except OSError:
        return b""


if __name__ == "__main__":
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    answer_request(Programs(Path(sys.argv[1])), Path(sys.argv[2]))
