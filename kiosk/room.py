"""What an act stands in: the settings, the store and its key, the shelf, the clock."""

from dataclasses import dataclass

from kiosk.clock import Clock
from kiosk.config import Config
from kiosk.db import Store
from kiosk.procedures.checks import Scene
from kiosk.procedures.filling import Office
from kiosk.procedures.reading import Shelf
from kiosk.scanner import ScanDesk
from kiosk.vault import Vault

AUDIT = "audit"


@dataclass(frozen=True)
class Room:
    """Everything a page hands to an act; made once, in app.py."""

    config: Config
    store: Store
    vault: Vault
    shelf: Shelf
    clock: Clock
    scans: ScanDesk

    @property
    def office(self) -> Office:
        """The ward as the forms name it."""
        ward = self.config.ward
        return Office(
            committee=ward.agency_committee,
            police=ward.agency_police,
            short=ward.name[:1].lower() + ward.name[1:],
            ward_code=ward.code,
            province_code=ward.province_code,
        )

    @property
    def scene(self) -> Scene:
        """Today, in this ward: what a form is judged by."""
        return Scene(self.clock.today(), self.office)

    def audit_key(self) -> bytes:
        """Return the key that seals the audit trail."""
        return self.vault.key_for(AUDIT)
