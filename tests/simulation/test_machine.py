"""Invariants of delivery as a Hypothesis state machine: it chooses the actions and shortens a failing sequence.

The invariants are in `invariants`; I1 (a receipt that is shown has a row) is in `test_receipts`, I10 with the files of
submissions, I7, I12 and I14 with the kiosk's own records.
"""

import sqlite3

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from tests.faults.processes import IS_SHORT
from tests.simulation import invariants
from tests.simulation.gateway import REFUSALS
from tests.simulation.kiosk import MadeSubject, SimulatedKiosk
from tests.simulation.network import CONDITIONS
from tests.simulation.scenario import DAY, EVENT_KINDS, FLAWS, end_faults
from tests.simulation.world import World

pytestmark = pytest.mark.machine_date

MINUTE = 60.0


class Delivery(RuleBasedStateMachine):
    """A kiosk, a gateway, and all actions and faults between them."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(17, kiosks=1)
        self.kiosk: SimulatedKiosk = self.world.kiosks[0]
        self.gateway_backup = self.world.keep(self.world.gateway.back_up())
        self.kiosk_backup: sqlite3.Connection = self.world.keep(self.kiosk.back_up())
        self.kiosk.boot()

    def teardown(self) -> None:
        try:
            end_faults(self.world)
            invariants.check_end(self.world)
        finally:
            self.world.close()

    def current_submissions(self) -> list[MadeSubject]:
        submissions = [made for made in self.kiosk.subjects.values() if not made.seq and not made.successor]
        return [submission for submission in submissions if not submission.is_lost]

    # --- actions

    @precondition(lambda self: self.kiosk.is_on)
    @rule(count=st.integers(1, 4), flaw=st.sampled_from(["", "", "", *FLAWS]))
    def submit(self, count: int, flaw: str) -> None:
        for _ in range(count):
            if self.kiosk.is_on:
                self.kiosk.submit(flaw)

    @precondition(lambda self: self.kiosk.is_on and self.current_submissions())
    @rule(data=st.data(), kind=st.sampled_from(EVENT_KINDS))
    def add_event(self, data: st.DataObject, kind: str) -> None:
        self.kiosk.add_event(data.draw(st.sampled_from(self.current_submissions())), kind)

    @precondition(
        lambda self: self.kiosk.is_on and any(made.flaw in ("", "invalid") for made in self.current_submissions())
    )
    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        correctable = [made for made in self.current_submissions() if made.flaw in ("", "invalid")]
        self.kiosk.submit(corrected=data.draw(st.sampled_from(correctable)))

    @precondition(lambda self: self.kiosk.is_on)
    @rule()
    def pull(self) -> None:
        self.kiosk.pull()

    @precondition(lambda self: self.kiosk.is_on)
    @rule()
    def audit(self) -> None:
        self.kiosk.until_power_cut(self.kiosk.request_audit)

    # --- faults

    @rule(condition=st.sampled_from(sorted(CONDITIONS)))
    def change_network(self, condition: str) -> None:
        self.world.network.condition = condition

    @rule(behaviour=st.sampled_from(["", "", "maintenance", "small", *sorted(REFUSALS)]))
    def change_behaviour(self, behaviour: str) -> None:
        self.world.gateway.behaviour = behaviour

    @rule(minutes=st.sampled_from([0.1, 1, 15, 180, 1500]))
    def pass_time(self, minutes: float) -> None:
        self.world.run(self.world.at + minutes * MINUTE)

    @rule(points=st.integers(1, 12))
    def cut_power_soon(self, points: int) -> None:
        self.kiosk.points_until_power_cut = points

    @rule(commits=st.integers(1, 4))
    def crash_gateway_soon(self, commits: int) -> None:
        self.world.gateway.commits_until_crash = commits

    @rule(code=st.integers(2, 10))
    def set_status(self, code: int) -> None:
        self.world.gateway.set_any_status(self.kiosk.name, code)

    @rule()
    def back_up_gateway(self) -> None:
        self.gateway_backup = self.world.keep(self.world.gateway.back_up())

    @rule(is_announced=st.booleans())
    def restore_gateway(self, is_announced: bool) -> None:
        self.world.gateway.restore(self.gateway_backup, self.world.at, is_announced=is_announced)
        self.pull()

    @rule()
    def back_up_kiosk(self) -> None:
        self.kiosk_backup = self.world.keep(self.kiosk.back_up())

    @rule()
    def restore_kiosk(self) -> None:
        self.kiosk.switch_off()
        self.kiosk.restore(self.kiosk_backup)
        self.kiosk.boot()

    @rule(years=st.sampled_from([-10, 0, 10]))
    def set_wall_clock(self, years: int) -> None:
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


def test_the_invariants_hold_in_some_walks() -> None:
    search(15, 25)


@pytest.mark.faults
@pytest.mark.timeout(3600)
def test_the_invariants_hold_in_many_walks() -> None:
    search(150 if IS_SHORT else 800, 40)
