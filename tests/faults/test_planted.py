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
    test_hands,
    test_pauses,
    test_portal,
    test_printing,
    test_refusals,
)
from tests.faults.planted_defects import DEFECTS
from tests.faults.portal import Portal
from tests.faults.table import RowResult
from tests.faults.ward import Ward
from tests.printers.wirings import WIRINGS, WiredPrinter

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
    test_clock.test_a_clock_that_is_wrong_by_years(ward, row, 10, test_clock.WRONG)


def _retry_after(ward: Ward, row: RowResult) -> None:
    test_pauses.test_the_portal_asks_to_wait(
        ward, row, status="429 Too Many Requests", retry_after=test_pauses.IN_SECONDS
    )


def _corrupt_store(folder: Path, _portal: Portal, row: RowResult) -> None:
    test_corrupt.test_a_store_that_is_corrupt_at_boot_is_restored_from_a_backup(folder, row)


_WAITED_TOO_SHORT = f">= {test_pauses.RETRY_AFTER_SECONDS}|does not read"
WARD_TRIALS = {
    "any answer is success": WardTrial(8, "'confirmed': 4", _captive_portal),
    "results by position": WardTrial(17, "attempts", test_answers.test_results_in_another_order_are_matched_by_id),
    "no deadline": WardTrial(7, "aborted at the deadline", test_connection.test_an_answer_of_a_byte_a_second),
    "no bisection": WardTrial(15, "are confirmed", test_refusals.test_one_bad_form_of_a_refused_batch),
    "no audit": WardTrial(21, "sent again", _restored_portal),
    "wiped by the wall clock": WardTrial(28, "are confirmed", _wrong_clock),
    "a 401 is final": WardTrial(12, "is_held", test_pauses.test_a_key_that_the_portal_does_not_know_for_a_while),
    "a lost connection counts as an attempt": WardTrial(1, "attempts", test_connection.test_connection_refused),
    "retry after is ignored": WardTrial(11, _WAITED_TOO_SHORT, _retry_after),
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


@dataclass(frozen=True)
class PrinterTrial:
    """A test of a counter with a printer that must fail with a defect; `narrowed` keeps only what is needed of it."""

    row: int
    error: str
    test: Callable[[test_printing.Counter, RowResult], None]
    narrowed: tuple[str, object]


def _restarted(counter: test_printing.Counter, row: RowResult) -> None:
    test_printing.test_after_a_break_of_the_connection_half_a_paper_is_cut_off_before_the_next_persons(
        counter, row, is_restarted=True
    )


def _answered_first(counter: test_printing.Counter, row: RowResult) -> None:
    test_printing.test_with_a_fault_in_mid_print_the_second_paper_says_that_it_is_a_reprint(
        counter, row, is_answered_first=True
    )


HAND_TRIALS = {
    "a post of the desk has no key": WardTrial(
        43,
        "the first officer reads",
        test_hands.test_of_two_officers_at_one_case_the_first_press_counts_and_is_sent_once,
    ),
    "a kept form forgets its post": WardTrial(
        44, "the citizen reads", test_hands.test_a_form_that_was_kept_and_opened_under_kills_is_there_once
    ),
    "a moved number has no nonce": WardTrial(
        45, "recalled", test_hands.test_a_number_called_again_and_put_on_hold_under_kills_is_moved_once
    ),
    "a drawn number is not looked for": WardTrial(
        46, "the citizen reads", test_hands.test_a_number_drawn_and_called_under_kills_is_one_number_and_one_call
    ),
}


@pytest.mark.parametrize("defect", HAND_TRIALS)
def test_a_row_fails_with_a_defect_of_the_pages(defect: str, tmp_path: Path) -> None:
    trial = HAND_TRIALS[defect]
    with Ward(tmp_path, more=test_hands.SETTINGS) as ward:
        ward.kiosk.web.env["WARD_DEFECT"] = defect
        with pytest.raises(AssertionError, match=trial.error):
            trial.test(ward, RowResult(trial.row, defect))


_KILLED = test_printing.test_killed_at_each_point_of_a_print_the_paper_is_asked_about_and_the_next_is_whole
_ALL_IS_SENT = ("PRINT_POINTS", ("all is sent",))
PRINTER_TRIALS = {
    "a paper is marked after it was sent": PrinterTrial(33, "twice, unmarked", _KILLED, _ALL_IS_SENT),
    "an interrupted paper is printed again": PrinterTrial(33, "twice, unmarked", _KILLED, _ALL_IS_SENT),
    "half a paper is not cut off": PrinterTrial(
        37, "neither whole nor", _restarted, ("BREAKS", {"half a slip": test_printing.BREAKS["half a slip"]})
    ),
    "a second print is not marked": PrinterTrial(
        35, "twice, unmarked|is believed printed", _answered_first, ("MID_PRINT_FAULTS", ("paper_out",))
    ),
}


@pytest.mark.parametrize("defect", PRINTER_TRIALS)
def test_a_row_fails_with_a_defect_of_printing(defect: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trial = PRINTER_TRIALS[defect]
    monkeypatch.setattr(test_printing, *trial.narrowed)
    with (
        WiredPrinter(speed=0) as printer,
        WIRINGS["network"](printer, tmp_path) as settings,
        closing(test_printing.Counter(tmp_path, printer, settings)) as counter,
    ):
        counter.kiosk.worker.env["WARD_DEFECT"] = defect
        with pytest.raises(AssertionError, match=trial.error):
            trial.test(counter, RowResult(trial.row, defect))


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
    assert set(WARD_TRIALS) | set(STORE_TRIALS) | set(PRINTER_TRIALS) | set(HAND_TRIALS) == set(DEFECTS)
