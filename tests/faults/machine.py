"""A kiosk as it stands in a ward: its folder, its processes (pages, worker), and what a technician reads on it."""

import html
import http.cookiejar
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import sync.link
import sync.outbox
from kiosk.acts import deciding, delivering, signing
from kiosk.acts.deciding import AcceptanceInput, CaseRequest
from kiosk.app import open_context
from kiosk.config import ROOT, load
from kiosk.context import Context
from kiosk.records import submissions
from kiosk.wiring import open_enrolling_portal
from sync.link import LinkState
from sync.outbox import OutboxStatus
from tests.faults.filing import BIRTH, hand_in
from tests.faults.portal import UNIT
from tests.faults.processes import SCALE, Process, free_port, listens, until

PASSWORD = "cau-truong-tien-6-vai"
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
    """One kiosk. ``room`` is its store opened a second time, by the test: what a person does in the pages, and a look.

    ``worker`` and ``web`` are its processes; ``clock_file`` holds by how many seconds their wall clock is wrong.
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
        self.context: Context = open_context(load(self.settings))
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def write_settings(self, url: str, more: str = "") -> None:
        """Write kiosk.toml; the processes read it at their next start."""
        told = SETTINGS.format(id=self.id, unit=UNIT, port=self.port, url=url, more=more)
        self.settings.write_text(told)

    def enrol(self, code: str) -> None:
        """Make the machine's key known at its portal."""
        portal = open_enrolling_portal(load(self.settings))
        assert portal is not None
        portal.enrol(code, UNIT)
        portal.close()

    def start(self) -> None:
        """Start the worker, and wait until it has begun a run of its own."""
        before = self._run()
        self.worker.start()
        until(lambda: self._run() > before, what=f"the worker\n{self.worker.said()}")

    def reboot(self) -> None:
        """Switch the machine off and on: everything is read anew, settings and shelf too."""
        self.worker.stop()
        self.web.stop()
        self.context.store.close()
        self.context = open_context(load(self.settings))
        self.start()

    def open_pages(self) -> None:
        """Start the pages, if they are not there."""
        if not self.web.is_alive:
            self.web.start()
            until(lambda: listens(self.port), what=f"the pages\n{self.web.said()}")

    def close(self) -> None:
        self.worker.kill()
        self.web.kill()
        self.context.store.close()

    # --- what people do

    def file(self, count: int = 1, code: str = BIRTH) -> list[str]:
        """Hand in forms; give their ids."""
        return [hand_in(self.context, code)[0] for _ in range(count)]

    def file_elsewhere(self, count: int) -> list[str]:
        """Hand in forms in a process of its own, under the clock of the machine's processes; give their ids."""
        words = [sys.executable, "-m", "tests.faults.process", "file", str(count), "0"]
        told = subprocess.run(words, cwd=ROOT, env=self.web.env, capture_output=True, text=True, check=True)
        return [line.split()[0] for line in told.stdout.splitlines()]

    def accept(self, form: str) -> str:
        """Accept a form at the desk; give the id of the act that the portal is to hear of."""
        decision = deciding.accept(self.context, CaseRequest(form, 0, "CB01"), AcceptanceInput(term=0))
        assert decision is not None
        return decision.id

    def send_now(self) -> None:
        """Press "Gửi ngay"."""
        delivering.send_now(self.context)

    def turn_clock(self, seconds: float) -> None:
        """Let the wall clock of the processes be wrong by so much from now on."""
        self.clock_file.write_text(str(seconds))

    # --- what stands on the kiosk

    def delivery(self, forms: Iterable[str]) -> Counter[str]:
        """Count how these forms stand on their way."""
        with self.context.store.read() as db:
            found = [submissions.find(db, form) for form in forms]
        return Counter(str(one.delivery) if one else "gone" for one in found)

    def standing(self, form: str) -> OutboxStatus:
        with self.context.store.read() as db:
            found = sync.outbox.status_of(db, form)
        assert found is not None
        return found

    def attempts(self, forms: Iterable[str]) -> int:
        """Count the attempts that these forms were charged with."""
        return sum(self.standing(form).attempts for form in forms)

    def line(self) -> LinkState:
        with self.context.store.read() as db:
            return sync.link.state(db)

    def digests(self, forms: Iterable[str]) -> dict[str, str]:
        with self.context.store.read() as db:
            found = [submissions.find(db, form) for form in forms]
        return {one.id: one.digest for one in found if one}

    def until_confirmed(self, forms: list[str], seconds: float = 60 + 120 * SCALE) -> None:
        """Wait until the portal has taken every one of these forms."""
        until(lambda: self.delivery(forms)["confirmed"] == len(forms), seconds, f"{len(forms)} forms confirmed")

    def _run(self) -> int:
        with self.context.store.read() as db:
            return int(db.execute("select run from link").fetchone()[0])

    # --- what the technician reads

    def reads(self, address: str = "/technician/") -> str:
        """Give the words of a page of the technician, signed in on the machine itself."""
        self.open_pages()
        page = self._open(address)
        if 'name="password"' in page:
            signing.set_technician_password(self.context, PASSWORD)
            self._open("/technician/signin", password=PASSWORD)
            page = self._open(address)
        return words_of(page)

    def types(self, address: str, **typed: str) -> str:
        """Fill in the form of a page of the technician and press its button; give the words of what is shown then."""
        self.reads(address)
        found = re.search('name="csrf" value="([^"]+)"', self._open(address))
        assert found is not None
        return words_of(self._open(address, csrf=found[1], **typed))

    def _open(self, address: str, **posted: str) -> str:
        data = urllib.parse.urlencode(posted).encode() if posted else None
        with self._browser.open(f"http://127.0.0.1:{self.port}{address}", data, timeout=30) as answer:
            return str(answer.read().decode())


def words_of(page: str) -> str:
    """Give the words of a page's main part, one space between them."""
    main = page.partition("<main>")[2] or page
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())
