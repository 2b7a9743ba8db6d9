"""Numbers drawn over HTTP against a bare POST, calls against a bare `UPDATE ... RETURNING`, and what is never shared.

A number is drawn as a citizen's touch does it (ticket, print job, audit line in one FULL commit), against a bare Flask
POST that commits one row, both under waitress (see bench/submit.py). A call is the act itself in as many threads as
officers, against the least that can be called a call: one conditional update with FULL. 200,000 old tickets must not
be felt.
"""

import hmac
import logging
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlencode

from bench import submit
from kiosk import codes
from kiosk.acts import applying, calling
from kiosk.acts.calling import Tap
from kiosk.app import create_app, open_room
from kiosk.config import Config, load
from kiosk.config.sections import Counter
from kiosk.pages import guard
from kiosk.records import tickets
from kiosk.room import Room

ROUNDS, EACH, DRAWS, COUNTERS, OLD = 5, 400, submit.EACH, 8, 200_000


def ward(folder: Path) -> Config:
    """A practice kiosk with eight counters."""
    eight = tuple(Counter(number, f"Quầy {number}") for number in range(1, COUNTERS + 1))
    return replace(load(), root=folder, counters=eight).practising()


def drawn(room: Room, count: int) -> None:
    """Let so many people come, without a slip."""
    with room.store.write() as db:
        for number in range(count):
            tickets.draw(db, room.clock.today(), "ABC"[number % 3], room.clock.now())


def aged(room: Room) -> None:
    """Lay the tickets of old days into the store, with what happened to each."""
    first = room.clock.today() - timedelta(days=800)
    rows = [(codes.new_id(), *_place(first, number), number % 250 + 1) for number in range(OLD)]
    with room.store.write() as db:
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


def seconds(work: Callable[[int], None], clients: int) -> float:
    """How long so many threads take, each with its own number from 1."""
    with ThreadPoolExecutor(clients) as pool:
        begun = time.perf_counter()
        list(pool.map(work, range(1, clients + 1)))
        return time.perf_counter() - begun


def calls(room: Room, clients: int, got: list[str]) -> Callable[[int], None]:
    """Press "next" again and again at a counter, as fast as it goes."""

    def press(counter: int) -> None:
        at = None
        with room.store.read() as db:
            here = tickets.at_counter(db, room.clock.today(), counter)
        at = here.id if here else None
        for _ in range(EACH // clients):
            told = calling.call_next(room, Tap(counter, at, codes.nonce(), f"CB{counter:02d}"))
            assert told.ticket is not None
            at = told.ticket.id
            got.append(told.ticket.label)

    return press


@contextmanager
def bare(path: Path) -> Iterator[Callable[[int], Callable[[int], None]]]:
    """The least that can be called a call: one row goes from waiting to called, FULL, one lock, one connection."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.executescript("pragma journal_mode=wal; pragma synchronous=full;")
    db.execute("create table line (id integer primary key, state integer not null, counter integer)")
    db.execute("create index line_by_state on line (id) where state = 0")
    lock = threading.Lock()

    def working(clients: int) -> Callable[[int], None]:
        db.executemany("insert into line (state) values (?)", [(0,)] * EACH)

        def press(counter: int) -> None:
            for _ in range(EACH // clients):
                with lock:
                    db.execute("begin immediate")
                    sql = """update line set state = 1, counter = ? where id =
                             (select min(id) from line where state = 0) returning id"""
                    assert db.execute(sql, [counter]).fetchall()
                    db.execute("commit")

        return press

    yield working
    db.close()


def compared(room: Room, path: Path, clients: int, got: list[str]) -> tuple[list[float], float]:
    """Five rounds in turns: the ratios of the rates, and the median of a call in ms."""
    ratios, each = list[float](), list[float]()
    with bare(path) as working:
        for turn in range(-1, ROUNDS):  # the first warms both up
            drawn(room, EACH)
            base = seconds(working(clients), clients)
            whole = seconds(calls(room, clients, got), clients)
            if turn >= 0:
                ratios.append(base / whole)
                each.append(whole / EACH * 1000)
    return ratios, statistics.median(each)


def touches(room: Room, count: int) -> list[submit.Post]:
    """Touches on a series, each of somebody who has just come."""
    posts = []
    for _ in range(count):
        token = codes.token()
        session = guard.hashed(token)
        applying.arrive(room, session)
        csrf = hmac.new(room.vault.key_for("csrf"), session.encode(), "sha256").hexdigest()
        body = urlencode({"csrf": csrf, "series": "A-HOTICH"})
        posts.append(submit.Post("/ticket", body, f"kiosk_tap={token}", "/ticket?drawn="))
    return posts


def numbers(folder: Path) -> list[tuple[str, float, str]]:
    """Draw numbers over HTTP, with one client and with eight."""
    found = []
    app = create_app(ward(folder))
    room: Room = app.extensions["room"]
    with (
        ProcessPoolExecutor(1, get_context("spawn")) as client,
        submit.serving(app) as kiosk,
        submit.serving(submit.bare(folder / "p.db")) as row,
    ):
        for clients in (1, COUNTERS):
            ratios, each = list[float](), list[float]()
            for turn in range(-1, ROUNDS):
                drawing, plain = touches(room, DRAWS), submit.rows(turn)[:DRAWS]
                base = client.submit(submit.seconds, row, plain, clients).result() / len(plain)
                whole = client.submit(submit.seconds, kiosk, drawing, clients).result() / DRAWS
                if turn >= 0:
                    ratios.append(base / whole)
                    each.append(whole * 1000)
            words = f">= 0.7x of a bare POST (range {min(ratios):.2f} to {max(ratios):.2f})"
            found.append((f"draw a number, {clients} client(s), ratio of rates", statistics.median(ratios), words))
            found.append(("  ms a number", statistics.median(each), ""))
    room.store.close()
    return found


def run() -> list[tuple[str, float, str]]:
    """One client and eight, on an empty store and on one with 200,000 old tickets."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        drawing = numbers(Path(folder))
    return [*drawing, *calling_figures()]


def calling_figures() -> list[tuple[str, float, str]]:
    """Call from one counter and from eight, on an empty store and on one with a past."""
    found, took = list[tuple[str, float, str]](), dict[tuple[str, int], float]()
    for name in ("empty", "200,000 old tickets"):
        with tempfile.TemporaryDirectory() as folder:
            room, got = open_room(ward(Path(folder))), list[str]()
            if name != "empty":
                aged(room)
            for clients in (1, COUNTERS):
                ratios, took[name, clients] = compared(room, Path(folder) / f"bare{clients}.db", clients, got)
                words = f"(range {min(ratios):.2f} to {max(ratios):.2f})"
                found.append(
                    (f"call next, {clients} officer(s), {name}, ratio to bare", statistics.median(ratios), words)
                )
                found.append(("  ms a call", took[name, clients], ""))
            found.append((f"  numbers called twice in {len(got)}, {name}", len(got) - len(set(got)), "<= 0"))
            room.store.close()
    for clients in (1, COUNTERS):
        ratio = took["200,000 old tickets", clients] / took["empty", clients]
        found.append((f"full store over empty, {clients} officer(s)", ratio, "<= 1.2"))
    return found
