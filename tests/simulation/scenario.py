"""Random days of a ward: citizens, officers, network faults, gateway behaviours, power cuts and restores.

Each recurring action schedules itself again after a random time. `run_days` runs so many days, then ends all faults and
checks the invariants.
"""

import sqlite3
from collections.abc import Callable

from tests.simulation import invariants
from tests.simulation.kiosk import HOUR, SimulatedKiosk
from tests.simulation.world import World

DAY = 24 * HOUR
OPENING = 0.5 * HOUR
CLOSING = 10 * HOUR  # 7:30 to 17:00 in the ward, in UTC
PULL_INTERVAL = 900.0
EVENT_KINDS = [
    "accepted",
    "supplement",
    "refused",
    "stopped",
    "handed_out",
    "extended",
    "fee",
    "document",
    "withdrawn",
]
FLAWS = ["invalid", "poison", "huge", "unreadable"]
CONDITION_SECONDS = {
    "good": (HOUR, 30 * HOUR),
    "poor": (60, 6 * HOUR),
    "down": (5, 60 * HOUR),
    "captive": (60, 5 * HOUR),
    "answers lost": (20, HOUR),
    "requests lost": (20, HOUR),
    "slow": (60, 3 * HOUR),
}
"""How long a condition of the network lasts, at least and at most."""
BEHAVIOURS = ["401", "403", "clock", "426", "429", "500", "503", "maintenance", "small"]


class Scenario:
    """All random actions in one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rng = world.rng
        self.is_over = False
        self.gateway_backups = [world.keep(world.gateway.back_up())]
        self.kiosk_backups: dict[str, sqlite3.Connection] = {}
        self.repeat(self._change_network, 600, 20 * HOUR)
        self.repeat(self._change_behaviour, HOUR, 30 * HOUR)
        self.repeat(self._back_up_gateway, 3 * HOUR, 24 * HOUR)
        self.repeat(self._restore_gateway, 2 * DAY, 12 * DAY)
        self.repeat(self._crash_gateway, HOUR, 12 * HOUR)
        for kiosk in world.kiosks:
            self._schedule_kiosk(kiosk)

    def _schedule_kiosk(self, kiosk: SimulatedKiosk) -> None:
        self.kiosk_backups[kiosk.name] = self.world.keep(kiosk.back_up())
        self.world.schedule(self.rng.uniform(0, OPENING), lambda: self._start_day(kiosk))
        self.repeat(lambda: self._submit(kiosk), 60, 1800, by_day=True)
        self.repeat(lambda: self._work_at_desk(kiosk), 300, 3600, by_day=True)
        self.repeat(kiosk.pull, PULL_INTERVAL * 0.9, PULL_INTERVAL * 1.1, by_day=True)
        self.repeat(lambda: self._cut_power_soon(kiosk), HOUR, 20 * HOUR)
        self.repeat(lambda: self._back_up_kiosk(kiosk), HOUR, 3 * HOUR)
        self.repeat(lambda: self._restore_kiosk(kiosk), 3 * DAY, 25 * DAY)
        self.repeat(lambda: self._set_wall_clock(kiosk), DAY, 9 * DAY)
        self.repeat(lambda: self._call_technician(kiosk), 4 * HOUR, 30 * HOUR)

    def repeat(
        self, action: Callable[[], object], min_seconds: float, max_seconds: float, *, by_day: bool = False
    ) -> None:
        """Run an action again and again after random times; `by_day`: in opening hours only."""

        def run() -> None:
            if self.is_over:
                return
            if not by_day or OPENING <= self.world.at % DAY <= CLOSING:
                action()
                self.world.schedule(self.rng.uniform(min_seconds, max_seconds), run)
            else:
                self.world.schedule((OPENING - self.world.at) % DAY + self.rng.uniform(0, max_seconds), run)

        self.world.schedule(self.rng.uniform(min_seconds, max_seconds), run)

    # --- days

    def _start_day(self, kiosk: SimulatedKiosk) -> None:
        if self.is_over:
            return
        if not kiosk.is_on:
            kiosk.boot()
        if self.rng.random() < 0.8:
            self.world.schedule(CLOSING - OPENING, lambda: self._end_day(kiosk))
        self.world.schedule(DAY, lambda: self._start_day(kiosk))
        if self.rng.random() < 0.6:
            kiosk.until_power_cut(kiosk.request_audit)

    def _end_day(self, kiosk: SimulatedKiosk) -> None:
        if not self.is_over:
            self.world.note(kiosk.name, "switched off")
            kiosk.switch_off()

    def _submit(self, kiosk: SimulatedKiosk) -> None:
        for _ in range(self.rng.choice([1, 1, 1, 2, 5])):
            if kiosk.is_on:
                kiosk.submit(self.rng.choice(FLAWS) if self.rng.random() < 0.06 else "")

    def _work_at_desk(self, kiosk: SimulatedKiosk) -> None:
        """Correct a recent submission, or add an event to it."""
        if not kiosk.is_on:
            return
        current = [made for made in kiosk.subjects.values() if not made.seq and not made.successor and not made.is_lost]
        if not current:
            return
        submission = self.rng.choice(current[-40:])
        if self.rng.random() < 0.25:
            kiosk.submit(corrected=submission)
        else:
            flaw = "made-up" if self.rng.random() < 0.02 else ""
            kiosk.add_event(submission, self.rng.choice(EVENT_KINDS), flaw)

    # --- faults

    def set_condition(self, condition: str) -> None:
        """Set the condition of the network."""
        self.world.network.condition = condition
        self.world.note("network", condition)

    def _change_network(self) -> None:
        condition = self.rng.choice(list(CONDITION_SECONDS))
        self.set_condition(condition)
        seconds = self.rng.uniform(*CONDITION_SECONDS[condition])
        self.world.schedule(seconds, lambda: self.set_condition("good"))

    def _change_behaviour(self) -> None:
        behaviour = self.rng.choice(BEHAVIOURS)
        self._set_behaviour(behaviour)
        self.world.schedule(self.rng.uniform(60, 4 * HOUR), lambda: self._end_behaviour(behaviour))

    def _set_behaviour(self, behaviour: str) -> None:
        self.world.gateway.behaviour = behaviour
        self.world.note("gateway", "behaviour", behaviour)

    def _end_behaviour(self, behaviour: str) -> None:
        self._set_behaviour("")
        if behaviour == "403":
            # The key was revoked by mistake: the technician is called, and resumes delivery.
            for kiosk in self.world.kiosks:
                self.world.schedule(self.rng.uniform(60, HOUR), lambda kiosk=kiosk: self._call_technician(kiosk))

    def _back_up_gateway(self) -> None:
        self.gateway_backups = [*self.gateway_backups, self.world.keep(self.world.gateway.back_up())][-3:]
        self.world.note("gateway", "backup")

    def _restore_gateway(self) -> None:
        is_announced = self.rng.random() < 0.5
        self.world.note("gateway", "restored", is_announced)
        self.world.gateway.restore(self.rng.choice(self.gateway_backups), self.world.at, is_announced=is_announced)

    def _crash_gateway(self) -> None:
        self.world.gateway.commits_until_crash = self.rng.randint(1, 4)
        kiosk = self.rng.choice(self.world.kiosks)
        submission_id = self.world.gateway.set_any_status(kiosk.name, self.rng.randint(2, 10))
        self.world.note("gateway", "sets status", submission_id)

    def _cut_power_soon(self, kiosk: SimulatedKiosk) -> None:
        kiosk.points_until_power_cut = self.rng.randint(1, 20)

    def _back_up_kiosk(self, kiosk: SimulatedKiosk) -> None:
        if self.rng.random() < 0.5:
            self.kiosk_backups[kiosk.name] = self.world.keep(kiosk.back_up())
            self.world.note(kiosk.name, "backup")

    def _restore_kiosk(self, kiosk: SimulatedKiosk) -> None:
        self.world.note(kiosk.name, "restored")
        kiosk.switch_off()
        kiosk.restore(self.kiosk_backups[kiosk.name])
        kiosk.boot()

    def _set_wall_clock(self, kiosk: SimulatedKiosk) -> None:
        kiosk.wall_offset = self.rng.choice([0.0, 0.0, 400.0, -400.0, 10 * 365 * DAY, -10 * 365 * DAY])
        self.world.note(kiosk.name, "wall clock", kiosk.wall_offset)

    def _call_technician(self, kiosk: SimulatedKiosk) -> None:
        """Resume delivery after a revoked key, or send at once; a pause that ends automatically needs nobody."""
        if kiosk.is_on and self.world.gateway.behaviour != "403" and kiosk.held_reason in ("", "revoked"):
            kiosk.until_power_cut(kiosk.send_now)


def end_faults(world: World) -> None:
    """End all faults, and let three days pass without a technician."""
    world.network.condition = "good"
    world.gateway.behaviour = ""
    world.gateway.commits_until_crash = 0
    for kiosk in world.kiosks:
        kiosk.points_until_power_cut = 0
        kiosk.wall_offset = 0.0
        if not kiosk.is_on:
            kiosk.boot()
        if kiosk.held_reason == "revoked":
            kiosk.send_now()
    for _ in range(3):
        world.run(world.at + DAY / 2)
        for kiosk in world.kiosks:
            kiosk.pull()
        world.run(world.at + DAY / 2)
        for kiosk in world.kiosks:
            kiosk.request_audit()


def run_days(world: World, days: float) -> None:
    """Run so many random days, then end all faults and check the invariants."""
    scenario = Scenario(world)
    world.run(days * DAY)
    scenario.is_over = True
    end_faults(world)
    invariants.check_end(world)
