"""Tests of tickets at the touchscreen: used-up series, priority groups, waits, returning citizens."""

from dataclasses import replace

import pytest
from flask import Flask

import printers.spool
from kiosk.acts import calling
from kiosk.acts.calling import CounterRequest
from kiosk.base.clock import FixedClock
from kiosk.records import tickets
from kiosk.records.tickets import Ticket
from printers.printable_text import NO_BREAK
from tests.journeys import submission_checks
from tests.journeys.people import birth_until_check, submit
from tests.journeys.walker import Walker


def last(walker: Walker) -> Ticket:
    with walker.context.store.read() as db:
        ticket_id = next(iter(db.query("select id from tickets order by turn desc")))["id"]
        ticket = tickets.find(db, ticket_id)
    assert ticket is not None
    return ticket


def draw(walker: Walker) -> Walker:
    return walker.go("/ticket").fill(series="B-CHUNGTHUC")


def test_one_page_gives_one_number_however_often_it_is_touched(walker: Walker) -> None:
    walker.go("/ticket")
    posted = walker.form().sends | {"series": "B-CHUNGTHUC"}
    targets = [walker.browser.post("/ticket", data=posted).headers["Location"] for _ in range(3)]
    assert len(set(targets)) == 1
    slipped = walker.browser.post("/ticket", data=posted | {"series": "A-HOTICH"}).headers["Location"]
    assert slipped == targets[0], "a finger that slips to the next line asks for nothing more"
    assert last(walker).label == "B001"
    with walker.context.store.read() as db:
        jobs = printers.spool.of_subject(db, last(walker).id)
    assert [job.kind for job in jobs] == ["ticket"]
    draw(walker)
    assert last(walker).label == "B002"


def test_without_its_mark_a_page_gives_no_number(walker: Walker) -> None:
    walker.go("/ticket").post("/ticket", series="B-CHUNGTHUC")
    assert "Cần gặp cán bộ về việc gì?" in walker.words
    assert "B001" not in walker.words


def test_a_series_names_what_it_is_for(walker: Walker) -> None:
    walker.go("/ticket")
    assert "Hộ tịch Khai sinh, kết hôn, khai tử Chưa có ai chờ" in walker.words
    assert walker.words.count("Lớp tập huấn") == 1, "a class has no queue, so it is no example"


def test_who_comes_first_says_so_after_the_number_and_may_take_it_back(walker: Walker) -> None:
    draw(walker)
    assert "Tôi được ưu tiên" in walker.words
    page = f"/priority/{last(walker).id}"
    walker.follow(page)
    assert "Gọi 1 số ưu tiên rồi đến một số thường. Ai chờ quá 45 phút thì được gọi trước." in walker.words
    walker.fill(priority="elderly")
    assert "B001" in walker.words
    assert "Ưu tiên: Người cao tuổi" in walker.words
    assert (last(walker).priority, last(walker).is_confirmed) == ("elderly", False)
    walker.follow(page).fill(priority="")
    assert "Tôi được ưu tiên" in walker.words
    assert last(walker).priority is None


def test_no_priority_outside_the_list_is_kept(walker: Walker) -> None:
    page = f"/priority/{last(draw(walker)).id}"
    walker.follow(page).post(page, priority="returning")
    assert last(walker).priority is None
    walker.post("/priority/none", priority="elderly")
    assert walker.answer.status_code == 404


def test_who_has_handed_in_a_form_comes_back_to_its_number(walker: Walker) -> None:
    submit(birth_until_check(walker))
    walker.follow(f"/priority/{last(walker).id}").fill(priority="pregnant")
    assert walker.at == "/done"
    assert "Ưu tiên: Phụ nữ mang thai" in walker.words


def test_after_the_call_nobody_asks_for_priority(walker: Walker) -> None:
    draw(walker)
    calling.call_next(walker.context, CounterRequest(counter=1, ticket_id=None, nonce="nonce", actor="CB01"))
    walker.go(f"/ticket?drawn={last(walker).id}")
    assert "B001" in walker.words
    assert "Tôi được ưu tiên" not in walker.words


def test_a_sixth_number_at_once_gets_a_kind_word_and_another_visit_changes_nothing(
    app: Flask, walker: Walker, clock: FixedClock
) -> None:
    pages = [draw(Walker(app).go("/")) for _ in range(60)]
    assert [page.answer.status_code for page in pages] == [200] * 5 + [429] * 55
    assert last(walker).label == "B005"
    assert "Máy vừa in nhiều số liền nhau." in pages[-1].words
    assert "Chờ 5 giây, rồi chạm “Lấy số”" in pages[-1].words
    clock.advance(5)
    assert "B006" in draw(pages[-1].follow("/ticket")).words


def test_a_line_at_one_screen_is_never_told_to_wait(app: Flask, walker: Walker, clock: FixedClock) -> None:
    for _ in range(30):
        assert draw(Walker(app).go("/")).answer.status_code == 200
        clock.advance(5)
    assert last(walker).label == "B030"


def test_a_reload_of_a_drawn_number_is_no_second_touch(walker: Walker) -> None:
    walker.go("/ticket")
    posted = walker.form().sends | {"series": "B-CHUNGTHUC"}
    assert {walker.browser.post("/ticket", data=posted).status_code for _ in range(20)} == {303}
    assert last(walker).label == "B001"


@pytest.fixture
def used_up(app: Flask) -> Walker:
    """Return a walker at a kiosk that issues one ticket of each series a day."""
    context = app.extensions["context"]
    limited = tuple(replace(series, quota=1) for series in context.config.series)
    app.extensions["context"] = replace(context, config=replace(context.config, series=limited))
    return Walker(app).go("/")


def test_where_numbers_are_spent_the_page_says_when_there_are_more(used_up: Walker) -> None:
    draw(used_up)
    used_up.go("/ticket")
    assert used_up.words.count("Hôm nay đã hết số") == 1
    used_up.fill(series="B-CHUNGTHUC")
    assert "Mời đến lấy số từ 7:00 ngày 25/11/2026" in used_up.words
    assert last(used_up).label == "B001"
    used_up.follow("/choose")
    assert used_up.answer.status_code == 200


def test_a_range_is_told_once_the_pace_of_today_is_known(walker: Walker, clock: FixedClock) -> None:
    clock.advance(24 * 3600)  # the 24th is a holiday
    for _ in range(10):
        draw(walker.go("/"))
        clock.advance(6)
    assert f"Còn 9{NO_BREAK}người phía trước<" in walker.page
    at: str | None = None
    for number in range(6):
        called = calling.call_next(
            walker.context, CounterRequest(counter=1, ticket_id=at, nonce=f"nonce {number}", actor="CB01")
        )
        at = called.ticket.id if called.ticket else None
        clock.advance(300)
    walker.go(f"/ticket?drawn={last(walker).id}")
    assert f"Còn 3{NO_BREAK}người phía trước, chừng 15 đến 20{NO_BREAK}phút" in walker.page
    walker.go("/ticket")
    assert f"4{NO_BREAK}người chờ, chừng 20 đến 25{NO_BREAK}phút" in walker.page


def test_who_was_sent_for_a_paper_is_back_in_line_by_the_slip(walker: Walker) -> None:
    submit(birth_until_check(walker))
    code = submission_checks.only_submission(walker.context).receipt_no
    walker.go("/status").fill(code=code, last4="0123")
    assert "Tôi quay lại" not in walker.words, "the number still waits"
    called = calling.call_next(walker.context, CounterRequest(counter=1, ticket_id=None, nonce="one", actor="CB01"))
    calling.hold(
        walker.context,
        CounterRequest(counter=1, ticket_id=called.ticket.id if called.ticket else None, nonce="two", actor="CB01"),
    )
    walker.go("/status").fill(code=code, last4="0123")
    walker.fill(form="/back")
    assert "A001" in walker.words
    assert "Tôi được ưu tiên" not in walker.words
    assert (last(walker).state, last(walker).priority) == ("waiting", "returning")


def test_a_guess_brings_nobody_into_line(walker: Walker) -> None:
    submit(birth_until_check(walker))
    code = submission_checks.only_submission(walker.context).receipt_no
    called = calling.call_next(walker.context, CounterRequest(counter=1, ticket_id=None, nonce="one", actor="CB01"))
    calling.hold(
        walker.context,
        CounterRequest(counter=1, ticket_id=called.ticket.id if called.ticket else None, nonce="two", actor="CB01"),
    )
    walker.go("/ticket").post("/back", code=code, last4="9999")
    assert walker.at == "/ticket"
    walker.go("/ticket").post("/back", code="nothing", last4="")
    assert last(walker).state == "held"
