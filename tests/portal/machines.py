"""A province with a gateway, and machines of its wards, each made by `kiosk init` in a folder of its own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.acts import deciding, renewing
from kiosk.acts.deciding import AcceptanceInput
from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.cli import main
from kiosk.config import Config, load
from kiosk.context import Context
from kiosk.dossiers import numbering
from kiosk.dossiers.decision_filing import CaseRequest
from kiosk.records import decisions, submissions
from kiosk.startup.context_factory import open_context
from kiosk.worker import Worker, open_worker
from sync.backoff import BackoffSettings
from sync.gateway import Enrolment, Gateway, GatewaySettings, epochs, kiosks, serve_in_thread
from tests.faults.submitting import submit_form
from tests.gateway_routes import share_routes
from tests.ports import free_port

share_routes()
UNIT = "H57.99.01"
AT_ONCE = BackoffSettings(first=0.0, longest=0.0, spread=0.0, pause=0.0, greeting=60.0)


class Province:
    """A gateway that forwards into a folder, and its operator."""

    def __init__(self, folder: Path, clock: FixedClock) -> None:
        self.clock = clock
        self.told = folder / "told"
        """A file for each message to a phone."""
        self.forwarded = folder / "forwarded"
        port = free_port()
        self.gateway: Gateway
        self.gateway, self._thread = serve_in_thread(
            GatewaySettings(
                database=str(folder / "gateway.db"),
                now=clock.now,
                token=codes.token,
                port=port,
                public_urls=(f"http://127.0.0.1:{port}",),
                forward_to=f"folder:{self.forwarded}",
                send_messages=f"file:{self.told}",
            )
        )

    def code(self) -> str:
        """Return a new one-time code for PK03."""
        code = kiosks.make_code(codes.token())
        with self._engine.begin() as db:
            kiosks.add_code(db, Enrolment(code, "PK03", UNIT), self.clock.now(), may_replace=False)
        return code

    def revoke(self) -> None:
        with self._engine.begin() as db:
            assert kiosks.revoke(db, "PK03", self.clock.now())

    def forward(self) -> dict[str, dict[str, Any]]:
        """Forward everything that is due; return what the province has, by submission."""
        for _ in range(10):
            self.clock.advance(60)
            self.gateway._worker.step()
        return {path.stem: json.loads(path.read_text("utf-8")) for path in self.forwarded.glob("*.json")}

    def messages(self) -> list[str]:
        """Send the messages that are due; return the text of all that were sent."""
        while self.gateway._message_worker.step():
            pass
        return [path.read_text("utf-8") for path in self.told.glob("*.txt")]

    def notices(self) -> list[str]:
        with self._engine.begin() as db:
            return [row.text for row in epochs.recent_notices(db, 9)]

    def close(self) -> None:
        self.gateway.close()
        self._thread.join(10)

    @property
    def _engine(self) -> Any:
        return self.gateway.app.extensions["gateway"].engine


class Machine:
    """A kiosk of the ward in a folder of its own, made by `kiosk init`."""

    def __init__(self, folder: Path, province: Province | None, clock: FixedClock) -> None:
        """Create a machine; without a province it has no portal, as the shipped settings say."""
        folder.mkdir(exist_ok=True)
        self.settings = folder / "kiosk.toml"
        self.settings.write_text('[kiosk]\nid = "PK03"\n')
        assert main(["--config", str(self.settings), "init"]) == 0
        self.config: Config = load(self.settings)
        if province:
            self.set_portal(province)
        self.clock = clock
        self.context: Context
        self.worker: Worker
        self.restart()

    def set_portal(self, province: Province) -> None:
        self.settings.write_text(
            f'[kiosk]\nid = "PK03"\n[portal]\nkind = "kiosk-sync"\nurl = "{province.gateway.url}"\n'
        )
        self.config = load(self.settings)

    def print_addresses(self, url: str) -> None:
        """Restart with slips that have the address of a status page, and report to the gateway."""
        self.close()
        self.settings.write_text(f'{self.settings.read_text()}public_url = "{url}"\n')
        self.config = load(self.settings)
        self.restart()
        self.work()

    def restart(self) -> None:
        self.context = open_context(self.config, self.clock)
        self.worker = open_worker(self.context, AT_ONCE)

    def enrol(self, code: str) -> None:
        renewing.request_renewal(self.context, code, "CB09")
        self.work()

    def work(self) -> None:
        for _ in range(40):
            self.clock.advance(10)
            self.worker.step()

    def submit(self) -> tuple[str, str]:
        return submit_form(self.context)

    def request(self, submission_id: str) -> CaseRequest:
        """Return the request of an officer who sees the case as it is now."""
        with self.context.store.read() as db:
            submission = submissions.find(db, submission_id)
            assert submission is not None
            return CaseRequest(submission_id, decisions.count(db, submission.receipt_no), "CB01")

    def accept(self, submission_id: str, official_no: str) -> None:
        request = self.request(submission_id)
        assert deciding.accept(self.context, request, AcceptanceInput(term=0, official_no=official_no))

    def delivery(self, submission_id: str) -> str | None:
        with self.context.store.read() as db:
            submission = submissions.find(db, submission_id)
        return submission.delivery if submission else None

    def forget_block(self) -> None:
        """Make the fresh store number from 1, as a release did that had no blocks."""
        with self.context.store.write() as db:
            db.execute("delete from marks where key = ?", [numbering.MARK])

    def close(self) -> None:
        self.worker.close()
        self.context.store.close()


@pytest.fixture
def province(tmp_path: Path, clock: FixedClock) -> Iterator[Province]:
    province = Province(tmp_path, clock)
    yield province
    province.close()


@pytest.fixture
def machines(tmp_path: Path, province: Province, clock: FixedClock) -> Iterator[list[Machine]]:
    """Return a machine with one accepted form that lies at the gateway, and a list for its successors."""
    machines = [Machine(tmp_path / "first", province, clock)]
    machines[0].forget_block()
    machines[0].enrol(province.code())
    yield machines
    for machine in machines:
        machine.close()
