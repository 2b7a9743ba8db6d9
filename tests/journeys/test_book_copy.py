"""A copy from the book of originals: papers by who asks, matters of other procedures, warnings; no form to print."""

import pytest

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import reach_check_page, submit
from tests.journeys.walker import Walker

CODE = "2.000908"
REPRESENTS = "Giấy đại diện hoặc ủy quyền"
RELATION = "Giấy về quan hệ với người mất"


def _begin(walker: Walker, whose: str) -> Walker:
    walker.follow("/choose").follow("/choose?event=giay_to").follow(f"/need/{CODE}")
    walker.fill(giay_nao="phuong_cap", cap_cho_ai=whose)
    assert walker.at == "/form/nguoi_yeu_cau"
    return walker.scan("me").fill()


def _answers(walker: Walker) -> dict[str, object]:
    submit(reach_check_page(walker))
    submission = submission_checks.only_submission(walker.context)
    assert declaration.declaration(walker.context, submission.id) is None
    answers: dict[str, object] = submission_checks.checked_body(walker.context, "B")["form"]["answers"]
    return answers


def test_my_own_paper_needs_no_name_on_it(walker: Walker) -> None:
    _begin(walker, "ban_than")
    assert walker.at == "/form/giay"
    answers = _answers(walker.fill(giay_to="quyet_dinh"))
    assert (answers["tu_cach"], answers["giay_to"], answers["so_ban"]) == ("ban_than", "quyet_dinh", 1)
    assert "cap_cho" not in answers


@pytest.mark.parametrize(
    ("whose", "page", "answer"),
    [
        ("dai_dien", "/form/duoc_dai_dien", {"dai_dien_theo": "uy_quyen"}),
        ("dai_dien", "/form/duoc_dai_dien", {"dai_dien_theo": "phap_luat"}),
        ("da_mat", "/form/nguoi_mat", {"quan_he": "con"}),
        ("da_mat", "/form/nguoi_mat", {"quan_he": "thua_ke"}),
    ],
)
def test_another_s_paper_asks_the_name_and_the_right_to_ask(
    walker: Walker, whose: str, page: str, answer: dict[str, str]
) -> None:
    _begin(walker, whose)
    assert walker.at == page
    walker.fill(cap_cho="Lê Văn An", **answer)
    assert walker.at == "/form/giay"
    filed = _answers(walker.fill(giay_to="xac_nhan"))
    assert filed["cap_cho"] == "Lê Văn An"
    assert answer.items() <= filed.items()


@pytest.mark.parametrize(
    ("whose", "papers", "absent"),
    [
        ("ban_than", [], [REPRESENTS, RELATION]),
        ("dai_dien", [REPRESENTS], [RELATION]),
        ("da_mat", [RELATION], [REPRESENTS]),
    ],
)
def test_papers_depend_on_who_asks(walker: Walker, whose: str, papers: list[str], absent: list[str]) -> None:
    words = walker.go(f"/need/{CODE}?giay_nao=phuong_cap&cap_cho_ai={whose}").words
    assert [paper for paper in papers if paper not in words] == []
    assert [paper for paper in absent if paper in words] == []


@pytest.mark.parametrize(
    ("which", "address"), [("ho_tich", "/need/2.000635"), ("con_ban_chinh", "/need/2.000815"), ("noi_khac", "")]
)
def test_other_papers_lead_to_their_procedure_or_to_an_officer(walker: Walker, which: str, address: str) -> None:
    page = walker.go(f"/need/{CODE}?giay_nao={which}").page
    assert address in page
    assert address or "Nơi nào giữ sổ gốc thì nơi đó cấp bản sao." in page


def test_nothing_is_paid_and_an_answer_comes_in_any_case(walker: Walker) -> None:
    words = walker.go(f"/need/{CODE}?giay_nao=phuong_cap&cap_cho_ai=ban_than").words
    assert "1 ngày làm việc" in words
    assert "phường trả lời bằng văn bản" in words
