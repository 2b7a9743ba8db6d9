"""Scans of other codes and of unusual cards: each gets a message, and the form continues."""

import pytest

from tests.journeys.people import begin_birth, home_answers, mother_registers
from tests.journeys.walker import Walker, card_line

FOREIGN = {
    "vietqr": "mã chuyển tiền",
    "bhyt": "bảo hiểm y tế",
    "wifi": "mạng không dây",
    "url": "mở trang mạng",
    "slip": "phiếu của máy",
}
MOTHER = (
    "046196000123|190000123|Nguyễn Thị Diệu Hiền|{born}|{sex}|Tổ 5, Phú Hậu, Thành phố Huế, Thừa Thiên Huế|10052021"
)


@pytest.mark.parametrize("key", FOREIGN)
def test_a_code_that_is_no_card_is_named(walker: Walker, key: str) -> None:
    begin_birth(walker).scan_line(card_line(key))
    assert FOREIGN[key] in walker.words
    assert walker.at == "/form/nguoi_khai"
    walker.scan("me")
    assert "Nguyễn Thị Diệu Hiền" in walker.words


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "xin chào",
        "|||||||",
        "1" * 10_000,
        "|" * 10_000,
        "\x00\x1b@\x1d",
        "<script>alert(1)</script>",
        "\ud83d",
    ],
    ids=["empty", "blank", "words", "bars", "10kB", "10kB of bars", "printer bytes", "markup", "half a letter"],
)
def test_garbage_is_not_a_card_and_is_not_shown(walker: Walker, line: str) -> None:
    begin_birth(walker).scan_line(line)
    assert "không phải mã trên thẻ căn cước" in walker.words
    assert "<script>alert" not in walker.page
    assert "1" * 100 not in walker.page
    assert walker.at == "/form/nguoi_khai"


@pytest.mark.parametrize("born", ["31021996", "12131996", "99999999"])
def test_a_date_that_is_not_in_the_calendar_is_an_error_of_the_card(walker: Walker, born: str) -> None:
    begin_birth(walker).scan_line(MOTHER.format(born=born, sex="Nữ"))
    assert walker.at == "/form/nguoi_khai"
    assert "không có thật" in walker.words or "không phải mã" in walker.words
    assert born not in walker.page


def test_a_card_with_only_a_year_fills_in_a_year(walker: Walker) -> None:
    begin_birth(walker).scan_line(MOTHER.format(born="00001996", sex="Nữ"))
    assert "Ngày sinh 1996" in walker.words


@pytest.mark.parametrize(("born", "sex"), [("12031996", "Nam"), ("12031986", "Nữ")], ids=["sex", "year"])
def test_a_number_that_does_not_match_warns_and_continues(walker: Walker, born: str, sex: str) -> None:
    begin_birth(walker).scan_line(MOTHER.format(born=born, sex=sex))
    assert "Nguyễn Thị Diệu Hiền" in walker.words
    assert "chưa khớp" in walker.words
    walker.fill(home_answers(walker) | {"nyc_quan_he": "me"})
    assert walker.at == "/form/nguoi_cha"


def test_a_fitting_card_warns_of_nothing(walker: Walker) -> None:
    begin_birth(walker).scan("me")
    assert "chưa khớp" not in walker.words


def test_a_card_without_its_marks_leaves_the_name_to_be_typed(walker: Walker) -> None:
    begin_birth(walker).scan("mat_dau")
    assert walker.at == "/form/nguoi_khai.name"
    assert "mất dấu" in walker.words
    assert "?" not in walker.form().sends["nyc_ho_ten"]
    walker.fill(nyc_ho_ten="Nguyễn Thị Hòa")
    assert "1988" in walker.page or walker.go("/form/nguoi_khai.birth").form().sends["nyc_ngay_sinh.y"] == "1988"


def test_practice_accepts_no_real_card(walker: Walker) -> None:
    begin_birth(walker).scan_line("046196123456||Lê Thị Thật|12031996|Nữ|Phường Phú Xuân, Thành phố Huế|10052021")
    assert "thẻ thật" in walker.words
    assert "Lê Thị Thật" not in walker.page


def test_a_card_may_be_scanned_again(walker: Walker) -> None:
    begin_birth(walker).scan("cha")
    assert "Trần Văn Phước" in walker.words
    walker.press("rescan")
    assert "Trần Văn Phước" not in walker.words
    walker.scan("me")
    assert "Nguyễn Thị Diệu Hiền" in walker.words


def test_a_card_that_no_page_waits_for_is_dropped(walker: Walker) -> None:
    assert not walker.context.card_inbox.put(card_line("me"))
    begin_birth(walker)
    assert "Nguyễn Thị Diệu Hiền" not in walker.words


def test_an_old_ward_is_offered_and_never_replaced_in_silence(walker: Walker) -> None:
    begin_birth(walker).scan("phu_vang")
    assert "Phú Xuân, Phú Vang" in walker.words
    assert "phường Phú Xuân" not in walker.words.replace("Phường Phú Xuân", "")
    walker.fill(nyc_quan_he="me")
    assert walker.at == "/form/nguoi_khai"
    assert 'class="summary"' in walker.page


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ("ba", "Thẻ vừa quét ghi giới tính Nữ. Mời quét đúng thẻ của cha."),
        ("cha", ""),
    ],
)
def test_a_card_of_the_other_sex_is_refused_at_the_scan(walker: Walker, card: str, said: str) -> None:
    mother_registers(begin_birth(walker))
    assert walker.at == "/form/nguoi_cha"
    walker.scan(card)
    assert walker.at == "/form/nguoi_cha"
    assert said in walker.words
    assert ("Máy đã đọc được thẻ" in walker.words) == (not said)
    assert ("Máy đang chờ thẻ" in walker.words) == bool(said)


def test_each_side_of_a_marriage_is_asked_for_a_card_of_its_sex(walker: Walker) -> None:
    walker.go("/need/1.000894").fill(ai_co_mat="hai_nguoi")
    assert walker.at == "/form/ben_nu"
    walker.scan("cha")
    assert "Số trên thẻ này là của nam. Mời quét thẻ của bên nữ, hoặc gặp cán bộ." in walker.words
    assert "Máy đang chờ thẻ" in walker.words
    walker.scan("me")
    assert "Máy đã đọc được thẻ" in walker.words


def test_a_card_whose_words_have_the_right_sex_is_not_refused_for_its_number(walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    walker.scan_line(
        "046154000017||Trần Văn Phước|01051954|Nam|12 Lê Lợi, Phú Hội, Thành phố Huế, Thừa Thiên Huế|10052021"
    )
    assert "Máy đã đọc được thẻ" in walker.words
