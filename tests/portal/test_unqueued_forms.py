"""A ward that runs for weeks without a portal: every form and decision waits, and all reach it once it is set."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import sync.outbox
from kiosk.acts import unqueued_forms, wiping
from kiosk.base.clock import FixedClock
from kiosk.health import connection
from kiosk.papers import slip
from kiosk.records import audit, decisions, submissions
from printers.document import Text
from tests.faults.submitting import submit_form
from tests.portal.machines import Machine, Province, province

__all__ = ["province"]

OFFICIAL = "H57.99.01-261124-0001"


@pytest.fixture
def machine(tmp_path: Path, clock: FixedClock) -> Iterator[Machine]:
    machine = Machine(tmp_path / "machine", None, clock)
    yield machine
    machine.close()


def restart_with(machine: Machine, province: Province) -> None:
    machine.close()
    machine.set_portal(province)
    machine.restart()
    machine.enrol(province.code())


def accept_all(machine: Machine, forms: Mapping[str, str]) -> None:
    """Accept forms, by id; the gateway forwards a form with its acceptance."""
    for submission_id, receipt_no in forms.items():
        machine.accept(submission_id, f"H57.99.01-261124-{receipt_no[-6:-2]}")


def code_of(machine: Machine) -> str | None:
    return connection.queue(machine.context).code


def test_forms_and_decisions_from_before_the_portal_reach_it(machine: Machine, province: Province) -> None:
    before = dict(machine.submit() for _ in range(3))
    accept_all(machine, before)
    machine.work()
    assert {machine.delivery(submission_id) for submission_id in before} == {"queued"}
    restart_with(machine, province)
    later = dict([machine.submit()])
    accept_all(machine, later)
    machine.work()
    assert {machine.delivery(submission_id) for submission_id in before | later} == {"confirmed"}
    forwarded = province.forward()
    assert {name: dossier["receiptNo"] for name, dossier in forwarded.items()} == before | later
    with machine.context.store.read() as db:
        made = [decision for number in before.values() for decision in decisions.of_case(db, number)]
    assert {decision.delivery for decision in made} == {"confirmed"}


def test_a_store_of_an_earlier_release_queues_what_it_holds_once_and_says_how_many(
    machine: Machine, province: Province
) -> None:
    before = dict(machine.submit() for _ in range(3))
    with machine.context.store.write() as db:
        db.execute("update submissions set delivery = null")
        db.execute("delete from outbox")
        db.execute("delete from marks where key = ?", [unqueued_forms.QUEUED])
    restart_with(machine, province)
    accept_all(machine, before)
    machine.work()
    assert set(province.forward()) == set(before)
    with machine.context.store.read() as db:
        (line,) = [entry.line for entry in audit.latest(db, ["held_queued"], 9)]
    assert line.facts == {"forms": 3}
    machine.close()
    machine.restart()
    machine.work()
    assert unqueued_forms.queue_all(machine.context) == 0


def test_a_form_that_no_portal_takes_is_not_queued(machine: Machine) -> None:
    procedure = machine.context.catalogue.in_force("1.001193", machine.context.clock.today())
    assert procedure is not None
    submit_form(machine.context)
    with machine.context.store.write() as db:
        db.execute("update submissions set delivery = null, procedure = 'lop-tap-huan'")
        db.execute("delete from outbox")
        db.execute("delete from marks where key = ?", [unqueued_forms.QUEUED])
    assert unqueued_forms.queue_all(machine.context) == 0
    with machine.context.store.read() as db:
        assert sync.outbox.count_open(db) == 0


def test_forms_that_wait_for_a_portal_longer_than_the_setting_are_an_alarm(machine: Machine, clock: FixedClock) -> None:
    assert code_of(machine) == ""
    machine.submit()
    clock.advance(timedelta(days=7).total_seconds())
    assert code_of(machine) == ""
    clock.advance(1)
    assert code_of(machine) == "SEND-05"
    result = connection.queue(machine.context)
    assert "1 tờ khai chờ, chưa ghi cổng" in result.words
    portal = replace(machine.context.config.portal, unset_days=0)
    machine.context.config = replace(machine.context.config, portal=portal)
    assert code_of(machine) == ""


def test_without_a_portal_a_closed_form_is_kept_no_longer_than_others(machine: Machine, clock: FixedClock) -> None:
    submission_id, receipt_no = machine.submit()
    machine.accept(submission_id, OFFICIAL)
    with machine.context.store.write() as db:
        submissions.set_desk(db, submission_id, desk="handed_out", now=clock.now())
    clock.advance(timedelta(days=machine.context.config.keep.body_days).total_seconds() - 60)
    wiping.wipe_expired(machine.context)
    with machine.context.store.read() as db:
        assert submissions.body(db, submission_id) is not None
        assert sync.outbox.count_open(db) == 2
    clock.advance(120)
    wiping.wipe_expired(machine.context)
    with machine.context.store.read() as db:
        assert submissions.body(db, submission_id) is None
        assert sync.outbox.count_open(db) == 0
        (decision,) = decisions.of_case(db, receipt_no)
        assert decisions.event(db, decision.id) is None
    assert machine.delivery(submission_id) is None


def test_the_slip_promises_the_portal_only_where_there_is_one(machine: Machine, province: Province) -> None:
    first, _ = machine.submit()
    assert sentence_of(machine, first) == slip.STAYS_HERE
    restart_with(machine, province)
    second, _ = machine.submit()
    assert sentence_of(machine, second) == slip.GOES_TO_PORTAL


def sentence_of(machine: Machine, submission_id: str) -> str:
    document = slip.compose(machine.context, submission_id, {})
    assert document is not None
    texts = [part.text for part in document.blocks if isinstance(part, Text)]
    (sentence,) = {slip.STAYS_HERE, slip.GOES_TO_PORTAL} & set(texts)
    return sentence
