"""Rows 20 and 21: the portal dies before or after its commit, or is restored from a backup."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults import network_faults
from tests.faults.network_faults import SUBMISSIONS
from tests.faults.portal import Portal
from tests.faults.processes import SCALE, wait_until
from tests.faults.proxy import ProxiedRequest
from tests.faults.table import RowResult
from tests.faults.ward import Ward, expect_delivery

pytestmark = pytest.mark.faults
FORMS = 3
TIMEOUT = 60 + 120 * SCALE


@contextmanager
def blocking_commit(portal: Portal) -> Iterator[None]:
    """Hold a lock, so that a request that writes waits before its commit."""
    with portal.engine.connect() as db:
        is_sqlite = portal.engine.dialect.name == "sqlite"  # there each transaction begins IMMEDIATE
        db.exec_driver_sql("select 1" if is_sqlite else "lock table submissions in share row exclusive mode")
        yield
        db.rollback()


@pytest.mark.row(20)
def test_the_portal_dies_before_its_commit(tmp_path: Path, database: str, row: RowResult) -> None:
    with Ward(tmp_path, database=database) as ward:

        def kill_portal(request: ProxiedRequest) -> None:
            with blocking_commit(ward.portal), ThreadPoolExecutor() as threads:
                answer = threads.submit(request.forward)
                assert not wait([answer], 0.5).done
                ward.portal.kill()

        ward.proxy.inject(kill_portal, SUBMISSIONS, times=1)
        forms = ward.kiosk.submit(FORMS)
        wait_until(lambda: ward.kiosk.link_state().is_up is False, TIMEOUT, "the kiosk notices")
        assert ward.portal.digests() == {}
        assert {ward.kiosk.outbox_status(form).state for form in forms} <= {"unknown", "todo"}
        row.expect_text(ward.kiosk.read_page(), "Đường truyền: Đang mất")
        expect_delivery(ward, forms, row)


@pytest.mark.row(20)
def test_the_portal_dies_after_its_commit(tmp_path: Path, database: str, row: RowResult) -> None:
    with Ward(tmp_path, database=database) as ward:

        def kill_portal(request: ProxiedRequest) -> None:
            network_faults.lose_answer(request)
            ward.portal.kill()

        ward.proxy.inject(kill_portal, SUBMISSIONS, times=1)
        forms = ward.kiosk.submit(FORMS)
        wait_until(lambda: ward.kiosk.link_state().is_up is False, TIMEOUT, "the kiosk notices")
        stored = ward.portal.digests()
        assert stored.keys() <= set(forms)
        assert stored
        assert ward.kiosk.delivery(forms) == {"queued": FORMS}
        row.expect_text(ward.kiosk.read_page(), "Đường truyền: Đang mất")
        expect_delivery(ward, forms, row)
        assert ward.portal.count_changes() == FORMS


@pytest.mark.row(21)
@pytest.mark.parametrize("has_new_epoch", [True, False], ids=["with a new epoch", "without a new epoch"])
def test_the_portal_is_restored_from_a_backup(own_ward: Ward, row: RowResult, has_new_epoch: bool) -> None:
    ward = own_ward
    early = ward.kiosk.submit(FORMS)
    ward.kiosk.wait_until_confirmed(early)
    backup = ward.portal.back_up()
    late = ward.kiosk.submit(FORMS)
    ward.kiosk.wait_until_confirmed(late)
    wait_until(lambda: ward.portal.read_seq(ward.kiosk.id) == 2 * FORMS, TIMEOUT, "the feed is read to its end")
    ward.portal.stop()
    ward.portal.restore(backup)
    if has_new_epoch:
        ward.portal.sql("update epochs set epoch = 'after-the-restore'")
    assert ward.portal.digests().keys() == set(early)
    epoch = ward.portal.sql("select epoch from epochs")
    ward.portal.start()
    wait_until(lambda: ward.has_all(early + late), TIMEOUT, "lost submissions are sent again")
    assert ward.portal.sql("select count(*), count(distinct submission_id) from submissions") == [(2 * FORMS,) * 2]
    assert (ward.portal.sql("select epoch from epochs") == epoch) is has_new_epoch
    expect_delivery(ward, early + late, row)
    row.expect_text(ward.kiosk.read_page(), "Đường truyền Tốt")
