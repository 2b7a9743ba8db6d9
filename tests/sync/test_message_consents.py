"""Consents to messages that come as events: given at the touchscreen or the desk, ended on the status page."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from sync.encoding import sha256_hex
from sync.gateway import events, message_consents, message_counts
from sync.portals import kiosk_sync_decode
from sync.portals.base import MessageMonth
from tests.sync.contract_checks import conforms, event
from tests.sync.practice_gateway import PracticeGateway
from tests.sync.test_kiosk_reports import REPORT
from tests.sync.test_messages import ALL, PHONE, MessageSetup

KEY = "abcdefghijklmnop"
AGREED = {"wanted": True, "phone": "091 234 5678", "occasions": ALL, "words": "Nhắn tin cho tôi"}
LATER = "2026-11-24T10:00:00+07:00"
PAGE = {"keyHash": sha256_hex(KEY.encode()), "digitsHash": sha256_hex(f"{KEY} 4719".encode())}


@pytest.fixture
def setup(migrated_database: str, tmp_path: Path) -> Iterator[MessageSetup]:
    setup = MessageSetup(migrated_database, tmp_path / "gateway.key")
    yield setup
    setup.context.close()


def consents(setup: MessageSetup) -> list[Any]:
    return setup.rows("select fault, occasions, words, way, ended_at, length(phone) from message_consents")


def agree(setup: MessageSetup, subject: str, seq: int = 1, **changes: Any) -> None:
    setup.add_event(subject, seq, "messages", officer="citizen", messages=AGREED | changes)


def test_a_consent_of_the_touchscreen_comes_before_the_acceptance_and_is_told(setup: MessageSetup) -> None:
    subject = setup.submit()
    agree(setup, subject)
    setup.add_event(subject, 2)
    setup.work()
    assert [(message.phone, message.occasion) for message in setup.sender.told] == [(PHONE, "received")]
    ((fault, occasions, words, way, ended_at, _length),) = consents(setup)
    assert (fault, occasions.split(), words, way, ended_at) == ("", ALL, "Nhắn tin cho tôi", "touchscreen", "")


def test_the_desk_gives_another_number_and_ends_it(setup: MessageSetup) -> None:
    subject = setup.submit()
    agree(setup, subject)
    setup.add_event(subject, 2, "messages", messages=AGREED | {"phone": "0987654321"})
    setup.add_event(subject, 3)
    setup.work()
    assert [message.phone for message in setup.sender.told] == ["0987654321"]
    assert [row[3] for row in consents(setup)] == ["desk"]
    setup.add_event(subject, 4, "extended", dueAt="2026-12-03T14:00:00+07:00")
    setup.add_event(subject, 5, "messages", messages={"wanted": False}, at=LATER)
    setup.add_event(subject, 6, "supplement", reason="thiếu")
    setup.work()
    assert len(setup.sender.told) == 1
    assert setup.states() == [("sent", "ok"), ("dropped", "ended")]
    assert [row[4:] for row in consents(setup)] == [("2026-11-24T03:00:00.000Z", 0)]


@pytest.mark.parametrize("changes", [{"phone": "0236 3822333"}, {"phone": "☎"}])
def test_a_number_without_messages_is_no_error_of_the_event(setup: MessageSetup, changes: dict[str, str]) -> None:
    subject = setup.submit()
    agree(setup, subject, **changes)
    setup.add_event(subject, 2)
    setup.work()
    assert setup.sender.told == []
    assert [row[5] for row in consents(setup)] == [0]


def test_a_consent_of_before_the_end_does_not_begin_the_messages_again(setup: MessageSetup) -> None:
    subject = setup.submit(statusPage=PAGE)
    agree(setup, subject)
    assert "Thôi nhắn tin" in setup.open_page(KEY).text
    assert "Phường không nhắn tin nữa" in setup.open_page(KEY, messages="end").text
    agree(setup, subject, 2)  # it waited for the line while the citizen ended the messages
    setup.add_event(subject, 3)
    setup.work()
    assert setup.sender.told == []
    assert "Thôi nhắn tin" not in setup.open_page(KEY).text
    setup.now += timedelta(hours=1)
    at = (setup.now - timedelta(minutes=1)).isoformat()
    setup.add_event(subject, 4, "messages", messages=AGREED, at=at)
    setup.add_event(subject, 5, "supplement", reason="thiếu", at=at)
    setup.work()
    assert [message.occasion for message in setup.sender.told] == ["paper-missing"]


def test_what_waits_is_not_sent_after_the_end_and_a_second_press_changes_nothing(setup: MessageSetup) -> None:
    subject = setup.submit(statusPage=PAGE)
    agree(setup, subject)
    setup.add_event(subject, 2)
    first = setup.open_page(KEY, messages="end").text
    ended = consents(setup)
    setup.now += timedelta(hours=1)
    assert setup.open_page(KEY, messages="end").text == first
    assert consents(setup) == ended
    setup.work()
    assert setup.sender.told == []
    assert setup.states() == [("dropped", "ended")]


def test_an_unknown_key_ends_nothing(setup: MessageSetup) -> None:
    subject = setup.submit(statusPage=PAGE)
    agree(setup, subject)
    assert setup.open_page("z" * 16, messages="end").status_code == 404
    assert [row[4] for row in consents(setup)] == [""]


def test_a_page_without_a_consent_has_no_button(setup: MessageSetup) -> None:
    setup.submit(statusPage=PAGE)
    assert "nhắn" not in setup.open_page(KEY).text


def test_an_event_that_was_set_aside_and_comes_late_gives_no_consent(setup: MessageSetup) -> None:
    subject = setup.submit()
    with setup.context.engine.begin() as db:
        skipped = [{"submissionId": subject, "seq": 1}]
        later = event(subject, 2, "accepted", at=LATER)
        assert events.receive_events(db, setup.batch, [later], skipped)[0]["outcome"] == "created"
    agree(setup, subject, 1)
    assert consents(setup) == []


def test_the_answer_to_a_report_offers_messages_only_where_they_are_sent(tmp_path: Path) -> None:
    for place in ("none", f"file:{tmp_path / 'told'}"):
        folder = tmp_path / uuid.uuid4().hex
        folder.mkdir()
        practice = PracticeGateway(folder, send_messages=place)
        answer = practice.enrolled_kiosk().send_request("POST", "/report", REPORT)
        month = {"month": message_counts.months_before(practice.clock(), 1)[0], "sent": 0, "unsent": 0, "cost": 0}
        offer = None if place == "none" else {"occasions": ALL, "month": month}
        assert conforms(answer, "post", "/report").get("messages") == offer
        practice.close()


def test_the_answer_to_a_report_tells_of_the_ends_of_thirty_days(setup: MessageSetup) -> None:
    first, second = setup.submit(statusPage=PAGE), setup.submit(2)
    for subject in (first, second):
        agree(setup, subject)
    setup.open_page(KEY, messages="end")
    with setup.context.engine.begin() as db:
        receipts = [row[0] for row in db.execute(text("select receipt_no from message_consents where ended_at != ''"))]
        ended = message_consents.list_ended(db, "PK03", setup.now)
        assert [entry["receiptNo"] for entry in ended] == receipts
        assert datetime.fromisoformat(ended[0]["at"]) == setup.now
        assert message_consents.list_ended(db, "PK99", setup.now) == []
        assert message_consents.list_ended(db, "PK03", setup.now + timedelta(days=31)) == []


@pytest.mark.parametrize(
    "month",
    [None, 5, {}, {"month": "11/2026", "sent": 1, "unsent": 0, "cost": 0}, {"month": "2026-11", "sent": True},
     {"month": "2026-11", "sent": 1, "unsent": -1, "cost": 0}, {"month": "2026-11", "sent": 1, "unsent": 0}],
)  # fmt: skip
def test_a_kiosk_drops_counts_that_are_none(month: object) -> None:
    assert kiosk_sync_decode.message_month({"messages": {"month": month}}) is None
    good = {"month": "2026-11", "sent": 3, "unsent": 1, "cost": 900}
    assert kiosk_sync_decode.message_month({"messages": {"month": good}}) == MessageMonth(**good)


@pytest.mark.parametrize("ended", [None, 5, [3], [{}], [{"receiptNo": 1}], [{"receiptNo": "PK03", "at": "x"}],
                                   [{"receiptNo": "PK03", "at": "2026-11-24T03:00:00"}]])  # fmt: skip
def test_a_kiosk_drops_ends_that_are_none(ended: object) -> None:
    good = {"receiptNo": "PK03-261124-0001-V", "at": "2026-11-24T03:00:00.000Z"}
    assert kiosk_sync_decode.ended_consents({"messages": {"ended": ended}}) == ()
    assert kiosk_sync_decode.ended_consents({"messages": None}) == kiosk_sync_decode.ended_consents({}) == ()
    entries = [*(ended if isinstance(ended, list) else []), good]
    (found,) = kiosk_sync_decode.ended_consents({"messages": {"ended": entries}})
    assert (found.receipt_no, found.at) == (good["receiptNo"], datetime(2026, 11, 24, 3, tzinfo=UTC))
