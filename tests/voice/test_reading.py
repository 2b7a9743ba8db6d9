"""Tests of the reading rules: every figure, sign and abbreviation becomes the words that a person says."""

import re
from datetime import date

import pytest

from kiosk.config import Config
from kiosk.pages.citizen.spoken_texts import spoken_texts
from kiosk.startup.context_factory import open_catalogue
from kiosk.voice import page_clips
from kiosk.voice.reading import sentences, spoken_words

SPOKEN = {
    # numbers
    "Có 21 người chờ": "Có hai mươi mốt người chờ",
    "24 giờ": "hai mươi bốn giờ",
    "105 bản": "một trăm linh năm bản",
    "1,5 lần": "một phẩy năm lần",
    "Giảm 50%": "Giảm năm mươi phần trăm",
    "15–25 phút": "mười lăm đến hai mươi lăm phút",
    "Mục 3.1 và II.2": "Mục ba chấm một và hai chấm hai",
    "8 m² sàn": "tám mét vuông sàn",
    # money
    "8.000 đ": "tám nghìn đồng",
    "1.250.000 đồng": "một triệu hai trăm năm mươi nghìn đồng",
    "Lệ phí: 75.000\u00a0đồng.": "Lệ phí, bảy mươi lăm nghìn đồng.",
    # dates
    "03/11/2026": "ngày ba tháng mười một năm hai nghìn không trăm hai mươi sáu",
    "Ngày 14/4/2026": "ngày mười bốn tháng tư năm hai nghìn không trăm hai mươi sáu",
    "đến hết ngày 28/02": "đến hết ngày hai mươi tám tháng hai",
    "Thẻ từ 7/2024": "Thẻ từ tháng bảy năm hai nghìn không trăm hai mươi bốn",
    "năm 1942": "năm một nghìn chín trăm bốn mươi hai",
    "thứ Năm, 03/12": "thứ Năm, ngày ba tháng mười hai",
    "45/13/2026": "bốn mươi lăm trên mười ba trên hai nghìn không trăm hai mươi sáu",
    # times
    "15:00": "ba giờ chiều",
    "9:40": "chín giờ bốn mươi phút sáng",
    "0:00": "mười hai giờ đêm",
    "7h30": "bảy giờ ba mươi phút sáng",
    "Nộp trước 15 giờ": "Nộp trước ba giờ chiều",
    # identity numbers: never whole
    "046123456789": "bốn số cuối là sáu, bảy, tám, chín",
    "số 046 123 456 789": "số bốn số cuối là sáu, bảy, tám, chín",
    "•••• •••• 0123": "bốn số cuối là không, một, hai, ba",
    "tài khoản 19036512345": "tài khoản bốn số cuối là hai, ba, bốn, năm",
    # phones and codes
    "0914 123 456": "không chín một bốn, một hai ba, bốn năm sáu",
    "0914123456": "không chín một bốn, một hai ba, bốn năm sáu",
    "1900 1075": "một chín không không, một không bảy năm",
    "PK03-261124-0017-V": "pê ca không ba, hai sáu một một hai bốn, không không một bảy, vê",
    "H57.99-260804-0583": "hát năm bảy, chín chín, hai sáu không tám không bốn, không năm tám ba",
    "Số A012": "Số a, không mười hai",
    "Số A105": "Số a, một trăm linh năm",
    "tờ khai CT01": "tờ khai xê tê không một",
    "Nghị định 118/2025/NĐ-CP": "Nghị định một trăm mười tám năm hai nghìn không trăm hai mươi lăm",
    "25/4 Đặng Văn Ngữ": "hai mươi lăm trên bốn Đặng Văn Ngữ",
    "ten@noi.vn": "ten a còng noi chấm vn",
    # abbreviations
    "UBND phường": "ủy ban nhân dân phường",
    "thẻ BHYT, CMND": "thẻ bảo hiểm y tế, chứng minh nhân dân",
    "TP. Huế": "thành phố Huế",
    "P. Phú Xuân, Q. Thuận Hóa": "phường Phú Xuân, quận Thuận Hóa",
    "Mã QR": "mã quy a",
    "VNeID": "vi en i ai đi",
    "KHAI": "KHAI",
    # signs
    "Ông/bà": "Ông bà",
    "vợ/chồng": "vợ hoặc chồng",
    "bệnh viện (nếu có); ghi rõ": "bệnh viện, nếu có, ghi rõ",
    "Khai sinh, kết hôn…": "Khai sinh, kết hôn",
    "chọn “Tại nhà”.": "chọn Tại nhà.",
    # names
    "H'Wiên": "HWiên",
    "Y-Kôp, Ta-ôi": "Y Kôp, Ta ôi",
}
"""Written text -> as a person reads it."""


@pytest.mark.parametrize(("text", "words"), SPOKEN.items())
def test_a_text_is_spoken_as_a_person_reads_it(text: str, words: str) -> None:
    assert spoken_words(text, "vi") == words


ENGLISH = {
    "Born 12/11/2026, at home": "Born 12 November 2026, at home",
    "from 1/7/2025": "from 1 July 2025",
    "45/13/2026": "45/13/2026",
    "“Other”…": "Other",
    "ID •••• •••• 0123": "ID 0123",
}


@pytest.mark.parametrize("text", ENGLISH)
def test_an_english_date_is_spoken_with_its_month(text: str) -> None:
    assert spoken_words(text, "en") == ENGLISH[text]


def test_sentences_are_cut_at_their_ends_and_lose_nothing() -> None:
    text = "Ở TP. Huế thì ghi đúng. Sinh tại nhà thì chọn “Tại nhà”. Có đúng không? Lệ phí 8.000\u00a0đồng."
    assert sentences(text) == [
        "Ở TP. Huế thì ghi đúng.",
        "Sinh tại nhà thì chọn “Tại nhà”.",
        "Có đúng không?",
        "Lệ phí 8.000\u00a0đồng.",
    ]
    assert " ".join(sentences(text)) == text
    assert sentences("Khai sinh, kết hôn, v.v. và cư trú") == ["Khai sinh, kết hôn, v.v. và cư trú"]
    assert sentences("") == []


def test_a_long_number_is_whole_in_no_language() -> None:
    for lang in ("vi", "en", "ktv"):
        words = spoken_words("ID 046123456789, account 1903 6512 3456", lang)
        assert not re.search(r"\d{5}|4 ?6 ?1 ?2 ?3|không, bốn, sáu", words)
        assert "6 7 8 9" in words or "sáu, bảy, tám, chín" in words


def test_no_sentence_of_a_page_has_figures_or_signs_left() -> None:
    texts = spoken_texts(Config(), open_catalogue(Config()), day=date(2026, 11, 28), lang="vi")
    clips = page_clips.all_clips([item.text for item in texts], "vi")
    assert len(clips) > 1500
    assert [clip.words for clip in clips if re.search(r"[^\w\s,.?!]|\d|_", clip.words)] == []
