"""A draft that a desk has opened, at the citizen's screen: the shared page, the turn, and posts of old pages."""

import re
from typing import Any

import pytest

from kiosk.acts import draft_turns
from kiosk.acts.draft_turns import SILENT_SECONDS, Desk
from kiosk.base.clock import FixedClock
from kiosk.dossiers import sealed_drafts
from kiosk.procedures.answers import Draft
from kiosk.records import drafts, sessions, staff
from kiosk.records.draft_turns import Hand
from tests.journeys import submission_checks
from tests.journeys.people import (
    CHILD,
    DAY,
    begin_birth,
    birth_after_mother,
    father,
    mother_registers,
    peoples,
    reach_check_page,
    submit,
)
from tests.journeys.walker import Walker

AN = Desk(officer="CB01", counter=2)


@pytest.fixture
def at_name(walker: Walker) -> Walker:
    """Return a citizen at the page of the child's name, with an officer in the staff."""
    with walker.context.store.write() as db:
        new = staff.NewStaffMember("hoaian", "Lê Hoài An", "officer", "$argon2id$x")
        assert staff.insert(db, new, walker.context.clock.now()).code == "CB01"
    return father(mother_registers(begin_birth(walker)))


def draft_id(walker: Walker) -> str:
    with walker.context.store.read() as db:
        return str(db.execute("select draft_id from sessions where draft_id is not null").fetchone()[0])


def state(walker: Walker, **query: str) -> dict[str, Any]:
    answer = walker.browser.get("/form/turn", query_string={"page": "ten_be"} | query)
    assert answer.json is not None
    return dict(answer.json)


def desk_opens(walker: Walker) -> str:
    """Open the draft at the desk, which has the turn: the screen agreed. Return the draft's id."""
    opened = draft_id(walker)
    state(walker)
    draft_turns.open_at_desk(walker.context, opened, AN)
    asked = draft_turns.ask(walker.context, opened, AN.officer)
    draft_turns.answer(walker.context, opened, asked.ask_no, is_granted=True)
    desk_is_there(walker, opened)
    return opened


def desk_is_there(walker: Walker, opened: str, focus: str = "con_ho_ten") -> None:
    walker.context.presence.show(opened, "desk", walker.context.clock.monotonic(), page="ten_be", focus=focus)


def desk_types(walker: Walker, opened: str, **answers: str) -> None:
    turn = draft_turns.find_turn(walker.context, opened)
    assert turn is not None

    def change(draft: Draft) -> None:
        for key, value in answers.items():
            draft.put(key, value)

    draft_turns.update_draft(walker.context, opened, Hand("desk", turn.turn, AN.officer), change)


def stored(walker: Walker) -> Draft:
    with walker.context.store.read() as db:
        opened = draft_id(walker)
        return sealed_drafts.unseal(walker.context, opened, drafts.read(db, opened).body)


def test_the_screen_shows_what_the_desk_types_and_who_gave_each_answer(at_name: Walker) -> None:
    page = at_name.at
    opened = desk_opens(at_name)
    desk_types(at_name, opened, con_ho_ten="TRẦN NGUYỄN BẢO NG", con_gioi_tinh="nu")
    at_name.go(page)
    assert at_name.at == "/form/together"
    assert "Cán bộ An đang gõ giúp, ở quầy 2" in at_name.words
    assert "Màn hình này chỉ để xem." in at_name.words
    assert "TRẦN NGUYỄN BẢO NG" in at_name.words
    assert "Gái (cán bộ An ghi)" in at_name.words
    assert "(quét thẻ)" in at_name.words
    assert not re.search(r"<(input|textarea|select)\b(?![^>]*type=\"hidden\")", at_name.page)


def test_the_state_tells_a_change_once(at_name: Walker) -> None:
    opened = desk_opens(at_name)
    first = state(at_name)
    assert (first["mine"], first["shared"]) == (False, True)
    assert "html" not in state(at_name, seen=first["version"])
    desk_types(at_name, opened, con_ho_ten="LAN")
    second = state(at_name, seen=first["version"])
    assert "LAN" in second["html"]


def test_the_citizen_takes_the_turn_and_goes_on_with_all_text(at_name: Walker) -> None:
    page = at_name.at
    opened = desk_opens(at_name)
    desk_types(at_name, opened, con_ho_ten="TRẦN NGUYỄN BẢO NG")
    at_name.go(page).press("/form/turn/take")
    assert at_name.at == page
    assert at_name.form().sends["con_ho_ten"] == "TRẦN NGUYỄN BẢO NG"
    at_name.fill(con_ho_ten="TRẦN NGUYỄN BẢO NGÂN", con_gioi_tinh="nu")
    assert (stored(at_name).sources["con_ho_ten"], stored(at_name).givers) == ("hand", {})


def test_an_answer_of_the_desk_that_the_citizen_posts_again_stays_the_desks(at_name: Walker) -> None:
    page = at_name.at
    opened = desk_opens(at_name)
    desk_types(at_name, opened, con_ho_ten="Trần Nguyễn Bảo Ngân")
    at_name.go(page).press("/form/turn/take").fill(con_gioi_tinh="nu")
    assert stored(at_name).sources["con_gioi_tinh"] == "hand"
    assert stored(at_name).givers == {"con_ho_ten": "CB01"}


def test_a_post_from_before_the_desk_came_is_answered_with_what_was_typed(at_name: Walker) -> None:
    opened = desk_opens(at_name)
    desk_types(at_name, opened, con_ho_ten="Trần Lan")
    at_name.fill(con_ho_ten="Trần Loan", con_gioi_tinh="nu")
    assert at_name.answer.status_code == 409
    assert "Chưa ghi vào tờ khai" in at_name.words
    assert "Trần Loan" in at_name.words
    assert stored(at_name).answers["con_ho_ten"] == "Trần Lan"
    draft_turns.end(at_name.context, opened, AN.officer)
    at_name.post("/form/ten_be", con_ho_ten="Trần Loan", con_gioi_tinh="nu")
    assert at_name.answer.status_code == 409
    assert stored(at_name).answers["con_ho_ten"] == "Trần Lan"


def test_the_boxes_go_along_when_the_citizen_gives_the_turn(at_name: Walker) -> None:
    page = at_name.at.removeprefix("/form/")
    opened = draft_id(at_name)
    state(at_name)
    draft_turns.open_at_desk(at_name.context, opened, AN)
    asked = draft_turns.ask(at_name.context, opened, AN.officer)
    assert state(at_name)["ask"] == {"no": asked.ask_no, "granted": False}
    at_name.post("/form/turn/grant", ask=str(asked.ask_no), page=page, con_ho_ten="Trần L")
    turn = draft_turns.find_turn(at_name.context, opened)
    assert turn is not None
    assert turn.holder == "desk"
    assert (stored(at_name).answers["con_ho_ten"], stored(at_name).sources["con_ho_ten"]) == ("Trần L", "hand")


def test_what_is_typed_is_stored_for_the_desk_in_the_turn_of_the_page(at_name: Walker) -> None:
    page = at_name.at
    at_name.post(f"{page}/live", con_ho_ten="Trần L", focus="con_ho_ten", page="x")
    assert at_name.answer.json == {"lost": False}
    assert stored(at_name).typed[page.removeprefix("/form/")]["con_ho_ten"] == "Trần L"
    at_name.go(page)
    desk_opens(at_name)
    at_name.post(f"{page}/live", con_ho_ten="Trần Lo", focus="con_ho_ten")
    assert at_name.answer.json == {"lost": True}
    assert stored(at_name).answers["con_ho_ten"] == "Trần L"


def test_a_desk_that_is_silent_for_five_seconds_is_told(at_name: Walker, clock: FixedClock) -> None:
    opened = desk_opens(at_name)
    clock.advance(SILENT_SECONDS - 1)
    assert not state(at_name)["silent"]
    clock.jump(3600)
    assert not state(at_name)["silent"]
    clock.advance(1)
    assert state(at_name)["silent"]
    desk_is_there(at_name, opened)
    assert not state(at_name)["silent"]


def test_a_form_that_the_desk_submitted_shows_its_number_on_the_screen(walker: Walker) -> None:
    birth_after_mother(mother_registers(begin_birth(walker)))
    opened = draft_id(walker)
    submit(walker)
    assert submission_checks.only_submission(walker.context).id == opened
    with walker.context.store.read() as db:
        assert sessions.of_draft(db, opened) is None
    assert state(walker) == {"go": "/done"}


def test_the_frozen_body_says_which_officer_gave_an_answer(at_name: Walker) -> None:
    page = at_name.at
    opened = desk_opens(at_name)
    desk_types(at_name, opened, con_ho_ten=CHILD, con_gioi_tinh="nu")
    at_name.go(page).press("/form/turn/take")
    finish_birth(at_name)
    submission = submission_checks.only_submission(at_name.context)
    form = submission_checks.opened_body(at_name.context, submission)["form"]
    assert form["givers"] == {"con_gioi_tinh": "CB01", "con_ho_ten": "CB01"}
    assert form["sources"]["con_ho_ten"] == "officer"


def finish_birth(walker: Walker) -> None:
    walker.fill()
    walker.fill({"con_noi_sinh": "birth:0"} | DAY)
    submit(reach_check_page(peoples(walker)))
