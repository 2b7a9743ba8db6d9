"""The step ledger, with a portal of three requests a form, none of which may be repeated."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

import pytest

from sync import errors, link, outbox
from sync.parcel import Audit, Hello, Payload, Presence, Receipt
from sync.portals.base import StepRefused
from sync.step_ledger import MAX_TRIES, StepwiseAdapter, read_steps
from tests.sync.harness import Harness, PowerCut, Time

STEPS = ("create", "file", "submit")


class StepwisePortal:
    """A stepwise portal: `done` counts its completed steps, `fault` is a fault and the step that it hits once."""

    epoch = "d1"

    def __init__(self, time: Time) -> None:
        self.time = time
        self.done: dict[tuple[str, str], int] = {}
        self.facts_seen: dict[str, dict[str, str]] = {}
        self.fault: tuple[str, str] | None = None

    def hello(self) -> Hello:
        return Hello(self.epoch, self.time.now, is_maintenance=False, batch_limit=1, bytes_limit=1 << 20)

    def plan(self, load: Payload) -> Sequence[str] | StepRefused:
        return StepRefused("never", "Không bao giờ.", is_final=True) if b"never" in load.body else STEPS

    def do(self, load: Payload, step: str, facts: Mapping[str, str]) -> str | StepRefused:
        self.facts_seen[step] = dict(facts)
        if self._is_hit("before", step):
            raise PowerCut
        if self._is_hit("unsent", step):
            raise errors.NotSent("refused")
        if self._is_hit("no", step):
            return StepRefused("no", "Cổng nói không.", is_final=True)
        if self._is_hit("forgets", step):
            return "12"
        key = (load.subject.id, step)
        self.done[key] = self.done.get(key, 0) + 1
        if self._is_hit("after", step):
            raise PowerCut
        if self._is_hit("lost", step):
            raise errors.Unsure("reset")
        return f"{step}-{len(self.done)}"

    def verify(self, load: Payload, step: str, facts: Mapping[str, str]) -> Presence:
        if self._is_hit("down", step):
            raise errors.NotSent("unreachable")
        return "present" if (load.subject.id, step) in self.done else "absent"

    def receipt(self, load: Payload, facts: Mapping[str, str]) -> Receipt:
        return Receipt(
            submission_id=load.subject.id,
            digest=load.digest,
            received_at="",
            revision=1,
            status_code=1,
            note=", ".join(sorted(facts)),
        )

    def missing(self, known: Sequence[tuple[str, str]]) -> Audit:
        gone = {subject for subject, _ in known if (subject, "submit") not in self.done}
        return Audit(self.epoch, frozenset(gone), frozenset())

    def close(self) -> None:
        self.done.clear()

    def _is_hit(self, fault: str, step: str) -> bool:
        if self.fault != (fault, step):
            return False
        self.fault = None
        return True


@pytest.fixture
def harness() -> Iterator[Harness]:
    harness = Harness()
    portal = StepwisePortal(harness.time)
    harness.portal = StepwiseAdapter(harness.store, portal)  # type: ignore[assignment]
    harness.boot()
    yield harness
    harness.close()


@pytest.fixture
def portal(harness: Harness) -> StepwisePortal:
    return harness.portal._portal  # type: ignore[attr-defined,no-any-return]


def step_counts(portal: StepwisePortal, subject: str) -> list[int]:
    return [portal.done.get((subject, step), 0) for step in STEPS]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("fault", ["before", "after", "lost", "unsent", "down", "forgets"])
def test_each_step_is_done_once_whatever_fails(harness: Harness, portal: StepwisePortal, fault: str, step: str) -> None:
    subject = harness.submit()
    portal.fault = (fault, step)
    try:
        harness.run_until_idle()
    except PowerCut:
        harness.boot()
    harness.drain()
    assert portal.fault is None
    assert harness.state(subject) == "done"
    assert step_counts(portal, subject) == [1, 1, 1]


def test_a_step_is_in_the_ledger_before_its_request(harness: Harness, portal: StepwisePortal) -> None:
    subject = harness.submit()
    portal.fault = ("after", "file")
    with pytest.raises(PowerCut):
        harness.run_until_idle()
    entries = read_steps(harness.store.db, subject)
    assert [(step, entry.is_done) for step, entry in entries.items()] == [("create", True), ("file", False)]


def test_the_result_of_a_step_is_available_to_later_steps_after_a_boot(
    harness: Harness, portal: StepwisePortal
) -> None:
    harness.submit()
    portal.fault = ("before", "submit")
    with pytest.raises(PowerCut):
        harness.run_until_idle()
    harness.boot()
    harness.drain()
    assert set(portal.facts_seen["submit"]) == {"create", "file"}
    assert portal.facts_seen["submit"]["create"].startswith("create-")


def test_a_connection_that_breaks_between_two_steps_leaves_the_row_unknown(
    harness: Harness, portal: StepwisePortal
) -> None:
    first = harness.submit()
    second = harness.submit()
    portal.fault = ("unsent", "file")
    harness.round()
    harness.round()
    assert harness.state(first) == "unknown"
    portal.fault = ("unsent", "create")
    harness.time.advance(1200)
    harness.drain()
    assert step_counts(portal, first) == step_counts(portal, second) == [1, 1, 1]


def test_a_connection_that_breaks_before_the_first_step_costs_nothing(harness: Harness, portal: StepwisePortal) -> None:
    subject = harness.submit()
    portal.fault = ("unsent", "create")
    harness.run_until_idle()
    assert (harness.state(subject), harness.attempts(subject), read_steps(harness.store.db, subject)) == ("todo", 0, {})


def test_a_refused_step_sets_one_form_aside_and_a_release_begins_again(
    harness: Harness, portal: StepwisePortal
) -> None:
    subject = harness.submit()
    other = harness.submit()
    portal.fault = ("no", "create")
    harness.drain()
    assert (harness.state(subject), harness.state(other)) == ("refused", "done")
    assert read_steps(harness.store.db, subject) == {}
    with harness.store.write() as db:
        outbox.release(db, subject, harness.time.now)
    harness.drain()
    assert step_counts(portal, subject) == [1, 1, 1]


def test_a_form_without_a_plan_is_set_aside(harness: Harness, portal: StepwisePortal) -> None:
    subject = harness.submit("never")
    harness.drain()
    assert (harness.state(subject), portal.done) == ("refused", {})


def test_a_form_that_is_never_kept_is_set_aside_after_a_few_tries(harness: Harness, portal: StepwisePortal) -> None:
    subject = harness.submit()
    for _ in range(MAX_TRIES):
        portal.fault = ("forgets", "file")
        harness.run_until_idle()
        harness.time.advance(timedelta(hours=1).total_seconds())
    harness.drain()
    assert harness.state(subject) == "refused"
    assert step_counts(portal, subject) == [1, 0, 0]


def test_a_form_that_the_portal_lost_goes_through_all_steps_again(harness: Harness, portal: StepwisePortal) -> None:
    subject = harness.submit()
    harness.drain()
    portal.done.clear()
    with harness.store.write() as db:
        link.request_audit(db)
    harness.drain()
    assert step_counts(portal, subject) == [1, 1, 1]


def test_a_pause_leaves_no_ledger_entry(
    harness: Harness, portal: StepwisePortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = harness.submit()

    def paused(*_: object) -> str:
        raise errors.NotKnown("203")

    monkeypatch.setattr(portal, "do", paused)
    harness.run_until_idle()
    assert (harness.state(subject), read_steps(harness.store.db, subject)) == ("todo", {})
    assert link.state(harness.store.db).paused == "auth"


def test_the_adapter_verifies_all_steps_and_has_no_feed(harness: Harness) -> None:
    subject = harness.submit()
    load = harness.desk.loads[subject]
    assert harness.portal.verify(load) == "absent"
    harness.drain()
    assert harness.portal.verify(load) == "present"
    assert harness.portal.changes("c").cursor == "c"
