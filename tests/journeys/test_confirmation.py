"""Having civil-status data confirmed: for oneself, for a parent with two cards; the sheet is no official form."""

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import home_answers, reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

CODE = "2.002516"
MATTER = "Hai tên Nguyễn Thị Hiền và Nguyễn Thị Diệu Hiền là một người"


def _begin(walker: Walker, relation: str, who: str = "ca_nhan") -> Walker:
    walker.follow("/choose").follow("/choose?event=giay_to").follow(f"/need/{CODE}")
    walker.fill(viec="khai_sinh", ai_xin=who)
    if who == "ca_nhan":
        walker.scan("me").fill(home_answers(walker) | {"nyc_quan_he": relation})
    return walker


def _matter(walker: Walker, text: str = MATTER) -> Walker:
    walker.fill(nd_dan_toc="Kinh")
    assert walker.at == "/form/noi_dung"
    return walker.fill(noi_dung=text, ly_do="Bổ sung hồ sơ thừa kế")


def test_ones_own_data_need_one_card(walker: Walker) -> None:
    submit(reach_check_page(_matter(_begin(walker, "ban_than"))))
    answers = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    assert answers["nd_ho_ten"] == answers["nyc_ho_ten"] == "Nguyễn Thị Diệu Hiền"
    assert answers["nd_gioi_tinh"] == "nu"
    assert answers["doi_tuong"] == "ca_nhan"
    assert "cam_doan" not in answers
    pdf = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert pdf is not None
    words = words_of_pdf(pdf)
    title = "TỜ KHAI ĐỀ NGHỊ XÁC NHẬN THÔNG TIN HỘ TỊCH"
    for text in (title, "Bản khai tại kiosk, chưa theo mẫu", MATTER, "Bổ sung hồ sơ thừa kế"):
        assert text in words, text
    assert "Mẫu số" not in words
    assert "cam đoan" not in words


def test_a_daughter_asks_for_her_father_and_needs_his_authorisation(walker: Walker) -> None:
    _begin(walker, "con")
    assert walker.at == "/form/nguoi_duoc_xac_nhan"
    walker.scan("ong").fill(home_answers(walker))
    _matter(walker, "Hai tên")
    assert walker.at == "/form/missing"
    assert "Văn bản ủy quyền" in walker.words
    submit(reach_check_page(walker))
    answers = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    assert answers["nd_ho_ten"] == "Hồ Văn Lão"


def test_few_words_are_asked_to_be_more_exact(walker: Walker) -> None:
    _matter(_begin(walker, "ban_than"), "Hai tên")
    assert walker.at == "/form/missing"
    assert "càng cụ thể càng dễ tra" in walker.words


def test_an_organisation_goes_to_an_officer(walker: Walker) -> None:
    _begin(walker, "", who="to_chuc")
    assert walker.at == "/ticket"


def test_the_fee_is_that_of_the_record(walker: Walker) -> None:
    words = walker.go(f"/need/{CODE}").words.replace("\u00a0", " ")
    assert "8.000 đồng một văn bản về một việc hộ tịch." in words


def test_the_three_groups_of_the_record_are_spared_the_fee(walker: Walker) -> None:
    words = walker.go(f"/need/{CODE}").words
    assert "gia đình có công với cách mạng, người thuộc hộ nghèo, người khuyết tật được miễn" in words
    procedure = walker.context.catalogue.in_force(CODE, walker.context.clock.today())
    assert {option.id for option in procedure.fees[0].options} == {"khuyet_tat", "ho_ngheo", "co_cong"}
