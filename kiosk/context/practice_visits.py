"""Visits of people who practise beside the live kiosk, in the memory of the process.

A visit holds no answer and nothing typed: only which screen is at which step of which task, and what went well. The
practice app writes it, the trainer's page reads it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

LOST = timedelta(minutes=15)
"""A visit without a request for so long has ended: its browser was closed."""
MAX_PRINTS = 2
"""Sheets to take home that one result may print."""


@dataclass(frozen=True)
class Finding:
    """A line of the result: what went well, or what to practise more; the page translates both texts."""

    is_well: bool
    lead: str
    text: str
    values: Mapping[str, str | int]


@dataclass(frozen=True)
class PracticeResult:
    """The result of a finished task: the number that was drawn, and the findings."""

    number: str
    findings: tuple[Finding, ...]


@dataclass
class PracticeVisit:
    """A visit: the screen and its short code, the task and the step, and counts for the result."""

    session: str
    live_session: str
    screen: str
    code: int
    seen_at: datetime
    task: str = ""
    step: int = 0
    steps: int = 0
    title: str = ""
    """Title of the step, in Vietnamese, for the trainer; empty at the end, where all is read over."""
    since: datetime | None = None
    """When the step was first shown."""
    step_errors: int = 0
    """Wrong answers at the step."""
    cards_read: list[str] = field(default_factory=list)
    """Steps whose card was read at the first try."""
    cards_lost: int = 0
    """Cards that were read without the marks of the name: the scanner lost them, not the person."""
    cards_failed: int = 0
    wrong_kinds: set[str] = field(default_factory=set)
    """Kinds of the answers that were wrong."""
    has_mended: bool = False
    """Whether the person has mended a wrong answer."""
    hides_tips: bool = False
    job: int | None = None
    """Print job of the sheet to take home."""
    prints: int = 0
    result: PracticeResult | None = None

    def begin(self, task: str) -> None:
        """Begin a task: the counts of an earlier one are dropped."""
        self.task = task
        self.step = self.steps = self.step_errors = self.cards_lost = self.cards_failed = 0
        self.title = ""
        self.since = None
        self.cards_read = []
        self.wrong_kinds = set()
        self.has_mended = False
        self.job = None
        self.prints = 0
        self.result = None

    def show_step(self, title: str, step: int, steps: int, now: datetime) -> None:
        """Record the step that the screen shows."""
        if title != self.title:
            self.since = now
            self.step_errors = 0
        self.title = title
        self.step = step
        self.steps = steps


class PracticeVisits:
    """The visits of this process by session; `forget` deletes what the practice app's store has of a session."""

    def __init__(self) -> None:
        self.forget: Callable[[str], None] = _nothing_to_forget
        self._lock = Lock()
        self._visits: dict[str, PracticeVisit] = {}

    def open(self, *, session: str, live_session: str, screen: str, now: datetime) -> PracticeVisit:
        """Return the visit of a session, a new one with the smallest free code where there is none."""
        self.end_lost(now)
        with self._lock:
            visit = self._visits.get(session)
            if visit is None:
                taken = {other.code for other in self._visits.values()}
                code = next(code for code in range(1, len(taken) + 2) if code not in taken)
                visit = PracticeVisit(session=session, live_session=live_session, screen=screen, code=code, seen_at=now)
                self._visits[session] = visit
            visit.seen_at = now
        return visit

    def list_all(self, now: datetime) -> list[PracticeVisit]:
        """Return the visits by code."""
        self.end_lost(now)
        with self._lock:
            return sorted(self._visits.values(), key=lambda visit: visit.code)

    def end(self, session: str) -> None:
        """End the visit of a session, and delete all that it left."""
        with self._lock:
            self._visits.pop(session, None)
        self.forget(session)

    def end_of_screen(self, live_session: str) -> None:
        """End the visits of a screen that shows the live kiosk again."""
        with self._lock:
            sessions = [visit.session for visit in self._visits.values() if visit.live_session == live_session]
        for session in sessions:
            self.end(session)

    def end_all(self) -> int:
        """End every visit; return how many there were."""
        with self._lock:
            sessions = list(self._visits)
        for session in sessions:
            self.end(session)
        return len(sessions)

    def end_lost(self, now: datetime) -> None:
        """End the visits whose browser was closed."""
        with self._lock:
            lost = [visit.session for visit in self._visits.values() if now - visit.seen_at > LOST]
        for session in lost:
            self.end(session)


def _nothing_to_forget(_session: str) -> None:
    """Delete nothing: nobody has practised in this process."""
