"""The ledger of steps, with a portal of three requests a dossier, none of which may be repeated."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

import pytest

from sync import errors, link, outbox
from sync.parcel import Audit, Hello, Load, Presence, Receipt
from sync.portals.base import StepRefused
from sync.step_ledger import MAX_TRIES, StepwiseAdapter, read_steps
from tests.sync.harness import Harness, PowerCut, Time

STEPS = ("create", "file", "submit")


class Dossiers:
    """A stepwise portal: `done` counts the steps that were done there, `fault` strikes once at a step."""

    epoch = "d1"

    def __init__(self, time: Time) -> None:
        self.time = time
        self.done: dict[tuple[str, str], int] = {}
        self.facts_seen: dict[str, dict[str, str]] = {}
        self.fault: tuple[str, str] | None = None

    def hello(self) -> Hello:
        return Hello(self.epoch, self.time.now, is_maintenance=False, batch_limit=1, bytes_limit=1 << 20)

    def plan(self, load: Load) -> Sequence[str] | StepRefused:
        return StepRefused("never", "Không bao giờ.", is_final=True) if b"never" in load.body else STEPS

    def do(self, load: Load, step: str, facts: Mapping[str, str]) -> str | StepRefused:
        self.facts_seen[step] = dict(facts)
        if self._strikes("before", step):
            raise PowerCut
        if self._strikes("unsent", step):
            raise errors.NotSent("refused")
        if self._strikes("no", step):
            return StepRefused("no", "Cổng nói không.", is_final=True)
        if self._strikes("forgets", step):
            return "12"
        key = (load.subject.id, step)
        self.done[key] = self.done.get(key, 0) + 1
        if self._strikes("after", step):
            raise PowerCut
        if self._strikes("lost", step):
            raise errors.Unsure("reset")
        return f"{step}-{len(self.done)}"

    def verify(self, load: Load, step: str, facts: Mapping[str, str]) -> Presence:
        if self._strikes("line", step):
            raise errors.NotSent("unreachable")
        return "present" if (load.subject.id, step) in self.done else "absent"

    def receipt(self, load: Load, facts: Mapping[str, str]) -> Receipt:
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

    def _strikes(self, what: str, step: str) -> bool:
        if self.fault != (what, step):
            return False
        self.fault = None
        return True


@pytest.fixture
def harness() -> Iterator[Harness]:
    harness = Harness()
    dossiers = Dossiers(harness.time)
    harness.portal = StepwiseAdapter(harness.store, dossiers)  # type: ignore[assignment]
    harness.boot()
    yield harness
    harness.close()


@pytest.fixture
def dossiers(harness: Harness) -> Dossiers:
    return harness.portal._portal  # type: ignore[attr-defined,no-any-return]


def counted(dossiers: Dossiers, subject: str) -> list[int]:
    return [dossiers.done.get((subject, step), 0) for step in STEPS]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("what", ["before", "after", "lost", "unsent", "line", "forgets"])
def test_whatever_strikes_at_a_step_each_is_done_once(
    harness: Harness, dossiers: Dossiers, what: str, step: str
) -> None:
    subject = harness.submit()
    dossiers.fault = (what, step)
    try:
        harness.run_until_idle()
    except PowerCut:
        harness.boot()
    harness.drain()
    assert dossiers.fault is None
    assert harness.state(subject) == "done"
    assert counted(dossiers, subject) == [1, 1, 1]


def test_a_step_is_in_the_ledger_before_its_request(harness: Harness, dossiers: Dossiers) -> None:
    subject = harness.submit()
    dossiers.fault = ("after", "file")
    with pytest.raises(PowerCut):
        harness.run_until_idle()
    found = read_steps(harness.store.db, subject)
    assert [(step, one.is_done) for step, one in found.items()] == [("create", True), ("file", False)]


def test_what_a_step_gave_is_there_for_the_later_ones_after_a_boot(harness: Harness, dossiers: Dossiers) -> None:
    harness.submit()
    dossiers.fault = ("before", "submit")
    with pytest.raises(PowerCut):
        harness.run_until_idle()
    harness.boot()
    harness.drain()
    assert set(dossiers.facts_seen["submit"]) == {"create", "file"}
    assert dossiers.facts_seen["submit"]["create"].startswith("create-")


def test_a_line_that_breaks_between_two_steps_leaves_the_row_unknown(harness: Harness, dossiers: Dossiers) -> None:
    first = harness.submit()
    second = harness.submit()
    dossiers.fault = ("unsent", "file")
    harness.round()
    harness.round()
    assert harness.state(first) == "unknown"
    dossiers.fault = ("unsent", "create")
    harness.time.advance(1200)
    harness.drain()
    assert counted(dossiers, first) == counted(dossiers, second) == [1, 1, 1]


def test_a_line_that_breaks_before_the_first_step_costs_nothing(harness: Harness, dossiers: Dossiers) -> None:
    subject = harness.submit()
    dossiers.fault = ("unsent", "create")
    harness.run_until_idle()
    assert (harness.state(subject), harness.attempts(subject), read_steps(harness.store.db, subject)) == ("todo", 0, {})


def test_a_no_sets_one_aside_and_a_release_begins_anew(harness: Harness, dossiers: Dossiers) -> None:
    subject = harness.submit()
    other = harness.submit()
    dossiers.fault = ("no", "create")
    harness.drain()
    assert (harness.state(subject), harness.state(other)) == ("refused", "done")
    assert read_steps(harness.store.db, subject) == {}
    with harness.store.write() as db:
        outbox.release(db, subject, harness.time.now)
    harness.drain()
    assert counted(dossiers, subject) == [1, 1, 1]


def test_a_form_that_no_step_leads_to_is_set_aside(harness: Harness, dossiers: Dossiers) -> None:
    subject = harness.submit("never")
    harness.drain()
    assert (harness.state(subject), dossiers.done) == ("refused", {})


def test_what_is_never_kept_is_set_aside_after_a_few_tries(harness: Harness, dossiers: Dossiers) -> None:
    subject = harness.submit()
    for _ in range(MAX_TRIES):
        dossiers.fault = ("forgets", "file")
        harness.run_until_idle()
        harness.time.advance(timedelta(hours=1).total_seconds())
    harness.drain()
    assert harness.state(subject) == "refused"
    assert counted(dossiers, subject) == [1, 0, 0]


def test_what_the_portal_lost_goes_through_all_steps_again(harness: Harness, dossiers: Dossiers) -> None:
    subject = harness.submit()
    harness.drain()
    dossiers.done.clear()
    with harness.store.write() as db:
        link.request_audit(db)
    harness.drain()
    assert counted(dossiers, subject) == [1, 1, 1]


def test_a_pause_leaves_no_mark(harness: Harness, dossiers: Dossiers, monkeypatch: pytest.MonkeyPatch) -> None:
    subject = harness.submit()

    def paused(*_: object) -> str:
        raise errors.NotKnown("203")

    monkeypatch.setattr(dossiers, "do", paused)
    harness.run_until_idle()
    assert (harness.state(subject), read_steps(harness.store.db, subject)) == ("todo", {})
    assert link.state(harness.store.db).paused == "auth"


def test_it_says_whether_all_is_done_and_has_no_feed(harness: Harness) -> None:
    subject = harness.submit()
    load = harness.desk.loads[subject]
    assert harness.portal.verify(load) == "absent"
    harness.drain()
    assert harness.portal.verify(load) == "present"
    assert harness.portal.changes("c").cursor == "c"
