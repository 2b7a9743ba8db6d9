"""Work list of the desk: which case needs what, in the order of urgency.

Each case has one state: the most urgent one. The portal's word is new until the desk has decided or written a note
after it. A number without a form that its citizen waits with has the state `waits`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kiosk.base import clock
from kiosk.dossiers.status_labels import PORTAL_LABELS
from kiosk.records.work_cases import WaitingTicket, WorkCase

WorkState = Literal["late", "today", "waits", "news", "undecided", "returned", "supplement", "ready"]
STATES: dict[WorkState, str] = {
    "late": "Quá hẹn",
    "today": "Hẹn hôm nay",
    "waits": "Đang ngồi chờ",
    "news": "Tin mới từ cổng",
    "undecided": "Chưa quyết định",
    "returned": "Bị trả lại",
    "supplement": "Chờ bổ sung",
    "ready": "Chờ trả kết quả",
}
"""In the order of urgency."""
NOT_TODAY: tuple[WorkState, ...] = ("supplement", "ready")
"""States in which the desk waits for somebody else."""
REQUESTS = (3, 5, 6, 7, 8)
"""Status codes of the portal that ask the desk for something."""
SUPPLEMENT = 5
ECHOES: Mapping[str, int] = {"refused": 3, "supplement": SUPPLEMENT, "stopped": 8}
"""State of the desk -> the state that the portal has by it: an officer's own decision is no news from the portal."""
RESULTS = (9, 10)
"""Status codes of the portal that say that the result is there."""


@dataclass(frozen=True)
class WorkItem:
    """A case or a waiting number that needs work, its state, and the fact in a few words."""

    case: WorkCase | WaitingTicket
    state: WorkState
    fact: str

    @property
    def id(self) -> str:
        """The id of the submission, or of the number that has none."""
        return self.case.ticket_id if isinstance(self.case, WaitingTicket) else self.case.submission_id


def work_items(cases: Iterable[WorkCase], now: datetime, waiting: Iterable[WaitingTicket] = ()) -> list[WorkItem]:
    """Return the cases and the waiting numbers that need work, the most urgent first."""
    items = [WorkItem(case=case, state=state, fact=_fact(case, state, now)) for case, state in _states(cases, now)]
    items += [WorkItem(case=ticket, state="waits", fact=_hall(ticket)) for ticket in waiting]
    order = list(STATES)
    return sorted(items, key=lambda item: order.index(item.state))


def _states(cases: Iterable[WorkCase], now: datetime) -> list[tuple[WorkCase, WorkState]]:
    found = []
    for case in cases:
        state = work_state(case, now)
        if state:
            found.append((case, state))
    return found


def work_state(case: WorkCase, now: datetime) -> WorkState | None:
    """Return the most urgent state of a case; None where it needs no work."""
    is_accepted = case.desk == "accepted"
    due_at = case.due_at if is_accepted else None
    is_own = ECHOES.get(case.desk) == case.portal_code
    is_news = case.portal_code in REQUESTS and case.portal_at is not None and not is_own
    holds: dict[WorkState, bool] = {
        "late": due_at is not None and due_at < now,
        "today": due_at is not None and clock.local(due_at).date() == clock.local(now).date(),
        "waits": False,
        "news": is_news and (case.acted_at is None or case.portal_at is None or case.acted_at < case.portal_at),
        "undecided": case.desk == "waiting" and not case.is_returned,
        "returned": case.is_returned,
        "supplement": case.desk == "supplement" or (is_accepted and case.portal_code == SUPPLEMENT),
        "ready": is_accepted and case.portal_code in RESULTS,
    }
    return next((state for state in STATES if holds[state]), None)


def _fact(case: WorkCase, state: WorkState, now: datetime) -> str:
    has_result = case.portal_code in RESULTS
    words: dict[WorkState, str] = {
        "late": _late(case, now),
        "today": "Chưa có kết quả",
        "waits": "",
        "news": f"Cổng ghi: {PORTAL_LABELS[case.portal_code or 1]}",
        "undecided": "Hết lượt mà chưa quyết định" if case.ticket else "Không lấy số, chưa ai xem",
        "returned": "Cổng không nhận, cần xem lại",
        "supplement": _waiting(case.acted_at or case.portal_at or now, now),
        "ready": "",
    }
    return "Có kết quả, chưa ai nhận" if has_result and state in ("late", "today", "ready") else words[state]


def _hall(ticket: WaitingTicket) -> str:
    since = clock.local(ticket.acted_at)
    return f"Ngồi chờ từ {since.hour}:{since:%M}, việc chưa xong"


def _late(case: WorkCase, now: datetime) -> str:
    days = _days(case.due_at or now, now)
    return f"Quá {days} ngày, chưa hẹn lại" if days else "Quá giờ hẹn, chưa hẹn lại"


def _waiting(since: datetime, now: datetime) -> str:
    days = _days(since, now)
    return f"Chờ giấy từ {clock.local(since):%d/%m}" + (f", đã {days} ngày" if days else "")


def _days(since: datetime, now: datetime) -> int:
    return (clock.local(now).date() - clock.local(since).date()).days
