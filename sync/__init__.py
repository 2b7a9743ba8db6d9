"""Delivery from a kiosk to a portal: outbox, connection, adapters. Nothing here imports the kiosk.

A caller enqueues subjects in `outbox`, calls `Engine.round` and `status_feed.pull` when it likes, and passes callbacks
that open a subject and record its outcome. `sync.schema.migrations` creates the tables.
"""

from importlib import import_module
from typing import TYPE_CHECKING, cast

from sync.errors import BadPortal
from sync.portals.base import PortalKind

if TYPE_CHECKING:
    from sync.link import Store
    from sync.portals.base import Portal, PortalOptions, StepwisePortal

PORTALS: dict[str, PortalKind] = {
    "kiosk-sync": PortalKind(
        module="sync.portals.kiosk_sync",
        takes_events=True,
        takes_files=True,
        takes_usb_parcels=True,
        has_feed=True,
        knows_numbers=True,
        takes_reports=True,
        can_be_enrolled=True,
        has_status_pages=True,
    ),
    "opencps": PortalKind(module="sync.portals.opencps", needs_eforms=True, is_stepwise=True),
    # What a later portal takes is queued from the first day.
    "none": PortalKind(takes_events=True, takes_files=True),
}
"""The kinds of portal by their word in kiosk.toml (`[portal] kind`). To add one:

1. Write a module in `sync/portals` with an adapter (`base.Portal`, or `base.StepwisePortal` for a portal that takes a
   submission in several requests) and `open_portal(options: PortalOptions)`, which returns the adapter.
2. Add a line here with its capabilities (`base.PortalKind`).

Settings, worker, health checks and pages ask for capabilities only. The module is imported when a portal is opened: an
adapter imports `requests`, which takes a fifth of the time of a start.
"""


def open_portal(kind: str, options: "PortalOptions", store: "Store | None" = None) -> "Portal":
    """Open a portal; `store` keeps the ledger of steps of a stepwise one.

    Raises:
        BadPortal: there is no such kind, it takes no forms, or its options are wrong.
    """
    portal_kind = PORTALS.get(kind)
    if portal_kind is None or not portal_kind.takes_forms:
        raise BadPortal(f"no portal of kind {kind!r}")
    portal = import_module(portal_kind.module).open_portal(options)
    if not portal_kind.is_stepwise:
        return cast("Portal", portal)
    if store is None:
        raise BadPortal("a stepwise portal needs a store")
    from sync.step_ledger import StepwiseAdapter

    return StepwiseAdapter(store, cast("StepwisePortal", portal))
