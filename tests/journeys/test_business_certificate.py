"""A new certificate of a household business: lost ones at the kiosk, exchanges with an officer."""

from tests.journeys import submission_checks
from tests.journeys.people import reach_check_page, submit
from tests.journeys.walker import Walker

CODE = "2.000575"


def test_a_lost_certificate_is_replaced_in_one_working_day(walker: Walker) -> None:
    walker.follow("/choose").follow("/choose?event=lam_an").follow(f"/need/{CODE}")
    assert "1 ngày làm việc" in walker.words
    walker.fill(can_gi="cap_lai", ai_nop="chu_ho").scan("me").fill().fill(ten_hkd="Bún bò O Lành")
    submit(reach_check_page(walker.fill(ly_do="mat")))
    answers = submission_checks.checked_body(walker.context, "E")["form"]["answers"]
    assert (answers["ly_do"], answers["nguoi_nop"]) == ("mat", "chu_ho")


def test_an_exchange_goes_with_a_change_or_a_pause(walker: Walker) -> None:
    words = walker.go(f"/need/{CODE}?can_gi=cap_doi").words
    assert "Đổi giấy làm cùng lúc với thay đổi đăng ký hoặc tạm ngừng." in words


def test_the_papers_of_a_group_are_not_asked(walker: Walker) -> None:
    words = walker.go(f"/need/{CODE}?can_gi=cap_lai&ai_nop=nguoi_khac").words
    assert "Biên bản họp nhóm" not in words
    assert "Giấy ủy quyền nộp thay" in words
