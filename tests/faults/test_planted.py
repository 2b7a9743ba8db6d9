"""The matrix bites: a worker with a planted defect turns its row red, and for that reason."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.store import db, disk_reserve
from tests.faults import (
    breaking,
    processes,
    test_answers,
    test_clock,
    test_corrupt,
    test_disk,
    test_line,
    test_pauses,
    test_portal,
    test_refusals,
)
from tests.faults.planting import PLANTS
from tests.faults.portal import Portal
from tests.faults.table import Seen
from tests.faults.ward import Ward

pytestmark = pytest.mark.faults
HASTE = 0.2
Trial = Callable[[Ward, Seen], None]
TRIALS: dict[str, tuple[int, str, Trial]] = {
    "any answer is success": (
        *(8, "'confirmed': 4"),
        lambda ward, row: test_answers.test_a_captive_network_answers(
            ward, row, breaking.somebody_else(breaking.LOGIN, "text/html")
        ),
    ),
    "results by position": (17, "attempts", test_answers.test_results_in_another_order_are_matched_by_id),
    "no deadline": (7, "cut at the deadline", test_line.test_an_answer_of_a_byte_a_second),
    "no bisection": (15, "forms confirmed", test_refusals.test_a_form_that_spoils_its_batch),
    "no audit": (
        *(21, "sent again"),
        lambda ward, row: test_portal.test_the_portal_is_put_back_from_a_copy(ward, row, says_so=True),
    ),
    "wiped by the wall clock": (
        *(28, "forms confirmed"),
        lambda ward, row: test_clock.test_a_clock_that_is_wrong_by_years(ward, row, 10),
    ),
    "unknown once unknown for ever": (
        *(12, "is_held"),
        test_pauses.test_a_key_that_the_portal_does_not_know_for_a_while,
    ),
    "the line is the forms fault": (1, "attempts", test_line.test_connection_refused),
    "retry after unheard": (
        *(11, ">= 6.0|does not read"),
        lambda ward, row: test_pauses.test_the_portal_asks_to_wait(
            ward, row, "429 Too Many Requests", test_pauses.IN_SECONDS
        ),
    ),
    "a busy store ends the worker": (
        26,
        "is_alive|forms confirmed",
        test_disk.test_a_store_that_is_held_too_long_asks_to_touch_again,
    ),
}
OF_THE_STORE: dict[str, tuple[int, str, Callable[[Path, Portal, Seen], None]]] = {
    "a commit that waits for no disk": (
        *(24, "Right contains 3 more"),
        test_disk.test_a_disk_that_fails_under_the_log_gives_no_number,
    ),
    "forms begun on a full disk": (25, "DID NOT RAISE", test_disk.test_a_disk_that_is_full_at_submit_gives_no_number),
    "numbers go on where the copy ended": (
        *(27, "no number is given twice"),
        lambda folder, _portal, row: test_corrupt.test_a_store_that_is_corrupt_at_boot_is_put_back_from_a_copy(
            folder, row
        ),
    ),
}


@pytest.mark.parametrize("plant", TRIALS)
def test_a_planted_defect_turns_its_row_red(plant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number, reason, trial = TRIALS[plant]
    with Ward(tmp_path, plant=plant) as ward:
        ward.kiosk.reads()
        monkeypatch.setattr(processes, "patience", HASTE)
        with pytest.raises(AssertionError, match=reason):
            trial(ward, Seen(number, plant))


@pytest.mark.parametrize("plant", OF_THE_STORE)
def test_a_defect_at_the_store_turns_its_row_red(plant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number, reason, trial = OF_THE_STORE[plant]
    for module, name in (
        (db, "_PRAGMAS"),
        (disk_reserve, "may_begin"),
    ):  # what is planted into this process goes with it
        monkeypatch.setattr(module, name, getattr(module, name))
    if number == 27:  # it is the worker that puts the copy back
        monkeypatch.setenv("WARD_PLANT", plant)
    else:
        PLANTS[plant]()
    with closing(Portal(tmp_path / "portal")) as portal:
        portal.start()
        with pytest.raises((AssertionError, pytest.fail.Exception), match=reason):
            trial(tmp_path, portal, Seen(number, plant))


def test_every_defect_is_tried() -> None:
    assert set(TRIALS) | set(OF_THE_STORE) == set(PLANTS)
