"""Asking for a disability certificate: a mother for her child, an adult alone; the screen asks nothing about health."""

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import home_answers, reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

CODE = "1.001699"
REST = "&ai_dung_don=tu&den_duoc=duoc"
"""The other answers, which bring the papers."""


def _begin(walker: Walker, who: str, what: str = "lan_dau", comes: str = "duoc") -> Walker:
    walker.follow("/choose").follow("/choose?event=gia_yeu").follow(f"/need/{CODE}")
    return walker.fill(can_gi=what, ai_dung_don=who, den_duoc=comes)


def test_a_mother_asks_for_her_child(walker: Walker) -> None:
    _begin(walker, "dai_dien").scan("sinh_vien")
    walker.fill(home_answers(walker))
    assert walker.at == "/form/nguoi_dai_dien"
    walker.scan("me").fill(home_answers(walker) | {"dd_quan_he": "me", "dd_dien_thoai": "0914 123 456"})
    submit(reach_check_page(walker))
    answers = submission_checks.checked_body(walker.context, "D")["form"]["answers"]
    assert answers["viec"] == "xac_dinh"
    assert answers["nkt_noi_o"] == answers["nkt_thuong_tru"]
    assert answers["dd_ho_ten"] == "Nguyễn Thị Diệu Hiền"
    pdf = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert pdf is not None
    words = words_of_pdf(pdf)
    for text in (
        "Mẫu số 01",
        "III. Thông tin về tình trạng khuyết tật",
        "1.1 Mềm nhẽo",
        "10. Đọc, viết",
        "Người viết đơn",
    ):
        assert text in words, text


def test_health_is_told_to_an_officer_only(walker: Walker) -> None:
    walker.go(f"/need/{CODE}?can_gi=lan_dau{REST}")
    assert "không khai trên màn hình này" in walker.words
    _begin(walker, "tu", what="xac_dinh_lai").scan("me")
    walker.fill(home_answers(walker))
    reach_check_page(walker)
    assert "dạng tật" not in walker.words.lower()
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "D")["form"]["answers"]
    assert answers["viec"] == "xac_dinh_lai"
    assert not [key for key in answers if key.startswith("dd_")]


def test_a_lost_certificate_is_another_procedure(walker: Walker) -> None:
    _begin(walker, "tu", what="doi_cap_lai")
    assert walker.at == "/need/1.001653"


def test_papers_of_rare_cases_are_listed_in_these_cases_only(walker: Walker) -> None:
    first = walker.go(f"/need/{CODE}?can_gi=lan_dau{REST}").words
    assert "Giám định y khoa" not in first.replace("đã có kết luận giám định y khoa", "")
    assert "Giấy xác nhận khuyết tật cũ" not in first
    assert "Hội đồng Giám định y khoa" in walker.go(f"/need/{CODE}?can_gi=co_ket_luan{REST}").words
    assert "Giấy xác nhận khuyết tật cũ" in walker.go(f"/need/{CODE}?can_gi=xac_dinh_lai{REST}").words
