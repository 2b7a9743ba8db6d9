"""The acts of an update: check, fetch, apply, back; the commands and the pages call the same functions.

`apply` works on a release that was downloaded and verified, and does in this order: free room, unpack beside the
present release, run the new one on a copy of the store, copy the store, note the trial, replace the link. A power cut
at any point leaves the present release running, or the new one on trial.
"""

import fcntl
import logging
import os
import subprocess  # nosec B404 # starts the program of a verified release only
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from kiosk.base import clock as clocks
from kiosk.base import release
from kiosk.base.clock import Clock
from kiosk.config import Config
from kiosk.records import drafts
from kiosk.store.db import Store
from kiosk.store.owner import open_lock
from kiosk.updates import content, download, offer, owner_requests, sources, status, store_copy, trial, trust, voices
from kiosk.updates.errors import (
    FailedProbe,
    NothingThere,
    NotIdle,
    OlderRelease,
    SourceAway,
    StoreMovedOn,
    UpdateRefused,
)
from kiosk.updates.offer import Offer
from kiosk.updates.programs import Programs, programs_of
from kiosk.updates.sources import Source
from kiosk.updates.trust import PROGRAM, Published
from sync.versions import is_older

log = logging.getLogger(__name__)

IDLE = timedelta(minutes=10)
"""No form at a touchscreen or desk was touched for so long."""
# A release keeps the files and modes of its archive: compiled modules would get the umask of the unit.
_PROBE_ENVIRONMENT = {"PYTHONPATH": "", "PYTHONSAFEPATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
_PROBE_SECONDS = 600
_REQUEST = "request"


@dataclass(frozen=True)
class UpdateView:
    """Everything that a page or `kiosk update status` shows."""

    status: status.UpdateStatus
    newest: str
    before: str
    on_trial: bool


def look(config: Config) -> UpdateView:
    """Return the state of the updates of this machine; nothing is asked of the network."""
    found = trust.newest(trust.kept(_metadata(config.updates_folder)), PROGRAM)
    before = before_present(programs_of(config)) if config.updates.programs else ""
    return UpdateView(
        status=status.read(config.updates_folder),
        newest=found.version if found else "",
        before=before,
        on_trial=trial.read(config.updates_folder) is not None,
    )


def open_source(config: Config, place: str = "") -> Source:
    """Open the source of releases: the given place, else `[updates] source`, else the gateway.

    Raises:
        SourceAway: the settings name none.
    """
    place = place or config.updates.source
    if not place and config.portal.capabilities.can_be_enrolled and config.portal.url:
        parts = urlsplit(config.portal.url)
        place = f"{parts.scheme}://{parts.netloc}/releases"
    if not place:
        raise SourceAway
    return sources.open_source(place, config.root, f"{PROGRAM}/{release.current().version}", config.portal_ca)


def check(config: Config, source: Source) -> list[Published]:
    """Fetch the list of releases, and return it verified.

    Raises:
        UpdateRefused: of the kinds that `trust.refresh` names.
    """
    return trust.refresh(_metadata(config.updates_folder), config.release_root, source)


def choose(
    published: list[Published], present: str, offered: Offer | None, last: status.UpdateStatus
) -> Published | None:
    """Return the program that this kiosk takes next; None for none.

    Args:
        published: the verified list.
        present: the release that runs.
        offered: what the gateway lets this kiosk take; None: the newest.
        last: the state of the updates: a release that was refused or taken back is not tried again by itself.
    """
    programs = [each for each in published if each.product == PROGRAM]
    if offered is not None:
        programs = [each for each in programs if each.version == offered.version]
    attempt = offered.attempt if offered else 1
    programs = [each for each in programs if not last.is_held(each.version, attempt)]
    found = trust.newest(programs, PROGRAM)
    return found if found is not None and is_older(present, found.version) else None


def require_newer(found: Published, present: str) -> None:
    """Refuse a release that is not for this machine, or not newer than the present one.

    Raises:
        OlderRelease: it is older, or the present one.
        OtherMachine: it is for another machine.
    """
    if not is_older(present, found.version):
        raise OlderRelease
    found.require_fit(present)


def fetch(config: Config, found: Published, source: Source) -> bool:
    """Download the next piece of a release; return whether it is whole and verified.

    Raises:
        UpdateRefused: it is not for this machine, or the download cannot go on.
    """
    require_newer(found, release.current().version)
    return download.fetch_piece(downloads(config.updates_folder), found, source)


def fetch_content(config: Config, found: Published, source: Source) -> None:
    """Download a content whole, and use it.

    Raises:
        UpdateRefused: it cannot be used; the content before stays.
    """
    found.require_fit(release.current().version)
    while not download.fetch_piece(downloads(config.updates_folder), found, source):
        continue
    path = download.path_of(downloads(config.updates_folder), found)
    content.install(config.content_folder, path, found.version)
    path.unlink()


def fetch_voices(config: Config, published: list[Published], source: Source) -> Iterator[str]:
    """Download the newest voices that this kiosk uses, and use them; yield what was fetched.

    Raises:
        UpdateRefused: one cannot be used; the one before stays.
    """
    for found in voices.wanted(config, published):
        found.require_fit(release.current().version)
        while not download.fetch_piece(downloads(config.updates_folder), found, source):
            continue
        install_voice(config, found)
        yield f"giọng {found.voice} {found.version}"


def install_voice(config: Config, found: Published) -> None:
    """Use a downloaded voice, and delete its archive.

    Raises:
        UpdateRefused: it cannot be used; the one before stays.
    """
    path = download.path_of(downloads(config.updates_folder), found)
    try:
        voices.install(config, path, found)
    except UpdateRefused as refused:
        voices.refuse(config.updates_folder, found, refused)
        raise
    path.unlink()


def look_at_voices(config: Config) -> list[voices.VoiceState]:
    """Return the voices of this machine and those on their way; nothing is asked of the network."""
    return voices.look(config, trust.kept(_metadata(config.updates_folder)), downloads(config.updates_folder))


def ready(folder: Path) -> Published | None:
    """Return the newest downloaded program that is newer than the present one."""
    present = release.current().version
    found = [
        each
        for each in trust.kept(_metadata(folder))
        if each.product == PROGRAM
        and is_older(present, each.version)
        and download.path_of(downloads(folder), each).exists()
    ]
    return trust.newest(found, PROGRAM)


def apply(config: Config, clock: Clock, *, attempt: int = 1) -> str:
    """Switch to the downloaded release; return its version. The running server then ends, and starts as the new one.

    Raises:
        NothingThere: nothing is downloaded.
        UpdateRefused: the release cannot be used; the present one stays, and the state says why.
    """
    programs = programs_of(config)
    folder = config.updates_folder
    with _alone(folder):
        found = ready(folder)
        if found is None:
            raise NothingThere
        try:
            _apply(config, programs, found)
        except UpdateRefused as refused:
            record(folder, clock, state="refused", target=found.version, code=refused.code, attempt=attempt)
            raise
        record(folder, clock, state="trial", target=found.version, attempt=attempt)
        _owner(config, programs).switch(found.version)
    log.warning("release switched", extra={"release": found.version})
    return found.version


def _apply(config: Config, programs: Programs, found: Published) -> None:
    """Do every step up to the switch."""
    path = download.path_of(downloads(config.updates_folder), found)
    require_newer(found, release.current().version)
    found.verify(path)
    present = programs.current()
    for old in downloads(config.updates_folder).iterdir():
        if old != path:
            old.unlink()
    _owner(config, programs).install(found, path)
    _probe(config, programs.path(found.version), FailedProbe())
    store_copy.take(config.store_path, store_copy.copy_path(config.updates_folder))
    trial.begin(config.updates_folder, found.version, present)


def back(config: Config, clock: Clock) -> str:
    """Switch to the release before the present one; return its version.

    Raises:
        NothingThere: it is no longer on this machine.
        StoreMovedOn: it cannot read the store, which holds new forms.
    """
    programs = programs_of(config)
    with _alone(config.updates_folder):
        before = before_present(programs)
        if not before:
            raise NothingThere
        _probe(config, programs.path(before), StoreMovedOn())
        left = programs.current()
        trial.confirm(config.updates_folder)
        record(config.updates_folder, clock, state="went_back", target=left)
        _owner(config, programs).switch(before)
    log.warning("release switched back", extra={"release": before})
    return before


def is_recalled(config: Config) -> bool:
    """Return whether the gateway wants this kiosk to return to the release before the present one."""
    offered = read_offer(config.store_path)
    before = before_present(programs_of(config))
    return offered is not None and bool(before) and offered.version == before


def before_present(programs: Programs) -> str:
    """Return the newest release that is older than the present one; empty for none."""
    older = [version for version in programs.versions() if is_older(version, programs.current())]
    return older[-1] if older else ""


def require_idle(config: Config, clock: Clock) -> None:
    """Refuse while somebody fills in a form, and outside the hours of `[updates] switch`.

    Raises:
        NotIdle: it is not the moment.
    """
    at = clocks.local(clock.now()).time().isoformat("minutes")
    start, _, end = config.updates.switch.partition("-")
    in_hours = start <= at < end if start < end else (at >= start or at < end)
    with Store(config.store_path) as store, store.read() as db:
        is_busy = drafts.count_touched(db, clock.now() - IDLE) > 0
    if is_busy or not in_hours:
        raise NotIdle


def record(
    folder: Path, clock: Clock, *, state: status.UpdateState, target: str, code: str = "", attempt: int = 1
) -> None:
    """Save the state of an update."""
    at = clocks.timestamp(clock.now())
    status.write(folder, state=state, target=target, at=at, code=code, attempt=attempt)


def request(folder: Path, act: str) -> None:
    """Ask the update unit to apply or to go back; the pages have no right to do it."""
    path = folder / _REQUEST
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(f"{act}\n", encoding="ascii")


def take_request(folder: Path) -> str:
    """Return the act that a page asked for, once; empty for none."""
    path = folder / _REQUEST
    try:
        act = path.read_text("ascii").strip()
    except OSError:
        return ""
    path.unlink()
    return act


def downloads(folder: Path) -> Path:
    """Return the folder of downloaded archives."""
    return folder / "downloads"


def read_offer(store_path: Path) -> Offer | None:
    """Return what the gateway lets this kiosk take."""
    with Store(store_path) as store, store.read() as db:
        return offer.read(db)


def _owner(config: Config, programs: Programs) -> owner_requests.ReleaseOwner:
    return owner_requests.owner_of(programs, _metadata(config.updates_folder), config.release_root)


def _metadata(folder: Path) -> Path:
    return folder / "metadata"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open_lock(folder / "lock") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _settings_file(config: Config) -> dict[str, str]:
    """Return the variable that lets another release read the same settings."""
    return {"KIOSK_CONFIG": str(config.file)} if config.file else {}


def _probe(config: Config, program: Path, refusal: UpdateRefused) -> None:
    """Let a release open a copy of the store and the settings, in a process of its own.

    Raises:
        UpdateRefused: `refusal`, when it does not end well.
    """
    copy = config.updates_folder / "probe.db"
    store_copy.take(config.store_path, copy)
    python = program / ".venv" / "bin" / "python"
    command = [str(python if python.exists() else sys.executable), "-m", "kiosk", "update", "probe", str(copy)]
    try:
        ended = subprocess.run(  # noqa: S603  # nosec B603 # the program of a verified release
            command,
            cwd=program,
            env=os.environ | _PROBE_ENVIRONMENT | _settings_file(config),
            timeout=_PROBE_SECONDS,
            capture_output=True,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as cause:
        raise refusal from cause
    finally:
        for path in copy.parent.glob(f"{copy.name}*"):
            path.unlink(missing_ok=True)
    if ended.returncode:
        log.error("probe failed", extra={"exit_status": ended.returncode})
        raise refusal
