"""Machines of several wards at a practice gateway: enrolled with keys of their own, they report over a real socket."""

import copy
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from sync import signature
from sync.encoding import timestamp
from sync.gateway.tables import kiosks
from sync.portals import kiosk_sync_decode
from sync.portals.http_client import HttpClient, HttpResponse
from sync.portals.kiosk_sync import KioskIdentity, KioskSync
from tests.sync.practice_gateway import PracticeGateway

WARDS = ("Phường An Lộc", "Phường Thủy Lam", "Xã Bình Thượng", "Xã A Nhâm")
GOOD: dict[str, Any] = {
    "release": "1.4.0",
    "content": "2026.11.20",
    "alarms": [],
    "waiting": {"count": 0, "oldestSeconds": 0},
    "unknownPapers": 0,
    "copySeconds": 600,
    "diskFreeMb": 41000,
    "clockOffsetSeconds": 0,
}


@dataclass
class FleetMachine:
    """A machine: its adapter, and what it reports next."""

    kiosk_id: str
    unit_code: str
    portal: KioskSync
    state: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(GOOD))

    def report(self, **changes: Any) -> dict[str, Any]:
        """Report, with lasting changes; return the releases that the answer names."""
        self.state |= changes
        response = self.send()
        assert response.status == 200, response.body
        release: dict[str, Any] = kiosk_sync_decode.parse(response.body)["release"]
        return release

    def send(self) -> HttpResponse:
        response, _ = self.portal._exchange_json("POST", "/report", self.state)
        return response


class Fleet:
    """Machines by their kiosk ids; the first ward has the first `per_ward` ones, and so on."""

    def __init__(self, practice: PracticeGateway, count: int, per_ward: int = 2) -> None:
        self.practice = practice
        self.machines = [self._add(number, per_ward) for number in range(count)]

    def _add(self, number: int, per_ward: int) -> FleetMachine:
        kiosk_id = f"AL{number + 1:03d}"
        ward = number // per_ward
        unit = f"H57.99.{ward + 1:02d}"
        seed = secrets.token_bytes(32)
        public = signature.public_key(seed)
        with self.practice.engine.begin() as db:
            db.execute(
                insert(kiosks).values(
                    kiosk_id=kiosk_id,
                    unit_code=unit,
                    key_id=signature.key_id(public),
                    public_key=public,
                    enrolled_at=timestamp(self.practice.clock()),
                    last_seq=0,
                )
            )
        identity = KioskIdentity(kiosk_id, seed, lambda: secrets.token_urlsafe(12))
        machine = FleetMachine(kiosk_id, unit, KioskSync(self.practice.url, identity, HttpClient(seconds=60)))
        machine.state["wardName"] = WARDS[ward] if ward < len(WARDS) else f"Phường {ward + 1}"
        return machine

    def report_all(self, **changes: Any) -> list[dict[str, Any]]:
        return [machine.report(**changes) for machine in self.machines]

    def wait(self, **period: float) -> None:
        """Move the gateway's clock on."""
        self.practice.clock.offset += timedelta(**period)

    def close(self) -> None:
        for machine in self.machines:
            machine.portal.close()
