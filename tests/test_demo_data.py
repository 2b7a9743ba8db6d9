"""The made-up morning of a practice kiosk: it goes the way of every form, and ends in a queue to try the desk on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kiosk import demo_data
from kiosk.acts import signing
from kiosk.app import open_context
from kiosk.clock import FixedClock
from kiosk.config import Config
from kiosk.config.sections import Counter, Series
from kiosk.context import Context
from kiosk.dossiers.opened import open_submission
from kiosk.queue import snapshot
from kiosk.records import audit, figures, tickets
from kiosk.vietnam.reference_data import read

TOLD = read(demo_data.MORNING)
VISITORS = len(TOLD["visitor"])
SERVICES = len(TOLD["meta"]["service"])


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
        counted = figures.by_series(figures.visits(db, day)).values()
        line = snapshot.upcoming(db, context.config, day, 1, now)
        assert tickets.at_counter(db, day, 1) is None
        assert audit.verify(db, context.audit_key()) is None
    assert sum(one.served for one in counted) == SERVICES
    assert len(line) == VISITORS - SERVICES > 5
    assert all(one.ticket.drawn_at < now for one in line)
    assert {bool(one.ticket.submission_id) for one in line} == {True, False}
    assert line[0].reason == "priority"


def test_every_form_of_the_morning_opens_at_the_desk(context: Context) -> None:
    demo_data.seed(context)
    with context.store.read() as db:
        line = snapshot.upcoming(db, context.config, context.clock.today(), 1, context.clock.now())
    forms = [one.ticket.submission_id for one in line if one.ticket.submission_id]
    assert len(forms) >= 5
    for submission_id in forms:
        held = open_submission(context, submission_id)
        assert held is not None
        assert held.applicant["fullName"] in {one["answers"]["nyc_ho_ten"] for one in TOLD["visitor"] if "code" in one}


def test_the_wait_can_be_told_since_enough_were_served(context: Context) -> None:
    demo_data.seed(context)
    with context.store.read() as db:
        line = snapshot.upcoming(db, context.config, context.clock.today(), 1, context.clock.now())
        assert snapshot.estimate_wait(db, context.config, line[-1].ticket, context.clock.now()).minutes is not None


def test_a_day_that_has_begun_is_left_as_it_is(context: Context) -> None:
    demo_data.seed(context)
    assert demo_data.seed(context) == 0


def test_five_minutes_after_midnight_nobody_came_yesterday(context: Context, clock: FixedClock) -> None:
    clock.jump((datetime(2026, 11, 24, 17, 5, tzinfo=UTC) - clock.now()).total_seconds())
    assert demo_data.seed(context) == VISITORS
    with context.store.read() as db:
        counted = figures.by_series(figures.visits(db, context.clock.today())).values()
    assert sum(one.drawn for one in counted) == VISITORS


def test_a_ward_with_one_counter_and_other_letters_has_a_morning_too(practice: Config, clock: FixedClock) -> None:
    small = replace(practice, counters=(Counter(7, "Quầy duy nhất"),), series=(Series("X", "X-TATCA", "Tất cả"),))
    context = open_context(small, clock)
    signing.reset_demo_staff(context)
    assert demo_data.seed(context) == VISITORS
    with context.store.read() as db:
        ((letter, counted),) = figures.by_series(figures.visits(db, context.clock.today())).items()
    assert (letter, counted.drawn) == ("X", VISITORS)
    assert counted.served >= 4
    context.store.close()
