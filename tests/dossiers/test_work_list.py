"""Work list: which state a case has, and in which order the states come."""

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.dossiers.work_list import WorkState, work_items, work_state
from kiosk.records.work_cases import WorkCase

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 9:00 at the ward


def case(**changes: object) -> WorkCase:
    usual: dict[str, object] = {
        "submission_id": "s",
        "receipt_no": "PK03-261124-0001-A",
        "procedure": "1.001193",
        "version": "2026-11",
        "desk": "accepted",
        "portal_code": None,
        "portal_at": None,
        "due_at": NOW + timedelta(days=3),
        "official_no": "",
        "officer": "CB01",
        "acted_at": NOW - timedelta(days=1),
        "ticket": "A001",
        "is_returned": False,
    }
    return WorkCase(**{**usual, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, None),
        ({"due_at": None}, None),
        ({"due_at": NOW - timedelta(minutes=1)}, "late"),
        ({"due_at": NOW + timedelta(hours=8)}, "today"),
        ({"portal_code": 5, "portal_at": NOW - timedelta(hours=1)}, "news"),
        ({"portal_code": 5, "portal_at": NOW - timedelta(days=2)}, "supplement"),
        ({"desk": "supplement", "portal_code": 5, "portal_at": NOW - timedelta(hours=1)}, "supplement"),
        ({"desk": "refused", "portal_code": 3, "portal_at": NOW - timedelta(hours=1)}, None),
        ({"desk": "stopped", "portal_code": 8, "portal_at": NOW - timedelta(hours=1)}, None),
        ({"desk": "supplement", "portal_code": 7, "portal_at": NOW - timedelta(hours=1)}, "news"),
        ({"portal_code": 4, "portal_at": NOW - timedelta(hours=1)}, None),
        ({"desk": "waiting", "due_at": None, "acted_at": None}, "undecided"),
        ({"desk": "waiting", "due_at": None, "is_returned": True}, "returned"),
        ({"is_returned": True}, "returned"),
        ({"desk": "supplement"}, "supplement"),
        ({"portal_code": 9, "portal_at": NOW}, "ready"),
        ({"portal_code": 9, "portal_at": NOW, "due_at": NOW - timedelta(days=2)}, "late"),
    ],
)
def test_a_case_has_the_most_urgent_state(changes: dict[str, object], state: WorkState | None) -> None:
    assert work_state(case(**changes), NOW) == state


def test_late_cases_come_first_and_each_says_what_is_the_matter() -> None:
    cases = [
        case(desk="supplement", acted_at=NOW - timedelta(days=4)),
        case(portal_code=9, portal_at=NOW),
        case(due_at=NOW - timedelta(days=1)),
        case(portal_code=5, portal_at=NOW),
    ]
    assert [(item.state, item.fact) for item in work_items(cases, NOW)] == [
        ("late", "Quá 1 ngày, chưa hẹn lại"),
        ("news", "Cổng ghi: yêu cầu bổ sung"),
        ("supplement", "Chờ giấy từ 20/11, đã 4 ngày"),
        ("ready", "Có kết quả, chưa ai nhận"),
    ]
