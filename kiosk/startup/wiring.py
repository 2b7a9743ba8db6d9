"""Portals and printers of kiosk.toml, opened for the worker and the commands."""

from contextlib import closing
from dataclasses import replace
from datetime import datetime, time
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, cast

import printers
import sync
from kiosk.backup import restore_log
from kiosk.base import clock, codes, release
from kiosk.base.errors import NotAllowed
from kiosk.config import Config
from kiosk.config.list_sections import OfficePrinterSection, PrinterSection
from kiosk.context import Context
from kiosk.portal import audit_head, connection_test, opencps, opinion_report
from kiosk.portal.connection_test import ConnectionStep, ConnectionTest
from kiosk.portal.signing_key import portal_key
from printers.devices.base import Printer
from printers.document import Document
from printers.routes import kind_at
from printers.settings import PrinterSettings
from sync.errors import SyncError
from sync.file_transfer import TransferLimits
from sync.name_lookup import NameLookup
from sync.portals.base import PortalOptions

if TYPE_CHECKING:
    from sync.portals.base import EnrollingPortal, Portal


_LOOKUP = NameLookup()
"""One for the process, so that a name server that never answers holds one thread, not one for each test."""


def open_printers(config: Config) -> dict[str, list[Printer]]:
    """Return the printers for each kind of paper, in the order of the settings; their fallbacks come after them."""
    opened = {
        section.name: printers.open_printer(printer_settings(section), _LOOKUP.addresses) for section in config.printers
    }
    for office in config.office_printers:
        opened[office.name] = printers.open_printer(office_printer_settings(config, office), _LOOKUP.addresses)
    names_by_kind: dict[str, list[str]] = {}
    for section in config.printers:
        for kind in section.kinds:
            for screen in ("", *section.screens):
                names = [printer.name for printer in config.receipt_printers_of(kind, screen)]
                names_by_kind[kind_at(kind, screen)] = names
    for office in config.office_printers:
        names_by_kind[office.job_kind] = [office.name]
    fallbacks = {section.name: section.fallback for section in config.all_printers}
    for names in names_by_kind.values():
        names += [fallbacks[name] for name in names if fallbacks[name]]
    names_by_kind |= {section.test_kind: [section.name] for section in config.printers}
    return {kind: [opened[name] for name in dict.fromkeys(names)] for kind, names in names_by_kind.items()}


def office_printer_settings(config: Config, section: OfficePrinterSection) -> PrinterSettings:
    """Return an office printer of kiosk.toml as the settings of a device; the virtual one is an IPP printer too."""
    settings = replace(PrinterSettings(), name=section.name, a5=section.a5)
    if section.kind == "virtual":
        return replace(settings, kind="ipp", address=f"ipp://127.0.0.1:{config.virtual_office_port}/ipp/print")
    return replace(settings, kind=section.kind, address=section.address)


def printer_settings(section: PrinterSection) -> PrinterSettings:
    """Return a printer section of kiosk.toml as the settings of a device."""
    return replace(
        PrinterSettings(),
        name=section.name,
        kind=section.kind,
        address=section.address,
        width_mm=section.width_mm,
        dots=section.dots,
        dpi=section.dpi,
        cutter=section.cutter,
        feed=section.feed,
        band_rows=section.band_rows,
        margin=section.margin,
        darkness=section.darkness,
        need_status=section.need_status,
        confirm=section.confirm,
        scale=section.scale / 100,
        baud=section.baud,
        flow=section.flow,
    )


def print_now(config: Config, document: Document) -> None:
    """Print on the first printer, past the spool, which would store the words.

    Raises:
        NotAllowed: there is no printer of slips.
        PrinterError: the printer did not print, or it is not known.
    """
    printer = next((printer for group in open_printers(config).values() for printer in group), None)
    if printer is None or printer.settings.kind == "ipp":
        raise NotAllowed("Chưa có máy in phiếu: chép tay.", "There is no slip printer: copy it by hand.")
    printer.send(document)


def open_portal(context: Context, seconds: float = 60.0) -> "Portal | None":
    """Return the portal that the kiosk's forms go to; None when they stay here.

    Args:
        context: the context.
        seconds: limit for one exchange.
    """
    portal = context.config.portal
    if not portal.capabilities.takes_forms:
        return None
    options = _portal_options(context.config, seconds)
    with context.store.read() as db:
        restores = restore_log.count_restores(db)
    options = replace(
        options,
        restores=restores,
        eforms=partial(opencps.eform_site, context),
        audit_head=partial(audit_head.find_head, context),
        opinions=partial(opinion_report.find_report, context),
    )
    return sync.open_portal(portal.kind, options, context.store)


def open_enrolling_portal(
    config: Config, seed: bytes | None = None, seconds: float = 60.0, restores: int = 0
) -> "EnrollingPortal | None":
    """Return the portal for the enrolment of a key; None when it knows no keys.

    Args:
        config: the settings.
        seed: the key; None for the kiosk's own.
        seconds: limit for one exchange.
        restores: how often the store was restored from a copy.
    """
    if not config.portal.capabilities.can_be_enrolled:
        return None
    options = replace(_portal_options(config, seconds), restores=restores)
    if seed is not None:
        options = replace(options, key=lambda: seed)
    return cast("EnrollingPortal", sync.open_portal(config.portal.kind, options))


def test_connection(context: Context) -> list[ConnectionStep]:
    """Try the connection to the portal step by step; an empty list when forms stay here."""
    portal = open_portal(context, seconds=connection_test.SECONDS)
    if portal is None:
        return []
    settings = context.config.portal
    with closing(portal):
        return ConnectionTest(
            portal=portal,
            url=settings.url,
            ca=context.config.portal_ca,
            now=context.clock.now,
            is_enrolled_by_key=settings.capabilities.can_be_enrolled,
            lookup=_LOOKUP,
        ).run()


def _portal_options(config: Config, seconds: float) -> PortalOptions:
    return PortalOptions(
        url=config.portal.url,
        kiosk_id=config.kiosk.id,
        key=partial(portal_key, config.portal_key_path),
        nonce=codes.nonce,
        ca=config.portal_ca,
        seconds=seconds,
        release=release.current().version,
    )


def file_limits(config: Config) -> TransferLimits:
    """Return the bandwidth and the hours that scans may use."""
    return TransferLimits(config.portal.file_kbit * 125.0 or None, partial(is_within, spans(config.portal.file_hours)))


def spans(texts: tuple[str, ...]) -> tuple[tuple[time, time], ...]:
    """Return hours of the settings, such as 17:00-07:00, as pairs of times."""
    pairs = (text.split("-") for text in texts)
    return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in pairs)


def is_within(hours: tuple[tuple[time, time], ...], now: datetime) -> bool:
    """Return whether a time is within hours of the ward's day, which may run past midnight; no hours: always."""
    at = clock.local(now).time()
    return not hours or any(start <= at < end if start < end else (at >= start or at < end) for start, end in hours)


def enrol(portal: "EnrollingPortal", code: str, unit: str, stop: Event) -> None:
    """Enrol this kiosk at its gateway; retry every second until it works or `stop` is set."""
    while not stop.is_set():
        try:
            portal.enrol(code, unit)
        except SyncError:
            stop.wait(1.0)
        else:
            return
