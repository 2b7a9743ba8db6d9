"""A household business ends: the tax notice, papers of a group, the sheet."""

import pytest

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

CODE = "1.001266"
MINUTES = "Biên bản họp nhóm"


@pytest.mark.parametrize("taxes", ["co", "chua"])
def test_a_tax_notice_may_follow(walker: Walker, taxes: str) -> None:
    walker.follow("/choose").follow("/choose?event=lam_an").follow(f"/need/{CODE}")
    walker.fill(ai_lap="mot_nha", ai_nop="chu_ho").scan("me").fill().fill(ten_hkd="Bún bò O Lành")
    walker.fill(ly_do="khong_hieu_qua")
    assert walker.at == "/form/thue"
    submit(reach_check_page(walker.fill(thue_xong=taxes)))
    answers = submission_checks.checked_body(walker.context, "E")["form"]["answers"]
    assert (answers["thue_xong"], answers["nguoi_nop"]) == (taxes, "chu_ho")
    document = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert document is not None
    assert "chưa theo mẫu" in words_of_pdf(document)


@pytest.mark.parametrize(("founders", "is_asked"), [("nhom", True), ("mot_nha", False)])
def test_a_group_brings_its_minutes(walker: Walker, founders: str, *, is_asked: bool) -> None:
    words = walker.go(f"/need/{CODE}?ai_lap={founders}&ai_nop=chu_ho").words
    assert (MINUTES in words) == is_asked
    assert "5 ngày làm việc" in words
    assert "Phường hỏi ý kiến cơ quan thuế." in words
