"""Ways from a kiosk to a portal: an outbox, a line, and adapters; nothing here knows what a kiosk is.

A caller puts subjects into the ``outbox``, calls ``Engine.round`` and ``statuses.pull`` when it likes, and answers
``pack`` and ``settle``. The tables come with ``sync.schema.migrations``. A new portal is one module in
``sync/portals`` and one line in ``open_portal``.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sync.errors import BadPortal

if TYPE_CHECKING:
    from sync.link import Store
    from sync.portals.base import Portal
    from sync.portals.kiosk_sync import KioskSync
    from sync.portals.opencps import Site


def open_portal(  # noqa: PLR0913 - a setting each, told by name
    kind: str,
    *,
    url: str,
    key: bytes,
    kiosk_id: str,
    nonce: Callable[[], str],
    ca: Path | None = None,
    seconds: float = 60.0,
) -> "KioskSync":
    """Open a portal; ``key`` is the 32-byte seed of the kiosk's Ed25519 key. Raises BadPortal.

    ``seconds`` is the most that one exchange may take, from dialling to the last byte of the answer.

    A kiosk with the kind "none" has no outbox to drain and opens nothing.
    """
    if kind != "kiosk-sync":
        raise BadPortal(f"no portal of kind {kind!r}")
    from sync.portals.http_client import Wire
    from sync.portals.kiosk_sync import Identity, KioskSync  # a fifth of a start: only who opens a line waits for it

    return KioskSync(url, Identity(kiosk_id, key, nonce), Wire(ca=ca, seconds=seconds))


def open_opencps(store: "Store", url: str, site: "Site", *, ca: Path | None = None, seconds: float = 60.0) -> "Portal":
    """Open the e-forms of an OpenCPS; ``store`` keeps the ledger of what was begun there. Raises BadPortal."""
    from sync.portals.http_client import Wire
    from sync.portals.opencps import OpenCps
    from sync.step_ledger import Stepper

    return Stepper(store, OpenCps(url, site, Wire(ca=ca, seconds=seconds)))
