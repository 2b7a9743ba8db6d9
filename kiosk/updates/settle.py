"""First start of the release before, after a failed trial: it records the failure, and takes the store back."""

from contextlib import suppress

from kiosk.base import clock as clocks
from kiosk.base.clock import Clock
from kiosk.config import Config
from kiosk.updates import status, store_copy, trial

WENT_BACK = "K-54"
"""Code of a release that was taken back after three failed starts; no error, so it is in no error tree."""


def settle_failed(config: Config, clock: Clock) -> None:
    """Record a trial that failed, and put the store back if the failed release has grown it.

    The caller holds the exclusive lock of the store. A disk that refuses leaves the note for the next start.
    """
    folder = config.updates_folder
    failed = trial.failed(folder)
    if failed is None:
        return
    with suppress(OSError):
        store_copy.put_back(config.store_path, store_copy.copy_path(folder))
        attempt = status.read(folder).attempt
        at = clocks.timestamp(clock.now())
        status.write(folder, state="went_back", target=failed.version, at=at, code=WENT_BACK, attempt=attempt)
        trial.forget_failed(folder)
