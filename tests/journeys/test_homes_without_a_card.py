"""The home is asked where no card gave it and a rule about the place of filing needs it."""

from tests.journeys.people import home_answers, pick_ward
from tests.journeys.walker import Walker

WITHOUT_MARKS = "046196000123|190000123|Nguy?n Th? Di?u Hi?n|12031996|N?|T? 5, Ph? H?u, Th?nh ph? Hu?|10052021"
ELSEWHERE = "Nơi ở của cả hai người không thuộc phường này."


def begin(walker: Walker) -> Walker:
    return walker.go("/need/1.000894").fill(ai_co_mat="hai_nguoi")


def type_person(walker: Walker, side: str, name: str, number: str) -> Walker:
    walker.press("by-hand").fill({f"{side}_ho_ten": name})
    walker.fill({f"{side}_ngay_sinh.d": "2", f"{side}_ngay_sinh.m": "9", f"{side}_ngay_sinh.y": "1993"})
    walker.fill({f"{side}_giay_to_tuy_than.so": number})
    return walker.fill({f"{side}_dan_toc": "Kinh"})


def type_woman(walker: Walker) -> Walker:
    return type_person(walker, "nu", "Lê Thị Bưởi", "046193000111")


def type_man(walker: Walker) -> Walker:
    return type_person(walker, "nam", "Trần Văn Thử", "046093000456")


def test_two_typed_people_of_another_ward_hear_where_to_file(walker: Walker) -> None:
    type_woman(begin(walker)).fill()
    assert walker.at == "/form/ben_nam", "a blank home stays blank"
    type_man(walker)
    assert walker.at == "/form/ben_nam.home"
    pick_ward(walker.fill(pick="nam_noi_cu_tru"), "00004", "ba dinh", "Số 1")
    walker.fill()
    assert walker.at == "/form/ben_nam.home"
    assert ELSEWHERE in walker.words
    walker.fill()
    assert walker.at == "/form/da_tung"


def test_one_home_is_enough_for_a_rule_over_two(walker: Walker) -> None:
    begin(walker).scan("me").fill(home_answers(walker) | {"nu_dan_toc": "Kinh"})
    type_man(walker)
    assert walker.at == "/form/da_tung"


def test_a_card_without_marks_has_no_home_so_it_is_asked(walker: Walker) -> None:
    begin(walker).scan_line(WITHOUT_MARKS)
    walker.fill(nu_ho_ten="Nguyễn Thị Diệu Hiền").fill().fill().fill(nu_dan_toc="Kinh")
    assert walker.at == "/form/ben_nu.home"
    walker.fill().scan("cha").fill(home_answers(walker) | {"nam_dan_toc": "Kinh"})
    assert walker.at == "/form/da_tung"


def test_the_home_of_the_dead_is_asked_as_the_last_one(walker: Walker) -> None:
    walker.go("/need/1.000656").fill(mat_o_dau="benh_vien")
    walker.scan("me").fill(home_answers(walker) | {"nyc_quan_he": "con"})
    walker.press("by-hand").fill(nc_ho_ten="Trần Văn Thử").fill({"nc_ngay_sinh.y": "1942"}, nc_gioi_tinh="nam")
    walker.fill({"nc_giay_to_tuy_than.so": "046042000222"})
    assert walker.at == "/form/nguoi_mat.home"
    assert "Nơi ở cuối cùng của người đã mất?" in walker.words
    assert "Nay vẫn ở đó" not in walker.words
