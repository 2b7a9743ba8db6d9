"""A new key for the portal, carried out so that no power cut leaves the machine without one.

The new key lies beside the old one until the portal knows it, and is named in the store before the portal hears of it.
A lost answer is repaired by asking again with the same code and key; the old file is replaced in one step. After a cut
at any line the next try goes on from what is found.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from kiosk import codes
from kiosk.acts import renewing as acts
from kiosk.context import Context
from kiosk.errors import SealBroken, StoreUnavailable
from kiosk.portal.signing_key import SEED_BYTES
from kiosk.records import renewals
from kiosk.records.renewals import Renewal
from kiosk.store import files
from sync import signature
from sync.errors import EnrolmentRefused, SyncError


class EnrollingPortal(Protocol):
    """A portal that can be told a key."""

    def enrol(self, code: str, unit_code: str) -> str:
        """Make the key known that it was opened with."""

    def close(self) -> None:
        """Let go of the line."""


OpenPortal = Callable[[bytes], EnrollingPortal]


def step(context: Context, open_with: OpenPortal) -> bool:
    """Try to end the renewal that is under way; True when the machine has a new key now."""
    with context.store.read() as db:
        asked = renewals.pending(db)
    if asked is None:
        return False
    path = context.config.portal_key_path
    if asked.key_id and asked.key_id == _name_of(_read(path)):
        acts.record_renewal(context, asked.no)  # the power went between the file and the store
        return True
    seed = _next(path.with_suffix(".next"))
    acts.record_key_id(context, asked.no, str(_name_of(seed)))
    if not _enrol(context, asked, open_with(seed)):
        return False
    _replace(path.with_suffix(".next"), path)
    acts.record_renewal(context, asked.no)
    return True


def _enrol(context: Context, asked: Renewal, portal: EnrollingPortal) -> bool:
    try:
        code = context.vault.open(renewals.CODE, renewals.CODE, asked.code or b"").decode()
        portal.enrol(code, context.config.ward.unit_code)
    except (EnrolmentRefused, SealBroken) as fault:
        acts.record_refusal(context, asked, fault.code)
    except SyncError as fault:
        acts.record_no_answer(context, asked.no, f"{fault.reason}: {fault.code}")
    else:
        return True
    finally:
        portal.close()
    return False


def _name_of(seed: bytes | None) -> str | None:
    return signature.key_id(signature.public_key(seed)) if seed else None


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as cause:
        raise StoreUnavailable from cause


def _next(path: Path) -> bytes:
    """Return the key that is to come; one that was left by an earlier try may be known to the portal already."""
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
