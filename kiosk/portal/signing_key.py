"""The key with which this kiosk signs what goes to its gateway, by line or on a stick."""

from pathlib import Path

from kiosk import codes
from kiosk.errors import StoreUnavailable
from kiosk.store import files

SEED_BYTES = 32


def portal_key(path: Path) -> bytes:
    """Return the seed of the kiosk's signing key, made at the first need with mode 600."""
    try:
        if not path.exists():
            files.write_once(path, codes.random_bytes(SEED_BYTES))
        return path.read_bytes()
    except OSError as cause:
        raise StoreUnavailable from cause
