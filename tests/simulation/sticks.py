"""Somebody with a stick between the kiosks and the province: parcels get lost, come late, twice, and in any order.

What is carried and how it is settled is the product's own code on both sides. An old parcel may be brought after the
line has taken its forms, after the portal or the kiosk was put back, and an old answer may be read at any time.
"""

import hashlib
from dataclasses import dataclass
from functools import partial

from sync import usb
from sync.gateway import usb as desk
from sync.gateway.usb import ImportContext
from sync.parcel import Load, Subject
from sync.portals import usb_files
from sync.portals.usb_files import ParcelSender
from tests.simulation.kiosk import HOUR, Kiosk
from tests.simulation.life import Life
from tests.simulation.world import World

ONLY_BY_LINE = ("poison", "huge")
"""What the line's moods refuse is whole to the gateway itself."""


@dataclass
class Answer:
    """An answer on its way back, and when it was given."""

    content: bytes
    at: float


class Sticks:
    """All sticks of one world; ``carried`` and ``settled`` count what went by them."""

    def __init__(self, life: Life) -> None:
        self.world: World = life.world
        self.lot = life.lot
        self.parcels: dict[str, list[bytes]] = {}
        self.answers: dict[str, list[Answer]] = {}
        self.carried = self.settled = self._runs = 0
        with self.world.province.context.engine.begin() as db:
            self._to = usb_files.parse_key(desk.stick_public_key(db, self.world.now()))
        life._every(self._flood, 6 * HOUR, 30 * HOUR)
        for kiosk in self.world.kiosks:
            self.parcels[kiosk.name], self.answers[kiosk.name] = [], []
            life._every(partial(self._out, kiosk), HOUR, 8 * HOUR)
            life._every(lambda kiosk=kiosk: self._bring(kiosk, self.parcels[kiosk.name][-4:]), HOUR, 20 * HOUR)
            life._every(lambda kiosk=kiosk: self._back(kiosk, self.answers[kiosk.name][-4:]), HOUR, 20 * HOUR)

    def _flood(self) -> None:
        """Take the line away for a day or two: that is when sticks are carried."""
        self.world.weather.name = "down"
        self.world.note("weather", "flood")
        self.world.later(self.lot.uniform(10 * HOUR, 50 * HOUR), self._dries)

    def _dries(self) -> None:
        self.world.weather.name = "fair"
        self.world.note("weather", "fair")

    def _sender(self, kiosk: Kiosk) -> ParcelSender:
        return ParcelSender(
            kiosk_id=kiosk.name,
            seed=kiosk.seed,
            gateway_key=self._to,
            answer_key=lambda name: hashlib.sha256(name.encode()).digest(),
        )

    def _out(self, kiosk: Kiosk) -> None:
        def pack(subject: Subject) -> Load | None:
            return None if kiosk.forms[subject.id].flaw in ONLY_BY_LINE else kiosk.pack(subject)

        self._runs += 1
        way = usb.ParcelWriter(self._sender(kiosk), f"20261123T000000Z-{self._runs:06d}", partial(self._lay, kiosk))
        if kiosk.is_on:
            kiosk.guarded(lambda: usb.write_parcels(kiosk.store, pack, way, kiosk.now(), lambda _: None))

    def _lay(self, kiosk: Kiosk, name: str, content: bytes) -> None:
        kiosk.point("a parcel is noted, not written")
        self.carried += 1
        self.parcels[kiosk.name].append(content)
        self.world.later(self.lot.uniform(0.1 * HOUR, HOUR), lambda: self._bring(kiosk, [content]))
        self.world.note(kiosk.name, "carries", name)
        kiosk.point("a parcel is there")

    def _bring(self, kiosk: Kiosk, some: list[bytes]) -> None:
        province = self.world.province
        if not some:
            return
        content = self.lot.choice(some)
        clerk = ImportContext("operator", "practice", province.settings.token)
        brought = desk.import_parcel(province.context.engine, content, clerk, self.world.now())
        self.world.note("province", "is brought", brought.name, *map(dict, brought.counts.values()))
        answer = Answer(brought.answer, self.world.at)
        self.answers[kiosk.name].append(answer)
        self.world.later(self.lot.uniform(0.1 * HOUR, HOUR), lambda: self._back(kiosk, [answer]))

    def _back(self, kiosk: Kiosk, some: list[Answer]) -> None:
        if not some or not kiosk.is_on:
            return
        answer = self.lot.choice(some)
        kiosk.asked_at = answer.at
        told = kiosk.guarded(
            lambda: usb.apply_answer(kiosk.store, kiosk.settle, answer.content, self._sender(kiosk), kiosk.now())
        )
        kiosk.audit_began = kiosk.at
        if told:
            self.settled += told.forms + told.events
        if kiosk.is_on:
            kiosk.wake(0.0)
