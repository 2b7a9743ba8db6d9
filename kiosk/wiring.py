"""Portals and printers as kiosk.toml names them, opened for the worker and the commands."""

from dataclasses import replace
from datetime import datetime, time
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import printers
import sync
from kiosk import clock, codes
from kiosk.config import Config
from kiosk.config.sections import Printer as PrinterConfig
from kiosk.context import Context
from kiosk.portal.signing_key import portal_key
from printers.devices.base import Printer
from printers.settings import PrinterSettings
from sync.errors import SyncError
from sync.file_transfer import Leave

if TYPE_CHECKING:
    from sync.portals.base import Portal
    from sync.portals.kiosk_sync import KioskSync


def printer_routes(config: Config) -> dict[str, list[Printer]]:
    """Return which printers print which kind of paper, in the order of the settings."""
    found: dict[str, list[Printer]] = {}
    for one in config.printers:
        device = printers.open_printer(printer_settings(one))
        for kind in one.use:
            found.setdefault(kind, []).append(device)
    return found


def printer_settings(one: PrinterConfig) -> PrinterSettings:
    """Return a printer of kiosk.toml as the devices know it."""
    return replace(
        PrinterSettings(),
        name=one.name,
        kind=one.kind,
        address=one.address,
        width_mm=one.width_mm,
        dots=one.dots,
        dpi=one.dpi,
        cutter=one.cutter,
        feed=one.feed,
        band_rows=one.band_rows,
        need_status=one.need_status,
    )


def open_portal_of(context: Context, seconds: float = 60.0) -> "Portal | None":
    """Return the portal that a room's forms go to; None when they stay here. An exchange takes at most `seconds`."""
    if context.config.portal.kind != "opencps":
        return open_portal(context.config, seconds)
    from kiosk.portal import opencps  # with the adapter it brings requests along: only who opens a line waits for it

    ca = Path(context.config.portal.ca) if context.config.portal.ca else None
    return sync.open_opencps(context.store, context.config.portal.url, opencps.site(context), ca=ca, seconds=seconds)


def open_portal(config: Config, seconds: float = 60.0) -> "KioskSync | None":
    """Return the gateway of the settings, signed for by this kiosk's own key; None when forms stay here.

    `seconds` is the most that one exchange may take.
    """
    if config.portal.kind == "none":
        return None
    return open_portal_with(config, portal_key(config.portal_key_path), seconds)


def open_portal_with(config: Config, key: bytes, seconds: float = 60.0) -> "KioskSync":
    """Return the portal of the settings, signed for by a key; ``seconds`` for a whole exchange."""
    return sync.open_portal(
        config.portal.kind,
        url=config.portal.url,
        key=key,
        kiosk_id=config.kiosk.id,
        nonce=codes.nonce,
        ca=Path(config.portal.ca) if config.portal.ca else None,
        seconds=seconds,
    )


def file_limits(config: Config) -> Leave:
    """Return how much of the line scans may have, and when."""
    spans = [span.split("-") for span in config.portal.file_hours]
    hours = tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in spans)
    return Leave(config.portal.file_kbit * 125.0 or None, partial(is_within, hours))


def is_within(hours: tuple[tuple[time, time], ...], now: datetime) -> bool:
    """Return whether a moment is within hours of the ward's day; they may run past midnight. No hours: always."""
    at = clock.local(now).time()
    return not hours or any(start <= at < end if start < end else (at >= start or at < end) for start, end in hours)


def enrol(portal: "KioskSync", code: str, unit: str, stop: Event) -> None:
    """Make this kiosk known to its gateway, as often as it takes until the line is up."""
    while not stop.is_set():
        try:
            portal.enrol(code, unit)
        except SyncError:
            stop.wait(1.0)
        else:
            return
