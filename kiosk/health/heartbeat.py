"""Heartbeats of the worker: the last step of each of its threads, and the alarm when one does not go on.

The times are seconds on the machine's monotonic clock, which all processes share: a wall clock that is set makes no
alarm. After a boot it begins at zero, so a beat in the future is of an earlier boot.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from kiosk.context import Context
from kiosk.health.check_result import CheckResult
from kiosk.records import marks

NAME = "Phần chạy nền"
NOT_RUNNING = "WORK-01"
WORKER = "worker"
"""Beat of the watch itself."""
WORKER_LIMIT = 60.0
PRINTER = "printer:"
"""Prefix of a printer's beat, and of the mark in which the worker stores the last status of a printer."""
_BEATS = "worker.beats"
_TASKS = {
    "delivery": "gửi lên cổng",
    "cleanup": "dọn dữ liệu hết hạn",
    "backup": "sao lưu",
    "minute": "chép từng phút",
    "trail": "soát nhật ký",
}


@dataclass(frozen=True)
class Beat:
    """The last step of a thread: its time, and the seconds after which it counts as hanging."""

    name: str
    at: float
    limit: float

    def is_alive(self, now: float) -> bool:
        """Return whether the thread goes on."""
        return 0 <= now - self.at <= self.limit

    @property
    def task(self) -> str:
        """The task of the thread in a technician's words."""
        if self.name.startswith(PRINTER):
            return f"in ở {self.name.removeprefix(PRINTER)}"
        return _TASKS[self.name]


def save(db: Database, beats: Sequence[Beat]) -> None:
    """Store the beats of all threads; none when the worker was stopped."""
    marks.put(db, _BEATS, json.dumps({beat.name: [beat.at, beat.limit] for beat in beats}, ensure_ascii=False))


def load(db: Database) -> dict[str, Beat]:
    """Return the stored beats by their names."""
    stored = json.loads(marks.get(db, _BEATS) or "{}")
    return {name: Beat(name, at=at, limit=limit) for name, (at, limit) in stored.items()}


def is_alive(db: Database, name: str, now: float) -> bool:
    """Return whether the worker runs, and the thread of this name in it."""
    beats = load(db)
    return all(each in beats and beats[each].is_alive(now) for each in (WORKER, name))


def worker(context: Context) -> CheckResult:
    """Check that the worker runs, and each of its threads."""
    now = context.clock.monotonic()
    with context.store.read() as db:
        beats = load(db)
    watch = beats.pop(WORKER, None)
    if watch is None or not watch.is_alive(now):
        return CheckResult(
            name=NAME,
            state="fault",
            words="Không chạy: máy không in, không gửi, không sao lưu",
            do="Khởi động lại máy. Vẫn vậy thì gọi phòng công nghệ.",
            code=NOT_RUNNING,
            stops="some",
        )
    hanging = [beat for beat in beats.values() if not beat.is_alive(now)]
    if hanging:
        return CheckResult(
            name=NAME,
            state="fault",
            words=f"Đứng yên: {', '.join(beat.task for beat in hanging)}",
            do="Khởi động lại máy. Vẫn vậy thì gọi phòng công nghệ.",
            code="WORK-02",
            stops="some" if any(beat.name.startswith(PRINTER) for beat in hanging) else "",
        )
    return CheckResult(NAME, "ok", "Đang chạy")
