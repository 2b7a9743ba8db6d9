"""A kiosk with 200,000 archived submissions beside an empty one: a Submit, and the pages of everybody.

What is archived is what a ward leaves behind after some years: submissions whose bodies are gone, their rows in the
outbox, names for look-up, tickets, print jobs and lines of the trail. Both kiosks stand in this process and are asked
in turns, without a socket: what HTTP costs would flatter the ratio. A figure is the ratio of the medians.
"""

import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask

from bench.submit import draft
from kiosk import codes
from kiosk.acts import signing
from kiosk.app import create_app
from kiosk.config import load
from kiosk.context import Context
from kiosk.pages import access

ARCHIVED = 200_000
A_DAY = 400
TURNS = 60
TARGET = "<= 1.2"
Figures = list[tuple[str, float, str]]

# Each row stands for one case that has ended: n is its number, d its day.
ARCHIVE = (
    """insert into submissions (id, receipt_no, revision, procedure, version, unit, day, seq, completed_at,
         clock_trusted, digest, applicant_hash, lookup_hash, delivery, desk, portal_code, portal_revision, touched_at,
         closed_at)
       select id, 'PK03-' || replace(substr(day, 3), '-', '') || '-' || printf('%04d', seq) || '-X', 1, '1.001193', '1',
         'H57.99.01', day, seq, at, 1, hash, hash, hash, 'confirmed', 'handed_out', 10, 3, at, at from old""",
    """insert into outbox (subject, kind, state, attempts, digest, done_no, is_created, epoch, revision, created,
         updated)
       select id, 'submission', 'done', 1, hash, n, 1, 'old', 3, at, at from old""",
    "insert into submission_names (name, submission_id) select hash, id from old",
    """insert into tickets (id, day, series, number, state, submission_id, drawn_at, line, turn, since, counter)
       select id, day, 'A', seq, 'done', id, at, 'A', seq, at, 1 from old""",
    """insert into ticket_events (ticket_id, day, at, event, counter)
       select id, day, at, event, 1 from old, (select 'drawn' event union select 'called' union select 'done')""",
    "insert into jobs (key, kind, subject, state, next_at, created, updated) "
    "select 'slip:' || id || ':1', 'slip', id, 'printed', at, at, at from old",
    "insert into audit (at, act, actor, subject, facts, mac) select at, 'submit', 'citizen', id, '{}', hash from old",
)


def archive(context: Context) -> None:
    """Lay the cases of past years into a store."""
    first = context.clock.today() - timedelta(days=ARCHIVED // A_DAY + 100)
    with context.store.write() as db:
        db.execute("create temp table old (n integer primary key, id text, day text, seq integer, at text, hash text)")
        db.conn.executemany(
            "insert into old values (?, ?, ?, ?, ?, ?)",
            [_old(first + timedelta(days=n // A_DAY), n) for n in range(ARCHIVED)],
        )
        for sql in ARCHIVE:
            db.execute(sql)
        db.execute("update link set done_no = ?, audit_to = ?", [ARCHIVED, ARCHIVED])
        db.execute("drop table old")


def _old(day: Any, n: int) -> tuple[int, str, str, int, str, str]:
    return n + 1, codes.new_id(), day.isoformat(), n % A_DAY + 1, f"{day}T01:00:00.000Z", f"{n:064x}"


@dataclass
class Ward:
    """A kiosk, and the cookies of who stands before its pages."""

    app: Flask
    context: Context
    officer: str
    technician: str
    drafts: Iterator[int]

    def ask(self, path: str, cookie: str = "", body: str = "") -> float:
        """Ask for one page; give the seconds that its answer took. A page that fails ends the run."""
        asked = self._asked(path, cookie, body.encode())
        said: list[str] = []
        begun = time.perf_counter()
        answer = self.app(asked, lambda status, _headers, _error=None: said.append(status) or (lambda _: None))
        content = b"".join(answer)
        seconds = time.perf_counter() - begun
        if hasattr(answer, "close"):
            answer.close()
        if said[0][:3] not in {"200", "303"}:
            raise RuntimeError(f"{path}: {said[0]} {content[:200]!r}")
        return seconds

    def _asked(self, path: str, cookie: str, content: bytes) -> dict[str, Any]:
        path, _, query = path.partition("?")
        return {
            "REQUEST_METHOD": "POST" if content else "GET", "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "HTTP_HOST": "127.0.0.1:8000",
            "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_COOKIE": cookie,
            "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(content)),
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(content),
            "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
        }  # fmt: skip

    def submit(self) -> float:
        """Hand in a whole form; its draft is made before the clock runs."""
        token, csrf = draft(self.context, next(self.drafts))
        return self.ask("/form/submit", f"kiosk_tap={token}", urlencode({"csrf": csrf, "oath": "1"}))

    def step(self) -> float:
        """Show a step of a form that has just been begun."""
        token, _ = draft(self.context, next(self.drafts))
        return self.ask("/form/ten_be", f"kiosk_tap={token}")


@contextmanager
def opened(folder: Path) -> Iterator[Ward]:
    """A practice kiosk with an officer at counter 1 and a technician signed in."""
    app = create_app(replace(load(), root=folder).practising())
    context: Context = app.extensions["context"]
    password = codes.token()
    officer = codes.token()
    technician = codes.token()
    signing.add_person(context, "mauthu01", name="Cán bộ Mẫu", role="officer", password=password)
    signing.sign_in(context, "mauthu01", password=password, session=access.hashed(officer), workstation="127.0.0.1")
    signing.sit_at_counter(context, access.hashed(officer), 1)
    signing.set_technician_password(context, password)
    signing.sign_in_technician(context, password, access.hashed(technician))
    yield Ward(app=app, context=context, officer=officer, technician=technician, drafts=iter(range(100_000)))
    context.store.close()


PAGES: dict[str, Callable[[Ward], float]] = {
    "Submit": Ward.submit,
    "form step": Ward.step,
    "start page": lambda ward: ward.ask("/"),
    "officer's desk": lambda ward: ward.ask("/officer/", f"kiosk_officer={ward.officer}"),
    "board": lambda ward: ward.ask("/display/now"),
    "technician's page": lambda ward: ward.ask("/technician/", f"kiosk_technician={ward.technician}"),
}


def run() -> Figures:
    """Ask both kiosks for each page in turns."""
    with (
        tempfile.TemporaryDirectory() as folder,
        opened(Path(folder) / "new") as new,
        opened(Path(folder) / "old") as old,
    ):
        archive(old.context)
        return [_compared(name, page, new=new, old=old) for name, page in PAGES.items()]


def _compared(name: str, page: Callable[[Ward], float], new: Ward, old: Ward) -> tuple[str, float, str]:
    for ward in (new, old):
        page(ward)
    pairs = [(page(new), page(old)) for _ in range(TURNS)]
    medians = [statistics.median(one) for one in zip(*pairs, strict=True)]
    said = f"{TARGET} ({medians[0] * 1000:.2f} ms on an empty kiosk)"
    return f"{name}: {ARCHIVED:,} archived / none", medians[1] / medians[0], said
