"""A person with a begun form chooses another procedure: the form is not deleted before they say so."""

from tests.journeys.people import BIRTH, COPY, begin_birth, mother_registers
from tests.journeys.walker import Walker


def begin_copy(walker: Walker) -> Walker:
    return walker.go(f"/need/{COPY}").fill(giay_nao="khai_sinh")


def test_another_procedure_asks_before_the_begun_form_is_deleted(walker: Walker) -> None:
    mother_registers(begin_birth(walker.go("/")))
    at = walker.at
    begin_copy(walker)
    assert walker.heading == "Còn một tờ khai dở"
    assert "Đăng ký khai sinh" in walker.words
    walker.follow(at)
    assert walker.heading == "Người cha là ai?"


def test_the_begun_form_is_deleted_by_its_own_button(walker: Walker) -> None:
    mother_registers(begin_birth(walker.go("/")))
    begin_copy(walker).fill(form="/begin/", drop="1")
    assert walker.at.startswith("/form/")
    walker.go(f"/need/{BIRTH}")
    assert "Khai tiếp" not in walker.words


def test_the_begun_form_can_be_kept_from_there(walker: Walker) -> None:
    mother_registers(begin_birth(walker.go("/")))
    begin_copy(walker).press("keep")
    assert walker.heading == "Phiếu đang in"


def test_a_form_without_an_answer_gives_way_unasked(walker: Walker) -> None:
    begin_birth(walker.go("/"))
    assert begin_copy(walker).at.startswith("/form/")
