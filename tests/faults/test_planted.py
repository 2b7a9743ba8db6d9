"""The matrix detects defects: a row fails with a planted defect, and for the right reason."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.store import db, disk_reserve
from tests.faults import (
    network_faults,
    processes,
    test_answers,
    test_clock,
    test_connection,
    test_corrupt,
    test_disk,
    test_pauses,
    test_portal,
    test_refusals,
)
from tests.faults.planted_defects import DEFECTS
from tests.faults.portal import Portal
from tests.faults.table import RowResult
from tests.faults.ward import Ward

pytestmark = pytest.mark.faults
WAIT_FACTOR = 0.2


@dataclass(frozen=True)
class WardTrial:
    """A test of a ward that must fail with a defect: number of its row, pattern of the error, the test."""

    row: int
    error: str
    test: Callable[[Ward, RowResult], None]


@dataclass(frozen=True)
class StoreTrial:
    """A test of the store that must fail with a defect."""

    row: int
    error: str
    test: Callable[[Path, Portal, RowResult], None]


def _captive_portal(ward: Ward, row: RowResult) -> None:
    fault = network_faults.captive_portal(network_faults.CAPTIVE_PAGE, "text/html")
    test_answers.test_a_captive_portal_answers(ward, row, fault)


def _restored_portal(ward: Ward, row: RowResult) -> None:
    test_portal.test_the_portal_is_restored_from_a_backup(ward, row, has_new_epoch=True)


def _wrong_clock(ward: Ward, row: RowResult) -> None:
    test_clock.test_a_clock_that_is_wrong_by_years(ward, row, 10)


def _retry_after(ward: Ward, row: RowResult) -> None:
    test_pauses.test_the_portal_asks_to_wait(
        ward, row, status="429 Too Many Requests", retry_after=test_pauses.IN_SECONDS
    )


def _corrupt_store(folder: Path, _portal: Portal, row: RowResult) -> None:
    test_corrupt.test_a_store_that_is_corrupt_at_boot_is_restored_from_a_backup(folder, row)


WARD_TRIALS = {
    "any answer is success": WardTrial(8, "'confirmed': 4", _captive_portal),
    "results by position": WardTrial(17, "attempts", test_answers.test_results_in_another_order_are_matched_by_id),
    "no deadline": WardTrial(7, "aborted at the deadline", test_connection.test_an_answer_of_a_byte_a_second),
    "no bisection": WardTrial(15, "are confirmed", test_refusals.test_one_bad_form_of_a_refused_batch),
    "no audit": WardTrial(21, "sent again", _restored_portal),
    "wiped by the wall clock": WardTrial(28, "are confirmed", _wrong_clock),
    "a 401 is final": WardTrial(12, "is_held", test_pauses.test_a_key_that_the_portal_does_not_know_for_a_while),
    "a lost connection counts as an attempt": WardTrial(1, "attempts", test_connection.test_connection_refused),
    "retry after is ignored": WardTrial(11, ">= 6.0|does not read", _retry_after),
    "a busy store ends the worker": WardTrial(
        26, "is_alive|are confirmed", test_disk.test_a_store_that_is_locked_too_long_asks_to_touch_again
    ),
}
STORE_TRIALS = {
    "commits do not wait for the disk": StoreTrial(
        24, "Right contains 3 more", test_disk.test_no_number_is_given_when_the_disk_fails_under_the_log
    ),
    "forms are begun on a full disk": StoreTrial(
        25, "DID NOT RAISE", test_disk.test_no_number_is_given_when_the_disk_is_full_at_submit
    ),
    "receipt numbers repeat after a restore": StoreTrial(27, "no receipt number is repeated", _corrupt_store),
}


@pytest.mark.parametrize("defect", WARD_TRIALS)
def test_a_row_fails_with_a_planted_defect(defect: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trial = WARD_TRIALS[defect]
    with Ward(tmp_path, defect=defect) as ward:
        ward.kiosk.read_page()
        monkeypatch.setattr(processes, "wait_factor", WAIT_FACTOR)
        with pytest.raises(AssertionError, match=trial.error):
            trial.test(ward, RowResult(trial.row, defect))


@pytest.mark.parametrize("defect", STORE_TRIALS)
def test_a_row_fails_with_a_defect_of_the_store(defect: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trial = STORE_TRIALS[defect]
    if trial.row == 27:  # the worker restores the backup, so the defect is planted there
        monkeypatch.setenv("WARD_DEFECT", defect)
    else:
        # A defect in this process: monkeypatch restores the attributes after the test.
        monkeypatch.setattr(db, "_PRAGMAS", db._PRAGMAS)
        monkeypatch.setattr(disk_reserve, "has_room_for_form", disk_reserve.has_room_for_form)
        DEFECTS[defect]()
    with closing(Portal(tmp_path / "portal")) as portal:
        portal.start()
        with pytest.raises((AssertionError, pytest.fail.Exception), match=trial.error):
            trial.test(tmp_path, portal, RowResult(trial.row, defect))


def test_every_defect_is_tried() -> None:
    assert set(WARD_TRIALS) | set(STORE_TRIALS) == set(DEFECTS)
