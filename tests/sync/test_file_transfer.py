"""Files after their forms: sent in pieces, resumed, and delivered only when the portal confirms the hash."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from sync import file_outbox, link
from sync.encoding import sha256_hex
from sync.engine import send_now
from sync.file_transfer import MAX_CHUNK, MIN_CHUNK, TransferLimits
from sync.parcel import FileChunk, FileProgress
from tests.sync.file_harness import FileHarness
from tests.sync.harness import PowerCut

BIG = random.Random(5).randbytes(900_000)


@pytest.fixture
def harness() -> Iterator[FileHarness]:
    harness = FileHarness()
    yield harness
    harness.close()


def test_a_file_is_sent_after_its_form_and_kept_by_its_hash(harness: FileHarness) -> None:
    form = harness.submit()
    file = harness.add_file(form, BIG)
    assert not harness.file_round()
    harness.run_until_idle()
    assert (harness.state(form), harness.is_delivered(file)) == ("done", False)
    harness.settle()
    assert harness.is_delivered(file)
    assert harness.file_store.whole == {sha256_hex(BIG): BIG}
    assert harness.files.results == [(file, "kept")]
    assert len(harness.file_store.sizes) > 2


def test_nothing_of_a_file_leaves_before_its_form_is_there(harness: FileHarness) -> None:
    form = harness.submit("invalid")
    file = harness.add_file(form, b"a paper")
    harness.settle(1)
    assert (harness.state(form), harness.status_of(file).state) == ("refused", "todo")
    assert (harness.file_store.progress_requests, harness.file_store.bytes_taken) == (0, 0)


def test_without_files_no_further_request_is_made(harness: FileHarness) -> None:
    harness.submit()
    harness.settle()
    calls = len(harness.portal.calls)
    assert not harness.file_round()
    assert (len(harness.portal.calls), harness.file_store.progress_requests) == (calls, 0)


def test_a_form_never_waits_behind_more_than_one_piece(harness: FileHarness) -> None:
    harness.file_store.rate = 64_000 / 8
    harness.add_file(harness.submit(), BIG)
    harness.run_until_idle()
    for _ in range(6):
        assert harness.file_round()
    start = harness.time.seconds
    form = harness.submit()
    assert harness.step()
    assert harness.state(form) == "done"
    assert harness.time.seconds == start
    assert max(harness.file_store.sizes[2:]) / harness.file_store.rate < 20


def test_a_file_that_the_portal_has_costs_one_request(harness: FileHarness) -> None:
    first = harness.add_file(harness.submit(), BIG)
    harness.settle()
    received = harness.file_store.bytes_taken
    requests = harness.file_store.progress_requests
    again = harness.add_file(harness.submit(), BIG)
    harness.settle()
    assert harness.is_delivered(first)
    assert harness.is_delivered(again)
    assert (harness.file_store.bytes_taken, harness.file_store.progress_requests) == (received, requests + 1)


@pytest.mark.parametrize("fault", ["answer lost", "cable cut", "down"])
def test_a_connection_that_is_cut_in_mid_piece_costs_at_most_that_piece(harness: FileHarness, fault: str) -> None:
    file = harness.add_file(harness.submit(), BIG)
    harness.run_until_idle()
    for _ in range(3):
        assert harness.file_round()
    harness.portal.fault = fault
    assert harness.file_round()
    harness.portal.heal()
    harness.settle()
    assert harness.is_delivered(file)
    assert harness.file_store.bytes_taken == len(BIG)


@pytest.mark.parametrize("fault", ["cut before", "cut after"])
def test_a_process_that_is_killed_in_mid_piece_goes_on_where_the_portal_is(harness: FileHarness, fault: str) -> None:
    file = harness.add_file(harness.submit(), BIG)
    harness.run_until_idle()
    for _ in range(4):
        assert harness.file_round()
    harness.portal.fault = fault
    with pytest.raises(PowerCut):
        harness.file_round()
    harness.portal.heal()
    harness.boot()
    harness.settle()
    assert harness.is_delivered(file)
    assert harness.file_store.bytes_taken == len(BIG)
    assert harness.file_store.whole[sha256_hex(BIG)] == BIG


@pytest.mark.parametrize(("content", "code"), [("missing", "missing"), ("changed", "changed"), (b"others", "changed")])
def test_a_file_that_is_missing_or_changed_is_refused_and_delays_no_other(
    harness: FileHarness, content: bytes, code: str
) -> None:
    form = harness.submit()
    bad = harness.add_file(form, b"paper")
    good = harness.add_file(form, BIG)
    harness.files.content[bad] = content
    harness.settle()
    status = harness.status_of(bad)
    assert (status.state, status.last_class, status.last_code) == ("refused", "record", code)
    assert (bad, "refused") in harness.files.results
    assert harness.is_delivered(good)
    assert file_outbox.backlog(harness.store.db).refused == 1
    harness.files.content[bad] = b"paper"
    with harness.store.write() as db:
        assert file_outbox.release(db, bad, harness.time.now)
        assert not file_outbox.release(db, good, harness.time.now)
    harness.settle()
    assert harness.is_delivered(bad)


def test_a_file_that_was_wiped_or_taken_away_is_dropped_without_an_alarm(harness: FileHarness) -> None:
    form = harness.submit()
    wiped = harness.add_file(form, b"paper")
    taken_away = harness.add_file(form, b"another")
    harness.files.content[wiped] = "gone"
    with harness.store.write() as db:
        file_outbox.drop(db, taken_away, harness.time.now)
    harness.settle()
    assert [harness.status_of(file).state for file in (wiped, taken_away)] == ["dropped", "dropped"]
    assert harness.file_store.bytes_taken == 0
    assert not file_outbox.backlog(harness.store.db).refused


def test_a_file_that_is_taken_away_while_it_is_sent_stays_dropped(harness: FileHarness) -> None:
    file = harness.add_file(harness.submit(), b"paper")
    harness.run_until_idle()
    assert harness.file_round()
    assert harness.file_round()
    with harness.store.write() as db:
        file_outbox.drop(db, file, harness.time.now)
    harness.settle()
    assert harness.status_of(file).state == "dropped"
    assert harness.file_store.whole == {}


def test_a_hash_that_is_wrong_there_is_tried_once_more_and_then_set_aside(harness: FileHarness) -> None:
    harness.file_store.spoils_chunks = True
    form = harness.submit()
    file = harness.add_file(form, b"not the same backwards")
    harness.settle()
    assert (harness.status_of(file).state, harness.status_of(file).last_class) == ("refused", "poison")
    assert len(harness.file_store.sizes) == 2
    assert harness.file_store.whole == {}
    harness.file_store.spoils_chunks = False
    good = harness.add_file(form, BIG)
    harness.settle()
    assert harness.is_delivered(good)


def test_failures_of_the_connection_do_not_count_as_wrong_hashes(harness: FileHarness) -> None:
    file = harness.add_file(harness.submit(), b"not the same backwards")
    harness.run_until_idle()
    harness.portal.fault = "chunk lost"
    while harness.status_of(file).attempts < 2:
        harness.file_round()
        harness.time.advance(60)
    harness.portal.heal()
    harness.file_store.spoils_chunks = True
    while harness.status_of(file).last_code != "422":
        harness.step()
        harness.time.advance(60)
    harness.file_store.spoils_chunks = False
    harness.settle()
    assert harness.is_delivered(file)


def test_a_last_piece_after_which_the_file_is_not_whole_is_no_progress(harness: FileHarness) -> None:
    file = harness.add_file(harness.submit(), b"paper")
    append = harness.file_store.append

    def append_without_end(name: str, chunk: FileChunk) -> FileProgress:
        return append(name, FileChunk(chunk.offset, chunk.content, is_last=False))

    harness.file_store.append = append_without_end
    harness.run_until_idle()
    for _ in range(5):
        harness.file_round()
    assert harness.file_store.sizes == [5], "no empty piece is sent"
    assert (harness.status_of(file).last_code, harness.status_of(file).attempts) == ("offset", 1)
    assert harness.status_of(file).sent == 0
    harness.file_store.append = append
    harness.settle()
    assert harness.is_delivered(file)


def test_a_portal_that_takes_less_gets_smaller_pieces(harness: FileHarness) -> None:
    harness.file_store.limit = 40_000
    file = harness.add_file(harness.submit(), BIG)
    harness.settle()
    assert harness.is_delivered(file)
    assert sum(size > 40_000 for size in harness.file_store.sizes) == 1
    harness.file_store.limit = 1000
    too_large = harness.add_file(harness.submit(), BIG[::-1])
    harness.settle()
    assert (harness.status_of(too_large).state, harness.status_of(too_large).last_class) == ("refused", "size")


def test_pieces_grow_on_a_fast_connection_and_shrink_on_a_slow_one(harness: FileHarness) -> None:
    harness.add_file(harness.submit(), bytes(8_000_000))
    harness.settle()
    assert max(harness.file_store.sizes) == MAX_CHUNK
    harness.file_store.sizes.clear()
    harness.file_store.rate = 2000.0
    harness.add_file(harness.submit(), b"1" * 3_000_000)
    harness.settle(1)
    assert harness.file_store.sizes[-2] == MIN_CHUNK


def test_an_unexpected_offset_is_requested_again_later(harness: FileHarness) -> None:
    file = harness.add_file(harness.submit(), BIG)
    harness.run_until_idle()
    for _ in range(3):
        assert harness.file_round()
    harness.file_store.partial[sha256_hex(BIG)] = BIG[:200_000]
    assert harness.file_round()
    assert harness.status_of(file).last_code == "offset"
    assert not harness.file_round()
    assert link.state(harness.store.db).failures == 0
    harness.settle()
    assert harness.is_delivered(file)
    assert harness.file_store.bytes_taken < len(BIG) + 200_000


def test_a_portal_that_claims_more_than_the_file_has_is_not_believed(harness: FileHarness) -> None:
    file = harness.add_file(harness.submit(), b"paper")
    harness.file_store.partial[sha256_hex(b"paper")] = b"paper and more"
    harness.settle(1)
    assert (harness.status_of(file).state, harness.status_of(file).last_code) == ("todo", "offset")
    harness.file_store.partial[sha256_hex(b"paper")] = b"paper"
    harness.settle()
    assert harness.is_delivered(file)


@pytest.mark.parametrize("fault", ["401", "429", "403"])
def test_a_pause_costs_a_file_no_attempt_and_sends_no_request(harness: FileHarness, fault: str) -> None:
    file = harness.add_file(harness.submit(), BIG)
    harness.run_until_idle()
    harness.portal.fault = fault
    assert harness.file_round()
    requests = harness.file_store.progress_requests
    for _ in range(5):
        assert not harness.file_round()
    assert (harness.file_store.progress_requests, harness.status_of(file).attempts) == (requests, 0)
    harness.portal.heal()
    with harness.store.write() as db:
        send_now(db)
    harness.settle()
    assert harness.is_delivered(file)


def test_files_keep_within_their_share_of_the_bandwidth(harness: FileHarness) -> None:
    harness.limits = TransferLimits(rate=16_000)
    harness.boot()
    harness.add_file(harness.submit(), BIG)
    harness.run_until_idle()
    start = harness.time.seconds
    for _ in range(300):
        harness.file_round()
        harness.time.advance(0.1)
    seconds = harness.time.seconds - start
    assert 0.8 * 16_000 * seconds <= harness.file_store.bytes_taken <= 16_000 * seconds + max(harness.file_store.sizes)
    assert max(harness.file_store.sizes) <= 2 * 16_000


def test_outside_their_hours_files_wait_and_forms_are_sent(harness: FileHarness) -> None:
    harness.limits = TransferLimits(is_open=lambda now: now.hour >= 12)
    harness.boot()
    form = harness.submit()
    file = harness.add_file(form, BIG)
    harness.settle(1)
    assert (harness.state(form), harness.file_store.progress_requests) == ("done", 0)
    harness.set_wall_clock(harness.time.now.replace(hour=12))
    for _ in range(3):
        assert harness.file_round()
    harness.set_wall_clock(harness.time.now.replace(hour=11))
    assert not harness.file_round()
    harness.set_wall_clock(harness.time.now.replace(hour=13))
    harness.settle(1)
    assert harness.is_delivered(file)
    assert harness.file_store.bytes_taken == len(BIG)


def test_after_a_restore_only_the_lost_files_are_sent_again(harness: FileHarness) -> None:
    form = harness.submit()
    kept = harness.add_file(form, BIG)
    lost = harness.add_file(form, b"paper")
    harness.settle()
    received = harness.file_store.bytes_taken
    del harness.file_store.whole[sha256_hex(b"paper")]
    harness.portal.epoch = "e2"
    harness.submit()
    harness.settle()
    assert harness.files.results.count((lost, "lost")) == 1
    assert (kept, "lost") not in harness.files.results
    assert harness.file_store.bytes_taken == received + len(b"paper")
    assert harness.is_delivered(kept)
    assert harness.is_delivered(lost)


def test_an_audit_asks_about_files_too(harness: FileHarness) -> None:
    file = harness.add_file(harness.submit(), b"paper")
    harness.settle()
    harness.file_store.whole.clear()
    with harness.store.write() as db:
        link.request_audit(db)
    harness.step()
    harness.settle()
    assert harness.files.results == [(file, "kept"), (file, "lost"), (file, "kept")]
    assert harness.file_store.whole == {sha256_hex(b"paper"): b"paper"}


def test_a_plain_audit_asks_about_the_latest_files_only(harness: FileHarness) -> None:
    form = harness.submit()
    kept = [harness.add_file(form, f"paper {n}".encode()) for n in range(5)]
    harness.settle()
    with harness.store.write() as db:
        file_outbox.recheck_latest(db, 2)
        assert [status.file for status in file_outbox.list_statuses(db, ["todo"])] == kept[3:]
        assert file_outbox.backlog(db).count == 0
        assert not file_outbox.any_open(db, kept)
        file_outbox.recheck_latest(db, file_outbox.AUDIT_ALL)
        assert len(file_outbox.list_statuses(db, ["todo"])) == 5
    requests = harness.file_store.progress_requests
    received = harness.file_store.bytes_taken
    harness.settle()
    assert all(map(harness.is_delivered, kept))
    assert (harness.file_store.progress_requests, harness.file_store.bytes_taken) == (requests + 5, received)


def test_a_file_that_was_wiped_after_it_was_kept_raises_no_alarm(harness: FileHarness) -> None:
    file = harness.add_file(harness.submit(), b"paper")
    harness.settle()
    harness.files.content[file] = "gone"
    harness.file_store.whole.clear()
    harness.portal.epoch = "e2"
    harness.submit()
    harness.settle()
    assert harness.status_of(file).state == "dropped"
    assert file_outbox.backlog(harness.store.db).refused == 0


def test_a_receipt_that_names_a_file_as_missing_sends_it_again(harness: FileHarness) -> None:
    form = harness.submit()
    file = harness.add_file(form, b"paper")
    harness.settle()
    harness.pull()
    harness.file_store.whole.clear()
    receipt = harness.portal.receipts[form]
    harness.portal._add_receipt(replace(receipt, revision=2, missing_files=(sha256_hex(b"paper"),)))
    harness.pull()
    harness.settle()
    assert harness.is_delivered(file)
    assert harness.file_store.whole == {sha256_hex(b"paper"): b"paper"}
