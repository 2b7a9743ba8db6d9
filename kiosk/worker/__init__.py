"""The background worker: prints, delivers, backs up, verifies and cleans up; each task has a thread of its own.

A printer that hangs, a portal that does not answer and a slow backup disk delay nothing else. A task's `step` does one
due thing and does not sleep. `Worker.run` starts the threads, starts one again that has ended, and stores a heartbeat
of each for the technician's page. `Worker.step` is one step of all tasks in turn, without threads, for tests. One
worker drains one store: a file lock keeps a second process out.
"""

import fcntl
import logging
from collections.abc import Callable, Sequence
from threading import Event, Thread
from typing import IO, TYPE_CHECKING

from kiosk.acts import agreeing, unqueued_forms
from kiosk.backup.minute_copies import MinuteCopies
from kiosk.backup.schedule import BackupSchedule
from kiosk.config import Config
from kiosk.context import Context
from kiosk.health import heartbeat
from kiosk.health.heartbeat import Beat
from kiosk.startup.wiring import open_portal, open_printers
from kiosk.store.owner import open_lock
from kiosk.worker.cleanup import Cleanup
from kiosk.worker.delivery import Delivery
from kiosk.worker.printing import PrinterQueues
from kiosk.worker.task import Task
from kiosk.worker.trail import TrailVerification
from printers import spool
from printers.routes import PrintersByKind
from sync.backoff import BackoffSettings

if TYPE_CHECKING:
    from sync.portals.base import Portal

log = logging.getLogger(__name__)

WATCH_SECONDS = 1.0
"""Interval at which the threads are looked at."""
BEAT_SECONDS = 15.0
"""Interval at which the heartbeats are stored."""
STOP_SECONDS = 4.0
"""How long the threads may take to end."""
BACKUP_IDLE_SECONDS = 5.0
BACKUP_LIMIT_SECONDS = 3600.0


class WorkerBusy(Exception):  # noqa: N818 - reads well in "except WorkerBusy"
    """Another worker drains this store."""


class Worker:
    """Everything that is done outside of requests; `more_tasks` are added to printing, delivery and clean-up."""

    def __init__(
        self,
        context: Context,
        portal: "Portal | None",
        printers_by_kind: PrintersByKind,
        pace: BackoffSettings | None = None,
        more_tasks: Sequence[Task] = (),
    ) -> None:
        self.context = context
        self.delivery = Delivery(context, portal, pace or BackoffSettings())
        self.printing = PrinterQueues(context, printers_by_kind)
        self.cleanup = Cleanup(
            context,
            printed_kinds=self.printing.printed_kinds,
            may_audit=self.delivery.has_feed,
            request_time=self.delivery.link.request_time,
        )
        self._other_tasks = [
            self.delivery.task(),
            TrailVerification(context).task(),
            self.cleanup.task(),
            *more_tasks,
        ]
        self._last_steps: dict[str, float] = {}
        self._threads: dict[str, tuple[Task, Thread]] = {}
        self._beat_at = context.clock.monotonic()
        self._is_new = True
        self._settings: Config | None = None
        self._watched_at: float | None = None

    def is_watching(self) -> bool:
        """Return whether `run` looks at its threads; one thread that hangs is an alarm, and ends nothing."""
        now = self.context.clock.monotonic()
        return self._watched_at is not None and now - self._watched_at <= heartbeat.WORKER_LIMIT

    @property
    def _tasks(self) -> list[Task]:
        return [*self.printing.tasks, *self._other_tasks]

    def step(self) -> bool:
        """Do one due thing of the first task that has one; return whether there was one."""
        self._begin()
        self._reload_settings()
        self._store_beats()
        return any(self._step_task(task) for task in self._tasks)

    def _begin(self) -> None:
        """Mark what was being printed at a crash as unknown, before anything is printed."""
        if not self._is_new:
            return
        with self.context.store.write() as db:
            spool.mark_interrupted(db, self.context.clock.now(), reason="restart")
        unqueued_forms.queue_all(self.context)
        self._last_steps = dict.fromkeys((task.name for task in self._tasks), self.context.clock.monotonic())
        self._is_new = False

    def _reload_settings(self) -> None:
        """Use the settings that kiosk.toml has now; the beats say at once which printers there are."""
        self.context.use_newest_settings()
        if self.context.config is not self._settings:
            self._settings = self.context.config
            agreeing.find_changes(self.context)
        if self.printing.reload():
            self._beat_at = self.context.clock.monotonic()

    def _step_task(self, task: Task) -> bool:
        self._last_steps[task.name] = self.context.clock.monotonic()
        self.context.use_newest_plan()
        return task.step()

    def _store_beats(self) -> None:
        now = self.context.clock.monotonic()
        if now < self._beat_at:
            return
        beats = [Beat(task.name, at=self._last_steps.get(task.name, now), limit=task.limit) for task in self._tasks]
        with self.context.store.write() as db:
            heartbeat.save(db, [Beat(heartbeat.WORKER, at=now, limit=heartbeat.WORKER_LIMIT), *beats])
        self._beat_at = now + BEAT_SECONDS

    def run(self, stop: Event) -> None:
        """Run every task in its thread until `stop` is set, and watch the threads."""
        while self._is_new and not stop.is_set():
            self._survive(self._begin, stop)
        while not stop.is_set():
            self._survive(self._reload_settings, stop)
            for task in self._tasks:
                self._keep_running(task, stop)
            self._survive(self._store_beats, stop)
            self._watched_at = self.context.clock.monotonic()
            stop.wait(WATCH_SECONDS)
        deadline = self.context.clock.monotonic() + STOP_SECONDS
        for _task, thread in self._threads.values():
            thread.join(max(0.0, deadline - self.context.clock.monotonic()))
        self._survive(self._forget_beats, stop)

    def _keep_running(self, task: Task, stop: Event) -> None:
        """Start the thread of a task, again when it has ended; a daemon, so that a disk that hangs blocks no exit.

        A printer that was changed has its former thread until that has printed its paper.
        """
        former, thread = self._threads.get(task.name, (task, None))
        if thread is not None and thread.is_alive():
            return
        if thread is not None and former is task:
            log.error("worker thread ended", extra={"task": task.kind})
        thread = Thread(target=self.run_task, args=[task, stop], name=task.name, daemon=True)
        self._threads[task.name] = (task, thread)
        thread.start()

    def run_task(self, task: Task, stop: Event) -> None:
        """Step a task until `stop` is set, or its printer is gone; after an error the next thing is tried."""
        while not stop.is_set() and any(task is each for each in self._tasks):
            was_due = False
            try:
                was_due = self._step_task(task)
            except Exception:  # a task survives every error; the log has it
                log.exception("worker", extra={"task": task.kind})
            if not was_due:
                stop.wait(task.idle)
        task.close()

    def _survive(self, action: Callable[[], None], stop: Event) -> None:
        """Do what the watch does; after an error it is tried again at the next look."""
        try:
            action()
        except Exception:  # the watch must go on; the log has it
            log.exception("worker")
            stop.wait(WATCH_SECONDS)

    def _forget_beats(self) -> None:
        """Forget the heartbeats, so that the pages know at once that the worker was stopped."""
        with self.context.store.write() as db:
            heartbeat.save(db, [])

    def close(self) -> None:
        """Close the connection to the portal."""
        self.delivery.close()


def open_worker(context: Context, pace: BackoffSettings | None = None) -> Worker:
    """Return the worker of a kiosk, with the portal, the printers and the backup of its settings."""
    pace = pace or BackoffSettings()
    more_tasks = [
        Task(kind, step=step, idle=BACKUP_IDLE_SECONDS, limit=BACKUP_LIMIT_SECONDS)
        for kind, step in (("backup", BackupSchedule(context).step), ("minute", MinuteCopies(context).step))
    ]
    more_tasks += _downloads(context)
    portal = open_portal(context, pace.exchange)
    return Worker(context, portal, open_printers(context.config), pace, more_tasks)


def _downloads(context: Context) -> list[Task]:
    """Return the task of downloading releases; none without a root of trust, and in practice."""
    if context.config.kiosk.practice or not context.config.release_root.is_file():
        return []
    from kiosk.worker.updates import open_updates  # TUF and HTTP take a fifth of a start

    updates = open_updates(context)
    return [updates.task()] if updates is not None else []


def lock_worker(config: Config) -> IO[bytes]:
    """Take the lock of this store's worker; it is held until the file is closed.

    Raises:
        WorkerBusy: another process has the lock.
        StoreUnavailable: the lock file belongs to another user.
    """
    path = config.lock_path("worker")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = open_lock(path)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as cause:
        file.close()
        raise WorkerBusy from cause
    return file
