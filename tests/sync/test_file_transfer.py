"""Files behind their forms: by pieces, resumed where they were, kept only when the portal has found the hash right."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from sync import file_outbox, link
from sync.encoding import sha256_hex
from sync.engine import send_now
from sync.file_transfer import MAX_PIECE, MIN_PIECE, TransferLimits
from tests.sync.harness import PowerCut
from tests.sync.shelf import FileRoom

BIG = random.Random(5).randbytes(900_000)


@pytest.fixture
def harness() -> Iterator[FileRoom]:
    harness = FileRoom()
    yield harness
    harness.close()


def test_a_file_goes_behind_its_form_and_is_kept_by_its_hash(harness: FileRoom) -> None:
    form = harness.submit()
    file = harness.enclose(form, BIG)
    assert not harness.carry()
    harness.rest()
    assert (harness.state(form), harness.is_kept(file)) == ("done", False)
    harness.settle()
    assert harness.is_kept(file)
    assert harness.shelf.whole == {sha256_hex(BIG): BIG}
    assert harness.folder.told == [(file, "kept")]
    assert len(harness.shelf.sizes) > 2


def test_nothing_of_a_file_leaves_before_its_form_is_there(harness: FileRoom) -> None:
    form = harness.submit("invalid")
    file = harness.enclose(form, b"a paper")
    harness.settle(1)
    assert (harness.state(form), harness.standing(file).state) == ("refused", "todo")
    assert (harness.shelf.asked, harness.shelf.bytes_taken) == (0, 0)


def test_without_files_the_line_is_asked_nothing_more(harness: FileRoom) -> None:
    harness.submit()
    harness.settle()
    calls = len(harness.portal.calls)
    assert not harness.carry()
    assert (len(harness.portal.calls), harness.shelf.asked) == (calls, 0)


def test_a_form_never_waits_behind_more_than_one_piece(harness: FileRoom) -> None:
    harness.shelf.rate = 64_000 / 8
    harness.enclose(harness.submit(), BIG)
    harness.rest()
    for _ in range(6):
        assert harness.carry()
    began, form = harness.time.seconds, harness.submit()
    assert harness.step()
    assert harness.state(form) == "done"
    assert harness.time.seconds == began
    assert max(harness.shelf.sizes[2:]) / harness.shelf.rate < 20


def test_what_is_there_already_costs_one_question(harness: FileRoom) -> None:
    first = harness.enclose(harness.submit(), BIG)
    harness.settle()
    taken, asked = harness.shelf.bytes_taken, harness.shelf.asked
    again = harness.enclose(harness.submit(), BIG)
    harness.settle()
    assert harness.is_kept(first)
    assert harness.is_kept(again)
    assert (harness.shelf.bytes_taken, harness.shelf.asked) == (taken, asked + 1)


@pytest.mark.parametrize("fault", ["answer lost", "cable cut", "down"])
def test_a_line_that_is_cut_in_mid_piece_costs_at_most_that_piece(harness: FileRoom, fault: str) -> None:
    file = harness.enclose(harness.submit(), BIG)
    harness.rest()
    for _ in range(3):
        assert harness.carry()
    harness.portal.fault = fault
    assert harness.carry()
    harness.portal.heal()
    harness.settle()
    assert harness.is_kept(file)
    assert harness.shelf.bytes_taken == len(BIG)


@pytest.mark.parametrize("fault", ["cut before", "cut after"])
def test_a_process_that_is_killed_in_mid_piece_goes_on_where_the_portal_is(harness: FileRoom, fault: str) -> None:
    file = harness.enclose(harness.submit(), BIG)
    harness.rest()
    for _ in range(4):
        assert harness.carry()
    harness.portal.fault = fault
    with pytest.raises(PowerCut):
        harness.carry()
    harness.portal.heal()
    harness.boot()
    harness.settle()
    assert harness.is_kept(file)
    assert harness.shelf.bytes_taken == len(BIG)
    assert harness.shelf.whole[sha256_hex(BIG)] == BIG


@pytest.mark.parametrize(("found", "code"), [("missing", "missing"), ("changed", "changed"), (b"others", "changed")])
def test_a_file_that_is_missing_or_changed_is_said_and_holds_up_nobody(
    harness: FileRoom, found: bytes, code: str
) -> None:
    form = harness.submit()
    bad, good = harness.enclose(form, b"paper"), harness.enclose(form, BIG)
    harness.folder.content[bad] = found
    harness.settle()
    standing = harness.standing(bad)
    assert (standing.state, standing.last_class, standing.last_code) == ("refused", "record", code)
    assert (bad, "refused") in harness.folder.told
    assert harness.is_kept(good)
    assert file_outbox.backlog(harness.store.db).refused == 1
    harness.folder.content[bad] = b"paper"
    with harness.store.write() as db:
        assert file_outbox.release(db, bad, harness.time.now)
        assert not file_outbox.release(db, good, harness.time.now)
    harness.settle()
    assert harness.is_kept(bad)


def test_a_file_that_its_owner_no_longer_wants_is_dropped_without_a_word(harness: FileRoom) -> None:
    form = harness.submit()
    wiped, taken_away = harness.enclose(form, b"paper"), harness.enclose(form, b"another")
    harness.folder.content[wiped] = "gone"
    with harness.store.write() as db:
        file_outbox.drop(db, taken_away, harness.time.now)
    harness.settle()
    assert [harness.standing(one).state for one in (wiped, taken_away)] == ["dropped", "dropped"]
    assert harness.shelf.bytes_taken == 0
    assert not file_outbox.backlog(harness.store.db).refused


def test_a_file_that_is_taken_away_while_it_goes_stays_away(harness: FileRoom) -> None:
    file = harness.enclose(harness.submit(), b"paper")
    harness.rest()
    assert harness.carry()
    assert harness.carry()
    with harness.store.write() as db:
        file_outbox.drop(db, file, harness.time.now)
    harness.settle()
    assert harness.standing(file).state == "dropped"
    assert harness.shelf.whole == {}


def test_a_hash_that_is_wrong_there_is_tried_once_more_and_then_set_aside(harness: FileRoom) -> None:
    harness.shelf.spoils = True
    form = harness.submit()
    file = harness.enclose(form, b"not the same backwards")
    harness.settle()
    assert (harness.standing(file).state, harness.standing(file).last_class) == ("refused", "poison")
    assert len(harness.shelf.sizes) == 2
    assert harness.shelf.whole == {}
    harness.shelf.spoils = False
    good = harness.enclose(form, BIG)
    harness.settle()
    assert harness.is_kept(good)


def test_a_portal_that_takes_less_gets_smaller_pieces(harness: FileRoom) -> None:
    harness.shelf.limit = 40_000
    file = harness.enclose(harness.submit(), BIG)
    harness.settle()
    assert harness.is_kept(file)
    assert sum(size > 40_000 for size in harness.shelf.sizes) == 1
    harness.shelf.limit = 1000
    none = harness.enclose(harness.submit(), BIG[::-1])
    harness.settle()
    assert (harness.standing(none).state, harness.standing(none).last_class) == ("refused", "size")


def test_pieces_grow_on_a_quick_line_and_shrink_on_a_slow_one(harness: FileRoom) -> None:
    harness.enclose(harness.submit(), bytes(8_000_000))
    harness.settle()
    assert max(harness.shelf.sizes) == MAX_PIECE
    harness.shelf.sizes.clear()
    harness.shelf.rate = 2000.0
    harness.enclose(harness.submit(), b"1" * 3_000_000)
    harness.settle(1)
    assert harness.shelf.sizes[-2] == MIN_PIECE


def test_an_offset_that_nobody_expected_is_asked_about_later(harness: FileRoom) -> None:
    file = harness.enclose(harness.submit(), BIG)
    harness.rest()
    for _ in range(3):
        assert harness.carry()
    harness.shelf.parts[sha256_hex(BIG)] = BIG[:200_000]
    assert harness.carry()
    assert harness.standing(file).last_code == "offset"
    assert not harness.carry()
    assert link.state(harness.store.db).failures == 0
    harness.settle()
    assert harness.is_kept(file)
    assert harness.shelf.bytes_taken < len(BIG) + 200_000


def test_a_portal_that_claims_more_than_the_file_has_is_not_believed(harness: FileRoom) -> None:
    file = harness.enclose(harness.submit(), b"paper")
    harness.shelf.parts[sha256_hex(b"paper")] = b"paper and more"
    harness.settle(1)
    assert (harness.standing(file).state, harness.standing(file).last_code) == ("todo", "offset")
    harness.shelf.parts[sha256_hex(b"paper")] = b"paper"
    harness.settle()
    assert harness.is_kept(file)


@pytest.mark.parametrize("fault", ["401", "429", "403"])
def test_a_pause_of_the_line_costs_a_file_no_attempt_and_asks_nothing(harness: FileRoom, fault: str) -> None:
    file = harness.enclose(harness.submit(), BIG)
    harness.rest()
    harness.portal.fault = fault
    assert harness.carry()
    asked = harness.shelf.asked
    for _ in range(5):
        assert not harness.carry()
    assert (harness.shelf.asked, harness.standing(file).attempts) == (asked, 0)
    harness.portal.heal()
    with harness.store.write() as db:
        send_now(db)
    harness.settle()
    assert harness.is_kept(file)


def test_files_keep_within_what_they_may_have_of_the_line(harness: FileRoom) -> None:
    harness.leave = TransferLimits(rate=16_000)
    harness.boot()
    harness.enclose(harness.submit(), BIG)
    harness.rest()
    began = harness.time.seconds
    for _ in range(300):
        harness.carry()
        harness.time.forward(0.1)
    took = harness.time.seconds - began
    assert 0.8 * 16_000 * took <= harness.shelf.bytes_taken <= 16_000 * took + max(harness.shelf.sizes)
    assert max(harness.shelf.sizes) <= 2 * 16_000


def test_outside_their_hours_files_wait_and_forms_go(harness: FileRoom) -> None:
    harness.leave = TransferLimits(is_open=lambda now: now.hour >= 12)
    harness.boot()
    form = harness.submit()
    file = harness.enclose(form, BIG)
    harness.settle(1)
    assert (harness.state(form), harness.shelf.asked) == ("done", 0)
    harness.now_is(harness.time.now.replace(hour=12))
    for _ in range(3):
        assert harness.carry()
    harness.now_is(harness.time.now.replace(hour=11))
    assert not harness.carry()
    harness.now_is(harness.time.now.replace(hour=13))
    harness.settle(1)
    assert harness.is_kept(file)
    assert harness.shelf.bytes_taken == len(BIG)


def test_after_a_restore_only_what_the_portal_lost_goes_again(harness: FileRoom) -> None:
    form = harness.submit()
    kept, lost = harness.enclose(form, BIG), harness.enclose(form, b"paper")
    harness.settle()
    taken = harness.shelf.bytes_taken
    del harness.shelf.whole[sha256_hex(b"paper")]
    harness.portal.epoch = "e2"
    harness.submit()
    harness.settle()
    assert harness.folder.told.count((lost, "lost")) == 1
    assert (kept, "lost") not in harness.folder.told
    assert harness.shelf.bytes_taken == taken + len(b"paper")
    assert harness.is_kept(kept)
    assert harness.is_kept(lost)


def test_an_audit_asks_about_files_too(harness: FileRoom) -> None:
    file = harness.enclose(harness.submit(), b"paper")
    harness.settle()
    harness.shelf.whole.clear()
    with harness.store.write() as db:
        link.request_audit(db)
    harness.step()
    harness.settle()
    assert harness.folder.told == [(file, "kept"), (file, "lost"), (file, "kept")]
    assert harness.shelf.whole == {sha256_hex(b"paper"): b"paper"}


def test_a_plain_audit_asks_about_the_files_that_went_last_alone(harness: FileRoom) -> None:
    form = harness.submit()
    kept = [harness.enclose(form, f"paper {n}".encode()) for n in range(5)]
    harness.settle()
    with harness.store.write() as db:
        file_outbox.recheck_latest(db, 2)
        assert [one.file for one in file_outbox.list_statuses(db, ["todo"])] == kept[3:]
        assert file_outbox.backlog(db).count == 0
        assert not file_outbox.any_open(db, kept)
        file_outbox.recheck_latest(db, file_outbox.AUDIT_ALL)
        assert len(file_outbox.list_statuses(db, ["todo"])) == 5
    asked, taken = harness.shelf.asked, harness.shelf.bytes_taken
    harness.settle()
    assert all(map(harness.is_kept, kept))
    assert (harness.shelf.asked, harness.shelf.bytes_taken) == (asked + 5, taken)


def test_a_file_that_was_wiped_after_it_was_kept_is_not_missed_here(harness: FileRoom) -> None:
    file = harness.enclose(harness.submit(), b"paper")
    harness.settle()
    harness.folder.content[file] = "gone"
    harness.shelf.whole.clear()
    harness.portal.epoch = "e2"
    harness.submit()
    harness.settle()
    assert harness.standing(file).state == "dropped"
    assert file_outbox.backlog(harness.store.db).refused == 0


def test_a_receipt_that_names_a_file_as_missing_sends_it_again(harness: FileRoom) -> None:
    form = harness.submit()
    file = harness.enclose(form, b"paper")
    harness.settle()
    harness.pull()
    harness.shelf.whole.clear()
    held = harness.portal.receipts[form]
    harness.portal._note(replace(held, revision=2, missing_files=(sha256_hex(b"paper"),)))
    harness.pull()
    harness.settle()
    assert harness.is_kept(file)
    assert harness.shelf.whole == {sha256_hex(b"paper"): b"paper"}
