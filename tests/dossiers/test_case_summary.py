"""Papers received on form 01: kind and number as the desk has ticked them."""

from datetime import UTC, datetime

import pytest

from kiosk.dossiers import case_summary
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.records.inspections import Inspection
from kiosk.records.submissions import Submission
from tests.procedures.texts import DAY, FILES, procedure

AT = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
COPIES = {
    "1.001570": {"hop_dong_dich_vu", "ban_sao_can_cuoc"},
    "1.001266": {"hop_dong_dich_vu", "ban_sao_can_cuoc"},
    "2.000720": {"uy_quyen_chu_ho", "chung_tu", "uy_quyen_thanh_vien", "hop_dong_dich_vu", "ban_sao_can_cuoc"},
    "2.000575": {"hop_dong_dich_vu", "ban_sao_can_cuoc"},
    "1.001612": {"uy_quyen_nha", "hop_dong_dich_vu", "ban_sao_can_cuoc"},
    "1.001699": {"y_te", "giam_dinh"},
    "1.001731": {"khai_tu", "thoi_huong"},
    "1.004746": {"giay_cu", "giay_khac"},
    "1.004772": {"giay_to_ca_nhan"},
    "1.004884": {"ban_sao_ks", "giay_con"},
    "1.005461": {"giay_tu", "chung_minh_chet"},
    "2.000806": {"ho_chieu"},
    "2.000815": {"ban_chup"},
}


def test_a_paper_that_is_named_a_copy_is_marked_as_one() -> None:
    marked = {form.code: {paper.id for paper in form.papers if paper.copy} for form in FILES.values()}
    assert {code: papers for code, papers in marked.items() if papers} == COPIES
    for form in FILES.values():
        named = {paper.id for paper in form.papers if paper.kind == "nop" and "Bản sao" in paper.name.vi}
        assert named <= COPIES.get(form.code, set())


@pytest.mark.parametrize(
    ("paper", "is_copied", "count", "line"),
    [
        ("khai_tu", False, 1, ["Bản sao giấy chứng tử hoặc giấy báo tử", "bản sao", 1]),
        ("khai_tu", False, 3, ["Bản sao giấy chứng tử hoặc giấy báo tử", "bản sao", 3]),
        ("thoi_huong", False, 2, ["Bản sao quyết định hoặc danh sách thôi hưởng trợ cấp", "bản sao", 2]),
    ],
)
def test_a_copy_is_received_as_a_copy_with_its_number(
    paper: str, is_copied: bool, count: int, line: list[object]
) -> None:
    form = procedure("1.001731")
    submission = Submission(
        id="",
        receipt_no="PK03-261124-0017",
        procedure=form.code,
        version=form.version,
        unit="",
        day=DAY,
        seq=17,
        completed_at=AT,
        digest="",
    )
    opened = OpenedSubmission(
        submission=submission, procedure=form, answers={"dien": "tuat_80"}, applicant={}, ticket=None
    )
    tick = Inspection(paper=paper, is_seen=True, is_copied=is_copied, actor="CB01", at=AT, count=count)
    received = case_summary.papers_received(opened, {paper: tick})
    assert line in received
