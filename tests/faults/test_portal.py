"""Rows 20 and 21: the portal dies around its commit, or comes back with the memory of last night."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults import breaking
from tests.faults.breaking import SUBMISSIONS
from tests.faults.line import Call
from tests.faults.portal import Portal
from tests.faults.processes import SCALE, until
from tests.faults.table import Seen
from tests.faults.ward import Ward, arrive

pytestmark = pytest.mark.faults
FORMS = 3
LONG = 60 + 120 * SCALE


@contextmanager
def no_commit(portal: Portal) -> Iterator[None]:
    """Hold what a taking needs to write, so that it waits just before its commit."""
    with portal.engine.connect() as db:
        is_file = portal.engine.dialect.name == "sqlite"  # there each transaction begins IMMEDIATE
        db.exec_driver_sql("select 1" if is_file else "lock table submissions in share row exclusive mode")
        yield
        db.rollback()


@pytest.mark.row(20)
def test_the_portal_dies_before_its_commit(tmp_path: Path, database: str, row: Seen) -> None:
    with Ward(tmp_path, database=database) as ward:

        def dies(call: Call) -> None:
            with no_commit(ward.portal), ThreadPoolExecutor() as threads:
                answer = threads.submit(call.passed_on)
                assert not wait([answer], 0.5).done
                ward.portal.kill()

        ward.line.break_(dies, SUBMISSIONS, times=1)
        forms = ward.kiosk.file(FORMS)
        until(lambda: ward.kiosk.line().is_up is False, LONG, "the kiosk notices")
        assert ward.portal.held() == {}
        assert {ward.kiosk.standing(form).state for form in forms} <= {"unknown", "todo"}
        row.read(ward.kiosk.reads(), "Đường truyền: Đang mất")
        arrive(ward, forms, row)


@pytest.mark.row(20)
def test_the_portal_dies_after_its_commit(tmp_path: Path, database: str, row: Seen) -> None:
    with Ward(tmp_path, database=database) as ward:

        def dies(call: Call) -> None:
            breaking.lost(call)
            ward.portal.kill()

        ward.line.break_(dies, SUBMISSIONS, times=1)
        forms = ward.kiosk.file(FORMS)
        until(lambda: ward.kiosk.line().is_up is False, LONG, "the kiosk notices")
        first = ward.portal.held()
        assert first.keys() <= set(forms)
        assert first
        assert ward.kiosk.delivery(forms) == {"queued": FORMS}
        row.read(ward.kiosk.reads(), "Đường truyền: Đang mất")
        arrive(ward, forms, row)
        assert ward.portal.takings() == FORMS


@pytest.mark.row(21)
@pytest.mark.parametrize("says_so", [True, False], ids=["with a new epoch", "without a new epoch"])
def test_the_portal_is_put_back_from_a_copy(own_ward: Ward, row: Seen, says_so: bool) -> None:
    ward = own_ward
    early = ward.kiosk.file(FORMS)
    ward.kiosk.until_confirmed(early)
    copy = ward.portal.copy()
    late = ward.kiosk.file(FORMS)
    ward.kiosk.until_confirmed(late)
    until(lambda: ward.portal.read_to(ward.kiosk.id) == 2 * FORMS, LONG, "the feed read to its end")
    ward.portal.stop()
    ward.portal.put_back(copy)
    if says_so:
        ward.portal.rows("update epochs set epoch = 'after-the-restore'")
    assert ward.portal.held().keys() == set(early)
    epoch = ward.portal.rows("select epoch from epochs")
    ward.portal.start()
    until(lambda: ward.is_whole(early + late), LONG, "what was forgotten is sent again")
    assert ward.portal.rows("select count(*), count(distinct submission_id) from submissions") == [(2 * FORMS,) * 2]
    assert (ward.portal.rows("select epoch from epochs") == epoch) is says_so
    arrive(ward, early + late, row)
    row.read(ward.kiosk.reads(), "Đường truyền Tốt")
