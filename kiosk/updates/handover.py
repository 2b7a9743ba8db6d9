"""Watches, in each process of the kiosk, for another release, and for the end of its own trial.

A process whose release is no longer `current` ends; systemd starts it again, as the new release. A release on trial
confirms itself when its pages answer, and ends when it cannot for ten minutes: three such ends bring the one before
back.
"""

import http.client
import json
import logging
from collections.abc import Callable
from pathlib import Path
from threading import Event

from kiosk.base import clock as clocks
from kiosk.base import release
from kiosk.base.clock import Clock
from kiosk.config import Config
from kiosk.updates import status, trial
from kiosk.updates.programs import is_replaced

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
TRIAL_SECONDS = 600.0
_ANSWER_SECONDS = 30.0
_PAGES = ("/", "/display/")


def watch(config: Config, clock: Clock, *, stop: Event, leave: Callable[[], None], checks: bool) -> None:
    """Look until `stop` is set or this process must leave.

    Args:
        config: the settings.
        clock: the clock.
        stop: ends the watch.
        leave: ends this process; called once.
        checks: this process serves the pages, and so decides about the trial of its release.
    """
    began = clock.monotonic()
    while not stop.wait(LOOK_SECONDS):
        if is_replaced(config):
            log.warning("release replaced", extra={"release": release.current().version})
            leave()
            return
        if not checks or not is_on_trial(config.updates_folder):
            continue
        if is_well(config):
            confirm(config.updates_folder, clock)
        elif clock.monotonic() - began > TRIAL_SECONDS:
            log.error("self-check failed", extra={"release": release.current().version})
            leave()
            return


def is_on_trial(folder: Path) -> bool:
    """Return whether the release of this process is on trial."""
    found = trial.read(folder)
    return found is not None and found.version == release.current().version


def confirm(folder: Path, clock: Clock) -> None:
    """End the trial of this release: it stays."""
    version = release.current().version
    attempt = status.read(folder).attempt
    status.write(folder, state="confirmed", target=version, at=clocks.timestamp(clock.now()), attempt=attempt)
    trial.confirm(folder)
    log.info("release confirmed", extra={"release": version})


def is_well(config: Config) -> bool:
    """Return whether the pages answer over the kiosk's own socket, out of this store."""
    connection = http.client.HTTPConnection("127.0.0.1", config.web.port, timeout=_ANSWER_SECONDS)
    try:
        for page in _PAGES:
            connection.request("GET", page)
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                return False
        connection.request("GET", "/alive")
        return bool(json.loads(connection.getresponse().read())["kiosk"] == config.kiosk.id)
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError):
        return False
    finally:
        connection.close()
