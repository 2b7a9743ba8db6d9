"""Long work that a page begins and does not wait for: a copy, a restore drill, the doctor's checks.

Each kind of work runs once at a time in a thread of its own. Its state is kept in memory: pages ask for it again and
again, and a write for each step would wear the disk. A restart forgets it; what must last is a mark of the store.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock, Thread
from typing import Literal

from kiosk.base.errors import KioskError

log = logging.getLogger(__name__)

Report = Callable[[str, int, int], None]
"""Takes the words of the present step, how much of it is done, and the whole of it (0: unknown)."""
Action = Callable[[Report], object]
WorkKind = Literal["copy", "drill", "doctor", "connection", "update", "disk"]
UNEXPECTED = "Máy trục trặc giữa chừng. Xem Nhật ký máy, dòng mới nhất."


def ignore(_words: str, _done: int, _total: int) -> None:
    """Report to nobody."""


@dataclass(frozen=True)
class WorkState:
    """State of a piece of long work.

    Attributes:
        words: the present step.
        fault: why it failed, empty while it runs and when it is done.
        result: what the action returned; None until it is done.
    """

    begun: datetime
    words: str = "Đang chuẩn bị"
    done: int = 0
    total: int = 0
    ended: datetime | None = None
    fault: str = ""
    result: object = None

    @property
    def is_running(self) -> bool:
        """Whether the work goes on."""
        return self.ended is None

    @property
    def percent(self) -> int | None:
        """How much of the present step is done; None where the whole is not known."""
        return min(100, 100 * self.done // self.total) if self.total else None


class LongWork:
    """The long work of a process, by its kind."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._states: dict[WorkKind, WorkState] = {}

    def state(self, kind: WorkKind) -> WorkState | None:
        """Return the state of the last work of a kind; None when there was none since the start."""
        with self._lock:
            return self._states.get(kind)

    def running(self) -> list[WorkKind]:
        """Return the kinds of work that go on."""
        with self._lock:
            return [kind for kind, state in self._states.items() if state.is_running]

    def begin(self, kind: WorkKind, now: Callable[[], datetime], action: Action) -> bool:
        """Run an action in a thread of its own; return False when one of its kind goes on."""
        with self._lock:
            known = self._states.get(kind)
            if known is not None and known.is_running:
                return False
            self._states[kind] = WorkState(begun=now())
        # A daemon: a disk that hangs blocks no exit.
        Thread(target=self._run, args=[kind, now, action], name=f"work {kind}", daemon=True).start()
        return True

    def _run(self, kind: WorkKind, now: Callable[[], datetime], action: Action) -> None:
        def report(words: str, done: int, total: int) -> None:
            self._change(kind, WorkState(begun=begun, words=words, done=done, total=total))

        begun = self._begun(kind)
        fault = ""
        result = None
        try:
            result = action(report)
        except KioskError as error:
            fault = f"{error.vi} ({error.code})"
            log.warning("long work failed", extra={"task": kind, "code": error.code})
        except Exception:  # a page must not wait for ever for a thread that has ended; the log has the error
            fault = UNEXPECTED
            log.exception("long work", extra={"task": kind})
        with self._lock:
            self._states[kind] = replace(self._states[kind], ended=now(), fault=fault, result=result)

    def _begun(self, kind: WorkKind) -> datetime:
        with self._lock:
            return self._states[kind].begun

    def _change(self, kind: WorkKind, state: WorkState) -> None:
        with self._lock:
            self._states[kind] = state
