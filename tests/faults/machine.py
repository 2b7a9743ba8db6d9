"""A kiosk as it runs in a ward: its folder, its processes (pages, worker), and the technician's pages."""

import html
import http.cookiejar
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import sync.link
import sync.outbox
from kiosk.acts import deciding, delivering, signing
from kiosk.acts.deciding import AcceptanceInput
from kiosk.config import ROOT, load
from kiosk.context import Context
from kiosk.dossiers.decision_filing import CaseRequest
from kiosk.records import submissions
from kiosk.startup.context_factory import create_store, open_context
from kiosk.startup.wiring import open_enrolling_portal
from sync.link import LinkState
from sync.outbox import OutboxStatus
from tests.faults.portal import UNIT
from tests.faults.processes import END_SECONDS, SCALE, Process, is_listening, wait_until
from tests.faults.submitting import BIRTH, submit_form
from tests.ports import free_port

PASSWORD = "cau-truong-tien-6-vai"
PAGE_READS = 50
UNKNOWN = "Chưa rõ"
"""The technician's words while it is not known whether a submission or event has arrived, except during a retry."""
SETTINGS = """
[kiosk]
id = "{id}"
data = "data"
[ward]
unit_code = "{unit}"
[web]
port = {port}
[portal]
kind = "kiosk-sync"
url = "{url}"
{more}
"""


class Kiosk:
    """One kiosk.

    Attributes:
        worker: the process `kiosk worker`.
        web: the process `kiosk web`.
        context: its store opened a second time, by the test.
        clock_file: contains the error of the processes' wall clock, in seconds.
    """

    def __init__(self, folder: Path, url: str, kiosk_id: str = "PK03", more: str = "") -> None:
        self.folder = folder
        self.id = kiosk_id
        self.port = free_port()
        folder.mkdir(parents=True, exist_ok=True)
        self.clock_file = folder / "clock"
        self.clock_file.write_text("0")
        self.settings = folder / "kiosk.toml"
        self.write_settings(url, more)
        env = {"KIOSK_CONFIG": str(self.settings), "WARD_CLOCK": str(self.clock_file)}
        self.worker = Process(["worker"], folder / "worker.log", env)
        self.web = Process(["web"], folder / "web.log", env)
        create_store(load(self.settings))
        self.context: Context = open_context(load(self.settings))
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def write_settings(self, url: str, more: str = "") -> None:
        """Write kiosk.toml; the processes read it at their next start."""
        self.settings.write_text(SETTINGS.format(id=self.id, unit=UNIT, port=self.port, url=url, more=more))

    def enrol(self, code: str) -> None:
        """Enrol the kiosk's key at its portal."""
        portal = open_enrolling_portal(load(self.settings))
        assert portal is not None
        with closing(portal):
            portal.enrol(code, UNIT)

    def start(self) -> None:
        """Start the worker, and wait until it has begun a run."""
        before = self._run()
        self.worker.start()
        wait_until(lambda: self._run() > before, what=f"the worker has begun\n{self.worker.output()}")

    def reboot(self) -> None:
        """Stop the processes, read settings and catalogue again, and start the worker."""
        self.worker.stop()
        self.web.stop()
        self.context.store.close()
        self.context = open_context(load(self.settings))
        self.start()

    def run_until_killed(self, args: list[str], label: str) -> None:
        """Start a process that kills itself at a point, and wait for its end."""
        process = Process(args, self.folder / "killed.log", {**self.worker.env, "WARD_KILL_AT": label})
        process.start()
        wait_until(lambda: not process.is_alive, what=f"killed: {label}\n{process.output()}")
        process.kill()

    def open_pages(self) -> None:
        """Start the pages, unless they run."""
        if not self.web.is_alive:
            self.web.start()
            wait_until(lambda: is_listening(self.port), what=f"the pages listen\n{self.web.output()}")

    def close(self) -> None:
        self.worker.kill()
        self.web.kill()
        self.context.store.close()

    # --- acts

    def submit(self, count: int = 1, code: str = BIRTH) -> list[str]:
        """Submit forms; return their ids."""
        return [submit_form(self.context, code)[0] for _ in range(count)]

    def submit_in_process(self, count: int) -> list[str]:
        """Submit forms in a separate process, with the wall clock of the kiosk's processes; return their ids."""
        command = [sys.executable, "-m", "tests.faults.child_process", "submit", str(count), "0"]
        run = subprocess.run(command, cwd=ROOT, env=self.web.env, capture_output=True, text=True, check=True)
        return [line.split()[0] for line in run.stdout.splitlines()]

    def accept(self, submission_id: str) -> str:
        """Accept a submission at the desk; return the id of its event."""
        decision = deciding.accept(self.context, CaseRequest(submission_id, 0, "CB01"), AcceptanceInput(term=0))
        assert decision is not None
        return decision.id

    def send_now(self) -> None:
        """Press "Gửi ngay"."""
        delivering.send_now(self.context)

    def set_clock_error(self, seconds: float) -> None:
        """Set the error of the processes' wall clock."""
        self.clock_file.write_text(str(seconds))

    # --- state

    def delivery(self, ids: Iterable[str]) -> Counter[str]:
        """Count the delivery states of these submissions."""
        with self.context.store.read() as db:
            rows = [submissions.find(db, submission_id) for submission_id in ids]
        return Counter(str(row.delivery) if row else "gone" for row in rows)

    def outbox_status(self, subject_id: str) -> OutboxStatus:
        with self.context.store.read() as db:
            status = sync.outbox.status_of(db, subject_id)
        assert status is not None
        return status

    def attempts(self, ids: Iterable[str]) -> int:
        """Return the number of attempts of these submissions together."""
        return sum(self.outbox_status(submission_id).attempts for submission_id in ids)

    def link_state(self) -> LinkState:
        with self.context.store.read() as db:
            return sync.link.state(db)

    def digests(self, ids: Iterable[str]) -> dict[str, str]:
        with self.context.store.read() as db:
            rows = [submissions.find(db, submission_id) for submission_id in ids]
        return {row.id: row.digest for row in rows if row}

    def wait_until_confirmed(self, ids: list[str], seconds: float = 60 + 120 * SCALE) -> None:
        """Wait until the portal has confirmed all of these submissions; one that is set aside never is."""

        def are_confirmed() -> bool:
            delivery = self.delivery(ids)
            assert not delivery["quarantined"], f"not all of {len(ids)} submissions are confirmed: {delivery}"
            return delivery["confirmed"] == len(ids)

        wait_until(are_confirmed, seconds, f"{len(ids)} submissions are confirmed")

    def _run(self) -> int:
        with self.context.store.read() as db:
            return int(db.execute("select run from link").fetchone()[0])

    # --- the technician's pages

    def read_page(self, address: str = "/technician/") -> str:
        """Return the text of a technician's page, signed in on the kiosk itself."""
        self.open_pages()
        page = self._open(address)
        if 'name="password"' in page:
            signing.set_technician_password(self.context, PASSWORD)
            self._open("/technician/signin", password=PASSWORD)
            page = self._open(address)
        return page_text(page)

    def read_page_with(self, text: str) -> str:
        """Return the technician's page, read again while it lacks a text: it says "Đang gửi" during each retry."""
        page = self.read_page()
        for _ in range(PAGE_READS):
            if text in page:
                break
            time.sleep(0.1)
            page = self.read_page()
        return page

    def post_form(self, address: str, **values: str) -> str:
        """Post the form of a technician's page; return the text of the answer."""
        self.read_page(address)
        match = re.search('name="csrf" value="([^"]+)"', self._open(address))
        assert match is not None
        return page_text(self._open(address, csrf=match[1], **values))

    def _open(self, address: str, **values: str) -> str:
        data = urllib.parse.urlencode(values).encode() if values else None
        with self._browser.open(f"http://127.0.0.1:{self.port}{address}", data, timeout=END_SECONDS) as answer:
            return str(answer.read().decode())


def page_text(page: str) -> str:
    """Return the text of a page's main part, with single spaces."""
    main = page.partition("<main>")[2] or page
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())
