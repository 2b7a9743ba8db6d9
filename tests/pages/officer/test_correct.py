"""Corrections at the desk: the citizen's questions, the differences, one revision, no loss by another button."""

import io
import re

import pypdfium2
import pytest
from flask import Flask

from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.records import inspections, submissions
from kiosk.vietnam import id_card
from tests.journeys import submission_checks
from tests.journeys.people import STAY, pick_ward, reach_check_page, submit
from tests.journeys.test_stay import DAYS, PLACE
from tests.journeys.typical import CASES, Case
from tests.journeys.walker import Walker, _Reader, card_line
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap

NAME = "Trần Nguyễn Bảo Châu"


@pytest.fixture
def desk(app: Flask, birth_filed: Context) -> Desk:
    """Return an officer with a birth registration at the counter."""
    return _tap(Desk(app), "next")


def _links(desk: Desk) -> list[str]:
    return list(dict.fromkeys(re.findall(r'href="(/officer/ticket/[^"]+/correct/[^"/]+)"', desk.page)))


def _open(desk: Desk, step: str) -> Desk:
    return desk.go(next(link for link in _links(desk) if link.partition("/correct/")[2].startswith(step)))


def _fill(desk: Desk, **boxes: str) -> Desk:
    """Send the form of a step as a browser would, with these boxes changed."""
    form = next(form for form in _Reader().read(desk.page) if form.id == "answer")
    assert boxes.keys() <= form.names, form.names
    return desk.post(form.action, **{key: value for key, value in (form.sends | boxes).items() if key != "csrf"})


def _write(desk: Desk, **fields: str) -> Desk:
    form = next(form for form in _Reader().read(desk.page) if form.action.endswith("/correction"))
    return desk.post(form.action, base=form.sends["base"], **({"reason": "paper", "read_back": "1"} | fields))


def test_a_correction_from_the_group_to_the_revision(desk: Desk, clock: FixedClock) -> None:
    before = submission_checks.only_submission(desk.context)
    clock.jump(720)
    _open(desk, "ten_be")
    assert 'name="con_ho_ten"' in desk.page
    _fill(desk, con_ho_ten=NAME)
    assert "Đang sửa, chưa ghi" in desk.words
    assert "TRẦN NGUYỄN BẢO NGỌC" in desk.words
    assert NAME.upper() in desk.words
    assert submission_checks.only_submission(desk.context) == before, "nothing is written before it is said"
    _write(desk)
    assert "Đã ghi bản sửa" in desk.words
    assert "Đang sửa" not in desk.words
    assert "Trước: TRẦN NGUYỄN BẢO NGỌC." in desk.words
    assert "Vì sao: " in desk.words
    assert "sửa: Cán bộ hoaian, 08:42" in desk.words
    assert "bản sửa 1" in desk.words
    assert submission_checks.only_submission(desk.context).revision == 2
    address = re.search(r'href="([^"]+declaration.pdf)"', desk.page)
    assert address
    pdf = desk.browser.get(address[1]).data
    assert NAME.upper() in pypdfium2.PdfDocument(io.BytesIO(pdf))[0].get_textpage().get_text_range()


def test_a_mother_who_registers_is_corrected_where_she_was_asked(desk: Desk) -> None:
    _open(desk, "nguoi_khai")
    for box in ("nyc_ho_ten", "nyc_ngay_sinh.d", "nyc_giay_to_tuy_than.so", "nyc_dien_thoai"):
        assert f'name="{box}"' in desk.page
    _fill(desk, nyc_ho_ten="Nguyễn Thị Diệu Hiên")
    assert "đổi theo" in desk.words
    _write(desk)
    answers = submission_checks.opened_body(desk.context, submission_checks.only_submission(desk.context))["form"][
        "answers"
    ]
    assert answers["me_ho_ten"] == answers["nyc_ho_ten"] == "Nguyễn Thị Diệu Hiên"
    assert not any("/correct/nguoi_me" in link for link in _links(desk))


def test_what_is_wrong_is_said_and_kept_and_not_written(desk: Desk) -> None:
    _open(desk, "ten_be")
    _fill(desk, con_ho_ten=NAME)
    _open(desk, "sinh_luc_nao")
    _fill(desk, **{"con_ngay_sinh.d": "31", "con_ngay_sinh.m": "2"})
    assert 'class="summary"' in desk.page
    assert 'value="31"' in desk.page
    desk.go("/officer/")
    assert "Còn phải hỏi thêm" in desk.words
    assert "Chưa ghi được bản sửa" in _write(desk).words
    assert submission_checks.only_submission(desk.context).revision == 1


def test_a_correction_is_dropped(desk: Desk) -> None:
    _open(desk, "ten_be")
    _fill(desk, con_ho_ten=NAME)
    address = re.search(r'formaction="([^"]+/correction/drop)"', desk.page)
    assert address
    assert "giữ nguyên" in desk.post(address[1]).words
    assert "Đang sửa" not in desk.words
    assert submission_checks.only_submission(desk.context).revision == 1


def test_a_place_is_picked_from_the_same_list(desk: Desk) -> None:
    _open(desk, "nguoi_khai")
    form = next(form for form in _Reader().read(desk.page) if form.id == "answer")
    sends = {key: value for key, value in form.sends.items() if key != "csrf"}
    desk.post(form.action, **sends | {"pick": "nyc_noi_cu_tru"})
    assert 'name="q"' in desk.page
    pick = next(form.action for form in _Reader().read(desk.page) if form.id == "pick")
    rows = desk.browser.get(f"{pick}/rows?q=thuan hoa").get_data(as_text=True)
    ward = re.search(r'name="choice" value="(\d+)"', rows)
    assert ward
    desk.post(pick, choice=ward[1])
    _fill(desk, detail="Tổ 9")
    assert "Tổ 9" in desk.words
    _write(_fill(desk))
    home = submission_checks.opened_body(desk.context, submission_checks.only_submission(desk.context))["form"][
        "answers"
    ]["nyc_noi_cu_tru"]
    assert (home["wardCode"], home["detail"]) == (ward[1], "Tổ 9")


def test_a_card_is_scanned_into_a_correction(desk: Desk) -> None:
    card = next(card for card in id_card.practice_cards() if card.key == "ba")
    _open(desk, "nguoi_khai")
    _fill(desk, line=card.line, nyc_dien_thoai="0905 111 222")
    assert "Đã đọc thẻ" in desk.words
    form = next(form for form in _Reader().read(desk.page) if form.id == "answer")
    assert form.sends["nyc_ho_ten"] == card.line.split("|")[2]
    assert form.sends["nyc_dien_thoai"].replace(" ", "") == "0905111222", "what was typed stays"
    stays = {name: min(values - {"moved"}) for name, values in form.choices.items() if name.endswith(".stay")}
    _write(_fill(desk, **stays))
    body = submission_checks.opened_body(desk.context, submission_checks.only_submission(desk.context))
    assert body["form"]["sources"]["nyc_ho_ten"] == "card"


def test_another_counter_corrects_nothing(app: Flask, desk: Desk) -> None:
    address = _links(desk)[0]
    other = Desk(app, "minhtam", counter=2)
    assert other.go(address).answer.status_code == 403


def test_a_key_does_not_carry_away_what_is_not_written(desk: Desk) -> None:
    _open(desk, "ten_be")
    _fill(desk, con_ho_ten=NAME)
    _tap(desk, "finish")
    assert "Bản sửa chưa ghi" in desk.words
    assert "Đang sửa, chưa ghi" in desk.words
    sure = re.search(r'name="sure" value="1"', desk.page)
    assert sure
    _tap(desk, "hold", sure="1")
    assert "Quầy trống" in desk.words
    held_id = re.search(r'name="this" value="([^"]+)"', desk.page)
    assert held_id
    assert NAME.upper() in _tap(desk, "this", this=held_id[1]).words, "it is still there when the number comes back"


def test_accepting_asks_while_a_correction_is_not_written(desk: Desk) -> None:
    _open(desk, "ten_be")
    _fill(desk, con_ho_ten=NAME)
    submission = submission_checks.only_submission(desk.context)
    address = f"/officer/case/{submission.id}/accepted"
    assert "Có chỗ đang sửa chưa ghi" in desk.go(address).words
    usual = {"term": "0", "sets": "1", "place": "counter", "seen": "0"}
    assert "Ghi bản sửa trước" in desk.post(address, **usual).words
    assert submission_checks.only_submission(desk.context).desk == "waiting"
    desk.go(address).post(address, without_correction="1", **usual)
    assert submission_checks.only_submission(desk.context).desk == "accepted"


def test_a_note_that_was_typed_goes_along_with_the_key(desk: Desk) -> None:
    shown = desk.page
    _tap(desk, "recall", note="hẹn chiều mang giấy")
    assert "hẹn chiều mang giấy" in desk.words
    assert 'form="tap"' in re.search(r"<textarea[^>]*>", shown)[0]  # type: ignore[index]
    nonce = re.search(r'name="nonce" value="([^"]*)"', desk.page)
    assert nonce
    ticket = re.search(r'name="ticket" value="([^"]*)"', desk.page)
    assert ticket
    for _ in range(2):
        desk.post("/officer/queue/finish", nonce=nonce[1], ticket=ticket[1], note="xong rồi")
    with desk.context.store.read() as db:
        assert len(inspections.notes(db, submission_checks.only_submission(desk.context).id)) == 2


HOME = "Nơi thường trú có ở phường này không?"


def _stay_by_card(app: Flask, home: str) -> Walker:
    walker = Walker(app).go(f"/need/{STAY}").fill(o_dau="thue")
    fields = card_line("sinh_vien").split("|")
    walker.scan_line("|".join([*fields[:5], home, *fields[6:]]))
    return walker


def _filed(walker: Walker) -> Desk:
    walker.fill().press("same").fill(DAYS | {"pick": PLACE})
    pick_ward(walker, "19753", "phu xuan", "12 Nguyễn Trãi").fill().fill()
    submit(reach_check_page(walker))
    return _tap(Desk(walker.app), "next")


def test_the_desk_does_not_ask_what_the_card_answered(app: Flask) -> None:
    desk = _filed(_stay_by_card(app, "Tổ 5, Vỹ Dạ, Thành phố Huế, Thừa Thiên Huế"))
    assert HOME not in desk.words
    _open(desk, "nguoi_o")
    assert HOME not in desk.words
    _fill(desk, dien_thoai="0905 111 222")
    assert HOME not in desk.words
    _write(desk)
    assert "Đã ghi bản sửa" in desk.words
    assert HOME not in desk.words


def test_a_card_without_its_ward_asks_again_in_a_correction(app: Flask) -> None:
    desk = _filed(_stay_by_card(app, "Tổ 5, Vỹ Dạ, Thành phố Huế, Thừa Thiên Huế"))
    _open(desk, "nguoi_o")
    fields = card_line("me").split("|")
    _fill(desk, line="|".join([*fields[:5], "", *fields[6:]]))
    assert HOME in desk.words
    _fill(desk)
    assert 'class="summary"' in desk.page
    _write(_fill(desk, thuong_tru_o_day="khong"))
    answers = submission_checks.opened_body(desk.context, submission_checks.only_submission(desk.context))["form"]
    assert answers["answers"]["thuong_tru_o_day"] is False


def test_a_typed_answer_about_the_home_is_shown_in_a_correction(app: Flask) -> None:
    walker = _stay_by_card(app, "")
    assert HOME in walker.words
    walker.fill(thuong_tru_o_day="khong")
    desk = _filed(walker.go("/form/nguoi_o"))
    _open(desk, "nguoi_o")
    form = next(form for form in _Reader().read(desk.page) if form.id == "answer")
    assert form.sends["thuong_tru_o_day"] == "khong"


@pytest.mark.parametrize("code", sorted(CASES))
def test_every_step_of_every_form_opens_and_is_kept_as_it_stands(app: Flask, code: str) -> None:
    walker = Walker(app).go("/")
    Case(walker, code, cards=True).walk()
    desk = _tap(Desk(app), "next")
    if 'class="plaque empty"' in desk.page:
        return  # this procedure has no counter
    links = _links(desk)
    assert links
    for link in links:
        desk.go(link)
        assert desk.answer.status_code == 200, link
        _fill(desk)
        assert 'class="summary"' not in desk.page, (link, desk.words[:900])
        assert "Đang sửa, chưa ghi" in desk.words, link
        assert "Chưa có chỗ nào khác" in desk.words, (link, desk.words[600:1800])
    with desk.context.store.read() as db:
        assert len(submissions.of_day(db, desk.context.clock.today())) == 1
