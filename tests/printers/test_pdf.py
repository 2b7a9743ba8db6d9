from itertools import pairwise

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from printers.document import Gap, Rule
from printers.render import pdf
from printers.render.line_layout import SHEET_MEASURES, lay_line
from printers.render.page_layout import lay_sheet
from printers.render.primitives import Bar, DottedLine, Modules, TextMark
from printers.settings import PrinterSettings
from printers.sheet import (
    Answer,
    Box,
    Columns,
    DottedLines,
    Footnotes,
    FormLine,
    FormText,
    Grid,
    Heading,
    LetterBoxes,
    NationalHeader,
    PageBreak,
    Sheet,
    Signature,
    Signatures,
    Title,
)
from tests.printers.samples import RECEIPT, slip, ticket
from tests.printers.samples_sheets import acceptance, answer_line, declaration

HOSTILE = ['<img src="/etc/passwd">', "<b", "</para>", "&lt;b&gt; & <i>x</i>", "%s {0} \\n \\(", "<font name=x>", "]]>"]


def open_pdf(data: bytes) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(data)


def text_of(data: bytes) -> str:
    document = open_pdf(data)
    words = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return words.replace("\r", "")


def without_spaces(text: str) -> str:
    return "".join(text.split())


def codes_of(data: bytes, page: int = 0) -> set[str]:
    document = open_pdf(data)
    picture = document[page].render(scale=3).to_pil()
    document.close()
    return {code.text for code in zxingcpp.read_barcodes(picture)}


def test_the_words_of_a_declaration_can_be_read_back() -> None:
    words = text_of(pdf.render_sheet(declaration()))
    for line in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Kính gửi(1):",
        "Ủy ban nhân dân phường Phú Xuân, thành phố Huế",
        "TRẦN NGUYỄN BẢO NGỌC",
        "ngày mười hai, tháng mười một, năm hai nghìn không trăm hai mươi sáu",
        "trang 1/1",
    ):
        assert line in words, line


def test_a_declaration_fills_one_page() -> None:
    assert len(open_pdf(pdf.render_sheet(declaration()))) == 1


def test_equal_papers_are_equal_bytes() -> None:
    assert pdf.render_sheet(declaration()) == pdf.render_sheet(declaration())


def test_codes_are_read_from_sheets() -> None:
    assert codes_of(pdf.render_sheet(declaration())) == {RECEIPT}
    document = open_pdf(pdf.render_sheet(acceptance()))
    codes = zxingcpp.read_barcodes(document[0].render(scale=4).to_pil())
    assert {code.format for code in codes} == {zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128}
    assert {code.text for code in codes} == {"H57.99.01-261125-0042"}


def test_a_thermal_paper_as_pdf_has_the_same_words_and_code() -> None:
    data = pdf.render(slip(), PrinterSettings())
    assert codes_of(data) == {RECEIPT}
    words = text_of(data)
    for line in ("ĐÃ NHẬP TỜ KHAI TẠI MÁY", "Trần Nguyễn Bảo Ngọc", "16.000 đồng.", "Tổng đài 1900 1075"):
        assert line in words, line


def test_a_thermal_pdf_is_as_wide_as_the_head() -> None:
    (page,) = open_pdf(pdf.render(ticket(), PrinterSettings()))
    assert page.get_width() == pytest.approx(576 / 203 * 72, abs=0.1)


@pytest.mark.parametrize("name", HOSTILE)
def test_markup_in_a_name_stays_a_name(name: str) -> None:
    assert without_spaces(name) in without_spaces(text_of(pdf.render_sheet(declaration(name=name))))


@given(st.text(st.characters(), max_size=80))
@settings(max_examples=40, deadline=None)
def test_any_text_at_all_can_be_an_answer(text: str) -> None:
    assert pdf.render_sheet(Sheet((answer_line(("Họ tên", "", text)),), title="x", size="A5")).startswith(b"%PDF")


@given(st.lists(st.text("aăâbcdđeêơưẳễộỵ0123456789", min_size=1, max_size=60), min_size=1, max_size=60))
@settings(max_examples=40, deadline=None)
def test_a_long_answer_loses_no_letter(words: list[str]) -> None:
    sheet = Sheet((answer_line(("Nơi cư trú", "", " ".join(words)), ("Dân tộc", "", "Kinh")),), title="x", size="A5")
    assert "".join(words) in without_spaces(text_of(pdf.render_sheet(sheet)))


def test_letters_of_the_highlands_are_drawn_above_their_letter() -> None:
    document = open_pdf(pdf.render_sheet(Sheet((answer_line(("Họ", "", "ê̆ ơ̆ Y Bhĭu Ƀuôn")),), title="x")))
    words = document[0].get_textpage()
    boxes = [(words.get_text_range(n, 1), words.get_charbox(n)) for n in range(words.count_chars())]
    (letter,) = [box for text, box in boxes if text == "ê"]
    breves = [box for text, box in boxes if text == "\u0306"]
    assert len(breves) == 2
    breve = min(breves)
    assert breve[1] >= letter[3] - 1, "the breve is in the circumflex"
    assert (breve[0] + breve[2]) / 2 == pytest.approx((letter[0] + letter[2]) / 2, abs=1)


def test_answers_of_one_line_end_up_equally_wide() -> None:
    (laid,) = lay_line(
        answer_line(("Giới tính", "", "Nữ"), ("Dân tộc", "", ""), ("Quốc tịch", "", "Việt Nam")),
        SHEET_MEASURES["A4"],
        400,
    )
    widths = [mark.width for mark in laid.marks if isinstance(mark, DottedLine)]
    assert len(widths) == 3
    assert max(widths) - min(widths) < 0.1


def test_an_id_number_stands_in_boxes_one_digit_each() -> None:
    (laid,) = lay_line(
        FormLine((FormText("Số định danh:"), LetterBoxes("046196000123"), FormText("nam"))), SHEET_MEASURES["A4"], 400
    )
    digits = [mark for mark in laid.marks if isinstance(mark, TextMark) and mark.text.isdigit()]
    assert "".join(mark.text for mark in digits) == "046196000123"
    steps = [after.x - before.x for before, after in pairwise(digits)]
    assert steps == pytest.approx([steps[0]] * 11, abs=0.01)
    assert len([mark for mark in laid.marks if isinstance(mark, Bar)]) == 4 * 12
    (empty,) = lay_line(FormLine((LetterBoxes("", count=9),)), SHEET_MEASURES["A4"], 400)
    assert len([mark for mark in empty.marks if isinstance(mark, Bar)]) == 4 * 9


def test_a_monstrous_answer_is_cut_over_rows_and_loses_nothing() -> None:
    words = text_of(
        pdf.render_sheet(Sheet((answer_line(("Một chữ", "", "X" * 400 + "Y"), ("sau", "", "z")),), title="x"))
    )
    assert without_spaces(words).count("X") == 400
    assert "Y" in words


def test_every_dotted_line_ends_at_the_margin() -> None:
    rows = lay_line(answer_line(("Nơi cư trú", "(3)", "Tổ 5, phường Phú Xuân " * 12)), SHEET_MEASURES["A4"], 400)
    ends = [mark.x + mark.width for laid in rows for mark in laid.marks if isinstance(mark, DottedLine)]
    assert len(ends) > 2
    assert ends == pytest.approx([400] * len(ends), abs=0.1)


def register(rows: int, *, practice: bool = False) -> Sheet:
    grid = Grid(
        head=("TT", "Mã hồ sơ", "Tên cá nhân, tổ chức", "Hẹn trả"),
        rows=tuple(
            (str(n), f"H57.99.01-261125-{n:04d}", "Nguyễn Thị Diệu Hiền", "17:00 25/11") for n in range(1, rows + 1)
        ),
        shares=(1, 3, 6, 2),
    )
    blocks = (
        NationalHeader(agency=("UBND PHƯỜNG PHÚ XUÂN",), place_date="Huế"),
        Title(("SỔ THEO DÕI HỒ SƠ",), "Ngày 25"),
        grid,
    )
    return Sheet(blocks, title="Sổ", size="A4 landscape", foot="Máy 1", practice=practice)


def test_a_table_repeats_its_head_on_every_page() -> None:
    words = text_of(pdf.render_sheet(register(60)))
    pages = len(open_pdf(pdf.render_sheet(register(60))))
    assert pages > 1
    assert words.count("Mã hồ sơ") == pages
    assert f"trang {pages}/{pages}" in words
    assert all(f"H57.99.01-261125-{n:04d}" in words for n in range(1, 61))


def test_a_monstrous_cell_is_torn_over_pages_and_loses_nothing() -> None:
    sheet = Sheet(
        (Grid(("Lý do",), ((" ".join(f"chữ{n}" for n in range(3000)),),), shares=(1,)),), title="x", size="A5"
    )
    words = text_of(pdf.render_sheet(sheet))
    assert [n for n in range(3000) if f"chữ{n}" not in words] == []


def test_every_practice_page_has_the_framed_word() -> None:
    data = pdf.render_sheet(register(60, practice=True))
    for page in open_pdf(data):
        assert page.get_textpage().get_text_range().count("TẬP") == 2  # the seal and the watermark
    assert "TẬP" not in text_of(pdf.render_sheet(register(60)))


def test_all_other_blocks_find_their_place() -> None:
    sheet = Sheet(
        (
            NationalHeader(),
            Heading("Đề nghị:"),
            Columns((answer_line(("Trái", "", "một")),), (answer_line(("Phải", "", "hai")),)),
            FormLine(
                (
                    FormText("Có"),
                    Box(ticked=True),
                    FormText("Không"),
                    Box(),
                    FormText("thiếu"),
                    Answer("", grow=0),
                    FormText("."),
                )
            ),
            FormLine(
                (FormText("nghiêng", italic=True), FormText(" đậm", bold=True)), align="right", indent=10, space_above=2
            ),
            FormLine((FormText("Tôi cam đoan lời khai là đúng sự thật " * 4),), align="justify"),
            DottedLines(2),
            Rule(),
            Gap(4),
            Signatures(Signature("Người khai", name="Nguyễn Văn A"), Signature("Cán bộ"), place_date="Huế, ngày 25"),
            PageBreak(),
            Footnotes((("(1)", "Ghi rõ tên cơ quan."), ("(2)", "Ghi giấy tờ tùy thân."))),
        ),
        title="x",
        receipt=RECEIPT,
        notice=(FormText("Chú ý:", bold=True), FormText(" giữ giấy này.")),
    )
    words = text_of(pdf.render_sheet(sheet))
    for text in (
        "Đề nghị:",
        "một",
        "hai",
        "thiếu",
        "nghiêng đậm",
        "Nguyễn Văn A",
        "Huế, ngày 25",
        "(2) Ghi",
        "Chú ý: giữ",
    ):
        assert text in words, text
    assert len(open_pdf(pdf.render_sheet(sheet))) == 2
    assert "trang 2/2" in words


def test_signatures_never_part_from_their_space() -> None:
    filler = tuple(answer_line(("Dòng", "", str(n))) for n in range(38))
    sheet = Sheet((*filler, Signatures(right=Signature("Người yêu cầu", name="Trần Văn Phước"))), title="x")
    first, second = open_pdf(pdf.render_sheet(sheet))
    assert "Người yêu cầu" not in first.get_textpage().get_text_range()
    assert {"Người yêu cầu", "Trần Văn Phước"} <= set(
        second.get_textpage().get_text_range().replace("\r", "").split("\n")
    )


def test_copies_behind_a_sheet_count_their_own_pages() -> None:
    document = open_pdf(pdf.render_sheet(declaration(), declaration(), declaration()))
    assert len(document) == 3
    assert all("trang 1/1" in page.get_textpage().get_text_range() for page in document)


def test_a_code_stands_beside_a_title_that_keeps_its_distance() -> None:
    title = Title(("MỘT TÊN RẤT DÀI CỦA MỘT TỜ GIẤY MÀ KHÔNG AI ĐỌC HẾT ĐƯỢC",), subtitle="ghi chú", qr=RECEIPT)
    sheet = Sheet(
        (NationalHeader(("UBND", "TRUNG TÂM"), copy="Liên 1"), title, answer_line(("A", "", "b"))), title="x", size="A5"
    )
    assert codes_of(pdf.render_sheet(sheet)) == {RECEIPT}
    (page,) = lay_sheet(sheet)
    (code,) = [mark for mark in page.marks if isinstance(mark, Modules)]
    named = [mark for mark in page.marks if isinstance(mark, TextMark) and ("TÊN" in mark.text or "ĐỌC" in mark.text)]
    assert len(named) == 2
    assert all(mark.x + mark.width < code.x for mark in named)
    assert "Liên 1" in text_of(pdf.render_sheet(sheet))


def test_an_answer_with_a_comma_behind_it_ends_at_the_margin() -> None:
    for letters in range(20, 90):
        parts = (
            FormText("Ông"),
            Answer("x " * letters + "x", grow=0),
            FormText(", số"),
            Answer("1", grow=0),
            FormText("để hỏi."),
        )
        (page,) = lay_sheet(Sheet((FormLine(parts),), title="x", size="A5"))
        right = page.width - SHEET_MEASURES["A5"].right
        assert all(
            mark.x + mark.width <= right + 0.1 for mark in page.marks if isinstance(mark, TextMark | DottedLine)
        ), letters


def test_what_no_page_can_hold_together_flows_and_leaves_no_page_empty() -> None:
    long = FormLine((Answer("chữ " * 3000),))
    pages = lay_sheet(Sheet((long, long, Signatures(right=Signature("NGƯỜI KÝ"))), title="x", size="A5"))
    words = [sum(len(mark.text) for mark in page.marks if isinstance(mark, TextMark)) for page in pages]
    assert min(words[:-1]) > max(words) / 2
    kept = tuple(FormLine((Answer(str(number)),), keep_with_next=True) for number in range(200))
    assert len(lay_sheet(Sheet((*kept, FormLine((FormText("x"),))), title="x", size="A5"))) <= 8


def test_a_notice_is_on_the_page_of_the_signature_before_it() -> None:
    for count in range(10, 40):
        lines = tuple(answer_line(("Dòng", "", str(number))) for number in range(count))
        notice = (FormText("Chú ý: giữ giấy này."),)
        sheet = Sheet((*lines, Signatures(right=Signature("NGƯỜI KÝ"))), title="x", size="A5", notice=notice)
        last = " ".join(mark.text for mark in lay_sheet(sheet)[-1].marks if isinstance(mark, TextMark))
        assert "NGƯỜI KÝ" in last
        assert "Chú ý" in last


def test_a_line_with_keep_size_is_as_large_as_its_neighbours() -> None:
    sizes: dict[bool, set[float]] = {}
    for keep_size in (False, True):
        lines = tuple(FormLine((Answer("chữ " * count),), keep_size=keep_size) for count in range(20, 60))
        (page, *_) = lay_sheet(Sheet(lines, title="x", size="A5"))
        sizes[keep_size] = {mark.size for mark in page.marks if isinstance(mark, TextMark)}
    assert len(sizes[True]) == 1 < len(sizes[False])
