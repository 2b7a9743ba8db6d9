"""The key with which this kiosk signs requests and USB parcels to its gateway."""

from pathlib import Path

from kiosk.base import codes
from kiosk.base.errors import StoreUnavailable
from kiosk.store import files

SEED_BYTES = 32


def portal_key(path: Path) -> bytes:
    """Return the seed of the kiosk's signing key; create it with mode 600 when there is none."""
    try:
        if not path.exists():
            files.write_once(path, codes.random_bytes(SEED_BYTES))
        return path.read_bytes()
    except OSError as cause:
        raise StoreUnavailable from cause
