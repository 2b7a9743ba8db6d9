"""Asking a portal what it has: after a restore, and where sending again would be twice."""

from collections.abc import Callable

import pytest

from sync import link
from sync.parcel import Outcome
from tests.sync.room import Room


def test_after_a_restore_the_missing_are_sent_again_with_their_events(room: Room) -> None:
    forms = [room.submit() for _ in range(8)]
    events = [room.act(form, 1) for form in forms]
    room.drain()
    room.portal.restore(5, "e2")
    last = room.submit()
    room.time.forward(3600)
    room.drain()
    assert set(room.portal.bodies) == {*forms, last}
    assert set(room.portal.events) == set(events)
    assert sorted(subject for subject, outcome in room.desk.told if outcome.kind == "lost") == sorted(forms[5:])
    assert {room.word(form) for form in forms} == {"sent"}
    assert not link.state(room.store.db).is_auditing


def test_an_audit_that_finds_nothing_sends_nothing_again(room: Room) -> None:
    form = room.submit()
    room.act(form, 1)
    room.drain()
    with room.store.write() as db:
        link.ask_audit(db)
    sent = len(room.portal.sizes)
    room.time.forward(3600)
    room.drain()
    assert room.portal.calls[-1] == "missing"
    assert len(room.portal.sizes) == sent


def test_an_audit_that_finds_other_bytes_raises_a_conflict(room: Room) -> None:
    form = room.submit()
    room.rest()
    room.portal.bodies[form] = [b"{}"]
    with room.store.write() as db:
        link.ask_audit(db)
    room.rest()
    assert (room.state(form), room.word(form)) == ("refused", "quarantined")


@pytest.mark.parametrize(
    ("spoil", "state", "word"),
    [
        (lambda room, form: None, "done", "sent"),
        (lambda room, form: room.portal.bodies.pop(form), "done", "sent"),
        (lambda room, form: room.portal.bodies.update({form: [b"{}"]}), "refused", "quarantined"),
    ],
)
def test_a_portal_that_cannot_be_repeated_is_asked_first(
    room: Room, spoil: Callable[[Room, str], object], state: str, word: str
) -> None:
    room.portal.is_repeatable = False
    form = room.submit()
    room.portal.fault = "answer lost"
    room.rest()
    spoil(room, form)
    room.portal.heal()
    room.drain()
    assert "verify" in room.portal.calls
    assert (room.state(form), room.word(form)) == (state, word)
    assert len(room.portal.bodies[form]) == 1


@pytest.mark.parametrize("fault", ["500", "401", "down"])
def test_an_audit_that_cannot_be_answered_waits_and_holds_up_nobody(room: Room, fault: str) -> None:
    forms = [room.submit() for _ in range(3)]
    room.rest()
    room.portal.bodies.pop(forms[0])
    with room.store.write() as db:
        link.ask_audit(db)
    room.portal.fault = fault
    room.rest()
    assert link.state(room.store.db).is_auditing
    room.portal.heal()
    room.time.forward(800)
    late = room.submit()
    room.rest()
    assert {room.state(form) for form in [*forms, late]} == {"done"}
    assert not link.state(room.store.db).is_auditing


def test_a_question_that_fails_leaves_the_form_unknown(room: Room) -> None:
    room.portal.is_repeatable = False
    form = room.submit()
    room.portal.fault = "answer lost"
    room.rest()
    room.portal.fault = "500"
    room.time.forward(700)
    room.rest()
    assert room.state(form) == "unknown"
    room.portal.heal()
    room.portal.verify = lambda load: "cannot_tell"
    room.time.forward(700)
    room.rest()
    assert (room.state(form), room.portal.calls.count("send")) == ("unknown", 1)
    del room.desk.safe[form]
    room.time.forward(700)
    room.rest()
    assert room.state(form) == "refused"


def test_what_the_restored_portal_took_since_does_not_hide_an_event_that_it_lost(room: Room) -> None:
    first = room.submit()
    room.rest()
    event = room.act(first, 1)
    room.rest()
    room.submit()
    room.rest()
    room.pull()
    room.portal.restore(1, "e1")
    room.submit()
    room.rest()
    with room.store.write() as db:
        link.ask_audit(db)
    room.drain()
    assert event in room.portal.events


def test_an_event_that_was_lost_alone_is_sent_again_when_the_cursor_tells_of_the_restore(room: Room) -> None:
    first = room.submit()
    room.rest()
    room.portal.change(first, 2)
    room.pull()
    event = room.act(first, 1)
    room.rest()
    room.portal.restore(1, "e1")
    room.submit()
    room.rest()
    room.portal.feed = room.portal.feed[:1]
    while room.pull():
        pass
    room.drain()
    assert event in room.portal.events


@pytest.mark.parametrize("is_doubted", [False, True])
def test_to_ask_again_in_the_middle_of_an_audit_loses_no_event(room: Room, is_doubted: bool) -> None:
    first = room.submit()
    room.rest()
    second = room.submit()
    room.rest()
    event = room.act(first, 1)
    room.rest()
    while room.pull():
        pass
    room.portal.restore(1, "e2")
    room.submit()
    while room.portal.calls[-1] != "missing":
        assert room.round()
    while room.state(second) != "done":
        assert room.round()
    assert event not in room.portal.events
    assert link.state(room.store.db).is_auditing
    with room.store.write() as db:
        link.ask_audit(db, is_doubted=is_doubted)
    room.drain()
    assert event in room.portal.events


def test_what_an_event_waits_for_is_sent_again_when_the_portal_has_lost_it(room: Room) -> None:
    form = room.submit()
    first = room.act(form, 1)
    room.rest()
    room.portal.bodies.pop(form)
    room.portal.events.pop(first)
    second = room.act(form, 2)
    room.drain()
    assert set(room.portal.events) == {first, second}
    assert [subject for subject, outcome in room.desk.told if outcome.kind == "lost"] == [form, first]
    assert room.word(form) == "sent"


def test_a_correction_of_a_form_whose_refusal_the_portal_forgot_does_not_wait_for_ever(room: Room) -> None:
    before = room.submit("invalid")
    room.rest()
    room.portal.refused.clear()
    after = room.submit(supersedes=before)
    room.drain()
    assert (room.state(before), room.state(after)) == ("refused", "done")
    assert room.word(before) == "quarantined"


@pytest.mark.parametrize("flaw", ["poison", "huge", "unreadable"])
def test_a_correction_of_a_form_that_never_came_leaves(room: Room, flaw: str) -> None:
    before = room.submit(flaw)
    if flaw == "unreadable":
        del room.desk.safe[before]
    act = room.act(before, 1)
    room.rest()
    after = room.submit(supersedes=before)
    room.drain()
    assert (room.state(before), room.state(after)) == ("refused", "done")
    assert room.state(act) == "todo", "it belongs to the one before, until somebody says otherwise"


def test_an_act_behind_one_that_was_set_aside_leaves(room: Room) -> None:
    form = room.submit()
    first, second, third = (room.act(form, seq) for seq in (1, 2, 3))
    del room.desk.safe[second]
    room.drain()
    assert [room.state(one) for one in (first, second, third)] == ["done", "refused", "done"]


def test_a_portal_that_says_wait_for_ever_is_asked_less_and_less(room: Room) -> None:
    form = room.submit()
    room.rest()
    room.portal._take_event = lambda event: Outcome("wait", retry_after=60)
    event = room.act(form, 1)
    room.drain(hours=3)
    assert room.state(event) == "todo"
    assert room.attempts(event) < 40
    assert room.state(form) == "done"
