"""Presence of the two sides of a draft: when each asked last, which page it shows, and open questions for the turn.

It is kept in memory, because both sides ask every second and a write for each would wear the disk. A restart forgets
it: a side counts as present from the first question about it. All durations use the monotonic clock.
"""

from dataclasses import dataclass
from threading import Lock

FORGET_SECONDS = 3600.0


@dataclass
class _SidePresence:
    seen: float
    page: str = ""
    focus: str = ""
    screen: str = ""


class DraftPresence:
    """Presence of the sides of each draft that a desk has opened."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sides: dict[tuple[str, str], _SidePresence] = {}
        self._asked: dict[tuple[str, int], float] = {}
        self._granted: set[tuple[str, int]] = set()

    def note(self, draft_id: str, side: str, now: float, *, screen: str = "") -> None:
        """Note that a side is there; `screen` names the touchscreen."""
        with self._lock:
            self._forget_old(now)
            known = self._sides.setdefault((draft_id, side), _SidePresence(now))
            known.seen = now
            known.screen = screen or known.screen

    def show(self, draft_id: str, side: str, now: float, *, page: str, focus: str = "") -> None:
        """Note the page that a side shows, and the field that it types in."""
        self.note(draft_id, side, now)
        with self._lock:
            known = self._sides[draft_id, side]
            known.page = page
            known.focus = focus

    def silent_seconds(self, draft_id: str, side: str, now: float) -> float:
        """Return for how long a side was not seen; it is counted from the first question for a side never seen."""
        with self._lock:
            return now - self._sides.setdefault((draft_id, side), _SidePresence(now)).seen

    def was_seen(self, draft_id: str, side: str, now: float, *, within: float) -> bool:
        """Return whether a side was seen in the last `within` seconds; a side that was never seen was not."""
        with self._lock:
            known = self._sides.get((draft_id, side))
            return known is not None and now - known.seen < within

    def page(self, draft_id: str, side: str) -> tuple[str, str]:
        """Return the page that a side shows and the field that it types in; empty where unknown."""
        with self._lock:
            known = self._sides.get((draft_id, side))
            return (known.page, known.focus) if known else ("", "")

    def screen(self, draft_id: str) -> str:
        """Return the name of the touchscreen that shows a draft; empty where unknown."""
        with self._lock:
            known = self._sides.get((draft_id, "screen"))
            return known.screen if known else ""

    def asked_seconds(self, draft_id: str, ask_no: int, now: float) -> float:
        """Return for how long a question for the turn has waited; the first call begins to count."""
        with self._lock:
            return now - self._asked.setdefault((draft_id, ask_no), now)

    def begin_question(self, draft_id: str, ask_no: int, now: float, *, is_granted: bool = False) -> None:
        """Begin to count how long a question for the turn waits; `is_granted`: the citizen agreed before, by a call."""
        with self._lock:
            self._asked[draft_id, ask_no] = now
            if is_granted:
                self._granted.add((draft_id, ask_no))

    def is_granted(self, draft_id: str, ask_no: int) -> bool:
        """Return whether the citizen agreed to a question before it was asked."""
        with self._lock:
            return (draft_id, ask_no) in self._granted

    def _forget_old(self, now: float) -> None:
        old = [key for key, known in self._sides.items() if now - known.seen > FORGET_SECONDS]
        for key in old:
            del self._sides[key]
        # A forgotten question would be counted from now on, as a new one: it stays while a side of its draft is there.
        present = {draft_id for draft_id, _side in self._sides}
        overdue = [key for key, since in self._asked.items() if now - since > FORGET_SECONDS and key[0] not in present]
        for question in overdue:
            del self._asked[question]
            self._granted.discard(question)
