"""The same days with sticks: whatever goes by hand, by line, or by both, is there once, and nothing is stuck."""

import pytest

from tests.simulation import judge
from tests.simulation.life import DAY, Life, heal
from tests.simulation.sticks import Sticks
from tests.simulation.world import World


def lived(seed: int) -> Sticks:
    """Live through three days with sticks, let everything heal, and judge."""
    world = World(seed)
    try:
        life = Life(world)
        sticks = Sticks(life)
        world.run(3 * DAY)
        life.is_over = True
        heal(world)
        judge.all_is_well(world)
    finally:
        world.close()
    return sticks


def test_what_goes_by_stick_is_not_lost_doubled_or_stuck() -> None:
    sticks = lived(2)
    assert sticks.carried > 5
    assert sticks.settled > 100


@pytest.mark.faults
def test_nor_in_other_weather() -> None:
    assert sum(lived(seed).settled for seed in range(10, 30)) > 500
