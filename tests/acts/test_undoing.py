"""Undo before the event leaves, reopen after it: the case is as before, and the portal hears the right thing."""

from datetime import timedelta

import pytest
from flask import Flask

import sync.outbox
from kiosk.acts import deciding, undoing
from kiosk.acts.deciding import AcceptanceInput
from kiosk.base.clock import FixedClock, timestamp
from kiosk.context import Context
from kiosk.dossiers.decision_filing import CaseRequest, InvalidDecision, seconds_to_undo
from kiosk.dossiers.opened import open_submission
from kiosk.papers import case_papers
from kiosk.records import audit, decisions, submissions
from kiosk.records.decisions import Decision, DecisionKind
from sync.gateway import contract_schema
from sync.parcel import Subject
from tests.acts.test_deciding import (
    ACTS,
    ACTS_TO_REACH,
    OFFICIAL,
    WORDS,
    case_of,
    case_request,
    decide_all,
    decisions_of,
    event_of,
)

SECONDS = 8


@pytest.fixture
def context(app: Flask, birth_filed: Context) -> Context:
    """Return the context of a ward where a mother has submitted her form."""
    context: Context = app.extensions["context"]
    return context


def decided(context: Context, act: DecisionKind) -> Decision:
    for before in ACTS_TO_REACH[decisions.MAY_FOLLOW[act][0]]:
        decide_all(context, before)
    decision = decide_all(context, act)
    assert decision is not None
    return decision


def left(context: Context, decision: Decision) -> float:
    with context.store.read() as db:
        return seconds_to_undo(db, context, decision)


def seen(context: Context) -> int:
    with context.store.read() as db:
        return decisions.count(db, case_of(context).receipt_no)


def request(context: Context) -> CaseRequest:
    return CaseRequest(case_of(context).id, seen(context), "CB01")


@pytest.mark.parametrize("act", ACTS)
def test_each_decision_is_undone_and_the_case_is_as_before(context: Context, act: DecisionKind) -> None:
    for before in ACTS_TO_REACH[decisions.MAY_FOLLOW[act][0]]:
        decide_all(context, before)
    case = case_of(context)
    made = decisions_of(context)
    decision = decide_all(context, act)
    assert decision is not None
    assert undoing.undo(context, decision.id, "CB01") is not None
    after = case_of(context)
    for name in ("desk", "desk_official_no", "desk_due_at", "closed_at"):
        assert getattr(after, name) == getattr(case, name), name
    assert decisions_of(context) == made
    with context.store.read() as db:
        status = sync.outbox.status_of(db, decision.id)
        assert decisions.event(db, decision.id) is None
        assert audit.verify(db, context.audit_key()) is None
    assert status is not None
    assert (status.state, status.last_code) == ("refused", "withdrawn")


def test_an_undo_pressed_twice_is_one_undo(context: Context) -> None:
    decision = decided(context, "accepted")
    assert undoing.undo(context, decision.id, "CB01") is not None
    assert undoing.undo(context, decision.id, "CB01") is None
    assert undoing.undo(context, "0" * 36, "CB01") is None


@pytest.mark.parametrize("seconds", [SECONDS - 1, SECONDS, SECONDS + 1])
def test_the_time_to_undo_ends_with_the_setting(context: Context, clock: FixedClock, seconds: int) -> None:
    decision = decided(context, "accepted")
    clock.advance(seconds)
    assert bool(undoing.undo(context, decision.id, "CB01")) is (seconds < SECONDS)
    assert case_of(context).desk == ("waiting" if seconds < SECONDS else "accepted")


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(hours=-1), timedelta(hours=1), timedelta(days=400)])
def test_a_clock_that_jumps_neither_shortens_nor_lengthens_the_time(
    context: Context, clock: FixedClock, jump: timedelta
) -> None:
    decision = decided(context, "accepted")
    clock.jump(jump.total_seconds())
    assert left(context, decision) == SECONDS
    clock.advance(SECONDS)
    assert left(context, decision) == 0


def test_the_event_waits_until_the_time_is_over_whatever_makes_it_due(context: Context, clock: FixedClock) -> None:
    decision = decided(context, "accepted")
    with context.store.write() as db:
        sync.outbox.mark_sending(db, Subject(case_of(context).id, "submission"), "0" * 64, 1, clock.now())
        sync.outbox.mark_done(db, Subject(case_of(context).id, "submission"), clock.now(), is_created=True)
        sync.outbox.make_due(db)
        assert sync.outbox.next_batch(db, 1, clock.monotonic(), 10) == []
    clock.advance(SECONDS)
    with context.store.read() as db:
        assert [row.subject.id for row in sync.outbox.next_batch(db, 1, clock.monotonic(), 10)] == [decision.id]


def test_a_hold_from_before_a_restart_of_the_machine_has_ended(context: Context, clock: FixedClock) -> None:
    decision = decided(context, "accepted")
    with context.store.write() as db:
        db.execute("update outbox set state = 'done', done_no = 1, digest = ? where kind = 'submission'", ["0" * 64])
        since_start = clock.monotonic() - 500
        assert [row.subject.id for row in sync.outbox.next_batch(db, 1, since_start, 10)] == [decision.id]
    assert decision.seconds_left(since_start) == 0


def test_what_has_left_the_machine_is_not_undone(context: Context, clock: FixedClock) -> None:
    decision = decided(context, "accepted")
    with context.store.write() as db:
        sync.outbox.mark_carried(db, Subject(decision.id, "event"), "0" * 64, "parcel", clock.now())
    assert undoing.undo(context, decision.id, "CB01") is None
    assert case_of(context).desk == "accepted"


def test_only_the_last_act_on_a_case_is_undone(context: Context) -> None:
    first = decided(context, "supplement")
    second = decide_all(context, "accepted")
    assert second is not None
    assert undoing.undo(context, first.id, "CB01") is None
    assert undoing.undo(context, second.id, "CB01") is not None
    assert undoing.undo(context, first.id, "CB01") is not None
    assert case_of(context).desk == "waiting"


def test_a_page_from_before_an_undo_decides_nothing(context: Context) -> None:
    at_first = request(context)
    decision = decided(context, "accepted")
    before_undo = request(context)
    undoing.undo(context, decision.id, "CB01")
    assert deciding.refuse(context, at_first, WORDS) is None
    assert deciding.refuse(context, before_undo, WORDS) is None
    assert deciding.refuse(context, request(context), WORDS) is not None


@pytest.mark.parametrize("act", ACTS)
def test_the_lead_reopens_what_can_no_longer_be_undone(context: Context, clock: FixedClock, act: DecisionKind) -> None:
    for before in ACTS_TO_REACH[decisions.MAY_FOLLOW[act][0]]:
        decide_all(context, before)
    case = case_of(context)
    decide_all(context, act)
    clock.advance(SECONDS + 1)
    made = undoing.reopen(context, request(context), f"  {WORDS} ")
    assert made is not None
    after = case_of(context)
    assert (after.desk, after.desk_due_at, after.closed_at) == (case.desk, case.desk_due_at, None)
    event = event_of(context, made)
    assert contract_schema.validate("Event", event) == []
    assert event["kind"] == "reopened"
    assert event["reopenedTo"] == case.desk
    assert event["reason"] == WORDS
    in_force = decisions.in_force(decisions_of(context))
    assert [row.kind for row in in_force] == ACTS_TO_REACH[decisions.MAY_FOLLOW[act][0]]
    assert decide_all_again(context, act) is not None


def decide_all_again(context: Context, act: DecisionKind) -> Decision | None:
    return ACTS[act](context, request(context))


def test_reopening_keeps_the_city_s_number(context: Context) -> None:
    decided(context, "accepted")
    assert undoing.reopen(context, request(context), WORDS) is not None
    assert case_of(context).desk_official_no == OFFICIAL


def test_a_reopened_case_offers_its_declaration_to_print(context: Context) -> None:
    decided(context, "accepted")
    assert undoing.reopen(context, request(context), WORDS) is not None
    opened = open_submission(context, case_of(context).id)
    assert opened is not None
    assert [paper.id for paper in case_papers.of_step(context, opened)] == [case_papers.DECLARATION]


def test_an_extension_names_the_last_acceptance(context: Context, clock: FixedClock) -> None:
    decided(context, "accepted")
    assert undoing.reopen(context, request(context), WORDS) is not None
    clock.advance(86_400)
    again = decide_all_again(context, "accepted")
    extended = decide_all_again(context, "extended")
    assert again is not None
    assert extended is not None
    assert extended.facts["received"] == timestamp(again.at)


def test_a_case_is_reopened_once_and_only_with_a_reason(context: Context) -> None:
    assert undoing.reopen(context, request(context), WORDS) is None, "nothing is decided yet"
    decided(context, "refused")
    with pytest.raises(InvalidDecision):
        undoing.reopen(context, request(context), " \n ")
    with pytest.raises(InvalidDecision):
        undoing.reopen(context, request(context), "a" * 1001)
    press = request(context)
    assert undoing.reopen(context, press, WORDS) is not None
    assert undoing.reopen(context, press, WORDS) is None
    assert undoing.reopen(context, request(context), WORDS) is None


def test_a_decision_of_an_older_release_is_reopened_too(context: Context) -> None:
    decided(context, "handed_out")
    with context.store.write() as db:
        db.execute("update decisions set before = '{}', undo_until = null")
    assert undoing.reopen(context, request(context), WORDS) is not None
    assert case_of(context).desk == "accepted"


def test_a_number_typed_later_reaches_the_portal_once(context: Context) -> None:
    deciding.accept(context, case_request(context), AcceptanceInput(term=0))
    assert deciding.record_official_no(context, request(context), OFFICIAL)
    assert deciding.record_official_no(context, request(context), OFFICIAL)
    with context.store.read() as db:
        rows = db.execute("select id from decisions where kind = 'numbered'").fetchall()
        numbered = decisions.find(db, rows[0][0])
        case = submissions.find(db, case_of(context).id)
    assert len(rows) == 1
    assert numbered is not None
    assert case is not None
    assert case.desk_official_no == OFFICIAL
    event = event_of(context, numbered)
    assert contract_schema.validate("Event", event) == []
    assert (event["kind"], event["officialNo"], event["seq"]) == ("numbered", OFFICIAL, 2)
    assert [row.kind for row in decisions_of(context)] == ["accepted"], "it is no decision"


def test_the_register_counts_an_acceptance_that_still_holds(context: Context, clock: FixedClock) -> None:
    start = clock.now()

    def received() -> list[str]:
        with context.store.read() as db:
            return decisions.accepted_between(db, start, start + timedelta(days=1))

    number = case_of(context).receipt_no
    decision = decided(context, "accepted")
    assert received() == [number]
    undoing.undo(context, decision.id, "CB01")
    assert received() == []
    ACTS["accepted"](context, request(context))
    assert received() == [number]
    clock.advance(SECONDS)
    undoing.reopen(context, request(context), WORDS)
    assert received() == []
    clock.advance(86400)
    ACTS["accepted"](context, request(context))
    with context.store.read() as db:
        later = decisions.accepted_between(db, start + timedelta(days=1), start + timedelta(days=2))
    assert later == [number]
