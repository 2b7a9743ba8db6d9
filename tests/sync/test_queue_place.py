"""The place in the queue on a phone: what the gateway takes from a kiosk, what it shows, and when it shows none."""

import json
from datetime import timedelta
from typing import Any

import pytest

from sync import errors, signature
from sync.portals.base import PostedCall, PostedQueue, PostedTicket
from sync.portals.kiosk_sync import BASE, KioskSync
from tests.sync.contract_checks import SCHEMAS, conforms, validator
from tests.sync.portal_responses import json_response
from tests.sync.practice_gateway import Kiosk, PracticeGateway
from tests.sync.test_retention import clean_up
from tests.sync.test_status_page import KEY, phone, send_event, send_form, words

RECEIPT = "PK03-261124-0001-F"


def queue(state: str = "waiting", ahead: int = 4, **members: Any) -> dict[str, Any]:
    ticket = {"label": "C012", "receiptNo": RECEIPT, "state": state, "ahead": ahead, "counters": [2], **members}
    calls = [{"label": "C007", "counter": 2}, {"label": "A003", "counter": 1}]
    return {"calls": calls, "tickets": [ticket]}


def post(kiosk: Kiosk, content: dict[str, Any]) -> None:
    answer = kiosk.send_request("PUT", "/queue", content)
    assert answer.status == 200, answer.body
    conforms(answer, "put", "/queue")


def stored(practice: PracticeGateway) -> list[dict[str, Any]]:
    return [json.loads(content) for (content,) in practice.sql("select content from queues")]


@pytest.fixture
def kiosk(practice: PracticeGateway) -> Kiosk:
    """Return a kiosk whose form is here."""
    kiosk = practice.enrolled_kiosk()
    send_form(kiosk)
    return kiosk


@pytest.mark.parametrize(
    ("content", "said", "unsaid"),
    [
        (queue(minutes=[12, 18]), ["C012", "Trước ông/bà 4 người chừng 12 đến 18 phút", "C007 ở quầy 2"], ["A003"]),
        (queue(minutes=[0, 5]), ["không quá 5 phút"], ["Sắp đến lượt"]),
        (queue(ahead=2), ["Sắp đến lượt, mời vào", "Trước ông/bà 2 người"], ["phút", "Ra ngoài cũng được"]),
        (queue(ahead=0), ["Sắp đến lượt, mời vào", "Trước ông/bà không còn ai"], ["0 người"]),
        (queue("called"), ["Mời tới quầy 2"], ["Trước ông/bà", "C007"]),
        (queue("absent", ahead=1), ["Đã gọi, mời tới quầy", "cán bộ gọi lại"], ["Trước ông/bà"]),
        (queue("held", counters=[]), ["Phường giữ số này"], ["Trước ông/bà", "C007"]),
    ],
)
def test_a_form_that_waits_shows_its_place_first(
    practice: PracticeGateway, kiosk: Kiosk, content: dict[str, Any], said: list[str], unsaid: list[str]
) -> None:
    post(kiosk, content)
    answer = phone(practice).get(f"/h/{KEY}")
    page = words(answer)
    assert answer.status_code == 200
    assert answer.headers["Refresh"] == "20"
    assert "Theo tin của phường lúc" in page
    for text in said:
        assert text in page, text
    for text in unsaid:
        assert text not in page, text
    assert len(answer.data) + len(phone(practice).get("/static/phone.css").data) < 20_000
    assert b"<script" not in answer.data
    assert "Set-Cookie" not in answer.headers


def test_the_state_of_the_dossier_is_a_link_away_and_reloading_can_be_stopped(
    practice: PracticeGateway, kiosk: Kiosk
) -> None:
    post(kiosk, queue())
    state = phone(practice).get(f"/h/{KEY}?view=dossier")
    assert "Đã nộp, chờ nhận" in words(state)
    assert "Xem số C012 còn mấy người" in words(state)
    assert "Refresh" not in state.headers
    still = phone(practice).get(f"/h/{KEY}?view=still")
    assert "Trước ông/bà 4 người" in words(still)
    assert "Refresh" not in still.headers


def test_a_queue_of_more_than_a_minute_names_no_number_of_people(practice: PracticeGateway, kiosk: Kiosk) -> None:
    post(kiosk, queue(minutes=[12, 18]))
    practice.clock.offset += timedelta(seconds=55)
    assert "Trước ông/bà 4 người" in words(phone(practice).get(f"/h/{KEY}"))
    practice.clock.offset += timedelta(seconds=10)
    page = words(phone(practice).get(f"/h/{KEY}"))
    assert "Lúc này không rõ còn mấy người" in page
    assert "Mất tin từ phường hơn 1 phút" in page
    assert "4 người" not in page
    assert "12 đến 18" not in page


def test_an_old_queue_does_not_outweigh_what_the_desk_did_since(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    submission_id = send_form(kiosk)
    post(kiosk, queue())
    send_event(kiosk, submission_id, 1, "accepted", dueAt="2126-11-29T14:00:00+07:00")
    practice.clock.offset += timedelta(seconds=70)
    assert "Phường đã nhận" in words(phone(practice).get(f"/h/{KEY}"))


def test_a_queue_of_yesterday_is_not_shown_and_is_deleted(practice: PracticeGateway, kiosk: Kiosk) -> None:
    post(kiosk, queue())
    practice.clock.offset += timedelta(days=1)
    assert "Đã nộp, chờ nhận" in words(phone(practice).get(f"/h/{KEY}"))
    clean_up(practice)
    assert stored(practice) == []


def test_a_form_that_is_served_or_not_in_the_queue_shows_its_state(practice: PracticeGateway, kiosk: Kiosk) -> None:
    post(kiosk, queue() | {"tickets": []})
    assert "Đã nộp, chờ nhận" in words(phone(practice).get(f"/h/{KEY}"))


def test_a_queue_says_nothing_about_a_form_of_another_kiosk(practice: PracticeGateway, kiosk: Kiosk) -> None:
    post(kiosk, queue())
    practice.sql("update queues set kiosk_id = 'PK04'")
    assert "Đã nộp, chờ nhận" in words(phone(practice).get(f"/h/{KEY}"))


def test_a_post_that_was_held_up_on_the_way_is_old_and_replaces_no_later_one(
    practice: PracticeGateway, kiosk: Kiosk
) -> None:
    content = json.dumps(queue(ahead=9)).encode()
    headers = {"Content-Type": "application/json"}
    late = kiosk.http.prepare("PUT", f"{practice.url}{BASE}/queue", headers, content)
    signature.sign(late, kiosk.identity.seed, content=content, created=practice.clock(), nonce="abcdefghijkl")
    practice.clock.offset += timedelta(seconds=90)
    assert kiosk.http.exchange(late).status == 200
    assert "Lúc này không rõ còn mấy người" in words(phone(practice).get(f"/h/{KEY}"))
    kiosk.portal.hello()
    post(kiosk, queue(ahead=3))
    again = kiosk.http.prepare("PUT", f"{practice.url}{BASE}/queue", headers, content)
    then = practice.clock() - timedelta(seconds=30)
    signature.sign(again, kiosk.identity.seed, content=content, created=then, nonce="abcdefghijkm")
    assert kiosk.http.exchange(again).status == 200
    assert "Trước ông/bà 3 người" in words(phone(practice).get(f"/h/{KEY}"))


def test_nothing_but_the_members_of_the_contract_is_stored(practice: PracticeGateway, kiosk: Kiosk) -> None:
    content = queue(name="Ngụy Thị Quạ Kềnh")
    post(kiosk, content | {"note": "Ngụy Thị Quạ Kềnh"})
    assert stored(practice) == [queue()]


@pytest.mark.parametrize(
    "content",
    [
        {},
        queue() | {"tickets": "C012"},
        queue(label="Chị Lan"),
        queue(label="C12"),
        queue(receiptNo="<b>"),
        queue("gone"),
        queue(ahead=-1),
        queue(counters=[0]),
        queue(minutes=[5]),
        queue(minutes=["5", "9"]),
        queue() | {"calls": [{"label": "C007", "counter": "2"}]},
        queue() | {"tickets": queue()["tickets"] * 101},
    ],
)
def test_a_queue_of_another_shape_is_refused_and_the_last_one_stays(
    practice: PracticeGateway, kiosk: Kiosk, content: dict[str, Any]
) -> None:
    post(kiosk, queue())
    assert kiosk.send_request("PUT", "/queue", content).status == 422
    assert stored(practice) == [queue()]


def test_an_oversized_queue_is_refused_also_when_it_is_compressed(practice: PracticeGateway, kiosk: Kiosk) -> None:
    large = queue() | {"padding": "x" * 40_000}
    assert kiosk.send_request("PUT", "/queue", large).status == 413
    kiosk.portal._gzip_from = 10**9
    assert kiosk.send_request("PUT", "/queue", large).status == 413


SENT = PostedQueue(
    calls=(PostedCall(label="C007", counter=2),),
    tickets=(
        PostedTicket(label="C012", receipt_no=RECEIPT, state="waiting", ahead=4, minutes=(12, 18), counters=(1, 2)),
        PostedTicket(label="C013", receipt_no="PK03-261124-0002-F", state="held"),
    ),
)


def test_the_adapter_sends_a_queue_of_the_contract(practice: PracticeGateway, kiosk: Kiosk) -> None:
    assert kiosk.portal.post_queue(SENT)
    (content,) = stored(practice)
    validator(SCHEMAS["Queue"]).validate(content)
    assert [ticket.get("minutes") for ticket in content["tickets"]] == [[12, 18], None]


def test_a_full_queue_is_within_the_limit(practice: PracticeGateway, kiosk: Kiosk) -> None:
    assert kiosk.portal.post_queue(PostedQueue(calls=SENT.calls * 30, tickets=SENT.tickets[:1] * 100))
    assert len(stored(practice)[0]["tickets"]) == 100


def test_a_gateway_of_an_older_release_takes_no_queue_and_that_is_no_fault(open_portal: Any) -> None:
    problem = {"type": "/problems/http-404", "title": "Cổng không làm được yêu cầu này.", "status": 404}
    portal: KioskSync = open_portal(json_response("404 Not Found", problem))
    assert not portal.post_queue(SENT)


def test_a_queue_does_not_wait_for_a_slow_gateway(practice: PracticeGateway, kiosk: Kiosk) -> None:
    seconds: list[float] = []
    exchange = kiosk.http._exchange

    def record(request: Any) -> Any:
        seconds.append(kiosk.http._seconds)
        return exchange(request)

    kiosk.http._exchange = record  # type: ignore[method-assign]
    kiosk.portal.post_queue(SENT)
    kiosk.portal.hello()
    assert seconds == [5.0, 60.0]
    practice.stop()
    with pytest.raises(errors.SyncError):
        kiosk.portal.post_queue(SENT)
    assert kiosk.http._seconds == 60.0
    practice.start()
