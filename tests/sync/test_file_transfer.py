"""Files behind their forms: by pieces, resumed where they were, kept only when the portal has found the hash right."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from sync import file_outbox, link
from sync.engine import send_now
from sync.file_transfer import LEAST, MOST, Leave
from sync.parcel import sha256
from tests.sync.room import PowerCut
from tests.sync.shelf import FileRoom

BIG = random.Random(5).randbytes(900_000)


@pytest.fixture
def room() -> Iterator[FileRoom]:
    room = FileRoom()
    yield room
    room.close()


def test_a_file_goes_behind_its_form_and_is_kept_by_its_hash(room: FileRoom) -> None:
    form = room.submit()
    file = room.enclose(form, BIG)
    assert not room.carry()
    room.rest()
    assert (room.state(form), room.is_kept(file)) == ("done", False)
    room.settle()
    assert room.is_kept(file)
    assert room.shelf.whole == {sha256(BIG): BIG}
    assert room.folder.told == [(file, "kept")]
    assert len(room.shelf.sizes) > 2


def test_nothing_of_a_file_leaves_before_its_form_is_there(room: FileRoom) -> None:
    form = room.submit("invalid")
    file = room.enclose(form, b"a paper")
    room.settle(1)
    assert (room.state(form), room.standing(file).state) == ("refused", "todo")
    assert (room.shelf.asked, room.shelf.bytes_taken) == (0, 0)


def test_without_files_the_line_is_asked_nothing_more(room: FileRoom) -> None:
    room.submit()
    room.settle()
    calls = len(room.portal.calls)
    assert not room.carry()
    assert (len(room.portal.calls), room.shelf.asked) == (calls, 0)


def test_a_form_never_waits_behind_more_than_one_piece(room: FileRoom) -> None:
    room.shelf.rate = 64_000 / 8
    room.enclose(room.submit(), BIG)
    room.rest()
    for _ in range(6):
        assert room.carry()
    began, form = room.time.seconds, room.submit()
    assert room.step()
    assert room.state(form) == "done"
    assert room.time.seconds == began
    assert max(room.shelf.sizes[2:]) / room.shelf.rate < 20


def test_what_is_there_already_costs_one_question(room: FileRoom) -> None:
    first = room.enclose(room.submit(), BIG)
    room.settle()
    taken, asked = room.shelf.bytes_taken, room.shelf.asked
    again = room.enclose(room.submit(), BIG)
    room.settle()
    assert room.is_kept(first)
    assert room.is_kept(again)
    assert (room.shelf.bytes_taken, room.shelf.asked) == (taken, asked + 1)


@pytest.mark.parametrize("fault", ["answer lost", "cable cut", "down"])
def test_a_line_that_is_cut_in_mid_piece_costs_at_most_that_piece(room: FileRoom, fault: str) -> None:
    file = room.enclose(room.submit(), BIG)
    room.rest()
    for _ in range(3):
        assert room.carry()
    room.portal.fault = fault
    assert room.carry()
    room.portal.heal()
    room.settle()
    assert room.is_kept(file)
    assert room.shelf.bytes_taken == len(BIG)


@pytest.mark.parametrize("fault", ["cut before", "cut after"])
def test_a_process_that_is_killed_in_mid_piece_goes_on_where_the_portal_is(room: FileRoom, fault: str) -> None:
    file = room.enclose(room.submit(), BIG)
    room.rest()
    for _ in range(4):
        assert room.carry()
    room.portal.fault = fault
    with pytest.raises(PowerCut):
        room.carry()
    room.portal.heal()
    room.boot()
    room.settle()
    assert room.is_kept(file)
    assert room.shelf.bytes_taken == len(BIG)
    assert room.shelf.whole[sha256(BIG)] == BIG


@pytest.mark.parametrize(("found", "code"), [("missing", "missing"), ("changed", "changed"), (b"others", "changed")])
def test_a_file_that_is_missing_or_changed_is_said_and_holds_up_nobody(room: FileRoom, found: bytes, code: str) -> None:
    form = room.submit()
    bad, good = room.enclose(form, b"paper"), room.enclose(form, BIG)
    room.folder.content[bad] = found
    room.settle()
    standing = room.standing(bad)
    assert (standing.state, standing.last_class, standing.last_code) == ("refused", "record", code)
    assert (bad, "refused") in room.folder.told
    assert room.is_kept(good)
    assert file_outbox.waiting(room.store.db).refused == 1
    room.folder.content[bad] = b"paper"
    with room.store.write() as db:
        assert file_outbox.release(db, bad, room.time.now)
        assert not file_outbox.release(db, good, room.time.now)
    room.settle()
    assert room.is_kept(bad)


def test_a_file_that_its_owner_no_longer_wants_is_dropped_without_a_word(room: FileRoom) -> None:
    form = room.submit()
    wiped, taken_away = room.enclose(form, b"paper"), room.enclose(form, b"another")
    room.folder.content[wiped] = "gone"
    with room.store.write() as db:
        file_outbox.drop(db, taken_away, room.time.now)
    room.settle()
    assert [room.standing(one).state for one in (wiped, taken_away)] == ["dropped", "dropped"]
    assert room.shelf.bytes_taken == 0
    assert not file_outbox.waiting(room.store.db).refused


def test_a_file_that_is_taken_away_while_it_goes_stays_away(room: FileRoom) -> None:
    file = room.enclose(room.submit(), b"paper")
    room.rest()
    assert room.carry()
    assert room.carry()
    with room.store.write() as db:
        file_outbox.drop(db, file, room.time.now)
    room.settle()
    assert room.standing(file).state == "dropped"
    assert room.shelf.whole == {}


def test_a_hash_that_is_wrong_there_is_tried_once_more_and_then_set_aside(room: FileRoom) -> None:
    room.shelf.spoils = True
    form = room.submit()
    file = room.enclose(form, b"not the same backwards")
    room.settle()
    assert (room.standing(file).state, room.standing(file).last_class) == ("refused", "poison")
    assert len(room.shelf.sizes) == 2
    assert room.shelf.whole == {}
    room.shelf.spoils = False
    good = room.enclose(form, BIG)
    room.settle()
    assert room.is_kept(good)


def test_a_portal_that_takes_less_gets_smaller_pieces(room: FileRoom) -> None:
    room.shelf.limit = 40_000
    file = room.enclose(room.submit(), BIG)
    room.settle()
    assert room.is_kept(file)
    assert sum(size > 40_000 for size in room.shelf.sizes) == 1
    room.shelf.limit = 1000
    none = room.enclose(room.submit(), BIG[::-1])
    room.settle()
    assert (room.standing(none).state, room.standing(none).last_class) == ("refused", "size")


def test_pieces_grow_on_a_quick_line_and_shrink_on_a_slow_one(room: FileRoom) -> None:
    room.enclose(room.submit(), bytes(8_000_000))
    room.settle()
    assert max(room.shelf.sizes) == MOST
    room.shelf.sizes.clear()
    room.shelf.rate = 2000.0
    room.enclose(room.submit(), b"1" * 3_000_000)
    room.settle(1)
    assert room.shelf.sizes[-2] == LEAST


def test_an_offset_that_nobody_expected_is_asked_about_later(room: FileRoom) -> None:
    file = room.enclose(room.submit(), BIG)
    room.rest()
    for _ in range(3):
        assert room.carry()
    room.shelf.parts[sha256(BIG)] = BIG[:200_000]
    assert room.carry()
    assert room.standing(file).last_code == "offset"
    assert not room.carry()
    assert link.state(room.store.db).failures == 0
    room.settle()
    assert room.is_kept(file)
    assert room.shelf.bytes_taken < len(BIG) + 200_000


def test_a_portal_that_claims_more_than_the_file_has_is_not_believed(room: FileRoom) -> None:
    file = room.enclose(room.submit(), b"paper")
    room.shelf.parts[sha256(b"paper")] = b"paper and more"
    room.settle(1)
    assert (room.standing(file).state, room.standing(file).last_code) == ("todo", "offset")
    room.shelf.parts[sha256(b"paper")] = b"paper"
    room.settle()
    assert room.is_kept(file)


@pytest.mark.parametrize("fault", ["401", "429", "403"])
def test_a_pause_of_the_line_costs_a_file_no_attempt_and_asks_nothing(room: FileRoom, fault: str) -> None:
    file = room.enclose(room.submit(), BIG)
    room.rest()
    room.portal.fault = fault
    assert room.carry()
    asked = room.shelf.asked
    for _ in range(5):
        assert not room.carry()
    assert (room.shelf.asked, room.standing(file).attempts) == (asked, 0)
    room.portal.heal()
    with room.store.write() as db:
        send_now(db)
    room.settle()
    assert room.is_kept(file)


def test_files_keep_within_what_they_may_have_of_the_line(room: FileRoom) -> None:
    room.leave = Leave(rate=16_000)
    room.boot()
    room.enclose(room.submit(), BIG)
    room.rest()
    began = room.time.seconds
    for _ in range(300):
        room.carry()
        room.time.forward(0.1)
    took = room.time.seconds - began
    assert 0.8 * 16_000 * took <= room.shelf.bytes_taken <= 16_000 * took + max(room.shelf.sizes)
    assert max(room.shelf.sizes) <= 2 * 16_000


def test_outside_their_hours_files_wait_and_forms_go(room: FileRoom) -> None:
    room.leave = Leave(is_open=lambda now: now.hour >= 12)
    room.boot()
    form = room.submit()
    file = room.enclose(form, BIG)
    room.settle(1)
    assert (room.state(form), room.shelf.asked) == ("done", 0)
    room.now_is(room.time.now.replace(hour=12))
    for _ in range(3):
        assert room.carry()
    room.now_is(room.time.now.replace(hour=11))
    assert not room.carry()
    room.now_is(room.time.now.replace(hour=13))
    room.settle(1)
    assert room.is_kept(file)
    assert room.shelf.bytes_taken == len(BIG)


def test_after_a_restore_only_what_the_portal_lost_goes_again(room: FileRoom) -> None:
    form = room.submit()
    kept, lost = room.enclose(form, BIG), room.enclose(form, b"paper")
    room.settle()
    taken = room.shelf.bytes_taken
    del room.shelf.whole[sha256(b"paper")]
    room.portal.epoch = "e2"
    room.submit()
    room.settle()
    assert room.folder.told.count((lost, "lost")) == 1
    assert (kept, "lost") not in room.folder.told
    assert room.shelf.bytes_taken == taken + len(b"paper")
    assert room.is_kept(kept)
    assert room.is_kept(lost)


def test_an_audit_asks_about_files_too(room: FileRoom) -> None:
    file = room.enclose(room.submit(), b"paper")
    room.settle()
    room.shelf.whole.clear()
    with room.store.write() as db:
        link.ask_audit(db)
    room.step()
    room.settle()
    assert room.folder.told == [(file, "kept"), (file, "lost"), (file, "kept")]
    assert room.shelf.whole == {sha256(b"paper"): b"paper"}


def test_a_plain_audit_asks_about_the_files_that_went_last_alone(room: FileRoom) -> None:
    form = room.submit()
    kept = [room.enclose(form, f"paper {n}".encode()) for n in range(5)]
    room.settle()
    with room.store.write() as db:
        file_outbox.doubt(db, 2)
        assert [one.file for one in file_outbox.standings(db, ["todo"])] == kept[3:]
        assert file_outbox.waiting(db).count == 0
        assert not file_outbox.are_open(db, kept)
        file_outbox.doubt(db, file_outbox.ALL)
        assert len(file_outbox.standings(db, ["todo"])) == 5
    asked, taken = room.shelf.asked, room.shelf.bytes_taken
    room.settle()
    assert all(map(room.is_kept, kept))
    assert (room.shelf.asked, room.shelf.bytes_taken) == (asked + 5, taken)


def test_a_file_that_was_wiped_after_it_was_kept_is_not_missed_here(room: FileRoom) -> None:
    file = room.enclose(room.submit(), b"paper")
    room.settle()
    room.folder.content[file] = "gone"
    room.shelf.whole.clear()
    room.portal.epoch = "e2"
    room.submit()
    room.settle()
    assert room.standing(file).state == "dropped"
    assert file_outbox.waiting(room.store.db).refused == 0


def test_a_receipt_that_names_a_file_as_missing_sends_it_again(room: FileRoom) -> None:
    form = room.submit()
    file = room.enclose(form, b"paper")
    room.settle()
    room.pull()
    room.shelf.whole.clear()
    held = room.portal.receipts[form]
    room.portal._note(replace(held, revision=2, missing_files=(sha256(b"paper"),)))
    room.pull()
    room.settle()
    assert room.is_kept(file)
    assert room.shelf.whole == {sha256(b"paper"): b"paper"}
