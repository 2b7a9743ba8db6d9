"""Official papers: every field, readable codes, a masked id number, layout, and hostile input."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations
from types import ModuleType
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from kiosk.config import Config
from kiosk.dossiers.case_summary import CaseSummary, ReceivedPaper
from kiosk.papers.forms import acceptance, extension, handover, official, refusal, stop, supplement
from printers.render.line_layout import MM, SHEET_MEASURES
from printers.render.page_layout import lay_sheet
from printers.render.pdf import render_sheet
from printers.render.primitives import Bar, DottedLine, Page, TextMark
from tests.papers import desk, pictures
from tests.papers.desk import NUMBERS, USUAL, VARIANTS
from tests.papers.forms import words_of_pdf
from tests.papers.test_declaration import HOSTILE, differing, squashed
from tests.papers.test_look import boxes, overlap

A5 = SHEET_MEASURES["A5"]
HEAD = (
    "UBND PHƯỜNG PHÚ XUÂN", "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc", "Phú Xuân, ngày 25 tháng 11 năm 2026",
)  # fmt: skip
APPLICANT = ("Nguyễn Thị Diệu Hiền", "•••• 9600 ••••", "Địa chỉ: Tổ 5, phường Phú Xuân, thành phố Huế",
       "Số điện thoại: 0905 000 123", "Email: hien.mau@example.vn")  # fmt: skip
FIELDS: dict[str, tuple[str, ...]] = {
    "01": (
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "Số: ………/TTPVHCC",
        "Mã hồ sơ: H57.99.01-261125-0042",
        "Bộ phận tiếp nhận và trả kết quả: Trung tâm PVHCC phường Phú Xuân",
        "Tiếp nhận hồ sơ của: Nguyễn Thị Diệu Hiền",
        "CCCD/MST: •••• 9600 ••••",
        "Nội dung yêu cầu giải quyết: Đăng ký khai sinh",
        "1. Thành phần hồ sơ, yêu cầu và số lượng mỗi loại giấy tờ gồm:",
        "STT Tên giấy tờ Loại Số lượng",
        "1 Tờ khai đăng ký khai sinh Bản chính 1",
        "2 Giấy chứng sinh Bản chính 1",
        "3 Giấy chứng nhận kết hôn của cha, mẹ Bản sao 1",
        "2. Số lượng hồ sơ: 01 (bộ)",
        "3. Thời gian giải quyết hồ sơ theo quy định là: trong ngày làm việc",
        "4. Thời gian nhận hồ sơ: 8 giờ 52 phút, ngày 25/11/2026",
        "5. Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 27/11/2026",
        "6. Đăng ký nhận kết quả tại: Trung tâm Phục vụ hành chính công, quầy 3",
        "7. Phí, lệ phí (nếu có): Khai sinh đúng hạn 0 đồng; 2 bản sao 16.000 đồng, đã thu",
        "Vào Sổ theo dõi hồ sơ, Quyển số",
        "Số thứ tự",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
        "(Ký và ghi rõ họ tên)",
        "Lê Hoài An",
        "Chú ý:",
        "giấy này, căn cước, lệ phí chưa nộp; nhận thay phải có giấy ủy quyền",
        "Tổng đài 1900 1075",
    ),
    "02": (
        "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
        "Số: ………/TTPVHCC",
        "Mã hồ sơ: H57.99.01-261125-0042",
        "Hồ sơ của: Nguyễn Thị Diệu Hiền",
        "Nội dung yêu cầu giải quyết: Đăng ký khai sinh",
        "Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:",
        *(f"{number}. {item}" for number, item in enumerate(desk.ITEMS, 1)),
        f"Lý do: {desk.REASON}",
        "Trong quá trình hoàn thiện hồ sơ nếu có vướng mắc, Ông/Bà liên hệ với Lê Hoài An, số điện thoại 1900 1075",
        "NGƯỜI HƯỚNG DẪN",
    ),
    "03": (
        "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
        "Số: ………/TTPVHCC",
        "Tiếp nhận hồ sơ của: Nguyễn Thị Diệu Hiền",
        "Nội dung yêu cầu giải quyết: Đăng ký khai sinh",
        "Qua xem xét, Trung tâm Phục vụ hành chính công phường Phú Xuân thông báo không tiếp nhận, giải quyết hồ sơ "
        f"này với lý do cụ thể như sau: {desk.REFUSAL_REASON}",
        "Xin thông báo cho Ông/Bà được biết",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
    ),
    "04": (
        "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT",
        "Số: ………/TTPVHCC",
        "Kính gửi Ông/Bà: Nguyễn Thị Diệu Hiền",
        "Ngày tiếp nhận: 25/11/2026",
        "Mã hồ sơ: H57.99.01-261125-0042",
        "Nội dung yêu cầu giải quyết: Đăng ký khai sinh",
        "Thời gian hẹn trả kết quả cũ: 17 giờ 00 phút, ngày 27/11/2026",
        f"Lý do chậm trả: {desk.EXTENDED.reason}",
        "hẹn trả kết quả đến: 17 giờ 00 phút, ngày 02/12/2026",
        "Sự chậm trễ này đã gây phiền hà, tốn kém chi phí, công sức của Ông/Bà.",
        "xin lỗi Ông/Bà",
        "THỦ TRƯỞNG CƠ QUAN",
    ),
    "05": (
        "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
        "Số: ………/TTPVHCC",
        "Kính gửi Ông/Bà: Nguyễn Thị Diệu Hiền",
        "Mã hồ sơ: H57.99.01-261125-0042",
        "Nội dung yêu cầu giải quyết: Đăng ký khai sinh",
        "Đề nghị dừng của người nộp: ngày 26/11/2026",
        f"Giai đoạn đang giải quyết: {desk.STOPPED.stage}",
        f"thông báo dừng giải quyết hồ sơ nêu trên với lý do như sau: {desk.STOPPED.reason}",
        f"Hoàn trả giấy tờ, phí, lệ phí (nếu có): {desk.STOPPED.returned}",
        "THỦ TRƯỞNG CƠ QUAN",
    ),
    "handover": (
        "PHIẾU GIAO NHẬN KẾT QUẢ GIẢI QUYẾT HỒ SƠ",
        "Mã hồ sơ: H57.99.01-261125-0042",
        "Hồ sơ của: Nguyễn Thị Diệu Hiền",
        f"Kết quả đã giao: {desk.HANDED_OUT.what}",
        "Người nhận kết quả: Trần Văn Phước",
        "Quan hệ với người nộp hồ sơ: Chồng",
        "Thời gian giao nhận: 17 giờ 00 phút, ngày 27/11/2026",
        "NGƯỜI NHẬN KẾT QUẢ",
        "NGƯỜI TRẢ KẾT QUẢ",
    ),
}
"""Words that each form must have, with the answers of the usual case."""


def _pdf(form: ModuleType, case: CaseSummary, *words: Any) -> bytes:
    """Render a form; the acceptance has two copies."""
    sheets = form.sheets(case, *words) if form is acceptance else (form.sheet(case, *words),)
    return render_sheet(*sheets)


def printed(case: CaseSummary = USUAL) -> dict[str, bytes]:
    """Return all six papers as PDF."""
    return {
        "01": _pdf(acceptance, case, desk.ACCEPTED),
        "02": _pdf(supplement, case, desk.ITEMS, desk.REASON),
        "03": _pdf(refusal, case, desk.REFUSAL_REASON),
        "04": _pdf(extension, case, desk.EXTENDED),
        "05": _pdf(stop, case, desk.STOPPED),
        "handover": _pdf(handover, case, desk.HANDED_OUT),
    }


PRINTED = printed()


def count_of_pages(document: bytes) -> int:
    pdf = pypdfium2.PdfDocument(document)
    try:
        assert {tuple(round(side / MM) for side in page.get_size()) for page in pdf} == {(148, 210)}
        return len(pdf)
    finally:
        pdf.close()


def codes_of(page: Image.Image) -> dict[str, str]:
    """Return the texts of the codes on a page, by kind: "QRCode", "Code128"."""
    return {str(code.format).rpartition(".")[2].replace(" ", ""): code.text for code in zxingcpp.read_barcodes(page)}


@cache
def pages_of(number: str, variant: str) -> list[Page]:
    return [page for sheet in desk.sheets(number, variant) for page in lay_sheet(sheet)]


def words(page: Page) -> str:
    return " ".join(mark.text for mark in page.marks if isinstance(mark, TextMark))


# --- what a form must say


@pytest.mark.parametrize("number", NUMBERS)
def test_every_field_of_the_form_is_on_the_paper(number: str) -> None:
    read = squashed(words_of_pdf(PRINTED[number]))
    for text in (*HEAD, *APPLICANT, *FIELDS[number]):
        assert squashed(text) in read, text


@pytest.mark.parametrize("number", NUMBERS)
def test_the_id_number_is_masked(number: str) -> None:
    read = squashed(words_of_pdf(PRINTED[number]))
    assert desk.NUMBER not in read
    assert desk.NUMBER[:8] not in read
    assert desk.NUMBER.encode() not in PRINTED[number]


@pytest.mark.parametrize("number", NUMBERS)
def test_every_page_says_where_when_and_that_the_form_was_not_compared(number: str) -> None:
    document = PRINTED[number]
    read = words_of_pdf(document)
    pages = count_of_pages(document)
    assert read.count("Lập tại quầy phường Phú Xuân, máy PK03, 8:52, 25/11/2026.") == pages
    assert read.count(f"{desk.RECEIPT}, trang 1/1") == pages
    compared = (
        "Giấy riêng của quầy."
        if number == "handover"
        else f"Mẫu {number} chưa so với bản gốc: cán bộ xem lại trước khi ký."
    )
    assert read.count(compared) == pages


@pytest.mark.parametrize("number", NUMBERS)
def test_a_practice_paper_has_the_word(number: str) -> None:
    practising = replace(USUAL, config=Config().practising())
    assert "TẬP" in words_of_pdf(printed(practising)[number])
    assert "TẬP" not in words_of_pdf(PRINTED[number])


def test_form_01_comes_in_two_copies_of_a_page_that_say_whose_they_are() -> None:
    pdf = pypdfium2.PdfDocument(PRINTED["01"])
    first, second = (page.get_textpage().get_text_bounded() for page in pdf)
    pdf.close()
    assert "Liên 1: giao người nộp hồ sơ" in first
    assert "Liên 2: lưu, chuyển kèm hồ sơ" in second
    assert "Chú ý" in first
    assert "Chú ý" in second


def test_without_the_official_number_the_paper_is_provisional_and_names_the_receipt_number() -> None:
    read = words_of_pdf(_pdf(acceptance, replace(USUAL, official_no=""), desk.ACCEPTED))
    assert "GIẤY TIẾP NHẬN HỒ SƠ TẠM" in read
    assert desk.RECEIPT in read
    assert "sẽ báo sau" in read
    assert "Giấy này tạm dùng, có mã hồ sơ thì quầy in lại." in read
    assert "Giấy riêng của quầy" in read


@pytest.mark.parametrize("number", ["02", "03", "handover"])
def test_other_papers_go_without_a_number_that_is_not_there_yet(number: str) -> None:
    read = words_of_pdf(printed_without_number(number))
    assert "Mã hồ sơ" not in read
    assert desk.RECEIPT in read


def printed_without_number(number: str) -> bytes:
    return render_sheet(*desk.TYPICAL[number](replace(USUAL, official_no="")))


def test_an_hour_that_nobody_can_promise_leaves_gaps_for_the_hand() -> None:
    read = words_of_pdf(_pdf(acceptance, USUAL, replace(desk.ACCEPTED, due_at=None)))
    assert "5. Thời gian trả kết quả giải quyết hồ sơ: giờ phút, ngày 6." in read


def test_a_case_that_stops_without_being_asked_says_so() -> None:
    read = words_of_pdf(_pdf(stop, USUAL, replace(desk.STOPPED, asked_on=None, returned=" ")))
    assert "Đề nghị dừng của người nộp: không có" in read
    assert "Hoàn trả giấy tờ, phí, lệ phí (nếu có): không có" in read


def test_days_are_written_as_decrees_write_them() -> None:
    written = {
        "2026-02-03T02:00:00+07:00": "ngày 03 tháng 02 năm 2026",
        "2026-03-09T02:00:00+07:00": "ngày 09 tháng 3 năm 2026",
        "2026-12-31T23:30:00+00:00": "ngày 01 tháng 01 năm 2027",
    }
    for at, text in written.items():
        assert official.date_in_words(desk.AT.fromisoformat(at)) == text


# --- codes


def test_form_01_is_read_by_its_bars_and_its_square() -> None:
    for page in pictures.pages(PRINTED["01"], 200):
        assert codes_of(page) == {"Code128": desk.OFFICIAL, "QRCode": desk.RECEIPT}


@pytest.mark.parametrize("number", NUMBERS[1:])
def test_the_square_holds_the_receipt_number_and_nothing_else(number: str) -> None:
    (page,) = pictures.pages(PRINTED[number], 200)
    assert codes_of(page) == {"QRCode": desk.RECEIPT}


@pytest.mark.parametrize("official_no", ["000.00.19.H47-260105-0001", "H57.132-260804-0583", "A" * 32])
def test_numbers_of_other_shapes_have_bars_that_can_be_read(official_no: str) -> None:
    page = pictures.pages(_pdf(acceptance, replace(USUAL, official_no=official_no), desk.ACCEPTED), 200)[0]
    assert codes_of(page)["Code128"] == official_no


@pytest.mark.parametrize("official_no", ["H57-Ễ-0042", "9" * 60])
def test_a_number_without_bars_is_in_words(official_no: str) -> None:
    document = _pdf(acceptance, replace(USUAL, official_no=official_no), desk.ACCEPTED)
    assert codes_of(pictures.pages(document, 200)[0]) == {"QRCode": desk.RECEIPT}
    assert official_no in words_of_pdf(document).replace(" ", "")


# --- what comes from outside


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_print_as_plain_words(text: str) -> None:
    case = replace(USUAL, procedure=text, applicant=text, address=text, email=text, officer=text)
    papers = {
        "01": _pdf(acceptance, case, replace(desk.ACCEPTED, papers=(ReceivedPaper(text, text),), term=text, fees=text)),
        "02": _pdf(supplement, case, [text], text),
        "03": _pdf(refusal, case, text),
        "04": _pdf(extension, case, replace(desk.EXTENDED, reason=text)),
        "05": _pdf(stop, case, stop.Stop(asked_on=None, stage=text, reason=text, returned=text)),
        "handover": _pdf(handover, case, handover.Handover(what=text, taken_by=text, relation=text, at=desk.DUE)),
    }
    for document in papers.values():
        read = words_of_pdf(document)
        assert all(letter.isprintable() or letter == "\u00a0" for letter in read)
        assert "Nguyễn" in read
        assert b"root:" not in document


def test_markup_is_printed_letter_by_letter() -> None:
    read = words_of_pdf(_pdf(refusal, USUAL, '<img src="/etc/passwd"> & <b'))
    assert '<img src="/etc/passwd"> & <b' in read


def test_a_reason_keeps_the_lines_in_which_it_was_typed() -> None:
    pages = lay_sheet(refusal.sheet(USUAL, "Một.\r\n\r\n  Hai.\nBa."))
    lines = [mark.text.strip() for page in pages for mark in page.marks if isinstance(mark, TextMark)]
    assert [line for line in lines if line in ("Một.", "Hai.", "Ba.")] == ["Một.", "Hai.", "Ba."]


# --- layout


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("number", NUMBERS)
def test_nothing_leaves_the_page_or_covers_another(number: str, variant: str) -> None:
    for page in pages_of(number, variant):
        page_boxes = list(boxes(page))
        for text, left, top, right, bottom in page_boxes:
            assert left >= A5.left - 1, text
            assert right <= A5.width - A5.right + 1, text
            assert top >= 0, text
            assert bottom <= A5.height - A5.bottom + 12, text
        for first, second in combinations(page_boxes, 2):
            assert not overlap(first, second), (first[0], second[0])
        for mark in page.marks:
            if isinstance(mark, Bar | DottedLine):
                assert mark.x + mark.width <= A5.width - A5.right + 1


@pytest.mark.parametrize("variant", ["typical", "least"])
@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_usual_fits_on_one_page(number: str, variant: str) -> None:
    assert {len(lay_sheet(sheet)) for sheet in desk.sheets(number, variant)} == {1}


def test_five_papers_still_fit_on_one_page() -> None:
    five = replace(desk.ACCEPTED, papers=(*desk.ACCEPTED.papers, *desk.ACCEPTED.papers[:2]))
    assert len(lay_sheet(acceptance.sheets(USUAL, five)[0])) == 1


SIGNED = {
    "01": "NGƯỜI TIẾP NHẬN HỒ SƠ", "02": "NGƯỜI HƯỚNG DẪN", "03": "NGƯỜI TIẾP NHẬN HỒ SƠ",
    "04": "THỦ TRƯỞNG CƠ QUAN", "05": "THỦ TRƯỞNG CƠ QUAN", "handover": "NGƯỜI TRẢ KẾT QUẢ",
}  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("number", NUMBERS)
def test_one_signs_once_with_enough_space_and_below_an_answer(number: str, variant: str) -> None:
    for sheet in desk.sheets(number, variant):
        *before, last = lay_sheet(sheet)
        assert SIGNED[number] in words(last)
        assert not any(SIGNED[number] in words(page) for page in before)
        assert any(isinstance(mark, DottedLine) for mark in last.marks)
        assert space_under(last, SIGNED[number]) >= (13 if number == "01" else 23)


def space_under(page: Page, title: str) -> float:
    """Return the empty millimetres under the hint of a signature, down to the next words in its half."""
    (above,) = [mark for mark in page.marks if isinstance(mark, TextMark) and mark.text == title]
    hint, *under = sorted(
        mark.y - 0.8 * getattr(mark, "size", 0)
        for mark in page.marks
        if isinstance(mark, TextMark | Bar) and mark.y > above.y + 1 and mark.x + mark.width > page.width / 2
    )
    return (under[0] - hint) / MM


@pytest.mark.parametrize("count", [*range(1, 16), 40])
def test_no_page_splits_a_row_of_papers_or_lacks_the_head_above_it(count: int) -> None:
    papers = tuple(ReceivedPaper(f"Giấy thứ {number}", "bản sao", 1) for number in range(1, count + 1))
    pages = lay_sheet(acceptance.sheets(USUAL, replace(desk.ACCEPTED, papers=papers))[0])
    read = [words(page) for page in pages]
    assert [len(re.findall(rf"Giấy thứ {number} ", " ".join(read))) for number in range(1, count + 1)] == [1] * count
    for page in read:
        assert ("Giấy thứ" in page) == ("Tên giấy tờ" in page)
    assert "Chú ý:" in read[-1]
    assert "NGƯỜI NỘP HỒ SƠ" in read[-1], "the notice does not stand on a page by itself"


@pytest.mark.parametrize("count", [1, 12, 13, 14, 15, 16, 17, 18, 30])
def test_all_requested_items_are_on_the_paper(count: int) -> None:
    items = [f"Giấy thứ {number}" for number in range(1, count + 1)]
    pages = lay_sheet(supplement.sheet(USUAL, items, desk.REASON))
    read = " ".join(words(page) for page in pages)
    assert all(f"{number}. Giấy thứ {number} " in f"{read} " for number in range(1, count + 1))
    assert "NGƯỜI HƯỚNG DẪN" in words(pages[-1])
    assert "Lý do:" in words(pages[-1])


@pytest.mark.parametrize("letters", [100, 900, 1500, 2500, 4000, 9000])
def test_a_long_reason_loses_no_word(letters: int) -> None:
    reason = " ".join(f"chữ{number}" for number in range(letters // 6))
    pages = lay_sheet(refusal.sheet(USUAL, reason))
    read = " ".join(words(page) for page in pages)
    assert set(reason.split()) <= set(read.split())
    assert "NGƯỜI TIẾP NHẬN HỒ SƠ" in words(pages[-1])
    assert len(pages) <= 2 + letters // 1500, "no page is left nearly empty"


def lines_of_size(page: Page) -> Iterator[float]:
    yield from (mark.size for mark in page.marks if isinstance(mark, TextMark) and re.match(r"\d+\. Nhà", mark.text))


def test_the_lines_of_a_long_reason_are_all_of_one_size() -> None:
    sizes = {size for page in pages_of("03", "longest") for size in lines_of_size(page)}
    assert len(sizes) == 1


# --- the picture as a whole


@pytest.mark.parametrize("number", NUMBERS)
def test_the_paper_looks_as_it_did(number: str) -> None:
    assert differing(pictures.golden_paper(number), f"desk-{number}") < 0.02
