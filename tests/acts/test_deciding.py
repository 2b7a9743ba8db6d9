"""What the desk decides: what may follow what, once each, sealed, in line for the portal; due dates in working days."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

import sync.outbox
from kiosk import clock as clocks
from kiosk import codes
from kiosk.acts import applying, deciding, inspecting
from kiosk.acts.deciding import Acceptance, HandingOut, Press, Request, Stopping, Unclear
from kiosk.clock import WARD, Fixed
from kiosk.context import Context
from kiosk.records import audit, decisions, submissions
from kiosk.records.decisions import Decision, DecisionKind
from kiosk.records.submissions import Submission
from sync.gateway import contract_schema
from tests.journeys.people import birth_until_check, hand_in
from tests.journeys.walker import Walker

OFFICIAL = "H57.132-261124-0583"
WORDS = "Thiếu chữ ký của người mẹ Ngụy Thị Quạ Kềnh"
LATER = date(2026, 12, 3)

ACTS: dict[DecisionKind, Callable[[Context, Press], Decision | None]] = {
    "accepted": lambda context, press: deciding.accept(context, press, Acceptance(term=0, official_no=OFFICIAL)),
    "supplement": lambda context, press: deciding.ask_more(context, press, Request(("chung_sinh",), (), WORDS)),
    "refused": lambda context, press: deciding.refuse(context, press, WORDS),
    "extended": lambda context, press: deciding.extend(context, press, LATER, WORDS),
    "stopped": lambda context, press: deciding.stop(context, press, Stopping(date(2026, 11, 24), WORDS)),
    "handed_out": lambda context, press: deciding.hand_out(
        context, press, HandingOut("Giấy khai sinh", WORDS[18:], "self")
    ),
}
WAYS: dict[str, list[DecisionKind]] = {
    "waiting": [],
    "accepted": ["accepted"],
    "supplement": ["supplement"],
    "refused": ["refused"],
    "stopped": ["accepted", "stopped"],
    "handed_out": ["accepted", "handed_out"],
}


@pytest.fixture
def context(app: Flask, walker: Walker) -> Context:
    """A ward where a mother has handed in her form."""
    hand_in(birth_until_check(walker))
    here: Context = app.extensions["context"]
    return here


def _case(context: Context) -> Submission:
    """The one case of the ward, whatever day it is."""
    with context.store.read() as db:
        ((found,),) = db.execute("select id from submissions where revision = 1").fetchall()
        case = submissions.find(db, found)
    assert case is not None
    return case


def _press(context: Context) -> Press:
    found = _case(context)
    with context.store.read() as db:
        return Press(found.id, decisions.last_seq(db, found.receipt_no), "CB01")


def _do(context: Context, *acts: DecisionKind) -> Decision | None:
    made = None
    for act in acts:
        made = ACTS[act](context, _press(context))
    return made


def _listed(context: Context) -> list[Decision]:
    with context.store.read() as db:
        return decisions.of_case(db, _case(context).receipt_no)


def _event(context: Context, made: Decision) -> dict[str, object]:
    with context.store.read() as db:
        sealed = decisions.event(db, made.id)
    assert sealed is not None
    told: dict[str, object] = json.loads(context.vault.open(decisions.EVENT, made.id, sealed))
    return told


@pytest.mark.parametrize("state", WAYS)
@pytest.mark.parametrize("act", ACTS)
def test_only_what_may_follow_follows(context: Context, state: str, act: DecisionKind) -> None:
    _do(context, *WAYS[state])
    assert _case(context).desk == state
    made = _do(context, act)
    if state in decisions.MAY_FOLLOW[act]:
        assert made is not None
        assert made.seq == len(WAYS[state]) + 1
        assert _case(context).desk == decisions.LEAVES[act]
    else:
        assert made is None
        assert _case(context).desk == state
        assert len(_listed(context)) == len(WAYS[state])


@pytest.mark.parametrize("act", ACTS)
def test_a_press_that_comes_twice_is_one_act(context: Context, act: DecisionKind) -> None:
    if act in ("extended", "stopped", "handed_out"):
        _do(context, "accepted")
    press = _press(context)
    assert ACTS[act](context, press) is not None
    assert ACTS[act](context, press) is None
    assert [one.kind for one in _listed(context)].count(act) == 1


def test_a_page_of_this_morning_decides_nothing(context: Context) -> None:
    old = _press(context)
    _do(context, "supplement")
    assert deciding.refuse(context, old, WORDS) is None
    assert deciding.refuse(context, Press("0" * 36, 0, "CB01"), WORDS) is None
    assert _case(context).desk == "supplement"


def test_a_form_that_a_correction_supersedes_is_not_decided_on(context: Context) -> None:
    _do(context, "supplement")
    old, heir = _case(context), codes.new_id()
    with context.store.write() as db:
        submissions.submit(db, replace(old, id=heir, revision=2, supersedes=old.id), b"sealed")
        found = submissions.find(db, heir)
    assert found is not None
    assert found.desk == "supplement", "the case is the number's, not the form's"
    assert deciding.refuse(context, Press(old.id, 1, "CB01"), WORDS) is None
    made = deciding.refuse(context, Press(heir, 1, "CB01"), WORDS)
    assert made is not None
    assert (made.seq, made.submission_id) == (2, heir)


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_an_event_of_the_contract_behind_its_form(context: Context, act: DecisionKind) -> None:
    if act in ("extended", "stopped", "handed_out"):
        _do(context, "accepted")
    made = _do(context, act)
    assert made is not None
    told = _event(context, made)
    assert contract_schema.faults("Event", told) == []
    assert (told["kind"], told["seq"], told["officer"]) == (act, made.seq, "CB01")
    assert told.get("reason", WORDS) == WORDS or str(told["reason"]).endswith(WORDS)
    with context.store.read() as db:
        row = db.execute("select parent, seq, state from outbox where subject = ?", [made.id]).fetchone()
    assert row == (_case(context).id, made.seq, "todo")


def test_what_goes_to_no_portal_leaves_no_event(context: Context) -> None:
    with context.store.write() as db:
        db.execute("update submissions set delivery = null")
    made = _do(context, "accepted")
    assert made is not None
    assert made.delivery is None
    with context.store.read() as db:
        assert sync.outbox.standing(db, made.id) is None
        assert decisions.event(db, made.id) is None


def test_words_are_sealed_and_the_trail_holds_codes_alone(context: Context) -> None:
    _do(context, "supplement", "accepted", "extended", "handed_out")
    with context.store.read() as db:
        lines = [line for _at, line in audit.of_subject(db, _case(context).id)]
        assert audit.verify(db, context.audit_key()) is None
    assert [line.act for line in lines][-4:] == ["supplement", "accepted", "extended", "handed_out"]
    assert {line.actor for line in lines[-4:]} == {"CB01"}
    assert "Quạ" not in str(lines)
    assert "Quạ" not in str(_listed(context))
    content = b"".join(one.read_bytes() for one in context.config.folder.rglob("*") if one.is_file())
    assert "Quạ Kềnh".encode() not in content


def test_words_go_when_the_bodies_go_and_facts_stay(context: Context, clock: Fixed) -> None:
    _do(context, "accepted", "handed_out")
    first = _listed(context)[0]
    clock.forward(timedelta(days=context.config.keep.body_days + 1).total_seconds())
    with context.store.write() as db:
        submissions.set_delivery(db, filed_id := first.submission_id, "confirmed", clock.now())
    applying.forget_old(context)
    with context.store.write() as db:
        assert submissions.body(db, filed_id) is None
        assert decisions.detail(db, first.id) is not None, "its event still waits for the line"
        for one in decisions.of_case(db, first.receipt_no):
            decisions.set_delivery(db, one.id, "confirmed")
    applying.forget_old(context)
    with context.store.read() as db:
        assert decisions.detail(db, first.id) is None
        assert decisions.event(db, first.id) is None
        assert [one.kind for one in decisions.of_case(db, first.receipt_no)] == ["accepted", "handed_out"]


# --- due dates


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WARD)


def _due(context: Context, clock: Fixed, at: str, said: Acceptance) -> str:
    clock.jump((_at(at) - clock.now()).total_seconds())
    made = deciding.accept(context, _press(context), said)
    assert made is not None
    due = _due_at(context)
    assert made.facts["due"] == clocks.stamp(due)
    assert _event(context, made)["dueAt"] == clocks.stamp(due)
    return f"{clocks.local(due):%Y-%m-%dT%H:%M}"


def _due_at(context: Context) -> datetime:
    with context.store.read() as db:
        (text,) = db.execute("select desk_due_at from submissions").fetchone()
    return clocks.read(text)


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
def test_what_is_done_in_a_day_is_due_today_until_three(context: Context, clock: Fixed, at: str, due: str) -> None:
    assert _due(context, clock, at, Acceptance(term=0)) == due


# received, working days, due: facts of the holiday table, made with another package.
VECTORS = [
    ("2026-11-23", 1, "2026-11-25"), ("2026-11-23", 3, "2026-11-27"), ("2026-11-20", 3, "2026-11-26"),
    ("2026-12-31", 1, "2027-01-04"), ("2027-02-02", 3, "2027-02-12"), ("2027-04-15", 1, "2027-04-19"),
    ("2027-04-29", 3, "2027-05-06"),
]  # fmt: skip


def _with_term(context: Context, days: int) -> Context:
    """The same ward whose shelf gives the form another term, as an override does."""
    found = _case(context)
    shipped = context.catalogue.version(found.procedure, found.version)
    assert shipped is not None
    changed = replace(shipped, times=(replace(shipped.times[0], days=days),))

    class Shelf:
        def version(self, _code: str, _version: str) -> object:
            return changed

    return replace(context, catalogue=Shelf())  # type: ignore[arg-type]


@pytest.mark.parametrize(("received", "days", "due"), VECTORS)
def test_a_term_is_counted_in_working_days(context: Context, clock: Fixed, received: str, days: int, due: str) -> None:
    here = _with_term(context, days)
    assert _due(here, clock, f"{received}T16:30", Acceptance(term=0)) == f"{due}T17:00"


def test_a_saturday_morning_takes_forms_and_counts_for_no_term(context: Context, clock: Fixed) -> None:
    hours = replace(context.config.hours, saturday=("07:00-11:30",))
    here = replace(context, config=replace(context.config, hours=hours))
    assert _due(here, clock, "2026-11-28T08:00", Acceptance(term=0)) == "2026-11-30T17:00"


def test_days_of_the_ward_lie_over_the_holiday_table(context: Context, clock: Fixed) -> None:
    hours = replace(context.config.hours, off=("2026-11-26",), worked=("2026-11-28",))
    here = _with_term(replace(context, config=replace(context.config, hours=hours)), 2)
    assert _due(here, clock, "2026-11-25T08:00", Acceptance(term=0)) == "2026-11-28T17:00"


def test_an_officer_may_name_the_day(context: Context, clock: Fixed) -> None:
    assert _due(context, clock, "2026-11-25T08:00", Acceptance(due_on=date(2026, 12, 2))) == "2026-12-02T17:00"


# --- what cannot be written down as it is


def _faults(act: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(Unclear) as caught:
        act()
    return caught.value.faults


@pytest.mark.parametrize(
    ("said", "name", "words"),
    [
        (Acceptance(term=7), "due", "Chưa chọn"),
        (Acceptance(), "due", "Chưa ghi ngày hẹn"),
        (Acceptance(due_on=date(2026, 11, 23)), "due", "đã qua"),
        (Acceptance(due_on=date(2026, 11, 28)), "due", "gần nhất sau đó là 30/11/2026"),
        (Acceptance(term=0, official_no="H57-1"), "official_no", "viết như"),
        (Acceptance(term=0, sets=0), "sets", "1 đến 99"),
        (Acceptance(term=0, sets=None), "sets", "1 đến 99"),
        (Acceptance(term=0, place="moon"), "place", "Chưa chọn"),
    ],
)
def test_an_acceptance_says_what_to_mend(context: Context, said: Acceptance, name: str, words: str) -> None:
    faults = _faults(lambda: deciding.accept(context, _press(context), said))
    assert words in faults.pop(name)
    assert faults == {}
    assert _listed(context) == []


def test_our_own_number_is_never_taken_for_an_official_one(context: Context) -> None:
    for text in (_case(context).receipt_no, _case(context).receipt_no.replace("-", " ").lower()):
        said = Acceptance(term=0, official_no=text)
        assert "mã phiếu của máy" in _faults(lambda: deciding.accept(context, _press(context), said))["official_no"]  # noqa: B023


@pytest.mark.parametrize(
    ("act", "name"),
    [
        (lambda context, press: deciding.ask_more(context, press, Request((), (" ",), "x")), "items"),
        (lambda context, press: deciding.ask_more(context, press, Request(("khong_co",), (), "x")), "items"),
        (lambda context, press: deciding.ask_more(context, press, Request((), ("x" * 201,), "x")), "items"),
        (lambda context, press: deciding.ask_more(context, press, Request((), ("ký",), " \n ")), "reason"),
        (lambda context, press: deciding.refuse(context, press, ""), "reason"),
        (lambda context, press: deciding.refuse(context, press, "x" * 1001), "reason"),
    ],
)
def test_a_reason_in_words_is_wanted(context: Context, act: Callable[[Context, Press], object], name: str) -> None:
    assert list(_faults(lambda: act(context, _press(context)))) == [name]
    assert _case(context).desk == "waiting"


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (None, "Chưa ghi ngày hẹn mới"),
        (date(2026, 11, 25), "phải sau ngày hẹn cũ, 25/11/2026"),
        (date(2026, 11, 28), "là ngày nghỉ"),
    ],
)
def test_an_extension_leads_to_a_later_working_day(context: Context, due_on: date | None, words: str) -> None:
    _do(context, "accepted")
    assert words in _faults(lambda: deciding.extend(context, _press(context), due_on, WORDS))["due_on"]
    assert deciding.extend(context, _press(context), date(2026, 11, 26), WORDS) is not None
    assert f"{clocks.local(_due_at(context)):%d/%m %H:%M}" == "26/11 17:00"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (Stopping(None, "x"), "asked_on"),
        (Stopping(date(2026, 11, 25), "x"), "asked_on"),
        (Stopping(date(2026, 11, 24), ""), "reason"),
        (Stopping(date(2026, 11, 24), "x", "y" * 1001), "stage"),
    ],
)
def test_a_stop_says_when_it_was_asked_for_and_why(context: Context, said: Stopping, name: str) -> None:
    _do(context, "accepted")
    assert list(_faults(lambda: deciding.stop(context, _press(context), said))) == [name]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (HandingOut("", "Lê Văn Thử", "self"), "what"),
        (HandingOut("giấy", " ", "self"), "taken_by"),
        (HandingOut("giấy", "Lê Văn Thử", "friend"), "relation"),
        (HandingOut("giấy", "Nguyễn Thị Diệu Hiền", "proxy"), "taken_by"),
    ],
)
def test_who_takes_a_result_is_written_down(context: Context, said: HandingOut, name: str) -> None:
    _do(context, "accepted")
    assert list(_faults(lambda: deciding.hand_out(context, _press(context), said))) == [name]


def test_the_number_may_come_later_and_only_to_an_accepted_case(context: Context) -> None:
    assert deciding.number(context, _press(context), OFFICIAL) is False
    deciding.accept(context, _press(context), Acceptance(term=0))
    assert "viết như" in _faults(lambda: deciding.number(context, _press(context), "PK-1"))["official_no"]
    assert "Chưa ghi" in _faults(lambda: deciding.number(context, _press(context), " "))["official_no"]
    assert deciding.number(context, _press(context), " h57.132-261124-0583 ") is True
    assert _case(context).desk_official_no == OFFICIAL
    assert _case(context).official_no is None, "the portal's own word is its own"


def test_the_acceptance_remembers_which_papers_were_ticked(context: Context) -> None:
    inspecting.tick(context, _case(context).id, {"chung_sinh": (True, False)}, "CB01")
    made = _do(context, "accepted")
    assert made is not None
    with context.store.read() as db:
        sealed = decisions.detail(db, made.id)
    assert sealed is not None
    detail = json.loads(context.vault.open(decisions.DETAIL, made.id, sealed))
    assert detail["papers"][0][0] == "Tờ khai đăng ký khai sinh"
    assert len(detail["papers"]) == 2
    assert detail["term"] == "trong ngày làm việc"
    assert "0 đồng" in detail["fees"]
