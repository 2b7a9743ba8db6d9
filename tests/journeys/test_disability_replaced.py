"""A disability certificate that is lost, torn or wrong: the box of the form, the reason of the portal, the papers."""

import pytest

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import home_answers, reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf
from tests.procedures.texts import procedure

NEED = "/need/1.001653"


def _filed(walker: Walker, why: str) -> dict[str, object]:
    walker.follow("/choose").follow("/choose?event=gia_yeu").follow(NEED).fill(vi_sao=why, ai_dung_don="tu")
    walker.scan("me")
    submit(reach_check_page(walker.fill(home_answers(walker))))
    answers: dict[str, object] = submission_checks.checked_body(walker.context, "D")["form"]["answers"]
    return answers


@pytest.mark.parametrize(
    ("why", "box", "reason"),
    [
        ("mat", "cap_lai", "mat_hu_hong"),
        ("hong", "cap_doi", "mat_hu_hong"),
        ("sai", "cap_doi", "sai_thong_tin"),
    ],
)
def test_why_chooses_the_box_and_the_reason(walker: Walker, why: str, box: str, reason: str) -> None:
    answers = _filed(walker, why)
    assert (answers["viec"], answers["ly_do"]) == (box, reason)
    document = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert document is not None
    assert "Cấp lại Giấy xác nhận khuyết tật" in words_of_pdf(document)


def test_a_child_of_six_goes_to_an_officer(walker: Walker) -> None:
    walker.go(NEED).fill(vi_sao="du_6", ai_dung_don="dai_dien")
    assert walker.at == "/ticket"


@pytest.mark.parametrize(("why", "is_asked"), [("mat", False), ("hong", True), ("sai", True)])
def test_the_old_certificate_is_brought_for_an_exchange(walker: Walker, why: str, *, is_asked: bool) -> None:
    words = walker.go(f"{NEED}?vi_sao={why}&ai_dung_don=tu").words
    assert ("Giấy xác nhận khuyết tật cũ" in words) == is_asked
    assert ("phần tình trạng khuyết tật cán bộ ghi" in words) != is_asked
    assert "5 ngày làm việc" in words
    assert "Hội đồng nhân dân" not in words
    assert "cán bộ báo số tiền." in words


def test_the_form_is_that_of_the_first_certificate() -> None:
    first, replaced = procedure("1.001699").declaration, procedure("1.001653").declaration
    assert first is not None
    assert replaced is not None
    assert (replaced.title, replaced.lines) == (first.title, first.lines)
