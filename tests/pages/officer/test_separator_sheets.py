"""A stack of several papers at the desk, sorted by separator sheets: printed, scanned, kept as one PDF a paper."""

import re

import pypdfium2
import pytest
import zxingcpp

from kiosk.acts import attaching
from kiosk.context import Context
from kiosk.records import audit
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_paper_stack import _keep, _paper, _scan, _stored, desk
from tests.paper_scanner.stand_in import Feeder, feeder, paper, separator

__all__ = ["desk", "feeder"]


def _sheets(desk: Desk) -> list[str]:
    """Return the papers that the printed sheets of the case name."""
    address = re.sub(r"/scans/.*", "/separators.pdf", _paper(desk))
    document = pypdfium2.PdfDocument(desk.browser.get(address).data)
    codes = [zxingcpp.read_barcodes(page.render(scale=2).to_pil()) for page in document]
    return [code.text.removeprefix("NGAN1:") for (code,) in codes]


def _numbers(desk: Desk) -> list[int]:
    return [int(number) for number in re.findall(r'name="keep"[^>]*value="(\d+)"[^>]*checked', desk.page)]


def test_one_sheet_is_printed_for_each_paper_of_the_case(desk: Desk, birth_filed: Context) -> None:
    assert "In tờ ngăn" in desk.words
    papers = _sheets(desk)
    assert _paper(desk).rpartition("/")[2] in papers
    assert len(papers) == len(set(papers)) > 1
    with birth_filed.store.read() as db:
        (entry,) = audit.latest(db, {"export"}, 1)
    assert entry.line.facts["detail"] == "separators"


def test_the_sheets_sort_a_stack_and_are_dropped_with_their_empty_backs(
    desk: Desk, birth_filed: Context, feeder: Feeder
) -> None:
    first, second = _sheets(desk)[:2]
    feeder.put(separator(second), paper(""), paper("một"), paper("hai"), separator(first), paper("ba"))
    words = _scan(desk).words
    assert "Đã bỏ 2 tờ ngăn, xếp các trang theo giấy." in words
    assert _numbers(desk) == [1, 2, 3]
    assert "Đã giữ cả xấp, mỗi giấy một tệp PDF." in _keep(desk, 1, 2, 3).words
    assert {scan.paper: scan.pages for scan in _stored(birth_filed)} == {second: 2, first: 1}


def test_pages_before_the_first_sheet_are_of_the_paper_whose_page_is_open(
    desk: Desk, birth_filed: Context, feeder: Feeder
) -> None:
    own, other = _sheets(desk)[:2]
    address = re.sub(r"[^/]+$", own, _paper(desk))
    desk.go(address)
    feeder.put(paper("một"), separator(other), paper("hai"))
    assert "1 trang trước tờ ngăn đầu vào" in _scan(desk).words
    _keep(desk, 1, 2)
    assert {scan.paper: scan.pages for scan in _stored(birth_filed)} == {own: 1, other: 1}


def test_a_stack_without_sheets_is_of_one_paper_and_the_page_says_so(desk: Desk, feeder: Feeder) -> None:
    feeder.put(paper("một"), paper("hai"))
    assert "Không thấy tờ ngăn: cả xấp vào" in _scan(desk).words


def test_pages_after_a_sheet_of_another_case_are_of_no_listed_paper(
    desk: Desk, birth_filed: Context, feeder: Feeder
) -> None:
    feeder.put(separator("giay_cua_ho_so_khac"), paper("một"))
    assert "1 tờ ngăn không thuộc hồ sơ này: các trang sau nó vào giấy khác." in _scan(desk).words
    _keep(desk, 1)
    assert [scan.paper for scan in _stored(birth_filed)] == ["khac"]


def test_two_sheets_of_one_paper_join_their_pages_and_a_sheet_without_pages_is_told(
    desk: Desk, birth_filed: Context, feeder: Feeder
) -> None:
    first, second = _sheets(desk)[:2]
    feeder.put(separator(first), paper("một"), separator(second), separator(first), paper("hai"))
    words = _scan(desk).words
    assert "Có 2 tờ ngăn của" in words
    assert "chưa có trang nào." in words
    _keep(desk, 1, 2)
    assert {scan.paper: scan.pages for scan in _stored(birth_filed)} == {first: 2}


def test_a_jam_between_two_papers_keeps_the_order(desk: Desk, birth_filed: Context, feeder: Feeder) -> None:
    first, second = _sheets(desk)[:2]
    feeder.put(separator(first), paper("một"), separator(second))
    feeder.ends_with(6)
    assert "Máy quét kẹt giấy ở trang 2" in _scan(desk).words
    feeder.ends_with(7)
    feeder.put(paper("hai"))
    _scan(desk)
    _keep(desk, 1, 2)
    assert {scan.paper: scan.pages for scan in _stored(birth_filed)} == {first: 1, second: 1}


def test_the_kept_papers_leave_the_stack_when_a_later_one_is_refused(
    desk: Desk, birth_filed: Context, feeder: Feeder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attaching, "MAX_SCANS", 1)
    first, second = _sheets(desk)[:2]
    feeder.put(separator(first), paper("một"), separator(second), paper("hai"))
    _scan(desk)
    refused = _keep(desk, 1, 2)
    assert refused.answer.status_code == 422
    assert [scan.paper for scan in _stored(birth_filed)] == [first]
    assert desk.page.count('name="keep"') == 1
