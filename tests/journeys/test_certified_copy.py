"""Certified copies: papers and counts, a name, a slip; no form to print."""

from kiosk.papers import declaration, slip
from printers.render import text
from tests.journeys import submission_checks
from tests.journeys.people import reach_check_page, submit
from tests.journeys.walker import Walker

CODE = "2.000815"


def _papers(walker: Walker) -> Walker:
    walker.follow("/choose").follow("/choose?event=giay_to").follow(f"/need/{CODE}").fill(noi_cap_giay="viet_nam")
    assert walker.at == "/form/giay_to"
    return walker


def test_two_papers_are_listed_and_paid_by_pages(walker: Walker) -> None:
    _papers(walker).fill(add="bang").fill(add="hoc_ba")
    walker.fill({"giay_to.0.so_ban": "2", "giay_to.1.so_trang": "12"})
    walker.scan("me").fill(nyc_dien_thoai="0905000123")
    reach_check_page(walker)
    screens = walker.addresses[walker.addresses.index(f"/need/{CODE}") :]
    assert [screen for screen in screens if screen != "/form/missing"] == [
        f"/need/{CODE}",
        "/form/giay_to",
        "/form/nguoi_yeu_cau",
        "/form/check",
    ]
    assert "18.000 đồng" in walker.words
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "B")["form"]["answers"]
    assert answers["giay_to"] == [
        {"ten": "bang", "so_trang": 1, "so_ban": 2},
        {"ten": "hoc_ba", "so_trang": 12, "so_ban": 1},
    ]
    assert answers["dang_ban_sao"] == "giay"
    submission = submission_checks.only_submission(walker.context)
    assert declaration.declaration(walker.context, submission.id) is None
    paper = slip.compose(walker.context, submission.id, {})
    assert paper is not None
    words = " ".join(text.render(paper).split())
    assert "Bản chính từng giấy" in words
    assert "chứng thực bản sao, 3 bản, 18.000 đồng" in words


def test_no_card_and_no_number_will_do(walker: Walker) -> None:
    _papers(walker).fill(add="khai_sinh").fill()
    walker.press("by-hand").fill(nyc_ho_ten="Hồ Văn Lão")
    walker.fill(unknown="nyc_so_dinh_danh").fill()
    reach_check_page(walker)
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "B")["form"]["answers"]
    assert answers["nyc_ho_ten"] == "Hồ Văn Lão"
    assert "nyc_so_dinh_danh" not in answers


def test_nothing_is_certified_without_a_paper(walker: Walker) -> None:
    _papers(walker).fill()
    assert walker.at == "/form/giay_to"
    assert "Chưa có giấy nào" in walker.words


def test_a_book_of_many_pages_is_asked_about(walker: Walker) -> None:
    _papers(walker).fill(add="so_bhxh").fill({"giay_to.0.so_trang": "250"})
    walker.scan("me").fill()
    assert walker.at == "/form/missing"
    assert "trên 200 trang" in walker.words


def test_a_foreign_paper_is_spoken_of_before(walker: Walker) -> None:
    walker.go(f"/need/{CODE}?noi_cap_giay=nuoc_ngoai")
    assert "hợp pháp hóa lãnh sự" in walker.words


def test_exceptions_of_legalisation_are_named(walker: Walker) -> None:
    words = walker.go(f"/need/{CODE}?noi_cap_giay=nuoc_ngoai").words
    for exception in (
        "hộ chiếu, thẻ căn cước, thẻ thường trú, thẻ cư trú, giấy phép lái xe",
        "bằng tốt nghiệp, chứng chỉ và bảng điểm kèm theo bằng tốt nghiệp, chứng chỉ",
    ):
        assert exception in words
