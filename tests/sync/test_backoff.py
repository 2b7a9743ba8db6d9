"""Waits are random, growing and bounded."""

import random

import pytest

from sync import backoff
from sync.backoff import BackoffSettings

SETTINGS = BackoffSettings()


@pytest.mark.parametrize(
    ("failures", "most"), [(1, 30), (2, 60), (3, 120), (5, 480), (6, 600), (60, 600), (10**6, 600)]
)
def test_a_wait_doubles_up_to_ten_minutes_and_is_never_twice_the_same(failures: int, most: float) -> None:
    rng = random.Random(1)
    waits = {backoff.retry_delay(failures, SETTINGS, rng) for _ in range(200)}
    assert min(waits) >= most / 2
    assert max(waits) <= most
    assert len(waits) == 200


@pytest.mark.parametrize(
    ("retry_after", "least", "most"), [(None, 60, 72), (0, 0, 0), (-5, 0, 0), (1800, 1800, 2160), (9e9, 3600, 3600)]
)
def test_a_pause_is_never_shorter_than_asked_nor_longer_than_an_hour(
    retry_after: float | None, least: float, most: float
) -> None:
    pauses = [backoff.pause_seconds(retry_after, SETTINGS, random.Random(n)) for n in range(50)]
    assert least <= min(pauses)
    assert max(pauses) <= most


def test_all_waits_can_be_scaled_at_once() -> None:
    assert BackoffSettings().scaled(0.1) == BackoffSettings(
        first=3, longest=60, spread=6, pause=6, longest_pause=360, greeting=6, exchange=6, pull=2
    )
