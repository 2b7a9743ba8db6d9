"""Mẫu số 1 of a household business: boxes that stay open, the italic block, and the landscape sheet of the members."""

from typing import Any

import pypdfium2

from kiosk.procedures.loader import read_catalogue
from printers.render.pdf import render_sheet
from printers.sheet import Box, FormLine, Grid, Sheet
from tests.papers.forms import DAY, HOME, made_up_answers, words_of_pdf
from tests.papers.pictures import declaration_sheet

MEMBER = {"ho_ten": "Trần Văn Phước", "ngay_sinh": "1993-09-02", "so_dinh_danh": "046093000456", "gioi_tinh": "nam"}
FAMILY = {"ai_lam": "gia_dinh", "chu_the": "gia_dinh", "thanh_vien": [MEMBER] * 3}
COLUMNS = (
    *("STT", "Họ và tên", "Ngày, tháng, năm sinh", "Số định danh cá nhân", "Giới tính"),
    *("Quốc tịch", "Dân tộc", "Nơi thường trú", "Nơi ở hiện tại", "Chữ ký"),
)


def form(**changed: Any) -> Sheet:
    procedure = read_catalogue().in_force("1.001612", DAY)
    assert procedure is not None
    return declaration_sheet(procedure, made_up_answers(procedure) | changed)


def test_tax_method_stays_open() -> None:
    lines = [block for block in form().blocks if isinstance(block, FormLine)]
    (line,) = [line for line in lines if "GTGT" in str(line.parts)]
    assert [part.ticked for part in line.parts if isinstance(part, Box)] == [False, False]


def test_members_have_a_landscape_sheet() -> None:
    (annex,) = form(**FAMILY).annexes
    (grid,) = [block for block in annex.blocks if isinstance(block, Grid)]
    assert (annex.size, grid.head) == ("A4 landscape", COLUMNS)
    document = render_sheet(form(**FAMILY))
    pdf = pypdfium2.PdfDocument(document)
    sizes = [page.get_width() > page.get_height() for page in pdf]
    pdf.close()
    assert (sizes.count(True), sizes[-1]) == (1, True)
    assert words_of_pdf(document).count("TRẦN VĂN PHƯỚC") == 3


def test_one_person_has_no_annex() -> None:
    assert form(ai_lam="ca_nhan", chu_the="ca_nhan").annexes == ()


def test_the_italic_block_is_empty_while_the_population_data_can_be_read() -> None:
    home = {"chu_ho_dia_chi": HOME | {"detail": "Kiệt 9"}}
    assert "Kiệt 9" not in words_of_pdf(render_sheet(form(**home)))
    down = home | {"mat_ket_noi": True, "chu_ho_dan_toc": "Kinh", "chu_ho_noi_o_hien_tai": HOME | {"detail": "Tổ 11"}}
    words = words_of_pdf(render_sheet(form(**down)))
    assert ("Kiệt 9" in words, "Tổ 11" in words, "Dân tộc: Kinh" in words) == (True, True, True)
