"""A kept form: who opens it, where and until when, and what is left of it afterwards."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlite_utils import Database

import printers.spool
from kiosk.acts import applying, covering, desk_drafts, draft_turns, queueing, wiping
from kiosk.acts import kept_forms as kept_form_acts
from kiosk.acts.draft_turns import Desk
from kiosk.acts.kept_forms import ChosenDigits, DigitsNeeded
from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.base.errors import DraftElsewhere, DraftGone, NotAllowed, NotFound, TooManyTries
from kiosk.context import Context
from kiosk.dossiers import kept_forms
from kiosk.dossiers.kept_forms import KeptForm
from kiosk.procedures.answers import Draft
from kiosk.records import audit, drafts, kept_drafts, screen_covers, sessions
from kiosk.vietnam import id_card
from tests.journeys import submission_checks
from tests.journeys.people import begin_birth, birth_after_mother, mother_registers, submit
from tests.journeys.walker import Walker, card_line

SCREEN = "máy PK03"
OTHER = "o" * 64
DAY_SECONDS = 86400
DIGITS = ChosenDigits("4071", "4071")


@pytest.fixture
def context(walker: Walker) -> Context:
    return walker.context


def card(key: str) -> id_card.Card:
    parsed = id_card.parse(card_line(key))
    assert isinstance(parsed, id_card.Card)
    return parsed


def session_of(context: Context) -> str:
    with context.store.read() as db:
        ((session,),) = db.execute("select id from sessions where draft_id is not null").fetchall()
    return str(session)


def draft_ids(context: Context) -> list[str]:
    with context.store.read() as db:
        return [row[0] for row in db.execute("select id from drafts").fetchall()]


def keep_with_card(walker: Walker) -> KeptForm:
    """Fill in the mother's page by her card, and keep the form."""
    mother_registers(begin_birth(walker))
    return kept_form_acts.keep(walker.context, session_of(walker.context), SCREEN)


def keep_with_digits(walker: Walker) -> KeptForm:
    begin_birth(walker)
    return kept_form_acts.keep(walker.context, session_of(walker.context), SCREEN, DIGITS)


def resume(context: Context, form: KeptForm, **proof: object) -> str:
    return kept_form_acts.resume_at_screen(context, form.code, OTHER, **proof)  # type: ignore[arg-type]


def misses(context: Context, form: KeptForm) -> int:
    with context.store.read() as db:
        kept = kept_drafts.find(db, form.kept.draft_id)
    assert kept is not None
    return kept.misses


def answers_of(context: Context, session: str = OTHER) -> Draft:
    return applying.current_draft(context, session).draft


def test_a_kept_form_is_opened_at_another_screen_by_slip_and_card(walker: Walker, context: Context) -> None:
    form = keep_with_card(walker)
    assert form.opened_by == "card"
    with pytest.raises(DraftGone):
        applying.current_draft(context, form.kept.screen)
    assert resume(context, form, card=card("me")) == "open"
    assert answers_of(context).get("nyc_ho_ten") == "Nguyễn Thị Diệu Hiền"


def test_a_card_that_a_typing_scanner_sends_without_marks_opens_it_too(walker: Walker, context: Context) -> None:
    form = keep_with_card(walker)
    line = "".join(char for char in card_line("me") if char.isascii())
    typed = id_card.parse(line, is_typed=True)
    assert isinstance(typed, id_card.Card)
    assert typed.lossy
    assert resume(context, form, card=typed) == "open"


def test_another_person_with_the_slip_opens_nothing(walker: Walker, context: Context) -> None:
    form = keep_with_card(walker)
    assert resume(context, form, card=card("cha")) == "wrong"
    assert resume(context, form, digits="4071") == "wrong"
    assert resume(context, form) == "wrong"
    with pytest.raises(DraftGone):
        applying.current_draft(context, OTHER)


def test_a_card_with_the_same_number_and_another_day_of_issue_opens_nothing(walker: Walker, context: Context) -> None:
    form = keep_with_card(walker)
    assert resume(context, form, card=replace(card("me"), issued_on="2019-01-01")) == "wrong"


def test_a_form_without_a_card_needs_digits_that_are_typed_twice_and_hard_to_guess(
    walker: Walker, context: Context
) -> None:
    begin_birth(walker)
    session = session_of(context)
    for digits, fault in (
        (ChosenDigits(), ""),
        (ChosenDigits("12", "12"), "shape"),
        (ChosenDigits("٤٠٧١", "٤٠٧١"), "shape"),
        (ChosenDigits("7777", "7777"), "easy"),
        (ChosenDigits("4567", "4567"), "easy"),
        (ChosenDigits("9876", "9876"), "easy"),
        (ChosenDigits("4071", "4072"), "differ"),
    ):
        with pytest.raises(DigitsNeeded) as needed:
            kept_form_acts.keep(context, session, SCREEN, digits)
        assert needed.value.fault == fault
    assert draft_ids(context) == [applying.current_draft(context, session).id]
    form = kept_form_acts.keep(context, session, SCREEN, DIGITS)
    assert form.opened_by == "digits"
    assert resume(context, form, digits="4071") == "open"


def test_after_five_wrong_digits_only_the_desk_opens_it_on_any_later_day(
    walker: Walker, context: Context, clock: FixedClock
) -> None:
    form = keep_with_digits(walker)
    tries = [resume(context, form, digits=f"{number:04}") for number in range(1111, 1116)]
    assert tries == ["wrong"] * 4 + ["officer"]
    assert resume(context, form, digits="4071") == "officer"
    clock.advance(2 * DAY_SECONDS)
    assert resume(context, form, digits="4071") == "officer"
    found = kept_form_acts.find_slip(context, form.code, SCREEN).form
    assert found is not None
    assert found.opened_by == "officer"
    assert kept_form_acts.resume_at_desk(context, form.code, "hoaian") == form.kept.draft_id


def test_many_guesses_at_once_are_no_more_than_five(walker: Walker, context: Context) -> None:
    form = keep_with_digits(walker)
    with ThreadPoolExecutor(8) as pool:
        tries = list(pool.map(lambda number: resume(context, form, digits=f"{number}"), range(1201, 1221)))
    assert "open" not in tries
    with context.store.read() as db:
        kept = kept_drafts.find(db, form.kept.draft_id)
    assert kept is not None
    assert kept.misses == kept_forms.MAX_MISSES


def test_a_right_try_clears_the_wrong_ones(walker: Walker, context: Context) -> None:
    form = keep_with_digits(walker)
    for _ in range(4):
        assert resume(context, form, digits="1211") == "wrong"
    assert resume(context, form, digits="4071") == "open"
    with context.store.read() as db:
        kept = kept_drafts.find(db, form.kept.draft_id)
    assert kept is not None
    assert kept.misses == 0


def test_codes_of_nothing_are_slowed_down_at_a_screen(walker: Walker, context: Context) -> None:
    for _ in range(5):
        assert kept_form_acts.find_slip(context, "PK03-G-7K3M-9QRT-C", "one screen") == kept_form_acts.NOTHING
    with pytest.raises(TooManyTries):
        kept_form_acts.find_slip(context, "PK03-G-7K3M-9QRT-C", "one screen")
    form = keep_with_digits(walker)
    assert kept_form_acts.find_slip(context, form.code, "another screen").form is not None


def test_a_slip_that_is_scanned_twice_moves_the_form_to_the_later_screen(walker: Walker, context: Context) -> None:
    form = keep_with_card(walker)
    assert resume(context, form, card=card("me")) == "open"
    later = "l" * 64
    assert kept_form_acts.resume_at_screen(context, form.code, later, card=card("me")) == "open"
    with pytest.raises(DraftGone):
        applying.current_draft(context, OTHER)
    assert answers_of(context, later).get("nyc_ho_ten") == "Nguyễn Thị Diệu Hiền"


def test_a_resumed_form_that_is_left_alone_is_kept_again_and_not_deleted(walker: Walker, context: Context) -> None:
    form = keep_with_card(walker)
    assert resume(context, form, card=card("me")) == "open"
    applying.update_draft(context, form.kept.draft_id, lambda draft: draft.put("con_ho_ten", "Trần Nguyễn Bảo Ngọc"))
    applying.end_session(context, OTHER)
    assert resume(context, form, card=card("me")) == "open"
    assert answers_of(context).get("con_ho_ten") == "Trần Nguyễn Bảo Ngọc"


def test_another_form_begun_in_the_same_visit_does_not_delete_the_kept_one(walker: Walker, context: Context) -> None:
    form = keep_with_card(walker)
    assert resume(context, form, card=card("me")) == "open"
    procedure = context.catalogue.in_force("2.000635", context.clock.today())
    assert procedure is not None
    applying.begin(context, OTHER, procedure, answers={})
    assert resume(context, form, card=card("me")) == "open"


def test_a_post_that_is_sent_again_keeps_and_prints_nothing_more(walker: Walker, context: Context) -> None:
    mother_registers(begin_birth(walker))
    session = session_of(context)
    key = codes.new_id()
    with ThreadPoolExecutor(4) as pool:
        forms = list(pool.map(lambda _: kept_form_acts.keep(context, session, SCREEN, key=key), range(4)))
    assert len({(form.code, form.job_id, form.kept.times) for form in forms}) == 1
    with context.store.read() as db:
        assert [job.id for job in printers.spool.of_subject(db, forms[0].kept.draft_id)] == [forms[0].job_id]
    with pytest.raises(DraftGone):
        kept_form_acts.keep(context, session, SCREEN, key=codes.new_id())
    with pytest.raises(DraftGone):
        kept_form_acts.keep(context, OTHER, SCREEN, key=key)


def test_a_form_that_is_kept_twice_has_one_code_and_two_slips(walker: Walker, context: Context) -> None:
    first = keep_with_card(walker)
    assert resume(context, first, card=card("me")) == "open"
    second = kept_form_acts.keep(context, OTHER, SCREEN)
    assert second.code == first.code
    with context.store.read() as db:
        jobs = printers.spool.of_subject(db, first.kept.draft_id)
    assert [job.kind for job in jobs] == ["kept", "kept"]


def test_after_its_last_day_the_form_is_gone_and_the_slip_says_so(
    walker: Walker, context: Context, clock: FixedClock
) -> None:
    form = keep_with_card(walker)
    clock.advance(context.config.keep.kept_days * DAY_SECONDS)
    wiping.wipe_expired(context)
    assert kept_form_acts.find_slip(context, form.code, SCREEN).form is not None
    clock.advance(DAY_SECONDS)
    assert kept_form_acts.find_slip(context, form.code, SCREEN).ended_on == form.kept.kept_until
    assert resume(context, form, card=card("me")) == "gone"
    with pytest.raises(NotAllowed, match="hết hạn ngày 01/12/2026"):
        kept_form_acts.resume_at_desk(context, form.code, "hoaian")
    wiping.wipe_expired(context)
    assert draft_ids(context) == []
    wiping.wipe_expired(context)
    assert kept_form_acts.find_slip(context, form.code, SCREEN).ended_on == form.kept.kept_until
    with context.store.read() as db:
        kept = kept_drafts.find(db, form.kept.draft_id)
    assert kept is not None
    assert kept.sealed is None
    clock.advance(31 * DAY_SECONDS)
    wiping.wipe_expired(context)
    assert kept_form_acts.find_slip(context, form.code, "another") == kept_form_acts.NOTHING


def test_a_draft_that_nobody_kept_is_wiped_after_its_hours(walker: Walker, context: Context, clock: FixedClock) -> None:
    begin_birth(walker)
    clock.advance(context.config.keep.draft_hours * 3600 + 1)
    wiping.wipe_expired(context)
    assert draft_ids(context) == []


def test_delete_leaves_no_draft_no_secret_and_no_slip(walker: Walker, context: Context) -> None:
    form = keep_with_card(walker)
    assert resume(context, form, card=card("me")) == "open"
    kept_form_acts.delete(context, OTHER)
    kept_form_acts.delete(context, OTHER)
    with context.store.read() as db:
        assert kept_drafts.find(db, form.kept.draft_id) is None
        assert [job.state for job in printers.spool.of_subject(db, form.kept.draft_id)] == ["cancelled"]
    assert draft_ids(context) == []
    assert kept_form_acts.find_slip(context, form.code, SCREEN) == kept_form_acts.NOTHING
    with pytest.raises(NotFound):
        kept_form_acts.resume_at_desk(context, form.code, "hoaian")


def test_a_submitted_form_answers_its_slip_with_the_receipt_number(walker: Walker, context: Context) -> None:
    form = keep_with_card(walker)
    assert kept_form_acts.resume_at_screen(context, form.code, session_of_browser(walker), card=card("me")) == "open"
    walker.go("/form/cha")
    birth_after_mother(walker)
    submit(walker)
    submission = submission_checks.only_submission(context)
    assert submission.id == form.kept.draft_id
    assert kept_form_acts.find_slip(context, form.code, SCREEN).submission == submission
    assert resume(context, form, card=card("me")) == "gone"
    with pytest.raises(NotAllowed, match=submission.receipt_no):
        kept_form_acts.resume_at_desk(context, form.code, "hoaian")


def session_of_browser(walker: Walker) -> str:
    """Start a visit in the walker's browser and return its session."""
    walker.go("/")
    with walker.context.store.read() as db:
        rows = db.execute("select id from sessions order by created_at desc, rowid desc limit 1").fetchall()
    return str(rows[0][0])


def test_the_desk_opens_it_by_the_slip_and_the_record_names_the_officer(walker: Walker, context: Context) -> None:
    form = keep_with_card(walker)
    assert kept_form_acts.resume_at_desk(context, form.code, "hoaian") == form.kept.draft_id
    with context.store.read() as db:
        lines = [line for _at, line in audit.of_subject(db, form.kept.draft_id)]
        assert drafts.exists(db, form.kept.draft_id)
    assert [(line.act, line.actor) for line in lines] == [("keep_form", "citizen"), ("resume_form", "hoaian")]


def test_the_desk_types_in_a_kept_form_that_a_desk_had_open_before(walker: Walker, context: Context) -> None:
    begin_birth(walker)
    session = session_of(context)
    draft_id = applying.current_draft(context, session).id
    draft_turns.open_at_desk(context, draft_id, Desk(officer="CB01", counter=2))
    draft_turns.end(context, draft_id, "CB01")
    form = kept_form_acts.keep(context, session, SCREEN, DIGITS)
    kept_form_acts.resume_at_desk(context, form.code, "CB02")
    turn = draft_turns.find_turn(context, draft_id)
    assert turn is not None
    assert (turn.officer, turn.holder) == ("CB02", "desk")
    desk_drafts.update_draft(
        context, draft_id, "CB02", lambda draft: draft.put("con_ho_ten", "Trần Nguyễn Bảo Ngọc"), turn=turn.turn
    )
    assert desk_drafts.load(context, draft_id).draft.get("con_ho_ten") == "Trần Nguyễn Bảo Ngọc"


def test_another_officer_does_not_get_a_kept_form_that_a_desk_opened_by_its_slip(
    walker: Walker, context: Context
) -> None:
    form = keep_with_card(walker)
    kept_form_acts.resume_at_desk(context, form.code, "CB01")
    with pytest.raises(DraftElsewhere):
        draft_turns.open_at_desk(context, form.kept.draft_id, Desk(officer="CB02", counter=3))
    assert desk_drafts.load(context, form.kept.draft_id).desk.actor == "CB01"
    draft_turns.open_at_desk(context, form.kept.draft_id, Desk(officer="CB02", counter=3), is_forced=True)
    assert desk_drafts.load(context, form.kept.draft_id).desk.actor == "CB02"
    with context.store.read() as db:
        _at, last = audit.of_subject(db, form.kept.draft_id)[-1]
    assert (last.act, last.facts["before"]) == ("draft_take", "CB01")


def test_a_kept_form_keeps_its_number_at_a_desk_without_one(walker: Walker, context: Context) -> None:
    begin_birth(walker)
    session = session_of(context)
    ticket = queueing.draw_ticket(context, context.config.series[0], session=session)
    form = kept_form_acts.keep(context, session, SCREEN, DIGITS)
    kept_form_acts.resume_at_desk(context, form.code, "CB01")
    draft_turns.open_at_desk(context, form.kept.draft_id, Desk(officer="CB01", counter=2))
    assert desk_drafts.load(context, form.kept.draft_id).desk.ticket_id == ticket.id


def test_a_number_leads_to_no_form_that_was_deleted(walker: Walker, context: Context) -> None:
    begin_birth(walker)
    session = session_of(context)
    ticket = queueing.draw_ticket(context, context.config.series[0], session=session)
    form = kept_form_acts.keep(context, session, SCREEN, DIGITS)
    kept_form_acts.resume_at_desk(context, form.code, "CB01")
    with context.store.read() as db:
        assert kept_drafts.draft_of_ticket(db, ticket.id) == form.kept.draft_id
    desk_drafts.delete(context, form.kept.draft_id, "CB01")
    with context.store.read() as db:
        assert kept_drafts.draft_of_ticket(db, ticket.id) is None


def test_a_kept_form_that_is_opened_at_a_screen_leaves_the_form_there_to_the_desk_that_has_it(
    walker: Walker, context: Context
) -> None:
    form = keep_with_card(walker)
    applying.start_session(context, OTHER)
    at_desk = applying.replace_draft(context, OTHER, Draft("1.001193", "2026-11")).id
    draft_turns.open_at_desk(context, at_desk, Desk(officer="CB01", counter=2))
    assert resume(context, form, card=card("me")) == "open"
    assert set(draft_ids(context)) == {at_desk, form.kept.draft_id}


def test_a_form_that_is_opened_where_another_was_covered_is_not_covered(walker: Walker, context: Context) -> None:
    form = keep_with_card(walker)
    assert resume(context, form, card=card("me")) == "open"
    assert covering.cover(context, OTHER, "/form/con_ten")
    assert kept_form_acts.resume_at_screen(context, form.code, "l" * 64, card=card("me")) == "open"
    assert resume(context, form, card=card("me")) == "open"
    with context.store.read() as db:
        assert screen_covers.find(db, OTHER) is None


def test_a_screen_whose_form_was_deleted_at_the_desk_is_covered_no_more(
    walker: Walker, context: Context, clock: FixedClock
) -> None:
    applying.start_session(context, OTHER)
    draft_id = applying.replace_draft(context, OTHER, Draft("1.001193", "2026-11")).id
    assert covering.cover(context, OTHER, "/form/con_ten", "2580")
    draft_turns.open_at_desk(context, draft_id, Desk(officer="CB01", counter=2))
    desk_drafts.delete(context, draft_id, "CB01")
    assert covering.open_by_digits(context, OTHER, "2581") == "gone"
    clock.advance(60 * (context.config.screen.cover_minutes + 1))
    covering.put_away_overdue(context)
    with context.store.read() as db:
        assert sessions.find(db, OTHER, "citizen") is not None


def test_a_form_whose_version_is_gone_is_migrated_for_the_desk_and_keeps_its_id(
    walker: Walker, context: Context
) -> None:
    form = keep_with_card(walker)
    with context.store.write() as db:
        db.execute("update drafts set version = '2001-01'")
    assert kept_form_acts.resume_at_desk(context, form.code, "hoaian") == form.kept.draft_id
    with context.store.read() as db:
        row = drafts.read(db, form.kept.draft_id)
    assert context.catalogue.version(row.procedure, row.version) is not None


class PowerCut(BaseException):
    """The machine loses its power at this line."""


def test_a_power_cut_while_resuming_loses_nothing_and_is_no_wrong_try(
    walker: Walker, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = keep_with_card(walker)
    write = context.store.write

    @contextmanager
    def write_until_cut() -> Iterator[Database]:
        with write() as db:
            yield db
            raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(context.store, "write", write_until_cut)
        for _ in range(kept_forms.MAX_MISSES):
            with pytest.raises(PowerCut):
                resume(context, form, card=card("me"))
    assert misses(context, form) == 0
    assert resume(context, form, card=card("me")) == "open"
    assert answers_of(context).get("nyc_ho_ten") == "Nguyễn Thị Diệu Hiền"


def test_the_store_holds_neither_the_code_nor_the_digits_nor_the_card(walker: Walker, context: Context) -> None:
    form = keep_with_digits(walker)
    with context.store.read() as db:
        dump = "\n".join(db.conn.iterdump())
        kept = kept_drafts.find(db, form.kept.draft_id)
        session = sessions.find(db, OTHER, "citizen")
    assert form.code not in dump
    # Four digits alone: a digest or an id may hold them in its middle.
    assert re.search(r"(?<![\w+/.-])4071(?![\w+/.-])", dump) is None
    assert session is None
    assert kept is not None
    assert kept.sealed is not None
    assert form.code.encode() not in kept.sealed
    assert kept_forms.unseal(context, kept.draft_id, kept.sealed).code == form.code
