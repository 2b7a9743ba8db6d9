"""`kiosk worker`: the worker as a process of its own, beside `kiosk web`."""

import argparse
import signal
from contextlib import ExitStack

from kiosk.backup.startup import prepare_store
from kiosk.base import service_manager
from kiosk.base.clock import SYSTEM
from kiosk.cli.process import (
    add_practice,
    content_watch,
    hold_worker_lock,
    open_paced_worker,
    prepare_process,
    release_watch,
    stop_event,
)
from kiosk.config import Config
from kiosk.startup.context_factory import open_context
from kiosk.startup.process_restart import ProcessRestart


def add_worker(command: argparse.ArgumentParser) -> None:
    """Add the options of `kiosk worker`."""
    command.set_defaults(act=worker)
    add_practice(command)


def worker(config: Config, args: argparse.Namespace) -> int:
    """Print, deliver and wipe until SIGTERM."""
    with ExitStack() as stack:
        stack.enter_context(prepare_process(config))
        prepare_store(config, SYSTEM)
        context = open_context(config)
        stack.callback(context.store.close)
        stack.callback(hold_worker_lock(config).close)
        stop = stack.enter_context(stop_event())
        stack.enter_context(release_watch(config, serves_pages=False))
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        restart = ProcessRestart(stop.set)
        stack.enter_context(restart.watch(context))
        stack.enter_context(content_watch(context))
        worker = open_paced_worker(context)
        stack.enter_context(service_manager.watchdog(worker.is_watching))
        worker.run(stop)
    return restart.exit_status()
