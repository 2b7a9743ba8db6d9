"""A whole Submit over HTTP against a bare Flask POST that commits one row with synchronous=FULL, both under waitress.

Drafts are made before the clock runs. The two servers stand in one process and are asked in turns, fifteen short
rounds, by a client in a process of its own: in the servers' process it would take its own time from both and so flatter
their ratio, and with `requests` it would be the slowest of the three. A round's figure is the ratio of the rates.
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

from bench._serving import serving
from kiosk import codes
from kiosk.acts import applying
from kiosk.app import create_app
from kiosk.config import load
from kiosk.context import Context
from kiosk.pages import access

ROUNDS = 15
EACH = 40
HOME = {"provinceCode": "46", "wardCode": "19753", "detail": "Tổ 5"}
DONE = ["nguoi_khai", "nguoi_cha", "ten_be", "sinh_luc_nao", "dan_toc_que_quan"]


def answers(number: int) -> dict[str, Any]:
    return {
        "cha_me": "da_ket_hon", "noi_de": "co_so_y_te", "nyc_quan_he": "me",
        "nyc_ho_ten": "Nguyễn Thị Mẫu", "nyc_ngay_sinh": "1996-03-12", "nyc_noi_cu_tru": HOME,
        "nyc_giay_to_tuy_than": {"loai": "can_cuoc", "so": f"046196{number:06d}"},
        "cha_ho_ten": "Trần Văn Thử", "cha_ngay_sinh": "1993-09-02", "cha_noi_cu_tru": HOME,
        "cha_giay_to_tuy_than": {"loai": "can_cuoc", "so": f"046093{number:06d}"},
        "con_ho_ten": "Trần Minh An", "con_gioi_tinh": "nam", "con_ngay_sinh": "2026-11-12", "con_noi_sinh": HOME,
        "con_dan_toc": "Kinh", "me_dan_toc": "Kinh", "cha_dan_toc": "Kinh", "con_que_quan": HOME,
    }  # fmt: skip


def draft(context: Context, number: int) -> tuple[str, str]:
    """Return cookie and token of somebody whose form is whole."""
    procedure = context.catalogue.in_force("1.001193", context.clock.today())
    assert procedure is not None
    token = codes.token()
    session = access.hashed(token)
    applying.start_session(context, session)
    held = applying.begin(context, session, procedure=procedure, answers=answers(number), lacking=[])
    applying.update_draft(context, held.id, lambda one: one.done.extend(DONE))
    return token, access.csrf_of(context, session)


def bare(path: Path) -> Flask:
    """The least that can be called a commit: one row, FULL, one lock."""
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
    """One POST (a GET where there is no body) and how the `Location` that its answer names must begin ("" for none)."""

    path: str
    body: str
    cookie: str
    leads_to: str


def timed(address: str, posts: list[Post], clients: int) -> tuple[float, list[float]]:
    """How long so many clients, each on a kept connection, take to have all posts answered, and how long each took."""
    local = threading.local()

    def send(post: Post) -> float:
        if not hasattr(local, "line"):
            local.line = HTTPConnection(address.removeprefix("http://"))
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": post.cookie}
        begun = time.perf_counter()
        local.line.request("POST" if post.body else "GET", post.path, post.body or None, headers)
        answer = local.line.getresponse()
        said = answer.read()
        assert answer.status < 400, said[:200]
        assert answer.getheader("Location", "").startswith(post.leads_to), said[:200]
        return time.perf_counter() - begun

    with ThreadPoolExecutor(clients) as pool:
        begun = time.perf_counter()
        each = list(pool.map(send, posts))
        return time.perf_counter() - begun, each


def seconds(address: str, posts: list[Post], clients: int) -> float:
    """How long they take for all."""
    return timed(address, posts, clients)[0]


def submits(context: Context, turn: int) -> list[Post]:
    """Whole forms, ready to be handed in."""
    ready = [draft(context, turn * EACH + number) for number in range(EACH)]
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
    """The same with nothing behind them."""
    return [
        Post(path="/row", body=urlencode({"text": f"row {turn} {number}"}), cookie="", leads_to="")
        for number in range(EACH)
    ]


def run() -> list[tuple[str, float, str]]:
    """Fifteen rounds with one client, fifteen with eight."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(1, get_context("spawn")) as client:
        app = create_app(replace(load(), root=Path(folder)).practising())
        context: Context = app.extensions["context"]
        figures = []
        with serving(app) as kiosk, serving(bare(Path(folder) / "bare.db")) as row:
            for clients, target in ((1, 0.45), (8, 0.35)):
                pairs = []
                for turn in range(-1, ROUNDS):  # the first warms both up
                    whole = submits(context, turn + 1)
                    plain = rows(turn)
                    base = client.submit(seconds, row, plain, clients).result()
                    pairs.append((base, client.submit(seconds, kiosk, whole, clients).result()))
                figures += told(pairs[1:], clients, target)
        context.store.close()
    return figures


def told(pairs: list[tuple[float, float]], clients: int, target: float) -> list[tuple[str, float, str]]:
    """The ratio of the rates, and what one post of each kind takes."""
    found = [bare / whole for bare, whole in pairs]
    each = [statistics.median(one) / EACH * 1000 for one in zip(*pairs, strict=True)]
    words = f">= {target}x of a bare POST (range {min(found):.2f} to {max(found):.2f})"
    return [
        (f"whole Submit, {clients} client(s), ratio of rates", statistics.median(found), words),
        ("  bare, ms a post", each[0], ""),
        ("  Submit, ms a post", each[1], ""),
    ]
