"""Row 42: a release is rolled out while citizens submit and an officer decides: pages and worker stop and start again.

Each client does what its page does: it sends a post again, with the same key, until it has an answer.
"""

import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from contextlib import closing
from http import HTTPStatus
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bench.submit import make_draft
from kiosk.acts import signing, sittings
from kiosk.base import codes
from kiosk.health import trail_check
from kiosk.pages import access
from tests.faults.machine import Kiosk
from tests.faults.processes import END_SECONDS, wait_until
from tests.faults.table import RowResult
from tests.faults.ward import Ward, expect_delivery

pytestmark = pytest.mark.faults
ROLL_OUTS = 3
EACH = 3
"""Forms and decisions that are answered before each roll-out."""
AWAY = 500
"""Status from which on an answer says that nobody serves now."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:  # type: ignore[override]
        """Follow no redirect: it is the answer."""


_OPENER = urllib.request.build_opener(_NoRedirect)


class Clients:
    """Two touchscreens that submit and a desk that accepts, until they are ended."""

    def __init__(self, kiosk: Kiosk) -> None:
        self._kiosk = kiosk
        self._ended = threading.Event()
        self._numbers = count()
        self._officer = codes.token()
        self.submitted = 0
        self.accepted: list[str] = []
        self.faults: list[BaseException] = []
        session = access.hash_token(self._officer)
        password = codes.token()
        context = kiosk.context
        signing.add_person(context, "mauthu01", name="Cán bộ Mẫu", role="officer", password=password)
        signing.sign_in(context, "mauthu01", password=password, session=session, workstation="127.0.0.1")
        sittings.sit_at_counter(context, session, 1)
        self._csrf = context.vault.keyed_hash("csrf-officer", session)
        self._threads = [
            threading.Thread(target=self._run, args=(act,)) for act in (self._submit, self._submit, self._accept)
        ]
        for thread in self._threads:
            thread.start()

    def _run(self, act: Callable[[], None]) -> None:
        while not self._ended.is_set():
            try:
                act()
            except BaseException as fault:  # noqa: BLE001 - the test fails with it
                self.faults.append(fault)
                return

    def _submit(self) -> None:
        token, csrf = make_draft(self._kiosk.context, next(self._numbers))
        self._post("/form/submit", f"kiosk={token}", {"csrf": csrf, "oath": "1"})
        self.submitted += 1

    def _accept(self) -> None:
        with self._kiosk.context.store.read() as db:
            row = db.execute("select id from submissions where desk = 'waiting' order by seq limit 1").fetchone()
        if row is None:
            time.sleep(0.05)
            return
        cookie = f"kiosk_officer={self._officer}"
        self._post(f"/officer/case/{row[0]}", cookie, {"csrf": self._csrf, "reason": "asked"})
        decision = {"csrf": self._csrf, "seen": "0", "term": "0", "place": "counter", "sets": "1"}
        self._post(f"/officer/case/{row[0]}/accepted", cookie, decision)
        self.accepted.append(row[0])

    def _post(self, path: str, cookie: str, fields: dict[str, str]) -> None:
        """Send a post until it is answered."""
        headers = {"Cookie": cookie, "Idempotency-Key": str(uuid.uuid4())}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._kiosk.port}{path}", urlencode(fields).encode(), headers, method="POST"
        )
        deadline = time.monotonic() + END_SECONDS
        while time.monotonic() < deadline:
            try:
                with _OPENER.open(request, timeout=60):
                    return
            except urllib.error.HTTPError as error:
                with error:
                    if error.code == HTTPStatus.SEE_OTHER:
                        return
                    if error.code < AWAY:
                        raise
            except OSError:
                pass
            time.sleep(0.1)
        raise TimeoutError(path)

    def wait_for_more(self) -> None:
        """Wait until some more of each kind are answered."""
        wanted = (self.submitted + EACH, len(self.accepted) + EACH)

        def are_answered() -> bool:
            assert not self.faults, self.faults
            return self.submitted >= wanted[0] and len(self.accepted) >= wanted[1]

        wait_until(are_answered, 120, f"{EACH} more forms and decisions\n{self._kiosk.web.output()}")

    def close(self) -> None:
        """End the clients after the answer that they wait for."""
        self._ended.set()
        for thread in self._threads:
            thread.join()


@pytest.mark.row(42)
def test_a_release_is_rolled_out_while_citizens_submit_and_an_officer_decides(tmp_path: Path, row: RowResult) -> None:
    with Ward(tmp_path) as ward:
        kiosk = ward.kiosk
        kiosk.open_pages()
        with closing(Clients(kiosk)) as clients:
            clients.wait_for_more()
            for _ in range(ROLL_OUTS):
                kiosk.web.stop()
                kiosk.worker.stop()
                kiosk.start()
                kiosk.open_pages()
                clients.wait_for_more()
        assert not clients.faults, clients.faults
        with kiosk.context.store.read() as db:
            ids = [row[0] for row in db.execute("select id from submissions").fetchall()]
            accepted = [
                row[0] for row in db.execute("select submission_id from decisions where kind = 'accepted'").fetchall()
            ]
        assert len(ids) == clients.submitted, "each answered form once, and no other one"
        assert sorted(accepted) == sorted(clients.accepted), "each answered decision once"
        assert trail_check.verify(kiosk.context).state == "ok"
        expect_delivery(ward, ids, row)
        row.expect_text(kiosk.read_page(), "Đường truyền Tốt")
    row.observe(kiosk=f"{len(ids)} confirmed, {len(accepted)} decisions", portal=f"{len(ids)} stored, the same bytes")
