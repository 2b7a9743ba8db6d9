"""Rows 5, 6, 8 to 10, 17 and 19: lost, broken, foreign and repeated answers; the portal may have the submission."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kiosk.base import clock
from tests.faults import network_faults
from tests.faults.machine import UNKNOWN
from tests.faults.network_faults import EVENTS, SUBMISSIONS
from tests.faults.processes import SCALE, wait_until
from tests.faults.proxy import NetworkFault, ProxiedRequest
from tests.faults.table import RowResult
from tests.faults.ward import Ward, expect_delivery

pytestmark = pytest.mark.faults
FORMS = 4
TIMEOUT = 60 + 120 * SCALE


def are_unknown(ward: Ward, ids: list[str]) -> bool:
    """Return whether all of these submissions or events are `unknown` in the outbox."""
    return all(ward.kiosk.outbox_status(subject_id).state == "unknown" for subject_id in ids)


@pytest.mark.row(5)
def test_the_answer_is_lost_after_the_commit(ward: Ward, row: RowResult) -> None:
    ward.proxy.inject(network_faults.lose_answer, SUBMISSIONS)
    forms = ward.kiosk.submit(FORMS)
    wait_until(lambda: are_unknown(ward, forms), TIMEOUT)
    assert ward.has_all(forms)
    assert ward.kiosk.delivery(forms) == {"queued": FORMS}
    row.expect_text(ward.kiosk.read_page_with(UNKNOWN), UNKNOWN)
    expect_delivery(ward, forms, row)


@pytest.mark.row(5)
def test_the_answer_to_events_of_the_desk_is_lost_after_the_commit(ward: Ward, row: RowResult) -> None:
    forms = ward.kiosk.submit(2)
    ward.kiosk.wait_until_confirmed(forms)
    ward.proxy.inject(network_faults.lose_answer, EVENTS)
    events = [ward.kiosk.accept(form) for form in forms]
    wait_until(lambda: are_unknown(ward, events), TIMEOUT)
    row.expect_text(ward.kiosk.read_page_with(UNKNOWN), UNKNOWN)
    ward.end_faults()
    wait_until(lambda: all(ward.kiosk.outbox_status(event).state == "done" for event in events), TIMEOUT)
    rows = ward.portal.sql("select event_id, count(*) from events group by event_id")
    assert {event for event, count in rows if count == 1} >= set(events)
    row.observe(kiosk="2 events sent", portal="2 events stored, once each")


@pytest.mark.row(6)
def test_the_answer_is_cut_in_its_json(ward: Ward, row: RowResult) -> None:
    ward.proxy.inject(network_faults.cut_answer, SUBMISSIONS)
    forms = ward.kiosk.submit(FORMS)
    wait_until(lambda: are_unknown(ward, forms), TIMEOUT)
    assert ward.has_all(forms)
    row.expect_text(ward.kiosk.read_page_with(UNKNOWN), UNKNOWN)
    expect_delivery(ward, forms, row)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(
            network_faults.captive_portal(network_faults.CAPTIVE_PAGE, "text/html"), marks=pytest.mark.row(8), id="html"
        ),
        pytest.param(
            network_faults.captive_portal(b"{}", "application/json"), marks=pytest.mark.row(9), id="empty json"
        ),
    ],
)
def test_a_captive_portal_answers(ward: Ward, row: RowResult, fault: NetworkFault) -> None:
    ward.proxy.inject(fault)
    forms = ward.kiosk.submit(FORMS)
    wait_until(lambda: ward.kiosk.link_state().failures >= 2, TIMEOUT, "the kiosk notices")
    assert ward.kiosk.delivery(forms) == {"queued": FORMS}
    assert not ward.portal.digests().keys() & set(forms)
    row.expect_text(ward.kiosk.read_page(), "Đang mất: có máy khác trả lời thay cổng")
    expect_delivery(ward, forms, row)


@pytest.mark.row(10)
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(network_faults.portal_answers("500 Internal Server Error"), id="500 of the portal"),
        pytest.param(network_faults.proxy_answers("502 Bad Gateway"), id="502 of a proxy"),
        pytest.param(network_faults.proxy_answers("504 Gateway Timeout"), id="504 of a proxy"),
    ],
)
def test_an_error_of_a_server(ward: Ward, row: RowResult, fault: NetworkFault) -> None:
    ward.proxy.inject(fault, SUBMISSIONS)
    forms = ward.kiosk.submit(FORMS)
    wait_until(lambda: are_unknown(ward, forms), TIMEOUT)
    assert not ward.portal.digests().keys() & set(forms)
    row.expect_text(ward.kiosk.read_page_with(UNKNOWN), UNKNOWN)
    expect_delivery(ward, forms, row)


def without_the_first(answer: dict[str, Any]) -> None:
    answer["results"].pop(0)


def in_reverse(answer: dict[str, Any]) -> None:
    answer["results"].reverse()


def with_a_foreign_id(answer: dict[str, Any]) -> None:
    answer["results"][0]["submissionId"] = "019ab0c1-2345-7890-8123-00000000ffff"


@pytest.mark.row(17)
@pytest.mark.parametrize("change", [without_the_first, with_a_foreign_id])
def test_the_result_of_one_submission_is_missing(
    ward: Ward, row: RowResult, change: Callable[[dict[str, Any]], None]
) -> None:
    ward.proxy.close()
    forms = ward.kiosk.submit(FORMS)
    ward.proxy.inject(network_faults.edit_answer(change), SUBMISSIONS)
    ward.proxy.listen()
    wait_until(lambda: ward.kiosk.delivery(forms) == {"confirmed": FORMS - 1, "queued": 1}, TIMEOUT)
    assert ward.has_all(forms)
    (queued,) = (form for form in forms if ward.kiosk.delivery([form])["queued"])
    wait_until(lambda: are_unknown(ward, [queued]), TIMEOUT)
    assert ward.kiosk.outbox_status(queued).last_code == "no result"
    row.expect_text(ward.kiosk.read_page_with(UNKNOWN), UNKNOWN)
    expect_delivery(ward, forms, row)


@pytest.mark.row(17)
def test_results_in_another_order_are_matched_by_id(ward: Ward, row: RowResult) -> None:
    ward.proxy.inject(network_faults.edit_answer(in_reverse), SUBMISSIONS)
    forms = ward.kiosk.submit(FORMS)
    ward.kiosk.wait_until_confirmed(forms, TIMEOUT)
    assert ward.kiosk.attempts(forms) == 0
    expect_delivery(ward, forms, row)


@pytest.mark.row(19)
def test_a_request_that_arrives_after_a_newer_one(ward: Ward, row: RowResult) -> None:
    held: list[ProxiedRequest] = []
    ward.proxy.inject(held.append, SUBMISSIONS, times=1)
    first = ward.kiosk.submit(1)
    ward.kiosk.wait_until_confirmed(first, TIMEOUT)
    second_ended = clock.now() + timedelta(seconds=1)  # a signature has whole seconds
    wait_until(lambda: clock.now() > second_ended)
    second = ward.kiosk.submit(2)
    ward.kiosk.wait_until_confirmed(second, TIMEOUT)
    assert b" 200 " in held[0].forward().partition(b"\r\n")[0]
    assert ward.false_notices() == [], "the late request shows a shorter audit trail"
    row.expect_text(ward.kiosk.read_page(), "Đường truyền Tốt")
    expect_delivery(ward, first + second, row)


@pytest.mark.row(19)
def test_a_request_that_is_delivered_twice(ward: Ward, row: RowResult) -> None:
    before = ward.portal.count_changes()
    ward.proxy.inject(network_faults.deliver_twice, SUBMISSIONS, times=1)
    forms = ward.kiosk.submit(1)
    ward.kiosk.wait_until_confirmed(forms, TIMEOUT)
    assert ward.kiosk.attempts(forms) == 0
    assert ward.kiosk.link_state().paused is None
    assert ward.portal.count_changes() == before + 1
    row.expect_text(ward.kiosk.read_page(), "Đường truyền Tốt")
    expect_delivery(ward, forms, row)
