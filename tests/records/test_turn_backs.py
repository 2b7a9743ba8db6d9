"""Counts of forms that citizens left and of calls for an officer: by step, without anything of the form."""

from datetime import date

from kiosk.acts import applying, helping, wiping
from kiosk.clock import FixedClock
from kiosk.records import turn_backs
from kiosk.records.calls import CallPlace
from kiosk.records.turn_backs import TurnBack
from tests.journeys.people import begin_birth, birth_until_check, mother_registers, submit
from tests.journeys.walker import Walker

DAY = date(2026, 11, 24)
BIRTH = "1.001193"


def _counts(walker: Walker) -> list[TurnBack]:
    with walker.context.store.read() as db:
        return turn_backs.between(db, DAY, DAY)


def _session(walker: Walker) -> str:
    with walker.context.store.read() as db:
        return str(db.execute("select id from sessions where audience = 'citizen'").fetchone()[0])


def test_a_form_that_is_left_counts_at_its_first_unfinished_step(walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    applying.end_session(walker.context, _session(walker))
    (count,) = _counts(walker)
    assert (count.procedure, count.left, count.called) == (BIRTH, 1, 0)
    procedure = walker.context.catalogue.in_force(BIRTH, DAY)
    assert procedure
    assert count.step in procedure.by_step


def test_a_call_counts_once(walker: Walker) -> None:
    begin_birth(walker)
    session = _session(walker)
    place = CallPlace(screen="Máy 1", page="/form/x")
    assert helping.call_officer(walker.context, session, place)
    assert not helping.call_officer(walker.context, session, place)
    (count,) = _counts(walker)
    assert (count.left, count.called) == (0, 1)


def test_a_submitted_form_is_not_left(walker: Walker) -> None:
    submit(birth_until_check(walker))
    applying.end_session(walker.context, _session(walker))
    assert _counts(walker) == []


def test_counts_are_wiped_with_the_tickets_of_their_day(walker: Walker, clock: FixedClock) -> None:
    begin_birth(walker)
    applying.end_session(walker.context, _session(walker))
    clock.advance((walker.context.config.keep.ticket_days + 1) * 24 * 3600)
    wiping.wipe_expired(walker.context)
    assert _counts(walker) == []
