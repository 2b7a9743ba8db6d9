"""USB sticks between kiosks and gateway: parcels are lost, arrive late, twice, and in any order.

Both sides use the product's own code. An old parcel may be imported after its submissions have arrived over the
connection, or after a restore of gateway or kiosk; an old answer may be read at any time.
"""

import hashlib
from dataclasses import dataclass
from functools import partial

from sync import usb
from sync.gateway import usb as gateway_usb
from sync.gateway.usb import ImportContext
from sync.parcel import Payload, Subject
from sync.portals import usb_files
from sync.portals.usb_files import ParcelSender
from tests.simulation.kiosk import HOUR, SimulatedKiosk
from tests.simulation.scenario import Scenario
from tests.simulation.world import World

REFUSED_ONLINE_ONLY = ("poison", "huge")
"""Flaws that only the simulated HTTP gateway refuses; its import would accept them."""


@dataclass
class UsbAnswer:
    """An answer file, and when it was made."""

    content: bytes
    at: float


class UsbTransport:
    """All USB sticks of one world; counts parcels and settled subjects."""

    def __init__(self, scenario: Scenario) -> None:
        self.world: World = scenario.world
        self.rng = scenario.rng
        self.scenario = scenario
        self.parcels: dict[str, list[bytes]] = {}
        self.answers: dict[str, list[UsbAnswer]] = {}
        self.parcel_count = 0
        self.settled_count = 0
        self._exports = 0
        with self.world.gateway.context.engine.begin() as db:
            self._gateway_key = usb_files.parse_key(gateway_usb.stick_public_key(db, self.world.now()))
        scenario.repeat(self._flood, 6 * HOUR, 30 * HOUR)
        for kiosk in self.world.kiosks:
            self.parcels[kiosk.name] = []
            self.answers[kiosk.name] = []
            scenario.repeat(partial(self._export, kiosk), HOUR, 8 * HOUR)
            scenario.repeat(partial(self._import_recent, kiosk), HOUR, 20 * HOUR)
            scenario.repeat(partial(self._read_recent, kiosk), HOUR, 20 * HOUR)

    def _flood(self) -> None:
        """Cut the connection for a day or two; wards use USB sticks then."""
        self.scenario.set_condition("down")
        self.world.schedule(self.rng.uniform(10 * HOUR, 50 * HOUR), lambda: self.scenario.set_condition("good"))

    def _sender(self, kiosk: SimulatedKiosk) -> ParcelSender:
        return ParcelSender(
            kiosk_id=kiosk.name,
            seed=kiosk.seed,
            gateway_key=self._gateway_key,
            answer_key=lambda parcel_id: hashlib.sha256(parcel_id.encode()).digest(),
        )

    def _export(self, kiosk: SimulatedKiosk) -> None:
        def open_load(subject: Subject) -> Payload | None:
            return None if kiosk.subjects[subject.id].flaw in REFUSED_ONLINE_ONLY else kiosk.open_load(subject)

        self._exports += 1
        writer = usb.ParcelWriter(
            sender=self._sender(kiosk),
            name=f"20261123T000000Z-{self._exports:06d}",
            write_file=partial(self._write_parcel, kiosk),
        )
        if kiosk.is_on:
            kiosk.until_power_cut(
                lambda: usb.write_parcels(kiosk.store, open_load, writer, kiosk.now(), on_progress=lambda _: None)
            )

    def _write_parcel(self, kiosk: SimulatedKiosk, name: str, content: bytes) -> None:
        kiosk.pass_point("before a parcel is written")
        self.parcel_count += 1
        self.parcels[kiosk.name].append(content)
        self.world.schedule(self.rng.uniform(0.1 * HOUR, HOUR), lambda: self._import(kiosk, content))
        self.world.note(kiosk.name, "writes parcel", name)
        kiosk.pass_point("after a parcel is written")

    def _import_recent(self, kiosk: SimulatedKiosk) -> None:
        if self.parcels[kiosk.name]:
            self._import(kiosk, self.rng.choice(self.parcels[kiosk.name][-4:]))

    def _import(self, kiosk: SimulatedKiosk, content: bytes) -> None:
        gateway = self.world.gateway
        importer = ImportContext(login="operator", mode="practice", token=gateway.settings.token)
        parcel = gateway_usb.import_parcel(gateway.context.engine, content, importer, self.world.now())
        self.world.note("gateway", "imports", parcel.name, *map(dict, parcel.counts.values()))
        answer = UsbAnswer(parcel.answer, self.world.at)
        self.answers[kiosk.name].append(answer)
        self.world.schedule(self.rng.uniform(0.1 * HOUR, HOUR), lambda: self._read(kiosk, answer))

    def _read_recent(self, kiosk: SimulatedKiosk) -> None:
        if self.answers[kiosk.name] and kiosk.is_on:
            self._read(kiosk, self.rng.choice(self.answers[kiosk.name][-4:]))

    def _read(self, kiosk: SimulatedKiosk, answer: UsbAnswer) -> None:
        if not kiosk.is_on:
            return
        kiosk.asked_at = answer.at
        counts = kiosk.until_power_cut(
            lambda: usb.apply_answer(
                kiosk.store, kiosk.record_outcome, answer.content, self._sender(kiosk), now=kiosk.now()
            )
        )
        if counts:
            self.settled_count += counts.forms + counts.events
        if kiosk.is_on:
            kiosk.schedule_round(0.0)
