"""The invariants of delivery for files (see test_invariants.py), searched by a Hypothesis state machine.

A file is never sent before its form, and each planted defect must be found.
"""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from sync import errors, file_outbox, link, outbox
from sync.encoding import sha256_hex
from sync.engine import Engine
from sync.file_transfer import FileTransfer
from tests.sync.file_harness import FileHarness
from tests.sync.harness import PowerCut
from tests.sync.outbox_counts import count_by_state

FAULTS = ["down", "cable cut", "chunk lost", "answer lost", "captive", "401", "429", "500", "cut before", "cut after"]


class FileTransferMachine(RuleBasedStateMachine):
    """State machine of a kiosk with forms and files, a portal, and every fault between them."""

    transfer_class: type[FileTransfer] = FileTransfer
    engine_class: type[Engine] = Engine

    def __init__(self) -> None:
        super().__init__()
        self.harness = FileHarness()
        self.plant()
        self.good: dict[str, str] = {}
        self.bad: list[str] = []
        self.restores = 0

    # --- actions of citizens and officers

    @rule(size=st.sampled_from([1, 20_000, 150_000]), is_bad=st.booleans())
    def submit_with_file(self, size: int, is_bad: bool) -> None:
        content = f"{len(self.harness.files.content)} ".encode() * size
        file = self.harness.add_file(self.harness.submit(), content[: size + 10])
        if is_bad:
            self.harness.files.content[file] = ("missing", "changed", b"others")[len(self.bad) % 3]
            self.bad.append(file)
        else:
            self.good[file] = sha256_hex(content[: size + 10])

    @precondition(lambda self: self.good)
    @rule(data=st.data())
    def drop_file(self, data: st.DataObject) -> None:
        file = data.draw(st.sampled_from(sorted(self.good)))
        with self.harness.store.write() as db:
            file_outbox.drop(db, file, self.harness.time.now)
        del self.good[file]

    @rule()
    def request_audit(self) -> None:
        with self.harness.store.write() as db:
            link.request_audit(db)

    # --- faults and time

    @rule(fault=st.sampled_from(["", *FAULTS]))
    def break_something(self, fault: str) -> None:
        self.harness.portal.fault = fault

    @rule(fault=st.sampled_from(FAULTS), before=st.integers(0, 8), n=st.integers(1, 3))
    def fail_during_a_transfer(self, fault: str, before: int, n: int) -> None:
        """Start a fault while a file is at any of its steps."""
        self.harness.portal.heal()
        self.harness.time.advance(3700)
        self.submit_with_file(150_000, is_bad=False)
        self.work(before)
        self.harness.portal.fault = fault
        self.work(n)
        self.harness.portal.heal()

    @rule()
    def heal(self) -> None:
        self.harness.portal.heal()

    @rule(seconds=st.sampled_from([1, 30, 700]))
    def wait(self, seconds: int) -> None:
        self.harness.time.advance(seconds)

    @rule(n=st.sampled_from([3, 12, 40]))
    def work(self, n: int) -> None:
        for _ in range(n):
            self.do_step()

    @precondition(lambda self: self.restores < 2 and self.harness.file_store.whole)
    @rule(keep=st.integers(0, 9), files=st.integers(0, 9))
    def restore_the_portal(self, keep: int, files: int) -> None:
        """Restore the portal from a copy with only the first few forms and files."""
        self.restores += 1
        self.harness.portal.restore(keep, f"e{self.restores + 1}")
        self.harness.file_store.partial.clear()
        self.harness.file_store.whole = dict(
            list(self.harness.file_store.whole.items())[: files % len(self.harness.file_store.whole)]
        )

    def do_step(self) -> None:
        is_open = self.harness.link.run == 0 or self.harness.link.is_open(self.harness.store.db)
        requests = self.harness.file_store.progress_requests + len(self.harness.file_store.sizes)
        try:
            self.harness.step()
        except PowerCut:
            self.boot()
        assert is_open or self.harness.file_store.progress_requests + len(self.harness.file_store.sizes) == requests, (
            "I9: requested while paused"
        )

    def boot(self) -> None:
        self.harness.portal.fault = self.harness.portal.fault.replace("cut before", "").replace("cut after", "")
        self.harness.boot()
        self.plant()

    def plant(self) -> None:
        self.harness.transfer.__class__ = self.transfer_class
        self.harness.engine.__class__ = self.engine_class

    # --- invariants

    @invariant()
    def a_kept_file_is_at_the_portal(self) -> None:
        sql = "select file, sha256 from files where state = 'done' and epoch = ?"
        for file, name in self.harness.store.db.execute(sql, [self.harness.portal.epoch]).fetchall():
            assert name in self.harness.file_store.whole, f"I10: {file}"

    @invariant()
    def recorded_results_match_the_outbox(self) -> None:
        results = dict(self.harness.files.results)
        for status in file_outbox.list_statuses(self.harness.store.db, ["done"]):
            assert results[status.file] == "kept"

    @invariant()
    def no_file_is_sent_before_its_form(self) -> None:
        if self.restores:
            return  # the form of a file that has come may have been lost since
        sql = "select file from files f join outbox p on p.subject = f.parent where f.sent > 0 and p.state <> 'done'"
        assert self.harness.store.db.execute(sql).fetchall() == []

    @invariant()
    def only_bad_files_are_set_aside(self) -> None:
        refused = {status.file for status in file_outbox.list_statuses(self.harness.store.db, ["refused"])}
        assert refused <= set(self.bad), "I4"

    def teardown(self) -> None:
        try:
            self.check_final_state()
        finally:
            self.harness.close()

    def check_final_state(self) -> None:
        """End all faults, let time pass, and check that every good file is delivered and every bad one refused."""
        self.boot()
        self.harness.portal.heal()
        with self.harness.store.write() as db:
            link.resume(db)
        for _ in range(6):
            self.harness.time.advance(3700)
            self.harness.settle(1)
            while self.harness.pull():
                pass
        assert count_by_state(self.harness.store.db)["todo"] == 0, "I6"
        for file, name in self.good.items():
            assert self.harness.is_delivered(file), f"I6: {self.harness.status_of(file)}"
            assert name in self.harness.file_store.whole, f"I10: {file}"
        for file in self.bad:
            assert self.harness.status_of(file).state == "refused", "I5"


def search(machine: type[FileTransferMachine], examples: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_file_transfer_keeps_the_invariants() -> None:
    search(FileTransferMachine, 40)


@pytest.mark.faults
def test_the_file_transfer_keeps_the_invariants_in_many_more_walks() -> None:
    search(FileTransferMachine, 500)


class LastChunkSentIsKept(FileTransfer):
    """Defect: a file counts as delivered when its last chunk was sent, without an answer."""

    def _chunk_failed(self, transfer, chunk, error, *, now):
        if not (chunk.is_last and isinstance(error, errors.Unsure)):
            super()._chunk_failed(transfer, chunk, error, now=now)
            return
        with self._store.write() as db:
            file_outbox.mark_done(db, transfer.row.file, link.state(db).epoch, now)
            self._apply_result(db, transfer.row.file, "kept")
        self._transfer = None


class AnyChunkIsKept(FileTransfer):
    """Defect: an answer to a chunk counts for the whole file."""

    def _chunk_sent(self, transfer, chunk, progress, *, now):
        super()._chunk_sent(transfer, chunk, progress, now=now)
        with self._store.write() as db:
            file_outbox.mark_done(db, transfer.row.file, progress.epoch, now)
            self._apply_result(db, transfer.row.file, "kept")


class AuditWithoutFiles(Engine):
    """Defect: an audit leaves out the files."""

    def _finish_audit(self, db, now):
        lost = link.finish_audit(db)
        if lost is not None:
            outbox.reopen_events(db, lost, now)


class NothingIsRefused(FileTransfer):
    """Defect: no file is ever refused."""

    def _refuse(self, db, row, reason, *, code, now):
        file_outbox.put_back(db, row.file, file_outbox.FileRetry(reason, code), now)


class SentCountsAsReceived(FileTransfer):
    """Defect: a chunk that was sent counts as received."""

    def _ask_progress(self, row, now):
        was_due = super()._ask_progress(row, now)
        if self._transfer is not None:
            self._transfer.offset = self.offsets().get(row.file, self._transfer.offset)
        return was_due

    def offsets(self):
        return self._store.__dict__.setdefault("offsets", {})

    def _chunk_failed(self, transfer, chunk, error, *, now):
        self.offsets()[transfer.row.file] = min(chunk.end, transfer.row.size - 1)
        super()._chunk_failed(transfer, chunk, error, now=now)


@pytest.mark.parametrize(
    ("defect", "broken"),
    [
        (AnyChunkIsKept, "I10"),
        (NothingIsRefused, "I[56]"),
        pytest.param(LastChunkSentIsKept, "I10", marks=pytest.mark.faults),
        pytest.param(SentCountsAsReceived, "I6", marks=pytest.mark.faults),
    ],
)
def test_a_defect_in_the_file_transfer_is_found(defect: type[FileTransfer], broken: str) -> None:
    machine = type("Planted", (FileTransferMachine,), {"transfer_class": defect})
    with pytest.raises(AssertionError, match=broken):
        search(machine, 100)


@pytest.mark.faults
def test_an_audit_that_leaves_out_files_is_found() -> None:
    machine = type("Planted", (FileTransferMachine,), {"engine_class": AuditWithoutFiles})
    with pytest.raises(AssertionError, match="I10"):
        search(machine, 100)
