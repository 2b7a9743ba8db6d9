"""Random days with USB sticks: everything is delivered once, by stick, by connection, or by both."""

import pytest

from tests.simulation import invariants
from tests.simulation.scenario import DAY, Scenario, end_faults
from tests.simulation.usb_transport import UsbTransport
from tests.simulation.world import World


def run_three_days(seed: int) -> UsbTransport:
    """Run three days with USB sticks, end all faults, and check the invariants."""
    world = World(seed)
    try:
        scenario = Scenario(world)
        transport = UsbTransport(scenario)
        world.run(3 * DAY)
        scenario.is_over = True
        end_faults(world)
        invariants.check_end(world)
    finally:
        world.close()
    return transport


def test_nothing_on_a_usb_stick_is_lost_doubled_or_stuck() -> None:
    transport = run_three_days(2)
    assert transport.parcel_count > 5
    assert transport.settled_count > 100


@pytest.mark.faults
def test_nothing_on_a_usb_stick_is_lost_doubled_or_stuck_with_other_seeds() -> None:
    assert sum(run_three_days(seed).settled_count for seed in range(10, 30)) > 500
