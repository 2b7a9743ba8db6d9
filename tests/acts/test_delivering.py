"""The nightly audit at the portal; a kiosk that is off at night audits by day."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from kiosk.acts import delivering
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.worker import Worker
from sync import link
from tests.sync.harness import ModelPortal, Time


@pytest.fixture
def context(app: Flask, clock: FixedClock) -> Context:
    """Return the context of a ward on Wednesday at 8:30, after a holiday, that has just requested an audit."""
    context: Context = app.extensions["context"]
    clock.advance(24 * 3600)
    delivering.request_audit(context, "technician")
    return context


@pytest.mark.parametrize(
    ("hours", "is_due"),
    [
        (8, False),  # half past four
        (16, False),  # past midnight, but not a day
        (21, True),  # half past five in the morning
        (24, False),  # the counter is open again
        (36, True),  # the next evening
        (48, True),  # the counter is open, but it is overdue
    ],
)
def test_an_audit_is_due_while_the_counter_is_closed_and_by_day_when_overdue(
    context: Context, clock: FixedClock, hours: int, is_due: bool
) -> None:
    clock.advance(hours * 3600)
    assert delivering.is_audit_due(context) == is_due


def test_an_audit_is_due_without_an_earlier_one_and_after_the_clock_went_back(
    context: Context, clock: FixedClock
) -> None:
    clock.jump(-timedelta(days=400).total_seconds())
    assert delivering.is_audit_due(context)
    with context.store.write() as db:
        db.execute("delete from marks where key = ?", [delivering.AUDIT_REQUESTED])
    assert delivering.is_audit_due(context)


def _count_worker_audits(context: Context) -> int:
    with context.store.read() as db:
        (count,) = db.execute("select count(*) from audit where act = 'ask_audit' and actor = 'worker'").fetchone()
    return int(count)


def test_the_worker_audits_at_a_random_time_and_then_not_again_for_a_day(context: Context, clock: FixedClock) -> None:
    worker = Worker(context, ModelPortal(Time()), {})
    tries = 0
    while not _count_worker_audits(context):
        clock.advance(600)
        worker.cleanup.start_audit()
        tries += 1
        assert tries < 600, "four days have passed without an audit"
    assert timedelta(minutes=10 * tries) >= delivering.AUDIT_INTERVAL
    with context.store.read() as db:
        assert link.state(db).is_auditing
    for _ in range(100):
        clock.advance(600)
        worker.cleanup.start_audit()
    assert _count_worker_audits(context) == 1


def test_a_portal_that_would_be_read_form_by_form_is_not_asked_each_night(context: Context, clock: FixedClock) -> None:
    portal = ModelPortal(Time())
    opencps = replace(context.config.portal, kind="opencps")
    object.__setattr__(context, "config", replace(context.config, portal=opencps))
    clock.advance(100 * 3600)
    for _ in range(200):
        Worker(context, portal, {}).cleanup.start_audit()
    assert _count_worker_audits(context) == 0
