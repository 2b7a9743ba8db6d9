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
from kiosk.records import audit, decisions, submissions
from kiosk.records.decisions import Decision, Kind
from kiosk.records.submissions import Submission
from kiosk.room import Room
from sync.gateway import contract_schema
from tests.journeys.people import birth_until_check, hand_in
from tests.journeys.walker import Walker

OFFICIAL = "H57.132-261124-0583"
WORDS = "Thiếu chữ ký của người mẹ Ngụy Thị Quạ Kềnh"
LATER = date(2026, 12, 3)

ACTS: dict[Kind, Callable[[Room, Press], Decision | None]] = {
    "accepted": lambda room, press: deciding.accept(room, press, Acceptance(term=0, official_no=OFFICIAL)),
    "supplement": lambda room, press: deciding.ask_more(room, press, Request(("chung_sinh",), (), WORDS)),
    "refused": lambda room, press: deciding.refuse(room, press, WORDS),
    "extended": lambda room, press: deciding.extend(room, press, LATER, WORDS),
    "stopped": lambda room, press: deciding.stop(room, press, Stopping(date(2026, 11, 24), WORDS)),
    "handed_out": lambda room, press: deciding.hand_out(room, press, HandingOut("Giấy khai sinh", WORDS[18:], "self")),
}
WAYS: dict[str, list[Kind]] = {
    "waiting": [],
    "accepted": ["accepted"],
    "supplement": ["supplement"],
    "refused": ["refused"],
    "stopped": ["accepted", "stopped"],
    "handed_out": ["accepted", "handed_out"],
}


@pytest.fixture
def room(app: Flask, walker: Walker) -> Room:
    """A ward where a mother has handed in her form."""
    hand_in(birth_until_check(walker))
    here: Room = app.extensions["room"]
    return here


def _case(room: Room) -> Submission:
    """The one case of the ward, whatever day it is."""
    with room.store.read() as db:
        ((found,),) = db.execute("select id from submissions where revision = 1").fetchall()
        case = submissions.find(db, found)
    assert case is not None
    return case


def _press(room: Room) -> Press:
    found = _case(room)
    with room.store.read() as db:
        return Press(found.id, decisions.last_seq(db, found.receipt_no), "CB01")


def _do(room: Room, *acts: Kind) -> Decision | None:
    made = None
    for act in acts:
        made = ACTS[act](room, _press(room))
    return made


def _listed(room: Room) -> list[Decision]:
    with room.store.read() as db:
        return decisions.of_case(db, _case(room).receipt_no)


def _event(room: Room, made: Decision) -> dict[str, object]:
    with room.store.read() as db:
        sealed = decisions.event(db, made.id)
    assert sealed is not None
    told: dict[str, object] = json.loads(room.vault.open(decisions.EVENT, made.id, sealed))
    return told


@pytest.mark.parametrize("state", WAYS)
@pytest.mark.parametrize("act", ACTS)
def test_only_what_may_follow_follows(room: Room, state: str, act: Kind) -> None:
    _do(room, *WAYS[state])
    assert _case(room).desk == state
    made = _do(room, act)
    if state in decisions.MAY_FOLLOW[act]:
        assert made is not None
        assert made.seq == len(WAYS[state]) + 1
        assert _case(room).desk == decisions.LEAVES[act]
    else:
        assert made is None
        assert _case(room).desk == state
        assert len(_listed(room)) == len(WAYS[state])


@pytest.mark.parametrize("act", ACTS)
def test_a_press_that_comes_twice_is_one_act(room: Room, act: Kind) -> None:
    if act in ("extended", "stopped", "handed_out"):
        _do(room, "accepted")
    press = _press(room)
    assert ACTS[act](room, press) is not None
    assert ACTS[act](room, press) is None
    assert [one.kind for one in _listed(room)].count(act) == 1


def test_a_page_of_this_morning_decides_nothing(room: Room) -> None:
    old = _press(room)
    _do(room, "supplement")
    assert deciding.refuse(room, old, WORDS) is None
    assert deciding.refuse(room, Press("0" * 36, 0, "CB01"), WORDS) is None
    assert _case(room).desk == "supplement"


def test_a_form_that_a_correction_supersedes_is_not_decided_on(room: Room) -> None:
    _do(room, "supplement")
    old, heir = _case(room), codes.new_id()
    with room.store.write() as db:
        submissions.submit(db, replace(old, id=heir, revision=2, supersedes=old.id), b"sealed")
        found = submissions.find(db, heir)
    assert found is not None
    assert found.desk == "supplement", "the case is the number's, not the form's"
    assert deciding.refuse(room, Press(old.id, 1, "CB01"), WORDS) is None
    made = deciding.refuse(room, Press(heir, 1, "CB01"), WORDS)
    assert made is not None
    assert (made.seq, made.submission_id) == (2, heir)


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_an_event_of_the_contract_behind_its_form(room: Room, act: Kind) -> None:
    if act in ("extended", "stopped", "handed_out"):
        _do(room, "accepted")
    made = _do(room, act)
    assert made is not None
    told = _event(room, made)
    assert contract_schema.faults("Event", told) == []
    assert (told["kind"], told["seq"], told["officer"]) == (act, made.seq, "CB01")
    assert told.get("reason", WORDS) == WORDS or str(told["reason"]).endswith(WORDS)
    with room.store.read() as db:
        row = db.execute("select parent, seq, state from outbox where subject = ?", [made.id]).fetchone()
    assert row == (_case(room).id, made.seq, "todo")


def test_what_goes_to_no_portal_leaves_no_event(room: Room) -> None:
    with room.store.write() as db:
        db.execute("update submissions set delivery = null")
    made = _do(room, "accepted")
    assert made is not None
    assert made.delivery is None
    with room.store.read() as db:
        assert sync.outbox.standing(db, made.id) is None
        assert decisions.event(db, made.id) is None


def test_words_are_sealed_and_the_trail_holds_codes_alone(room: Room) -> None:
    _do(room, "supplement", "accepted", "extended", "handed_out")
    with room.store.read() as db:
        lines = [line for _at, line in audit.of_subject(db, _case(room).id)]
        assert audit.verify(db, room.audit_key()) is None
    assert [line.act for line in lines][-4:] == ["supplement", "accepted", "extended", "handed_out"]
    assert {line.actor for line in lines[-4:]} == {"CB01"}
    assert "Quạ" not in str(lines)
    assert "Quạ" not in str(_listed(room))
    content = b"".join(one.read_bytes() for one in room.config.folder.rglob("*") if one.is_file())
    assert "Quạ Kềnh".encode() not in content


def test_words_go_when_the_bodies_go_and_facts_stay(room: Room, clock: Fixed) -> None:
    _do(room, "accepted", "handed_out")
    first = _listed(room)[0]
    clock.forward(timedelta(days=room.config.keep.body_days + 1).total_seconds())
    with room.store.write() as db:
        submissions.set_delivery(db, filed_id := first.submission_id, "confirmed", clock.now())
    applying.forget_old(room)
    with room.store.write() as db:
        assert submissions.body(db, filed_id) is None
        assert decisions.detail(db, first.id) is not None, "its event still waits for the line"
        for one in decisions.of_case(db, first.receipt_no):
            decisions.set_delivery(db, one.id, "confirmed")
    applying.forget_old(room)
    with room.store.read() as db:
        assert decisions.detail(db, first.id) is None
        assert decisions.event(db, first.id) is None
        assert [one.kind for one in decisions.of_case(db, first.receipt_no)] == ["accepted", "handed_out"]


# --- due dates


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WARD)


def _due(room: Room, clock: Fixed, at: str, said: Acceptance) -> str:
    clock.jump((_at(at) - clock.now()).total_seconds())
    made = deciding.accept(room, _press(room), said)
    assert made is not None
    due = _due_at(room)
    assert made.facts["due"] == clocks.stamp(due)
    assert _event(room, made)["dueAt"] == clocks.stamp(due)
    return f"{clocks.local(due):%Y-%m-%dT%H:%M}"


def _due_at(room: Room) -> datetime:
    with room.store.read() as db:
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
def test_what_is_done_in_a_day_is_due_today_until_three(room: Room, clock: Fixed, at: str, due: str) -> None:
    assert _due(room, clock, at, Acceptance(term=0)) == due


# received, working days, due: facts of the holiday table, made with another package.
VECTORS = [
    ("2026-11-23", 1, "2026-11-25"), ("2026-11-23", 3, "2026-11-27"), ("2026-11-20", 3, "2026-11-26"),
    ("2026-12-31", 1, "2027-01-04"), ("2027-02-02", 3, "2027-02-12"), ("2027-04-15", 1, "2027-04-19"),
    ("2027-04-29", 3, "2027-05-06"),
]  # fmt: skip


def _with_term(room: Room, days: int) -> Room:
    """The same ward whose shelf gives the form another term, as an override does."""
    found = _case(room)
    shipped = room.shelf.version(found.procedure, found.version)
    assert shipped is not None
    changed = replace(shipped, times=(replace(shipped.times[0], days=days),))

    class Shelf:
        def version(self, _code: str, _version: str) -> object:
            return changed

    return replace(room, shelf=Shelf())  # type: ignore[arg-type]


@pytest.mark.parametrize(("received", "days", "due"), VECTORS)
def test_a_term_is_counted_in_working_days(room: Room, clock: Fixed, received: str, days: int, due: str) -> None:
    here = _with_term(room, days)
    assert _due(here, clock, f"{received}T16:30", Acceptance(term=0)) == f"{due}T17:00"


def test_a_saturday_morning_takes_forms_and_counts_for_no_term(room: Room, clock: Fixed) -> None:
    hours = replace(room.config.hours, saturday=("07:00-11:30",))
    here = replace(room, config=replace(room.config, hours=hours))
    assert _due(here, clock, "2026-11-28T08:00", Acceptance(term=0)) == "2026-11-30T17:00"


def test_days_of_the_ward_lie_over_the_holiday_table(room: Room, clock: Fixed) -> None:
    hours = replace(room.config.hours, off=("2026-11-26",), worked=("2026-11-28",))
    here = _with_term(replace(room, config=replace(room.config, hours=hours)), 2)
    assert _due(here, clock, "2026-11-25T08:00", Acceptance(term=0)) == "2026-11-28T17:00"


def test_an_officer_may_name_the_day(room: Room, clock: Fixed) -> None:
    assert _due(room, clock, "2026-11-25T08:00", Acceptance(due_on=date(2026, 12, 2))) == "2026-12-02T17:00"


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
def test_an_acceptance_says_what_to_mend(room: Room, said: Acceptance, name: str, words: str) -> None:
    faults = _faults(lambda: deciding.accept(room, _press(room), said))
    assert words in faults.pop(name)
    assert faults == {}
    assert _listed(room) == []


def test_our_own_number_is_never_taken_for_an_official_one(room: Room) -> None:
    for text in (_case(room).receipt_no, _case(room).receipt_no.replace("-", " ").lower()):
        said = Acceptance(term=0, official_no=text)
        assert "mã phiếu của máy" in _faults(lambda: deciding.accept(room, _press(room), said))["official_no"]  # noqa: B023


@pytest.mark.parametrize(
    ("act", "name"),
    [
        (lambda room, press: deciding.ask_more(room, press, Request((), (" ",), "x")), "items"),
        (lambda room, press: deciding.ask_more(room, press, Request(("khong_co",), (), "x")), "items"),
        (lambda room, press: deciding.ask_more(room, press, Request((), ("x" * 201,), "x")), "items"),
        (lambda room, press: deciding.ask_more(room, press, Request((), ("ký",), " \n ")), "reason"),
        (lambda room, press: deciding.refuse(room, press, ""), "reason"),
        (lambda room, press: deciding.refuse(room, press, "x" * 1001), "reason"),
    ],
)
def test_a_reason_in_words_is_wanted(room: Room, act: Callable[[Room, Press], object], name: str) -> None:
    assert list(_faults(lambda: act(room, _press(room)))) == [name]
    assert _case(room).desk == "waiting"


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (None, "Chưa ghi ngày hẹn mới"),
        (date(2026, 11, 25), "phải sau ngày hẹn cũ, 25/11/2026"),
        (date(2026, 11, 28), "là ngày nghỉ"),
    ],
)
def test_an_extension_leads_to_a_later_working_day(room: Room, due_on: date | None, words: str) -> None:
    _do(room, "accepted")
    assert words in _faults(lambda: deciding.extend(room, _press(room), due_on, WORDS))["due_on"]
    assert deciding.extend(room, _press(room), date(2026, 11, 26), WORDS) is not None
    assert f"{clocks.local(_due_at(room)):%d/%m %H:%M}" == "26/11 17:00"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (Stopping(None, "x"), "asked_on"),
        (Stopping(date(2026, 11, 25), "x"), "asked_on"),
        (Stopping(date(2026, 11, 24), ""), "reason"),
        (Stopping(date(2026, 11, 24), "x", "y" * 1001), "stage"),
    ],
)
def test_a_stop_says_when_it_was_asked_for_and_why(room: Room, said: Stopping, name: str) -> None:
    _do(room, "accepted")
    assert list(_faults(lambda: deciding.stop(room, _press(room), said))) == [name]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (HandingOut("", "Lê Văn Thử", "self"), "what"),
        (HandingOut("giấy", " ", "self"), "taken_by"),
        (HandingOut("giấy", "Lê Văn Thử", "friend"), "relation"),
        (HandingOut("giấy", "Nguyễn Thị Diệu Hiền", "proxy"), "taken_by"),
    ],
)
def test_who_takes_a_result_is_written_down(room: Room, said: HandingOut, name: str) -> None:
    _do(room, "accepted")
    assert list(_faults(lambda: deciding.hand_out(room, _press(room), said))) == [name]


def test_the_number_may_come_later_and_only_to_an_accepted_case(room: Room) -> None:
    assert deciding.number(room, _press(room), OFFICIAL) is False
    deciding.accept(room, _press(room), Acceptance(term=0))
    assert "viết như" in _faults(lambda: deciding.number(room, _press(room), "PK-1"))["official_no"]
    assert "Chưa ghi" in _faults(lambda: deciding.number(room, _press(room), " "))["official_no"]
    assert deciding.number(room, _press(room), " h57.132-261124-0583 ") is True
    assert _case(room).desk_official_no == OFFICIAL
    assert _case(room).official_no is None, "the portal's own word is its own"


def test_the_acceptance_remembers_which_papers_were_ticked(room: Room) -> None:
    inspecting.tick(room, _case(room).id, {"chung_sinh": (True, False)}, "CB01")
    made = _do(room, "accepted")
    assert made is not None
    with room.store.read() as db:
        sealed = decisions.detail(db, made.id)
    assert sealed is not None
    detail = json.loads(room.vault.open(decisions.DETAIL, made.id, sealed))
    assert detail["papers"][0][0] == "Tờ khai đăng ký khai sinh"
    assert len(detail["papers"]) == 2
    assert detail["term"] == "trong ngày làm việc"
    assert "0 đồng" in detail["fees"]
