"""Messages page: counts of a month by unit and sender, the cost by the prices of the files, and what failed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from sync.encoding import timestamp
from sync.gateway.message_counts import counts_of, month_of_unit, months_before
from sync.gateway.message_senders import read_prices
from tests.sync.practice_gateway import UNIT, PracticeGateway
from tests.sync.test_operator import sign_in

LAST_OF_OCTOBER = datetime(2026, 10, 31, 17, 30, tzinfo=UTC)
"""In the ward it is November 1, 00:30."""


def insert(practice: PracticeGateway, number: int, state: str, *, sender: str, code: str, at: datetime) -> None:
    """Insert a message of the enrolled kiosk."""
    practice.sql(
        "insert into messages (kiosk_id, receipt_no, occasion, event_seq, day, state, code, tries, lease_no, "
        f"planned_at, due_at, sender, changed_at) values ('PK03', 'PK03-{number}', 'received', 0, '', '{state}', "
        f"'{code}', 1, 1, '', '', '{sender}', '{timestamp(at)}')"
    )


def test_a_message_belongs_to_the_month_of_the_ward(practice: PracticeGateway) -> None:
    practice.enrolled_kiosk()
    insert(practice, 1, "sent", sender="zalo", code="ok", at=LAST_OF_OCTOBER)
    with practice.engine.begin() as db:
        assert counts_of(db, "2026-10") == []
        (count,) = counts_of(db, "2026-11")
    assert (count.unit_code, count.sender, count.state, count.count) == (UNIT, "zalo", "sent", 1)


def test_months_go_back_over_the_year() -> None:
    assert months_before(datetime(2027, 1, 31, 18, tzinfo=UTC), 3) == ["2027-02", "2027-01", "2026-12"]


def test_prices_are_those_of_the_files_that_name_one(tmp_path: Path) -> None:
    (tmp_path / "zalo.toml").write_text("price = 300\n", encoding="utf-8")
    (tmp_path / "sms.toml").write_text("price = 'nhiều'\n", encoding="utf-8")
    assert read_prices(f"zalo:{tmp_path}/zalo.toml,sms:{tmp_path}/sms.toml") == {"zalo": 300}
    assert read_prices(f"sms:{tmp_path}/nowhere.toml") == {}
    assert read_prices("none") == {}


@pytest.fixture
def operator(practice: PracticeGateway) -> FlaskClient:
    browser = practice.gateway.app.test_client()
    assert sign_in(browser).status_code == 302
    return browser


def test_the_page_sums_by_unit_and_names_what_failed(
    practice: PracticeGateway, operator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.gateway.pages.messages.read_prices", lambda _place: {"zalo": 300})
    assert "Tháng này chưa có tin nào" in operator.get("/messages").text
    practice.enrolled_kiosk()
    now = practice.clock()
    for number in range(4):
        insert(practice, number, "sent", sender="zalo", code="ok", at=now)
    insert(practice, 4, "sent", sender="sms", code="sms-100", at=now)
    insert(practice, 5, "refused", sender="zalo", code="zalo-118", at=now)
    insert(practice, 6, "due", sender="zalo", code="zalo-144", at=now)
    page = " ".join(operator.get("/messages").text.split())
    for part in ("Đã gửi, Zalo", "Đã gửi, SMS", "1.200", "SMS chưa ghi giá", "zalo-118", "zalo-144"):
        assert part in page, part
    assert "Zalo chưa ghi giá" not in page
    assert "PK03-" not in page
    assert "Tháng này chưa có tin nào" not in operator.get("/messages?month=1999-01").text


def test_a_unit_is_told_of_its_own_month_alone(practice: PracticeGateway) -> None:
    practice.enrolled_kiosk()
    now = datetime(2026, 11, 24, 3, tzinfo=UTC)
    for number, (state, sender) in enumerate([("sent", "zalo"), ("sent", "sms"), ("refused", "zalo"), ("due", "zalo")]):
        insert(practice, number, state, sender=sender, code="", at=now)
    insert(practice, 9, "sent", sender="zalo", code="", at=datetime(2026, 10, 24, 3, tzinfo=UTC))
    with practice.engine.begin() as db:
        month = month_of_unit(db, UNIT, {"zalo": 300, "sms": 750}, now)
        other = month_of_unit(db, "H57.99.02", {"zalo": 300}, now)
    assert month == {"month": "2026-11", "sent": 2, "unsent": 1, "cost": 1050}
    assert other == {"month": "2026-11", "sent": 0, "unsent": 0, "cost": 0}
