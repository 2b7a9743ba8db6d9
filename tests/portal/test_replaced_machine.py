"""A machine is replaced on the same day, as docs/gateway.md says: nobody's dossier becomes another person's."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk import codes
from kiosk.acts import deciding, renewing
from kiosk.acts.deciding import AcceptanceInput
from kiosk.backup import create, restore
from kiosk.cli import main
from kiosk.clock import FixedClock
from kiosk.config import Config, load
from kiosk.config.sections import BackupSettings
from kiosk.context import Context
from kiosk.context_factory import open_context
from kiosk.dossiers import numbering
from kiosk.dossiers.decision_filing import CaseRequest
from kiosk.health import connection
from kiosk.records import decisions, marks, refusals, submissions
from kiosk.worker import Worker, open_worker
from sync.backoff import BackoffSettings
from sync.gateway import Enrolment, Gateway, GatewaySettings, epochs, kiosks, serve_in_thread
from tests.faults.submitting import submit_form
from tests.ports import free_port

UNIT = "H57.99.01"
AT_ONCE = BackoffSettings(first=0.0, longest=0.0, spread=0.0, pause=0.0, greeting=60.0)


class Province:
    """A gateway that forwards into a folder, and its operator."""

    def __init__(self, folder: Path, clock: FixedClock) -> None:
        self.clock = clock
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

    def __init__(self, folder: Path, province: Province, clock: FixedClock) -> None:
        folder.mkdir(exist_ok=True)
        settings = folder / "kiosk.toml"
        settings.write_text(f'[kiosk]\nid = "PK03"\n[portal]\nkind = "kiosk-sync"\nurl = "{province.gateway.url}"\n')
        assert main(["--config", str(settings), "init"]) == 0
        self.config: Config = replace(load(settings), root=folder)
        self.clock = clock
        self.context: Context
        self.worker: Worker
        self.restart()

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

    def accept(self, submission_id: str, official_no: str) -> None:
        with self.context.store.read() as db:
            submission = submissions.find(db, submission_id)
            assert submission is not None
            request = CaseRequest(submission_id, decisions.last_seq(db, submission.receipt_no), "CB01")
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


def _replace(machines: list[Machine], tmp_path: Path, province: Province, clock: FixedClock) -> Machine:
    """Replace the newest machine, whose disk is lost, by a new one, and enrol it."""
    province.revoke()
    machines.append(Machine(tmp_path / f"machine-{len(machines)}", province, clock))
    return machines[-1]


def test_both_citizens_reach_the_province_when_the_machine_is_replaced_between_them(
    machines: list[Machine], tmp_path: Path, province: Province, clock: FixedClock
) -> None:
    first = machines[0]
    one, one_no = first.submit()
    first.accept(one, "H57.99.01-261124-0001")
    first.work()
    second = _replace(machines, tmp_path, province, clock)
    other, other_no = second.submit()  # before the enrolment: the citizen does not wait for the network
    second.enrol(province.code())
    second.accept(other, "H57.99.01-261124-0002")
    later, later_no = second.submit()
    second.accept(later, "H57.99.01-261124-0003")
    second.work()
    assert len({one_no, other_no, later_no}) == 3
    forwarded = province.forward()
    assert {name: dossier["receiptNo"] for name, dossier in forwarded.items()} == {
        one: one_no,
        other: other_no,
        later: later_no,
    }
    assert province.notices() == []


def test_a_new_machine_that_numbers_from_1_leaves_the_used_numbers_after_its_enrolment(
    machines: list[Machine], tmp_path: Path, province: Province, clock: FixedClock
) -> None:
    first = machines[0]
    numbers = [first.submit()[1] for _ in range(3)]
    first.work()
    second = _replace(machines, tmp_path, province, clock)
    second.forget_block()
    second.enrol(province.code())
    later = [second.submit()[1] for _ in range(3)]
    assert not set(numbers) & set(later)
    second.work()
    assert [second.delivery(row) for row in _ids(second)] == ["confirmed"] * 3


def test_an_old_machine_that_comes_back_leaves_the_numbers_of_the_one_that_stood_in(
    machines: list[Machine], tmp_path: Path, province: Province, clock: FixedClock
) -> None:
    first = machines[0]
    first.submit()
    first.work()
    second = _replace(machines, tmp_path, province, clock)
    second.forget_block()
    with second.context.store.write() as db:
        db.execute("insert into receipts values (?, 40)", [clock.today().isoformat()])
    second.enrol(province.code())
    stand_in = second.submit()[1]
    second.work()
    province.revoke()
    first.enrol(province.code())
    assert first.submit()[1] > stand_in


def test_a_second_person_under_one_number_is_refused_and_both_sides_are_alarmed(
    machines: list[Machine], tmp_path: Path, province: Province, clock: FixedClock
) -> None:
    first = machines[0]
    one, number = first.submit()
    first.accept(one, "H57.99.01-261124-0001")
    first.work()
    second = _replace(machines, tmp_path, province, clock)
    second.forget_block()
    other, same_number = second.submit()  # a machine of an older release, whose number is printed already
    assert same_number == number
    second.accept(other, "H57.99.01-261124-0002")
    second.enrol(province.code())
    second.work()
    assert second.delivery(other) == "quarantined"
    with second.context.store.read() as db:
        refusal = refusals.last(db, other)
    assert refusal is not None
    assert [(field.key, field.code) for field in refusal.fields] == [("receiptNo", "number")]
    assert connection.queue(second.context).code == "SEND-04"
    assert len(province.notices()) == 1
    assert "PK03" in province.notices()[0]
    assert set(province.forward()) == {one}


def test_a_restored_store_without_its_restore_log_leaves_the_numbers_of_an_earlier_restore(
    machines: list[Machine], tmp_path: Path, province: Province
) -> None:
    first = machines[0]
    (tmp_path / "second-disk").mkdir()
    first.close()
    first.config = replace(first.config, backup=BackupSettings(str(tmp_path / "second-disk")))
    first.restart()
    first.submit()
    create.create(first.context)
    lost = []
    for _ in range(2):
        first.close()
        restore.restore(first.config, first.clock)
        for log in (first.config.folder / "restores", tmp_path / "second-disk" / "PK03-restores"):
            log.unlink()
        first.restart()
        first.work()
        lost.append(first.submit()[1])
        first.work()
    assert [number[12:16] for number in lost] == ["9001", "9501"]


def test_a_fresh_store_keeps_its_block_for_two_days_with_numbers(
    machines: list[Machine], tmp_path: Path, province: Province, clock: FixedClock
) -> None:
    fresh = Machine(tmp_path / "fresh", province, clock)
    machines.append(fresh)
    with fresh.context.store.read() as db:
        block = int(marks.get(db, numbering.MARK) or 0)
    numbers = []
    for _ in range(3):
        numbers.append(int(fresh.submit()[1][12:16]))
        clock.advance(24 * 3600)
    assert block in (5000, 6000, 7000, 8000)
    assert numbers == [block + 1, block + 1, 1]


def _ids(machine: Machine) -> list[str]:
    with machine.context.store.read() as db:
        return [submission.id for submission in submissions.of_day(db, machine.clock.today())]
