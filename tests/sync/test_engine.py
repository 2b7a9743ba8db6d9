"""The engine against the model portal: each class of failure costs what it must, and nobody else."""

from datetime import timedelta

import pytest

from sync import link, outbox
from sync.engine import send_now
from sync.parcel import sha256
from tests.sync.room import PowerCut, Room, Time


def test_a_form_is_delivered_and_told_to_the_desk_once(room: Room) -> None:
    form = room.submit()
    room.rest()
    assert (room.state(form), room.word(form)) == ("done", "sent")
    assert [(subject, outcome.kind) for subject, outcome in room.desk.told] == [(form, "created")]
    assert room.rest() == 0


def test_an_empty_outbox_asks_nobody_anything(room: Room) -> None:
    assert room.round() is False
    assert room.portal.calls == []


def test_the_portals_time_is_asked_again_while_nothing_waits(room: Room) -> None:
    room.submit()
    room.rest()
    room.portal.calls.clear()
    room.time.now += timedelta(hours=5)  # only the wall clock: somebody has set it
    room.time.forward(599)
    assert room.rest() == 0
    room.time.forward(1)
    room.portal.time = Time()
    assert room.rest() == 1
    assert room.portal.calls == ["hello"]
    assert link.state(room.store.db).clock_offset == -(5 * 3600 + 600)


def test_a_portal_that_does_not_answer_an_idle_kiosk_is_not_asked_on_and_on(room: Room) -> None:
    room.submit()
    room.rest()
    room.portal.calls.clear()
    room.portal.fault = "down"
    for _ in range(60):
        room.time.forward(60)
        room.rest()
    assert room.portal.calls == ["hello"]


def test_the_portals_time_is_asked_once_when_somebody_wants_it(room: Room) -> None:
    room.rest()
    room.line.ask_time()
    assert (room.rest(), room.portal.calls) == (1, ["hello"])
    room.portal.fault = "down"
    room.line.ask_time()
    assert (room.rest(), room.portal.calls) == (1, ["hello", "hello"])


def test_many_forms_go_in_batches_of_fifty_oldest_first(room: Room) -> None:
    forms = [room.submit() for _ in range(120)]
    room.rest()
    assert room.portal.sizes == [50, 50, 20]
    assert list(room.portal.bodies) == forms


def test_who_has_a_legal_term_goes_first_the_soonest_in_front_and_then_the_oldest(room: Room) -> None:
    room.portal.batch_limit = 2
    copies = [room.submit() for _ in range(3)]
    act = room.act(copies[0], 1)
    birth, death = room.submit(due="2027-01-20"), room.submit(due="2026-12-09")
    room.rest()
    assert room.portal.taken == [death, birth, *copies, act]


def test_a_form_with_a_term_that_waits_for_its_turn_holds_up_nobody(room: Room) -> None:
    room.portal.fault = "forgetful"
    birth, copy = room.submit(due="2027-01-20"), room.submit()
    room.rest()
    assert (room.state(birth), room.state(copy)) == ("unknown", "done")
    room.portal.heal()
    room.drain()
    assert room.state(birth) == "done"


def test_the_portals_smaller_limit_is_kept(room: Room) -> None:
    room.portal.batch_limit = 7
    for _ in range(15):
        room.submit()
    room.rest()
    assert room.portal.sizes == [7, 7, 1]


def test_a_batch_never_holds_more_bytes_than_the_portal_takes(room: Room) -> None:
    room.portal.bytes_limit = 65536
    for _ in range(10):
        room.submit("x" * 20000)
    room.rest()
    assert room.portal.sizes == [3, 3, 3, 1]


def test_sending_is_committed_before_the_request(room: Room) -> None:
    form = room.submit()
    room.round()
    room.portal.fault = "cut before"
    with pytest.raises(PowerCut):
        room.round()
    assert room.state(form) == "sending"


def test_what_was_being_sent_at_a_power_cut_is_unknown_and_settles_as_a_duplicate(room: Room) -> None:
    form = room.submit()
    room.round()
    room.portal.fault = "cut after"
    with pytest.raises(PowerCut):
        room.round()
    room.boot()
    room.portal.fault = "down"
    room.rest()
    assert room.state(form) == "unknown"
    room.portal.heal()
    room.drain()
    assert room.desk.told[-1][1].kind == "duplicate"
    assert len(room.portal.bodies[form]) == 1


def test_a_cut_while_settling_rolls_both_back(room: Room) -> None:
    form = room.submit()
    room.desk.cut_in = "settle"
    with pytest.raises(PowerCut):
        room.rest()
    assert (room.state(form), room.word(form)) == ("sending", None)
    room.boot()
    room.drain()
    assert (room.state(form), room.word(form)) == ("done", "sent")


def test_a_lost_answer_is_repaired_by_repeating_with_one_copy_at_the_portal(room: Room) -> None:
    form = room.submit()
    room.portal.fault = "answer lost"
    room.rest()
    assert (room.state(form), room.word(form)) == ("unknown", None)
    room.portal.heal()
    room.drain()
    assert (room.state(form), room.word(form)) == ("done", "sent")
    assert len(room.portal.bodies[form]) == 1


def test_a_captive_portal_marks_nothing_as_sent(room: Room) -> None:
    form = room.submit()
    room.portal.fault = "captive"
    room.rest()
    assert room.word(form) is None
    assert room.portal.bodies == {}
    assert link.state(room.store.db).is_up is False


def test_a_line_that_is_down_costs_no_form_an_attempt_and_drains_when_it_comes_up(room: Room) -> None:
    forms = [room.submit() for _ in range(60)]
    room.portal.fault = "down"
    for _ in range(30):
        room.rest()
        room.time.forward(60)
    assert {room.attempts(form) for form in forms} == {0}
    room.portal.heal()
    room.drain(0.3)
    assert {room.state(form) for form in forms} == {"done"}


def test_an_hour_of_outage_costs_few_attempts(room: Room) -> None:
    for _ in range(200):
        room.submit()
    room.portal.fault = "down"
    for _ in range(3600):
        room.rest()
        room.time.forward(1)
    assert 6 <= len(room.portal.calls) <= 20


def test_a_portal_that_answers_500_for_an_hour_is_not_hammered(room: Room) -> None:
    for _ in range(200):
        room.submit()
    room.portal.fault = "500"
    for _ in range(3600):
        room.rest()
        room.time.forward(1)
    assert room.portal.calls.count("send") <= 20


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("401", "auth"), ("429", "rate"), ("maintenance", "maintenance"), ("clock", "clock"), ("426", "version")],
)
def test_a_pause_is_global_costs_no_attempt_and_ends_by_itself(room: Room, fault: str, reason: str) -> None:
    forms = [room.submit() for _ in range(60)]
    room.portal.fault = fault
    room.rest()
    assert link.state(room.store.db).paused == reason
    calls = len(room.portal.calls)
    room.time.forward(20)
    assert room.rest() == 0
    assert len(room.portal.calls) == calls
    assert {(room.state(form), room.attempts(form)) for form in forms} == {("todo", 0)}
    room.portal.heal()
    room.drain()
    assert {room.state(form) for form in forms} == {"done"}
    assert link.state(room.store.db).paused is None


def test_a_refused_kiosk_waits_for_a_technician_even_over_a_boot(room: Room) -> None:
    form = room.submit()
    room.portal.fault = "403"
    room.rest()
    room.portal.heal()
    room.time.forward(86400)
    room.boot()
    assert room.rest() == 0
    assert link.state(room.store.db).is_held
    with room.store.write() as db:
        send_now(db)
    room.rest()
    assert room.state(form) == "done"


def test_a_failing_disk_holds_the_line_until_it_is_resumed(room: Room) -> None:
    form = room.submit()
    with room.store.write() as db:
        link.hold(db, "disk")
    room.time.forward(86400)
    assert room.rest() == 0
    with room.store.write() as db:
        send_now(db)
    room.rest()
    assert room.state(form) == "done"


def test_retry_after_is_obeyed_but_for_an_hour_at_most(room: Room) -> None:
    room.submit()
    room.portal.fault, room.portal.seconds = "429", 1800
    room.rest()
    sends = room.portal.calls.count("send")
    room.time.forward(1799)
    assert room.rest() == 0
    room.portal.seconds = 10 * 86400
    room.time.forward(1800 * 0.2 + 2)
    room.rest()
    assert room.portal.calls.count("send") == sends + 1
    room.portal.heal()
    room.time.forward(3601)
    room.rest()
    assert len(room.portal.bodies) == 1


def test_one_invalid_form_among_fifty_is_set_aside_and_the_others_go(room: Room) -> None:
    forms = [room.submit("invalid" if n == 25 else "") for n in range(50)]
    room.rest()
    assert room.word(forms[25]) == "quarantined"
    assert room.desk.told[25][1].errors[0].message == "Thiếu họ tên."
    assert {room.word(form) for form in forms if form != forms[25]} == {"sent"}
    assert room.portal.sizes == [50]


def test_a_poison_form_is_found_by_bisection_and_blocks_nobody(room: Room) -> None:
    forms = [room.submit("poison" if n == 33 else "") for n in range(50)]
    room.rest()
    assert {form for form in forms if room.state(form) == "refused"} == {forms[33]}
    assert len(room.portal.bodies) == 49
    assert len(room.portal.sizes) <= 13


def test_a_batch_that_is_too_large_is_halved(room: Room) -> None:
    for _ in range(12):
        room.submit()
    room.portal.fault = "large"
    room.rest()
    assert len(room.portal.bodies) == 12
    assert room.portal.sizes[:2] == [12, 6]


def test_a_single_form_that_is_too_large_is_set_aside(room: Room) -> None:
    form, other = room.submit("huge"), room.submit()
    room.rest()
    found = outbox.standing(room.store.db, form)
    assert found is not None
    assert (found.state, found.last_class) == ("refused", "size")
    assert room.state(other) == "done"


def test_a_form_that_always_breaks_the_portal_lets_the_others_pass(room: Room) -> None:
    class Brittle(type(room.portal)):
        def send(self, loads: list) -> object:
            if any(b"explode" in load.body for load in loads):
                self.fault, fault = "500", self.fault
                try:
                    return super().send(loads)
                finally:
                    self.fault = fault
            return super().send(loads)

    room.portal.__class__ = Brittle
    forms = [room.submit("explode" if n == 0 else "") for n in range(80)]
    room.drain(3)
    assert room.state(forms[0]) == "unknown"
    assert {room.state(form) for form in forms[1:]} == {"done"}


def test_an_id_without_a_result_is_unknown_and_settles_later(room: Room) -> None:
    forms = [room.submit() for _ in range(3)]
    room.portal.fault = "forgetful"
    room.rest()
    assert [room.state(form) for form in forms] == ["unknown", "done", "done"]
    room.portal.heal()
    room.drain()
    assert room.state(forms[0]) == "done"
    assert len(room.portal.bodies[forms[0]]) == 1


def test_a_receipt_for_other_bytes_is_no_receipt(room: Room) -> None:
    form = room.submit()
    take = room.portal._note
    room.portal._note = lambda receipt: take(type(receipt)(**{**vars(receipt), "digest": sha256(b"other")}))
    room.rest()
    assert (room.state(form), room.word(form)) == ("unknown", None)


def test_a_form_that_cannot_be_opened_is_set_aside_and_the_others_go(room: Room) -> None:
    form, other = room.submit(), room.submit()
    del room.desk.safe[form]
    room.rest()
    assert (room.state(form), room.word(form)) == ("refused", "quarantined")
    assert room.state(other) == "done"


def test_bytes_that_rotted_never_leave(room: Room) -> None:
    form = room.submit()
    held = room.desk.safe[form]
    room.desk.safe[form] = type(held)(**{**vars(held), "body": held.body[:-1] + b"!"})
    room.rest()
    assert room.state(form) == "refused"
    assert room.portal.bodies == {}


def test_a_released_form_is_sent_again(room: Room) -> None:
    form = room.submit()
    held = room.desk.safe.pop(form)
    room.rest()
    room.desk.safe[form] = held
    with room.store.write() as db:
        assert outbox.release(db, form, room.time.now)
        assert not outbox.release(db, form, room.time.now)
    room.rest()
    assert (room.state(form), room.word(form)) == ("done", "sent")


def test_a_correction_waits_for_its_predecessor_and_events_for_their_form(room: Room) -> None:
    room.portal.batch_limit = 10
    first = room.submit()
    second = room.submit(supersedes=first)
    event = room.act(first, 1)
    room.rest()
    assert room.portal.sizes == [1, 1, 1]
    assert [room.state(subject) for subject in (first, second, event)] == ["done"] * 3


def test_a_correction_of_a_refused_form_is_delivered_and_its_events_follow(room: Room) -> None:
    first = room.submit("invalid")
    event = room.act(first, 1)
    room.rest()
    assert room.state(event) == "todo"
    second = room.submit(supersedes=first)
    with room.store.write() as db:
        outbox.follow(db, first, second)
    held = room.desk.safe[event]
    room.desk.safe[event] = type(held)(**{**vars(held), "submission_id": second})
    room.rest()
    assert (room.state(second), room.state(event)) == ("done", "done")


def test_events_leave_in_their_order_even_when_the_first_has_to_wait(room: Room) -> None:
    form = room.submit()
    room.rest()
    room.portal.fault = "answer lost"
    first = room.act(form, 1)
    room.rest()
    room.portal.heal()
    second = room.act(form, 2)
    with room.store.write() as db:
        db.execute("update link set wait_until = 0")
    room.rest()
    assert (room.state(first), room.state(second)) == ("unknown", "todo")
    room.drain()
    assert list(room.portal.events) == [first, second]


def test_trouble_on_the_portals_side_is_retried_after_the_time_it_asked_for(room: Room) -> None:
    form = room.submit()
    room.portal.fault = "retry"
    room.rest()
    assert (room.state(form), room.word(form)) == ("todo", None)
    room.time.forward(119)
    room.rest()
    assert len(room.portal.sizes) == 1
    room.portal.heal()
    room.time.forward(60)
    room.rest()
    assert room.state(form) == "done"


def test_the_oldest_that_waits_is_told_but_not_one_behind_a_refused_form(room: Room) -> None:
    first = room.submit("invalid")
    room.act(first, 1)
    room.rest()
    assert outbox.oldest(room.store.db) is None
    room.time.forward(60)
    room.submit()
    assert outbox.oldest(room.store.db) == "2026-11-24T01:31:00.000Z"
    assert [row.subject.id for row in outbox.returned(room.store.db, 9)] == [first]


def test_a_round_that_broke_off_leaves_nothing_sending(room: Room) -> None:
    form = room.submit()
    room.round()
    room.portal.fault = "cut after"
    with pytest.raises(PowerCut):
        room.round()
    room.portal.heal()
    room.rest()
    assert room.state(form) == "done"
    assert len(room.portal.bodies[form]) == 1
