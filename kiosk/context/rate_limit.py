"""Rate limit of wrong passwords and codes: by subject and address, and by address alone; kept in the store.

Nobody locks out another person from another address, and neither many made-up names nor a restart end a wait. In a
running process a wait uses the monotonic clock. After a restart it is computed from the stored time, and is never
longer than it was at first, however wrong the clock is.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlite_utils import Database

from kiosk.base.errors import TooManyTries
from kiosk.context import Context
from kiosk.records import wrong_guesses

FREE_TRIES = 5
FIRST_WAIT = 15.0
"""Seconds to wait after the fifth wrong guess; doubled with each further one, up to `LONGEST_WAIT`."""
LONGEST_WAIT = 900.0
ADDRESS_FREE_TRIES = 30
"""Wrong guesses at any names from one address before all names wait there: nobody tries one password at many names."""
ADDRESS_SPAN = timedelta(hours=1)
"""Without a wrong guess for so long, the count of an address starts again."""
MAX_KNOWN = 1000
_ADDRESS = "address"
_ends: dict[tuple[int, str, str], float] = {}
"""(store, subject, address) -> monotonic time at which the wait ends. What is evicted is read from the store again."""


@dataclass(frozen=True)
class Guess:
    """A guessed secret and its client: `subject` is "login hoaian" or "touchscreen", `address` the client's."""

    subject: str
    address: str


def check(context: Context, guess: Guess) -> None:
    """Check that a guess need not wait.

    Raises:
        TooManyTries: it must wait.
    """
    left = _seconds_left(context, guess, free_tries=FREE_TRIES)
    if left > 0:
        raise TooManyTries(max(1, round(left)))


def check_address(context: Context, address: str) -> None:
    """Check that an address need not wait, whatever name is typed there.

    Raises:
        TooManyTries: it must wait.
    """
    left = _seconds_left(context, Guess(_ADDRESS, address), free_tries=ADDRESS_FREE_TRIES)
    if left > 0:
        raise TooManyTries(max(1, round(left)))


def count(db: Database, context: Context, guess: Guess) -> int:
    """Count a wrong guess; return how many there were in a row."""
    guesses = wrong_guesses.add(db, _hash(context, guess), guess.address, context.clock.now())
    _remember(context, guess, _wait(guesses, FREE_TRIES))
    return guesses


def count_at_address(db: Database, context: Context, address: str) -> None:
    """Count a wrong guess of an address, whatever name was typed."""
    guess = Guess(_ADDRESS, address)
    guesses = wrong_guesses.add(db, _hash(context, guess), address, context.clock.now(), ADDRESS_SPAN)
    _remember(context, guess, _wait(guesses, ADDRESS_FREE_TRIES))


def space_out(context: Context, guess: Guess, seconds: float) -> None:
    """Require a pause between two costly requests of one client; it is kept in this process alone.

    Raises:
        TooManyTries: the last one was less than `seconds` ago.
    """
    left = _ends.get((context.store.instance_no, guess.subject, guess.address), 0.0) - context.clock.monotonic()
    if left > 0:
        raise TooManyTries(max(1, round(left)))
    _remember(context, guess, seconds)


def clear(db: Database, context: Context, guess: Guess) -> None:
    """Delete the wrong guesses at a subject from an address, after a right one; the address keeps its own count."""
    wrong_guesses.delete(db, _hash(context, guess), guess.address)
    _ends.pop((context.store.instance_no, guess.subject, guess.address), None)


def _seconds_left(context: Context, guess: Guess, free_tries: int) -> float:
    end = _ends.get((context.store.instance_no, guess.subject, guess.address))
    if end is not None:
        return end - context.clock.monotonic()
    with context.store.read() as db:
        known = wrong_guesses.find(db, _hash(context, guess), guess.address)
    if known is None:
        return 0.0
    wait = _wait(known.count, free_tries)
    left = min(wait, wait - (context.clock.now() - known.at).total_seconds())
    _remember(context, guess, left)
    return left


def _remember(context: Context, guess: Guess, seconds: float) -> None:
    key = (context.store.instance_no, guess.subject, guess.address)
    _ends.pop(key, None)
    while len(_ends) >= MAX_KNOWN:
        _ends.pop(next(iter(_ends)))
    _ends[key] = context.clock.monotonic() + seconds


def _wait(guesses: int, free_tries: int) -> float:
    """Return the seconds to wait after a number of wrong guesses."""
    if guesses < free_tries:
        return 0.0
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(guesses - free_tries, 16))


def _hash(context: Context, guess: Guess) -> str:
    return context.vault.keyed_hash("wrong guess", guess.subject)
