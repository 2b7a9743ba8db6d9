"""A citizen agrees to messages on the check page, the desk ends them, and the portal hears both before the decision."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.dossiers import message_consents
from kiosk.records import decisions, submissions
from kiosk.records.decisions import Decision
from sync.gateway import contract_schema
from tests.journeys.people import birth_until_check
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap

QUESTION = "Nhắn tin tới số"
PHONE = "0905000123"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 25, 1, 30, tzinfo=UTC))


@pytest.fixture
def offered(walker: Walker) -> Walker:
    """Return a touchscreen whose portal sends messages."""
    with walker.context.store.write() as db:
        message_consents.record_offer(db, is_offered=True)
    return walker


def events(context: Context) -> list[tuple[Decision, dict[str, object]]]:
    """Return the events about messages of the only case, with what the portal gets."""
    with context.store.read() as db:
        rows = [decisions.find(db, row[0]) for row in db.execute("select id from decisions order by seq").fetchall()]
        found = []
        for row in rows:
            assert row is not None
            body = context.vault.open(decisions.EVENT, row.id, decisions.event(db, row.id) or b"")
            event = json.loads(body)
            assert contract_schema.validate("Event", event) == []
            found.append((row, event))
    return found


def test_nobody_is_asked_while_the_portal_sends_no_messages(walker: Walker) -> None:
    birth_until_check(walker)
    assert QUESTION not in walker.page
    walker.post("/form/submit", oath="1", messages="1")
    assert events(walker.context) == []


def test_a_consent_has_its_number_its_time_and_the_words_of_the_page(offered: Walker) -> None:
    birth_until_check(offered)
    assert f"{QUESTION} ••••\u00a0•••\u00a0123" in offered.page
    assert PHONE not in offered.page.replace(" ", "").partition(QUESTION)[2]
    offered.fill(oath="1", messages="1")
    ((row, event),) = events(offered.context)
    assert (row.kind, row.actor, row.seq, row.delivery) == ("messages", "citizen", 1, "queued")
    assert PHONE not in str(row.facts)
    member = event["messages"]
    assert isinstance(member, dict)
    assert (member["wanted"], member["phone"]) == (True, PHONE)
    assert str(member["words"]).startswith(f"{QUESTION} ••••")
    assert "Không bắt buộc" in str(member["words"])


def test_without_a_tick_nothing_is_stored(offered: Walker) -> None:
    birth_until_check(offered).fill(oath="1")
    assert events(offered.context) == []


def test_the_desk_ends_the_messages_and_takes_another_number(offered: Walker, app: Flask) -> None:
    birth_until_check(offered).fill(oath="1", messages="1")
    desk = _tap(Desk(app), "next")
    with desk.context.store.read() as db:
        case = db.execute("select id from submissions").fetchone()[0]
    address = f"/officer/case/{case}/messages"
    assert "Nhắn tin: đã đồng ý" in desk.words
    desk.post(address, act="end")
    assert "Đã ghi: thôi nhắn tin." in desk.words
    assert "Nhắn tin: đã thôi" in desk.words
    desk.post(address, act="agree", number="0234 3822 333")
    assert "Chưa ghi: số này không nhận được tin nhắn." in desk.words
    desk.post(address, act="agree", number="0987 654 321")
    assert "Đã ghi đồng ý nhận tin nhắn." in desk.words
    sent = [event["messages"] for _row, event in events(desk.context)]
    assert [member.get("phone") for member in sent if isinstance(member, dict)] == [PHONE, None, "0987654321"]
    with desk.context.store.read() as db:
        submission = submissions.find(db, case)
        assert submission is not None
        assert decisions.of_case(db, submission.receipt_no) == [], "it is no decision"


def _end_by_phone(walker: Walker, at: datetime) -> bool:
    with walker.context.store.write() as db:
        receipt_no = str(db.execute("select receipt_no from submissions").fetchone()[0])
        return message_consents.end_by_phone(db, walker.context, receipt_no, at)


def test_an_end_on_the_phone_ends_it_here_once_and_the_desk_reads_it(
    offered: Walker, app: Flask, clock: FixedClock
) -> None:
    birth_until_check(offered).fill(oath="1", messages="1")
    assert not _end_by_phone(offered, clock.now() - timedelta(minutes=1)), "the consent was given after it"
    clock.advance(60)
    assert _end_by_phone(offered, clock.now())
    assert not _end_by_phone(offered, clock.now())
    last, event = events(offered.context)[-1]
    assert (last.actor, event["messages"]) == ("citizen", {"wanted": False})
    desk = _tap(Desk(app), "next")
    assert "Nhắn tin: đã thôi" in desk.words
    assert "Người dân tự thôi trên điện thoại, máy biết lúc 08:31 25/11." in desk.words
    with offered.context.store.write() as db:
        assert not message_consents.end_by_phone(db, offered.context, "PK03-261125-0999-X", clock.now())
