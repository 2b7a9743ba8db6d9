"""Random days of a ward in a few seconds, with the real engine and the real gateway."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulation import invariants
from tests.simulation.kiosk import HOUR
from tests.simulation.scenario import DAY, Scenario, end_faults, run_days
from tests.simulation.world import World

ROOT = Path(__file__).parents[2]


@pytest.fixture
def worlds() -> Iterator[list[World]]:
    """Return a list of worlds that are closed after the test."""
    worlds: list[World] = []
    yield worlds
    for world in worlds:
        world.close()


@pytest.mark.parametrize("seed", [3, 5])
def test_nothing_is_lost_doubled_or_stuck(worlds: list[World], seed: int) -> None:
    worlds.append(World(seed))
    run_days(worlds[0], 2)
    assert worlds[0].requests > 300


def test_nothing_is_lost_doubled_or_stuck_with_signatures_and_http(worlds: list[World]) -> None:
    worlds.append(World(3, kiosks=1, uses_http=True))
    run_days(worlds[0], 2)
    assert worlds[0].requests > 100


@pytest.mark.machine_date
def test_the_same_seed_gives_the_same_trace_in_another_process(worlds: list[World]) -> None:
    """In another process the hashes of strings differ."""
    worlds.append(World(11))
    Scenario(worlds[0])
    worlds[0].run(DAY)
    program = (
        "from tests.simulation.scenario import DAY, Scenario; from tests.simulation.world import World;"
        " world = World(11); Scenario(world); world.run(DAY); print(world.trace)"
    )
    env = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=env, capture_output=True, check=True)
    assert run.stdout.decode().strip() == worlds[0].trace
    assert worlds[0].lines > 300


def test_the_invariants_detect_a_submission_that_is_gone(worlds: list[World]) -> None:
    worlds.append(World(3))
    run_days(worlds[0], 1)
    submission_id = min(worlds[0].gateway.submissions())
    with worlds[0].gateway.context.engine.begin() as db:
        db.exec_driver_sql("delete from submissions where submission_id = ?", (submission_id,))
    with pytest.raises(AssertionError, match="I3"):
        invariants.check_end(worlds[0])


@pytest.mark.parametrize("behaviour", ["401", "clock", "426", "429", "500", "503", "maintenance", "small"])
def test_delivery_recovers_from_a_behaviour_of_the_gateway_automatically(worlds: list[World], behaviour: str) -> None:
    world = World(1, kiosks=1)
    worlds.append(world)
    kiosk = world.kiosks[0]
    kiosk.boot()
    world.gateway.behaviour = behaviour
    submissions = [kiosk.submit(), kiosk.submit("invalid"), kiosk.submit()]
    world.run(2 * HOUR)
    assert len(kiosk.request_times) < 40
    world.gateway.behaviour = ""
    world.run(4 * HOUR)
    assert [kiosk.delivery(submission.id) for submission in submissions] == ["sent", "quarantined", "sent"]


@pytest.mark.parametrize("is_announced", [True, False])
def test_a_restored_gateway_receives_again_what_it_lost(worlds: list[World], is_announced: bool) -> None:
    world = World(1, kiosks=1)
    worlds.append(world)
    kiosk = world.kiosks[0]
    kiosk.boot()
    kiosk.submit()
    world.run(HOUR)
    backup = world.keep(world.gateway.back_up())
    submissions = [kiosk.submit() for _ in range(3)]
    ids = {submission.id for submission in submissions}
    kiosk.add_event(submissions[0], "accepted")
    world.run(2 * HOUR)
    assert ids <= world.gateway.submissions().keys()
    world.gateway.restore(backup, world.at, is_announced=is_announced)
    assert not ids & world.gateway.submissions().keys()
    end_faults(world)
    invariants.check_end(world)


def test_a_revoked_key_waits_for_the_technician(worlds: list[World]) -> None:
    world = World(1, kiosks=1)
    worlds.append(world)
    kiosk = world.kiosks[0]
    kiosk.boot()
    world.gateway.behaviour = "403"
    submission = kiosk.submit()
    world.run(DAY)
    requests = world.requests
    assert kiosk.held_reason == "revoked"
    world.gateway.behaviour = ""
    world.run(2 * DAY)
    assert (world.requests, kiosk.delivery(submission.id)) == (requests, None)
    kiosk.send_now()
    world.run(2 * DAY + HOUR)
    assert kiosk.delivery(submission.id) == "sent"


def test_shuffled_missing_and_foreign_results_are_matched_by_id(worlds: list[World]) -> None:
    world = World(2, kiosks=1, uses_http=True)
    worlds.append(world)
    kiosk = world.kiosks[0]
    world.network.condition = "wrong results"
    kiosk.boot()
    submissions = [kiosk.submit("invalid" if n % 4 == 1 else "") for n in range(12)]
    world.run(8 * HOUR)
    expected = ["quarantined" if submission.flaw else "sent" for submission in submissions]
    assert [kiosk.delivery(submission.id) for submission in submissions] == expected
