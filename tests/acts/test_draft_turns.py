"""One draft, two hands: who may type, how the turn changes hands, and that nothing is lost or given to another."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlite_utils import Database

from kiosk.acts import applying, desk_drafts, help_calls
from kiosk.acts import draft_turns as draft_turn_acts
from kiosk.acts.draft_turns import ANSWER_SECONDS, SILENT_SECONDS, Desk
from kiosk.base.clock import FixedClock
from kiosk.base.errors import DraftElsewhere, DraftGone, TurnLost
from kiosk.config import Config
from kiosk.context import Context
from kiosk.context.draft_presence import FORGET_SECONDS
from kiosk.context.scanner import CardInbox
from kiosk.dossiers import sealed_drafts
from kiosk.procedures.answers import Draft
from kiosk.procedures.loader import read_catalogue
from kiosk.records import audit, draft_turns, drafts
from kiosk.records import help_calls as help_call_records
from kiosk.records.draft_turns import DraftTurn, Hand
from kiosk.records.help_calls import CallPlace
from kiosk.store.db import Store
from kiosk.store.vault import Vault

SESSION = "citizen's session"
AN = Desk(officer="CB01", counter=2)
BINH = Desk(officer="CB02", counter=3)


class PowerCut(BaseException):
    """The machine loses its power at this line."""


@pytest.fixture
def context(config: Config, store: Store, vault: Vault, clock: FixedClock) -> Context:
    return Context(
        config=config, store=store, vault=vault, catalogue=read_catalogue(), clock=clock, card_inbox=CardInbox()
    )


@pytest.fixture
def draft_id(context: Context) -> str:
    """Return the draft of a citizen at a screen that shows it."""
    return begin_draft(context)


def begin_draft(context: Context) -> str:
    applying.start_session(context, SESSION)
    draft_id = applying.replace_draft(context, SESSION, Draft("1.001193", "2026-11")).id
    see_screen(context, draft_id)
    return draft_id


def see_screen(context: Context, draft_id: str) -> None:
    context.presence.note(draft_id, "screen", context.clock.monotonic())


def turn_of(context: Context, draft_id: str) -> DraftTurn:
    turn = draft_turn_acts.find_turn(context, draft_id)
    assert turn is not None
    return turn


def stored(context: Context, draft_id: str) -> Draft:
    with context.store.read() as db:
        return sealed_drafts.unseal(context, draft_id, drafts.read(db, draft_id).body)


def put(key: str, value: str) -> Callable[[Draft], None]:
    return lambda draft: draft.put(key, value)


def type_at_desk(context: Context, draft_id: str, value: str, desk: Desk = AN, turn: int | None = None) -> None:
    number = turn_of(context, draft_id).turn if turn is None else turn
    draft_turn_acts.update_draft(context, draft_id, Hand("desk", number, desk.officer), put("con_ho_ten", value))


def type_at_screen(context: Context, draft_id: str, value: str, turn: int | None = None) -> None:
    current = draft_turn_acts.find_turn(context, draft_id)
    number = (current.turn if current else 0) if turn is None else turn
    applying.update_draft(context, draft_id, put("con_ho_ten", value), turn=number)


def give_to_desk(context: Context, draft_id: str) -> DraftTurn:
    """Open the draft at the desk of An, who asks; the citizen agrees."""
    draft_turn_acts.open_at_desk(context, draft_id, AN)
    asked = draft_turn_acts.ask(context, draft_id, AN.officer)
    draft_turn_acts.answer(context, draft_id, asked.ask_no, is_granted=True)
    return turn_of(context, draft_id)


# --- opening


def test_a_citizen_who_did_not_call_keeps_the_turn_until_asked(context: Context, draft_id: str) -> None:
    turn = draft_turn_acts.open_at_desk(context, draft_id, AN)
    assert (turn.holder, turn.is_asked) == ("screen", False)


def test_the_screen_of_a_citizen_who_called_gives_the_turn_by_itself_with_its_boxes(
    context: Context, draft_id: str
) -> None:
    call_officer(context)
    turn = draft_turn_acts.open_at_desk(context, draft_id, AN)
    assert (turn.holder, turn.is_asked) == ("screen", True)
    assert context.presence.is_granted(draft_id, turn.ask_no)
    draft_turn_acts.answer(context, draft_id, turn.ask_no, is_granted=True, change=put("con_ho_ten", "La"))
    assert turn_of(context, draft_id).holder == "desk"
    assert (stored(context, draft_id).answers, stored(context, draft_id).sources) == (
        {"con_ho_ten": "La"},
        {"con_ho_ten": "hand"},
    )
    draft_turn_acts.take(context, draft_id)
    again = draft_turn_acts.ask(context, draft_id, AN.officer)
    assert not context.presence.is_granted(draft_id, again.ask_no)


@pytest.mark.parametrize("is_in_form", [True, False])
def test_opening_the_form_of_a_call_is_in_the_audit_trail(context: Context, draft_id: str, *, is_in_form: bool) -> None:
    place = CallPlace(screen="Máy 1", page="/form/con_ten", draft_id=draft_id if is_in_form else None)
    help_calls.call_officer(context, SESSION, place)
    draft_turn_acts.open_at_desk(context, draft_id, AN)
    with context.store.read() as db:
        call = help_call_records.find_open(db, SESSION)
        assert call is not None
        lines = [line for _at, line in audit.of_subject(db, f"call {call.id}")]
    assert call.state == "opened"
    assert [(line.act, line.actor) for line in lines] == [("help_call", "citizen"), ("help_open", "CB01")]


def call_officer(context: Context) -> None:
    help_calls.call_officer(context, SESSION, CallPlace(screen="Máy 1", page="/form/con_ten"))


def test_a_draft_without_a_screen_is_typed_at_the_desk_at_once(
    context: Context, draft_id: str, clock: FixedClock
) -> None:
    clock.advance(SILENT_SECONDS)
    assert draft_turn_acts.open_at_desk(context, draft_id, AN).holder == "desk"


def test_two_officers_do_not_get_one_draft_unless_the_second_takes_it_over(context: Context, draft_id: str) -> None:
    give_to_desk(context, draft_id)
    with pytest.raises(DraftElsewhere) as caught:
        draft_turn_acts.open_at_desk(context, draft_id, BINH)
    assert caught.value.counter == AN.counter
    type_at_desk(context, draft_id, "Lan")
    taken = draft_turn_acts.open_at_desk(context, draft_id, BINH, is_forced=True)
    assert (taken.officer, taken.holder) == (BINH.officer, "desk")
    with pytest.raises(TurnLost):
        type_at_desk(context, draft_id, "Loan", desk=AN)
    type_at_desk(context, draft_id, "Liên", desk=BINH)
    assert stored(context, draft_id).givers == {"con_ho_ten": BINH.officer}


def test_the_officer_who_takes_a_draft_over_has_it_at_their_own_counter(context: Context, draft_id: str) -> None:
    give_to_desk(context, draft_id)
    desk_drafts.take_over(context, draft_id, BINH.officer, BINH.counter)
    with pytest.raises(DraftElsewhere) as caught:
        draft_turn_acts.open_at_desk(context, draft_id, AN)
    assert caught.value.counter == BINH.counter


def test_a_second_press_of_open_changes_nothing(context: Context, draft_id: str) -> None:
    before = give_to_desk(context, draft_id)
    assert draft_turn_acts.open_at_desk(context, draft_id, AN) == before


def test_a_draft_that_is_gone_cannot_be_opened(context: Context, draft_id: str) -> None:
    applying.end_session(context, SESSION)
    with pytest.raises(DraftGone):
        draft_turn_acts.open_at_desk(context, draft_id, AN)


# --- the turn


def test_the_citizen_takes_the_turn_at_once_and_the_text_of_the_desk_stays(context: Context, draft_id: str) -> None:
    old = give_to_desk(context, draft_id)
    type_at_desk(context, draft_id, "TRẦN NGUYỄN BẢO NG")
    draft_turn_acts.take(context, draft_id)
    with pytest.raises(TurnLost):
        type_at_desk(context, draft_id, "TRẦN NGUYỄN BẢO NGỌC", turn=old.turn)
    assert stored(context, draft_id).answers == {"con_ho_ten": "TRẦN NGUYỄN BẢO NG"}
    type_at_screen(context, draft_id, "TRẦN NGUYỄN BẢO NGÂN")
    assert (stored(context, draft_id).sources, stored(context, draft_id).givers) == ({"con_ho_ten": "hand"}, {})


def test_no_answer_for_twenty_seconds_means_no_also_when_the_clock_jumps(
    context: Context, draft_id: str, clock: FixedClock
) -> None:
    draft_turn_acts.open_at_desk(context, draft_id, AN)
    asked = draft_turn_acts.ask(context, draft_id, AN.officer)
    assert (asked.holder, asked.is_asked) == ("screen", True)
    clock.jump(86_400)
    assert turn_of(context, draft_id).is_asked
    clock.jump(-7 * 86_400)
    clock.advance(ANSWER_SECONDS - 1)
    assert turn_of(context, draft_id).is_asked
    clock.advance(1)
    assert not turn_of(context, draft_id).is_asked
    draft_turn_acts.answer(context, draft_id, asked.ask_no, is_granted=True)
    assert turn_of(context, draft_id).holder == "screen"
    see_screen(context, draft_id)
    assert draft_turn_acts.ask(context, draft_id, AN.officer).ask_no == asked.ask_no + 1


def test_a_question_without_an_answer_is_not_asked_again_after_hours(
    context: Context, draft_id: str, clock: FixedClock
) -> None:
    draft_turn_acts.open_at_desk(context, draft_id, AN)
    draft_turn_acts.ask(context, draft_id, AN.officer)
    for _ in range(3):
        clock.advance(FORGET_SECONDS / 2)
        see_screen(context, draft_id)
        assert not turn_of(context, draft_id).is_asked


def test_an_answer_to_an_older_question_changes_nothing(context: Context, draft_id: str) -> None:
    draft_turn_acts.open_at_desk(context, draft_id, AN)
    first = draft_turn_acts.ask(context, draft_id, AN.officer)
    draft_turn_acts.answer(context, draft_id, first.ask_no, is_granted=False)
    second = draft_turn_acts.ask(context, draft_id, AN.officer)
    draft_turn_acts.answer(context, draft_id, first.ask_no, is_granted=True)
    assert turn_of(context, draft_id) == second
    draft_turn_acts.answer(context, draft_id, second.ask_no, is_granted=True)
    assert turn_of(context, draft_id).holder == "desk"


def test_a_screen_that_was_switched_off_gives_the_turn_without_an_answer(
    context: Context, draft_id: str, clock: FixedClock
) -> None:
    draft_turn_acts.open_at_desk(context, draft_id, AN)
    clock.advance(SILENT_SECONDS)
    assert draft_turn_acts.ask(context, draft_id, AN.officer).holder == "desk"
    type_at_desk(context, draft_id, "Lan")
    assert stored(context, draft_id).answers == {"con_ho_ten": "Lan"}


def test_the_desk_gives_the_turn_only_to_a_screen(context: Context, draft_id: str) -> None:
    give_to_desk(context, draft_id)
    assert draft_turn_acts.give_back(context, draft_id, AN.officer).holder == "screen"
    give_to_desk_again(context, draft_id)
    applying.end_session(context, SESSION)
    assert draft_turn_acts.give_back(context, draft_id, AN.officer).holder == "desk"


def give_to_desk_again(context: Context, draft_id: str) -> None:
    asked = draft_turn_acts.ask(context, draft_id, AN.officer)
    draft_turn_acts.answer(context, draft_id, asked.ask_no, is_granted=True)


def test_a_page_from_before_the_desk_came_overwrites_nothing_after_it_has_gone(context: Context, draft_id: str) -> None:
    type_at_screen(context, draft_id, "Lan")
    give_to_desk(context, draft_id)
    type_at_desk(context, draft_id, "Loan")
    draft_turn_acts.end(context, draft_id, AN.officer)
    with pytest.raises(TurnLost):
        type_at_screen(context, draft_id, "Lan", turn=0)
    assert stored(context, draft_id).answers == {"con_ho_ten": "Loan"}
    with pytest.raises(TurnLost):
        type_at_desk(context, draft_id, "Liên")
    type_at_screen(context, draft_id, "Lan")


def test_the_screen_does_not_submit_while_the_desk_types(context: Context, draft_id: str) -> None:
    give_to_desk(context, draft_id)
    with pytest.raises(TurnLost):
        applying.submit(context, SESSION, draft_id, turn=0)
    assert stored(context, draft_id).answers == {}


# --- the end of the visit


@pytest.mark.parametrize("leave", ["end", "other form"])
def test_the_end_of_a_visit_leaves_the_draft_to_the_desk_that_has_it(
    context: Context, draft_id: str, leave: str
) -> None:
    give_to_desk(context, draft_id)
    type_at_desk(context, draft_id, "Lan")
    if leave == "end":
        applying.end_session(context, SESSION)
    else:
        applying.replace_draft(context, SESSION, Draft("1.001193", "2026-11"))
    type_at_desk(context, draft_id, "Loan")
    assert stored(context, draft_id).answers == {"con_ho_ten": "Loan"}


def test_the_end_of_a_visit_deletes_the_draft_once_the_desk_has_ended(context: Context, draft_id: str) -> None:
    give_to_desk(context, draft_id)
    draft_turn_acts.end(context, draft_id, AN.officer)
    applying.end_session(context, SESSION)
    with context.store.read() as db, pytest.raises(DraftGone):
        drafts.read(db, draft_id)
    assert draft_turn_acts.find_turn(context, draft_id) is None


# --- power cuts

STEPS: dict[str, Callable[[Context, str], object]] = {
    "open": lambda context, draft_id: draft_turn_acts.open_at_desk(context, draft_id, AN),
    "take over": lambda context, draft_id: draft_turn_acts.open_at_desk(context, draft_id, BINH, is_forced=True),
    "ask": lambda context, draft_id: draft_turn_acts.ask(context, draft_id, AN.officer),
    "grant": lambda context, draft_id: draft_turn_acts.answer(context, draft_id, 1, is_granted=True),
    "refuse": lambda context, draft_id: draft_turn_acts.answer(context, draft_id, 1, is_granted=False),
    "give back": lambda context, draft_id: draft_turn_acts.give_back(context, draft_id, AN.officer),
    "take": draft_turn_acts.take,
    "end": lambda context, draft_id: draft_turn_acts.end(context, draft_id, AN.officer),
    "type": lambda context, draft_id: type_at_desk(context, draft_id, "Loan"),
}
BEFORE: dict[str, Callable[[Context, str], object]] = {
    "open": lambda _context, _draft_id: None,
    "ask": lambda context, draft_id: draft_turn_acts.open_at_desk(context, draft_id, AN),
    "grant": lambda context, draft_id: (STEPS["open"](context, draft_id), STEPS["ask"](context, draft_id)),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_power_cut_leaves_each_step_done_or_not_begun(
    context: Context, draft_id: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = {"refuse": "grant"}.get(step, step)
    BEFORE.get(prepare, give_to_desk)(context, draft_id)
    before = everything(context)
    writes = 0
    write = context.store.write

    @contextmanager
    def write_and_lose_power() -> Iterator[Database]:
        nonlocal writes
        writes += 1
        with write() as db:
            yield db
            raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(context.store, "write", write_and_lose_power)
        with pytest.raises(PowerCut):
            STEPS[step](context, draft_id)
    assert (writes, everything(context)) == (1, before)
    STEPS[step](context, draft_id)
    assert everything(context) != before


def everything(context: Context) -> list[tuple[object, ...]]:
    """Return all rows that taking turns can change."""
    with context.store.read() as db:
        return [
            tuple(row)
            for table in ("drafts", "draft_turns", "sessions", "calls", "audit")
            for row in db.execute(f"select * from {table}").fetchall()  # names above
        ]


# --- any interleaving


class Interleaving(RuleBasedStateMachine):
    """Citizen and two officers type, ask, take and leave in any order, from pages of any age.

    The model is what the people may expect: an answer that was accepted is there, with its giver, until the one who had
    the turn changed it; an answer that was refused changed nothing.
    """

    make_context: Callable[[], Context]

    @initialize()
    def begin(self) -> None:
        self.context = type(self).make_context()
        self.draft_id = begin_draft(self.context)
        self.answers: dict[str, str] = {}
        self.givers: dict[str, str] = {}
        self.pages: dict[str, int] = {"screen": 0, "CB01": 0, "CB02": 0}

    def turn(self) -> DraftTurn | None:
        with self.context.store.read() as db:
            return draft_turns.find(db, self.draft_id)

    @rule(who=st.sampled_from(["screen", "CB01", "CB02"]))
    def load_page(self, who: str) -> None:
        turn = self.turn()
        self.pages[who] = turn.turn if turn else 0

    @rule(
        who=st.sampled_from(["screen", "CB01", "CB02"]),
        key=st.sampled_from(["con_ho_ten", "me_ho_ten"]),
        value=st.sampled_from(["Lan", "Loan", "Liên"]),
    )
    def type_answer(self, who: str, key: str, value: str) -> None:
        turn = self.turn()
        may_type = who == "screen" if turn is None else who == (turn.officer if turn.holder == "desk" else "screen")
        may_type = may_type and self.pages[who] == (turn.turn if turn else 0)
        try:
            if who == "screen":
                applying.update_draft(self.context, self.draft_id, put(key, value), turn=self.pages[who])
            else:
                hand = Hand("desk", self.pages[who], who)
                draft_turn_acts.update_draft(self.context, self.draft_id, hand, put(key, value))
        except TurnLost:
            assert not may_type
            return
        assert may_type
        if self.answers.get(key) != value:
            self.givers[key] = who
        self.answers[key] = value

    @rule(officer=st.sampled_from([AN, BINH]), is_forced=st.booleans())
    def open_at_desk(self, officer: Desk, is_forced: bool) -> None:
        before = self.turn()
        try:
            draft_turn_acts.open_at_desk(self.context, self.draft_id, officer, is_forced=is_forced)
        except DraftElsewhere:
            assert before is not None
            assert before.officer not in {None, officer.officer}

    @rule(officer=st.sampled_from(["CB01", "CB02"]), act=st.sampled_from(["ask", "give_back", "end"]))
    def act_at_desk(self, officer: str, act: str) -> None:
        before = self.turn()
        try:
            getattr(draft_turn_acts, act)(self.context, self.draft_id, officer)
        except TurnLost:
            assert before is None or before.officer != officer

    @rule(is_granted=st.booleans(), age=st.integers(0, 2))
    def answer(self, is_granted: bool, age: int) -> None:
        turn = self.turn()
        draft_turn_acts.answer(self.context, self.draft_id, (turn.ask_no if turn else 0) - age, is_granted=is_granted)

    @rule()
    def take(self) -> None:
        draft_turn_acts.take(self.context, self.draft_id)
        turn = self.turn()
        assert turn is None or turn.holder == "screen"

    @rule(seconds=st.sampled_from([1, 4, 6, 21]))
    def wait(self, seconds: int) -> None:
        assert isinstance(self.context.clock, FixedClock)
        self.context.clock.advance(seconds)

    @rule(seconds=st.sampled_from([-86_400, 86_400]))
    def jump(self, seconds: int) -> None:
        assert isinstance(self.context.clock, FixedClock)
        self.context.clock.jump(seconds)

    @rule()
    def poll(self) -> None:
        see_screen(self.context, self.draft_id)

    @precondition(lambda self: self.turn() is not None and self.turn().is_at_desk)
    @rule()
    def citizen_leaves(self) -> None:
        applying.end_session(self.context, SESSION)

    @rule()
    def server_restarts(self) -> None:
        self.context = replace(self.context, presence=type(self.context.presence)())

    @invariant()
    def nothing_is_lost_or_of_another(self) -> None:
        draft = stored(self.context, self.draft_id)
        assert draft.answers == self.answers
        sources = {key: "hand" if giver == "screen" else "officer" for key, giver in self.givers.items()}
        assert draft.sources == sources
        assert draft.givers == {key: giver for key, giver in self.givers.items() if giver != "screen"}


def test_no_answer_is_lost_or_given_to_another_in_any_order_of_acts(
    context: Context, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Context:
        with context.store.write() as db:
            for table in ("drafts", "sessions", "calls"):
                db.execute(f"delete from {table}")  # names above
        assert context.clock is clock
        return context

    monkeypatch.setattr(Interleaving, "make_context", staticmethod(fresh), raising=False)
    run_state_machine_as_test(Interleaving)
