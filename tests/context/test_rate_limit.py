"""Wrong guesses wait by subject and address; neither made-up names, nor a restart, nor a wrong clock end a wait."""

import pytest
from flask import Flask

from kiosk.base.clock import FixedClock
from kiosk.base.errors import TooManyTries
from kiosk.context import Context, rate_limit
from kiosk.context.rate_limit import Guess
from kiosk.records import wrong_guesses

HOME = Guess("login hoaian", "192.168.1.20")


@pytest.fixture
def context(app: Flask) -> Context:
    app_context: Context = app.extensions["context"]
    return app_context


def miss(context: Context, guess: Guess, times: int = 1) -> None:
    for _ in range(times):
        with context.store.write() as db:
            rate_limit.count(db, context, guess)


def seconds_left(context: Context, guess: Guess) -> int:
    try:
        rate_limit.check(context, guess)
    except TooManyTries as error:
        return error.seconds
    return 0


def restart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what only the process knows."""
    monkeypatch.setattr(rate_limit, "_ends", {})


def test_five_guesses_are_free_and_each_further_one_doubles_the_wait(context: Context, clock: FixedClock) -> None:
    miss(context, HOME, 4)
    assert seconds_left(context, HOME) == 0
    for wait in (15, 30, 60):
        miss(context, HOME)
        assert seconds_left(context, HOME) == wait
        clock.advance(wait)
        assert seconds_left(context, HOME) == 0


def test_a_wait_has_an_upper_limit(context: Context) -> None:
    miss(context, HOME, 60)
    assert seconds_left(context, HOME) == rate_limit.LONGEST_WAIT


def test_another_address_and_another_subject_do_not_wait(context: Context) -> None:
    miss(context, HOME, 9)
    assert seconds_left(context, Guess(HOME.subject, "192.168.1.21")) == 0
    assert seconds_left(context, Guess("login minhtam", HOME.address)) == 0


def test_a_thousand_made_up_names_do_not_end_the_wait_of_a_real_one(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "MAX_KNOWN", 20)
    monkeypatch.setattr(wrong_guesses, "MAX_ROWS", 50)
    miss(context, HOME, 7)
    before = seconds_left(context, HOME)
    for number in range(100):
        miss(context, Guess(f"login name{number}", HOME.address))
    assert seconds_left(context, HOME) == before
    assert len(rate_limit._ends) <= 20
    with context.store.read() as db:
        assert db.execute("select count(*) from wrong_guesses").fetchone() == (50,)


def test_a_restart_does_not_end_a_wait(context: Context, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    miss(context, HOME, 7)
    clock.advance(20)
    restart(monkeypatch)
    assert seconds_left(context, HOME) == 40
    miss(context, HOME)
    assert seconds_left(context, HOME) == 120


@pytest.mark.parametrize("leap", [-3 * 365 * 86400, 7200])
def test_a_clock_that_jumps_lengthens_no_wait(
    context: Context, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, leap: int
) -> None:
    miss(context, HOME, 7)
    clock.jump(leap)
    assert seconds_left(context, HOME) == 60
    restart(monkeypatch)
    assert seconds_left(context, HOME) in (0, 60)
    clock.advance(60)
    assert seconds_left(context, HOME) == 0


def test_a_right_guess_begins_the_count_again(context: Context) -> None:
    miss(context, HOME, 6)
    with context.store.write() as db:
        rate_limit.clear(db, context, HOME)
    assert seconds_left(context, HOME) == 0
    miss(context, HOME, 4)
    assert seconds_left(context, HOME) == 0


def test_one_password_cannot_be_tried_at_many_names_of_one_address(context: Context, clock: FixedClock) -> None:
    for _ in range(rate_limit.ADDRESS_FREE_TRIES):
        rate_limit.check_address(context, HOME.address)
        with context.store.write() as db:
            rate_limit.count_at_address(db, context, HOME.address)
    with pytest.raises(TooManyTries):
        rate_limit.check_address(context, HOME.address)
    rate_limit.check_address(context, "192.168.1.21")
    clock.advance(rate_limit.ADDRESS_SPAN.total_seconds() + 1)
    with context.store.write() as db:
        rate_limit.count_at_address(db, context, HOME.address)
    rate_limit.check_address(context, HOME.address)


def test_wrong_guesses_are_forgotten_after_a_day(context: Context, clock: FixedClock) -> None:
    miss(context, HOME, 7)
    clock.advance(wrong_guesses.KEPT_FOR.total_seconds() + 1)
    miss(context, Guess("login minhtam", HOME.address))
    with context.store.read() as db:
        assert db.execute("select count(*) from wrong_guesses").fetchone() == (1,)


def test_the_store_keeps_no_typed_name(context: Context) -> None:
    miss(context, Guess("login my secret typed as a name", HOME.address))
    content = b"".join(path.read_bytes() for path in context.config.folder.rglob("*") if path.is_file())
    assert b"my secret typed" not in content
