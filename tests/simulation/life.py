"""A ward's days, as a lot draws them: citizens, officers, the line, the portal's moods, power cuts and copies put back.

Each thread of life calls itself again after a drawn while. ``live`` runs so many days, then lets everything heal and
has the end judged.
"""

import sqlite3
from collections.abc import Callable

from tests.simulation import judge
from tests.simulation.kiosk import HOUR, Kiosk
from tests.simulation.world import World

DAY = 24 * HOUR
OPENS = 0.5 * HOUR
CLOSES = 10 * HOUR  # 7:30 to 17:00 in the ward, in UTC
PULL_EVERY = 900.0
KINDS = ["accepted", "supplement", "refused", "stopped", "handed_out", "extended", "fee", "document", "withdrawn"]
FLAWS = ["invalid", "poison", "huge", "unreadable"]
WEATHER_LASTS = {
    "fair": (HOUR, 30 * HOUR),
    "rough": (60, 6 * HOUR),
    "down": (5, 60 * HOUR),
    "captive": (60, 5 * HOUR),
    "deaf": (20, HOUR),
    "mute": (20, HOUR),
    "slow": (60, 3 * HOUR),
}
MOODS = ["401", "403", "clock", "426", "429", "500", "503", "maintenance", "small"]


class Life:
    """Everything that happens by itself in one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.lot = world.lot
        self.is_over = False
        self.copies = [world.keep(world.province.copy())]
        self.kiosk_copies: dict[str, sqlite3.Connection] = {}
        self._every(self._weather, 600, 20 * HOUR)
        self._every(self._mood, HOUR, 30 * HOUR)
        self._every(self._province_copies, 3 * HOUR, 24 * HOUR)
        self._every(self._province_is_put_back, 2 * DAY, 12 * DAY)
        self._every(self._province_dies, HOUR, 12 * HOUR)
        for kiosk in world.kiosks:
            self._begin(kiosk)

    def _begin(self, kiosk: Kiosk) -> None:
        world = self.world
        self.kiosk_copies[kiosk.name] = world.keep(kiosk.copy())
        world.later(self.lot.uniform(0, OPENS), lambda: self._morning(kiosk))
        self._every(lambda: self._citizens(kiosk), 60, 1800, by_day=True)
        self._every(lambda: self._officer(kiosk), 300, 3600, by_day=True)
        self._every(kiosk.pull, PULL_EVERY * 0.9, PULL_EVERY * 1.1, by_day=True)
        self._every(lambda: self._power(kiosk), HOUR, 20 * HOUR)
        self._every(lambda: self._kiosk_copies(kiosk), HOUR, 3 * HOUR)
        self._every(lambda: self._kiosk_is_put_back(kiosk), 3 * DAY, 25 * DAY)
        self._every(lambda: self._wall_clock(kiosk), DAY, 9 * DAY)
        self._every(lambda: self._technician(kiosk), 4 * HOUR, 30 * HOUR)

    def _every(self, do: Callable[[], object], least: float, most: float, *, by_day: bool = False) -> None:
        def again() -> None:
            if self.is_over:
                return
            if not by_day or OPENS <= self.world.at % DAY <= CLOSES:
                do()
                self.world.later(self.lot.uniform(least, most), again)
            else:
                self.world.later((OPENS - self.world.at) % DAY + self.lot.uniform(0, most), again)

        self.world.later(self.lot.uniform(least, most), again)

    # --- days

    def _morning(self, kiosk: Kiosk) -> None:
        if self.is_over:
            return
        if not kiosk.is_on:
            kiosk.boot()
        if self.lot.random() < 0.8:
            self.world.later(CLOSES - OPENS, lambda: self._evening(kiosk))
        self.world.later(DAY, lambda: self._morning(kiosk))
        if self.lot.random() < 0.6:
            kiosk.guarded(kiosk.ask_audit)

    def _evening(self, kiosk: Kiosk) -> None:
        if not self.is_over:
            self.world.note(kiosk.name, "is switched off")
            kiosk.switch_off()

    def _citizens(self, kiosk: Kiosk) -> None:
        for _ in range(self.lot.choice([1, 1, 1, 2, 5])):
            if kiosk.is_on:
                kiosk.submit(self.lot.choice(FLAWS) if self.lot.random() < 0.06 else "")

    def _officer(self, kiosk: Kiosk) -> None:
        if not kiosk.is_on:
            return
        forms = [form for form in kiosk.forms.values() if not form.seq and not form.heir and not form.is_forgotten]
        if not forms:
            return
        form = self.lot.choice(forms[-40:])
        if self.lot.random() < 0.25:
            kiosk.submit(before=form)
        else:
            kiosk.act(form, self.lot.choice(KINDS), "made-up" if self.lot.random() < 0.02 else "")

    # --- troubles

    def _weather(self) -> None:
        name = self.lot.choice(list(WEATHER_LASTS))
        self.world.weather.name = name
        self.world.note("weather", name)
        self.world.later(self.lot.uniform(*WEATHER_LASTS[name]), self._clears)

    def _clears(self) -> None:
        self.world.weather.name = "fair"
        self.world.note("weather", "fair")

    def _mood(self) -> None:
        mood = self.lot.choice(MOODS)
        self._be(mood)
        self.world.later(self.lot.uniform(60, 4 * HOUR), lambda: self._mended(mood))

    def _be(self, mood: str) -> None:
        self.world.province.mood = mood
        self.world.note("province", "mood", mood)

    def _mended(self, mood: str) -> None:
        self._be("")
        if mood == "403":
            # A key that was taken away by mistake: the technician is told, and comes.
            for kiosk in self.world.kiosks:
                self.world.later(self.lot.uniform(60, HOUR), lambda kiosk=kiosk: self._technician(kiosk))

    def _province_copies(self) -> None:
        self.copies = [*self.copies, self.world.keep(self.world.province.copy())][-3:]
        self.world.note("province", "copy")

    def _province_is_put_back(self) -> None:
        is_told = self.lot.random() < 0.5
        self.world.note("province", "is put back", is_told)
        self.world.province.put_back(self.lot.choice(self.copies), self.world.at, is_told=is_told)

    def _province_dies(self) -> None:
        self.world.province.dies_in = self.lot.randint(1, 4)
        kiosk = self.lot.choice(self.world.kiosks)
        self.world.note("province", "speaks", self.world.province.speak(kiosk.name, self.lot.randint(2, 10)))

    def _power(self, kiosk: Kiosk) -> None:
        kiosk.fuse = self.lot.randint(1, 20)

    def _kiosk_copies(self, kiosk: Kiosk) -> None:
        if self.lot.random() < 0.5:
            self.kiosk_copies[kiosk.name] = self.world.keep(kiosk.copy())
            self.world.note(kiosk.name, "copy")

    def _kiosk_is_put_back(self, kiosk: Kiosk) -> None:
        self.world.note(kiosk.name, "is put back")
        kiosk.switch_off()
        kiosk.put_back(self.kiosk_copies[kiosk.name])
        kiosk.boot()

    def _wall_clock(self, kiosk: Kiosk) -> None:
        kiosk.wall_offset = self.lot.choice([0.0, 0.0, 400.0, -400.0, 10 * 365 * DAY, -10 * 365 * DAY])
        self.world.note(kiosk.name, "wall clock", kiosk.wall_offset)

    def _technician(self, kiosk: Kiosk) -> None:
        """Come because a key was taken away, or to send at once; nobody is called for what mends itself."""
        if kiosk.is_on and self.world.province.mood != "403" and kiosk.held_by in ("", "revoked"):
            kiosk.guarded(kiosk.send_now)


def heal(world: World) -> None:
    """Mend everything, and let three days pass in which nobody comes."""
    world.weather.name = "fair"
    world.province.mood = ""
    world.province.dies_in = 0
    for kiosk in world.kiosks:
        kiosk.fuse = 0
        kiosk.wall_offset = 0.0
        if not kiosk.is_on:
            kiosk.boot()
        if kiosk.held_by == "revoked":
            kiosk.send_now()
    for _ in range(3):
        world.run(world.at + DAY / 2)
        for kiosk in world.kiosks:
            kiosk.pull()
        world.run(world.at + DAY / 2)
        for kiosk in world.kiosks:
            kiosk.ask_audit()


def live(world: World, days: float) -> None:
    """Let so many days happen, then heal, then judge."""
    life = Life(world)
    world.run(days * DAY)
    life.is_over = True
    heal(world)
    judge.all_is_well(world)
