"""Audits after a restore of the portal, and verification where sending again would make a duplicate."""

from collections.abc import Callable, Sequence

import pytest

from sync import link
from sync.parcel import Audit, Outcome
from tests.sync.harness import Harness


def test_after_a_restore_the_missing_are_sent_again_with_their_events(harness: Harness) -> None:
    forms = [harness.submit() for _ in range(8)]
    events = [harness.add_event(form, 1) for form in forms]
    harness.drain()
    harness.portal.restore(5, "e2")
    last = harness.submit()
    harness.time.advance(3600)
    harness.drain()
    assert set(harness.portal.bodies) == {*forms, last}
    assert set(harness.portal.events) == set(events)
    assert sorted(subject for subject, outcome in harness.desk.outcomes if outcome.kind == "lost") == sorted(
        [*forms[5:], *events[:5]]
    )
    assert {harness.delivery(form) for form in forms} == {"sent"}
    assert not link.state(harness.store.db).is_auditing


def test_an_audit_that_finds_nothing_sends_nothing_again(harness: Harness) -> None:
    form = harness.submit()
    harness.add_event(form, 1)
    harness.drain()
    with harness.store.write() as db:
        link.request_audit(db)
    sent = len(harness.portal.sizes)
    harness.time.advance(3600)
    harness.drain()
    assert harness.portal.calls[-1] == "missing"
    assert len(harness.portal.sizes) == sent


def test_an_audit_that_finds_other_bytes_raises_a_conflict(harness: Harness) -> None:
    form = harness.submit()
    harness.run_until_idle()
    harness.portal.bodies[form] = [b"{}"]
    with harness.store.write() as db:
        link.request_audit(db)
    harness.run_until_idle()
    assert (harness.state(form), harness.delivery(form)) == ("refused", "quarantined")


@pytest.mark.parametrize(
    ("spoil", "state", "delivery"),
    [
        (lambda harness, form: None, "done", "sent"),
        (lambda harness, form: harness.portal.bodies.pop(form), "done", "sent"),
        (lambda harness, form: harness.portal.bodies.update({form: [b"{}"]}), "refused", "quarantined"),
    ],
)
def test_a_portal_that_cannot_be_repeated_is_asked_first(
    harness: Harness, spoil: Callable[[Harness, str], object], state: str, delivery: str
) -> None:
    harness.portal.is_repeatable = False
    form = harness.submit()
    harness.portal.fault = "answer lost"
    harness.run_until_idle()
    spoil(harness, form)
    harness.portal.heal()
    harness.drain()
    assert "verify" in harness.portal.calls
    assert (harness.state(form), harness.delivery(form)) == (state, delivery)
    assert len(harness.portal.bodies[form]) == 1


@pytest.mark.parametrize("fault", ["500", "401", "down"])
def test_an_audit_that_cannot_be_answered_waits_and_delays_no_form(harness: Harness, fault: str) -> None:
    forms = [harness.submit() for _ in range(3)]
    harness.run_until_idle()
    harness.portal.bodies.pop(forms[0])
    with harness.store.write() as db:
        link.request_audit(db)
    harness.portal.fault = fault
    harness.run_until_idle()
    assert link.state(harness.store.db).is_auditing
    harness.portal.heal()
    harness.time.advance(800)
    late = harness.submit()
    harness.run_until_idle()
    assert {harness.state(form) for form in [*forms, late]} == {"done"}
    assert not link.state(harness.store.db).is_auditing


def test_a_question_that_fails_leaves_the_form_unknown(harness: Harness) -> None:
    harness.portal.is_repeatable = False
    form = harness.submit()
    harness.portal.fault = "answer lost"
    harness.run_until_idle()
    harness.portal.fault = "500"
    harness.time.advance(700)
    harness.run_until_idle()
    assert harness.state(form) == "unknown"
    harness.portal.heal()
    harness.portal.verify = lambda load: "cannot_tell"
    harness.time.advance(700)
    harness.run_until_idle()
    assert (harness.state(form), harness.portal.calls.count("send")) == ("unknown", 1)
    del harness.desk.loads[form]
    harness.time.advance(700)
    harness.run_until_idle()
    assert harness.state(form) == "refused"


def test_forms_that_a_restored_portal_accepted_since_do_not_hide_an_event_that_it_lost(harness: Harness) -> None:
    harness.portal.answers_about_events = False
    first = harness.submit()
    harness.run_until_idle()
    event = harness.add_event(first, 1)
    harness.run_until_idle()
    harness.submit()
    harness.run_until_idle()
    harness.pull()
    harness.portal.restore(1, "e1")
    harness.submit()
    harness.run_until_idle()
    with harness.store.write() as db:
        link.request_audit(db)
    harness.drain()
    assert event in harness.portal.events


def test_an_audit_asks_about_no_more_submissions_and_events_at_once_than_the_portal_answers(harness: Harness) -> None:
    forms = [harness.submit() for _ in range(5)]
    events = [harness.add_event(form, seq) for form in forms for seq in (1, 2, 3)]
    harness.drain()
    questions: list[int] = []
    ask = harness.portal.missing

    def ask_and_count(known: Sequence[tuple[str, str]], events: Sequence[str]) -> Audit:
        questions.append(len(known) + len(events))
        return ask(known, events)

    harness.portal.missing = ask_and_count
    harness.engine._audit_limit = 9
    harness.portal.events.pop(events[-1])
    with harness.store.write() as db:
        link.request_audit(db)
    harness.drain()
    assert questions == [8, 8, 4]
    assert set(harness.portal.events) == set(events)


def test_an_event_that_was_lost_alone_is_sent_again_when_the_cursor_shows_the_restore(harness: Harness) -> None:
    harness.portal.answers_about_events = False
    first = harness.submit()
    harness.run_until_idle()
    harness.portal.change_status(first, 2)
    harness.pull()
    event = harness.add_event(first, 1)
    harness.run_until_idle()
    harness.portal.restore(1, "e1")
    harness.submit()
    harness.run_until_idle()
    harness.portal.feed = harness.portal.feed[:1]
    while harness.pull():
        pass
    harness.drain()
    assert event in harness.portal.events


@pytest.mark.parametrize("is_doubted", [False, True])
def test_to_ask_again_in_the_middle_of_an_audit_loses_no_event(harness: Harness, is_doubted: bool) -> None:
    harness.portal.answers_about_events = False
    first = harness.submit()
    harness.run_until_idle()
    second = harness.submit()
    harness.run_until_idle()
    event = harness.add_event(first, 1)
    harness.run_until_idle()
    while harness.pull():
        pass
    harness.portal.restore(1, "e2")
    harness.submit()
    while harness.portal.calls[-1] != "missing":
        assert harness.round()
    while harness.state(second) != "done":
        assert harness.round()
    assert event not in harness.portal.events
    assert link.state(harness.store.db).is_auditing
    with harness.store.write() as db:
        link.request_audit(db, is_doubted=is_doubted)
    harness.drain()
    assert event in harness.portal.events


def test_the_form_that_an_event_waits_for_is_sent_again_when_the_portal_has_lost_it(harness: Harness) -> None:
    form = harness.submit()
    first = harness.add_event(form, 1)
    harness.run_until_idle()
    harness.portal.bodies.pop(form)
    harness.portal.events.pop(first)
    second = harness.add_event(form, 2)
    harness.drain()
    assert set(harness.portal.events) == {first, second}
    assert [subject for subject, outcome in harness.desk.outcomes if outcome.kind == "lost"] == [form, first]
    assert harness.delivery(form) == "sent"


def test_a_correction_of_a_form_whose_refusal_the_portal_forgot_does_not_wait_for_ever(harness: Harness) -> None:
    before = harness.submit("invalid")
    harness.run_until_idle()
    harness.portal.refused.clear()
    after = harness.submit(supersedes=before)
    harness.drain()
    assert (harness.state(before), harness.state(after)) == ("refused", "done")
    assert harness.delivery(before) == "quarantined"


@pytest.mark.parametrize("flaw", ["poison", "huge", "unreadable"])
def test_a_correction_of_a_form_that_never_arrived_is_sent(harness: Harness, flaw: str) -> None:
    before = harness.submit(flaw)
    if flaw == "unreadable":
        del harness.desk.loads[before]
    event = harness.add_event(before, 1)
    harness.run_until_idle()
    after = harness.submit(supersedes=before)
    harness.drain()
    assert (harness.state(before), harness.state(after)) == ("refused", "done")
    assert harness.state(event) == "todo", "it belongs to the form before, until the desk moves it"


def test_an_event_after_one_that_was_set_aside_is_sent(harness: Harness) -> None:
    form = harness.submit()
    first, second, third = (harness.add_event(form, seq) for seq in (1, 2, 3))
    del harness.desk.loads[second]
    harness.drain()
    assert [harness.state(event) for event in (first, second, third)] == ["done", "refused", "done"]


def test_a_portal_that_says_wait_for_ever_is_asked_less_and_less(harness: Harness) -> None:
    form = harness.submit()
    harness.run_until_idle()
    harness.portal._accept_event = lambda event: Outcome("wait", retry_after=60)
    event = harness.add_event(form, 1)
    harness.drain(hours=3)
    assert harness.state(event) == "todo"
    assert harness.attempts(event) < 40
    assert harness.state(form) == "done"
