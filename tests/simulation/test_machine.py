"""The promises of delivery, searched by Hypothesis: it chooses what happens, and shortens what breaks one.

What has to be true is said in ``judge``; I1 (a receipt that is shown has a row) is in ``test_receipts``, I10 with the
files behind forms, I7, I12 and I14 with the kiosk's own records.
"""

import sqlite3

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from tests.faults.processes import IS_SHORT
from tests.simulation import judge
from tests.simulation.gateway import MOODS
from tests.simulation.kiosk import Form, Kiosk
from tests.simulation.life import DAY, FLAWS, KINDS, heal
from tests.simulation.weather import WEATHERS
from tests.simulation.world import World

MINUTE = 60.0


class Delivery(RuleBasedStateMachine):
    """A kiosk, a province, and everything that can happen between them."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(17, kiosks=1)
        self.kiosk: Kiosk = self.world.kiosks[0]
        self.copy = self.world.keep(self.world.province.copy())
        self.own_copy: sqlite3.Connection = self.world.keep(self.kiosk.copy())
        self.kiosk.boot()

    def teardown(self) -> None:
        try:
            heal(self.world)
            judge.all_is_well(self.world)
        finally:
            self.world.close()

    def forms(self) -> list[Form]:
        kept = [form for form in self.kiosk.forms.values() if not form.seq and not form.heir]
        return [form for form in kept if not form.is_forgotten]

    # --- what people do

    @precondition(lambda self: self.kiosk.is_on)
    @rule(n=st.integers(1, 4), flaw=st.sampled_from(["", "", "", *FLAWS]))
    def submit(self, n: int, flaw: str) -> None:
        for _ in range(n):
            if self.kiosk.is_on:
                self.kiosk.submit(flaw)

    @precondition(lambda self: self.kiosk.is_on and self.forms())
    @rule(data=st.data(), kind=st.sampled_from(KINDS))
    def act(self, data: st.DataObject, kind: str) -> None:
        self.kiosk.act(data.draw(st.sampled_from(self.forms())), kind)

    @precondition(lambda self: self.kiosk.is_on and any(form.flaw in ("", "invalid") for form in self.forms()))
    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        before = [form for form in self.forms() if form.flaw in ("", "invalid")]
        self.kiosk.submit(before=data.draw(st.sampled_from(before)))

    @precondition(lambda self: self.kiosk.is_on)
    @rule()
    def pull(self) -> None:
        self.kiosk.pull()

    @precondition(lambda self: self.kiosk.is_on)
    @rule()
    def audit(self) -> None:
        self.kiosk.guarded(self.kiosk.ask_audit)

    # --- what happens to them

    @rule(weather=st.sampled_from(sorted(WEATHERS)))
    def the_weather_turns(self, weather: str) -> None:
        self.world.weather.name = weather

    @rule(mood=st.sampled_from(["", "", "maintenance", "small", *sorted(MOODS)]))
    def the_portal_is_in_a_mood(self, mood: str) -> None:
        self.world.province.mood = mood

    @rule(minutes=st.sampled_from([0.1, 1, 15, 180, 1500]))
    def time_passes(self, minutes: float) -> None:
        self.world.run(self.world.at + minutes * MINUTE)

    @rule(steps=st.integers(1, 12))
    def the_power_goes_soon(self, steps: int) -> None:
        self.kiosk.fuse = steps

    @rule(commits=st.integers(1, 4))
    def the_portal_dies_soon(self, commits: int) -> None:
        self.world.province.dies_in = commits

    @rule(code=st.integers(2, 10))
    def the_portal_speaks(self, code: int) -> None:
        self.world.province.speak(self.kiosk.name, code)

    @rule()
    def the_portal_is_copied(self) -> None:
        self.copy = self.world.keep(self.world.province.copy())

    @rule(is_told=st.booleans())
    def the_portal_is_put_back(self, is_told: bool) -> None:
        self.world.province.put_back(self.copy, self.world.at, is_told=is_told)
        self.pull()

    @rule()
    def the_kiosk_is_copied(self) -> None:
        self.own_copy = self.world.keep(self.kiosk.copy())

    @rule()
    def the_kiosk_is_put_back(self) -> None:
        self.kiosk.switch_off()
        self.kiosk.put_back(self.own_copy)
        self.kiosk.boot()

    @rule(years=st.sampled_from([-10, 0, 10]))
    def the_wall_clock_jumps(self, years: int) -> None:
        self.kiosk.wall_offset = years * 365 * DAY


def search(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Delivery,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_promises_hold_whatever_happens() -> None:
    search(15, 25)


@pytest.mark.faults
@pytest.mark.timeout(3600)
def test_the_promises_hold_in_many_walks() -> None:
    search(150 if IS_SHORT else 800, 40)
