"""Certified copies: papers and counts, a name, a slip; no form to print."""

from kiosk.papers import declaration, slip
from printers.render import text
from tests.journeys import submission_checks
from tests.journeys.people import reach_check_page, submit
from tests.journeys.walker import Walker
from tests.pages.test_choose import file_forms

CODE = "2.000815"


def _papers(walker: Walker) -> Walker:
    walker.follow("/choose").follow("/choose?event=giay_to").follow(f"/need/{CODE}").fill()
    assert walker.at == "/form/giay_to"
    return walker


def test_two_papers_two_copies_each_take_six_touches_and_a_card(walker: Walker) -> None:
    """At most 12 touches for two papers with two copies each; nothing is typed."""
    file_forms(walker.context, {CODE: 1}, days_ago=1)
    walker.go("/")
    walker.touches = 0
    walker.press(f"/begin/{CODE}")
    assert walker.at == "/form/giay_to"
    for paper in ("bang", "hoc_ba"):
        walker.fill(add=paper)
    walker.fill({"giay_to.0.so_ban": "2", "giay_to.1.so_ban": "2"})
    assert walker.at == "/form/nguoi_yeu_cau"
    assert "2 giấy, 4 bản: 8.000 đồng" in walker.words
    assert "nhiều nhất 200.000 đồng một bản" in walker.words
    walker.scan("me")
    assert walker.at == "/done"
    assert (walker.touches, walker.letters) == (6, 0)


def test_pages_are_counted_beside_the_sum(walker: Walker) -> None:
    _papers(walker).fill(add="bang").fill(add="hoc_ba").fill({"giay_to.0.so_ban": "2"})
    walker.fill({"giay_to.1.so_trang": "12"}, form="counts")
    assert walker.at == "/form/nguoi_yeu_cau"
    assert "3 bản: 18.000 đồng" in walker.words
    walker.scan("me")
    screens = walker.addresses[walker.addresses.index(f"/need/{CODE}") :]
    assert list(dict.fromkeys(screens)) == [f"/need/{CODE}", "/form/giay_to", "/form/nguoi_yeu_cau", "/done"]
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
    walker.scan("me")
    assert walker.at == "/form/missing"
    assert "trên 200 trang" in walker.words


def test_a_foreign_paper_is_spoken_of_before(walker: Walker) -> None:
    walker.go(f"/need/{CODE}")
    assert "hợp pháp hóa lãnh sự" in walker.words


def test_exceptions_of_legalisation_are_named(walker: Walker) -> None:
    words = walker.go(f"/need/{CODE}").words
    for exception in (
        "hộ chiếu, thẻ căn cước, thẻ thường trú, thẻ cư trú, giấy phép lái xe",
        "bằng tốt nghiệp, chứng chỉ và bảng điểm kèm theo bằng tốt nghiệp, chứng chỉ",
    ):
        assert exception in words
