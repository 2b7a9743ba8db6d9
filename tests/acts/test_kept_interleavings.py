"""Two people, two screens, two officers, in any order: no answer is lost, shown to another, or given to another."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kiosk.acts import applying, covering
from kiosk.acts import desk_drafts as desk_draft_acts
from kiosk.acts import draft_turns as draft_turn_acts
from kiosk.acts import kept_forms as kept_form_acts
from kiosk.acts.draft_turns import Desk
from kiosk.acts.kept_forms import DigitsNeeded
from kiosk.base.clock import FixedClock
from kiosk.base.errors import DraftElsewhere, DraftGone, NotAllowed, TurnLost
from kiosk.config import Config
from kiosk.context import Context
from kiosk.context.scanner import CardInbox
from kiosk.dossiers import kept_forms, sealed_drafts
from kiosk.procedures.answers import Draft
from kiosk.procedures.loader import read_catalogue
from kiosk.records import desk_drafts, draft_turns, drafts, kept_drafts, screen_covers, sessions
from kiosk.store.db import Store
from kiosk.store.vault import Vault
from kiosk.vietnam import id_card

SCREENS = ("Máy 1", "Máy 2")
DESKS = {"CB01": Desk(officer="CB01", counter=2), "CB02": Desk(officer="CB02", counter=3)}
CARDS = {card.key: id_card.parse(card.line) for card in id_card.practice_cards()}
OWNERS = ("me", "cha", "")
"""Keys of the card that was scanned in a form; empty: none was."""

screens = st.sampled_from(SCREENS)
officers = st.sampled_from(sorted(DESKS))
numbers = st.integers(0, 3)


@dataclass
class ModelForm:
    """Expected state of a form: each accepted answer with its giver, until the form is deleted."""

    owner: str
    answers: dict[str, str] = field(default_factory=dict)
    givers: dict[str, str] = field(default_factory=dict)
    is_kept: bool = False


class Keeping(RuleBasedStateMachine):
    """Citizens begin, type, cover, keep, scan and leave; officers open, type, take over, give back and delete."""

    make_context: Callable[[], Context]

    @initialize(kept=st.sampled_from([(), ("Máy 1",), ("Máy 1", "Máy 2")]))
    def begin_day(self, kept: tuple[str, ...]) -> None:
        """Begin a form at each screen, and keep some of them, so that short runs reach the slips."""
        self.context = type(self).make_context()
        self.forms: dict[str, ModelForm] = {}
        self.shown: dict[str, str | None] = dict.fromkeys(SCREENS)
        self.covered: set[str] = set()
        for screen in SCREENS:
            applying.start_session(self.context, screen, screen)
        self.begin_form("Máy 1", "me")
        self.begin_form("Máy 2", "cha")
        for screen in kept:
            self.keep(screen)

    def form(self, number: int) -> str:
        """Return the id of a form of the model; of one that never was where there is none."""
        ids = list(self.forms)
        return ids[number % len(ids)] if ids else "no form"

    def is_at_desk(self, draft_id: str) -> bool:
        with self.context.store.read() as db:
            return draft_turns.is_at_desk(db, draft_id)

    def leave_screen(self, screen: str) -> None:
        """Take the form from a screen whose visit ends: it is deleted unless it is kept or a desk has it open."""
        left = self.shown[screen]
        if left is not None and not self.forms[left].is_kept and not self.is_at_desk(left):
            del self.forms[left]
        self.shown[screen] = None
        self.covered.discard(screen)

    # --- at a screen

    @rule(screen=screens, owner=st.sampled_from(OWNERS))
    def begin_form(self, screen: str, owner: str) -> None:
        self.leave_screen(screen)
        draft = Draft("1.001193", "2026-11")
        card = CARDS.get(owner)
        if isinstance(card, id_card.Card):
            draft.put(f"{kept_forms.SCANNED_CARD}.nguoi_khai", kept_forms.card_hash(self.context, card), "card")
        draft_id = applying.replace_draft(self.context, screen, draft).id
        self.forms[draft_id] = ModelForm(owner)
        self.shown[screen] = draft_id

    @rule(screen=screens, key=st.sampled_from(["con_ho_ten", "me_ho_ten"]), value=st.sampled_from(["Lan", "Loan"]))
    def type_at_screen(self, screen: str, key: str, value: str) -> None:
        draft_id = self.shown[screen]
        if draft_id is None or screen in self.covered:
            return
        turn = draft_turn_acts.find_turn(self.context, draft_id)
        try:
            change = _put(key, value)
            applying.update_draft(self.context, draft_id, change, turn=turn.turn if turn else 0)
        except TurnLost:
            assert turn is not None
            assert turn.holder == "desk"
            return
        self.accept(draft_id, key, value, giver="screen")

    @rule(screen=screens)
    def poll(self, screen: str) -> None:
        draft_id = self.shown[screen]
        if draft_id is not None:
            self.context.presence.note(draft_id, "screen", self.context.clock.monotonic())

    @rule(screen=screens)
    def take(self, screen: str) -> None:
        draft_id = self.shown[screen]
        if draft_id is not None:
            draft_turn_acts.take(self.context, draft_id)

    @rule(screen=screens)
    def cover(self, screen: str) -> None:
        is_new = covering.cover(self.context, screen, "/form/con_ten", "2580")
        assert is_new == (self.shown[screen] is not None and screen not in self.covered)
        if is_new:
            self.covered.add(screen)

    @rule(screen=screens, is_right=st.booleans())
    def uncover(self, screen: str, is_right: bool) -> None:
        result = covering.open_by_digits(self.context, screen, "2580" if is_right else "2581")
        if screen not in self.covered:
            assert result == "gone"
        elif result == "open":
            assert is_right
            self.covered.discard(screen)

    @rule(minutes=st.sampled_from([1, 19, 21]))
    def wait(self, minutes: int) -> None:
        """Wait with the worker running; a screen that is covered for too long puts its form away."""
        assert isinstance(self.context.clock, FixedClock)
        self.context.clock.advance(60 * minutes)
        covering.put_away_overdue(self.context)
        with self.context.store.read() as db:
            ended = [screen for screen in SCREENS if sessions.find(db, screen, "citizen") is None]
        assert set(ended) <= self.covered
        assert minutes <= self.context.config.screen.cover_minutes or set(ended) == self.covered
        for screen in ended:
            draft_id = self.shown[screen]
            assert draft_id is not None
            self.forms[draft_id].is_kept = True
            self.leave_screen(screen)
            applying.start_session(self.context, screen, screen)

    @rule(screen=screens)
    def keep(self, screen: str) -> None:
        draft_id = self.shown[screen]
        if screen in self.covered:
            return
        try:
            form = kept_form_acts.keep(self.context, screen, screen)
        except DraftGone:
            assert draft_id is None
            return
        except DigitsNeeded:
            assert draft_id is not None
            assert not self.forms[draft_id].owner
            return
        assert form.kept.draft_id == draft_id
        self.forms[form.kept.draft_id].is_kept = True
        self.leave_screen(screen)

    @rule(screen=screens, number=numbers, card=st.sampled_from(["me", "cha"]))
    def scan_slip(self, screen: str, number: int, card: str) -> None:
        draft_id = self.form(number)
        code = kept_form_acts.code_of(self.context, draft_id)
        if code is None or screen in self.covered:
            return
        assert self.forms[draft_id].is_kept
        scanned = CARDS[card]
        assert isinstance(scanned, id_card.Card)
        result = kept_form_acts.resume_at_screen(self.context, code, screen, card=scanned)
        if result != "open":
            return
        assert self.forms[draft_id].owner == card, "a slip and another person's card open nothing"
        for other in SCREENS:
            if self.shown[other] == draft_id:
                self.leave_screen(other)
        self.leave_screen(screen)
        self.shown[screen] = draft_id

    @rule(screen=screens)
    def leave(self, screen: str) -> None:
        if screen in self.covered:
            return
        self.leave_screen(screen)
        applying.end_session(self.context, screen)
        applying.start_session(self.context, screen, screen)

    # --- at the desk

    @rule(officer=officers, number=numbers, is_forced=st.booleans())
    def open_at_desk(self, officer: str, number: int, is_forced: bool) -> None:
        draft_id = self.form(number)
        try:
            draft_turn_acts.open_at_desk(self.context, draft_id, DESKS[officer], is_forced=is_forced)
        except DraftElsewhere:
            assert not is_forced
        except DraftGone:
            assert draft_id not in self.forms

    @rule(officer=officers, number=numbers)
    def open_slip_at_desk(self, officer: str, number: int) -> None:
        draft_id = self.form(number)
        code = kept_form_acts.code_of(self.context, draft_id)
        if code is None:
            assert draft_id not in self.forms or not self.forms[draft_id].is_kept
            return
        assert kept_form_acts.resume_at_desk(self.context, code, officer) == draft_id
        for screen in SCREENS:
            if self.shown[screen] == draft_id:
                self.leave_screen(screen)

    @rule(officer=officers, number=numbers)
    def print_slip(self, officer: str, number: int) -> None:
        code = kept_form_acts.code_of(self.context, self.form(number))
        if code is not None:
            kept_form_acts.print_slip(self.context, code, officer)

    @rule(officer=officers, number=numbers)
    def take_over(self, officer: str, number: int) -> None:
        try:
            desk_draft_acts.take_over(self.context, self.form(number), officer, DESKS[officer].counter)
        except DraftGone:
            return

    @rule(officer=officers, number=numbers, act=st.sampled_from(["ask", "give_back", "end"]))
    def turn_at_desk(self, officer: str, number: int, act: str) -> None:
        try:
            getattr(draft_turn_acts, act)(self.context, self.form(number), officer)
        except TurnLost:
            return

    @rule(officer=officers, number=numbers, value=st.sampled_from(["Liên", "Liễu"]))
    def type_at_desk(self, officer: str, number: int, value: str) -> None:
        draft_id = self.form(number)
        turn = draft_turn_acts.find_turn(self.context, draft_id)
        with self.context.store.read() as db:
            desk = desk_drafts.find(db, draft_id)
        may_type = desk is not None and desk.actor == officer and (turn is None or turn.holder == "desk")
        change = _put("con_ho_ten", value)
        try:
            desk_draft_acts.update_draft(self.context, draft_id, officer, change, turn=turn.turn if turn else 0)
        except (DraftGone, NotAllowed, TurnLost):
            assert not may_type
            return
        assert may_type
        self.accept(draft_id, "con_ho_ten", value, giver=officer)

    @rule(officer=officers, number=numbers)
    def delete_at_desk(self, officer: str, number: int) -> None:
        draft_id = self.form(number)
        with self.context.store.read() as db:
            desk = desk_drafts.find(db, draft_id)
        try:
            desk_draft_acts.delete(self.context, draft_id, officer)
        except NotAllowed:
            assert desk is not None
            assert desk.actor != officer
            return
        if desk is not None:
            del self.forms[draft_id]
            for screen in SCREENS:
                if self.shown[screen] == draft_id:
                    self.shown[screen] = None
                    self.covered.discard(screen)

    # --- what holds after every act

    def accept(self, draft_id: str, key: str, value: str, *, giver: str) -> None:
        form = self.forms[draft_id]
        if form.answers.get(key) != value:
            form.givers[key] = giver
        form.answers[key] = value

    @invariant()
    def each_form_has_its_answers_with_their_givers(self) -> None:
        with self.context.store.read() as db:
            rows = {row.id: row.body for row in drafts.list_all(db)}
        assert set(rows) == set(self.forms)
        for draft_id, form in self.forms.items():
            draft = sealed_drafts.unseal(self.context, draft_id, rows[draft_id])
            answers = {key: value for key, value in draft.answers.items() if key != kept_forms.SCANNED_CARD}
            assert answers == form.answers
            by_hand = {key for key, source in draft.sources.items() if source == "hand"}
            assert by_hand == {key for key, giver in form.givers.items() if giver == "screen"}
            assert draft.givers == {key: giver for key, giver in form.givers.items() if giver != "screen"}

    @invariant()
    def each_screen_shows_its_own_form_or_none(self) -> None:
        with self.context.store.read() as db:
            for screen, draft_id in self.shown.items():
                row = sessions.find(db, screen, "citizen")
                assert row is not None
                assert row.draft_id == draft_id
                is_covered = screen_covers.find(db, screen) is not None and draft_id is not None
                assert is_covered == (screen in self.covered)

    @invariant()
    def a_kept_form_has_a_slip_and_one_at_the_desk_one_officer(self) -> None:
        with self.context.store.read() as db:
            for draft_id, form in self.forms.items():
                kept = kept_drafts.find(db, draft_id)
                assert (kept is not None and kept.sealed is not None) == form.is_kept
                turn = draft_turns.find(db, draft_id)
                desk = desk_drafts.find(db, draft_id)
                if turn is not None and turn.is_at_desk:
                    assert desk is not None
                    assert desk.actor == turn.officer


def _put(key: str, value: str) -> Callable[[Draft], None]:
    return lambda draft: draft.put(key, value)


@pytest.fixture
def context(config: Config, store: Store, vault: Vault, clock: FixedClock) -> Context:
    return Context(
        config=config, store=store, vault=vault, catalogue=read_catalogue(), clock=clock, card_inbox=CardInbox()
    )


def test_no_form_is_lost_or_shown_to_another_in_any_order_of_keeping_and_opening(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Context:
        with context.store.write() as db:
            for table in ("drafts", "sessions", "calls", "kept_drafts", "jobs"):
                db.execute(f"delete from {table}")  # names above
        return context

    monkeypatch.setattr(Keeping, "make_context", staticmethod(fresh), raising=False)
    run_state_machine_as_test(Keeping, settings=settings(max_examples=50, stateful_step_count=30, deadline=None))
