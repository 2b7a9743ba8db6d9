"""The changes feed: nothing is lost, nothing goes backwards, and a restored portal is read from the start."""

import pytest

from sync import link
from tests.sync.room import Desk, PowerCut, Room


def held(room: Room, form: str) -> tuple[int, int]:
    return room.store.db.execute("select code, revision from desk where subject = ?", [form]).fetchone()


def pull_all(room: Room) -> None:
    while room.pull():
        pass


def test_every_change_arrives_page_by_page(room: Room) -> None:
    forms = [room.submit() for _ in range(5)]
    room.rest()
    for form in forms:
        room.portal.change(form, 4)
    pull_all(room)
    assert {held(room, form) for form in forms} == {(4, 2)}


def test_a_status_may_go_back_but_a_revision_never(room: Room) -> None:
    form = room.submit()
    room.rest()
    first = room.portal.feed[0]
    room.portal.change(form, 5)
    room.portal.change(form, 4)
    room.portal.feed.append(first)
    pull_all(room)
    assert held(room, form) == (4, 3)


def test_an_old_receipt_in_a_late_answer_is_not_applied(room: Room) -> None:
    form = room.submit()
    room.portal.fault = "answer lost"
    room.rest()
    room.portal.heal()
    room.time.forward(600)
    first = room.portal.receipts[form]
    room.portal.change(form, 4)
    pull_all(room)
    room.portal.receipts[form] = first
    room.drain()
    assert (held(room, form), room.word(form)) == ((4, 2), "sent")
    assert room.desk.told[-1][1].receipt is None


def test_the_cursor_moves_only_with_what_it_brought(room: Room) -> None:
    form = room.submit()
    room.rest()
    room.portal.change(form, 4)

    class Failing(Desk):
        def apply(self, db: object, receipt: object) -> None:
            raise PowerCut

    room.desk.__class__ = Failing
    with pytest.raises(PowerCut):
        room.pull()
    assert link.read_cursor(room.store.db) is None
    room.desk.__class__ = Desk
    pull_all(room)
    assert held(room, form) == (4, 2)


def test_a_cursor_that_the_portal_does_not_know_means_start_again_and_audit(room: Room) -> None:
    forms = [room.submit() for _ in range(4)]
    room.rest()
    room.portal.change(forms[0], 5)
    room.portal.change(forms[0], 9)
    pull_all(room)
    room.portal.restore(2, "e2")
    assert room.pull()
    assert link.state(room.store.db).is_auditing
    pull_all(room)
    room.drain()
    assert set(room.portal.bodies) == set(forms)
    room.portal.change(forms[0], 4)
    pull_all(room)
    assert held(room, forms[0]) == (4, 2)


def test_a_restore_without_a_new_epoch_is_noticed_by_the_cursor(room: Room) -> None:
    forms = [room.submit() for _ in range(6)]
    room.rest()
    pull_all(room)
    room.portal.restore(2, room.portal.epoch)
    pull_all(room)
    room.rest()
    assert set(room.portal.bodies) == set(forms)


def test_nothing_is_asked_while_the_line_is_paused(room: Room) -> None:
    room.submit()
    room.portal.fault = "401"
    room.rest()
    calls = len(room.portal.calls)
    assert not room.pull()
    assert len(room.portal.calls) == calls


@pytest.mark.parametrize("fault", ["down", "captive", "500"])
def test_a_failing_feed_makes_the_line_wait(room: Room, fault: str) -> None:
    room.round()
    room.portal.fault = fault
    assert not room.pull()
    state = link.state(room.store.db)
    assert (state.is_up, state.failures) == (False, 1)
    calls = len(room.portal.calls)
    assert not room.pull()
    assert len(room.portal.calls) == calls


def test_word_about_a_form_that_is_not_ours_is_left_aside(room: Room) -> None:
    form = room.submit()
    room.rest()
    stranger = room.portal.receipts[form]
    room.portal.feed.append(type(stranger)(**{**vars(stranger), "submission_id": "another"}))
    pull_all(room)
    assert room.store.db.execute("select count(*) from desk where subject = 'another'").fetchone()[0] == 0
