"""First run of a machine: seven tasks with their states, and what is remembered between them.

The tasks follow from the store and the settings, so after a power cut the page goes on where it was. Only what cannot
be seen there is remembered in a mark: that the run has begun, the last connection test, and that nobody connects yet.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal

from sqlite_utils import Database

from kiosk.backup import recovery
from kiosk.base import clock
from kiosk.context import Context
from kiosk.health import backup_copies
from kiosk.health.check_result import CheckResult
from kiosk.health.readiness import last_scanner_test
from kiosk.health.sample_values import samples
from kiosk.records import marks, staff
from kiosk.vietnam.calendar import short_time
from printers import spool

TaskId = Literal["ward", "connection", "printers", "scanner", "backup", "people", "start"]
TaskState = Literal["done", "warning", "fault", "later"]
MARK = "first-run"
STEPS = 5
"""Steps of the connection test."""


@dataclass(frozen=True)
class FirstRunState:
    """Stored state of the first run; times are texts of `clock.timestamp`, empty before.

    Attributes:
        begun_at: the machine got its first password.
        done_at: it was opened to citizens.
        offline_at: a technician chose to connect it later.
        tested_at: the last connection test; `passed` is the number of its steps that were good.
    """

    begun_at: str = ""
    done_at: str = ""
    offline_at: str = ""
    tested_at: str = ""
    passed: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the run has begun and not ended."""
        return bool(self.begun_at) and not self.done_at


@dataclass(frozen=True)
class FirstRunTask:
    """A task of the first run: its state, and its words in the list."""

    id: TaskId
    name: str
    state: TaskState
    words: str

    @property
    def is_open(self) -> bool:
        """Whether something has to be done before the machine serves well."""
        return self.state in ("warning", "fault")


def load(db: Database) -> FirstRunState:
    """Return what is remembered."""
    return FirstRunState(**json.loads(marks.get(db, MARK) or "{}"))


def save(db: Database, state: FirstRunState) -> None:
    """Remember a state."""
    marks.put(db, MARK, json.dumps(asdict(state)))


def tasks(context: Context) -> list[FirstRunTask]:
    """Return the seven tasks, in the order of the page."""
    makers: tuple[Callable[[Context], FirstRunTask], ...] = (_ward, _connection, _printers, _scanner, _backup, _people)
    before = [make(context) for make in makers]
    return [*before, _start(context, before)]


def _ward(context: Context) -> FirstRunTask:
    config = context.config
    with context.store.read() as db:
        paper = recovery.read_state(db)
    has_samples = samples(context).state == "warning"
    words = f"{config.ward.name}, {config.kiosk.id}"
    if has_samples:
        words = f"{words}: còn giá trị mẫu"
    words = f"{words}, giấy khôi phục {'đã lập' if paper else 'chưa lập'}"
    is_done = not has_samples and (paper is not None or config.kiosk.practice)
    return FirstRunTask(id="ward", name="Phường và tên máy", state="done" if is_done else "warning", words=words)


def _connection(context: Context) -> FirstRunTask:
    with context.store.read() as db:
        state = load(db)
    name = "Nối với thành phố"
    if not context.config.portal.capabilities.takes_forms:
        return FirstRunTask(id="connection", name=name, state="warning", words="chưa ghi địa chỉ cổng")
    if state.passed >= STEPS:
        return FirstRunTask(id="connection", name=name, state="done", words="đủ năm bước")
    if state.offline_at:
        return FirstRunTask(id="connection", name=name, state="later", words="để sau, chạy không nối mạng")
    words = f"{state.passed} trên {STEPS} bước đã qua" if state.tested_at else "chưa thử"
    return FirstRunTask(id="connection", name=name, state="fault" if state.tested_at else "warning", words=words)


def _printers(context: Context) -> FirstRunTask:
    config = context.config
    names = [printer.name for printer in config.printers] + [printer.name for printer in config.office_printers]
    with context.store.read() as db:
        tried = [name for name in names if spool.last_printed(db, name)]
    if not names:
        return FirstRunTask(id="printers", name="Máy in", state="warning", words="chưa có máy in nào")
    if len(tried) < len(names):
        words = f"{len(tried)} trên {len(names)} máy đã in thử"
        return FirstRunTask(id="printers", name="Máy in", state="warning", words=words)
    return FirstRunTask(id="printers", name="Máy in", state="done", words="đã in thử")


def _scanner(context: Context) -> FirstRunTask:
    with context.store.read() as db:
        test = last_scanner_test(db)
    name = "Máy quét thẻ"
    if context.card_inbox.is_down:
        return FirstRunTask(id="scanner", name=name, state="fault", words="không thấy đầu quét")
    if test is None:
        return FirstRunTask(id="scanner", name=name, state="warning", words="chưa đọc thẻ mẫu")
    if not test.has_marks:
        return FirstRunTask(id="scanner", name=name, state="fault", words="mất dấu tiếng Việt")
    return FirstRunTask(id="scanner", name=name, state="done", words="đã đọc thẻ mẫu")


def _backup(context: Context) -> FirstRunTask:
    name = "Ổ sao lưu"
    if context.config.backup_folder is None:
        state: TaskState = "later" if context.config.kiosk.practice else "warning"
        return FirstRunTask(id="backup", name=name, state=state, words="chưa chọn ổ nào")
    check: CheckResult = backup_copies.check(context)
    words = check.words[:1].lower() + check.words[1:]
    return FirstRunTask(id="backup", name=name, state="warning" if check.todo else "done", words=words)


def _people(context: Context) -> FirstRunTask:
    with context.store.read() as db:
        active = [person for person in staff.list_all(db) if person.is_active]
    leads = sum(person.role == "lead" for person in active)
    officers = sum(person.role == "officer" for person in active)
    words = f"{leads} phụ trách, {officers} cán bộ"
    return FirstRunTask(id="people", name="Người dùng", state="done" if leads else "warning", words=words)


def _start(context: Context, before: list[FirstRunTask]) -> FirstRunTask:
    with context.store.read() as db:
        state = load(db)
    name = "Xem lại, bắt đầu"
    if state.done_at:
        at = short_time(state.done_at, context.clock.today())
        return FirstRunTask(id="start", name=name, state="done", words=f"đã mở từ {at}")
    count = sum(task.is_open for task in before)
    return FirstRunTask(
        id="start", name=name, state="later", words=f"còn {count} việc" if count else "mở cho người dân"
    )


def timestamp(context: Context) -> str:
    """Return the time of now as it is remembered."""
    return clock.timestamp(context.clock.now())
