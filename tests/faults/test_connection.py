"""Rows 1 to 4, 7 and 29: the portal is not reached in time; no attempt is counted, and each form arrives once."""

from pathlib import Path

import pytest

from tests.faults import network_faults
from tests.faults.certificates import make_certificates
from tests.faults.machine import UNKNOWN
from tests.faults.network_faults import SUBMISSIONS
from tests.faults.processes import SCALE, wait_until
from tests.faults.table import RowResult
from tests.faults.ward import Ward, expect_delivery

pytestmark = pytest.mark.faults
FORMS = 3


def wait_for_failures(ward: Ward) -> None:
    """Wait until the kiosk has failed to connect twice more, with what is queued now."""
    before = ward.kiosk.link_state().failures
    wait_until(lambda: ward.kiosk.link_state().failures >= before + 2, 60 + 60 * SCALE, "the kiosk has failed twice")


def wait_for_deadline(ward: Ward, forms: list[str]) -> None:
    """Wait until the attempts for all of these submissions have ended at the deadline."""
    wait_until(
        lambda: {ward.kiosk.outbox_status(form).last_code for form in forms} == {"deadline"},
        60 + 120 * SCALE,
        "aborted at the deadline",
    )


@pytest.mark.row(1)
def test_connection_refused(ward: Ward, row: RowResult) -> None:
    ward.proxy.close()
    forms = ward.kiosk.submit(FORMS)
    wait_for_failures(ward)
    assert ward.kiosk.delivery(forms) == {"queued": FORMS}
    assert ward.kiosk.attempts(forms) == 0
    row.expect_text(ward.kiosk.read_page(), "Đường truyền: Đang mất")
    expect_delivery(ward, forms, row)


@pytest.mark.row(2)
def test_the_host_name_is_not_found(own_ward: Ward, row: RowResult) -> None:
    ward = own_ward
    ward.kiosk.worker.stop()
    ward.kiosk.write_settings("https://cong-cua-tinh.invalid")
    forms = ward.kiosk.submit(FORMS)
    ward.kiosk.start()
    wait_for_failures(ward)
    assert ward.kiosk.attempts(forms) == 0
    assert ward.portal.digests() == {}
    row.expect_text(ward.kiosk.read_page(), "Đang mất: không tìm thấy địa chỉ của cổng")
    ward.kiosk.worker.stop()
    ward.kiosk.write_settings(ward.url)
    ward.kiosk.start()
    expect_delivery(ward, forms, row)


@pytest.mark.row(2)
def test_the_name_look_up_hangs(own_ward: Ward, row: RowResult) -> None:
    ward = own_ward
    ward.kiosk.worker.stop()
    ward.kiosk.write_settings("https://cong-cua-tinh.invalid")
    ward.kiosk.worker.env["WARD_HANGING_NAME"] = "cong-cua-tinh.invalid"
    forms = ward.kiosk.submit(FORMS)
    ward.kiosk.start()
    wait_for_failures(ward)
    assert ward.kiosk.attempts(forms) == 0
    row.expect_text(ward.kiosk.read_page(), "Đang mất: không tìm thấy địa chỉ của cổng")
    ward.kiosk.worker.stop()
    del ward.kiosk.worker.env["WARD_HANGING_NAME"]
    ward.kiosk.write_settings(ward.url)
    ward.kiosk.start()
    expect_delivery(ward, forms, row)


@pytest.mark.row(3)
def test_a_host_that_neither_accepts_nor_refuses(ward: Ward, row: RowResult) -> None:
    with ward.proxy.ignoring_connections():
        forms = ward.kiosk.submit(FORMS)
        wait_for_failures(ward)
        assert ward.kiosk.attempts(forms) == 0
        row.expect_text(ward.kiosk.read_page(), "Đường truyền: Đang mất")
    expect_delivery(ward, forms, row)


@pytest.mark.row(3)
def test_a_host_that_never_answers(ward: Ward, row: RowResult) -> None:
    ward.proxy.inject(network_faults.never_answer, SUBMISSIONS)
    forms = ward.kiosk.submit(FORMS)
    wait_for_deadline(ward, forms)
    row.expect_text(ward.kiosk.read_page_with(UNKNOWN), UNKNOWN)
    expect_delivery(ward, forms, row)


@pytest.mark.row(4)
def test_a_reset_during_the_request(ward: Ward, row: RowResult) -> None:
    ward.proxy.inject(network_faults.reset_request, SUBMISSIONS)
    forms = ward.kiosk.submit(FORMS)
    wait_until(lambda: all(ward.kiosk.outbox_status(form).state == "unknown" for form in forms), 60 + 60 * SCALE)
    assert not ward.portal.digests().keys() & set(forms)
    row.expect_text(ward.kiosk.read_page_with(UNKNOWN), UNKNOWN)
    expect_delivery(ward, forms, row)


@pytest.mark.row(7)
def test_an_answer_of_a_byte_a_second(ward: Ward, row: RowResult) -> None:
    ward.proxy.inject(network_faults.answer_slowly, SUBMISSIONS)
    forms = ward.kiosk.submit(FORMS)
    wait_for_deadline(ward, forms)
    assert ward.portal.digests().keys() >= set(forms)
    row.expect_text(ward.kiosk.read_page_with(UNKNOWN), UNKNOWN)
    expect_delivery(ward, forms, row)


@pytest.mark.row(29)
@pytest.mark.parametrize("fault", ["expired", "wrong host", "unknown authority"])
def test_a_certificate_that_is(own_ward: Ward, row: RowResult, tmp_path: Path, fault: str) -> None:
    ward = own_ward
    ca, good, bad = make_certificates(tmp_path, fault)
    ward.kiosk.worker.stop()
    ward.proxy.tls = bad
    ward.kiosk.write_settings(f"https://127.0.0.1:{ward.proxy.port}", f'ca = "{ca}"')
    forms = ward.kiosk.submit(FORMS)
    ward.kiosk.start()
    wait_for_failures(ward)
    assert ward.proxy.count_requests(SUBMISSIONS) == 0
    assert ward.kiosk.attempts(forms) == 0
    row.expect_text(ward.kiosk.read_page(), "Đang mất: chứng thư của cổng không dùng được")
    ward.proxy.tls = good
    expect_delivery(ward, forms, row)
