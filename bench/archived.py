"""A kiosk with 200,000 archived submissions against an empty one: Submit, and a page of each audience.

The archive is what a ward has after some years: submissions without bodies, their outbox rows, names for look-up,
tickets, print jobs and audit lines. Both kiosks run in this process and get their requests in turns, without a socket:
the cost of HTTP would make the ratio look better. A figure is the ratio of the medians.

The clock of a kiosk shows one Wednesday morning, so that no session ends and no hour begins meanwhile. It moves to the
next day when the day's receipt numbers are used up: a slow copy gives time for more Submits than a day has numbers.
"""

import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask

from bench._figures import Figures
from bench.submit import make_draft
from kiosk.acts import signing, sittings
from kiosk.base import codes
from kiosk.base.clock import SYSTEM, FixedClock
from kiosk.config import load
from kiosk.context import Context
from kiosk.pages import access
from kiosk.records import receipts
from kiosk.web.app import create_app

ARCHIVED = 200_000
A_DAY = 400
TURNS = 60
TARGET = "<= 1.2"
MORNING = datetime(2026, 11, 25, 2, tzinfo=UTC)
NUMBERS_OF_DAY = 4999
DAY_SECONDS = 86_400

# Each row of the table `old` is one closed case: n is its number, day its day.
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


def add_archive(context: Context) -> None:
    """Write the cases of past years into a store."""
    first = context.clock.today() - timedelta(days=ARCHIVED // A_DAY + 100)
    with context.store.write() as db:
        db.execute("create temp table old (n integer primary key, id text, day text, seq integer, at text, hash text)")
        db.conn.executemany(
            "insert into old values (?, ?, ?, ?, ?, ?)",
            [_old_case(first + timedelta(days=n // A_DAY), n) for n in range(ARCHIVED)],
        )
        for sql in ARCHIVE:
            db.execute(sql)
        db.execute("update link set done_no = ?, audit_to = ?", [ARCHIVED, ARCHIVED])
        db.execute("drop table old")


def _old_case(day: date, n: int) -> tuple[int, str, str, int, str, str]:
    return n + 1, codes.new_id(), day.isoformat(), n % A_DAY + 1, f"{day}T01:00:00.000Z", f"{n:064x}"


class BenchClock(FixedClock):
    """A fixed wall clock with the machine's monotonic seconds, by which pauses and slices are measured."""

    def monotonic(self) -> float:
        """Return seconds that never decrease."""
        return SYSTEM.monotonic()


@dataclass
class KioskUnderTest:
    """A kiosk with the cookies of a signed-in officer and technician."""

    app: Flask
    context: Context
    clock: BenchClock
    officer: str
    technician: str
    drafts: Iterator[int]

    def seconds_of(self, path: str, cookie: str = "", body: str = "") -> float:
        """Request one page and return the seconds until its answer; a page that fails ends the run."""
        environ = self._environ(path, cookie, body.encode())
        statuses: list[str] = []

        def start_response(status: str, _headers: object, _error: object = None) -> Callable[[bytes], None]:
            statuses.append(status)
            return lambda _content: None

        begun = time.perf_counter()
        answer = self.app(environ, start_response)
        content = b"".join(answer)
        seconds = time.perf_counter() - begun
        if hasattr(answer, "close"):
            answer.close()
        if statuses[0][:3] not in {"200", "303"}:
            raise RuntimeError(f"{path}: {statuses[0]} {content[:200]!r}")
        return seconds

    def _environ(self, path: str, cookie: str, content: bytes) -> dict[str, Any]:
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
        """Submit a complete form; its draft is made before the time is taken."""
        self._begin_day_with_numbers()
        token, csrf = make_draft(self.context, next(self.drafts))
        return self.seconds_of("/form/submit", f"kiosk_tap={token}", urlencode({"csrf": csrf, "oath": "1"}))

    def _begin_day_with_numbers(self) -> None:
        with self.context.store.read() as db:
            last = receipts.last_seq(db, self.clock.today())
        if last >= NUMBERS_OF_DAY:
            self.clock.jump(DAY_SECONDS)

    def step(self) -> float:
        """Show a step of a form that has just been begun."""
        token, _ = make_draft(self.context, next(self.drafts))
        return self.seconds_of("/form/ten_be", f"kiosk_tap={token}")


@contextmanager
def open_kiosk(folder: Path) -> Iterator[KioskUnderTest]:
    """Open a practice kiosk with an officer at counter 1 and a technician signed in."""
    clock = BenchClock(MORNING)
    app = create_app(replace(load(), root=folder).practising(), clock)
    context: Context = app.extensions["context"]
    password = codes.token()
    officer = codes.token()
    technician = codes.token()
    signing.add_person(context, "mauthu01", name="Cán bộ Mẫu", role="officer", password=password)
    signing.sign_in(context, "mauthu01", password=password, session=access.hash_token(officer), workstation="127.0.0.1")
    sittings.sit_at_counter(context, access.hash_token(officer), 1)
    signing.set_technician_password(context, password)
    signing.sign_in_technician(context, password, access.hash_token(technician), "127.0.0.1")
    yield KioskUnderTest(app=app, context=context, clock=clock, officer=officer, technician=technician, drafts=count())
    context.store.close()


Page = Callable[[KioskUnderTest], float]
PAGES: dict[str, Page] = {
    "Submit": KioskUnderTest.submit,
    "form step": KioskUnderTest.step,
    "start page": lambda kiosk: kiosk.seconds_of("/"),
    "officer's desk": lambda kiosk: kiosk.seconds_of("/officer/", f"kiosk_officer={kiosk.officer}"),
    "board": lambda kiosk: kiosk.seconds_of("/display/now"),
    "technician's page": lambda kiosk: kiosk.seconds_of("/technician/", f"kiosk_technician={kiosk.technician}"),
}


def run() -> Figures:
    """Request each page from both kiosks in turns."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_kiosk(Path(folder) / "new") as new,
        open_kiosk(Path(folder) / "old") as old,
    ):
        add_archive(old.context)
        return [
            compare(f"{name}: {ARCHIVED:,} archived / none", page, new=new, old=old, target=TARGET)
            for name, page in PAGES.items()
        ]


def compare(name: str, page: Page, new: KioskUnderTest, old: KioskUnderTest, target: str) -> tuple[str, float, str]:
    """Request a page from an empty kiosk and a full one in turns; return the ratio of the medians as a figure."""
    for kiosk in (new, old):
        page(kiosk)
    pairs = [(page(new), page(old)) for _ in range(TURNS)]
    new_median, old_median = (statistics.median(times) for times in zip(*pairs, strict=True))
    return name, old_median / new_median, f"{target} ({new_median * 1000:.2f} ms on an empty kiosk)"
