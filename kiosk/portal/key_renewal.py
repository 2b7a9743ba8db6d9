"""Renewal of the kiosk's key at the portal, safe against a power cut at any line.

The new key is stored beside the old one until the portal knows it, and its id is in the store before the portal sees
it. After a lost answer the same code and key are sent again; the old file is replaced in one step. After a power cut
the next try continues from the files and the store.
"""

from collections.abc import Callable
from pathlib import Path

from kiosk.acts import renewing as acts
from kiosk.base import codes
from kiosk.base.errors import SealBroken, StoreUnavailable
from kiosk.context import Context
from kiosk.portal.signing_key import SEED_BYTES
from kiosk.records import renewals
from kiosk.records.renewals import Renewal
from kiosk.store import files
from sync.errors import EnrolmentRefused, SyncError
from sync.portals.base import EnrollingPortal

OpenPortal = Callable[[bytes], EnrollingPortal]


def step(context: Context, open_with: OpenPortal) -> bool:
    """Try to finish the pending renewal; return True when the machine has a new key now.

    Args:
        context: the context.
        open_with: opens the portal with the seed of a key.
    """
    with context.store.read() as db:
        renewal = renewals.pending(db)
    if renewal is None:
        return False
    path = context.config.portal_key_path
    if renewal.key_id and renewal.key_id == _key_id(_read(path)):
        acts.record_renewal(context, renewal.no)  # a power cut came between the file and the store
        return True
    seed = _new_seed(path.with_suffix(".next"))
    acts.record_key_id(context, renewal.no, str(_key_id(seed)))
    if not _enrol(context, renewal, open_with(seed)):
        return False
    _replace(path.with_suffix(".next"), path)
    acts.record_renewal(context, renewal.no)
    return True


def _enrol(context: Context, renewal: Renewal, portal: EnrollingPortal) -> bool:
    try:
        code = context.vault.open(renewals.CODE, renewals.CODE, renewal.code or b"").decode()
        portal.enrol(code, context.config.ward.unit_code)
    except (EnrolmentRefused, SealBroken) as error:
        acts.record_refusal(context, renewal, error.code)
    except SyncError as error:
        acts.record_no_answer(context, renewal.no, f"{error.reason}: {error.code}")
    else:
        return True
    finally:
        portal.close()
    return False


def _key_id(seed: bytes | None) -> str | None:
    from sync import signature  # its libraries take 15 ms of a start, and 2 MB

    return signature.key_id(signature.public_key(seed)) if seed else None


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as cause:
        raise StoreUnavailable from cause


def _new_seed(path: Path) -> bytes:
    """Return the new key; one that an earlier try left may be known to the portal already, so it is kept."""
    try:
        files.write_once(path, codes.random_bytes(SEED_BYTES))
        return path.read_bytes()
    except OSError as cause:
        raise StoreUnavailable from cause


def _replace(new: Path, old: Path) -> None:
    try:
        new.replace(old)
        files.sync_folder(old.parent)
    except OSError as cause:
        raise StoreUnavailable from cause
