"""Rows of things on one page: one touch adds a row, one touch removes it, and nothing typed is lost."""

from kiosk.procedures.journey import MAX_ROWS
from tests.journeys.walker import Walker

COPIES = "2.000815"


def _papers(walker: Walker, *papers: str) -> Walker:
    walker.go(f"/need/{COPIES}").fill(noi_cap_giay="viet_nam")
    for paper in papers:
        walker.fill(add=paper)
    assert walker.at == "/form/giay_to"
    return walker


def _sent(walker: Walker) -> dict[str, str]:
    return {name: value for name, value in walker.form().sends.items() if name.startswith("giay_to.")}


def test_the_text_of_a_row_stays_when_another_is_added(walker: Walker) -> None:
    _papers(walker, "bang").fill({"giay_to.0.so_trang": "12", "add": "hoc_ba"})
    assert _sent(walker) == {
        "giay_to.0.so_trang": "12", "giay_to.0.so_ban": "1", "giay_to.1.so_trang": "1", "giay_to.1.so_ban": "1",
    }  # fmt: skip


def test_a_row_that_is_taken_out_leaves_the_others_as_they_are(walker: Walker) -> None:
    _papers(walker, "bang", "hoc_ba").fill({"giay_to.1.so_trang": "12", "drop": "0"})
    assert _sent(walker) == {"giay_to.0.so_trang": "12", "giay_to.0.so_ban": "1"}
    assert "Học bạ" in walker.words
    walker.fill(drop="0")
    assert _sent(walker) == {}


def test_a_wrong_count_is_an_error_in_its_row_and_kept(walker: Walker) -> None:
    _papers(walker, "bang").fill({"giay_to.0.so_trang": "nhiều"})
    assert walker.at == "/form/giay_to"
    assert "Mời chọn từ 1 đến 999." in walker.words
    assert _sent(walker)["giay_to.0.so_trang"] == "nhiều"


def test_a_list_that_is_wanted_may_not_stay_empty(walker: Walker) -> None:
    _papers(walker).fill()
    assert walker.at == "/form/giay_to"
    assert "Chưa có giấy nào" in walker.words


def test_only_what_is_offered_becomes_a_row_and_no_more_than_twenty(walker: Walker) -> None:
    _papers(walker)
    walker.post(walker.at, add="bằng giả")
    walker.post(walker.at, add="")
    assert _sent(walker) == {}
    for _ in range(MAX_ROWS + 2):
        walker.fill(add="bang")
    assert len(_sent(walker)) == 2 * MAX_ROWS


def test_general_rules_are_shown_before_the_form(walker: Walker) -> None:
    walker.go("/need/1.010041")
    assert "Làm được ở Công an phường, xã bất kỳ" in walker.words
