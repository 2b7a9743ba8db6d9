"""Rows of things on one page: one touch adds a row, one touch removes it, and nothing typed is lost."""

from dataclasses import replace

from kiosk.pages.officer.assist import desk_form
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.loader import Catalogue
from tests.journeys.walker import Walker

COPIES = "2.000815"
STAY = "1.004194"


def _papers(walker: Walker, *papers: str) -> Walker:
    walker.go(f"/need/{COPIES}").fill()
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


def test_a_wrong_count_is_an_error_and_the_row_keeps_its_last_one(walker: Walker) -> None:
    _papers(walker, "bang").fill({"giay_to.0.so_trang": "nhiều"})
    assert walker.at == "/form/giay_to"
    assert "Mời chọn từ 1 đến 999." in walker.words
    assert _sent(walker)["giay_to.0.so_trang"] == "1"


def test_a_list_that_is_wanted_may_not_stay_empty(walker: Walker) -> None:
    _papers(walker).fill()
    assert walker.at == "/form/giay_to"
    assert "Chưa có giấy nào" in walker.words


def test_only_what_is_offered_becomes_a_row_and_no_more_than_twenty(walker: Walker) -> None:
    _papers(walker)
    walker.post(walker.at, add="bằng giả")
    walker.post(walker.at, add="")
    assert _sent(walker) == {}
    for _ in range(20):
        walker.post(walker.at, add="bang")
    walker.post(walker.at, add="bang")
    assert len(_sent(walker)) == 2 * 20


def _with_most(walker: Walker, most: int) -> None:
    """Restart the kiosk with a list that may have `most` rows."""
    context = walker.context
    old = context.catalogue.in_force(COPIES, context.clock.today())
    assert old is not None
    fields = tuple(replace(item, high=most) if item.key == "giay_to" else item for item in old.fields)
    catalogue = Catalogue([replace(old, fields=fields)])
    walker.context = walker.app.extensions["context"] = replace(context, catalogue=catalogue)


def test_a_full_list_offers_and_takes_no_more_rows(walker: Walker) -> None:
    _with_most(walker, 3)
    _papers(walker, "bang", "hoc_ba")
    assert "add" in walker.form().buttons
    walker.fill(add="so_dat")
    assert "add" not in walker.form().buttons
    walker.post(walker.at, add="bang")
    assert len(_sent(walker)) == 2 * 3
    walker.fill(drop="0")
    assert "add" in walker.form().buttons


def test_a_full_list_of_people_has_no_page_for_another_row(walker: Walker) -> None:
    procedure = walker.context.catalogue.in_force(STAY, walker.context.clock.today())
    assert procedure is not None
    fields = tuple(replace(item, high=2) if item.key == "thanh_vien" else item for item in procedure.fields)
    procedure = replace(procedure, fields=fields)
    step = next(step for step in procedure.steps if step.rows == "thanh_vien")
    draft = Draft(STAY, procedure.version, answers={"thanh_vien": [{"ho_ten": "Nguyễn Thị Mẫu"}]})
    today = walker.context.clock.today()
    draft.done[:] = [page.id for page in journey.pages(procedure, draft, today)]
    for rows, wanted in ((1, True), (2, False)):
        draft.answers["thanh_vien"] = [{"ho_ten": "Nguyễn Thị Mẫu"}] * rows
        assert (journey.find_page(procedure, draft, today, f"{step.id}.{rows}") is not None) is wanted
        assert (desk_form.find_page(procedure, draft, f"{step.id}.{rows}", today) is not None) is wanted


def test_general_rules_are_shown_before_the_form(walker: Walker) -> None:
    walker.go("/need/1.010041")
    assert "Làm được ở Công an phường, xã bất kỳ" in walker.words
