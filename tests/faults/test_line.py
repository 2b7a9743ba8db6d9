"""Rows 1 to 4, 7 and 29: nobody is reached, or not in time; no form is to blame, and each arrives once."""

from pathlib import Path

import pytest

from tests.faults import breaking
from tests.faults.processes import SCALE, until
from tests.faults.table import Seen
from tests.faults.ward import Ward, arrive
from tests.faults.witnesses import certificate

pytestmark = pytest.mark.faults
FORMS = 3


def wait_for_the_line(ward: Ward, *codes: str) -> None:
    """Wait until the kiosk has noticed, more than once."""
    until(lambda: ward.kiosk.line().failures >= 2, 60 + 60 * SCALE, f"the kiosk notices {codes}")


@pytest.mark.row(1)
def test_connection_refused(ward: Ward, row: Seen) -> None:
    ward.line.shut()
    forms = ward.kiosk.file(FORMS)
    wait_for_the_line(ward)
    assert ward.kiosk.delivery(forms) == {"queued": FORMS}
    assert ward.kiosk.attempts(forms) == 0
    row.read(ward.kiosk.reads(), "Đường truyền: Đang mất")
    arrive(ward, forms, row)


@pytest.mark.row(2)
def test_the_name_is_not_found(own_ward: Ward, row: Seen) -> None:
    ward = own_ward
    ward.kiosk.worker.stop()
    ward.kiosk.write_settings("https://cong-cua-tinh.invalid")
    forms = ward.kiosk.file(FORMS)
    ward.kiosk.start()
    wait_for_the_line(ward)
    assert ward.kiosk.attempts(forms) == 0
    assert ward.portal.held() == {}
    row.read(ward.kiosk.reads(), "Đang mất: không tìm thấy địa chỉ của cổng")
    ward.kiosk.worker.stop()
    ward.kiosk.write_settings(ward.url)
    ward.kiosk.start()
    arrive(ward, forms, row)


@pytest.mark.row(3)
def test_a_black_hole_that_does_not_even_refuse(ward: Ward, row: Seen) -> None:
    with ward.line.swallowing():
        forms = ward.kiosk.file(FORMS)
        wait_for_the_line(ward)
        assert ward.kiosk.attempts(forms) == 0
        row.read(ward.kiosk.reads(), "Đường truyền: Đang mất")
    arrive(ward, forms, row)


@pytest.mark.row(3)
def test_a_black_hole_that_takes_the_request(ward: Ward, row: Seen) -> None:
    ward.line.break_(breaking.mute, breaking.SUBMISSIONS)
    forms = ward.kiosk.file(FORMS)
    until(
        lambda: {ward.kiosk.standing(form).last_code for form in forms} == {"deadline"},
        60 + 120 * SCALE,
        "cut at the deadline",
    )
    row.read(ward.kiosk.reads(), "Chưa rõ")
    arrive(ward, forms, row)


@pytest.mark.row(4)
def test_a_reset_in_the_request(ward: Ward, row: Seen) -> None:
    ward.line.break_(breaking.cut_off, breaking.SUBMISSIONS)
    forms = ward.kiosk.file(FORMS)
    until(lambda: all(ward.kiosk.standing(form).state == "unknown" for form in forms), 60 + 60 * SCALE)
    assert not ward.portal.held().keys() & set(forms)
    row.read(ward.kiosk.reads(), "Chưa rõ")
    arrive(ward, forms, row)


@pytest.mark.row(7)
def test_an_answer_of_a_byte_a_second(ward: Ward, row: Seen) -> None:
    ward.line.break_(breaking.trickle, breaking.SUBMISSIONS)
    forms = ward.kiosk.file(FORMS)
    until(
        lambda: {ward.kiosk.standing(form).last_code for form in forms} == {"deadline"},
        60 + 120 * SCALE,
        "cut at the deadline",
    )
    assert ward.portal.held().keys() >= set(forms)
    row.read(ward.kiosk.reads(), "Chưa rõ")
    arrive(ward, forms, row)


@pytest.mark.row(29)
@pytest.mark.parametrize("fault", ["expired", "wrong host", "unknown authority"])
def test_a_certificate_that_is(own_ward: Ward, row: Seen, tmp_path: Path, fault: str) -> None:
    ward = own_ward
    ca, good, bad = certificate(tmp_path, fault)
    ward.kiosk.worker.stop()
    ward.line.tls = bad
    ward.kiosk.write_settings(f"https://127.0.0.1:{ward.line.port}", f'ca = "{ca}"')
    forms = ward.kiosk.file(FORMS)
    ward.kiosk.start()
    wait_for_the_line(ward)
    assert ward.line.met(breaking.SUBMISSIONS) == 0
    assert ward.kiosk.attempts(forms) == 0
    row.read(ward.kiosk.reads(), "Đang mất: chứng thư của cổng không dùng được")
    ward.line.tls = good
    arrive(ward, forms, row)
