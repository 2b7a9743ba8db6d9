"""A citizen's draft at the desk: opened from a call, a name or a number; turns between both sides; two officers."""

import re
from typing import Any

import pytest
from flask import Flask

from kiosk.acts import kept_forms, queueing
from kiosk.dossiers import sealed_drafts
from kiosk.procedures.answers import Draft
from kiosk.records import audit, desk_drafts, drafts, kept_drafts, screen_covers
from tests.journeys.people import CHILD, begin_birth, father, mother_registers
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_assist import _fill, _form


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def citizen(app: Flask) -> Walker:
    """Return a citizen at the page of the child's name, whose screen asks for the turn."""
    walker = father(mother_registers(begin_birth(Walker(app).go("/"))))
    assert walker.at == "/form/ten_be"
    screen(walker)
    return walker


def screen(walker: Walker) -> dict[str, Any]:
    answer = walker.browser.get("/form/turn", query_string={"page": "ten_be"})
    assert answer.json is not None
    return dict(answer.json)


def draft_id(walker: Walker) -> str:
    with walker.context.store.read() as db:
        return str(db.execute("select draft_id from sessions where draft_id is not null").fetchone()[0])


def open_at_desk(desk: Desk, walker: Walker, **fields: str) -> Desk:
    desk.go("/officer/assist/new")
    return desk.post("/officer/assist/open", **({"draft": draft_id(walker), "reason": "here"} | fields))


def ask(desk: Desk) -> Desk:
    address = re.search(r'action="([^"]+/turn/ask)"', desk.page)
    assert address, desk.words
    return desk.post(address[1], page="ten_be")


def state(desk: Desk, walker: Walker) -> dict[str, Any]:
    answer = desk.browser.get(f"/officer/assist/{draft_id(walker)}/turn", query_string={"page": "ten_be"})
    assert answer.json is not None
    return dict(answer.json)


def grant(walker: Walker) -> None:
    asked = screen(walker)["ask"]
    walker.post("/form/turn/grant", ask=str(asked["no"]), page="ten_be")


def test_a_draft_that_was_found_by_a_name_is_opened_for_a_reason_which_is_logged(desk: Desk, citizen: Walker) -> None:
    open_at_desk(desk, citizen, reason="")
    assert desk.answer.status_code == 403
    assert "vì sao mở" in desk.words
    open_at_desk(desk, citizen, reason="because")
    assert desk.answer.status_code == 403
    for brought in ({"call": "999"}, {"ticket": "A-1"}, {"take": "1"}):
        open_at_desk(desk, citizen, reason="", **brought)
        assert desk.answer.status_code == 403, f"{brought} leads to no form of this citizen"
    open_at_desk(desk, citizen, reason="phone")
    assert desk.answer.status_code == 200
    with desk.context.store.read() as db:
        (line,) = [entry.line for entry in audit.latest(db, ["draft_open"], 9)]
    assert (line.subject, line.facts["reason"]) == (draft_id(citizen), "phone")


def test_a_draft_that_the_citizen_types_in_is_read_only_until_the_citizen_agrees(desk: Desk, citizen: Walker) -> None:
    open_at_desk(desk, citizen)
    assert "đang giữ lượt gõ" in desk.words
    assert "Trang này chỉ để xem." in desk.words
    assert "inert" in desk.page
    ask(desk)
    assert "Đã xin lượt, chờ người dân trả lời." in desk.words
    grant(citizen)
    desk.go(f"/officer/assist/{draft_id(citizen)}/page/ten_be")
    assert "Cán bộ hoaian đang giữ lượt gõ." in desk.words
    _fill(desk, con_ho_ten=CHILD, con_gioi_tinh="nu")
    citizen.go("/form/ten_be")
    assert citizen.at == "/form/together"
    assert "(cán bộ hoaian ghi)" in citizen.words


def at_desk(desk: Desk, citizen: Walker) -> Desk:
    """Open the draft at the desk, which has the turn."""
    ask(open_at_desk(desk, citizen))
    grant(citizen)
    return desk.go(f"/officer/assist/{draft_id(citizen)}/page/ten_be")


def test_the_call_of_a_citizen_opens_the_draft_and_the_screen_gives_the_turn(desk: Desk, citizen: Walker) -> None:
    citizen.post("/help", back="/form/ten_be", want="1")
    citizen.go("/form/ten_be")
    with citizen.context.store.read() as db:
        call_id = db.execute("select id from calls").fetchone()[0]
    open_at_desk(desk, citizen, call=str(call_id), reason="")
    assert screen(citizen)["ask"] == {"no": 1, "granted": True}, "who has called is asked for no reason"
    with citizen.context.store.read() as db:
        assert db.execute("select officer, opened_at is not null from calls").fetchone() == ("CB01", 1)
    citizen.post("/form/turn/grant", ask="1", page="ten_be", con_ho_ten="Trần L")
    desk.go(f"/officer/assist/{draft_id(citizen)}/page/ten_be")
    assert _form(desk).sends["con_ho_ten"] == "Trần L"


def test_what_the_officer_types_is_on_the_screen_before_the_page_is_sent(desk: Desk, citizen: Walker) -> None:
    at_desk(desk, citizen)
    live(desk, citizen, con_ho_ten="Trần Nguyễn B")
    assert "TRẦN NGUYỄN B" in screen(citizen)["html"]


def live(desk: Desk, citizen: Walker, page: str = "ten_be", **boxes: str) -> dict[str, Any]:
    form = _form(desk)
    address = f"/officer/assist/{draft_id(citizen)}/page/{page}/live"
    desk.post(address, **({key: text for key, text in form.sends.items() if key != "csrf"} | boxes), focus="con_ho_ten")
    assert desk.answer.json is not None
    return dict(desk.answer.json)


def test_a_page_that_is_being_changed_is_not_finished_until_it_is_sent(desk: Desk, citizen: Walker) -> None:
    at_desk(desk, citizen)
    desk.go(f"/officer/assist/{draft_id(citizen)}/page/nguoi_cha")
    assert "nguoi_cha" in stored(citizen).done
    live(desk, citizen, page="nguoi_cha", cha_ho_ten="")
    assert [page for page in stored(citizen).done if page.startswith("nguoi_cha")] == []


def stored(walker: Walker) -> Draft:
    opened = draft_id(walker)
    with walker.context.store.read() as db:
        return sealed_drafts.unseal(walker.context, opened, drafts.read(db, opened).body)


def test_a_text_that_came_too_late_for_the_turn_is_refused_and_shown(desk: Desk, citizen: Walker) -> None:
    at_desk(desk, citizen)
    assert live(desk, citizen, con_ho_ten="Trần Nguyễn B") == {"lost": False}
    desk.go(f"/officer/assist/{draft_id(citizen)}/page/ten_be")
    old = desk.page
    citizen.go("/form/together").press("/form/turn/take")
    assert live(desk, citizen, con_ho_ten="Trần Nguyễn Bảo") == {"lost": True, "holder": ""}
    desk.go(f"/officer/assist/{draft_id(citizen)}/page/ten_be")
    assert "inert" in desk.page
    turn = re.search(r'name="turn" value="(\d+)"', old)
    assert turn
    desk.post(
        f"/officer/assist/{draft_id(citizen)}/page/ten_be", turn=turn[1], con_ho_ten="Trần Bảo", con_gioi_tinh="nu"
    )
    assert desk.answer.status_code == 409
    assert "Chưa ghi vào tờ khai" in desk.words
    assert "Trần Bảo" in desk.words
    assert "nu" not in desk.words.split(), "an option has its label"
    stored = {"turn": turn[1], "con_ho_ten": "Trần Nguyễn B"}
    desk.post(f"/officer/assist/{draft_id(citizen)}/page/ten_be", **stored)
    assert "Trần Nguyễn B" not in desk.words, "what is stored is not among what is not written"
    citizen.go("/form/ten_be")
    assert citizen.form().sends["con_ho_ten"] == "Trần Nguyễn B"


def test_giving_the_turn_keeps_what_stands_in_the_boxes(desk: Desk, citizen: Walker) -> None:
    at_desk(desk, citizen)
    _fill_then(desk, "give", con_ho_ten="Trần L")
    assert "đang giữ lượt gõ" in desk.words
    citizen.go("/form/ten_be")
    assert citizen.form().sends["con_ho_ten"] == "Trần L"


def _fill_then(desk: Desk, then: str, **boxes: str) -> Desk:
    form = _form(desk)
    values = {key: text for key, text in form.sends.items() if key != "csrf"} | boxes | {"then": then}
    return desk.post(form.action, **values)


def test_the_draft_goes_back_to_its_screen_with_all_answers(desk: Desk, citizen: Walker) -> None:
    at_desk(desk, citizen)
    _fill_then(desk, "screen", con_ho_ten=CHILD, con_gioi_tinh="nu")
    assert "Bản khai đã về màn hình của người dân." in desk.words
    with citizen.context.store.read() as db:
        assert desk_drafts.of_officer(db, "CB01") == []
    citizen.go("/form/ten_be")
    assert citizen.form().sends["con_ho_ten"] == CHILD
    assert screen(citizen)["shared"] is False


def test_a_draft_whose_citizen_has_left_stays_at_the_desk(desk: Desk, citizen: Walker) -> None:
    at_desk(desk, citizen)
    opened = draft_id(citizen)
    citizen.post("/leave")
    with citizen.context.store.read() as db:
        assert [row.desk.draft_id for row in desk_drafts.of_officer(db, "CB01")] == [opened]
    answer = desk.browser.get(f"/officer/assist/{opened}/turn", query_string={"page": "ten_be"})
    assert answer.json is not None
    assert answer.json["left"]
    desk.go(f"/officer/assist/{opened}/page/ten_be")
    assert "Người dân đã rời máy. Bản khai ở lại quầy." in desk.words
    _fill(desk, con_ho_ten=CHILD, con_gioi_tinh="nu")
    desk.go(f"/officer/assist/{opened}/page/ten_be")
    assert _form(desk).sends["con_ho_ten"] == CHILD


def test_an_idle_screen_is_covered_and_not_wiped_while_the_desk_types(desk: Desk, citizen: Walker) -> None:
    at_desk(desk, citizen)
    citizen.post("/leave", idle="1")
    assert citizen.at == "/covered"
    assert state(desk, citizen)["left"] is False


def test_a_second_officer_is_told_who_has_the_draft_and_may_take_it(app: Flask, desk: Desk, citizen: Walker) -> None:
    at_desk(desk, citizen)
    other = Desk(app, login="minhtam", counter=2)
    open_at_desk(other, citizen)
    assert other.answer.status_code == 409
    assert "Cán bộ hoaian đang mở bản khai này ở quầy 1." in other.words
    other.post("/officer/assist/open", draft=draft_id(citizen), take="1")
    other.go(f"/officer/assist/{draft_id(citizen)}/page/ten_be")
    _fill(other, con_ho_ten=CHILD, con_gioi_tinh="nu")
    assert state(desk, citizen)["mine"] is False
    desk.go(f"/officer/assist/{draft_id(citizen)}/page/ten_be")
    assert "đang khai bản này" in desk.words


def test_a_draft_is_found_by_the_name_of_a_person_in_it(desk: Desk, citizen: Walker) -> None:
    desk.go("/officer/assist/new")
    desk.post("/officer/assist/find", name="nguyen thi dieu hien")
    assert "Đăng ký khai sinh" in desk.words
    assert draft_id(citizen) in desk.page
    desk.post("/officer/assist/find", name="Không Có Ai")
    assert "Không thấy." in desk.words


def test_a_draft_that_is_gone_is_said_to_be_gone(desk: Desk, citizen: Walker) -> None:
    opened = draft_id(citizen)
    citizen.post("/leave")
    desk.go("/officer/assist/new").post("/officer/assist/open", draft=opened, reason="here")
    assert "Không có bản khai dở nào như thế" in desk.words


def test_a_kept_slip_opens_its_draft_at_the_desk(desk: Desk, citizen: Walker) -> None:
    opened = draft_id(citizen)
    with citizen.context.store.read() as db:
        session = str(db.execute("select id from sessions where draft_id = ?", [opened]).fetchone()[0])
    kept = kept_forms.keep(citizen.context, session, screen="Máy 1")
    desk.go("/officer/assist/new").post("/officer/assist/open", slip=kept.code)
    assert "Tiếp bản khai người dân gửi giữ" in desk.words
    desk.go(f"/officer/assist/{opened}/page/ten_be")
    _fill(desk, con_ho_ten=CHILD, con_gioi_tinh="nu")
    desk.go("/officer/assist/new").post("/officer/assist/open", slip="PK03-G-0000-0000-0")
    assert "Không có bản khai dở nào như thế" in desk.words


def test_a_number_opens_the_draft_of_the_person_who_drew_it(desk: Desk, citizen: Walker) -> None:
    opened = draft_id(citizen)
    drawn = queueing.draw_ticket(citizen.context, citizen.context.config.series[0])
    with citizen.context.store.write() as db:
        session = str(db.execute("select id from sessions where draft_id = ?", [opened]).fetchone()[0])
        kept_drafts.save_ticket(db, session, drawn.id)
    desk.go(f"/officer/assist/new?ticket={drawn.id}")
    assert "đã khai dở một tờ" in desk.words
    desk.post("/officer/assist/open", ticket=drawn.id)
    assert "đang giữ lượt gõ" in desk.words


def test_the_desk_asks_by_itself_without_counting_as_activity(desk: Desk, citizen: Walker) -> None:
    at_desk(desk, citizen)
    assert state(desk, citizen)["mine"] is True


def test_a_covered_screen_is_not_called_silent(desk: Desk, citizen: Walker) -> None:
    at_desk(desk, citizen)
    assert state(desk, citizen)["away"] == ""
    with desk.context.store.write() as db:
        session = db.execute("select id from sessions where draft_id is not null").fetchone()[0]
        screen_covers.insert(db, session, "/form/ten_be", None, desk.context.clock.now())
    assert state(desk, citizen)["away"] == "covered"
