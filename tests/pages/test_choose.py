"""Tests of the search for a procedure: by life event, by typing, and without a match."""

import re

from kiosk.pages.citizen.choose import MAX_TILES
from kiosk.procedures import search
from tests.journeys.walker import Walker
from tests.procedures.texts import DAY, catalogue


def codes(walker: Walker) -> list[str]:
    return re.findall(r'class="tile" href="/need/([^"]+)"', walker.page)


def test_eight_life_events_lead_to_all_procedures(walker: Walker) -> None:
    walker.follow("/choose")
    listed: list[str] = []
    for event in search.life_event_ids():
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
    walker.go("/choose?q=bằng lái xe máy")
    assert "Không tìm thấy" in walker.words
    walker.fill({"want": "1"}, form="/help")
    assert walker.at == "/choose"
    walker.go("/choose?q=bằng lái xe máy")
    assert "Đã gọi, xin chờ" in walker.words
    walker.follow("/ticket")
    assert walker.at == "/ticket"


def test_the_live_rows_offer_the_same_when_nothing_fits(walker: Walker) -> None:
    walker.go("/choose/results?q=bằng lái xe máy")
    assert codes(walker) == []
    assert walker.form("/help").choices["want"] == {"1"}
    walker.follow("/ticket")
