"""Tests of the search for a procedure: by life event, by typing, and without a match."""

import re
from datetime import timedelta
from typing import Any

from flask import Flask

from kiosk.base.codes import new_id
from kiosk.context import Context
from kiosk.pages.citizen.choose import MAX_TILES
from kiosk.records import submissions
from tests.journeys.walker import Walker
from tests.procedures.texts import DAY, EVENT_IDS, catalogue


def file_forms(context: Context, filed: dict[str, int], days_ago: int = 0) -> None:
    """Insert forms of a day, as many of each procedure as `filed` says."""
    day = context.clock.today() - timedelta(days=days_ago)
    codes_of_day = [code for code, count in filed.items() for _ in range(count)]
    with context.store.write() as db:
        for code in codes_of_day:
            seq = len(submissions.of_day(db, day)) + 1
            submission = submissions.Submission(
                id=new_id(),
                receipt_no=f"PK03-{day:%y%m%d}-{seq:04}-X",
                procedure=code,
                version="2026-11",
                unit="H57.123",
                day=day,
                seq=seq,
                completed_at=context.clock.now(),
                digest="0" * 64,
            )
            submissions.insert(db, submission, b"sealed")


def codes(walker: Walker) -> list[str]:
    return re.findall(r'class="tile" href="/need/([^"]+)"', walker.page)


def events(walker: Walker) -> list[str]:
    """Return the ids of the events in the order of the tiles; an event with one procedure leads to that procedure."""
    by_code = {form.code: form.event for form in catalogue().all(DAY)}
    found = re.findall(r'class="tile" href="/(?:choose\?event=([^"]+)|need/([^"]+))"', walker.go("/choose").page)
    return [event or by_code[code] for event, code in found]


def test_eight_life_events_lead_to_all_procedures(walker: Walker) -> None:
    walker.follow("/choose")
    listed: list[str] = []
    for event in EVENT_IDS:
        only = [form.code for form in catalogue().all(DAY) if form.event == event]
        if len(only) == 1:
            assert only[0] in codes(walker), "an event with one procedure leads to it"
            listed += only
            continue
        walker.follow(f"/choose?event={event}")
        assert codes(walker), event
        listed += codes(walker)
        walker.follow("/choose")
    assert sorted(listed) == sorted(form.code for form in catalogue().all(DAY))
    assert codes(walker.follow("/choose?event=all")) == listed


def test_before_anything_is_counted_the_common_procedures_stand_first(walker: Walker) -> None:
    assert codes(walker.go("/choose?event=co_con"))[0] == "1.001193"
    assert codes(walker.go("/choose?event=giay_to"))[:2] == ["2.000815", "2.000635"]
    assert codes(walker.go("/choose?event=cho_o"))[0] == "1.004194"


def test_every_procedure_has_its_place_in_its_event() -> None:
    events = catalogue().events
    for event in events:
        assert {form.code for form in catalogue().all(DAY) if form.event == event.id} >= set(event.procedures)
        assert len(set(event.procedures)) == len(event.procedures)


def test_what_the_ward_does_most_stands_first(walker: Walker) -> None:
    file_forms(walker.context, {"1.001022": 3, "1.001193": 2}, days_ago=1)
    assert codes(walker.go("/choose?event=co_con")) == ["1.001022", "1.001193", "3.000722", "1.000689", "2.000528"]
    file_forms(walker.context, {"1.001193": 2}, days_ago=30)
    assert codes(walker.go("/choose?event=co_con")) == ["1.001193", "1.001022", "3.000722", "1.000689", "2.000528"]
    file_forms(walker.context, {"1.001022": 9}, days_ago=91)
    assert codes(walker.go("/choose?event=co_con")) == ["1.001193", "1.001022", "3.000722", "1.000689", "2.000528"]


def test_the_events_of_what_the_ward_does_most_are_the_first_tiles(walker: Walker) -> None:
    assert events(walker) == list(EVENT_IDS)
    file_forms(walker.context, {"2.000815": 3, "1.004873": 2, "1.000894": 2}, days_ago=1)
    assert events(walker)[:3] == ["ket_hon", "giay_to", EVENT_IDS[0]]
    listed = codes(walker.go("/choose?event=all"))
    assert listed[:2] == ["1.000894", "1.004873"]
    assert listed.index("2.000815") < listed.index("1.001193")


def test_no_tile_moves_in_the_course_of_a_day(walker: Walker) -> None:
    file_forms(walker.context, {"2.000815": 9, "1.001022": 9})
    assert events(walker) == list(EVENT_IDS)
    assert codes(walker.go("/choose?event=co_con"))[0] == "1.001193"


def test_no_more_are_found_than_stand_above_the_keyboard(walker: Walker) -> None:
    walker.go("/choose?q=dang ky")
    assert len(codes(walker)) == MAX_TILES


def test_the_best_fit_stands_first_while_it_is_typed(walker: Walker) -> None:
    assert codes(walker.go("/choose/results?q=tien gia"))[0] == "1.014027"
    assert codes(walker.go("/choose/results?q=mai tang phi"))[0] == "1.001731"


def test_an_empty_search_says_what_may_be_typed(walker: Walker) -> None:
    walker.go("/choose?q=")
    assert codes(walker) == []
    assert "Gõ tên việc, không cần dấu" in walker.words
    assert "Lấy số" not in walker.words


def test_nothing_found_leads_to_an_officer_and_to_a_number(walker: Walker) -> None:
    walker.go("/choose?q=ghép thận")
    assert "Không tìm thấy" in walker.words
    walker.fill({"want": "1"}, form="/help")
    assert walker.at == "/choose"
    walker.go("/choose?q=ghép thận")
    assert "Đã gọi, xin chờ" in walker.words
    walker.follow("/ticket")
    assert walker.at == "/ticket"


def test_the_live_rows_offer_the_same_when_nothing_fits(walker: Walker) -> None:
    walker.go("/choose/results?q=bằng lái xe máy")
    assert codes(walker) == []
    assert walker.form("/help").choices["want"] == {"1"}
    walker.follow("/ticket")


def test_a_paper_has_its_short_name_and_what_spares_it(walker: Walker) -> None:
    words = walker.go("/need/1.004194?o_dau=thue&chua_thanh_nien=lon").words
    papers = words.partition("Cần mang")[2].partition("Lệ phí, miễn giảm, quy định")
    assert "Giấy thuê, mượn, ở nhờ" in papers[0]
    assert "Cán bộ tra được thì không phải nộp" in papers[0]
    assert "Không phải công chứng" in papers[0]
    assert "Hợp đồng, giấy cho thuê, mượn, ở nhờ" not in papers[0]
    assert "Tên đầy đủ: Hợp đồng, giấy cho thuê, mượn, ở nhờ." in papers[2]


def test_who_is_exempt_stands_with_the_rules(walker: Walker) -> None:
    words = walker.go("/need/1.004194?o_dau=thue").words
    seen = words.partition("Lệ phí, miễn giảm, quy định")
    assert "15.000 đồng" in seen[0]
    assert "Miễn cho trẻ dưới 16 tuổi" not in seen[0]
    assert "Miễn cho trẻ dưới 16 tuổi" in seen[2]


def pictures_of(app: Flask) -> Any:
    """Return the names that the template of the pictures defines."""
    return app.jinja_env.get_template("parts/procedure_pictures.html").module


def picture(app: Flask, code: str, event: str) -> str:
    """Return the markup of a procedure's picture."""
    return str(pictures_of(app).procedure_picture(code, event))


def test_each_procedure_has_a_picture_of_its_own(app: Flask) -> None:
    shelf = catalogue().all(DAY)
    pictures = {procedure.code: picture(app, procedure.code, procedure.event) for procedure in shelf}
    assert len(set(pictures.values())) == len(shelf)
    assert set(pictures_of(app).pictures) == set(pictures), "each procedure has one"
    assert all(' d=""' not in markup for markup in pictures.values())


def test_a_procedure_of_a_ward_has_the_picture_of_its_event(app: Flask) -> None:
    own = {event: picture(app, "LOCAL-NHASH", event) for event in EVENT_IDS}
    assert len(set(own.values())) == len(EVENT_IDS)
    assert picture(app, "LOCAL-NHASH", "khong_co") == picture(app, "LOCAL-HOP", "khong_co"), "a sheet of paper"


def lines(markup: str) -> list[str]:
    """Return the lines of a picture."""
    return re.findall(r' d="([^"]+)"', markup)


def test_the_list_and_the_start_page_show_the_pictures(app: Flask, walker: Walker) -> None:
    walker.go("/choose?event=giay_to")
    assert len(codes(walker)) > 5
    for code in codes(walker):
        (tile,) = re.findall(rf'href="/need/{code}">(.*?)</a>', walker.page, re.DOTALL)
        assert lines(tile) == lines(picture(app, code, "giay_to"))
    file_forms(walker.context, {"2.000815": 2, "1.004884": 1}, days_ago=1)
    walker.go("/")
    tiles = re.findall(r'<div class="two-tiles placed">(.*?)</div>', walker.page, re.DOTALL)
    placed = lines(picture(app, "2.000815", "giay_to")) + lines(picture(app, "1.004884", "giay_to"))
    assert lines(tiles[0]) == placed
