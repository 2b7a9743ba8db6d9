"""Decisions: which may follow which, once each, sealed, enqueued for the portal; due dates in working days."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from flask import Flask

import sync.outbox
from kiosk.acts import deciding, inspecting, wiping
from kiosk.acts.deciding import AcceptanceInput, HandoverInput, StopInput, SupplementInput
from kiosk.acts.inspecting import PaperTick
from kiosk.base import clock as clocks
from kiosk.base import codes
from kiosk.base.clock import WARD, FixedClock
from kiosk.context import Context
from kiosk.dossiers.decision_filing import CaseRequest, InvalidDecision
from kiosk.records import audit, decisions, submissions
from kiosk.records.decisions import Decision, DecisionKind
from kiosk.records.submissions import Submission
from sync.gateway import contract_schema
from tests.faults.submitting import submit_form

OFFICIAL = "H57.132-261124-0583"
WORDS = "Thiếu chữ ký của người mẹ Ngụy Thị Quạ Kềnh"
LATER = date(2026, 12, 3)

ACTS: dict[DecisionKind, Callable[[Context, CaseRequest], Decision | None]] = {
    "accepted": lambda context, request: deciding.accept(
        context, request, AcceptanceInput(term=0, official_no=OFFICIAL)
    ),
    "supplement": lambda context, request: deciding.request_supplement(
        context, request, SupplementInput(("chung_sinh",), (), WORDS)
    ),
    "refused": lambda context, request: deciding.refuse(context, request, WORDS),
    "extended": lambda context, request: deciding.extend(context, request, due_on=LATER, reason=WORDS),
    "stopped": lambda context, request: deciding.stop(context, request, StopInput(date(2026, 11, 24), WORDS)),
    "handed_out": lambda context, request: deciding.hand_out(
        context, request, HandoverInput("Giấy khai sinh", WORDS[18:], "self")
    ),
}
ACTS_TO_REACH: dict[str, list[DecisionKind]] = {
    "waiting": [],
    "accepted": ["accepted"],
    "supplement": ["supplement"],
    "refused": ["refused"],
    "stopped": ["accepted", "stopped"],
    "handed_out": ["accepted", "handed_out"],
}


@pytest.fixture
def context(app: Flask) -> Context:
    """Return the context of a ward where a mother has submitted her form."""
    context: Context = app.extensions["context"]
    submit_form(context)
    return context


def case_of(context: Context) -> Submission:
    """Return the only case of the ward."""
    with context.store.read() as db:
        ((submission_id,),) = db.execute("select id from submissions where revision = 1").fetchall()
        case = submissions.find(db, submission_id)
    assert case is not None
    return case


def case_request(context: Context) -> CaseRequest:
    case = case_of(context)
    with context.store.read() as db:
        return CaseRequest(case.id, decisions.last_seq(db, case.receipt_no), "CB01")


def decide_all(context: Context, *acts: DecisionKind) -> Decision | None:
    decision = None
    for act in acts:
        decision = ACTS[act](context, case_request(context))
    return decision


def decisions_of(context: Context) -> list[Decision]:
    with context.store.read() as db:
        return decisions.of_case(db, case_of(context).receipt_no)


def event_of(context: Context, decision: Decision) -> dict[str, object]:
    with context.store.read() as db:
        sealed = decisions.event(db, decision.id)
    assert sealed is not None
    event: dict[str, object] = json.loads(context.vault.open(decisions.EVENT, decision.id, sealed))
    return event


@pytest.mark.parametrize("state", ACTS_TO_REACH)
@pytest.mark.parametrize("act", ACTS)
def test_only_what_may_follow_follows(context: Context, state: str, act: DecisionKind) -> None:
    decide_all(context, *ACTS_TO_REACH[state])
    assert case_of(context).desk == state
    decision = decide_all(context, act)
    if state in decisions.MAY_FOLLOW[act]:
        assert decision is not None
        assert decision.seq == len(ACTS_TO_REACH[state]) + 1
        assert case_of(context).desk == decisions.STATE_AFTER[act]
    else:
        assert decision is None
        assert case_of(context).desk == state
        assert len(decisions_of(context)) == len(ACTS_TO_REACH[state])


@pytest.mark.parametrize("act", ACTS)
def test_a_press_that_comes_twice_is_one_act(context: Context, act: DecisionKind) -> None:
    if act in ("extended", "stopped", "handed_out"):
        decide_all(context, "accepted")
    request = case_request(context)
    assert ACTS[act](context, request) is not None
    assert ACTS[act](context, request) is None
    assert [decision.kind for decision in decisions_of(context)].count(act) == 1


def test_a_page_of_this_morning_decides_nothing(context: Context) -> None:
    old = case_request(context)
    decide_all(context, "supplement")
    assert deciding.refuse(context, old, WORDS) is None
    assert deciding.refuse(context, CaseRequest("0" * 36, 0, "CB01"), WORDS) is None
    assert case_of(context).desk == "supplement"


def test_a_form_that_a_correction_supersedes_is_not_decided_on(context: Context) -> None:
    decide_all(context, "supplement")
    old = case_of(context)
    heir = codes.new_id()
    with context.store.write() as db:
        submissions.insert(db, replace(old, id=heir, revision=2, supersedes=old.id), b"sealed")
        correction = submissions.find(db, heir)
    assert correction is not None
    assert correction.desk == "supplement", "the case is the number's, not the form's"
    assert deciding.refuse(context, CaseRequest(old.id, 1, "CB01"), WORDS) is None
    decision = deciding.refuse(context, CaseRequest(heir, 1, "CB01"), WORDS)
    assert decision is not None
    assert (decision.seq, decision.submission_id) == (2, heir)


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_an_event_of_the_contract_behind_its_form(context: Context, act: DecisionKind) -> None:
    if act in ("extended", "stopped", "handed_out"):
        decide_all(context, "accepted")
    decision = decide_all(context, act)
    assert decision is not None
    event = event_of(context, decision)
    assert contract_schema.validate("Event", event) == []
    assert (event["kind"], event["seq"], event["officer"]) == (act, decision.seq, "CB01")
    assert event.get("reason", WORDS) == WORDS or str(event["reason"]).endswith(WORDS)
    with context.store.read() as db:
        row = db.execute("select parent, seq, state from outbox where subject = ?", [decision.id]).fetchone()
    assert row == (case_of(context).id, decision.seq, "todo")


def test_a_decision_without_a_portal_has_no_event(context: Context) -> None:
    with context.store.write() as db:
        db.execute("update submissions set delivery = null")
    decision = decide_all(context, "accepted")
    assert decision is not None
    assert decision.delivery is None
    with context.store.read() as db:
        assert sync.outbox.status_of(db, decision.id) is None
        assert decisions.event(db, decision.id) is None


def test_words_are_sealed_and_the_trail_has_codes_alone(context: Context) -> None:
    decide_all(context, "supplement", "accepted", "extended", "handed_out")
    with context.store.read() as db:
        lines = [line for _at, line in audit.of_subject(db, case_of(context).id)]
        assert audit.verify(db, context.audit_key()) is None
    assert [line.act for line in lines][-4:] == ["supplement", "accepted", "extended", "handed_out"]
    assert {line.actor for line in lines[-4:]} == {"CB01"}
    assert "Quạ" not in str(lines)
    assert "Quạ" not in str(decisions_of(context))
    content = b"".join(path.read_bytes() for path in context.config.folder.rglob("*") if path.is_file())
    assert "Quạ Kềnh".encode() not in content


def test_words_are_deleted_with_the_bodies_and_facts_stay(context: Context, clock: FixedClock) -> None:
    decide_all(context, "accepted", "handed_out")
    first = decisions_of(context)[0]
    clock.advance(timedelta(days=context.config.keep.body_days + 1).total_seconds())
    with context.store.write() as db:
        submissions.set_delivery(db, filed_id := first.submission_id, delivery="confirmed", now=clock.now())
    wiping.wipe_expired(context)
    with context.store.write() as db:
        assert submissions.body(db, filed_id) is None
        assert decisions.detail(db, first.id) is not None, "its event still waits for the line"
        for decision in decisions.of_case(db, first.receipt_no):
            decisions.set_delivery(db, decision.id, "confirmed")
    wiping.wipe_expired(context)
    with context.store.read() as db:
        assert decisions.detail(db, first.id) is None
        assert decisions.event(db, first.id) is None
        assert [decision.kind for decision in decisions.of_case(db, first.receipt_no)] == ["accepted", "handed_out"]


# --- due dates


def parse_time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WARD)


def accept_at(context: Context, clock: FixedClock, at: str, acceptance: AcceptanceInput) -> str:
    clock.jump((parse_time(at) - clock.now()).total_seconds())
    decision = deciding.accept(context, case_request(context), acceptance)
    assert decision is not None
    due = due_at(context)
    assert decision.facts["due"] == clocks.timestamp(due)
    assert event_of(context, decision)["dueAt"] == clocks.timestamp(due)
    return f"{clocks.local(due):%Y-%m-%dT%H:%M}"


def due_at(context: Context) -> datetime:
    with context.store.read() as db:
        (text,) = db.execute("select desk_due_at from submissions").fetchone()
    return clocks.parse_timestamp(text)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-11-25T08:30", "2026-11-25T17:00"),
        ("2026-11-25T15:00", "2026-11-25T17:00"),
        ("2026-11-25T15:01", "2026-11-26T17:00"),
        ("2026-11-23T15:01", "2026-11-25T17:00"),  # the 24th is a holiday
        ("2026-11-24T08:30", "2026-11-25T17:00"),
        ("2026-11-27T16:00", "2026-11-30T17:00"),
        ("2026-12-31T15:30", "2027-01-04T17:00"),
    ],
)
def test_what_is_done_in_a_day_is_due_today_until_three(context: Context, clock: FixedClock, at: str, due: str) -> None:
    assert accept_at(context, clock, at=at, acceptance=AcceptanceInput(term=0)) == due


# received, working days, due: computed with another package.
VECTORS = [
    ("2026-11-23", 1, "2026-11-25"), ("2026-11-23", 3, "2026-11-27"), ("2026-11-20", 3, "2026-11-26"),
    ("2026-12-31", 1, "2027-01-04"), ("2027-02-02", 3, "2027-02-12"), ("2027-04-15", 1, "2027-04-19"),
    ("2027-04-29", 3, "2027-05-06"),
]  # fmt: skip


def override_term(context: Context, days: int) -> Context:
    """Return a context whose catalogue has another term for the form, as after an override."""
    case = case_of(context)
    shipped = context.catalogue.version(case.procedure, case.version)
    assert shipped is not None
    changed = replace(shipped, times=(replace(shipped.times[0], days=days),))

    class OverriddenCatalogue:
        def version(self, _code: str, _version: str) -> object:
            return changed

        def in_force(self, _code: str, _day: date) -> object:
            return changed

    return replace(context, catalogue=OverriddenCatalogue())  # type: ignore[arg-type]


@pytest.mark.parametrize(("received", "days", "due"), VECTORS)
def test_a_term_is_counted_in_working_days(
    context: Context, clock: FixedClock, received: str, days: int, due: str
) -> None:
    overridden = override_term(context, days)
    assert accept_at(overridden, clock, at=f"{received}T16:30", acceptance=AcceptanceInput(term=0)) == f"{due}T17:00"


def test_a_saturday_morning_accepts_forms_and_is_no_working_day(context: Context, clock: FixedClock) -> None:
    hours = replace(context.config.hours, saturday=("07:00-11:30",))
    with_hours = replace(context, config=replace(context.config, hours=hours))
    assert accept_at(with_hours, clock, at="2026-11-28T08:00", acceptance=AcceptanceInput(term=0)) == "2026-11-30T17:00"


def test_days_of_the_ward_lie_over_the_holiday_table(context: Context, clock: FixedClock) -> None:
    hours = replace(context.config.hours, off=("2026-11-26",), worked=("2026-11-28",))
    overridden = override_term(replace(context, config=replace(context.config, hours=hours)), 2)
    assert accept_at(overridden, clock, at="2026-11-25T08:00", acceptance=AcceptanceInput(term=0)) == "2026-11-28T17:00"


def test_an_officer_may_name_the_day(context: Context, clock: FixedClock) -> None:
    assert (
        accept_at(context, clock, at="2026-11-25T08:00", acceptance=AcceptanceInput(due_on=date(2026, 12, 2)))
        == "2026-12-02T17:00"
    )


# --- errors


def errors_of(act: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(InvalidDecision) as caught:
        act()
    return caught.value.errors


@pytest.mark.parametrize(
    ("acceptance", "name", "words"),
    [
        (AcceptanceInput(term=7), "due", "Chưa chọn"),
        (AcceptanceInput(), "due", "Chưa ghi ngày hẹn"),
        (AcceptanceInput(due_on=date(2026, 11, 23)), "due", "đã qua"),
        (AcceptanceInput(due_on=date(2026, 11, 28)), "due", "gần nhất sau đó là 30/11/2026"),
        (AcceptanceInput(term=0, official_no="H57-1"), "official_no", "viết như"),
        (AcceptanceInput(term=0, sets=0), "sets", "1 đến 99"),
        (AcceptanceInput(term=0, sets=None), "sets", "1 đến 99"),
        (AcceptanceInput(term=0, place="moon"), "place", "Chưa chọn"),
    ],
)
def test_an_acceptance_with_errors_names_them(
    context: Context, acceptance: AcceptanceInput, name: str, words: str
) -> None:
    errors = errors_of(lambda: deciding.accept(context, case_request(context), acceptance))
    assert words in errors.pop(name)
    assert errors == {}
    assert decisions_of(context) == []


def test_our_own_number_is_never_taken_for_an_official_one(context: Context) -> None:
    receipt_no = case_of(context).receipt_no
    for text in (receipt_no, receipt_no.replace("-", " ").lower()):
        acceptance = AcceptanceInput(term=0, official_no=text)
        errors = errors_of(partial(deciding.accept, context, case_request(context), acceptance))
        assert "mã phiếu của máy" in errors["official_no"]


@pytest.mark.parametrize(
    ("act", "name"),
    [
        (
            lambda context, request: deciding.request_supplement(context, request, SupplementInput((), (" ",), "x")),
            "items",
        ),
        (
            lambda context, request: deciding.request_supplement(
                context, request, SupplementInput(("khong_co",), (), "x")
            ),
            "items",
        ),
        (
            lambda context, request: deciding.request_supplement(
                context, request, SupplementInput((), ("x" * 201,), "x")
            ),
            "items",
        ),
        (
            lambda context, request: deciding.request_supplement(
                context, request, SupplementInput((), ("ký",), " \n ")
            ),
            "reason",
        ),
        (lambda context, request: deciding.refuse(context, request, ""), "reason"),
        (lambda context, request: deciding.refuse(context, request, "x" * 1001), "reason"),
    ],
)
def test_a_reason_in_words_is_wanted(
    context: Context, act: Callable[[Context, CaseRequest], object], name: str
) -> None:
    assert list(errors_of(lambda: act(context, case_request(context)))) == [name]
    assert case_of(context).desk == "waiting"


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (None, "Chưa ghi ngày hẹn mới"),
        (date(2026, 11, 25), "phải sau ngày hẹn cũ, 25/11/2026"),
        (date(2026, 11, 28), "là ngày nghỉ"),
    ],
)
def test_an_extension_leads_to_a_later_working_day(context: Context, due_on: date | None, words: str) -> None:
    decide_all(context, "accepted")
    errors = errors_of(lambda: deciding.extend(context, case_request(context), due_on=due_on, reason=WORDS))
    assert words in errors["due_on"]
    assert deciding.extend(context, case_request(context), due_on=date(2026, 11, 26), reason=WORDS) is not None
    assert f"{clocks.local(due_at(context)):%d/%m %H:%M}" == "26/11 17:00"


@pytest.mark.parametrize(
    ("stopping", "name"),
    [
        (StopInput(None, "x"), "asked_on"),
        (StopInput(date(2026, 11, 25), "x"), "asked_on"),
        (StopInput(date(2026, 11, 24), ""), "reason"),
        (StopInput(date(2026, 11, 24), "x", "y" * 1001), "stage"),
    ],
)
def test_a_stop_needs_a_date_and_a_reason(context: Context, stopping: StopInput, name: str) -> None:
    decide_all(context, "accepted")
    assert list(errors_of(lambda: deciding.stop(context, case_request(context), stopping))) == [name]


@pytest.mark.parametrize(
    ("handover", "name"),
    [
        (HandoverInput("", "Lê Văn Thử", "self"), "what"),
        (HandoverInput("giấy", " ", "proxy"), "taken_by"),
        (HandoverInput("giấy", "Lê Văn Thử", "friend"), "relation"),
        (HandoverInput("giấy", "Nguyễn Thị Diệu Hiền", "proxy"), "taken_by"),
    ],
)
def test_the_recipient_of_a_result_is_recorded(context: Context, handover: HandoverInput, name: str) -> None:
    decide_all(context, "accepted")
    assert list(errors_of(lambda: deciding.hand_out(context, case_request(context), handover))) == [name]


def test_the_number_may_come_later_and_only_to_an_accepted_case(context: Context) -> None:
    assert deciding.record_official_no(context, case_request(context), OFFICIAL) is False
    deciding.accept(context, case_request(context), AcceptanceInput(term=0))
    errors = errors_of(lambda: deciding.record_official_no(context, case_request(context), "PK-1"))
    assert "viết như" in errors["official_no"]
    errors = errors_of(lambda: deciding.record_official_no(context, case_request(context), " "))
    assert "Chưa ghi" in errors["official_no"]
    assert deciding.record_official_no(context, case_request(context), " h57.132-261124-0583 ") is True
    assert case_of(context).desk_official_no == OFFICIAL
    assert case_of(context).official_no is None, "the portal's own word is its own"


def test_the_acceptance_remembers_which_papers_were_ticked(context: Context) -> None:
    inspecting.tick_papers(
        context, case_of(context).id, papers={"chung_sinh": PaperTick(is_seen=True, is_copied=False)}, actor="CB01"
    )
    decision = decide_all(context, "accepted")
    assert decision is not None
    with context.store.read() as db:
        sealed = decisions.detail(db, decision.id)
    assert sealed is not None
    detail = json.loads(context.vault.open(decisions.DETAIL, decision.id, sealed))
    assert detail["papers"][0][0] == "Tờ khai đăng ký khai sinh"
    assert detail["papers"][1:] == [["Giấy chứng sinh, bản chính", "bản chính", 1]]
    assert detail["term"] == "trong ngày làm việc"
    assert "0 đồng" in detail["fees"]
