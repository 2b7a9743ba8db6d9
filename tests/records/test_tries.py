"""Rate limits of a touchscreen: some tries are free, then the pause doubles, and it never grows without end."""

from datetime import timedelta

from sqlite_utils import Database

from kiosk.base.clock import FixedClock
from kiosk.records import tries
from kiosk.store.db import Store

MINUTE = 60
HOUR = 3600


def _wrong_after_each_pause(db: Database, clock: FixedClock, subject: str, screen: str, count: int) -> list[int]:
    """Look up wrongly as soon as each pause is over; return the pauses in seconds."""
    pauses = []
    for _ in range(count):
        pauses.append(tries.seconds_to_look_up(db, subject, screen, clock.now()))
        clock.advance(pauses[-1])
        tries.insert(db, "lookup", subject=subject, screen=screen, now=clock.now())
    return pauses


def test_the_pause_of_a_receipt_grows_by_minutes_up_to_an_hour_at_all_screens(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        for number in range(5):
            assert _wrong_after_each_pause(db, clock, "receipt", f"screen {number}", 1) == [0]
        pauses = [_wrong_after_each_pause(db, clock, "receipt", f"screen {number}", 1) for number in range(9)]
        assert [pause // MINUTE for (pause,) in pauses] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
        assert tries.seconds_to_look_up(db, "another receipt", "a screen", clock.now()) == 0


def test_the_owner_of_a_receipt_waits_at_most_an_hour_after_the_last_guess(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        for _ in range(500):
            tries.insert(db, "lookup", subject="receipt", screen="a screen", now=clock.now())
        clock.advance(HOUR)
        assert tries.seconds_to_look_up(db, "receipt", "another screen", clock.now()) == 0


def test_a_screen_slows_down_after_ten_wrong_look_ups_and_never_by_more_than_five_minutes(
    store: Store, clock: FixedClock
) -> None:
    with store.write() as db:
        for number in range(10):
            assert _wrong_after_each_pause(db, clock, f"receipt {number}", "screen", 1) == [0]
        pauses = [_wrong_after_each_pause(db, clock, f"receipt {number}", "screen", 1) for number in range(10, 16)]
        assert [pause // MINUTE for (pause,) in pauses] == [1, 2, 4, 5, 5, 5]
        assert tries.seconds_to_look_up(db, "receipt", "another screen", clock.now()) == 0


def test_a_right_answer_clears_its_receipt_alone(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        for subject in ("receipt", "another receipt"):
            for number in range(5):
                tries.insert(db, "lookup", subject=subject, screen=f"{subject} {number}", now=clock.now())
        tries.delete(db, "receipt")
        assert tries.seconds_to_look_up(db, "receipt", "screen", clock.now()) == 0
        assert tries.seconds_to_look_up(db, "another receipt", "screen", clock.now()) == MINUTE


def test_a_clock_that_was_set_back_shuts_nobody_out(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        for _ in range(5):
            tries.insert(db, "lookup", subject="receipt", screen="screen", now=clock.now() + timedelta(days=300))
        assert tries.seconds_to_look_up(db, "receipt", "screen", clock.now()) == MINUTE


def test_a_line_of_a_hundred_people_at_one_screen_is_never_slowed(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        for _ in range(100):
            assert tries.seconds_to_draw(db, "screen", clock.now()) == 0
            tries.insert(db, "ticket", subject="", screen="screen", now=clock.now())
            clock.advance(6)


def test_a_family_draws_five_numbers_at_once_and_then_the_pause_grows(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        pauses = []
        for _ in range(16):
            pauses.append(tries.seconds_to_draw(db, "screen", clock.now()))
            clock.advance(pauses[-1])
            tries.insert(db, "ticket", subject="", screen="screen", now=clock.now())
        assert pauses[:5] == [0] * 5
        assert pauses[5] == 5
        assert max(pauses) > 5
        assert tries.seconds_to_draw(db, "another screen", clock.now()) == 0


def test_sixty_touches_in_five_seconds_give_five_numbers(store: Store, clock: FixedClock) -> None:
    drawn = 0
    with store.write() as db:
        for _ in range(60):
            if not tries.seconds_to_draw(db, "screen", clock.now()):
                tries.insert(db, "ticket", subject="", screen="screen", now=clock.now())
                drawn += 1
            clock.advance(5 / 60)
    assert drawn == 5


def test_who_touches_each_second_for_an_hour_gets_hardly_more_than_an_hours_line(
    store: Store, clock: FixedClock
) -> None:
    drawn = 0
    with store.write() as db:
        for _ in range(HOUR):
            if not tries.seconds_to_draw(db, "screen", clock.now()):
                tries.insert(db, "ticket", subject="", screen="screen", now=clock.now())
                drawn += 1
            clock.advance(1)
    assert 200 < drawn < 250


def test_old_tries_are_deleted(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        tries.insert(db, "lookup", subject="receipt", screen="screen", now=clock.now())
        assert tries.made_before(clock.now()).wipe_all(db) == 0
        assert tries.made_before(clock.now() + timedelta(seconds=1)).wipe_all(db) == 1
