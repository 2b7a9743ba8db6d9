"""Numbers drawn and called over HTTP against a bare POST, and what is never shared.

A number is drawn as a citizen's touch does it (ticket, print job, audit line in one FULL commit) and called as an
officer's touch does it, who finishes with the one before; beside both a bare Flask POST that commits one row, all
under waitress, in turns with the same on a store with 200,000 old tickets. Every counter is
touched once a pass, so that its officer's page shows who is there. What is never shared is tried by the acts, in two
processes.
"""

import logging
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask

from bench._serving import serving
from bench.submit import Post, bare, timed
from kiosk import codes
from kiosk.acts import applying, calling, queueing, signing
from kiosk.acts.calling import CounterRequest
from kiosk.app import create_app, open_context
from kiosk.clock import FixedClock
from kiosk.config import Config, load
from kiosk.config.sections import Counter
from kiosk.context import Context
from kiosk.pages import access
from kiosk.records import tickets

ROUNDS = 9
PASSES = 4
COUNTERS = 30
OLD = 200_000
SERIES = ("A-HOTICH", "B-CHUNGTHUC", "C-CONGAN")
BOARDS = 20
POLLS = 400
PROCESSES = 2
THREADS = 4
DAYS = 7
EACH = 120
CALLS = 5_000
"""Three series of 7 days, 120 numbers a day, series and thread: 20,160; a day gives no more than 999 of a series."""
FIRST = datetime(2026, 11, 23, 2, tzinfo=UTC)
Figures = list[tuple[str, float, str]]


@dataclass
class Ward:
    """A kiosk under waitress, and the sessions of the officers at its counters."""

    context: Context
    address: str
    officers: list[str]


def ward(folder: Path) -> Config:
    """A practice kiosk with as many counters as a ward may have."""
    folder.mkdir(exist_ok=True)
    many = tuple(Counter(number, f"Quầy {number}") for number in range(1, COUNTERS + 1))
    return replace(load(), root=folder, counters=many).practising()


def aged(context: Context) -> None:
    """Lay the tickets of old days into the store, with what happened to each."""
    first = context.clock.today() - timedelta(days=800)
    rows = [(codes.new_id(), *_place(first, number), number % 250 + 1) for number in range(OLD)]
    with context.store.write() as db:
        db.conn.executemany(
            """insert into tickets (id, day, series, number, state, drawn_at, line, turn, since, counter)
               values (?, ?, 'A', ?, 'done', '2024-01-02T01:00:00.000Z', 'A', ?, '2024-01-02T01:00:00.000Z', 1)""",
            rows,
        )
        for event in ("drawn", "called", "done"):
            db.conn.execute(
                """insert into ticket_events (ticket_id, day, at, event, counter)
                   select id, day, drawn_at, ?, 1 from tickets where state = 'done' and drawn_at < '2024-02'""",
                [event],
            )


def _place(first: date, number: int) -> tuple[str, int]:
    return (first + timedelta(days=number // 250)).isoformat(), number % 250 + 1


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Flask, Context, list[str]]]:
    """A kiosk with an officer at every counter, on a morning that stands still: the cookie of each, by counter."""
    app = create_app(ward(folder), FixedClock(FIRST))
    context: Context = app.extensions["context"]
    password = codes.token()
    cookies = [codes.token() for _ in range(COUNTERS)]
    for counter, cookie in enumerate(cookies, 1):
        signing.add_person(context, f"mauthu{counter:02d}", name="Cán bộ Mẫu", role="officer", password=password)
        signing.sign_in(
            context, f"mauthu{counter:02d}", password=password, session=access.hashed(cookie), workstation="127.0.0.1"
        )
        signing.sit_at_counter(context, access.hashed(cookie), counter)
    yield app, context, cookies
    context.store.close()


# --- over HTTP


def touches(context: Context) -> list[Post]:
    """Touches on a series, each of somebody who has just come."""
    posts = []
    for at in range(COUNTERS):
        token = codes.token()
        session = access.hashed(token)
        applying.start_session(context, session)
        told = {"csrf": access.csrf_of(context, session), "series": SERIES[at % len(SERIES)], "nonce": codes.nonce()}
        posts.append(Post(path="/ticket", body=urlencode(told), cookie=f"kiosk_tap={token}", leads_to="/ticket?drawn="))
    return posts


def nexts(context: Context, cookies: list[str]) -> list[Post]:
    """A touch on "next" at every counter, from the page that the officer sees there now."""
    with context.store.read() as db:
        here = {one.counter: one.id for one in tickets.all_at_counters(db, context.clock.today())}
    posts = []
    for counter, cookie in enumerate(cookies, 1):
        csrf = context.vault.keyed_hash("csrf-officer", access.hashed(cookie))
        told = {"csrf": csrf, "ticket": here.get(counter, ""), "nonce": codes.nonce()}
        posts.append(
            Post(
                path="/officer/queue/next", body=urlencode(told), cookie=f"kiosk_officer={cookie}", leads_to="/officer/"
            )
        )
    return posts


def rows() -> list[Post]:
    """As many posts with nothing behind them."""
    return [
        Post(path="/row", body=urlencode({"text": f"row {number}"}), cookie="", leads_to="")
        for number in range(COUNTERS)
    ]


@dataclass(frozen=True)
class Round:
    """Some passes over a page: seconds in all, and the 99th percentile of a post."""

    seconds: float
    p99: float


Ask = Callable[[str, list[Post], int], tuple[float, list[float]]]


def passed(ask: Ask, address: str, posts: Callable[[], list[Post]], clients: int) -> Round:
    """Pass over a page; what is posted is made ready before each pass."""
    spans = [ask(address, posts(), clients) for _ in range(PASSES)]
    each = [span for _, found in spans for span in found]
    return Round(sum(whole for whole, _ in spans), statistics.quantiles(each, n=100, method="inclusive")[98])


def over_http(folder: Path) -> Figures:
    """Draw and call with one client and with eight, on an empty store and on one with a past."""
    found: Figures = []
    with (
        opened(folder / "new") as new,
        opened(folder / "old") as old,
        ProcessPoolExecutor(1, get_context("spawn")) as client,
        serving(new[0]) as there,
        serving(old[0]) as then,
        serving(bare(folder / "bare.db")) as row,
    ):
        aged(old[1])

        def ask(address: str, posts: list[Post], clients: int) -> tuple[float, list[float]]:
            return client.submit(timed, address, posts, clients).result()

        for clients in (1, 8):
            turns = []
            for _turn in range(ROUNDS + 1):  # the first warms all up
                base = passed(ask, row, posts=rows, clients=clients)
                drawn = [
                    passed(ask, at, posts=partial(touches, kiosk[1]), clients=clients)
                    for at, kiosk in ((there, new), (then, old))
                ]
                called = [
                    passed(ask, at, posts=partial(nexts, *kiosk[1:]), clients=clients)
                    for at, kiosk in ((there, new), (then, old))
                ]
                turns.append((base, *drawn, *called))
            found += told(f"draw a number, {clients} client(s)", [(one[0], one[1], one[2]) for one in turns[1:]])
            found += told(f"call next, {clients} client(s)", [(one[0], one[3], one[4]) for one in turns[1:]])
        found += polled(client, there)
    return found


def told(name: str, turns: list[tuple[Round, Round, Round]]) -> Figures:
    """What is asked of a page, from its rounds in turns with the bare post's and with those on the full store."""
    posts = COUNTERS * PASSES
    rates = [base.seconds / new.seconds for base, new, _ in turns]
    tails = [new.p99 / base.p99 for base, new, _ in turns]
    fuller = [old.seconds / new.seconds for _, new, old in turns]
    return [
        (f"{name}: rate / bare POST's", statistics.median(rates), f">= 0.7 {_range(rates)}"),
        (f"{name}: p99 / bare POST's", statistics.median(tails), f"<= 1.5 {_range(tails)}"),
        (f"{name}: 200,000 old tickets / none", statistics.median(fuller), f"<= 1.2 {_range(fuller)}"),
        ("  a second", statistics.median(posts / new.seconds for _, new, _ in turns), ""),
        ("  p99, ms", statistics.median(new.p99 for _, new, _ in turns) * 1000, ""),
    ]


def _range(found: list[float]) -> str:
    return f"(range {min(found):.2f} to {max(found):.2f})"


def polled(client: ProcessPoolExecutor, address: str) -> Figures:
    """What boards cost that ask once a second while nothing changes: the time of this process, which serves them."""
    version = client.submit(read, f"{address}/display/now").result()["version"]
    polls = [Post(path=f"/display/now?version={version}", body="", cookie="", leads_to="") for _ in range(POLLS)]
    begun = time.process_time()
    client.submit(timed, address, polls, BOARDS).result()
    return [(f"{BOARDS} boards at 1 Hz, % of a core", (time.process_time() - begun) / POLLS * BOARDS * 100, "")]


def read(address: str) -> dict[str, str]:
    """What a board is told."""
    import requests

    answer: dict[str, str] = requests.get(address, timeout=10).json()
    return answer


# --- what is never shared


def draw_days(folder: Path) -> list[str]:
    """Draw in one process: in some threads, day by day, from every series."""
    context = open_context(ward(folder))
    got = list[str]()
    with ThreadPoolExecutor(THREADS) as pool:
        for day in range(DAYS):
            today = replace(context, clock=FixedClock(FIRST + timedelta(days=day)))
            got += [name for found in pool.map(partial(_draw_day, today), range(THREADS)) for name in found]
    context.store.close()
    return got


def _draw_day(context: Context, _thread: int) -> list[str]:
    every = [one for one in (context.config.series_of(name) for name in SERIES) if one]
    drawn = [queueing.draw_ticket(context, series) for _ in range(EACH) for series in every]
    return [f"{one.day} {one.label}" for one in drawn]


def call_all(folder: Path, process: int) -> list[str]:
    """Call in one process: a thread a counter, as fast as it goes, until nobody waits."""
    context = open_context(ward(folder), FixedClock(FIRST))
    with ThreadPoolExecutor(THREADS) as pool:
        counters = range(1 + process * THREADS, 1 + (process + 1) * THREADS)
        got = [name for found in pool.map(partial(_call, context), counters) for name in found]
    context.store.close()
    return got


def _call(context: Context, counter: int) -> list[str]:
    at = None
    got = list[str]()
    while (
        come := calling.call_next(
            context, CounterRequest(counter=counter, ticket_id=at, nonce=codes.nonce(), actor=f"CB{counter:02d}")
        )
    ).ticket:
        at = come.ticket.id
        got.append(at)
    return got


def shared(folder: Path) -> Figures:
    """How many of 20,000 numbers were given twice, and of 5,000 called twice, by two processes on one store."""
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as both:
        open_context(ward(folder / "drawn")).store.close()
        drawn = [name for found in both.map(draw_days, [folder / "drawn"] * PROCESSES) for name in found]
        context = open_context(ward(folder / "called"), FixedClock(FIRST))
        with context.store.write() as db:
            for at in range(CALLS):
                tickets.draw(db, context.clock.today(), "ABC"[at % 3], context.clock.now())
        context.store.close()
        called = [
            name for found in both.map(call_all, [folder / "called"] * PROCESSES, range(PROCESSES)) for name in found
        ]
    return [
        (f"numbers given twice, of {len(drawn):,}", len(drawn) - len(set(drawn)), "<= 0"),
        (f"numbers called twice, of {len(called):,}", len(called) - len(set(called)), "<= 0"),
        (f"numbers never called, of {CALLS:,}", CALLS - len(set(called)), "<= 0"),
    ]


def run() -> Figures:
    """Rates, tails and a full store over HTTP; then what two processes never share."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        return over_http(Path(folder)) + shared(Path(folder))
