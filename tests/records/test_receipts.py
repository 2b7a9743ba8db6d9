from datetime import date

import pytest

from kiosk.base.errors import ReceiptNumbersUsedUp
from kiosk.records import receipts
from kiosk.store.db import Store

DAY = date(2026, 11, 24)


def issue_numbers(store: Store, last: int) -> None:
    with store.write() as db:
        db.execute(
            "insert into receipts values (?, ?) on conflict do update set last = excluded.last", [str(DAY), last]
        )


def test_numbers_begin_at_1_each_day(store: Store) -> None:
    with store.write() as db:
        assert [receipts.next_seq(db, DAY) for _ in range(3)] == [1, 2, 3]
        assert receipts.next_seq(db, date(2026, 11, 25)) == 1
        assert receipts.last_seq(db, DAY) == 3
        assert receipts.last_seq(db, date(2026, 11, 26)) == 0


@pytest.mark.parametrize("end", [4999, 5999, 6999, 7999, 8999, 9499, 9999])
def test_a_block_of_numbers_ends_where_the_next_begins(store: Store, end: int) -> None:
    issue_numbers(store, end - 1)
    with store.write() as db:
        assert receipts.next_seq(db, DAY) == end
        with pytest.raises(ReceiptNumbersUsedUp):
            receipts.next_seq(db, DAY)


def test_after_a_restore_the_day_continues_with_unused_numbers(store: Store) -> None:
    with store.write() as db:
        receipts.next_seq(db, DAY)
        receipts.start_restore_block(db, DAY, 1)
        assert [receipts.next_seq(db, DAY) for _ in range(2)] == [9001, 9002]
        receipts.start_restore_block(db, DAY, 2)
        assert receipts.next_seq(db, DAY) == 9501
        with pytest.raises(ReceiptNumbersUsedUp):
            receipts.start_restore_block(db, DAY, 3)


def test_a_copy_from_before_the_first_restore_does_not_repeat_its_numbers(store: Store) -> None:
    issue_numbers(store, 17)
    with store.write() as db:
        receipts.start_restore_block(db, DAY, 2)
        assert receipts.next_seq(db, DAY) == 9501


def test_a_day_without_free_numbers_issues_none(store: Store) -> None:
    issue_numbers(store, 17)
    with store.write() as db:
        receipts.close_day(db, DAY)
        with pytest.raises(ReceiptNumbersUsedUp):
            receipts.next_seq(db, DAY)
        assert receipts.next_seq(db, date(2026, 11, 25)) == 1


def test_numbers_never_go_back(store: Store) -> None:
    issue_numbers(store, 9100)
    with store.write() as db:
        receipts.start_block(db, DAY, 5000)
        assert receipts.next_seq(db, DAY) == 9101


def test_a_copy_that_was_in_the_block_of_a_restore_leaves_that_block(store: Store) -> None:
    issue_numbers(store, 9100)
    with store.write() as db:
        receipts.start_restore_block(db, DAY, 1)
        assert receipts.next_seq(db, DAY) == 9501
        with pytest.raises(ReceiptNumbersUsedUp):
            receipts.start_restore_block(db, DAY, 1)


@pytest.mark.parametrize(
    ("used", "first"), [(17, 5001), (5000, 5001), (5001, 6001), (8200, 9001), (9000, 9001), (9010, 9501)]
)
def test_a_day_continues_in_the_first_block_after_a_used_number(store: Store, used: int, first: int) -> None:
    with store.write() as db:
        receipts.start_block_after(db, DAY, used)
        assert receipts.next_seq(db, DAY) == first


def test_after_the_last_block_no_number_is_left(store: Store) -> None:
    with store.write() as db, pytest.raises(ReceiptNumbersUsedUp):
        receipts.start_block_after(db, DAY, 9501)
