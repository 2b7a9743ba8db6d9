"""Rows 5, 6, 8 to 10, 17 and 19: something answers, and it is not what the contract says; it may be there already."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.faults import breaking
from tests.faults.breaking import EVENTS, SUBMISSIONS
from tests.faults.line import Fault
from tests.faults.processes import SCALE, until
from tests.faults.table import Seen
from tests.faults.ward import Ward, arrive

pytestmark = pytest.mark.faults
FORMS = 4
LONG = 60 + 120 * SCALE


def doubted(ward: Ward, forms: list[str], code: str = "") -> bool:
    """Tell whether the kiosk holds all of these for unknown, for this reason."""
    found = [ward.kiosk.standing(form) for form in forms]
    return all(one.state == "unknown" and code in (one.last_code or "") for one in found)


@pytest.mark.row(5)
def test_the_answer_is_lost_after_the_commit(ward: Ward, row: Seen) -> None:
    ward.line.break_(breaking.lost, SUBMISSIONS)
    forms = ward.kiosk.file(FORMS)
    until(lambda: doubted(ward, forms), LONG)
    assert ward.is_whole(forms)
    assert ward.kiosk.delivery(forms) == {"queued": FORMS}
    row.read(ward.kiosk.reads(), "Chưa rõ")
    arrive(ward, forms, row)


@pytest.mark.row(5)
def test_the_answer_to_acts_of_the_desk_is_lost_after_the_commit(ward: Ward, row: Seen) -> None:
    forms = ward.kiosk.file(2)
    ward.kiosk.until_confirmed(forms)
    ward.line.break_(breaking.lost, EVENTS)
    acts = [ward.kiosk.accept(form) for form in forms]
    until(lambda: doubted(ward, acts), LONG)
    row.read(ward.kiosk.reads(), "Chưa rõ")
    ward.heal()
    until(lambda: all(ward.kiosk.standing(act).state == "done" for act in acts), LONG)
    told = ward.portal.rows("select event_id, count(*) from events group by event_id")
    assert {event for event, count in told if count == 1} >= set(acts)
    row.saw(kiosk="2 acts told", portal="2 events held, once each")


@pytest.mark.row(6)
def test_the_answer_is_cut_in_its_json(ward: Ward, row: Seen) -> None:
    ward.line.break_(breaking.cut_short, SUBMISSIONS)
    forms = ward.kiosk.file(FORMS)
    until(lambda: doubted(ward, forms), LONG)
    assert ward.is_whole(forms)
    row.read(ward.kiosk.reads(), "Chưa rõ")
    arrive(ward, forms, row)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(breaking.somebody_else(breaking.LOGIN, "text/html"), marks=pytest.mark.row(8), id="html"),
        pytest.param(breaking.somebody_else(b"{}", "application/json"), marks=pytest.mark.row(9), id="empty json"),
    ],
)
def test_a_captive_network_answers(ward: Ward, row: Seen, fault: Fault) -> None:
    ward.line.break_(fault)
    forms = ward.kiosk.file(FORMS)
    until(lambda: ward.kiosk.line().failures >= 2, LONG, "the kiosk notices")
    assert ward.kiosk.delivery(forms) == {"queued": FORMS}
    assert not ward.portal.held().keys() & set(forms)
    row.read(ward.kiosk.reads(), "Đang mất: có máy khác trả lời thay cổng")
    arrive(ward, forms, row)


@pytest.mark.row(10)
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(breaking.says("500 Internal Server Error"), id="500 of the portal"),
        pytest.param(breaking.unmarked("502 Bad Gateway"), id="502 of a proxy"),
        pytest.param(breaking.unmarked("504 Gateway Timeout"), id="504 of a proxy"),
    ],
)
def test_an_error_of_a_server(ward: Ward, row: Seen, fault: Fault) -> None:
    ward.line.break_(fault, SUBMISSIONS)
    forms = ward.kiosk.file(FORMS)
    until(lambda: doubted(ward, forms), LONG)
    assert not ward.portal.held().keys() & set(forms)
    row.read(ward.kiosk.reads(), "Chưa rõ")
    arrive(ward, forms, row)


def without_the_first(said: dict[str, Any]) -> None:
    said["results"].pop(0)


def in_reverse(said: dict[str, Any]) -> None:
    said["results"].reverse()


def with_a_foreign_id(said: dict[str, Any]) -> None:
    said["results"][0]["submissionId"] = "019ab0c1-2345-7890-8123-00000000ffff"


@pytest.mark.row(17)
@pytest.mark.parametrize("change", [without_the_first, with_a_foreign_id])
def test_a_result_of_its_own_is_missing(ward: Ward, row: Seen, change: Callable[[dict[str, Any]], None]) -> None:
    ward.line.shut()
    forms = ward.kiosk.file(FORMS)
    ward.line.break_(breaking.edited(change), SUBMISSIONS)
    ward.line.open()
    until(lambda: ward.kiosk.delivery(forms) == {"confirmed": FORMS - 1, "queued": 1}, LONG)
    assert ward.is_whole(forms)
    (left,) = (form for form in forms if ward.kiosk.delivery([form])["queued"])
    assert (ward.kiosk.standing(left).state, ward.kiosk.standing(left).last_code) == ("unknown", "no result")
    row.read(ward.kiosk.reads(), "Chưa rõ")
    arrive(ward, forms, row)


@pytest.mark.row(17)
def test_results_in_another_order_are_matched_by_id(ward: Ward, row: Seen) -> None:
    ward.line.break_(breaking.edited(in_reverse), SUBMISSIONS)
    forms = ward.kiosk.file(FORMS)
    ward.kiosk.until_confirmed(forms, LONG)
    assert ward.kiosk.attempts(forms) == 0
    arrive(ward, forms, row)


@pytest.mark.row(19)
def test_a_request_that_is_delivered_twice(ward: Ward, row: Seen) -> None:
    before = ward.portal.takings()
    ward.line.break_(breaking.twice, SUBMISSIONS, times=1)
    forms = ward.kiosk.file(1)
    ward.kiosk.until_confirmed(forms, LONG)
    assert ward.kiosk.attempts(forms) == 0
    assert ward.kiosk.line().paused is None
    assert ward.portal.takings() == before + 1
    row.read(ward.kiosk.reads(), "Đường truyền Tốt")
    arrive(ward, forms, row)
