"""A covered screen: nothing of the form is readable, and it opens for the same person or the officer alone."""

import re

import pytest

from kiosk.acts import covering, desk_drafts, draft_turns
from kiosk.acts import help_calls as help_call_acts
from kiosk.acts.draft_turns import Desk
from kiosk.base.clock import FixedClock
from kiosk.dossiers import help_calls
from kiosk.records import audit, drafts, sessions
from kiosk.records import help_calls as help_call_records
from kiosk.vietnam import id_card
from tests.journeys.people import begin_birth, mother_registers
from tests.journeys.walker import Walker

SECRET = "Diệu Hiền"
CARDS = {card.key: card.line for card in id_card.practice_cards()}


@pytest.fixture
def covered(walker: Walker) -> Walker:
    """Scan the mother's card, call an officer, and cover the screen with something typed."""
    begin_birth(walker).scan("me")
    assert SECRET in walker.words
    walker.fill(form="/help", want="1")
    walker.post("/cover", cover_place=walker.at, nyc_dien_thoai="0905 000 123")
    assert walker.at == "/covered"
    return walker


def scan_typed(walker: Walker, line: str) -> Walker:
    return walker.post("/covered/open", by="line", line=line)


def officer_code(walker: Walker) -> str:
    """Return the digits that the desk shows to the officer who has answered."""
    with walker.context.store.read() as db:
        (call,) = help_call_records.open_calls(db)
    return help_calls.officer_code(walker.context, call)


def answer(walker: Walker, counter: int = 2) -> None:
    with walker.context.store.read() as db:
        (call,) = help_call_records.open_calls(db)
    assert help_call_acts.answer(walker.context, call.id, "CB01", counter)


def test_no_page_of_a_covered_form_leaves_the_server(covered: Walker) -> None:
    for path in ("/", "/form/nguoi_me", "/form/check", "/form/missing", "/leave", "/choose", "/status", "/easier"):
        covered.go(path)
        assert covered.at == "/covered", path
        assert SECRET not in covered.page
        assert "khai sinh" not in covered.page.lower()
        assert "Bước" not in covered.page
        assert "together.js" not in covered.page, "a script that asks for the turn would load the cover again and again"
    assert covered.browser.get("/help/state?page=/form/nguoi_me").status_code == 303
    state = covered.browser.get("/covered/state").json
    assert state["covered"] is True
    assert "Đã gọi cán bộ lúc 8:30, xin chờ" in state["call"]


def test_the_same_card_opens_the_screen_with_what_was_typed(covered: Walker) -> None:
    covered.go("/covered?by=card")
    scan_typed(covered, CARDS["me"])
    assert covered.at == "/form/nguoi_me" or covered.at.startswith("/form/")
    assert SECRET in covered.words
    assert "0905 000 123" in covered.page


def test_another_card_does_not_open_it_and_after_five_only_the_officer_does(covered: Walker) -> None:
    for _ in range(4):
        scan_typed(covered, CARDS["cha"])
        assert "Không phải thẻ đã quét trong tờ khai này" in covered.words
    scan_typed(covered, "không phải thẻ")
    assert "không phải mã trên thẻ căn cước" in covered.words, "a code that is no card is no try"
    scan_typed(covered, CARDS["cha"])
    assert "Nay chỉ cán bộ mở được" in covered.words
    scan_typed(covered, CARDS["me"])
    assert covered.at == "/covered"
    answer(covered)
    covered.post("/covered/open", by="officer", digits=officer_code(covered))
    assert SECRET in covered.words


def test_the_officers_digits_open_it_for_five_minutes(covered: Walker, clock: FixedClock) -> None:
    covered.post("/covered/open", by="officer", digits="0000")
    assert covered.at == "/covered", "nobody has answered yet"
    answer(covered)
    code = officer_code(covered)
    assert re.fullmatch(r"\d{4}", code)
    clock.jump(301)
    covered.post("/covered/open", by="officer", digits=code)
    assert covered.at == "/covered"
    with covered.context.store.read() as db:
        (call,) = help_call_records.open_calls(db)
    assert officer_code(covered) == ""
    assert help_call_acts.renew_code(covered.context, call.id, "CB01")
    covered.post("/covered/open", by="officer", digits=officer_code(covered))
    assert SECRET in covered.words
    assert "đã tới" in covered.words
    assert "Xong, cảm ơn" in covered.words
    with covered.context.store.read() as db:
        acts = [line.act for _at, line in audit.of_subject(db, f"call {call.id}")]
    assert acts[-1] == "cover_opened"


def test_a_clock_that_is_set_back_makes_the_officers_digits_invalid(covered: Walker, clock: FixedClock) -> None:
    answer(covered)
    assert officer_code(covered)
    clock.jump(-600)
    assert officer_code(covered) == ""


def test_five_wrong_digits_end_the_officers_code(covered: Walker) -> None:
    answer(covered)
    code = officer_code(covered)
    wrong = "0000" if code != "0000" else "1111"
    for _ in range(5):
        covered.post("/covered/open", by="officer", digits=wrong)
    covered.post("/covered/open", by="officer", digits=code)
    assert covered.at == "/covered"


def test_four_chosen_digits_open_a_form_without_a_card(walker: Walker) -> None:
    begin_birth(walker).press("by-hand").fill(nyc_ho_ten="Hồ Thị Gõ Tay")
    page = walker.at
    walker.fill(form="/help", want="1")
    walker.post("/cover", cover_place=page, cover_now="1")
    assert walker.at.startswith("/cover/digits")
    walker.fill(digits="12")
    assert "Mời bấm đủ 4 số" in walker.words
    walker.fill(digits="2580")
    assert walker.at == "/covered"
    assert "Gõ Tay" not in walker.page
    walker.post("/covered/open", by="digits", digits="2581")
    assert walker.at == "/covered"
    walker.post("/covered/open", by="touch")
    assert walker.at == "/covered"
    walker.post("/covered/open", by="digits", digits="2580")
    assert walker.at == page


def test_a_tab_that_still_shows_the_cover_leads_to_the_form_and_does_not_delete_it(covered: Walker) -> None:
    page = scan_typed(covered, CARDS["me"]).at
    covered.post("/help", want="0", back=page)
    with covered.context.store.read() as db:
        assert help_call_records.open_calls(db) == [], "without a call the start page deletes a form"
    covered.go("/covered")
    assert "0905 000 123" in covered.go(page).page
    covered.post("/covered/open", by="touch")
    assert covered.at.startswith("/form/")


def test_a_touch_does_not_open_a_form_with_personal_answers(covered: Walker) -> None:
    covered.post("/covered/open", by="touch")
    assert covered.at == "/covered"


def test_a_touch_opens_a_form_in_which_nothing_was_said(walker: Walker) -> None:
    begin_birth(walker)
    page = walker.at
    walker.fill(form="/help", want="1")
    walker.post("/cover", cover_place=page)
    assert "Tôi đang khai, mở lại" in walker.words
    walker.post("/covered/open", by="touch")
    assert walker.at == page


def test_a_covered_form_is_put_away_after_the_longest_wait_and_the_desk_finds_it(
    covered: Walker, clock: FixedClock
) -> None:
    with covered.context.store.read() as db:
        (call,) = help_call_records.open_calls(db)
    clock.jump(19 * 60)
    assert covering.put_away_overdue(covered.context) == 0
    clock.jump(61)
    assert covered.browser.get("/covered/state").json == {"covered": False}
    covered.go("/covered")
    assert covered.at == "/"
    with covered.context.store.read() as db:
        (kept,) = help_call_records.put_away(db, call.since)
        assert drafts.read(db, str(kept.draft_id)).procedure == "1.001193"
        assert help_call_records.open_calls(db) == []
        acts = [(line.act, line.facts.get("ended_by")) for _at, line in audit.of_subject(db, f"call {call.id}")]
    assert acts[-1] == ("help_end", "timeout")


def test_a_screen_that_was_covered_without_a_call_is_found_by_the_desk_too(walker: Walker, clock: FixedClock) -> None:
    mother_registers(begin_birth(walker))
    walker.post("/cover", cover_place=walker.at)
    begun = clock.now()
    clock.jump(1201)
    assert covering.put_away_overdue(walker.context) == 1
    with walker.context.store.read() as db:
        (kept,) = help_call_records.put_away(db, begun)
    assert (kept.screen, kept.procedure) == ("Máy 1", "1.001193")


def test_a_form_whose_record_is_damaged_holds_up_no_other_screen(covered: Walker, clock: FixedClock) -> None:
    with covered.context.store.write() as db:
        db.execute("update drafts set body = x'00'")
    clock.jump(1201)
    assert covering.put_away_overdue(covered.context) == 1
    assert covered.go("/covered").at == "/"


def test_the_next_form_is_not_covered_after_the_covered_one_was_deleted_at_the_desk(covered: Walker) -> None:
    with covered.context.store.read() as db:
        (call,) = help_call_records.open_calls(db)
    assert call.draft_id is not None
    draft_turns.open_at_desk(covered.context, call.draft_id, Desk(officer="CB01", counter=2))
    desk_drafts.delete(covered.context, call.draft_id, "CB01")
    assert covered.go("/covered").at == "/"
    begin_birth(covered)
    assert covered.at != "/covered"


def test_nothing_is_wiped_while_a_call_is_open(walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    page = walker.at
    walker.fill(form="/help", want="1")
    walker.go("/")
    assert walker.at == page, "the start page leads back to the form"


def test_a_call_without_a_form_outlives_an_idle_page_and_ends_with_a_touch_on_leave(walker: Walker) -> None:
    walker.go("/choose")
    walker.post("/help", want="1", back="/choose")
    walker.post("/leave", idle="1")
    assert walker.at == "/"
    assert "Đã gọi, xin chờ" in walker.words
    with walker.context.store.read() as db:
        (call,) = help_call_records.open_calls(db)
        assert sessions.find(db, call.session, "citizen") is not None
    walker.go("/choose").post("/leave")
    with walker.context.store.read() as db:
        assert help_call_records.open_calls(db) == []


def test_a_call_without_a_form_that_nobody_answers_ends_after_the_longest_wait(
    walker: Walker, clock: FixedClock
) -> None:
    walker.post("/help", want="1", back="/")
    clock.jump(1201)
    assert covering.put_away_overdue(walker.context) == 1
    assert "Đã gọi, xin chờ" not in walker.go("/").words
