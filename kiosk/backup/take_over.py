"""Take-over by a cold stand-by: whether the former machine is off, and the copy that this one would go on with.

A machine that serves answers at its address on the LAN, and its copies of each minute go on. Neither proves that a
machine without a network is off, so the technician confirms it too.
"""

import socket
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event

from sqlite_utils import Database

from kiosk.backup import page_chain, receipt_gaps, restore
from kiosk.backup.recovery import RecoveryPaper
from kiosk.backup.rotation import BackupCopy
from kiosk.backup.unpack import CopyKeys
from kiosk.base.clock import Clock
from kiosk.base.errors import FormerMachineOn, NoCopy
from kiosk.config import Config
from kiosk.records import receipts
from kiosk.store.vault import read_vault

ANSWER_SECONDS = 3.0
WATCH_SECONDS = 75.0
"""Longer than the minute between two copies."""
LOOK_SECONDS = 5.0
RECENT = timedelta(seconds=150)
"""A newest copy of this age may be of a machine that still makes them."""


@dataclass(frozen=True)
class Address:
    """A host and a port at which the former machine served."""

    host: str
    port: int

    def __str__(self) -> str:
        """Return it as it is typed."""
        return f"{self.host}:{self.port}"


def newest_copy(config: Config, paper: RecoveryPaper | None) -> BackupCopy:
    """Return the copy that a take-over would restore: the newest whole one of the store of the key.

    Raises:
        NoCopy: there is none, or all are of another store.
        KeyMissing: there is no key file here, and no paper.
    """
    restore.require_copies(config)
    keys = CopyKeys(paper=paper) if paper else CopyKeys(vault=read_vault(config.key_path))
    copies = restore.list_usable(config, keys)
    own = [copy for copy in copies if keys.vault is None or copy.store_id in ("", keys.vault.store_id)]
    if not own:
        raise NoCopy(
            f"Các bản sao ở đây là của kho {copies[0].store_id}, còn tệp khóa là của kho khác. Xem lại tệp khóa, hoặc "
            "dùng giấy khôi phục (--paper).",
            f"The copies here are of the store {copies[0].store_id}, but the key file is of another one. Check the key "
            "file, or use the recovery paper (--paper).",
        )
    return own[0]


def addresses_of(config: Config, typed: Sequence[str]) -> list[Address]:
    """Return where the former machine served: the names of the LAN in kiosk.toml, and what was typed."""
    names = [Address(name, config.lan.port) for name in config.lan.names] if config.lan.host else []
    for text in typed:
        host, _, port = text.partition(":")
        names.append(Address(host, int(port) if port.isascii() and port.isdigit() else config.lan.port))
    return names


def require_off(config: Config, addresses: Sequence[Address], clock: Clock, stop: Event) -> None:
    """Make sure, as far as can be seen from here, that the former machine no longer serves.

    Args:
        config: the settings.
        addresses: where it served.
        clock: the time.
        stop: is waited for between two looks at the copies.

    Raises:
        FormerMachineOn: it answers, or makes copies.
    """
    for address in addresses:
        if _answers(address):
            raise FormerMachineOn(
                f"Máy cũ còn trả lời ở {address}. Tắt hẳn máy đó (rút điện), rồi chạy lại lệnh này.",
                f"The former machine still answers at {address}. Turn it off (unplug it), then run this again.",
            )
    if _makes_copies(config, clock, stop):
        raise FormerMachineOn(
            "Máy cũ vẫn đang chép bản từng phút. Tắt hẳn máy đó (rút điện), rồi chạy lại lệnh này.",
            "The former machine still makes copies each minute. Turn it off (unplug it), then run this again.",
        )


def is_used(store: Path) -> bool:
    """Return whether a store has ever issued a receipt number: then its machine is no stand-by."""
    with closing(receipt_gaps.connect(store)) as connection:
        return receipts.has_numbers(Database(connection, execute_plugins=False))


def may_be_running(config: Config, clock: Clock) -> bool:
    """Return whether the newest copy of each minute is so new that the former machine may still run."""
    folder = config.second_folder
    made_at = page_chain.newest_made_at(folder, config.kiosk.id) if folder else None
    return made_at is not None and abs(clock.now() - made_at) < RECENT


def _answers(address: Address) -> bool:
    with suppress(OSError), socket.create_connection((address.host, address.port), ANSWER_SECONDS):
        return True
    return False


def _makes_copies(config: Config, clock: Clock, stop: Event) -> bool:
    """Return whether another copy appears while it is watched for; only where the newest one is recent."""
    folder = config.second_folder
    if folder is None or not may_be_running(config, clock):
        return False
    before = page_chain.highest_generation(folder, config.kiosk.id)
    for _ in range(round(WATCH_SECONDS / LOOK_SECONDS)):
        stop.wait(LOOK_SECONDS)
        if page_chain.highest_generation(folder, config.kiosk.id) > before:
            return True
    return False
