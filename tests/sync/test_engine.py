"""The engine against the model portal: each class of failure costs only its own subject."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sync import link, outbox
from sync.encoding import sha256_hex
from sync.engine import send_now
from tests.sync.harness import Harness, PowerCut, Time


def test_a_form_is_delivered_and_reported_to_the_desk_once(harness: Harness) -> None:
    form = harness.submit()
    harness.run_until_idle()
    assert (harness.state(form), harness.delivery(form)) == ("done", "sent")
    assert [(subject, outcome.kind) for subject, outcome in harness.desk.outcomes] == [(form, "created")]
    assert harness.run_until_idle() == 0


def test_an_empty_outbox_sends_no_request(harness: Harness) -> None:
    assert harness.round() is False
    assert harness.portal.calls == []


def test_the_portals_time_is_asked_again_while_nothing_waits(harness: Harness) -> None:
    harness.submit()
    harness.run_until_idle()
    harness.portal.calls.clear()
    harness.time.now += timedelta(hours=5)  # only the wall clock is set
    harness.time.advance(599)
    assert harness.run_until_idle() == 0
    harness.time.advance(1)
    harness.portal.time = Time()
    assert harness.run_until_idle() == 1
    assert harness.portal.calls == ["hello"]
    assert link.state(harness.store.db).clock_offset == -(5 * 3600 + 600)


def test_a_portal_that_does_not_answer_an_idle_kiosk_is_not_asked_again_and_again(harness: Harness) -> None:
    harness.submit()
    harness.run_until_idle()
    harness.portal.calls.clear()
    harness.portal.fault = "down"
    for _ in range(60):
        harness.time.advance(60)
        harness.run_until_idle()
    assert harness.portal.calls == ["hello"]


def test_the_portals_time_is_asked_once_on_request(harness: Harness) -> None:
    harness.run_until_idle()
    harness.link.request_time()
    assert (harness.run_until_idle(), harness.portal.calls) == (1, ["hello"])
    harness.portal.fault = "down"
    harness.link.request_time()
    assert (harness.run_until_idle(), harness.portal.calls) == (1, ["hello", "hello"])


def test_many_forms_go_in_batches_of_fifty_oldest_first(harness: Harness) -> None:
    forms = [harness.submit() for _ in range(120)]
    harness.run_until_idle()
    assert harness.portal.sizes == [50, 50, 20]
    assert list(harness.portal.bodies) == forms


def test_forms_with_a_legal_deadline_are_sent_first_the_soonest_in_front_and_then_the_oldest(harness: Harness) -> None:
    harness.portal.batch_limit = 2
    copies = [harness.submit() for _ in range(3)]
    act = harness.add_event(copies[0], 1)
    birth = harness.submit(due="2027-01-20")
    death = harness.submit(due="2026-12-09")
    harness.run_until_idle()
    assert harness.portal.accepted == [death, birth, *copies, act]


def test_a_form_with_a_deadline_that_waits_for_a_retry_delays_no_other(harness: Harness) -> None:
    harness.portal.fault = "forgetful"
    birth = harness.submit(due="2027-01-20")
    copy = harness.submit()
    harness.run_until_idle()
    assert (harness.state(birth), harness.state(copy)) == ("unknown", "done")
    harness.portal.heal()
    harness.drain()
    assert harness.state(birth) == "done"


def test_the_portals_smaller_limit_is_kept(harness: Harness) -> None:
    harness.portal.batch_limit = 7
    for _ in range(15):
        harness.submit()
    harness.run_until_idle()
    assert harness.portal.sizes == [7, 7, 1]


def test_a_batch_never_holds_more_bytes_than_the_portal_takes(harness: Harness) -> None:
    harness.portal.bytes_limit = 65536
    for _ in range(10):
        harness.submit("x" * 20000)
    harness.run_until_idle()
    assert harness.portal.sizes == [3, 3, 3, 1]


def test_sending_is_committed_before_the_request(harness: Harness) -> None:
    form = harness.submit()
    harness.round()
    harness.portal.fault = "cut before"
    with pytest.raises(PowerCut):
        harness.round()
    assert harness.state(form) == "sending"


def test_a_form_that_was_being_sent_at_a_power_cut_is_unknown_and_settles_as_a_duplicate(harness: Harness) -> None:
    form = harness.submit()
    harness.round()
    harness.portal.fault = "cut after"
    with pytest.raises(PowerCut):
        harness.round()
    harness.boot()
    harness.portal.fault = "down"
    harness.run_until_idle()
    assert harness.state(form) == "unknown"
    harness.portal.heal()
    harness.drain()
    assert harness.desk.outcomes[-1][1].kind == "duplicate"
    assert len(harness.portal.bodies[form]) == 1


def test_a_cut_while_settling_rolls_both_back(harness: Harness) -> None:
    form = harness.submit()
    harness.desk.power_cut_in = "settle"
    with pytest.raises(PowerCut):
        harness.run_until_idle()
    assert (harness.state(form), harness.delivery(form)) == ("sending", None)
    harness.boot()
    harness.drain()
    assert (harness.state(form), harness.delivery(form)) == ("done", "sent")


def test_a_lost_answer_is_repaired_by_repeating_with_one_copy_at_the_portal(harness: Harness) -> None:
    form = harness.submit()
    harness.portal.fault = "answer lost"
    harness.run_until_idle()
    assert (harness.state(form), harness.delivery(form)) == ("unknown", None)
    harness.portal.heal()
    harness.drain()
    assert (harness.state(form), harness.delivery(form)) == ("done", "sent")
    assert len(harness.portal.bodies[form]) == 1


def test_a_captive_portal_marks_nothing_as_sent(harness: Harness) -> None:
    form = harness.submit()
    harness.portal.fault = "captive"
    harness.run_until_idle()
    assert harness.delivery(form) is None
    assert harness.portal.bodies == {}
    assert link.state(harness.store.db).is_up is False


def test_a_connection_that_is_down_costs_no_attempt_and_the_outbox_drains_when_it_comes_up(harness: Harness) -> None:
    forms = [harness.submit() for _ in range(60)]
    harness.portal.fault = "down"
    for _ in range(30):
        harness.run_until_idle()
        harness.time.advance(60)
    assert {harness.attempts(form) for form in forms} == {0}
    harness.portal.heal()
    harness.drain(0.3)
    assert {harness.state(form) for form in forms} == {"done"}


def test_an_hour_of_outage_costs_few_attempts(harness: Harness) -> None:
    for _ in range(200):
        harness.submit()
    harness.portal.fault = "down"
    for _ in range(3600):
        harness.run_until_idle()
        harness.time.advance(1)
    assert 6 <= len(harness.portal.calls) <= 20


def test_a_portal_that_answers_500_for_an_hour_is_not_hammered(harness: Harness) -> None:
    for _ in range(200):
        harness.submit()
    harness.portal.fault = "500"
    for _ in range(3600):
        harness.run_until_idle()
        harness.time.advance(1)
    assert harness.portal.calls.count("send") <= 20


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("401", "auth"), ("429", "rate"), ("maintenance", "maintenance"), ("clock", "clock"), ("426", "version")],
)
def test_a_pause_is_global_costs_no_attempt_and_ends_by_itself(harness: Harness, fault: str, reason: str) -> None:
    forms = [harness.submit() for _ in range(60)]
    harness.portal.fault = fault
    harness.run_until_idle()
    assert link.state(harness.store.db).paused == reason
    calls = len(harness.portal.calls)
    harness.time.advance(20)
    assert harness.run_until_idle() == 0
    assert len(harness.portal.calls) == calls
    assert {(harness.state(form), harness.attempts(form)) for form in forms} == {("todo", 0)}
    harness.portal.heal()
    harness.drain()
    assert {harness.state(form) for form in forms} == {"done"}
    assert link.state(harness.store.db).paused is None


def test_a_refused_kiosk_waits_for_a_technician_even_over_a_boot(harness: Harness) -> None:
    form = harness.submit()
    harness.portal.fault = "403"
    harness.run_until_idle()
    harness.portal.heal()
    harness.time.advance(86400)
    harness.boot()
    assert harness.run_until_idle() == 0
    assert link.state(harness.store.db).is_held
    with harness.store.write() as db:
        send_now(db)
    harness.run_until_idle()
    assert harness.state(form) == "done"


def test_retry_after_is_obeyed_but_for_an_hour_at_most(harness: Harness) -> None:
    harness.submit()
    harness.portal.fault = "429"
    harness.portal.retry_after = 1800
    harness.run_until_idle()
    sends = harness.portal.calls.count("send")
    harness.time.advance(1799)
    assert harness.run_until_idle() == 0
    harness.portal.retry_after = 10 * 86400
    harness.time.advance(1800 * 0.2 + 2)
    harness.run_until_idle()
    assert harness.portal.calls.count("send") == sends + 1
    harness.portal.heal()
    harness.time.advance(3601)
    harness.run_until_idle()
    assert len(harness.portal.bodies) == 1


def test_one_invalid_form_among_fifty_is_set_aside_and_the_others_are_sent(harness: Harness) -> None:
    forms = [harness.submit("invalid" if n == 25 else "") for n in range(50)]
    harness.run_until_idle()
    assert harness.delivery(forms[25]) == "quarantined"
    assert harness.desk.outcomes[25][1].errors[0].message == "Thiếu họ tên."
    assert {harness.delivery(form) for form in forms if form != forms[25]} == {"sent"}
    assert harness.portal.sizes == [50]


def test_a_poison_form_is_found_by_bisection_and_blocks_no_other(harness: Harness) -> None:
    forms = [harness.submit("poison" if n == 33 else "") for n in range(50)]
    harness.run_until_idle()
    assert {form for form in forms if harness.state(form) == "refused"} == {forms[33]}
    assert len(harness.portal.bodies) == 49
    assert len(harness.portal.sizes) <= 13


def test_a_batch_that_is_too_large_is_halved(harness: Harness) -> None:
    for _ in range(12):
        harness.submit()
    harness.portal.fault = "large"
    harness.run_until_idle()
    assert len(harness.portal.bodies) == 12
    assert harness.portal.sizes[:2] == [12, 6]


def test_a_single_form_that_is_too_large_is_set_aside(harness: Harness) -> None:
    form = harness.submit("huge")
    other = harness.submit()
    harness.run_until_idle()
    status = outbox.status_of(harness.store.db, form)
    assert status is not None
    assert (status.state, status.last_class) == ("refused", "size")
    assert harness.state(other) == "done"


def test_a_form_that_always_breaks_the_portal_blocks_no_other(harness: Harness) -> None:
    class Brittle(type(harness.portal)):
        def send(self, loads: list) -> object:
            if any(b"explode" in load.body for load in loads):
                fault = self.fault
                self.fault = "500"
                try:
                    return super().send(loads)
                finally:
                    self.fault = fault
            return super().send(loads)

    harness.portal.__class__ = Brittle
    forms = [harness.submit("explode" if n == 0 else "") for n in range(80)]
    harness.drain(3)
    assert harness.state(forms[0]) == "unknown"
    assert {harness.state(form) for form in forms[1:]} == {"done"}


def test_an_id_without_a_result_is_unknown_and_settles_later(harness: Harness) -> None:
    forms = [harness.submit() for _ in range(3)]
    harness.portal.fault = "forgetful"
    harness.run_until_idle()
    assert [harness.state(form) for form in forms] == ["unknown", "done", "done"]
    harness.portal.heal()
    harness.drain()
    assert harness.state(forms[0]) == "done"
    assert len(harness.portal.bodies[forms[0]]) == 1


def test_a_receipt_for_other_bytes_is_no_receipt(harness: Harness) -> None:
    form = harness.submit()
    add_receipt = harness.portal._add_receipt
    harness.portal._add_receipt = lambda receipt: add_receipt(replace(receipt, digest=sha256_hex(b"other")))
    harness.run_until_idle()
    assert (harness.state(form), harness.delivery(form)) == ("unknown", None)


def test_a_form_that_cannot_be_opened_is_set_aside_and_the_others_are_sent(harness: Harness) -> None:
    form = harness.submit()
    other = harness.submit()
    del harness.desk.loads[form]
    harness.run_until_idle()
    assert (harness.state(form), harness.delivery(form)) == ("refused", "quarantined")
    assert harness.state(other) == "done"


def test_changed_bytes_are_never_sent(harness: Harness) -> None:
    form = harness.submit()
    parcel = harness.desk.loads[form]
    harness.desk.loads[form] = replace(parcel, body=parcel.body[:-1] + b"!")
    harness.run_until_idle()
    assert harness.state(form) == "refused"
    assert harness.portal.bodies == {}


def test_a_released_form_is_sent_again(harness: Harness) -> None:
    form = harness.submit()
    parcel = harness.desk.loads.pop(form)
    harness.run_until_idle()
    harness.desk.loads[form] = parcel
    with harness.store.write() as db:
        assert outbox.release(db, form, harness.time.now)
        assert not outbox.release(db, form, harness.time.now)
    harness.run_until_idle()
    assert (harness.state(form), harness.delivery(form)) == ("done", "sent")


def test_a_correction_waits_for_its_predecessor_and_events_for_their_form(harness: Harness) -> None:
    harness.portal.batch_limit = 10
    first = harness.submit()
    second = harness.submit(supersedes=first)
    event = harness.add_event(first, 1)
    harness.run_until_idle()
    assert harness.portal.sizes == [1, 1, 1]
    assert [harness.state(subject) for subject in (first, second, event)] == ["done"] * 3


def test_a_correction_of_a_refused_form_is_delivered_and_its_events_follow(harness: Harness) -> None:
    first = harness.submit("invalid")
    event = harness.add_event(first, 1)
    harness.run_until_idle()
    assert harness.state(event) == "todo"
    second = harness.submit(supersedes=first)
    with harness.store.write() as db:
        outbox.move_events(db, first, second)
    load = harness.desk.loads[event]
    harness.desk.loads[event] = replace(load, submission_id=second)
    harness.run_until_idle()
    assert (harness.state(second), harness.state(event)) == ("done", "done")


def test_events_are_sent_in_order_even_when_the_first_has_to_wait(harness: Harness) -> None:
    form = harness.submit()
    harness.run_until_idle()
    harness.portal.fault = "answer lost"
    first = harness.add_event(form, 1)
    harness.run_until_idle()
    harness.portal.heal()
    second = harness.add_event(form, 2)
    with harness.store.write() as db:
        db.execute("update link set wait_until = 0")
    harness.run_until_idle()
    assert (harness.state(first), harness.state(second)) == ("unknown", "todo")
    harness.drain()
    assert list(harness.portal.events) == [first, second]


def test_a_retry_outcome_is_retried_after_the_time_that_the_portal_asked_for(harness: Harness) -> None:
    form = harness.submit()
    harness.portal.fault = "retry"
    harness.run_until_idle()
    assert (harness.state(form), harness.delivery(form)) == ("todo", None)
    harness.time.advance(119)
    harness.run_until_idle()
    assert len(harness.portal.sizes) == 1
    harness.portal.heal()
    harness.time.advance(60)
    harness.run_until_idle()
    assert harness.state(form) == "done"


def test_the_oldest_open_row_leaves_out_events_of_a_refused_form(harness: Harness) -> None:
    first = harness.submit("invalid")
    harness.add_event(first, 1)
    harness.run_until_idle()
    assert outbox.oldest_open(harness.store.db) is None
    harness.time.advance(60)
    harness.submit()
    assert outbox.oldest_open(harness.store.db) == "2026-11-24T01:31:00.000Z"
    assert [row.subject.id for row in outbox.list_refused(harness.store.db, 9)] == [first]


def test_a_round_that_broke_off_leaves_nothing_sending(harness: Harness) -> None:
    form = harness.submit()
    harness.round()
    harness.portal.fault = "cut after"
    with pytest.raises(PowerCut):
        harness.round()
    harness.portal.heal()
    harness.run_until_idle()
    assert harness.state(form) == "done"
    assert len(harness.portal.bodies[form]) == 1
