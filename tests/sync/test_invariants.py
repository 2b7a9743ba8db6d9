"""Invariants of delivery, checked by a Hypothesis state machine that cuts power and connection at any moment.

All tests name the invariants by these numbers:

    I1   A printed or shown receipt has a row on the kiosk (tests/simulation/test_receipts.py).
    I2   A body is at the portal at most once.
    I3   `sent` implies that the portal has the same bytes, unless it was restored since.
    I4   Only bad forms and files are refused.
    I5   A bad form or file ends as refused and blocks no other.
    I6   After all faults have ended and time has passed, every good form and file is delivered.
    I7   Receipt numbers never repeat.
    I8   Attempts in an hour of outage are bounded.
    I9   Nothing is sent or asked while delivery is paused.
    I10  `confirmed` implies that the portal has every file, by its hash (test_file_invariants.py).
    I11  A receipt's revision never goes back, and no change is lost.
    I12  A body is never on the disk in plain text.
    I13  After a restore of the kiosk nothing acknowledged before is lost; a body that is sent again is a duplicate.
    I14  A draft that was begun on an old form version can be finished and sent.

The search must find each planted defect below.
"""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from sync import errors, link, outbox
from sync.engine import Engine
from sync.parcel import Outcome, Parcel, Payload, Receipt, Sent
from tests.sync.harness import Harness, ModelPortal, PowerCut

FAULTS = ["down", "answer lost", "captive", "500", "401", "429", "426", "maintenance", "large", "forgetful", "retry",
          "cut before", "cut after"]  # fmt: skip


class DeliveryMachine(RuleBasedStateMachine):
    """State machine of a kiosk, a portal, and every fault between them."""

    portal_class: type[ModelPortal] = ModelPortal
    engine_class: type[Engine] = Engine

    def __init__(self) -> None:
        super().__init__()
        self.harness = Harness(seed=7)
        self.harness.portal.__class__ = self.portal_class
        self.harness.engine.__class__ = self.engine_class
        self.good: list[str] = []
        self.bad: list[str] = []
        self.events: list[str] = []
        self.revisions: dict[str, tuple[str, int]] = {}
        self.restores = 0

    # --- actions of citizens and officers

    @rule(n=st.integers(1, 4))
    def submit(self, n: int) -> None:
        self.good += [self.harness.submit() for _ in range(n)]

    @rule(kind=st.sampled_from(["invalid", "poison", "huge"]))
    def submit_bad_form(self, kind: str) -> None:
        self.bad.append(self.harness.submit(kind))

    @precondition(lambda self: self.good)
    @rule(data=st.data())
    def decide(self, data: st.DataObject) -> None:
        form = data.draw(st.sampled_from(self.good))
        seq = 1 + sum(self.harness.desk.loads[event].submission_id == form for event in self.events)
        self.events.append(self.harness.add_event(form, seq))

    @precondition(lambda self: self.good or self.bad)
    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        before = data.draw(st.sampled_from([*self.good, *self.bad]))
        self.good.append(self.harness.submit(supersedes=before))

    # --- faults and time

    @rule(fault=st.sampled_from(FAULTS))
    def break_something(self, fault: str) -> None:
        self.harness.portal.fault = fault

    @rule(fault=st.sampled_from(["", *FAULTS]), n=st.integers(1, 3), seconds=st.sampled_from([0, 30, 700]))
    def submit_during_a_fault(self, fault: str, n: int, seconds: int) -> None:
        self.harness.time.advance(seconds)
        self.harness.portal.fault = fault
        self.submit(n)
        self.rounds(5)

    @rule()
    def heal(self) -> None:
        self.harness.portal.heal()

    @rule(seconds=st.sampled_from([1, 30, 700, 3700]))
    def wait(self, seconds: int) -> None:
        self.harness.time.advance(seconds)

    @rule()
    def change_the_wall_clock(self) -> None:
        self.harness.time.now = self.harness.time.now.replace(year=2031 if self.harness.time.now.year != 2031 else 2019)

    @rule(call=st.sampled_from(["pack", "settle"]))
    def cut_the_power(self, call: str) -> None:
        self.harness.desk.power_cut_in = call

    @rule(n=st.integers(1, 6))
    def rounds(self, n: int) -> None:
        for _ in range(n):
            self.do_round()

    @rule()
    def pull(self) -> None:
        if self.harness.link.run:
            self.harness.pull()

    @precondition(lambda self: self.harness.portal.receipts)
    @rule(data=st.data(), code=st.integers(2, 10))
    def portal_changes_a_status(self, data: st.DataObject, code: int) -> None:
        self.harness.portal.change_status(data.draw(st.sampled_from(sorted(self.harness.portal.receipts))), code)

    @precondition(lambda self: self.restores < 2)
    @rule(keep=st.integers(0, 6))
    def restore_the_portal(self, keep: int) -> None:
        self.restores += 1
        self.harness.portal.restore(keep, f"e{self.restores + 1}")

    def do_round(self) -> None:
        is_open = self.harness.link.run == 0 or self.harness.link.is_open(self.harness.store.db)
        calls = len(self.harness.portal.calls)
        try:
            self.harness.round()
        except PowerCut:
            self.boot()
        assert is_open or len(self.harness.portal.calls) == calls, "I9: sent while paused"

    def boot(self) -> None:
        self.harness.portal.fault = self.harness.portal.fault.replace("cut before", "").replace("cut after", "")
        self.harness.boot()
        self.harness.engine.__class__ = self.engine_class

    # --- invariants

    @invariant()
    def a_body_is_at_the_portal_at_most_once(self) -> None:
        copies = [body for bodies in self.harness.portal.bodies.values() for body in bodies]
        assert len(copies) == len(set(copies)), "I2"

    @invariant()
    def sent_means_that_the_portal_has_the_same_bytes(self) -> None:
        if (
            link.state(self.harness.store.db).epoch != self.harness.portal.epoch
            or link.state(self.harness.store.db).is_auditing
        ):
            return  # restored, and not audited yet
        for form in [*self.good, *self.bad]:
            if self.harness.delivery(form) == "sent":
                assert self.harness.portal.bodies.get(form) == [self.harness.desk.loads[form].body], "I3"

    @invariant()
    def only_bad_forms_are_set_aside(self) -> None:
        for form in [*self.good, *self.events]:
            assert self.harness.delivery(form) != "quarantined", "I4"

    @invariant()
    def a_revision_never_goes_back(self) -> None:
        sql = (
            "select subject, o.epoch, d.revision from outbox o join desk d using (subject) where d.revision is not null"
        )
        for subject, epoch, revision in self.harness.store.db.execute(sql):
            before = self.revisions.get(subject, ("", 0))
            assert before[0] != epoch or before[1] <= revision, "I11"
            self.revisions[subject] = (epoch, revision)

    def teardown(self) -> None:
        try:
            self.check_final_state()
        finally:
            self.harness.close()

    def check_final_state(self) -> None:
        """End all faults, let time pass, and check that nothing is lost or stuck."""
        self.boot()
        self.harness.portal.heal()
        self.harness.time.advance(3700)
        self.harness.drain(12)
        self.harness.time.advance(3700)
        while self.harness.pull():
            pass
        self.harness.time.advance(3700)
        self.harness.drain(12)
        self.a_body_is_at_the_portal_at_most_once()
        for form in self.good:
            assert self.harness.delivery(form) == "sent", "I6"
            assert form in self.harness.portal.bodies, "I6"
        for event in self.events:
            assert event in self.harness.portal.events, "I6"
        for form in self.bad:
            assert self.harness.state(form) == "refused", "I5"
        for form, receipt in self.harness.portal.receipts.items():
            code = self.harness.store.db.execute("select code from desk where subject = ?", [form]).fetchone()[0]
            assert code == receipt.status_code, "I11: a change was lost"


def search(machine: type[DeliveryMachine], examples: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_engine_keeps_the_invariants() -> None:
    search(DeliveryMachine, 150)


class AnyAnswerIsSuccess(ModelPortal):
    """Defect: any response with 200 counts as an acknowledgement."""

    def send(self, loads: Sequence[Payload]) -> Sent:
        try:
            return super().send(loads)
        except errors.Unsure:
            return Sent(self.epoch, {load.subject.id: _accepted(load) for load in loads})

    def hello(self):
        fault = self.fault
        self.fault = ""
        try:
            return super().hello()
        finally:
            self.fault = fault

    def _check_pause(self) -> None:
        if self.fault == "captive":
            raise errors.Unsure("foreign")
        super()._check_pause()


class ResultsByPosition(ModelPortal):
    """Defect: results are matched by position."""

    def send(self, loads: Sequence[Payload]) -> Sent:
        sent = super().send(loads)
        outcomes = list(sent.outcomes.values())
        return Sent(
            sent.epoch,
            {load.subject.id: _with_id_of(load, outcome) for load, outcome in zip(loads, outcomes, strict=False)},
        )


class NoDeduplication(ModelPortal):
    """Defect: a body that the portal has is stored again."""

    def _accept(self, load: Payload) -> Outcome:
        outcome = super()._accept(load)
        if outcome.kind == "duplicate" and isinstance(load, Parcel):
            self.bodies[load.submission_id].append(load.body)
        return outcome


class NewIdForEachTry(ModelPortal):
    """Defect: each attempt has a new id."""

    def _accept(self, load: Payload) -> Outcome:
        if isinstance(load, Parcel) and self.bodies.get(load.submission_id) is None:
            outcome = super()._accept(load)
            if self.fault in ("answer lost", "cut after") and outcome.is_taken:
                self.bodies[f"{load.submission_id}/{len(self.calls)}"] = self.bodies.pop(load.submission_id)
            return outcome
        return super()._accept(load)


class DeleteOnRefusal(ModelPortal):
    """Defect: an expired login refuses the forms."""

    def send(self, loads: Sequence[Payload]) -> Sent:
        try:
            return super().send(loads)
        except errors.NotKnown:
            return Sent(self.epoch, {load.subject.id: Outcome("invalid") for load in loads})


class LoginLostForGood(ModelPortal):
    """Defect: a 401 stops delivery for good."""

    def _check_pause(self) -> None:
        if self.fault == "401":
            raise errors.NotAllowed("401")
        super()._check_pause()


class NoRecovery(Engine):
    """Defect: rows in `sending` are not recovered at a boot."""

    def round(self, now):
        hidden = [row[0] for row in self._store.db.execute("select subject from outbox where state = 'sending'")]
        for subject in hidden:
            self._store.db.execute("update outbox set state = 'refused', lease = null where subject = ?", [subject])
        return super().round(now)


class SentBeforeTheSend(Engine):
    """Defect: the desk sees `sent` before the portal has answered."""

    def _deliver(self, rows, now):
        with self._store.write() as db:
            for row in rows:
                self._apply_outcome(db, row.subject, Outcome("created"))
        return super()._deliver(rows, now)


class NoBisection(Engine):
    """Defect: a refused batch is set aside as a whole."""

    def _split(self, db, rows, error, *, now):
        for row in rows:
            super()._split(db, [row], error, now=now)


class NoAudit(Engine):
    """Defect: an audit sends no request."""

    def _audit(self, span, now):
        with self._store.write() as db:
            link.finish_audit(db)
        return True


class HeadOfLineBlocks(Engine):
    """Defect: the oldest row blocks all others."""

    def _exchange(self, audit, rows, now):
        oldest = self._store.db.execute("select min(no) from outbox where state in ('todo', 'unknown')").fetchone()[0]
        allowed = [
            row
            for row in rows
            if self._store.db.execute("select no from outbox where subject = ?", [row.subject.id]).fetchone()[0]
            == oldest
        ]
        return super()._exchange(audit, allowed, now) if allowed or audit else False

    def _split(self, db, rows, error, *, now):
        for row in rows:
            outbox.put_back(db, row.subject, outbox.OutboxRetry("todo", "poison", "422"), now)


def _accepted(load: Payload) -> Outcome:
    if isinstance(load, Parcel):
        return Outcome(
            "created",
            Receipt(
                submission_id=load.submission_id,
                digest=load.digest,
                received_at="2026-11-24T01:30:00Z",
                revision=1,
                status_code=1,
            ),
        )
    return Outcome("created")


def _with_id_of(load: Payload, outcome: Outcome) -> Outcome:
    return _accepted(load) if outcome.is_taken else outcome


PORTALS = [
    (AnyAnswerIsSuccess, "I[356]"),
    (ResultsByPosition, "I[346]"),
    (NoDeduplication, "I2"),
    (NewIdForEachTry, "I[23]"),
    (DeleteOnRefusal, "I[46]"),
    (LoginLostForGood, "I6"),
]
ENGINES = [
    (NoRecovery, "I6"),
    (SentBeforeTheSend, "I3"),
    (NoBisection, "I[46]"),
    (NoAudit, "I[36]"),
    (HeadOfLineBlocks, "I[56]|become idle"),
]


@pytest.mark.parametrize(("defect", "broken"), PORTALS)
def test_a_defect_of_the_portal_is_found(defect: type[ModelPortal], broken: str) -> None:
    machine = type("Planted", (DeliveryMachine,), {"portal_class": defect})
    with pytest.raises(AssertionError, match=broken):
        search(machine, 150)


@pytest.mark.parametrize(("defect", "broken"), ENGINES)
def test_a_defect_in_the_engine_is_found(defect: type[Engine], broken: str) -> None:
    machine = type("Planted", (DeliveryMachine,), {"engine_class": defect})
    with pytest.raises(AssertionError, match=broken):
        search(machine, 150)
