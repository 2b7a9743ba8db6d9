"""Tests of the practice data: a made-up morning, submitted like real forms, that leaves a queue at the desk."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kiosk.acts import signing
from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.config.list_sections import Counter, Series
from kiosk.context import Context
from kiosk.dossiers.opened import open_submission
from kiosk.queue import snapshot
from kiosk.records import audit, figures, tickets
from kiosk.startup import demo_data
from kiosk.startup.context_factory import open_context
from kiosk.vietnam.reference_data import read

MORNING = read(demo_data.MORNING)
VISITORS = len(MORNING["visitor"])
SERVICES = len(MORNING["meta"]["service"])


@pytest.fixture
def context(practice: Config, clock: FixedClock) -> Iterator[Context]:
    context = open_context(practice, clock)
    signing.reset_demo_staff(context)
    yield context
    context.store.close()


def test_a_newcomer_finds_a_queue_in_the_middle_of_a_morning(context: Context) -> None:
    assert demo_data.seed(context) == VISITORS
    day = context.clock.today()
    now = context.clock.now()
    with context.store.read() as db:
        series_figures = figures.by_series(figures.visits(db, day)).values()
        queue = snapshot.upcoming(db, context.config, day=day, counter=1, now=now)
        assert tickets.at_counter(db, day, 1) is None
        assert audit.verify(db, context.audit_key()) is None
    assert sum(series.served for series in series_figures) == SERVICES
    assert len(queue) == VISITORS - SERVICES > 5
    assert all(call.ticket.drawn_at < now for call in queue)
    assert {bool(call.ticket.submission_id) for call in queue} == {True, False}
    assert queue[0].reason == "priority"


def test_every_form_of_the_morning_opens_at_the_desk(context: Context) -> None:
    demo_data.seed(context)
    with context.store.read() as db:
        queue = snapshot.upcoming(db, context.config, day=context.clock.today(), counter=1, now=context.clock.now())
    forms = [call.ticket.submission_id for call in queue if call.ticket.submission_id]
    names = {visitor["answers"]["nyc_ho_ten"] for visitor in MORNING["visitor"] if "code" in visitor}
    assert len(forms) >= 5
    for submission_id in forms:
        opened = open_submission(context, submission_id)
        assert opened is not None
        assert opened.applicant["fullName"] in names


def test_the_wait_can_be_told_since_enough_were_served(context: Context) -> None:
    demo_data.seed(context)
    with context.store.read() as db:
        queue = snapshot.upcoming(db, context.config, day=context.clock.today(), counter=1, now=context.clock.now())
        last = queue[-1].ticket
        estimate = snapshot.estimate_wait(db, context.config, ticket=last, now=context.clock.now())
    assert estimate.minutes is not None


def test_a_day_that_has_begun_is_left_as_it_is(context: Context) -> None:
    demo_data.seed(context)
    assert demo_data.seed(context) == 0


def test_five_minutes_after_midnight_nobody_came_yesterday(context: Context, clock: FixedClock) -> None:
    clock.jump((datetime(2026, 11, 24, 17, 5, tzinfo=UTC) - clock.now()).total_seconds())
    assert demo_data.seed(context) == VISITORS
    with context.store.read() as db:
        series_figures = figures.by_series(figures.visits(db, context.clock.today())).values()
    assert sum(series.drawn for series in series_figures) == VISITORS


def test_a_ward_with_one_counter_and_other_letters_has_a_morning_too(practice: Config, clock: FixedClock) -> None:
    small = replace(practice, counters=(Counter(7, "Quầy duy nhất"),), series=(Series("X", "X-TATCA", "Tất cả"),))
    context = open_context(small, clock)
    signing.reset_demo_staff(context)
    assert demo_data.seed(context) == VISITORS
    with context.store.read() as db:
        ((letter, series_figures),) = figures.by_series(figures.visits(db, context.clock.today())).items()
    assert (letter, series_figures.drawn) == ("X", VISITORS)
    assert series_figures.served >= 4
    context.store.close()
