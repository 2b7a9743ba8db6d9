"""Monthly reports of opinions: they come with a batch, month after month, and an older side of the contract goes on."""

from typing import Any

import pytest

from sync.gateway import opinions as gateway_opinions
from sync.portals.base import OpinionGroup, OpinionReport
from tests.sync.contract_checks import conforms, envelope
from tests.sync.practice_gateway import Kiosk, PracticeGateway
from tests.sync.test_operator import sign_in

MONTHS = ("2026-09", "2026-10", "2026-11")
BIRTH = "1.001193"


def report(month: str) -> OpinionReport:
    groups = (
        OpinionGroup(procedure=BIRTH, faces=(0, 1, 0, 4, 2), unanswered=3),
        OpinionGroup(procedure="", faces=(1, 0, 2, 3, 0), unanswered=0),
    )
    return OpinionReport(month=month, groups=groups, words={"fast": 5})


def after(held: str) -> OpinionReport | None:
    """Return the report of the month after one, as the kiosk does."""
    month = next((month for month in MONTHS if month > held), None)
    return report(month) if month else None


@pytest.fixture
def kiosk(practice: PracticeGateway) -> Kiosk:
    kiosk = practice.enrolled_kiosk()
    kiosk.portal.opinions = after
    return kiosk


def send_one(kiosk: Kiosk) -> None:
    kiosk.submit()
    kiosk.drain()


def stored(practice: PracticeGateway) -> list[str]:
    return [month for (month,) in practice.sql("select month from opinion_reports order by month")]


def test_each_batch_brings_the_next_month_until_the_portal_has_them_all(
    practice: PracticeGateway, kiosk: Kiosk
) -> None:
    for count in (1, 2, 3, 3):
        send_one(kiosk)
        assert stored(practice) == list(MONTHS[:count])
    assert kiosk.portal._members() == {}


def test_a_kiosk_that_starts_again_asks_nobody_and_goes_on_after_one_batch(
    practice: PracticeGateway, kiosk: Kiosk
) -> None:
    send_one(kiosk)
    send_one(kiosk)
    kiosk.portal._opinions_held = ""
    send_one(kiosk)
    send_one(kiosk)
    assert stored(practice) == list(MONTHS)


def test_a_report_replaces_the_one_of_its_month(practice: PracticeGateway, kiosk: Kiosk) -> None:
    for faces in ([0, 0, 0, 5, 0], [0, 0, 0, 5, 1]):
        content = {"month": "2026-10", "groups": [{"faces": faces, "unanswered": 0}], "words": {}}
        answer = kiosk.send_request("POST", "/submissions", {"submissions": [envelope(kiosk)], "opinions": content})
        assert conforms(answer, "post", "/submissions")["opinions"] == {"month": "2026-10"}
    with practice.engine.begin() as db:
        (found,) = gateway_opinions.reports(db, "2026-10")
    assert found.content["groups"] == [{"faces": [0, 0, 0, 5, 1], "unanswered": 0}]


def test_a_report_of_a_machine_that_was_restored_from_an_older_copy_replaces_nothing(
    practice: PracticeGateway, kiosk: Kiosk
) -> None:
    for count in (9, 5):
        content = {"month": "2026-10", "groups": [{"faces": [0, 0, 0, count, 0], "unanswered": 0}], "words": {}}
        kiosk.send_request("POST", "/submissions", {"submissions": [envelope(kiosk)], "opinions": content})
    with practice.engine.begin() as db:
        (found,) = gateway_opinions.reports(db, "2026-10")
    assert found.content["groups"] == [{"faces": [0, 0, 0, 9, 0], "unanswered": 0}]


def test_a_kiosk_of_an_older_release_sends_none_and_is_served(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    answer = kiosk.send_request("POST", "/submissions", {"submissions": [envelope(kiosk)]})
    body = conforms(answer, "post", "/submissions")
    assert body["results"][0]["outcome"] == "created"
    assert stored(practice) == []


def test_a_portal_of_an_older_release_gets_a_report_once_and_no_more(
    practice: PracticeGateway, kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.portals.kiosk_sync_decode.opinions_held", lambda _body: None)
    send_one(kiosk)
    assert kiosk.portal._members() == {}
    send_one(kiosk)
    assert stored(practice) == [MONTHS[0]]


@pytest.mark.parametrize(
    "content",
    [
        {"month": "2026-13", "groups": [], "words": {}},
        {"month": "2026-10", "groups": [{"faces": [1, 2], "unanswered": 0}], "words": {}},
        {"month": "2026-10", "groups": [{"faces": [0, 0, 0, 0, -1], "unanswered": 0}], "words": {}},
        {"month": "2026-10", "groups": [], "words": {"fast": "nhiều"}},
        {"month": "2026-10"},
        [],
    ],
)
def test_a_report_that_is_none_is_refused(practice: PracticeGateway, kiosk: Kiosk, content: Any) -> None:
    answer = kiosk.send_request("POST", "/submissions", {"submissions": [envelope(kiosk)], "opinions": content})
    assert answer.status == 422
    assert stored(practice) == []


def test_the_gateway_keeps_nothing_but_the_counts_of_a_report(practice: PracticeGateway, kiosk: Kiosk) -> None:
    content = {"month": "2026-10", "groups": [], "words": {}, "texts": ["Chị Lan rất nhanh"]}
    kiosk.send_request("POST", "/submissions", {"submissions": [envelope(kiosk)], "opinions": content})
    ((text,),) = practice.sql("select content from opinion_reports")
    assert "Lan" not in text


def test_the_operator_sees_a_month_by_kiosk_and_by_procedure(practice: PracticeGateway, kiosk: Kiosk) -> None:
    with practice.gateway.app.test_client() as browser:
        sign_in(browser)
        assert "Chưa máy nào gửi ý kiến" in browser.get("/opinions").text
        send_one(kiosk)
        page = " ".join(browser.get("/opinions").text.split())
    assert "tháng 09/2026" in page
    assert BIRTH in page
    assert "nhanh 5" in page
    assert "69%" in page
