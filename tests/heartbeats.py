"""Heartbeats of a worker that runs, for tests without one."""

from kiosk.context import Context
from kiosk.health import heartbeat
from kiosk.health.heartbeat import Beat


def beat(context: Context, *silent: str) -> None:
    """Store a heartbeat of all threads of the worker but some."""
    printers = [heartbeat.PRINTER + printer.name for printer in context.config.all_printers]
    names = [name for name in (heartbeat.WORKER, "delivery", "cleanup", *printers) if name not in silent]
    with context.store.write() as db:
        heartbeat.save(db, [Beat(name, at=context.clock.monotonic(), limit=60) for name in names])
