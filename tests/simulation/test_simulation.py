"""A ward's days in a few seconds: sync's engine and the gateway's taking as they are, everything else drawn by lot."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulation import judge
from tests.simulation.kiosk import HOUR
from tests.simulation.life import DAY, Life, heal, live
from tests.simulation.world import World

HOUSE = Path(__file__).parents[2]


@pytest.fixture
def worlds() -> Iterator[list[World]]:
    made: list[World] = []
    yield made
    for world in made:
        world.close()


@pytest.mark.parametrize("seed", [3, 5])
def test_nothing_is_lost_doubled_or_stuck(worlds: list[World], seed: int) -> None:
    worlds.append(World(seed))
    live(worlds[0], 2)
    assert worlds[0].requests > 300


def test_nothing_is_lost_doubled_or_stuck_with_signatures_and_http_in_between(worlds: list[World]) -> None:
    worlds.append(World(3, kiosks=1, is_whole=True))
    live(worlds[0], 2)
    assert worlds[0].requests > 100


def test_the_same_seed_gives_the_same_trace(worlds: list[World]) -> None:
    """In another process, whose hashes of strings are others."""
    worlds.append(World(11))
    Life(worlds[0])
    worlds[0].run(DAY)
    program = (
        "from tests.simulation.life import DAY, Life; from tests.simulation.world import World;"
        " world = World(11); Life(world); world.run(DAY); print(world.trace)"
    )
    around = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(HOUSE)}
    said = subprocess.run([sys.executable, "-c", program], cwd=HOUSE, env=around, capture_output=True, check=True)
    assert said.stdout.decode().strip() == worlds[0].trace
    assert worlds[0].lines > 300


def test_a_judge_sees_a_form_that_is_not_there(worlds: list[World]) -> None:
    worlds.append(World(3))
    live(worlds[0], 1)
    taken = min(worlds[0].province.held())
    with worlds[0].province.context.engine.begin() as db:
        db.exec_driver_sql("delete from submissions where submission_id = ?", (taken,))
    with pytest.raises(AssertionError, match="I3"):
        judge.all_is_well(worlds[0])


@pytest.mark.parametrize("mood", ["401", "clock", "426", "429", "500", "503", "maintenance", "small"])
def test_what_the_portal_says_for_a_while_passes_without_anybody(worlds: list[World], mood: str) -> None:
    world = World(1, kiosks=1)
    worlds.append(world)
    kiosk = world.kiosks[0]
    kiosk.boot()
    world.province.mood = mood
    made = [kiosk.submit(), kiosk.submit("invalid"), kiosk.submit()]
    world.run(2 * HOUR)
    assert len(kiosk.calls) < 40
    world.province.mood = ""
    world.run(4 * HOUR)
    assert [kiosk.word(form.id) for form in made] == ["sent", "quarantined", "sent"]


@pytest.mark.parametrize("is_told", [True, False])
def test_a_portal_that_was_put_back_is_given_again_what_it_forgot(worlds: list[World], is_told: bool) -> None:
    world = World(1, kiosks=1)
    worlds.append(world)
    kiosk = world.kiosks[0]
    kiosk.boot()
    kiosk.submit()
    world.run(HOUR)
    copy = world.keep(world.province.copy())
    late = [kiosk.submit() for _ in range(3)]
    kiosk.act(late[0], "accepted")
    world.run(2 * HOUR)
    assert {form.id for form in late} <= world.province.held().keys()
    world.province.put_back(copy, world.at, is_told=is_told)
    assert not {form.id for form in late} & world.province.held().keys()
    heal(world)
    judge.all_is_well(world)


def test_a_key_that_was_taken_away_waits_for_the_technician(worlds: list[World]) -> None:
    world = World(1, kiosks=1)
    worlds.append(world)
    kiosk = world.kiosks[0]
    kiosk.boot()
    world.province.mood = "403"
    form = kiosk.submit()
    world.run(DAY)
    asked = world.requests
    assert kiosk.held_by == "revoked"
    world.province.mood = ""
    world.run(2 * DAY)
    assert (world.requests, kiosk.word(form.id)) == (asked, None)
    kiosk.send_now()
    world.run(2 * DAY + HOUR)
    assert kiosk.word(form.id) == "sent"


def test_results_out_of_order_and_of_others_are_matched_by_their_ids(worlds: list[World]) -> None:
    world = World(2, kiosks=1, is_whole=True)
    worlds.append(world)
    kiosk = world.kiosks[0]
    world.weather.name = "untidy"
    kiosk.boot()
    made = [kiosk.submit("invalid" if n % 4 == 1 else "") for n in range(12)]
    world.run(8 * HOUR)
    assert [kiosk.word(form.id) for form in made] == ["quarantined" if form.flaw else "sent" for form in made]
